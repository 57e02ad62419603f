#include "reporters/sections.h"

#include <algorithm>
#include <map>
#include <span>
#include <unordered_map>

#include "core/base/text.h"
#include "core/report/frameworks.h"

namespace ciswatch {
namespace {

// Puts the ranges of one account into sections.
class Arranger {
 public:
  Arranger(const Report& report, std::span<const FindingRange* const> ranges) : report_(report) {
    for (const auto* range : ranges) {
      auto& groups = groups_[range->check()];
      if (groups.empty()) order_.push_back(range->check());
      groups.push_back({range->check(), report.check(range->check()), *range});
    }
  }

  Section requirement(const RequirementRow& row) {
    Section section;
    section.row = &row;
    section.text = &report_.head.requirement_texts[row.requirement];
    for (const auto& check : section.text->checks) {
      const auto found = groups_.find(check);
      if (found == groups_.end()) continue;
      if (found->second.empty()) {
        section.shown_before.push_back(check);
        continue;
      }
      section.groups.insert(section.groups.end(), found->second.begin(), found->second.end());
      found->second.clear();
    }
    return section;
  }

  // What no requirement asked for, in the order of the findings.
  void add_others(std::vector<Section>& sections) {
    for (const auto& check : order_) {
      auto& groups = groups_[check];
      if (!groups.empty()) sections.push_back({nullptr, nullptr, std::move(groups), {}});
      groups.clear();
    }
  }

 private:
  const Report& report_;
  std::map<std::string_view, std::vector<CheckGroup>> groups_;  // emptied as they are placed
  std::vector<std::string_view> order_;
};

}  // namespace

Accounts::Accounts(const Report& report) : report_(report) {
  std::unordered_map<std::string_view, std::size_t> numbers;
  const auto account_of = [&](std::string_view id) -> Account& {
    const auto [found, fresh] = numbers.try_emplace(id, accounts_.size());
    if (fresh) accounts_.push_back({id});
    return accounts_[found->second];
  };
  for (const auto& summary : report.head.account_summaries) {
    account_of(summary.account_id).summary = &summary;
  }
  const auto& ranges = report.findings.ranges();
  for (const auto& range : ranges) ++account_of(range.account_id()).end;
  std::size_t begin = 0;
  for (auto& account : accounts_) {
    const std::size_t size = account.end;
    account.begin = account.end = begin;
    begin += size;
  }
  ranges_.resize(ranges.size());
  for (const auto& range : ranges) ranges_[account_of(range.account_id()).end++] = &range;
}

std::size_t Accounts::named() const {
  return static_cast<std::size_t>(
      std::count_if(accounts_.begin(), accounts_.end(),
                    [](const Account& account) { return !account.id.empty(); }));
}

Tally Accounts::tally(std::size_t account) const {
  Tally sum;
  for (std::size_t i = accounts_[account].begin; i < accounts_[account].end; ++i) {
    sum.add(ranges_[i]->tally());
  }
  return sum;
}

AccountPart Accounts::arrange(std::size_t number) const {
  const auto& account = accounts_[number];
  AccountPart part{account.id, account.summary, {}};
  const auto ranges = std::span(ranges_).subspan(account.begin, account.end - account.begin);
  Arranger arranger(report_, ranges);
  if (part.summary != nullptr) {
    for (const auto& row : part.summary->requirements) {
      part.sections.push_back(arranger.requirement(row));
    }
  }
  arranger.add_others(part.sections);
  return part;
}

std::string_view number_of(const Section& section) {
  if (section.text != nullptr) return section.text->number;
  return section.groups.empty() ? std::string_view{} : section.groups.front().id;
}

std::string_view title_of(const Section& section) {
  if (section.text != nullptr) return section.text->title;
  if (section.groups.empty()) return {};
  const auto& group = section.groups.front();
  return group.check != nullptr ? std::string_view(group.check->title) : group.id;
}

Verdict verdict_of(const Section& section) {
  if (section.row != nullptr) return section.row->verdict;
  const Counts counts = tally_of(section).counts;
  Verdict worst = Verdict::not_applicable;
  for (const auto verdict : kVerdicts) {
    if (counts[verdict] > 0) worst = std::min(worst, verdict);
  }
  return worst;
}

Level level_of(const Section& section, const Report& report) {
  Level highest = Level::warn;
  const auto raise = [&](const CheckText* check) {
    if (check != nullptr) highest = std::max(highest, check->level);
  };
  for (const auto& group : section.groups) raise(group.check);
  if (section.text != nullptr) {
    for (const auto& check : section.text->checks) raise(report.check(check));
  }
  return highest;
}

Tally tally_of(const Section& section) {
  Tally sum;
  for (const auto& group : section.groups) sum.add(group.findings.tally());
  return sum;
}

bool is_open(const Finding& finding) {
  return !finding.waived && finding.verdict != Verdict::pass &&
         finding.verdict != Verdict::not_applicable;
}

std::size_t count_open(const Counts& counts) {
  return count_wrong(counts) + counts[Verdict::unknown];
}

bool is_wrong(const Finding& finding) {
  return is_open(finding) && finding.verdict != Verdict::unknown;
}

std::size_t count_wrong(const Counts& counts) {
  return counts[Verdict::critical] + counts[Verdict::warn];
}

std::size_t count_waived(const Section& section) {
  return section.row != nullptr ? section.row->waived : tally_of(section).counts.waived;
}

std::string_view action_to_grant(const SourceCall& call) {
  return call.outcome == "denied" ? std::string_view(call.permission) : std::string_view();
}

std::string reason_of(const Waiver& waiver) {
  return waiver.ticket.empty() ? waiver.reason : waiver.reason + " (" + waiver.ticket + ")";
}

std::vector<Counts> count_across(const ReportHead& head) {
  std::vector<Counts> counts(head.requirement_texts.size());
  for (const auto& account : head.account_summaries) {
    for (const auto& row : account.requirements) {
      auto& count = counts[row.requirement];
      const bool good = row.verdict == Verdict::pass || row.verdict == Verdict::not_applicable;
      ++(good && row.waived > 0 ? count.waived : count[row.verdict]);
    }
  }
  return counts;
}

std::string related_text(const CheckText* check) {
  std::string text;
  if (check == nullptr) return text;
  for (const auto& related : check->related) {
    std::string_view title = related.framework;
    for (const auto& framework : kFrameworks) {
      if (framework.id == related.framework) title = framework.title;
    }
    text += (text.empty() ? "" : "; ") + std::string(title) + " " + join(related.numbers, ", ");
  }
  return text;
}

}  // namespace ciswatch
