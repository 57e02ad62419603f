#include "core/policy/condition.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/policy/operators.h"

namespace ciswatch {
namespace {

using Values = std::vector<std::string>;

struct Asked {
  enum class Set { none, all, any } set = Set::none;
  bool if_exists = false;
  std::string_view name;
};

Asked asked(std::string_view op) {
  Asked result;
  if (op.starts_with("ForAllValues:")) {
    result.set = Asked::Set::all;
  } else if (op.starts_with("ForAnyValue:")) {
    result.set = Asked::Set::any;
  }
  if (result.set != Asked::Set::none) op.remove_prefix(op.find(':') + 1);
  result.if_exists = op.ends_with("IfExists");
  if (result.if_exists) op.remove_suffix(8);
  result.name = op;
  return result;
}

// The clause with the request it is asked of.
class Question {
 public:
  Question(const Clause& clause, const Request& request, bool has_variables)
      : clause_(clause), request_(request), has_variables_(has_variables),
        asked_(asked(clause.op)), operator_(find_operator(asked_.name)) {}

  Extent answer() const {
    const auto told = request_.context.find(to_lower(clause_.key));
    const bool is_null = clause_.op == "Null";
    if ((operator_ == nullptr && !is_null) || clause_.values.empty()) return kUnknown;
    // What is no text is none of what a text is compared with.
    const bool of_texts = operator_ != nullptr && operator_->takes != Operator::Takes::value;
    if (of_texts && !clause_.texts) return kUnknown;
    if (told == request_.context.end()) return request_.every ? of_every_value() : kUnknown;
    const auto result = is_null ? null(told->second) : of_values(told->second);
    return {result, result};
  }

 private:
  // Some values do and others do not, but for a text that has no value without it.
  Extent of_every_value() const {
    const bool trivial = std::any_of(
        clause_.values.begin(), clause_.values.end(), [](const std::string& value) {
          return value.find_first_not_of("*:?") == std::string::npos || value.starts_with("arn:*:*");
        });
    return trivial && clause_.op != "Null" ? kUnknown : kSome;
  }

  Truth null(const Values& told) const {
    Truth result = Truth::no;
    for (const auto& value : clause_.values) {
      const bool wanted = equal_ignoring_case(value, "true");
      if (!wanted && !equal_ignoring_case(value, "false")) return Truth::unknown;
      result = std::max(result, truth(wanted == told.empty()));
    }
    return result;
  }

  Truth of_values(const Values& told) const {
    if (told.empty()) return of_missing();
    Truth all = Truth::yes, any = Truth::no;
    for (const auto& value : told) {
      const auto one = of_value(value);
      all = std::min(all, one);
      any = std::max(any, one);
    }
    if (asked_.set == Asked::Set::all) return all;
    if (asked_.set == Asked::Set::any) return any;
    return all == any ? all : Truth::unknown;  // several values are for the set operators
  }

  Truth of_missing() const {
    if (asked_.set == Asked::Set::all) return Truth::yes;
    if (asked_.set == Asked::Set::any) return asked_.if_exists ? Truth::unknown : Truth::no;
    return truth(asked_.if_exists || operator_->negated);
  }

  // Any of the policy's values is enough, or, negated, none may be it.
  Truth of_value(std::string_view told) const {
    Truth any = Truth::no;
    for (const auto& wanted : clause_.values) any = std::max(any, compare(wanted, told));
    return operator_->negated ? opposite(any) : any;
  }

  Truth compare(const std::string& wanted, std::string_view told) const {
    using Takes = Operator::Takes;
    if (operator_->takes == Takes::value) return operator_->of_values(wanted, told);
    const bool wildcards = operator_->takes == Takes::wildcards;
    return operator_->of_texts(expanded(wanted, request_, has_variables_, wildcards), told);
  }

  const Clause& clause_;
  const Request& request_;
  bool has_variables_;
  Asked asked_;
  const Operator* operator_;
};

// What stands for ${name} or ${name, 'default'}.
Glob variable(std::string_view inside, const Request& request) {
  if (inside == "*" || inside == "?" || inside == "$") return plain_text(inside);
  const auto comma = inside.find(',');
  const auto told = request.context.find(to_lower(trim(inside.substr(0, comma))));
  if (told == request.context.end() || told->second.size() > 1) return {kOpen};
  if (!told->second.empty()) return plain_text(told->second[0]);
  if (comma == std::string_view::npos) return {kOpen};
  const auto otherwise = trim(inside.substr(comma + 1));
  const bool quoted = otherwise.size() >= 2 && otherwise.front() == '\'' && otherwise.back() == '\'';
  return quoted ? plain_text(otherwise.substr(1, otherwise.size() - 2)) : Glob{kOpen};
}

}  // namespace

Extent holds(const Clause& clause, const Request& request, bool has_variables) {
  return Question(clause, request, has_variables).answer();
}

Glob expanded(std::string_view text, const Request& request, bool has_variables, bool wildcards) {
  const auto read = wildcards ? wildcard_text : plain_text;
  Glob result;
  while (has_variables) {
    const auto start = text.find("${");
    const auto end = start == std::string_view::npos ? start : text.find('}', start);
    if (end == std::string_view::npos) break;
    result += read(text.substr(0, start));
    result += variable(text.substr(start + 2, end - start - 2), request);
    text.remove_prefix(end + 1);
  }
  return result + read(text);
}

}  // namespace ciswatch
