#pragma once

// One judgement, and what it rests on.

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
bool has_failed(Verdict verdict);  // proven wrong: warn or critical

// An API call that a finding rests on.
struct SourceCall {
  std::string account_id, region, service, operation, target;
  std::string outcome;  // ok, absent, denied, throttled, disabled, failed, not_tried
  std::string code, message;
  std::string permission;  // the IAM action that the call needs; "" when none
  std::string time;        // ISO 8601; "" when it was not made
};

bool is_answered(const SourceCall& call);  // ok, or the answer is that it is not there

// By account, region, service, operation and target: the order in which reports name calls.
bool is_before(const SourceCall& a, const SourceCall& b);

struct RequirementRef {
  std::string pack, number;
};

struct Waiver {
  std::string owner, reason;
  std::string ticket;   // "" for none
  std::string expires;  // "2027-01-31": its last day
};

struct Finding {
  std::string id;  // stable across runs: of check, account, region and resource
  std::string check;
  Verdict verdict = Verdict::unknown;
  Level level = Level::warn;  // what it is, or would be, if it failed
  std::string account_id;  // "": of no account, as what is found about waivers
  std::string region, resource, detail;
  std::vector<std::pair<std::string, std::string>> evidence;  // column → JSON text of its value
  std::vector<std::int64_t> call_ids;  // the answered calls that it rests on: Report::open_calls
  std::vector<SourceCall> unanswered;  // the calls that it lacks
  std::string first_seen;              // ISO 8601; "": in this snapshot
  std::optional<Waiver> waived;
};

struct Counts {
  // Findings by verdict, waived ones left out and counted apart.
  std::array<std::size_t, 5> by_verdict{};  // indexed by Verdict
  std::size_t waived = 0;

  std::size_t& operator[](Verdict v) { return by_verdict[static_cast<std::size_t>(v)]; }
  std::size_t operator[](Verdict v) const { return by_verdict[static_cast<std::size_t>(v)]; }
};

}  // namespace ciswatch
