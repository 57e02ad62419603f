#include "reporters/sections.h"

#include <algorithm>
#include <map>

namespace ciswatch {
namespace {

using AccountAndCheck = std::pair<std::string_view, std::string_view>;

class Arranger {
 public:
  explicit Arranger(const Report& report) : report_(report) {
    for (const auto& summary : report.head.account_summaries) {
      part(summary.account_id).summary = &summary;
    }
    find_groups();
  }

  std::vector<AccountPart> arrange() {
    for (const auto& row : report_.head.requirements) add_requirement(row);
    // What no requirement asked for, in the order of the findings.
    for (const auto& key : order_) {
      if (auto& groups = groups_[key]; !groups.empty()) {
        part(key.first).sections.push_back({nullptr, std::move(groups), {}});
        groups.clear();
      }
    }
    return std::move(parts_);
  }

 private:
  AccountPart& part(std::string_view account_id) {
    const auto [found, fresh] = index_.try_emplace(account_id, parts_.size());
    if (fresh) parts_.push_back({account_id, nullptr, {}});
    return parts_[found->second];
  }

  void find_groups() {
    const auto& findings = report_.findings;
    for (std::size_t begin = 0; begin < findings.size();) {
      const AccountAndCheck key{findings[begin].account_id, findings[begin].check};
      std::size_t end = begin + 1;
      while (end < findings.size() && findings[end].account_id == key.first &&
             findings[end].check == key.second) {
        ++end;
      }
      auto& groups = groups_[key];
      if (groups.empty()) order_.push_back(key);
      groups.push_back(
          {key.second, report_.check(key.second), std::span(findings).subspan(begin, end - begin)});
      begin = end;
    }
  }

  void add_requirement(const RequirementRow& row) {
    Section section;
    section.row = &row;
    for (const auto& check : row.checks) {
      const auto found = groups_.find({row.account_id, check});
      if (found == groups_.end()) continue;
      if (found->second.empty()) {
        section.shown_before.push_back(check);
        continue;
      }
      std::move(found->second.begin(), found->second.end(), std::back_inserter(section.groups));
      found->second.clear();
    }
    part(row.account_id).sections.push_back(std::move(section));
  }

  const Report& report_;
  std::vector<AccountPart> parts_;
  std::map<std::string_view, std::size_t> index_;
  std::map<AccountAndCheck, std::vector<CheckGroup>> groups_;  // emptied as they are placed
  std::vector<AccountAndCheck> order_;
};

}  // namespace

std::vector<AccountPart> arrange(const Report& report) { return Arranger(report).arrange(); }

std::string_view number_of(const Section& section) {
  if (section.row != nullptr) return section.row->number;
  return section.groups.empty() ? std::string_view{} : section.groups.front().id;
}

std::string_view title_of(const Section& section) {
  if (section.row != nullptr) return section.row->title;
  if (section.groups.empty()) return {};
  const auto& group = section.groups.front();
  return group.check != nullptr ? std::string_view(group.check->title) : group.id;
}

Verdict verdict_of(const Section& section) {
  if (section.row != nullptr) return section.row->verdict;
  Verdict worst = Verdict::not_applicable;
  for (const auto& group : section.groups) {
    for (const auto& finding : group.findings) {
      if (!finding.waived) worst = std::min(worst, finding.verdict);
    }
  }
  return worst;
}

Level level_of(const Section& section, const Report& report) {
  Level highest = Level::warn;
  const auto raise = [&](const CheckText* check) {
    if (check != nullptr) highest = std::max(highest, check->level);
  };
  for (const auto& group : section.groups) raise(group.check);
  if (section.row != nullptr) {
    for (const auto& check : section.row->checks) raise(report.check(check));
  }
  return highest;
}

std::size_t count_findings(const Section& section) {
  std::size_t count = 0;
  for (const auto& group : section.groups) count += group.findings.size();
  return count;
}

bool is_open(const Finding& finding) {
  return !finding.waived && finding.verdict != Verdict::pass &&
         finding.verdict != Verdict::not_applicable;
}

bool is_wrong(const Finding& finding) {
  return is_open(finding) && finding.verdict != Verdict::unknown;
}

std::string_view fix_text(const CheckText* check) {
  if (check == nullptr) return {};
  for (const auto& [name, text] : check->remediation) {
    if (name == "text") return text;
  }
  return {};
}

std::size_t answered_calls(const ReportHead& head) {
  std::size_t answered = 0;
  for (const auto& [outcome, count] : head.outcomes) {
    if (outcome == "ok" || outcome == "absent") answered += count;
  }
  return answered;
}

std::string percentage(std::size_t part, std::size_t whole) {
  if (whole == 0) return "–";
  if (part >= whole) return "100 %";
  const std::size_t tenths = part * 1000 / whole;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

}  // namespace ciswatch
