// Generated policies and requests, against an evaluator that is as plain as can be: it walks the JSON
// as it was generated, knows everything about a request, and has no third value.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>

#include "core/base/json.h"
#include "core/policy/evaluate.h"

namespace ciswatch {
namespace {

using Texts = std::vector<std::string>;

// --- the plain evaluator

bool glob(const char* pattern, const char* text) {
  if (*pattern == '\0') return *text == '\0';
  if (*pattern == '*') return glob(pattern + 1, text) || (*text != '\0' && glob(pattern, text + 1));
  return *text != '\0' && (*pattern == '?' || *pattern == *text) && glob(pattern + 1, text + 1);
}

bool matches(const std::string& pattern, const std::string& text) {
  return glob(pattern.c_str(), text.c_str());
}

Texts list(const JsonValue& value) {
  if (value.IsString()) return {value.GetString()};
  Texts texts;
  for (const auto& one : value.GetArray()) texts.emplace_back(one.GetString());
  return texts;
}

bool any_matches(const JsonValue& patterns, const std::string& text) {
  const auto all = list(patterns);
  return std::any_of(all.begin(), all.end(), [&](const auto& one) { return matches(one, text); });
}

struct Asker {
  std::string kind, id;  // "Service" or "AWS"
};
using Context = std::map<std::string, Texts>;  // a key that is not here is not in the request

struct Asked {
  Asker asker;
  std::string action, resource;
  Context context;
};

bool listed(const JsonValue& principal, const Asker& asker) {
  if (principal.IsString()) return true;
  for (const auto& member : principal.GetObject()) {
    for (const auto& id : list(member.value)) {
      if (id == "*" || (member.name.GetString() == asker.kind && id == asker.id)) return true;
    }
  }
  return false;
}

bool compare(const std::string& op, const std::string& wanted, const std::string& told) {
  if (op == "StringEquals" || op == "StringNotEquals") return wanted == told;
  if (op == "NumericLessThan") return std::stod(told) < std::stod(wanted);
  if (op == "Bool") return wanted == told;
  return matches(wanted, told);
}

bool clause_holds(std::string op, const Texts& wanted, const Texts* told) {
  if (op == "Null") return (wanted[0] == "true") == (told == nullptr);
  const bool all = op.starts_with("ForAllValues:"), any = op.starts_with("ForAnyValue:");
  if (all || any) op = op.substr(op.find(':') + 1);
  const bool if_exists = op.ends_with("IfExists");
  if (if_exists) op.resize(op.size() - 8);
  const bool negated = op.find("Not") != std::string::npos;
  if (told == nullptr) return all || (!any && (if_exists || negated));
  bool every = true, some = false;
  for (const auto& value : *told) {
    const bool found = std::any_of(wanted.begin(), wanted.end(),
                                   [&](const auto& one) { return compare(op, one, value); });
    every &= found != negated;
    some |= found != negated;
  }
  return all ? every : some;  // without a set operator there is one value
}

bool applies(const JsonValue& statement, const Asked& asked) {
  const auto has = [&](const char* name) { return statement.HasMember(name); };
  const auto within = [&](const char* name, const char* opposite, const std::string& text) {
    return has(name) ? any_matches(statement[name], text) : !any_matches(statement[opposite], text);
  };
  if (!within("Action", "NotAction", asked.action)) return false;
  if (!within("Resource", "NotResource", asked.resource)) return false;
  if (has("Principal") ? !listed(statement["Principal"], asked.asker)
                       : listed(statement["NotPrincipal"], asked.asker)) {
    return false;
  }
  if (!has("Condition")) return true;
  for (const auto& op : statement["Condition"].GetObject()) {
    for (const auto& key : op.value.GetObject()) {
      const auto told = asked.context.find(key.name.GetString());
      const auto* values = told == asked.context.end() ? nullptr : &told->second;
      if (!clause_holds(op.name.GetString(), list(key.value), values)) return false;
    }
  }
  return true;
}

std::pair<bool, bool> plainly_allowed_and_denied(const std::string& policy, const Asked& asked) {
  const auto document = parse_json(policy);
  bool allowed = false, denied = false;
  for (const auto& statement : document["Statement"].GetArray()) {
    if (!applies(statement, asked)) continue;
    (std::string(statement["Effect"].GetString()) == "Allow" ? allowed : denied) = true;
  }
  return {allowed && !denied, denied};
}

// --- what is generated

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string policy() {
    std::string statements;
    for (auto left = 1 + below(4); left > 0; --left) {
      statements += (statements.empty() ? "" : ",") + statement();
    }
    return R"({"Version":"2012-10-17","Statement":[)" + statements + "]}";
  }

