#include "core/report/recipes.h"

#include <algorithm>

#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestValue = 1024;

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_name(std::string_view text) {
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

bool is_plain_first(char c) {
  return is_digit(c) || is_letter(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '/';
}

struct Value {
  std::string_view text;
  bool known = false;
};

// `json`: a string, a number or null; what is more than that is not plain.
Value value_of_json(std::string_view json) {
  if (json == "null" || json == "\"\"") return {};
  if (json.size() > 2 && json.front() == '"' && json.back() == '"') {
    return {json.substr(1, json.size() - 2), true};
  }
  return {json, true};
}

// Of ARNs; AWS's regions of other partitions tell by their first part.
std::string_view partition_of(std::string_view region) {
  constexpr std::pair<std::string_view, std::string_view> kOthers[] = {
      {"cn-", "aws-cn"},       {"us-gov-", "aws-us-gov"}, {"us-iso-", "aws-iso"},   {"us-isob-", "aws-iso-b"},
      {"us-isof-", "aws-iso-f"}, {"eu-isoe-", "aws-iso-e"}, {"eusc-", "aws-eusc"}};
  for (const auto& [start, partition] : kOthers) {
    if (region.starts_with(start)) return partition;
  }
  return "aws";
}

Value value_of(std::string_view name, const Finding& finding) {
  const std::pair<std::string_view, std::string_view> places[] = {
      {"account_id", finding.account_id}, {"region", finding.region}, {"resource", finding.resource},
      {"partition", partition_of(finding.region)}};
  for (const auto& [place, text] : places) {
    if (name == place) return {text, !text.empty()};
  }
  for (const auto& [column, json] : finding.evidence) {
    if (name == column) return value_of_json(json);
  }
  return {};
}

}  // namespace

const std::vector<std::string>& names_of_every_finding() {
  static const std::vector<std::string> names{"account_id", "region", "resource", "partition"};
  return names;
}

std::vector<Placeholder> placeholders_of(std::string_view text) {
  std::vector<Placeholder> found;
  for (auto at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 1)) {
    const auto end = text.find("}}", at);
    if (end == std::string_view::npos) break;
    const auto name = text.substr(at + 2, end - at - 2);
    if (is_name(name)) found.push_back({name, at, end + 2});
  }
  return found;
}

bool is_plain(std::string_view value) {
  constexpr std::string_view kInside = "-:@=+,";
  return !value.empty() && value.size() <= kLongestValue && is_plain_first(value.front()) &&
         value.find("://") == std::string_view::npos &&
         std::all_of(value.begin(), value.end(), [&](char c) {
           return is_plain_first(c) || kInside.find(c) != std::string_view::npos;
         });
}

struct Recipes::Values {
  std::vector<std::string_view> texts;  // by name
  std::vector<std::size_t> unknown, not_plain;
};

Recipes::Recipes(const CheckText& check, const Escape& escape)
    : escape_(escape ? escape : [](std::string_view text) { return std::string(text); }) {
  for (const auto& [name, raw] : check.remediation) {
    const auto text = trim(raw);
    Form form{name, {}, {}};
    std::size_t from = 0;
    for (const auto& place : placeholders_of(text)) {
      auto at = std::find(names_.begin(), names_.end(), place.name);
      if (at == names_.end()) at = names_.insert(at, std::string(place.name));
      form.names.push_back(static_cast<std::size_t>(at - names_.begin()));
      form.parts.push_back(escape_(text.substr(from, place.begin - from)));
      from = place.end;
    }
    form.parts.push_back(escape_(text.substr(from)));
    forms_.push_back(std::move(form));
  }
  for (const auto& name : names_) capitals_.push_back(to_upper(name));
}

Recipes::Values Recipes::values_of(const Finding& finding) const {
  Values values;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const auto value = value_of(names_[i], finding);
    const bool plain = is_plain(value.text);
    values.texts.push_back(plain ? value.text : std::string_view(capitals_[i]));
    if (!plain) (value.known ? values.not_plain : values.unknown).push_back(i);
  }
  return values;
}

std::string Recipes::filled(const Form& form, const Values& values) const {
  std::string text = form.parts.front();
  for (std::size_t i = 0; i < form.names.size(); ++i) {
    text += values.texts[form.names[i]];
    text += form.parts[i + 1];
  }
  return text;
}

std::vector<std::pair<std::string_view, std::string>> Recipes::fit(const Finding& finding) const {
  const auto values = values_of(finding);
  std::vector<std::pair<std::string_view, std::string>> fitted;
  for (const auto& form : forms_) {
    auto& text = fitted.emplace_back(form.name, filled(form, values)).second;
    if (form.name != "text") continue;
    for (const auto i : values.not_plain) {
      text += escape_("\nPut in " + capitals_[i] +
                      " yourself: its characters are not safe to be put into commands and templates.");
    }
    for (const auto i : values.unknown) text += escape_("\nPut in " + capitals_[i] + " yourself: it is not known here.");
  }
  return fitted;
}

std::string Recipes::fit(std::string_view name, const Finding& finding) const {
  const auto form =
      std::find_if(forms_.begin(), forms_.end(), [&](const Form& each) { return each.name == name; });
  return form == forms_.end() ? std::string() : filled(*form, values_of(finding));
}

RecipeBook::RecipeBook(const ReportHead& head, const Recipes::Escape& escape) {
  for (const auto& check : head.checks) recipes_.try_emplace(&check, check, escape);
}

const Recipes& RecipeBook::of(const CheckText* check) const {
  const auto found = recipes_.find(check);
  return found == recipes_.end() ? none_ : found->second;
}

}  // namespace ciswatch
