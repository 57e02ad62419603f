#include "core/base/json.h"

#include "core/base/text.h"
#include "tests/reporters/rendering.h"
#include "tests/reporters/sample_report.h"

namespace ciswatch {
namespace {

// "id:s check:s …": the members of an object, in their order, with the kind of each.
std::string shape(const JsonValue& object) {
  std::string members;
  for (const auto& member : object.GetObject()) {
    const auto& value = member.value;
    const char kind = value.IsString()   ? 's'
                      : value.IsUint64() ? 'n'
                      : value.IsObject() ? 'o'
                      : value.IsArray()  ? 'a'
                      : value.IsNull()   ? '0'
                                         : '?';
    members += (members.empty() ? "" : " ") + std::string(member.name.GetString()) + ":" + kind;
  }
  return members;
}

TEST(JsonReport, HasTheSchemasMembersInTheirOrder) {
  const Json json = parse_json(render("json", sample::report()));
  EXPECT_EQ(
      shape(json),
      "schema_version:n tool:o snapshot:o packs:a summary:o finding_counts:o requirements:a "
      "coverage:o findings:a");
  EXPECT_EQ(json["schema_version"].GetInt(), 1);
  EXPECT_EQ(to_text(json["tool"]), R"({"name":"ciswatch","version":"0.1.0"})");
  EXPECT_EQ(shape(json["snapshot"]), "id:s collected_at:s collected_by:s accounts:n regions:n");
  EXPECT_EQ(to_text(json["packs"]), R"(["cis-aws-1.2.0"])");
  EXPECT_EQ(to_text(json["summary"]),
            R"({"pass":2,"warn":3,"critical":1,"unknown":1,"not_applicable":4,"waived":0})");
  EXPECT_EQ(to_text(json["finding_counts"]),
            R"({"pass":3,"warn":17,"critical":1,"unknown":2,"not_applicable":1,"waived":1})");
  EXPECT_EQ(to_text(json["coverage"]), R"({"calls":255,"ok":241,"absent":12,"denied":2})");
  EXPECT_EQ(shape(json["requirements"][0]), "pack:s number:s title:s account_id:s verdict:s waived:n");
  EXPECT_EQ(json["requirements"][3]["waived"].GetInt(), 1);
  EXPECT_EQ(json["requirements"].Size(), 10u);
}

TEST(JsonReport, HasEveryFieldOfEveryFinding) {
  const auto parts = sample::parts();
  const Json json = parse_json(render("json", parts.made()));
  ASSERT_EQ(json["findings"].Size(), parts.findings.size());
  for (rapidjson::SizeType i = 0; i < json["findings"].Size(); ++i) {
    const auto& value = json["findings"][i];
    const Finding& finding = parts.findings[i];
    EXPECT_EQ(shape(value),
              "id:s check:s title:s verdict:s level:s account_id:s region:s resource:s detail:s "
              "evidence:o requirements:a related:o remediation:o first_seen:s waived:" +
                  std::string(finding.waived ? "o" : "0") + " calls:a");
    EXPECT_EQ(text_or_empty(value, "id"), finding.id);
    EXPECT_EQ(text_or_empty(value, "check"), finding.check);
    EXPECT_EQ(text_or_empty(value, "verdict"), name_of(finding.verdict));
    EXPECT_EQ(text_or_empty(value, "level"), name_of(finding.level));
    EXPECT_EQ(text_or_empty(value, "account_id"), finding.account_id);
    EXPECT_EQ(text_or_empty(value, "region"), finding.region);
    EXPECT_EQ(text_or_empty(value, "resource"), valid_utf8(finding.resource));
    EXPECT_EQ(text_or_empty(value, "detail"), valid_utf8(finding.detail));
    EXPECT_EQ(text_or_empty(value, "first_seen"), finding.first_seen);
    EXPECT_EQ(value["evidence"].MemberCount(), finding.evidence.size());
    for (const auto& [name, text] : finding.evidence) {
      EXPECT_EQ(value["evidence"][name], parse_json(text)) << name;
    }
    EXPECT_EQ(value["calls"].Size(), finding.call_ids.size() + finding.unanswered.size());
    EXPECT_EQ(value["requirements"].Size(), finding.check == "house-rule" ? 0u : 1u);
  }
}

TEST(JsonReport, WritesCallsWaiversAndRemediation) {
  const Report report = sample::report();
  const Json json = parse_json(render("json", report));
  for (const auto& finding : json["findings"].GetArray()) {
    const auto verdict = text_or_empty(finding, "verdict");
    const bool to_mend = verdict == "warn" || verdict == "critical";
    EXPECT_EQ(finding["remediation"].MemberCount() > 0, to_mend) << to_text(finding);
  }
  const auto& validation = json["findings"][1];
  EXPECT_EQ(shape(validation["remediation"]), "text:s cli:s cloudformation:s terraform:s");
  EXPECT_EQ(to_text(validation["requirements"]), R"([{"pack":"cis-aws-1.2.0","number":"2.2"}])");
  EXPECT_EQ(to_text(validation["related"]),
            R"({"pci-dss-4.0":["10.3.2","10.3.3"],"soc-2":["CC7.3"]})");
  EXPECT_EQ(to_text(validation["calls"][0]),
            R"({"service":"cloudtrail","operation":"DescribeTrails","region":"us-east-1",)"
            R"("account_id":"111111111111","target":"","outcome":"ok","code":"","message":"",)"
            R"("permission":"cloudtrail:DescribeTrails","time":"2026-11-22T01:58:07Z"})");
  const auto& waived = json["findings"][17];
  EXPECT_EQ(
      to_text(waived["waived"]),
      R"({"owner":"payments","reason":"imported key, rotated by hand","ticket":"SEC-142",)"
      R"("expires":"2027-01-31"})");
}

TEST(JsonReport, FitsRecipesToEachFinding) {
  const Report report = sample::report();
  const Json json = parse_json(render("json", report));
  const auto& findings = json["findings"];
  EXPECT_EQ(text_or_empty(findings[1]["remediation"], "cli"),
            "aws cloudtrail update-trail \\\n\t--name arn:aws:cloudtrail:us-east-1:111111111111:trail/audit "
            "--region us-east-1 --enable-log-file-validation");
  std::size_t by_hand = 0;
  for (const auto& finding : findings.GetArray()) {
    if (text_or_empty(finding, "check") != "kms-key-rotation" || finding["remediation"].ObjectEmpty()) continue;
    const std::string resource(text_or_empty(finding, "resource"));
    const bool plain = resource.starts_with("arn:aws:kms:");
    by_hand += plain ? 0U : 1U;
    EXPECT_EQ(text_or_empty(finding["remediation"], "cli"),
              "aws kms enable-key-rotation --key-id " + (plain ? resource : "RESOURCE"));
    const std::string text(text_or_empty(finding["remediation"], "text"));
    EXPECT_EQ(text.find("\nPut in RESOURCE yourself: ") != std::string::npos, !plain) << text;
  }
  EXPECT_EQ(by_hand, 3U);
}

TEST(JsonReport, PutsAFindingOnALineAndEndsWithALineFeed) {
  const Report report = sample::report();
  const std::string text = render("json", report);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(occurrences(text, "\n{\"id\":"), report.findings.size());
}

TEST(JsonReport, ShowsAnsweredCallsInTheirOrderThenThoseWithoutAnAnswer) {
  auto parts = sample::parts();
  auto& bucket = parts.findings[3];
  auto other = sample::call("000000000000", "zzz", "Z");
  other.region = "zz";
  parts.answered(bucket, other);
  bucket.call_ids.push_back(4711);  // the ledger does not have it
  const auto operations = [&](const Report& report) {
    std::string names;
    const Json json = parse_json(render("json", report));
    for (const auto& call : json["findings"][3]["calls"].GetArray()) {
      names += std::string(text_or_empty(call, "operation")) + " ";
    }
    return names;
  };
  Report report = parts.made();
  EXPECT_EQ(operations(report), "Z GetBucketAcl GetBucketPolicyStatus ");
  report.open_calls = nullptr;
  EXPECT_EQ(operations(report), "GetBucketPolicyStatus ");
}

TEST(JsonReport, WhatWasNotSeenBeforeIsFirstSeenInThisSnapshot) {
  auto parts = sample::parts();
  parts.findings[0].first_seen = "";
  const Json json = parse_json(render("json", parts.made()));
  EXPECT_EQ(text_or_empty(json["findings"][0], "first_seen"), "2026-11-22T02:00:00Z");
  EXPECT_NE(render("html", parts.made()).find("first seen <time datetime=\"2026-11-22T02"),
            std::string::npos);
}

TEST(JsonReport, AlwaysTellsHowManyCallsWereOk) {
  Report report;
  report.head.calls = 3;
  report.head.outcomes = {{"denied", 3}};
  EXPECT_EQ(to_text(parse_json(render("json", report))["coverage"]),
            R"({"calls":3,"ok":0,"denied":3})");
}

}  // namespace
}  // namespace ciswatch
