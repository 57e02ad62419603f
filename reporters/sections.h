#pragma once

// The report as people read it: account by account, in each the requirements, in each its findings.
// Everything points into the Report, which must outlive it.

#include <string>
#include <string_view>
#include <vector>

#include "core/report/report.h"

namespace ciswatch {

// Findings of one check in one account that stand next to each other.
struct CheckGroup {
  std::string_view id;
  const CheckText* check = nullptr;  // nullptr if the head does not know the check
  FindingRange findings;
};

struct Section {
  const RequirementRow* row = nullptr;  // nullptr: a check that no chosen pack asks for
  const RequirementText* text = nullptr;  // of the row
  std::vector<CheckGroup> groups;
  // Checks of this requirement whose findings stand in an earlier section of the account.
  std::vector<std::string_view> shown_before;
};

struct AccountPart {
  std::string_view account_id;
  const AccountSummary* summary = nullptr;  // nullptr if the head does not know the account
  std::vector<Section> sections;
};

// Which findings are whose: a few words an account and a check. One account at a time is arranged.
class Accounts {
 public:
  explicit Accounts(const Report& report);

  // In the head's order; those that only findings name come last. What is of no account, findings
  // about waivers, counts as one more with the id "".
  [[nodiscard]] std::size_t size() const { return accounts_.size(); }
  [[nodiscard]] std::size_t named() const;  // without that one
  [[nodiscard]] std::string_view id(std::size_t account) const { return accounts_[account].id; }
  [[nodiscard]] const AccountSummary* summary(std::size_t account) const {
    return accounts_[account].summary;
  }
  [[nodiscard]] Tally tally(std::size_t account) const;

  // Every finding of the account is in exactly one group, whatever the head says, and every
  // requirement row has its section. Sections in the order of the rows.
  [[nodiscard]] AccountPart arrange(std::size_t account) const;

 private:
  struct Account {
    std::string_view id;
    const AccountSummary* summary = nullptr;
    std::size_t begin = 0, end = 0;  // in ranges_
  };

  const Report& report_;
  std::vector<Account> accounts_;
  std::vector<const FindingRange*> ranges_;  // of the report, by account
};

// "2.2" or, without a requirement, the check's id.
std::string_view number_of(const Section& section);
std::string_view title_of(const Section& section);

// The verdict of the row; without one the worst of the findings that are not waived.
Verdict verdict_of(const Section& section);

// The highest level that one of the section's checks can fail with.
Level level_of(const Section& section, const Report& report);

Tally tally_of(const Section& section);

// What a reader is to act on: neither a pass, nor not applicable, nor waived.
bool is_open(const Finding& finding);
std::size_t count_open(const Counts& counts);

// Proven wrong and not waived: what the check's remediation is for.
bool is_wrong(const Finding& finding);
std::size_t count_wrong(const Counts& counts);

// Of the findings that the section sums up, those that are waived.
std::size_t count_waived(const Section& section);

// The IAM action whose grant would help; "" where a call failed for another reason than a permission.
std::string_view action_to_grant(const SourceCall& call);

// Why, with the ticket if there is one.
std::string reason_of(const Waiver& waiver);

// How many accounts have which verdict, for each of the head's requirements; one whose only faults are
// waived counts as waived.
std::vector<Counts> count_across(const ReportHead& head);

// "PCI DSS 4.0 10.3.2, 10.3.3; SOC 2 CC7.3": what the check has to do with; "" for nothing.
std::string related_text(const CheckText* check);

}  // namespace ciswatch
