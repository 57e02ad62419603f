// Generated pairs of patterns and events of known meaning, also by a second reader (oracle.h).

#include <gtest/gtest.h>

#include <random>

#include "core/pattern/match.h"
#include "core/pattern/slip.h"
#include "tests/pattern/oracle.h"

namespace ciswatch {
namespace {

using oracle::Event;
using oracle::Value;

class Generator {
 public:
  explicit Generator(unsigned seed) : engine_(seed) {}

  std::size_t below(std::size_t end) { return engine_() % end; }
  bool one_in(std::size_t n) { return below(n) == 0; }

  std::string word() {
    static const std::vector<std::string> words{"StopLogging", "CreateTrail", "eu-west-1", "Root",
                                                "kms.amazonaws.com", "Access Denied", "a", "x-1"};
    return words[below(words.size())];
  }

  Value value() {
    switch (below(6)) {
      case 0: return {Value::null, "null"};
      case 1: return {Value::boolean, one_in(2) ? "true" : "false"};
      case 2: return {Value::number, std::to_string(below(5))};
      default: return {Value::text, word()};
    }
  }

  Event event() {
    Event event;
    for (const auto* name : {"a", "b", "c.d", "c.e", "f.g.h"}) {
      if (!one_in(4)) event[name] = value();
    }
    return event;
  }

  std::string blanks() { return one_in(3) ? "" : one_in(5) ? "\n " : " "; }

  // A term whose meaning AWS's page settles for this event.
  std::string term(const Event& event) {
    static const std::vector<std::string> names{"a", "b", "c.d", "c.e", "f.g.h"};
    const auto& name = names[below(names.size())];
    const auto found = event.find(name);
    const auto kind = found == event.end() ? Value::text : found->second.kind;
    if (kind == Value::null || kind == Value::boolean || one_in(4)) {
      static const std::vector<std::string> questions{"EXISTS", "NOT EXISTS", "IS NULL"};
      static const std::vector<std::string> truths{"IS TRUE", "IS FALSE"};
      const auto& asked = kind == Value::boolean && one_in(2) ? truths : questions;
      return "$." + name + " " + asked[below(asked.size())];
    }
    if (kind == Value::number) {
      static const std::vector<std::string> signs{"=", "!=", "<", "<=", ">", ">="};
      return "$." + name + blanks() + signs[below(6)] + blanks() + std::to_string(below(5)) + " ";
    }
    return "$." + name + blanks() + (one_in(3) ? "!=" : "=") + blanks() + operand();
  }

  std::string operand() {
    auto text = word();
    if (one_in(4)) text = text.substr(0, 1 + below(text.size())) + "*";
    else if (one_in(4)) text = "*" + text.substr(below(text.size()));
    else if (one_in(6)) text = "*" + text.substr(below(text.size())) + "*";
    const bool bare = text.find(' ') == std::string::npos && one_in(2);
    return bare ? text + " " : '"' + text + '"';
  }

  std::string condition(const Event& event, int depth) {
    if (depth == 0 || one_in(3)) return term(event);
    std::string text;
    const auto count = 2 + below(3);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += blanks() + (one_in(2) ? "&&" : "||") + blanks();
      const bool wrapped = one_in(2);
      text += wrapped ? "(" + condition(event, depth - 1) + ")" : term(event);
    }
    return text;
  }

