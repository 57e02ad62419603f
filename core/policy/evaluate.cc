#include "core/policy/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/base/text.h"
#include "core/policy/condition.h"
#include "core/policy/glob.h"
#include "core/policy/principal.h"

namespace ciswatch {
namespace {

// How a statement stands to a request, and the first element by which it is less than all of it.
struct Applies {
  Extent extent = kAll;
  std::string limit;  // "its Resource", "its condition Bool aws:SecureTransport"; "" for none
  int passed = 0;     // elements before it

  void add(Extent element, const std::string& name) {
    if (limit.empty() && element.each != Truth::yes) limit = name;
    passed += limit.empty();
    extent = both(extent, element);
  }
};

// Wildcards in the name of a service have no documented meaning, but for "*" as a whole.
Extent action_extent(const std::string& listed, const std::string& asked) {
  const auto pattern = lower_case(wildcard_text(listed));
  const auto extent = extent_of(pattern, lower_case(wildcard_text(asked)));
  const auto service = listed.substr(0, listed.find(':'));
  const bool odd = listed != "*" && service.find_first_of("*?") != std::string::npos;
  return odd && extent.any != Truth::no ? kUnknown : extent;
}

Extent turned(const Union& listed, Listing listing) {
  return listing == Listing::all_but ? all_but(listed.extent()) : listed.extent();
}

Extent resource_extent(const Policy& policy, const PolicyStatement& statement, const Request& request) {
  if (statement.resource == Listing::absent) return request.resource ? kUnknown : kAll;
  const bool whole = !request.resource && statement.resource == Listing::listed &&
                     std::count(statement.resources.begin(), statement.resources.end(), "*") > 0;
  if (!request.resource) return whole ? kAll : kUnknown;
  const auto asked = wildcard_text(*request.resource);
  Union listed;
  for (const auto& resource : statement.resources) {
    listed.add(arn_extent_of(expanded(resource, request, policy.has_variables, true), asked));
  }
  return turned(listed, statement.resource);
}

Applies applies(const Policy& policy, const PolicyStatement& statement, const Request& request) {
  Applies result;
  Union actions;
  for (const auto& action : statement.actions) actions.add(action_extent(action, request.action));
  result.add(turned(actions, statement.action), "its Action");
  if (result.extent.any == Truth::no) return result;
  result.add(principal_extent(statement, request), "its Principal");
  result.add(resource_extent(policy, statement, request), "its Resource");
  int partial = 0;
  for (const auto& clause : statement.clauses) {
    const auto extent = holds(clause, request, policy.has_variables);
    partial += extent == kSome;
    result.add(extent, fmt::format("its condition {} {}", shortened(printable(clause.op), 60),
                                   shortened(printable(clause.key), 100)));
  }
  // Two conditions that can hold may not be able to hold together.
  if (partial > 1) result.extent.any = std::min(result.extent.any, Truth::unknown);
  return result;
}

// All statements of one effect.
struct Side {
  Union statements;
  const PolicyStatement* best = nullptr;  // the one that goes furthest
  Applies how;

  void add(const PolicyStatement& statement, Applies applied) {
    statements.add(applied.extent);
    const auto rank = [](const Applies& one) {
      return std::tuple(one.extent.each, one.extent.any, one.passed);
    };
    if (best != nullptr && rank(applied) <= rank(how)) return;
    best = &statement;
    how = std::move(applied);
  }
};

std::string limited(const Side& side, std::string_view verb, std::string_view may) {
  const auto name = name_of(*side.best);
  if (side.how.extent.each == Truth::yes) return fmt::format("{} {} it", name, verb);
  if (side.how.extent.any == Truth::yes) {
    return fmt::format("{} {} only a part of it, by {}", name, verb, side.how.limit);
  }
  return fmt::format("{} may {} it: {} cannot be told", name, may, side.how.limit);
}

std::string reason(const Side& allow, const Side& deny) {
  const auto denied = deny.statements.extent();
  const auto allowed = allow.statements.extent();
  if (denied.any == Truth::yes) return limited(deny, "denies", "deny");
  if (denied.any == Truth::unknown && allowed.any != Truth::no) return limited(deny, "denies", "deny");
  if (allowed.any != Truth::no) return limited(allow, "allows", "allow");
  if (allow.best == nullptr || allow.how.limit == "its Action") return "no statement allows it";
  return fmt::format("no statement allows it: {} does not, by {}", name_of(*allow.best),
                     allow.how.limit);
}

Decision about_each(Extent allowed, Extent denied) {
  return {std::min(allowed.each, opposite(denied.any)), denied.each, ""};
}

Decision about_some(Extent allowed, Extent denied) {
  const auto spared = denied.any == Truth::no    ? Truth::yes
                      : denied.each == Truth::yes ? Truth::no
                                                  : Truth::unknown;
  return {std::min(allowed.any, spared), denied.any, ""};
}

}  // namespace

Decision decide(const Policies& policies, const Request& request) {
  Side allow, deny;
  for (const auto& policy : policies.policies) {
    for (const auto& statement : policy.statements) {
      (statement.allows ? allow : deny).add(statement, applies(policy, statement, request));
    }
  }
  const auto allowed = allow.statements.extent(), denied = deny.statements.extent();
  auto decision = request.some ? about_some(allowed, denied) : about_each(allowed, denied);
  decision.reason = reason(allow, deny);
  if (policies.complete) return decision;
  decision.denied = std::max(decision.denied, Truth::unknown);
  if ((request.some ? denied.each : denied.any) == Truth::yes) return decision;
  decision.allowed = Truth::unknown;
  decision.reason = "a policy was not read";
  return decision;
}

}  // namespace ciswatch
