#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "core/base/text.h"
#include "core/report/frameworks.h"
#include "core/report/recipes.h"
#include "rules/compile.h"
#include "rules/forms.h"
#include "rules/loader.h"
#include "rules/query_loader.h"

namespace ciswatch {
namespace {

Level level_of(std::string_view word) { return word == "critical" ? Level::critical : Level::warn; }

Scope scope_of(std::string_view word) {
  if (word == "account") return Scope::account;
  return word == "region" ? Scope::region : Scope::resource;
}

// What stands in double braces. They are in the file as they are in the text, however YAML folds it.
void read_placeholders(const YamlNode& node, const std::string& file_text, Check& check,
                       Problems& problems) {
  const auto found = placeholders_of(node.text);
  auto next = found.begin();
  auto in_file = offset_in_text(file_text, node.place);
  for (auto at = node.text.find("{{"); at != std::string::npos; at = node.text.find("{{", at + 1)) {
    in_file = file_text.find("{{", in_file);
    const auto place = place_in_text(file_text, static_cast<int>(in_file++));
    if (next != found.end() && next->begin == at) {
      check.placeholders.push_back({std::string(next++->name), place});
    } else if (node.text.compare(at, 10, "{{resolve:") != 0 && node.text.compare(at, 3, "{{{") != 0) {
      problems.error(place, "'{{' begins the name of a column of the SQL, as in '{{region}}'");
    }
  }
}

void read_remediation(const YamlNode* map, const std::string& file_text, Check& check,
                      Problems& problems) {
  if (map == nullptr) return;
  Fields fields(*map, kRemediationForm, problems);
  for (const auto* name : {"text", "cli", "cloudformation", "terraform"}) {
    auto text = fields.text(name);
    if (text.empty()) continue;
    read_placeholders(*map->member(name), file_text, check, problems);
    check.remediation.emplace_back(name, std::move(text));
  }
  check.action = fields.text("action");
  check.action_place = fields.place("action");
  check.manual = std::string(trim(fields.text("manual")));
  if (!check.action.empty() && !check.manual.empty()) {
    problems.error(fields.place("manual"), "what a fix mends (action) is not left to people (manual)");
  }
}

// The number of a requirement: "10.3.2", "AU-6(1)", "A.8.15".
bool is_number(std::string_view text) {
  constexpr std::size_t kLongest = 20;
  return !text.empty() && text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || std::string_view(".-()").find(static_cast<char>(c)) !=
                                              std::string_view::npos;
         });
}

void read_related(const YamlNode* map, Check& check, Problems& problems) {
  if (map == nullptr) return;
  Fields fields(*map, kRelatedForm, problems);
  for (const auto& framework : kFrameworks) {
    if (map->member(framework.id) == nullptr) continue;
    Related related{std::string(framework.id), fields.texts(framework.id)};
    const auto place = fields.place(framework.id);
    if (related.numbers.empty()) problems.error(place, "name a requirement, or leave the field out");
    std::set<std::string_view> seen;
    for (const auto& number : related.numbers) {
      const auto shown = shortened(printable(number), 60);
      if (!is_number(number)) problems.error(place, fmt::format("'{}' is no number of a requirement", shown));
      if (!seen.insert(number).second) problems.error(place, fmt::format("'{}' is here twice", shown));
    }
    check.related.push_back(std::move(related));
  }
}

void read_check_fields(const YamlNode& root, const std::string& text, Check& check,
                       Problems& problems) {
  Fields fields(root, kCheckForm, problems);
  read_query(root, fields, text, check, problems);
  check.why = fields.text("why");
  check.level = level_of(fields.word("level").value_or("warn"));
  check.scope = scope_of(fields.word("scope").value_or("resource"));
  read_remediation(fields.map("remediation"), text, check, problems);
  read_related(fields.map("related"), check, problems);
  if (const auto* tests = fields.sequence("tests")) {
    check.tests = read_tests(*tests, problems);
  }
}

Requirement read_requirement(const YamlNode& node, Problems& problems) {
  Fields fields(node, kRequirementForm, problems);
  Requirement requirement;
  requirement.number = fields.text("number");
  requirement.title = fields.text("title");
  if (const auto level = fields.word("cis_level")) {
    requirement.cis_level = *level == "1" ? 1 : 2;
  }
  if (const auto level = fields.word("level")) {
    requirement.level = level_of(*level);
  }
  requirement.checks = fields.texts("checks");
  requirement.place = fields.place("checks");
  return requirement;
}

void read_pack_fields(const YamlNode& root, Pack& pack, Problems& problems) {
  Fields fields(root, kPackForm, problems);
  pack.id = read_id(fields, pack.file, problems);
  pack.title = fields.text("title");
  const auto* list = fields.sequence("requirements");
  if (list == nullptr) return;
  for (const auto& node : list->items) {
    auto requirement = read_requirement(node, problems);
    const auto same = [&](const Requirement& other) { return other.number == requirement.number; };
    if (std::any_of(pack.requirements.begin(), pack.requirements.end(), same)) {
      problems.error(node.place, fmt::format("the number '{}' is here twice", requirement.number));
    }
    pack.requirements.push_back(std::move(requirement));
  }
}

// Lines at column 1 that go on with the value of the key above: a list, a comment, an empty line.
bool goes_on(std::string_view line) {
  constexpr std::string_view kInside = " \t\r#";
  return line.empty() || kInside.find(line.front()) != std::string_view::npos || line == "-" ||
         line.starts_with("- ");
}

// The text of a check with an empty list of tests; every other line stays where it is.
std::string without_tests(std::string_view text) {
  std::string kept;
  bool inside = false;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with("tests:")) {
      inside = true;
      kept += "tests: []";
    } else {
      inside = inside && goes_on(line);
      if (!inside) kept += line;
    }
    kept += '\n';
  }
  return kept;
}

}  // namespace

std::optional<std::string> plain_id(std::string_view check) {
  constexpr std::string_view kKey = "\nid:";
  const auto at = check.starts_with(kKey.substr(1)) ? 0 : check.find(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  const auto line = check.substr(at == 0 ? 0 : at + 1);
  const auto id = trim(line.substr(kKey.size() - 1, line.find('\n') - kKey.size() + 1));
  if (id.empty() || !is_id(id) || check.find(kKey, at + 1) != std::string_view::npos) return std::nullopt;
  return std::string(id);
}

std::optional<Check> read_check(const std::filesystem::path& file, const std::string& text,
                                std::vector<Diagnostic>& diagnostics) {
  Problems problems(file.string(), diagnostics);
  try {
    Check check;
    check.file = file;
    read_check_fields(parse_yaml(text), text, check, problems);
    return check;
  } catch (const YamlError& error) {
    problems.error(error.place(), error.what());
    return std::nullopt;
  }
}

std::optional<Check> read_check_without_tests(const std::filesystem::path& file,
                                              const std::string& text,
                                              std::vector<Diagnostic>& diagnostics) {
  return read_check(file, without_tests(text), diagnostics);
}

std::optional<Pack> read_pack(const std::filesystem::path& file, const std::string& text,
                              std::vector<Diagnostic>& diagnostics) {
  Problems problems(file.string(), diagnostics);
  try {
    Pack pack;
    pack.file = file;
    read_pack_fields(parse_yaml(text), pack, problems);
    return pack;
  } catch (const YamlError& error) {
    problems.error(error.place(), error.what());
    return std::nullopt;
  }
}

}  // namespace ciswatch