 private:
  std::mt19937 engine_;
};

void set(JsonValue& object, std::string_view path, const Value& value, Json& document) {
  const auto dot = path.find('.');
  const auto name = path.substr(0, dot);
  if (dot == std::string_view::npos) {
    JsonValue member;
    if (value.kind == Value::boolean) member.SetBool(value.text_of == "true");
    if (value.kind == Value::number) member.SetInt(std::atoi(value.text_of.c_str()));
    if (value.kind == Value::text) member = json_text(value.text_of, document);
    set_member(object, name, std::move(member), document);
    return;
  }
  if (object.FindMember(std::string(name)) == object.MemberEnd()) {
    set_member(object, name, JsonValue(rapidjson::kObjectType), document);
  }
  set(object[std::string(name)], path.substr(dot + 1), value, document);
}

Json json_of(const Event& event) {
  Json document(rapidjson::kObjectType);
  for (const auto& [path, value] : event) set(document, path, value, document);
  return document;
}

TEST(Property, FourThousandPairsMeanWhatASecondReaderSays) {
  Generator generator(20261122);
  int pairs = 0, matched = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto event = generator.event();
    const auto pattern = "{" + generator.blanks() + generator.condition(event, 3) + " }";
    if (pattern.size() > 1024) continue;
    const bool expected = oracle::Reader(pattern, event).read();
    ASSERT_EQ(matches(parse_pattern(pattern), json_of(event)), expected ? Truth::yes : Truth::no)
        << pattern << "\n" << to_text(json_of(event));
    ++pairs;
    matched += expected;
  }
  EXPECT_GE(pairs, 3500);
  EXPECT_GT(matched, pairs / 5);
  EXPECT_LT(matched, pairs * 4 / 5);
}

// What is known by construction: a filter that names all events, reworded at random, passes; with one
// left out, narrowed or its || turned into &&, it does not.
class Wordings {
 public:
  explicit Wordings(unsigned seed) : generator_(seed) {}

  std::string equals(const std::string& member, const std::string& text) {
    const auto value = generator_.one_in(2) ? '"' + text + '"' : text + " ";
    auto term = "$." + member + generator_.blanks() + "=" + generator_.blanks() + value;
    return generator_.one_in(2) ? "(" + generator_.blanks() + term + ")" : term;
  }

  std::string any(std::vector<std::string> names, const std::string& sign = "||") {
    for (std::size_t i = names.size(); i > 1; --i) std::swap(names[i - 1], names[generator_.below(i)]);
    std::string text;
    for (const auto& name : names) {
      if (!text.empty()) text += generator_.blanks() + sign + generator_.blanks();
      text += equals("eventName", name);
    }
    return "(" + text + ")";
  }

  Generator generator_;
};

TEST(Property, TwoThousandWordingsAreJudgedByWhatTheyMatch) {
  const std::vector<std::string> names{"DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "CreateKey"};
  const auto required = parse_required(
      R"({"eventSource": "kms.amazonaws.com", "eventName": ["DisableKey", "ScheduleKeyDeletion"]})");
  const std::vector<std::string> wanted{names[0], names[1]};
  Wordings wordings(7);
  const std::vector<std::string> narrowing{
      "$.awsRegion = eu-west-1", "$.awsRegion != eu-west-1", "$.userIdentity.type != Root",
      "$.eventName = zzzNever", "$.errorCode NOT EXISTS", "$.eventSource = s3.amazonaws.com",
      "$.userIdentity.sessionContext.sessionIssuer.arn != \"arn:aws:iam::1:role/x\"",
      "$.sourceIPAddress != 10.0.0.5", "$.userAgent = \"aws-cli*\"", "$.requestParameters.keyId EXISTS"};
  for (int i = 0; i < 400; ++i) {
    const auto source = wordings.equals("eventSource", "kms.amazonaws.com");
    const auto slip = [&](const std::string& pattern) {
      const auto found = find_slip(parse_pattern(pattern), required);
      return found ? *found : "?";
    };
    const auto right = wordings.generator_.one_in(2) ? source + "&&" + wordings.any(wanted)
                                                     : wordings.any(wanted) + "&&" + source;
    EXPECT_EQ(slip("{" + right + "}"), "") << right;
    EXPECT_EQ(slip("{ " + wordings.any(names) + " }"), "");
    EXPECT_EQ(slip("{ (" + right + ") || $.awsRegion = x }"), "") << right;
    EXPECT_NE(slip("{ " + source + " && " + wordings.any(wanted, "&&") + " }"), "");
    EXPECT_NE(slip("{ " + source + " && " + wordings.any({wanted[wordings.generator_.below(2)]}) + " }"), "");
    const auto& more = narrowing[wordings.generator_.below(narrowing.size())];
    EXPECT_NE(slip("{ (" + right + ") && (" + more + ") }"), "") << more;
  }
}

}  // namespace
}  // namespace ciswatch
