#include <pugixml.hpp>
#include <regex>
#include <set>

#include "tests/reporters/rendering.h"
#include "tests/reporters/sample_report.h"

namespace ciswatch {
namespace {

class Junit : public testing::Test {
 protected:
  void load(const Report& report) {
    const std::string text = render("junit", report);
    ASSERT_TRUE(xml_.load_buffer(text.data(), text.size())) << text.substr(0, 500);
  }

  pugi::xml_node suites() { return xml_.child("testsuites"); }

  pugi::xml_node test_case(std::string_view part) {
    for (const auto& suite : suites()) {
      for (const auto& test : suite.children("testcase")) {
        if (std::string_view(test.attribute("name").value()).find(part) != std::string_view::npos) {
          return test;
        }
      }
    }
    return {};
  }

  pugi::xml_document xml_;
};

TEST_F(Junit, CountsAreThoseOfTheCases) {
  load(sample::report());
  unsigned tests = 0, failures = 0, errors = 0;
  for (const auto& suite : suites()) {
    unsigned cases = 0, failed = 0, broken = 0, skipped = 0;
    for (const auto& test : suite.children("testcase")) {
      ++cases;
      failed += !test.child("failure").empty();
      broken += !test.child("error").empty();
      skipped += !test.child("skipped").empty();
    }
    EXPECT_EQ(suite.attribute("tests").as_uint(), cases);
    EXPECT_EQ(suite.attribute("failures").as_uint(), failed);
    EXPECT_EQ(suite.attribute("errors").as_uint(), broken);
    EXPECT_EQ(suite.attribute("skipped").as_uint(), skipped);
    EXPECT_GT(failed * broken * skipped + cases, 0u);
    tests += cases, failures += failed, errors += broken;
  }
  // 24 findings, and four requirements of which there is nothing to judge: 2.9 twice, 2.3 once.
  EXPECT_EQ(tests, sample::report().findings.size() + 3);
  EXPECT_EQ(suites().attribute("tests").as_uint(), tests);
  EXPECT_EQ(suites().attribute("failures").as_uint(), failures);
  EXPECT_EQ(suites().attribute("errors").as_uint(), errors);
}

TEST_F(Junit, NamesAreUniqueInASuiteAndTellAccountRegionAndResource) {
  auto parts = sample::parts();
  // Alike once control characters are replaced and long names are cut.
  for (const auto* name : {"key/\x01", "key/\x02", "key/\x02"}) {
    parts.findings.push_back(parts.findings.back());
    parts.findings.back().resource = name;
    parts.findings.back().region = "eu-west-1";
  }
  load(parts.made());
  for (const auto& suite : suites()) {
    std::set<std::string> names;
    for (const auto& test : suite.children("testcase")) {
      const std::string name = test.attribute("name").value();
      EXPECT_TRUE(names.insert(name).second) << name;
      EXPECT_NE(name.find(suite.attribute("hostname").value()), std::string::npos) << name;
    }
  }
  EXPECT_TRUE(test_case("house-rule key/\uFFFD (222222222222 eu-west-1) #3"));
  EXPECT_TRUE(
      test_case("2.2 cloudtrail-log-file-validation "
                "arn:aws:cloudtrail:us-east-1:111111111111:trail/audit (111111111111 us-east-1)"));
}

TEST_F(Junit, ClassNamesHaveFourSteps) {
  load(sample::report());
  const std::regex steps("aws\\.(111111111111|222222222222)\\.(us-east-1|global)\\.[a-z0-9_-]+");
  for (const auto& suite : suites()) {
    for (const auto& test : suite.children("testcase")) {
      EXPECT_TRUE(std::regex_match(test.attribute("classname").value(), steps))
          << test.attribute("classname").value();
      EXPECT_STREQ(test.attribute("time").value(), "0");
    }
  }
  EXPECT_STREQ(test_case("2.3 cloud").attribute("classname").value(),
               "aws.111111111111.us-east-1.2_3");
}

TEST_F(Junit, VerdictsBecomeFailureErrorAndSkipped) {
  load(sample::report());
  const auto failure = test_case("2.3 cloudtrail-bucket-not-public audit-logs").child("failure");
  EXPECT_STREQ(failure.attribute("type").value(), "critical");
  EXPECT_STREQ(failure.attribute("message").value(),
               "the ACL grants READ to <script>alert('AllUsers')</script> & \"friends\" ]]>");
  const std::string body = failure.child_value();
  EXPECT_NE(body.find("policy_status: {\"IsPublic\":true}"), std::string::npos) << body;
  EXPECT_NE(body.find("fix: Block public access"), std::string::npos) << body;

  EXPECT_STREQ(test_case("trail/audit").child("failure").attribute("type").value(), "warn");
  EXPECT_TRUE(test_case("trail/org-main"));
  EXPECT_TRUE(test_case("trail/org-main").children().empty());

  const auto error = test_case("cloudtrail-multi-region 222222222222").child("error");
  EXPECT_STREQ(
      error.attribute("message").value(),
      "missing permission cloudtrail:DescribeTrails: which trails there are could not be told "
      "for eu-west-1");
  EXPECT_EQ(std::string(error.child_value()).find("fix:"), std::string::npos);
  EXPECT_STREQ(test_case("key/2000").child("skipped").attribute("message").value(),
               "waived until 2027-01-31 by payments: imported key, rotated by hand (SEC-142)");
  EXPECT_STREQ(
      test_case("log-file-validation 222222222222").child("skipped").attribute("message").value(),
      "not applicable: there is no trail");
  EXPECT_STREQ(test_case("2.9 Flow logs").child("skipped").attribute("message").value(),
               "nothing to judge");
}

// A requirement whose row says that something is wrong is never a case that passes.
TEST_F(Junit, ARequirementWithoutFindingsKeepsItsVerdict) {
  for (const auto& [verdict, element] : {std::pair{Verdict::unknown, "error"},
                                         {Verdict::critical, "failure"},
                                         {Verdict::warn, "failure"}}) {
    Report report = sample::report();
    report.head.account_summaries[0].requirements[4].verdict = verdict;
    load(report);
    EXPECT_TRUE(test_case("2.9 Flow logs").child(element)) << element;
  }
}

TEST_F(Junit, SuitesHaveWhatServersReadInTheOrderOfTheSchema) {
  load(sample::report());
  const auto suite = suites().first_child();
  std::string attributes;
  for (const auto& attribute : suite.attributes())
    attributes += std::string(attribute.name()) + " ";
  EXPECT_EQ(attributes, "name tests failures errors skipped time timestamp hostname id package ");
  EXPECT_STREQ(suite.attribute("timestamp").value(), "2026-11-22T02:00:00");
  EXPECT_STREQ(suite.first_child().name(), "properties");
  EXPECT_STREQ(suite.last_child().name(), "system-err");
  EXPECT_STREQ(suite.last_child().previous_sibling().name(), "system-out");
  EXPECT_STREQ(suite.child("properties").child("property").attribute("name").value(),
               "ciswatch.version");
  const auto coverage =
      suite.child("properties").find_child_by_attribute("name", "snapshot.coverage");
  EXPECT_STREQ(coverage.attribute("value").value(), "99.2 % of 255 reads");
}

TEST_F(Junit, NoPermissionIsMissingWhereACallFailedOtherwise) {
  auto parts = sample::parts();
  for (auto& finding : parts.findings) {
    for (auto& call : finding.unanswered) call.outcome = "throttled";
  }
  load(parts.made());
  EXPECT_STREQ(test_case("cloudtrail-multi-region 222222222222").child("error").attribute("message").value(),
               "not readable: which trails there are could not be told for eu-west-1");
}

TEST_F(Junit, LongEvidenceIsCut) {
  auto parts = sample::parts();
  parts.findings[1].evidence = {{"policy", "\"" + std::string(1'000'000, 'p') + "\""}};
  parts.findings[1].detail = std::string(100'000, 'd');
  load(parts.made());
  const auto failure = test_case("trail/audit").child("failure");
  EXPECT_LT(std::string(failure.child_value()).size(), 10'000u);
  EXPECT_LT(std::string(failure.attribute("message").value()).size(), 600u);
}

TEST_F(Junit, AnUnreadableTimeIsStillATime) {
  Report report = sample::report();
  report.head.collected_at = "yesterday";
  load(report);
  EXPECT_STREQ(suites().first_child().attribute("timestamp").value(), "1970-01-01T00:00:00");
}

}  // namespace
}  // namespace ciswatch
