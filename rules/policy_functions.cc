// policy_error and its kin, as functions.h has them.

#include <fmt/format.h>

#include "core/base/json.h"
#include "core/policy/evaluate.h"
#include "rules/functions.h"

namespace ciswatch {
namespace {

// The policies that were asked about last: many requests follow each other about the same.
class LastPolicies {
 public:
  // Throws PolicyError.
  const Policies& of(const Value& text) {
    auto document = argument_text(text);
    if (document != text_) {
      policies_ = parse_policies(document);
      text_ = std::move(document);
    }
    return policies_;
  }

 private:
  std::string text_;
  Policies policies_;  // of "", none
};

Value error_of(LastPolicies& last, std::span<const Value> arguments) {
  try {
    last.of(arguments[0]);
    return std::string();
  } catch (const PolicyError& error) {
    return std::string(error.what());
  }
}

// A policy or a request that is none leaves everything open.
Decision decision_of(LastPolicies& last, std::span<const Value> arguments) {
  try {
    return decide(last.of(arguments[0]), parse_request(argument_text(arguments[1])));
  } catch (const Error& error) {
    return {.allowed = Truth::unknown, .denied = Truth::unknown, .reason = error.what()};
  }
}

Value allows(LastPolicies& last, std::span<const Value> arguments) {
  return truth_value(decision_of(last, arguments).allowed);
}

Value denies(LastPolicies& last, std::span<const Value> arguments) {
  return truth_value(decision_of(last, arguments).denied);
}

Value reason_of(LastPolicies& last, std::span<const Value> arguments) {
  return decision_of(last, arguments).reason;
}

std::string written(const Principal& principal) {
  using Kind = Principal::Kind;
  const auto of_kind = [&](const char* kind) {
    return fmt::format("{{\"{}\":{}}}", kind, json_quote(principal.id));
  };
  switch (principal.kind) {
    case Kind::anyone: return "\"*\"";
    case Kind::aws: return of_kind("AWS");
    case Kind::service: return of_kind("Service");
    case Kind::federated: return of_kind("Federated");
    case Kind::canonical_user: break;
  }
  return of_kind("CanonicalUser");
}

std::string written(const PolicyStatement& statement) {
  std::string principals;
  for (const auto& one : statement.principals) {
    principals += (principals.empty() ? "" : ",") + written(one);
  }
  return fmt::format(R"({{"number":{},"sid":{},"allows":{},"principals":{}}})", statement.number,
                     json_quote(statement.sid), statement.allows ? 1 : 0,
                     statement.principal == Listing::listed ? "[" + principals + "]" : "null");
}

Value statements_of(LastPolicies& last, std::span<const Value> arguments) {
  try {
    const auto& found = last.of(arguments[0]);
    if (!found.complete) return {};
    std::string list;
    for (const auto& policy : found.policies) {
      for (const auto& one : policy.statements) list += (list.empty() ? "" : ",") + written(one);
    }
    return "[" + list + "]";
  } catch (const PolicyError&) {
    return {};
  }
}

}  // namespace

void add_policy_functions(Database& database, const std::shared_ptr<FunctionMemory>& memory) {
  const auto last = std::make_shared<LastPolicies>();
  const auto add = [&](const std::string& name, int arguments, auto function) {
    add_remembered(database, memory, name, arguments, [last, function](std::span<const Value> values) {
      return function(*last, values);
    });
  };
  add("policy_error", 1, error_of);
  add("policy_allows", 2, allows);
  add("policy_denies", 2, denies);
  add("policy_reason", 2, reason_of);
  add("policy_statements", 1, statements_of);
}

}  // namespace ciswatch
