#pragma once

// What a scan says: a head (who, when, totals, coverage, requirements) and the findings in their
// final order (account, check in pack order, region, resource; last what is of no account), which may
// be millions and stay on disk. Made by rules, read by reporters. Build it on one thread, then read it from any.

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/report/coverage.h"
#include "core/report/finding.h"
#include "core/report/findings.h"

namespace ciswatch {

// Requirements of a framework (core/report/frameworks.h) that a check has to do with.
struct Related {
  std::string framework;  // its id
  std::vector<std::string> numbers;
};

// The parts of a check that reports show.
struct CheckText {
  std::string id, title, why;
  Level level = Level::warn;
  // text, cli, cloudformation, terraform: as the check's author wrote them, in that order.
  std::vector<std::pair<std::string, std::string>> remediation;
  std::vector<RequirementRef> requirements;  // that its findings serve
  std::vector<Related> related;              // in the order of kFrameworks
};

// A requirement of a pack, as far as it is judged as a whole.
struct RequirementText {
  std::string pack, number, title;
  std::vector<std::string> checks;
  std::string left_out = {};  // why a user leaves it out: not applicable then; "" if it is judged
};

// One row per (pack, number, account): the worst of its findings.
struct RequirementRow {
  std::size_t requirement = 0;  // index in ReportHead::requirement_texts
  Verdict verdict = Verdict::not_applicable;
  std::size_t findings = 0;  // how many findings it sums up
  std::size_t waived = 0;    // how many of those are waived: the verdict is that of the others
};

struct AccountSummary {
  std::string account_id;
  Counts judgements;  // of requirement rows (and of checks that are in no chosen pack)
  Counts findings;
  std::vector<RequirementRow> requirements;  // by pack, then number
};

struct PackText {
  std::string id, title;
};

struct ReportHead {
  std::string tool_version;
  std::string snapshot_id;
  std::string collected_at;  // ISO 8601, UTC
  std::string collected_by;  // caller's ARN, "" when unknown
  std::size_t accounts = 0;
  std::size_t regions = 0;  // account × region pairs that were to be read
  std::vector<PackText> packs;
  std::vector<CheckText> checks;  // in pack order
  std::vector<RequirementText> requirement_texts;  // by pack, then number
  // Every account, in the order of the findings; last, if there is any, what is of no account ("").
  std::vector<AccountSummary> account_summaries;
  Counts summary;  // sum of the accounts' judgements
  // The ledger: calls in all and by outcome, outcomes in a fixed order, those with 0 left out.
  std::size_t calls = 0;
  std::vector<std::pair<std::string, std::size_t>> outcomes;
  // Of those that were not answered: in regions that the user says are closed on purpose.
  std::size_t closed_reads = 0;
};

// Of the ledger, without what is in closed regions.
Coverage coverage_of(const ReportHead& head);

// Looks up a call of the ledger by its id. One thread; the answer is valid until the next call.
// nullptr for an id that the ledger does not have.
using CallReader = std::function<const SourceCall*(std::int64_t call_id)>;

struct Report {
  ReportHead head;
  Findings findings;
  // A reader of the ledger for one thread; may throw Error. Empty: no calls are known.
  std::function<CallReader()> open_calls;

  // nullptr if the check is not in the head.
  [[nodiscard]] const CheckText* check(std::string_view id) const;
};

enum class FailOn { critical, warn, unknown, none };

struct Gate {
  FailOn fail_on = FailOn::critical;
  bool allow_unknown = false;
  LeastCoverage min_coverage = {};  // holds whatever else is allowed
};

// 0: the gate is met and everything it needed was read; 1: a finding at or above fail_on that is not
// waived; 3: no such finding, but one that the gate needs is unknown, or less than min_coverage was
// read.
int exit_code(const Report& report, const Gate& gate);

}  // namespace ciswatch
