#include "rules/selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

template <typename Item>
std::string unknown_id(std::string_view what, const std::string& id,
                       const std::vector<Item>& items) {
  std::vector<std::string> ids;
  for (const auto& item : items) ids.push_back(item.id);
  return fmt::format("there is no {} '{}'{}", what, shortened(printable(id), 80),
                     did_you_mean(id, ids));
}

void add_once(std::vector<const Check*>& checks, const Check* check) {
  if (std::find(checks.begin(), checks.end(), check) == checks.end()) checks.push_back(check);
}

void add_pack(Selection& selection, const Pack& pack) {
  selection.packs.push_back(&pack);
  for (const auto& requirement : pack.requirements) {
    for (const auto& id : requirement.checks) {
      const auto* check = selection.library->check(id);
      if (check == nullptr) {
        throw Error(fmt::format("{}: requirement {}: {}", pack.file.string(), requirement.number,
                                unknown_id("check", id, selection.library->checks)));
      }
      add_once(selection.checks, check);
    }
  }
}

}  // namespace

Selection choose(const Library& library, std::span<const std::string> pack_ids,
                 std::span<const std::string> check_ids) {
  Selection selection;
  selection.library = &library;
  const bool everything = pack_ids.empty() && check_ids.empty();
  selection.whole_packs = everything || !pack_ids.empty();
  for (const auto& id : pack_ids) {
    const auto* pack = library.pack(id);
    if (pack == nullptr) throw Error(unknown_id("pack", id, library.packs));
    const auto& chosen = selection.packs;
    if (std::find(chosen.begin(), chosen.end(), pack) == chosen.end()) add_pack(selection, *pack);
  }
  for (const auto& id : check_ids) {
    const auto* check = library.check(id);
    if (check == nullptr) throw Error(unknown_id("check", id, library.checks));
    add_once(selection.checks, check);
  }
  if (everything) {
    for (const auto& pack : library.packs) add_pack(selection, pack);
    for (const auto& check : library.checks) add_once(selection.checks, &check);
  } else if (!selection.whole_packs) {
    for (const auto& pack : library.packs) selection.packs.push_back(&pack);
  }
  return selection;
}

}  // namespace ciswatch
