#include "rules/tailoring.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/files.h"
#include "core/base/text.h"
#include "rules/forms.h"
#include "rules/hook_loader.h"
#include "rules/loader.h"
#include "rules/settings.h"

namespace ciswatch {
namespace {

std::string shown(std::string_view text) { return shortened(printable(text), 60); }

std::optional<Level> level_in(Fields& fields) {
  const auto word = fields.word("level");
  if (!word) return std::nullopt;
  return *word == "critical" ? Level::critical : Level::warn;
}

TailoredCheck read_check(const YamlNode& node, Problems& problems) {
  Fields fields(node, kTailoredCheckForm, problems);
  TailoredCheck check;
  check.check = fields.text("check");
  check.place = fields.place("check");
  check.level = level_in(fields);
  if (const auto* settings = fields.map("settings")) {
    for (const auto& item : settings->items) {
      if (item.kind != YamlNode::Kind::scalar) {
        problems.error(item.place, fmt::format("'{}' takes one value", shown(item.key)));
        continue;
      }
      check.settings.push_back({item.key, item.text, item.place});
    }
  }
  if (node.kind == YamlNode::Kind::map && node.member("level") == nullptr &&
      node.member("settings") == nullptr) {
    problems.error(node.place, "this changes nothing: give a level or settings");
  }
  return check;
}

TailoredRequirement read_requirement(const YamlNode& node, Problems& problems) {
  Fields fields(node, kTailoredRequirementForm, problems);
  TailoredRequirement requirement;
  requirement.pack = fields.text("pack");
  requirement.number = fields.text("number");
  requirement.place = fields.place("number");
  requirement.level = level_in(fields);
  requirement.left_out = fields.text("left_out");
  const bool leaves_out = node.member("left_out") != nullptr;
  if (leaves_out && requirement.left_out.empty()) {
    problems.error(fields.place("left_out"), "say why the requirement is left out");
  }
  if (leaves_out && requirement.level) {
    problems.error(fields.place("level"), "a requirement that is left out has no level");
  }
  if (node.kind == YamlNode::Kind::map && !leaves_out && node.member("level") == nullptr) {
    problems.error(node.place, "this changes nothing: give a level, or left_out with the reason");
  }
  return requirement;
}

// Of two entries for one thing only one could hold.
template <typename Item, typename Name>
void refuse_repeats(const std::vector<Item>& items, Name name, Problems& problems) {
  std::map<std::string, int> lines;
  for (const auto& item : items) {
    const auto [first, fresh] = lines.emplace(name(item), item.place.line);
    if (fresh) continue;
    problems.error(item.place, fmt::format("'{}' is here twice (first in line {})",
                                           shown(first->first), first->second));
  }
}

Tailoring read_tailoring(const YamlNode& root, const std::filesystem::path& file,
                         Problems& problems) {
  Fields fields(root, kTailoringForm, problems);
  Tailoring tailoring;
  tailoring.file = file;
  for (const auto& folder : fields.texts("folders")) {
    tailoring.folders.push_back(file.parent_path() / folder);
  }
  if (const auto* checks = fields.sequence("checks")) {
    for (const auto& node : checks->items) {
      tailoring.checks.push_back(read_check(node, problems));
    }
  }
  if (const auto* requirements = fields.sequence("requirements")) {
    for (const auto& node : requirements->items) {
      tailoring.requirements.push_back(read_requirement(node, problems));
    }
  }
  if (const auto* hooks = fields.sequence("hooks")) {
    tailoring.hooks = read_hooks(*hooks, file, problems);
  }
  refuse_repeats(tailoring.checks, [](const auto& check) { return check.check; }, problems);
  refuse_repeats(
      tailoring.requirements,
      [](const auto& requirement) { return requirement.pack + " " + requirement.number; }, problems);
  return tailoring;
}

template <typename Item>
Item* find_by_id(std::vector<Item>& items, std::string_view what,
                 std::pair<const std::string&, Place> wanted, Problems& problems) {
  const auto& [id, place] = wanted;
  std::vector<std::string> ids;
  for (auto& item : items) {
    if (item.id == id) return &item;
    ids.push_back(item.id);
  }
  problems.error(place, fmt::format("there is no {} '{}'{}", what, shown(id), did_you_mean(id, ids)));
  return nullptr;
}

void set(Check& check, const TailoredSetting& tailored, Problems& problems) {
  std::vector<std::string> names;
  for (auto& setting : check.settings) {
    names.push_back(setting.name);
    if (setting.name != tailored.name) continue;
    const auto wrong = wrong_value(setting, tailored.value);
    if (!wrong.empty()) {
      problems.error(tailored.place, fmt::format("setting {}: {}", setting.name, wrong));
    } else {
      setting.default_value = tailored.value;
    }
    return;
  }
  problems.error(tailored.place, fmt::format("{} has no setting '{}'{}", check.id,
                                             shown(tailored.name),
                                             did_you_mean(tailored.name, names)));
}

void tailor_check(Library& library, const TailoredCheck& tailored, Problems& problems) {
  auto* check = find_by_id(library.checks, "check", {tailored.check, tailored.place}, problems);
  if (check == nullptr) return;
  if (tailored.level) {
    check->level = *tailored.level;
    check->level_is_users = true;
  }
  for (const auto& setting : tailored.settings) set(*check, setting, problems);
}

void tailor_requirement(Library& library, const TailoredRequirement& tailored,
                        Problems& problems) {
  auto* pack = find_by_id(library.packs, "pack", {tailored.pack, tailored.place}, problems);
  if (pack == nullptr) return;
  std::vector<std::string> numbers;
  for (auto& requirement : pack->requirements) {
    numbers.push_back(requirement.number);
    if (requirement.number != tailored.number) continue;
    if (tailored.level) requirement.level = tailored.level;
    requirement.left_out = tailored.left_out;
    return;
  }
  problems.error(tailored.place,
                 fmt::format("{} has no requirement '{}'{}", pack->id, shown(tailored.number),
                             did_you_mean(tailored.number, numbers)));
}

void add_hook(Library& library, const TailoredHook& tailored, Problems& problems) {
  for (const auto& check : tailored.hook.checks) {
    find_by_id(library.checks, "check", {check, tailored.checks}, problems);
  }
  library.hooks.push_back(tailored.hook);
}

}  // namespace

Tailoring load_tailoring(const std::filesystem::path& file) {
  std::vector<Diagnostic> diagnostics;
  Problems problems(file.string(), diagnostics);
  Tailoring tailoring;
  try {
    tailoring = read_tailoring(parse_yaml(read_file(file, kLongestFile)), file, problems);
  } catch (const YamlError& error) {
    problems.error(error.place(), error.what());
  }
  throw_on_errors(diagnostics);
  return tailoring;
}

void tailor(Library& library, const Tailoring& tailoring) {
  std::vector<Diagnostic> diagnostics;
  Problems problems(tailoring.file.string(), diagnostics);
  for (const auto& check : tailoring.checks) tailor_check(library, check, problems);
  for (const auto& requirement : tailoring.requirements) {
    tailor_requirement(library, requirement, problems);
  }
  for (const auto& hook : tailoring.hooks) add_hook(library, hook, problems);
  throw_on_errors(diagnostics);
}

}  // namespace ciswatch