  Asked asked() {
    Asked result{asker(), of(kActions), of(kResources), {}};
    for (const auto& key : kKeys) {
      if (below(3) == 0) continue;
      result.context[key] = {value_of(key)};
      if (key == "x:tags" && below(2) == 0) result.context[key].push_back(value_of(key));
    }
    return result;
  }

  std::size_t below(std::size_t most) { return random_() % most; }
  const std::string& of(const Texts& texts) { return texts[below(texts.size())]; }

  inline static const Texts kActions = {"s3:GetObject", "s3:PutObject", "s3:PutObjectAcl", "kms:Decrypt"};
  inline static const Texts kResources = {"arn:aws:s3:::b",       "arn:aws:s3:::b/a",
                                          "arn:aws:s3:::b/a/c:d", "arn:aws:s3:::bc/a",
                                          "arn:aws:kms:r:1:key/k"};
  inline static const Texts kKeys = {"x:name", "x:tags", "x:tls", "x:size", "x:arn"};

 private:
  std::string quoted(const Texts& texts) {
    std::string all;
    for (const auto& one : texts) all += (all.empty() ? "" : ",") + json_quote(one);
    return texts.size() == 1 && below(2) == 0 ? all : "[" + all + "]";
  }

  std::string some_of(const Texts& from) {
    Texts some;
    for (auto left = 1 + below(2); left > 0; --left) some.push_back(of(from));
    return quoted(some);
  }

  Asker asker() {
    static const std::vector<Asker> kAskers = {{"Service", "cloudtrail.amazonaws.com"},
                                               {"Service", "config.amazonaws.com"},
                                               {"AWS", "arn:aws:iam::111111111111:root"}};
    return kAskers[below(kAskers.size())];
  }

  std::string principal() {
    if (below(4) == 0) return below(2) == 0 ? "\"*\"" : R"({"AWS":"*"})";
    const auto one = asker(), other = asker();
    if (one.kind == other.kind) {
      return "{\"" + one.kind + "\":" + quoted({one.id, other.id}) + "}";
    }
    return "{\"" + one.kind + "\":" + quoted({one.id}) + ",\"" + other.kind +
           "\":" + quoted({other.id}) + "}";
  }

  std::string value_of(const std::string& key) {
    static const std::map<std::string, Texts> kValues = {
        {"x:name", {"ann", "bob", "anna"}},
        {"x:tags", {"ann", "bob", "eve"}},
        {"x:tls", {"true", "false"}},
        {"x:size", {"1", "10", "2.5"}},
        {"x:arn", {"arn:aws:sns:r:1:t", "arn:aws:sns:q:2:t", "arn:aws:sns:r:2:u:v"}}};
    return of(kValues.at(key));
  }

  std::string clause() {
    static const std::map<std::string, Texts> kOps = {
        {"x:name", {"StringEquals", "StringNotEquals", "StringLike", "StringNotLikeIfExists"}},
        {"x:tags", {"ForAllValues:StringEquals", "ForAnyValue:StringLike",
                    "ForAnyValue:StringNotEquals", "ForAllValues:StringNotLike"}},
        {"x:tls", {"Bool", "BoolIfExists", "Null"}},
        {"x:size", {"NumericLessThan", "NumericLessThanIfExists", "Null"}},
        {"x:arn", {"ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEqualsIfExists"}}};
    static const Texts kPatterns = {"a*", "?ob", "*", "ann"};
    static const Texts kArns = {"arn:aws:sns:*:1:t", "arn:aws:sns:r:?:*", "arn:*:sns:q:2:t"};
    const auto& key = of(kKeys);
    const auto& op = of(kOps.at(key));
    std::string wanted;
    if (op == "Null") {
      wanted = json_quote(below(2) == 0 ? "true" : "false");
    } else if (key == "x:arn") {
      wanted = some_of(kArns);
    } else if (op.find("Like") != std::string::npos) {
      wanted = some_of(kPatterns);
    } else {
      wanted = json_quote(value_of(key));
    }
    return fmt::format(R"("{}":{{"{}":{}}})", op, key, wanted);
  }

