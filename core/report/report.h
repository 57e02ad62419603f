#pragma once

// What a scan says: a head (who, when, totals, coverage, requirements) and the findings in their
// final order (account, check in pack order, region, resource). Made by rules, read by reporters.
// A value: build it on one thread, then read it from any.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ciswatch {

// Worst first, the order in which a requirement's findings are summed up.
enum class Verdict { critical, warn, unknown, pass, not_applicable };
inline constexpr std::array kVerdicts = {Verdict::pass, Verdict::warn, Verdict::critical,
                                         Verdict::unknown, Verdict::not_applicable};

enum class Level { warn, critical };

std::string_view name_of(Verdict verdict);  // "not_applicable"
std::string_view name_of(Level level);

// An API call that a finding rests on.
struct SourceCall {
  std::string account_id, region, service, operation, target;
  std::string outcome;  // ok, absent, denied, throttled, disabled, failed, not_tried
  std::string code, message;
  std::string permission;  // the IAM action that the call needs; "" when none
  std::string time;        // ISO 8601; "" when it was not made
};

bool is_answered(const SourceCall& call);  // ok, or the answer is that it is not there

struct RequirementRef {
  std::string pack, number;
};

struct Waiver {
  std::string owner, reason, expires;
};

struct Finding {
  std::string id;  // stable across runs: of check, account, region and resource
  std::string check;
  Verdict verdict = Verdict::unknown;
  Level level = Level::warn;  // what it is, or would be, if it failed
  std::string account_id, region, resource, detail;
  std::vector<std::pair<std::string, std::string>> evidence;  // column → JSON text of its value
  std::vector<SourceCall> calls;
  std::vector<RequirementRef> requirements;
  std::string first_seen;
  std::optional<Waiver> waived;
};

// The parts of a check that reports show.
struct CheckText {
  std::string id, title, why;
  Level level = Level::warn;
  // text, cli, cloudformation, terraform: as the check's author wrote them, in that order.
  std::vector<std::pair<std::string, std::string>> remediation;
};

// One row per (pack, number, account): the worst of its findings.
struct RequirementRow {
  std::string pack, number, title, account_id;
  Verdict verdict = Verdict::not_applicable;
  std::vector<std::string> checks;
  std::size_t findings = 0;  // how many findings it sums up
};

struct Counts {
  // Findings by verdict, waived ones left out and counted apart.
  std::array<std::size_t, 5> by_verdict{};  // indexed by Verdict
  std::size_t waived = 0;

  std::size_t& operator[](Verdict v) { return by_verdict[static_cast<std::size_t>(v)]; }
  std::size_t operator[](Verdict v) const { return by_verdict[static_cast<std::size_t>(v)]; }
};

struct AccountSummary {
  std::string account_id;
  Counts judgements;  // of requirement rows (and of checks that are in no chosen pack)
  Counts findings;
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
  std::vector<RequirementRow> requirements;  // by account, then pack, then number
  std::vector<AccountSummary> account_summaries;
  Counts summary;  // sum of the accounts' judgements
  // The ledger: calls in all and by outcome, outcomes in a fixed order, those with 0 left out.
  std::size_t calls = 0;
  std::vector<std::pair<std::string, std::size_t>> outcomes;
};

struct Report {
  ReportHead head;
  std::vector<Finding> findings;

  // nullptr if the check is not in the head.
  [[nodiscard]] const CheckText* check(std::string_view id) const;
};

enum class FailOn { critical, warn, unknown, none };

struct Gate {
  FailOn fail_on = FailOn::critical;
  bool allow_unknown = false;
};

// 0: the gate is met and everything it needed was read; 1: a finding at or above fail_on that is not
// waived; 3: no such finding, but one that the gate needs is unknown.
int exit_code(const Report& report, const Gate& gate);

}  // namespace ciswatch
