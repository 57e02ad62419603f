#pragma once

// A report with every verdict in two accounts, as the reporters' tests read it. What accounts say
// in it is hostile: markup, control characters, broken UTF-8, direction overrides, very long names.

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/report/report.h"

namespace ciswatch::sample {

using namespace std::string_literals;

inline constexpr std::string_view kFirst = "111111111111";
inline constexpr std::string_view kSecond = "222222222222";

// What a report is made of, to be changed at will before it is made.
struct Parts {
  ReportHead head;
  std::vector<Finding> findings;
  std::map<std::int64_t, SourceCall> calls;  // the ledger

  void answered(Finding& finding, SourceCall call) {
    finding.call_ids.push_back(static_cast<std::int64_t>(calls.size()) + 1);
    calls[finding.call_ids.back()] = std::move(call);
  }

  [[nodiscard]] Report made() const {
    Report report;
    report.head = head;
    for (const auto& finding : findings) report.findings.add(finding);
    auto ledger = std::make_shared<const std::map<std::int64_t, SourceCall>>(calls);
    report.open_calls = [ledger]() -> CallReader {
      return [ledger](std::int64_t id) {
        const auto found = ledger->find(id);
        return found == ledger->end() ? nullptr : &found->second;
      };
    };
    return report;
  }
};

inline SourceCall call(std::string_view account, std::string_view service,
                       std::string_view operation, std::string_view target = "") {
  SourceCall made;
  made.account_id = account;
  made.region = "us-east-1";
  made.service = service;
  made.operation = operation;
  made.target = target;
  made.outcome = "ok";
  made.permission = std::string(service) + ":" + std::string(operation);
  made.time = "2026-11-22T01:58:07Z";
  return made;
}

inline SourceCall denied(SourceCall made, std::string message) {
  made.outcome = "denied";
  made.code = "AccessDeniedException";
  made.message = std::move(message);
  return made;
}

inline CheckText check(std::string id, std::string title, Level level, std::string why,
                       std::string fix, std::string number = "") {
  CheckText made{
      std::move(id), std::move(title), std::move(why), level, {{"text", std::move(fix)}}, {}, {}};
  if (!number.empty()) made.requirements.push_back({"cis-aws-1.2.0", std::move(number)});
  return made;
}

inline void add_checks(ReportHead& head) {
  head.checks.push_back(check(
      "cloudtrail-multi-region", "A trail records every region", Level::critical,
      "An intruder works in the region that nobody watches.", "Make one trail multi-region.",
      "2.1"));
  head.checks.back().related = {{"nist-800-53-r5", {"AU-2", "AU-6(3)"}}};
  auto& validation = head.checks.emplace_back(
      check("cloudtrail-log-file-validation", "CloudTrail log files can be proven unaltered",
            Level::warn, "Without digests nobody can show that a log was not edited afterwards.",
            "Switch log file validation on for each trail.\nIt costs nothing.", "2.2"));
  validation.related = {{"pci-dss-4.0", {"10.3.2", "10.3.3"}}, {"soc-2", {"CC7.3"}}};
  validation.remediation.emplace_back(
      "cli", "aws cloudtrail update-trail \\\n\t--name {{resource}} --region {{home_region}} "
      "--enable-log-file-validation");
  validation.remediation.emplace_back("cloudformation",
                                      "Trail:\n  Type: AWS::CloudTrail::Trail\n  Properties:\n"
                                      "    EnableLogFileValidation: true\n");
  validation.remediation.emplace_back(
      "terraform",
      "resource \"aws_cloudtrail\" \"main\" {\n  enable_log_file_validation = true\n}");
  head.checks.push_back(check("cloudtrail-bucket-not-public", "The log bucket is not public",
                              Level::critical, "Logs tell an attacker what defenders see.",
                              "Block public access to the bucket.", "2.3"));
  head.checks.push_back(check("kms-key-rotation", "Customer keys are rotated", Level::warn,
                              "Rotation bounds what a leaked key can open.",
                              "Enable rotation for each symmetric customer key.", "2.8"));
  head.checks.back().remediation.emplace_back("cli",
                                              "aws kms enable-key-rotation --key-id {{resource}}");
  head.checks.push_back(check("vpc-flow-logs", "Every VPC has flow logs", Level::warn,
                              "Flow logs show who talked to whom.", "Create a flow log.", "2.9"));
  head.checks.push_back(check("house-rule", "House rule <b>outside</b> the packs", Level::warn, "",
                              "Ask the platform team."));
}

inline Finding finding(std::string_view account, std::string_view check, Verdict verdict,
                       std::string resource, std::string detail) {
  Finding made;
  made.check = check;
  made.account_id = account;
  made.region = "us-east-1";
  made.verdict = verdict;
  made.level = check == "cloudtrail-multi-region" || check == "cloudtrail-bucket-not-public"
                   ? Level::critical
                   : Level::warn;
  made.resource = std::move(resource);
  made.detail = std::move(detail);
  made.first_seen = "2026-10-01T02:00:00Z";
  return made;
}

inline std::string arn(std::string_view service, std::string_view account, std::string_view rest) {
  return "arn:aws:" + std::string(service) + ":us-east-1:" + std::string(account) + ":" +
         std::string(rest);
}

inline void add_first_account(Parts& parts) {
  auto& findings = parts.findings;
  auto& trail =
      findings.emplace_back(finding(kFirst, "cloudtrail-multi-region", Verdict::pass,
                                    std::string(kFirst), "trail org-main records every region"));
  trail.evidence = {{"trails", R"(["org-main","audit"])"}, {"logging", "1"}};
  for (const auto* region : {"us-west-2", "eu-west-1", "us-east-1"}) {
    auto made = call(kFirst, "cloudtrail", "DescribeTrails");
    made.region = region;
    parts.answered(trail, made);
  }
  auto& validation = findings.emplace_back(
      finding(kFirst, "cloudtrail-log-file-validation", Verdict::warn,
              arn("cloudtrail", kFirst, "trail/audit"), "log file validation is off"));
  validation.evidence = {{"log_file_validation_enabled", "0"}, {"home_region", R"("us-east-1")"}};
  parts.answered(validation, call(kFirst, "cloudtrail", "DescribeTrails"));
  findings.push_back(finding(kFirst, "cloudtrail-log-file-validation", Verdict::pass,
                             arn("cloudtrail", kFirst, "trail/org-main"),
                             "log file validation is on"));
  auto& bucket = findings.emplace_back(
      finding(kFirst, "cloudtrail-bucket-not-public", Verdict::critical, "audit-logs",
              "the ACL grants READ to <script>alert('AllUsers')</script> & \"friends\" ]]>"));
  bucket.evidence = {{"policy_status", R"({"IsPublic":true})"},
                     {"grantee", R"("http://acs.amazonaws.com/groups/global/AllUsers")"}};
  parts.answered(bucket, call(kFirst, "s3", "GetBucketAcl", "audit-logs"));
  bucket.unanswered.push_back(
      denied(call(kFirst, "s3", "GetBucketPolicyStatus", "audit-logs"),
             "User: arn:aws:iam::111111111111:role/auditor is not authorized"));
  for (int i = 1; i <= 13; ++i) {
    findings.push_back(finding(kFirst, "kms-key-rotation", Verdict::warn,
                               arn("kms", kFirst, "key/" + std::to_string(1000 + i)),
                               "automatic rotation is off"));
  }
  auto& waived =
      findings.emplace_back(finding(kFirst, "kms-key-rotation", Verdict::warn,
                                    arn("kms", kFirst, "key/2000"), "automatic rotation is off"));
  waived.waived = Waiver{"payments", "imported key, rotated by hand", "SEC-142", "2027-01-31"};
}

// Names and answers as somebody who wants to harm the reader of a report would choose them.
inline void add_second_account(Parts& parts) {
  auto& findings = parts.findings;
  auto& trail = findings.emplace_back(
      finding(kSecond, "cloudtrail-multi-region", Verdict::unknown, std::string(kSecond),
              "which trails there are could not be told for eu-west-1"));
  parts.answered(trail, call(kSecond, "cloudtrail", "DescribeTrails"));
  trail.unanswered.push_back(
      denied(call(kSecond, "cloudtrail", "DescribeTrails"),
             "\x1b]0;owned\x07 with an <img src=x onerror=alert(1)> in it"));
  trail.unanswered.back().region = "eu-west-1";
  findings.push_back(finding(kSecond, "cloudtrail-log-file-validation", Verdict::not_applicable,
                             std::string(kSecond), "there is no trail"));
  findings.push_back(finding(kSecond, "kms-key-rotation", Verdict::warn,
                             "key/\x1b[31mred\x1b[0m \"'><script>1</script>", "rotation is off"));
  findings.push_back(finding(kSecond, "kms-key-rotation", Verdict::warn,
                             "key/NUL\0 lone \xFF\xC3 bytes"s,
                             "rotation is off\nand this is a second line"));
  findings.push_back(finding(kSecond, "kms-key-rotation", Verdict::warn,
                             "key/\u202Etxt.exe\u2066 turned", "rotation is off ]]> &amp; \uFFFE"));
  findings.push_back(finding(kSecond, "kms-key-rotation", Verdict::unknown,
                             "key/" + std::string(10'000, 'x'), "whether it rotates is not known"));
  auto& rule = findings.emplace_back(finding(kSecond, "house-rule", Verdict::pass,
                                             std::string(kSecond), "as the house wants it"));
  rule.region = "";
  rule.evidence = {{"tag </td>", R"("\u0000\u202e=cmd|' /C calc'!A0")"}};
}

inline void add_requirements(ReportHead& head) {
  struct Line {
    std::string_view number, title, check;
    Verdict first, second;
    std::size_t in_first, in_second;
  };
  const Line lines[] = {
      {"2.1", "CloudTrail is on in every region", "cloudtrail-multi-region", Verdict::pass,
       Verdict::unknown, 1, 1},
      {"2.2", "Log files are validated", "cloudtrail-log-file-validation", Verdict::warn,
       Verdict::not_applicable, 2, 1},
      {"2.3", "The log bucket is not public", "cloudtrail-bucket-not-public", Verdict::critical,
       Verdict::not_applicable, 1, 0},
      {"2.8", "Customer keys are rotated", "kms-key-rotation", Verdict::warn, Verdict::warn, 14, 4},
      {"2.9", "Flow logs are on in every VPC", "vpc-flow-logs", Verdict::not_applicable,
       Verdict::not_applicable, 0, 0},
  };
  for (const auto& line : lines) {
    head.requirement_texts.push_back({"cis-aws-1.2.0", std::string(line.number),
                                      std::string(line.title), {std::string(line.check)}});
  }
  for (const bool first : {true, false}) {
    auto& account = head.account_summaries.emplace_back();
    account.account_id = first ? kFirst : kSecond;
    for (std::size_t i = 0; i < std::size(lines); ++i) {
      account.requirements.push_back({i, first ? lines[i].first : lines[i].second,
                                      first ? lines[i].in_first : lines[i].in_second,
                                      first && lines[i].number == "2.8" ? 1u : 0u});
    }
  }
}

inline void add_counts(Parts& parts) {
  auto& head = parts.head;
  // The house rule's judgement: it is in no pack.
  ++head.account_summaries[1].judgements[Verdict::pass];
  ++head.summary[Verdict::pass];
  for (auto& account : head.account_summaries) {
    for (const auto& row : account.requirements) {
      ++account.judgements[row.verdict];
      ++head.summary[row.verdict];
    }
    Tally tally;
    for (const auto& finding : parts.findings) {
      if (finding.account_id == account.account_id) tally.add(finding);
    }
    account.findings = tally.counts;
  }
}

inline Parts parts() {
  Parts made;
  auto& head = made.head;
  head.tool_version = "0.1.0";
  head.snapshot_id = "0f3c5e1a9b7d2468";
  head.collected_at = "2026-11-22T02:00:00Z";
  head.collected_by = "arn:aws:sts::111111111111:assumed-role/auditor/nightly";
  head.accounts = 2;
  head.regions = 34;
  head.packs = {{"cis-aws-1.2.0", "CIS AWS Foundations Benchmark 1.2.0"}};
  head.calls = 255;
  head.outcomes = {{"ok", 241}, {"absent", 12}, {"denied", 2}};
  add_checks(head);
  add_requirements(head);
  add_first_account(made);
  add_second_account(made);
  for (std::size_t i = 0; i < made.findings.size(); ++i) {
    made.findings[i].id = "f" + std::to_string(1000 + i);
  }
  add_counts(made);
  return made;
}

inline Report report() { return parts().made(); }

inline Finding about_waiver(Verdict verdict, std::string resource, std::string detail) {
  Finding made = finding("", "waivers", verdict, std::move(resource), std::move(detail));
  made.region.clear();
  made.evidence = {{"check", R"("kms-key-rotation")"}, {"owner", R"("payments")"}, {"findings", "1"}};
  return made;
}

// One account, all faults of whose one requirement are waived, and what is found about waivers.
inline Parts with_waivers() {
  Parts made = parts();
  auto& head = made.head;
  head.accounts = 1;
  head.account_summaries.resize(1);
  auto& account = head.account_summaries[0];
  account.requirements = {{3, Verdict::not_applicable, 1, 1}};
  account.judgements = head.summary = {};
  account.judgements.waived = 1;
  const Finding waived = *std::find_if(made.findings.begin(), made.findings.end(),
                                       [](const Finding& each) { return each.waived.has_value(); });
  made.findings = {waived,
                   about_waiver(Verdict::warn, "waivers.yaml:3",
                                "expires 2026-11-30, in 8 days; waives 1 finding, more than 0"),
                   about_waiver(Verdict::warn, "waivers <b>.yaml:9", "expired with 2026-11-01"),
                   about_waiver(Verdict::pass, "waivers.yaml:15", "waives 1 finding until 2027-01-31")};
  head.checks.push_back(check("waivers", "Waivers are of use", Level::warn,
                              "A waiver that outlives its reason hides the next fault.",
                              "Take away a waiver that waives nothing."));
  auto& of_none = head.account_summaries.emplace_back();
  of_none.judgements[Verdict::warn] = 1;
  of_none.findings[Verdict::warn] = 2;
  of_none.findings[Verdict::pass] = 1;
  head.summary.waived = head.summary[Verdict::warn] = 1;
  return made;
}

}  // namespace ciswatch::sample
