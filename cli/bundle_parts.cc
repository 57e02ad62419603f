#include "cli/bundle_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/files.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

bool names(const Deployment& place, const std::string& account_id) {
  return std::any_of(place.parameters.begin(), place.parameters.end(), [&](const auto& parameter) {
    const auto items = split(parameter.second, ',');
    return std::find(items.begin(), items.end(), account_id) != items.end();
  });
}

bool is_for(const AskedPart& asked, const PlannedFinding& finding, Scope scope) {
  const auto& checks = asked.part.checks;
  if (std::find(checks.begin(), checks.end(), finding.check) == checks.end()) return false;
  return std::any_of(asked.places.begin(), asked.places.end(), [&](const Deployment& place) {
    if (place.account_id != finding.account_id) {
      // An organization's trail and its log group are in one account for all that the findings are of.
      return names(place, finding.account_id) ||
             finding.evidence.find('"' + place.account_id + '"') != std::string::npos;
    }
    return scope == Scope::account || place.region == finding.region;
  });
}

}  // namespace

void write_bundle_file(const std::filesystem::path& path, const std::string& text) {
  AsideFile file(path);
  file.write(text);
  file.commit();
}

std::string left_findings(std::span<const AskedPart> parts, const ChangePlan& plan, const Library& library) {
  std::map<std::pair<std::string, std::string>, std::size_t> left;
  for (const auto& finding : plan.findings) {
    const auto* check = library.check(finding.check);
    const auto scope = check == nullptr ? Scope::resource : check->scope;
    const bool taken = std::any_of(parts.begin(), parts.end(),
                                   [&](const AskedPart& asked) { return is_for(asked, finding, scope); });
    if (!taken) ++left[{finding.account_id, finding.check}];
  }
  if (left.empty()) return "";
  std::string text =
      "\n## Not in these files\n\nOf these findings the thing is there already and set wrongly, or no part is for them. "
      "`ciswatch remediate plan` mends those that\nhave a fix, and the report says how to mend each.\n\n"
      "| account | check | findings |\n|---|---|---|\n";
  for (const auto& [of, count] : left) {
    text += fmt::format("| {} | {} | {} |\n", printable(of.first), of.second, count);
  }
  return text;
}

}  // namespace ciswatch