  std::string statement() {
    static const Texts kListedActions = {"s3:*", "s3:Put*", "*", "s3:GetObject", "kms:D?crypt"};
    static const Texts kListedResources = {"*", "arn:aws:s3:::b", "arn:aws:s3:::b/*",
                                           "arn:aws:s3:::b*", "arn:aws:s3:::b?/a",
                                           "arn:aws:kms:*:1:key/*"};
    const auto opposite = [&](const char* name) {
      return fmt::format("\"{}{}\":", below(6) == 0 ? "Not" : "", name);
    };
    auto text = fmt::format(R"({{"Effect":"{}")", below(3) == 0 ? "Deny" : "Allow");
    text += "," + opposite("Action") + some_of(kListedActions);
    text += "," + opposite("Resource") + some_of(kListedResources);
    // NotPrincipal of an account spares nobody but its root: the plain evaluator does not know that.
    text += ",\"Principal\":" + principal();
    if (below(2) == 0) text += ",\"Condition\":{" + clause() + "}";
    return text + "}";
  }

  std::mt19937 random_;
};

// With the keys that the generator left out known to be missing, but for those that are `hidden`.
Request request_of(const Asked& asked, std::size_t hidden = 0) {
  Request request;
  using Kind = Principal::Kind;
  request.principal = {asked.asker.kind == "AWS" ? Kind::aws : Kind::service, asked.asker.id};
  request.action = asked.action;
  request.resource = asked.resource;
  for (std::size_t i = 0; i < Generator::kKeys.size(); ++i) {
    if ((hidden >> i) & 1) continue;
    const auto& key = Generator::kKeys[i];
    const auto told = asked.context.find(key);
    request.context[key] = told == asked.context.end() ? Texts{} : told->second;
  }
  return request;
}

constexpr int kPairs = 2000;

TEST(Oracle, AgreesOnEveryGeneratedPair) {
  Generator generator(1);
  std::map<std::pair<bool, bool>, int> seen;
  for (int i = 0; i < kPairs; ++i) {
    const auto policy = generator.policy();
    const auto asked = generator.asked();
    const auto plain = plainly_allowed_and_denied(policy, asked);
    const auto decision = decide(parse_policies(policy), request_of(asked));
    ASSERT_EQ(decision.allowed, truth(plain.first)) << policy << "\n" << asked.action << " "
                                                    << asked.resource << "\n" << decision.reason;
    ASSERT_EQ(decision.denied, truth(plain.second)) << policy << "\n" << decision.reason;
    ++seen[plain];
  }
  // Each outcome was tried often enough to mean something.
  EXPECT_GT((seen[{true, false}]), kPairs / 10);
  EXPECT_GT((seen[{false, true}]), kPairs / 10);
  EXPECT_GT((seen[{false, false}]), kPairs / 10);
}

TEST(Oracle, KnowingLessNeverTellsOtherwise) {
  Generator generator(2);
  int open = 0;
  for (int i = 0; i < kPairs; ++i) {
    const auto policy = parse_policies(generator.policy());
    const auto asked = generator.asked();
    const auto whole = decide(policy, request_of(asked));
    const auto part = decide(policy, request_of(asked, 1 + generator.below(31)));
    ASSERT_TRUE(part.allowed == Truth::unknown || part.allowed == whole.allowed);
    ASSERT_TRUE(part.denied == Truth::unknown || part.denied == whole.denied);
    open += part.allowed == Truth::unknown;
  }
  EXPECT_GT(open, kPairs / 20);
}

TEST(Oracle, WhatHoldsForAWildcardHoldsForEachThatItStandsFor) {
  Generator generator(3);
  int told = 0;
  for (int i = 0; i < kPairs; ++i) {
    const auto policy = parse_policies(generator.policy());
    auto asked = generator.asked();
    const auto wildcard = std::string(generator.below(2) == 0 ? "arn:aws:s3:::b*" : "arn:aws:s3:::b/*");
    auto request = request_of(asked);
    request.resource = wildcard;
    const auto each = decide(policy, request);
    request.some = true;
    const auto some = decide(policy, request);
    for (const auto& resource : Generator::kResources) {
      if (!matches(wildcard, resource)) continue;
      asked.resource = resource;
      const auto one = decide(policy, request_of(asked));
      ASSERT_FALSE(each.allowed == Truth::yes && one.allowed != Truth::yes);
      ASSERT_FALSE(each.denied == Truth::yes && one.denied != Truth::yes);
      ASSERT_FALSE(some.allowed == Truth::no && one.allowed == Truth::yes);
      ASSERT_FALSE(some.denied == Truth::no && one.denied == Truth::yes);
    }
    told += each.allowed == Truth::yes;
  }
  EXPECT_GT(told, kPairs / 20);
}

}  // namespace
}  // namespace ciswatch
