#include "rules/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

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

const Check& check_of(const Pack& pack, const Requirement& requirement, const std::string& id,
                      const Library& library) {
  if (const auto* check = library.check(id)) return *check;
  throw Error(fmt::format("{}: requirement {}: {}", pack.file.string(), requirement.number,
                          unknown_id("check", id, library.checks)));
}

using Wanted = std::function<bool(const Requirement&)>;

// What "PACK:SECTION" wants; without a section all.
Wanted section_of(const Pack& pack, std::string_view wanted) {
  const auto colon = wanted.find(':');
  if (colon == std::string_view::npos) return [](const Requirement&) { return true; };
  const std::string section(wanted.substr(colon + 1));
  Wanted inside = [section](const Requirement& requirement) {
    return requirement.number == section || requirement.number.starts_with(section + '.');
  };
  const auto& all = pack.requirements;
  if (std::any_of(all.begin(), all.end(), inside)) return inside;
  throw Error(fmt::format("{} has no section '{}'", pack.id, shortened(printable(section), 60)));
}

// A requirement keeps its place in the pack, in whatever order sections were named.
void add_pack(Selection& selection, const Pack& pack, const Wanted& wanted) {
  const auto known = std::find_if(selection.packs.begin(), selection.packs.end(),
                                  [&](const Pack& other) { return other.id == pack.id; });
  Pack& chosen = known != selection.packs.end()
                     ? *known
                     : selection.packs.emplace_back(Pack{pack.id, pack.title, {}, pack.file});
  const auto before = std::exchange(chosen.requirements, {});
  for (const auto& requirement : pack.requirements) {
    const auto same = [&](const Requirement& other) { return other.number == requirement.number; };
    if (wanted(requirement) || std::any_of(before.begin(), before.end(), same)) {
      chosen.requirements.push_back(requirement);
    }
  }
}

void add_checks(Selection& selection) {
  for (const auto& pack : selection.packs) {
    for (const auto& requirement : pack.requirements) {
      if (!requirement.left_out.empty()) continue;
      for (const auto& id : requirement.checks) {
        add_once(selection.checks, &check_of(pack, requirement, id, *selection.library));
      }
    }
  }
}

}  // namespace

std::set<std::string, std::less<>> ids_chosen(const std::vector<Pack>& packs,
                                              std::span<const std::string> wanted_packs,
                                              std::span<const std::string> check_ids) {
  std::set<std::string, std::less<>> ids(check_ids.begin(), check_ids.end());
  for (const auto& wanted : wanted_packs) {
    for (const auto& pack : packs) {
      if (pack.id != wanted.substr(0, wanted.find(':'))) continue;
      const auto inside = section_of(pack, wanted);
      for (const auto& requirement : pack.requirements) {
        if (inside(requirement)) ids.insert(requirement.checks.begin(), requirement.checks.end());
      }
    }
  }
  return ids;
}

Selection choose(const Library& library, std::span<const std::string> packs,
                 std::span<const std::string> check_ids) {
  Selection selection;
  selection.library = &library;
  const bool everything = packs.empty() && check_ids.empty();
  selection.whole_packs = everything || !packs.empty();
  for (const auto& wanted : packs) {
    const auto id = wanted.substr(0, wanted.find(':'));
    const auto* pack = library.pack(id);
    if (pack == nullptr) throw Error(unknown_id("pack", id, library.packs));
    add_pack(selection, *pack, section_of(*pack, wanted));
  }
  if (packs.empty()) selection.packs = library.packs;
  if (selection.whole_packs) add_checks(selection);
  for (const auto& id : check_ids) {
    const auto* check = library.check(id);
    if (check == nullptr) throw Error(unknown_id("check", id, library.checks));
    add_once(selection.checks, check);
  }
  if (everything) {
    for (const auto& check : library.checks) add_once(selection.checks, &check);
  }
  return selection;
}

Level level_of(const Check& check, const Selection& selection) {
  if (check.level_is_users || !selection.whole_packs) return check.level;
  std::optional<Level> level;
  for (const auto& pack : selection.packs) {
    for (const auto& requirement : pack.requirements) {
      const auto& checks = requirement.checks;
      if (!requirement.left_out.empty()) continue;
      if (std::find(checks.begin(), checks.end(), check.id) == checks.end()) continue;
      level = std::max(level.value_or(Level::warn), requirement.level.value_or(check.level));
    }
  }
  return level.value_or(check.level);
}

}  // namespace ciswatch
