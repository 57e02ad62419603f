#include "core/base/json.h"
#include "core/base/text.h"
#include "tests/reporters/rendering.h"
#include "tests/reporters/sample_report.h"

namespace ciswatch {
namespace {

std::vector<std::string> lines_of(const Report& report) {
  const std::string text = render("jsonl", report);
  EXPECT_TRUE(text.ends_with("}\n"));
  return split(std::string_view(text).substr(0, text.size() - 1), '\n');
}

TEST(JsonLines, AreAFindingEachInTheReportsOrder) {
  const auto parts = sample::parts();
  const auto lines = lines_of(parts.made());
  ASSERT_EQ(lines.size(), parts.findings.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Json json = parse_json(lines[i]);
    EXPECT_EQ(text_or_empty(json, "id"), parts.findings[i].id);
  }
}

TEST(JsonLines, HaveTheSameMembersInTheSameOrderEachTime) {
  for (const auto& line : lines_of(sample::report())) {
    const Json json = parse_json(line);
    std::string members;
    for (const auto& member : json.GetObject()) {
      members += std::string(member.name.GetString()) + " ";
    }
    EXPECT_EQ(members,
              "schema_version snapshot_id collected_at id check verdict level account_id region "
              "resource detail evidence requirements related first_seen waived unanswered ");
  }
}

// What a line says of a finding is what the JSON report says, whatever the finding.
TEST(JsonLines, AgreeWithTheJsonReport) {
  const Report report = sample::report();
  const Json whole = parse_json(render("json", report));
  const auto lines = lines_of(report);
  for (rapidjson::SizeType i = 0; i < lines.size(); ++i) {
    const Json line = parse_json(lines[i]);
    EXPECT_EQ(line["schema_version"], whole["schema_version"]);
    EXPECT_EQ(line["snapshot_id"], whole["snapshot"]["id"]);
    EXPECT_EQ(line["collected_at"], whole["snapshot"]["collected_at"]);
    for (const auto* name : {"id", "check", "verdict", "level", "account_id", "region", "resource",
                             "detail", "evidence", "requirements", "related", "first_seen", "waived"}) {
      EXPECT_EQ(line[name], whole["findings"][i][name]) << name << " of " << lines[i];
    }
    std::string unanswered;
    for (const auto& call : whole["findings"][i]["calls"].GetArray()) {
      if (text_or_empty(call, "outcome") != "ok") unanswered += to_text(call);
    }
    EXPECT_EQ(to_text(line["unanswered"]), "[" + unanswered + "]");
  }
}

TEST(JsonLines, TellOfAnyNumberOfUnansweredCalls) {
  auto parts = sample::parts();
  parts.findings.resize(1);
  parts.findings[0].unanswered.assign(3, sample::call(sample::kFirst, "s3", "ListBuckets"));
  EXPECT_EQ(parse_json(lines_of(parts.made()).at(0))["unanswered"].Size(), 3u);
}

TEST(JsonLines, WhatWasNotSeenBeforeIsFirstSeenInThisSnapshot) {
  auto parts = sample::parts();
  parts.findings[0].first_seen = "";
  const Json json = parse_json(lines_of(parts.made()).at(0));
  EXPECT_EQ(text_or_empty(json, "first_seen"), parts.head.collected_at);
}

TEST(JsonLines, DoNotAskTheLedger) {
  Report report = sample::report();
  report.open_calls = []() -> CallReader { throw std::runtime_error("asked"); };
  EXPECT_NO_THROW(render("jsonl", report));
  EXPECT_THROW(render("json", report), std::runtime_error);
}

}  // namespace
}  // namespace ciswatch
