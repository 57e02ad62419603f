// What a waiver file may say, which findings it marks, and what is found about waivers themselves.

#include "rules/waivers.h"

#include <gtest/gtest.h>

#include "rules/waiving.h"
#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

constexpr std::string_view kVpcs =
    "select account_id, region, vpc_id as resource, is_default as ok, 'd' as detail from aws_vpc";

Library library() {
  return rig::library({rig::check("keys", Scope::account,
                                  "select account_id, region, account_id as resource, 1 as ok,"
                                  " 'd' as detail from aws_account"),
                       rig::check("vpcs", Scope::resource, std::string(kVpcs), Level::critical)},
                      {rig::pack("pack", {{"1.1", {"vpcs", "keys"}}, {"1.2", {"vpcs"}}, {"1.3", {}}})});
}

// A waiver of vpcs with these fields instead of, or beside, its own.
std::string waiver(const std::map<std::string, std::string>& fields) {
  std::map<std::string, std::string> all = {
      {"check", "vpcs"}, {"owner", "o"}, {"reason", "r"}, {"expires", "2027-01-31"}};
  for (const auto& [name, value] : fields) all[name] = value;
  std::string text;
  for (const auto& [name, value] : all) {
    if (value != "-") text += fmt::format("{}{}: {}\n", text.empty() ? "- " : "  ", name, value);
  }
  return text;
}

class Loader : public testing::Test {
 protected:
  // The diagnostics, "line:column: text" each.
  std::string told(const std::string& text, const std::string& second = "") {
    std::vector<std::filesystem::path> files = {folder_.write("w.yaml", text)};
    if (!second.empty()) files.push_back(folder_.write("w2.yaml", second));
    std::vector<Diagnostic> diagnostics;
    entries_ = read_waivers(files, library_, diagnostics);
    std::string all;
    for (const auto& diagnostic : diagnostics) {
      all += to_text(diagnostic) + "\n";
    }
    const auto prefix = folder_.path().string() + "/";
    for (auto at = all.find(prefix); at != std::string::npos; at = all.find(prefix)) {
      all.erase(at, prefix.size());
    }
    return all;
  }

  rig::Folder folder_;
  Library library_ = library();
  std::vector<WaiverEntry> entries_;
};

using WaiverLoader = Loader;

TEST_F(WaiverLoader, ReadsEveryField) {
  EXPECT_EQ(told("max_days: 30\nwarn_days: 3\nmax_findings: 2\nwaivers:\n"
                 "- check: pack/1.1\n  account: \"11*\"\n  region: eu-*\n  resource: vpc-*-a\n"
                 "  owner: net\n  reason: |\n    in two\n    lines\n  ticket: T-1\n"
                 "  expires: 2026-12-01\n"),
            "");
  ASSERT_EQ(entries_.size(), 1u);
  const auto& entry = entries_[0];
  EXPECT_EQ(entry.check, "pack/1.1");
  EXPECT_EQ(entry.checks, (std::vector<std::string>{"keys", "vpcs"}));
  EXPECT_EQ(entry.account + " " + entry.region + " " + entry.resource, "11* eu-* vpc-*-a");
  EXPECT_EQ(entry.waiver.owner + "," + entry.waiver.reason + "," + entry.waiver.ticket + "," +
                entry.waiver.expires,
            "net,in two lines,T-1,2026-12-01");
  EXPECT_EQ(iso8601(entry.last_day), "2026-12-01T00:00:00Z");
  EXPECT_EQ(entry.limits.max_days, 30);
  EXPECT_EQ(entry.limits.warn_days, 3);
  EXPECT_EQ(entry.limits.max_findings, 2u);
  EXPECT_EQ(entry.place.line, 5);
}

TEST_F(WaiverLoader, TakesWhatIsLeftOutForAny) {
  EXPECT_EQ(told("waivers:\n" + waiver({})), "");
  EXPECT_EQ(entries_[0].account + entries_[0].region + entries_[0].resource, "***");
  EXPECT_EQ(entries_[0].limits.max_days, 180);
  EXPECT_EQ(entries_[0].limits.warn_days, 14);
}

TEST_F(WaiverLoader, NamesEachMistakeAndItsPlace) {
  struct Case {
    std::string text, told;
  };
  const std::string place = "w.yaml:2:10: ";
  const Case cases[] = {
      {"", "w.yaml:1:1: the file is empty\n"},
      {"a: [", "w.yaml:1:1: not YAML: end of sequence flow not found\n"},
      {"- 1\n", "w.yaml:1:1: a waiver file must be a map, this is a list\n"},
      {"waivers: 1\n", "w.yaml:1:10: 'waivers' must be a list, this is a text\n"},
      {"waivers: [1]\n", "a waiver must be a map, this is a text\n"},
      {"waiver: 1\nwaivers: []\n",
       "w.yaml:1:1: a waiver file has no field 'waiver', did you mean 'waivers'?\n"},
      {"max_days: 1x\nwaivers: []\n", "w.yaml:1:11: 'max_days' is a number from 0 to 3650\n"},
      {"max_days: -1\nwaivers: []\n", "w.yaml:1:11: 'max_days' is a number from 0 to 3650\n"},
      {"max_days: 4000\nwaivers: []\n", "w.yaml:1:11: 'max_days' is a number from 0 to 3650\n"},
      {"waivers:\n" + waiver({{"check", "vpc"}}),
       place + "there is no check 'vpc', did you mean 'vpcs'? (a waiver names one check, or one "
               "requirement as PACK/NUMBER)\n"},
      {"waivers:\n" + waiver({{"check", "\"*\""}}), "there is no check '*'"},
      {"waivers:\n" + waiver({{"check", "pac/1.1"}}),
       place + "there is no pack 'pac', did you mean 'pack'?\n"},
      {"waivers:\n" + waiver({{"check", "pack/1.4"}}),
       place + "pack has no requirement '1.4', did you mean '1.1'?\n"},
      {"waivers:\n" + waiver({{"check", "pack/1.3"}}),
       place + "the requirement 1.3 of pack has no check\n"},
      {"waivers:\n" + waiver({{"check", "-"}}), "a waiver needs the field 'check'\n"},
      {"waivers:\n" + waiver({{"owner", "-"}}), "a waiver needs the field 'owner'\n"},
      {"waivers:\n" + waiver({{"reason", "\" \""}}), "'reason' is empty\n"},
      {"waivers:\n" + waiver({{"expires", "-"}}), "a waiver needs the field 'expires'\n"},
      {"waivers:\n" + waiver({{"expires", "2027-02-29"}}),
       "w.yaml:3:12: '2027-02-29' is no day; write it as 2027-01-31\n"},
      {"waivers:\n" + waiver({{"expires", "2027-1-31"}}), "is no day"},
      {"waivers:\n" + waiver({{"expires", "2027-01-31T00:00:00Z"}}), "is no day"},
      {"waivers:\n" + waiver({{"account", "prod"}}), "w.yaml:2:12: 'prod' is no account: 12 digits"},
      {"waivers:\n" + waiver({{"account", "1234"}}), "'1234' is no account"},
      {"waivers:\n" + waiver({{"account", "\"\""}}), "'account' is empty; leave it out for any\n"},
      {"waivers:\n" + waiver({{"region", "EU"}}), "'EU' is no region"},
      {"waivers:\n" + waiver({{"resource", std::string(3000, 'a')}}), "is longer than 2048 bytes"},
      {"waivers:\n" + waiver({{"reason", std::string(1001, 'a')}}), "is longer than 1000 bytes"},
      {"waivers:\n" + waiver({{"acount", "1"}}),
       "w.yaml:2:3: a waiver has no field 'acount', did you mean 'account'?\n"},
      {"waivers: &a []\n", "anchors (&name) are not allowed"},
  };
  for (const auto& [text, expected] : cases) {
    const auto found = told(text);
    EXPECT_NE(found.find(expected), std::string::npos) << text << "\n" << found;
    EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 1) << text << "\n" << found;
  }
}

// Of two waivers of which one says nothing more, or something else of the same, one is a mistake.
TEST_F(WaiverLoader, RefusesAWaiverThatAnotherMakesNeedless) {
  struct Case {
    std::map<std::string, std::string> first, second;
    std::string told;
  };
  const std::string more = "another waiver waives all that this one does, and more";
  const std::string less = "this waives all that another waiver does, and more";
  const Case cases[] = {
      {{}, {}, "this waiver is there already"},
      {{}, {{"owner", "p"}}, "another waiver of the same findings says something else of them"},
      {{}, {{"expires", "2027-01-30"}}, "another waiver of the same findings says something else"},
      {{{"region", "\"**\""}}, {}, "this waiver is there already"},
      {{}, {{"region", "eu-*"}}, more},
      {{{"region", "eu-*"}}, {}, less},
      {{{"region", "eu-*"}}, {{"region", "eu-w*"}}, more},
      {{{"region", "eu-*"}}, {{"region", "us-*"}}, ""},
      {{{"region", "eu-*"}}, {{"resource", "vpc-1"}}, ""},
      {{{"resource", "a*c"}}, {{"resource", "a*b*c"}}, more},
      {{{"resource", "a*b"}}, {{"resource", "a*c"}}, ""},
      {{{"account", "\"111111111111\""}}, {{"account", "\"1*\""}}, less},
      {{{"check", "pack/1.2"}}, {}, "this waiver is there already"},
      {{{"check", "pack/1.1"}}, {}, more},
      {{{"check", "pack/1.1"}, {"region", "eu-*"}}, {}, ""},
      {{{"check", "keys"}}, {}, ""},
  };
  for (const auto& [first, second, expected] : cases) {
    const auto one = waiver(first), two = waiver(second);
    const auto lines = 2 + std::count(one.begin(), one.end(), '\n');
    const auto there = expected.empty() ? "" : "w.yaml:2:3; keep one of them\n";
    const auto in_one = told("waivers:\n" + one + two);
    EXPECT_EQ(in_one.find(expected.empty() ? "" : fmt::format("w.yaml:{}:3: {}", lines, expected)), 0u)
        << in_one;
    EXPECT_TRUE(in_one.ends_with(there)) << in_one;
    EXPECT_EQ(in_one.empty(), expected.empty()) << in_one << one << two;
    const auto in_two = told("waivers:\n" + one, "waivers:\n" + two);
    EXPECT_EQ(in_two.find(expected.empty() ? "" : "w2.yaml:2:3: " + expected), 0u) << in_two;
  }
}

TEST_F(WaiverLoader, BoundsHowManyThereAre) {
  const auto many = [](std::size_t first, std::size_t last) {
    std::string text = "waivers:\n";
    for (auto i = first; i < last; ++i) {
      text += fmt::format("- {{check: vpcs, resource: v{}, owner: o, reason: r, expires: 2027-01-31}}\n", i);
    }
    return text;
  };
  EXPECT_EQ(told(many(0, 2500), many(2500, kMostWaivers)), "");
  EXPECT_EQ(told(many(0, 2500), many(2500, kMostWaivers + 1)),
            "w2.yaml:2502:3: more than 5000 waivers in all\n");
}

TEST_F(WaiverLoader, LeavesTheIdOfItsFindingsToThem) {
  const auto file = folder_.write("waivers.yaml",
                                  "id: waivers\ntitle: t\nlevel: warn\nscope: account\nwhy: w\n"
                                  "sql: select 1\nremediation: {text: t}\ntests: []\n");
  try {
    load_check(file);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(":1:5: findings about waivers have this id"),
              std::string::npos)
        << error.what();
  }
}

// Two regions with a VPC that is wrong in each and one that passes; a third region that was not read.
class Waived : public Loader {
 protected:
  Waived() {
    rig::Maker maker(folder_.path() / "s.db");
    maker.account();
    for (const auto* region : {"eu-west-1", "us-east-1", "us-west-2"}) maker.region(region);
    maker.vpc("vpc-1", "eu-west-1", std::int64_t{0});
    maker.vpc("vpc-2", "us-east-1", std::int64_t{0});
    maker.vpc("vpc-3", "us-east-1", std::int64_t{1});
    maker.call("aws_vpc", "us-west-2", "denied");
    snapshot_.emplace(maker.finish());
  }

  Report judged(const std::string& waivers, const std::vector<std::string>& checks = {}) {
    EXPECT_EQ(told(waivers), "");
    EvaluateOptions options;
    options.jobs = 1;
    options.waivers = entries_;
    return evaluate(*snapshot_, choose(library_, {}, checks), options);
  }

  // "verdict resource" of the check's findings, "waived verdict resource" of those that are.
  static std::string vpcs(const Report& report) {
    std::string lines;
    for (const auto& finding : rig::findings_of(report)) {
      if (finding.check != "vpcs") continue;
      lines += fmt::format("{}{} {}\n", finding.waived ? "waived " : "", name_of(finding.verdict),
                           finding.resource);
    }
    return lines;
  }

  // Of the first waiver.
  static std::string found(const Report& report) {
    for (const auto& finding : rig::findings_of(report)) {
      if (finding.check != kWaiversCheck) continue;
      return fmt::format("{}: {}", name_of(finding.verdict), finding.detail);
    }
    return "";
  }

  std::string about(const std::map<std::string, std::string>& fields, const std::string& head = "",
                    const std::vector<std::string>& checks = {}) {
    return found(judged(head + "waivers:\n" + waiver(fields), checks));
  }

  std::optional<Snapshot> snapshot_;
};

constexpr std::string_view kOpen = "critical vpc-1\ncritical vpc-2\npass vpc-3\nunknown us-west-2\n";

TEST_F(Waived, MarksWhatIsWrongOrUnknownAndMatches) {
  struct Case {
    std::map<std::string, std::string> waiver;
    std::string_view vpcs;
  };
  const Case cases[] = {
      {{}, "waived critical vpc-1\nwaived critical vpc-2\npass vpc-3\nwaived unknown us-west-2\n"},
      {{{"check", "pack/1.2"}},
       "waived critical vpc-1\nwaived critical vpc-2\npass vpc-3\nwaived unknown us-west-2\n"},
      {{{"check", "keys"}}, kOpen},
      {{{"account", "\"111111111111\""}, {"region", "us-*"}},
       "critical vpc-1\nwaived critical vpc-2\npass vpc-3\nwaived unknown us-west-2\n"},
      {{{"account", "\"222222222222\""}}, kOpen},
      {{{"account", "\"2*\""}}, kOpen},
      {{{"resource", "vpc-*"}},
       "waived critical vpc-1\nwaived critical vpc-2\npass vpc-3\nunknown us-west-2\n"},
      {{{"resource", "vpc"}}, kOpen},
      {{{"resource", "VPC-1"}}, kOpen},
  };
  for (const auto& [fields, expected] : cases) {
    EXPECT_EQ(vpcs(judged("waivers:\n" + waiver(fields))), expected) << waiver(fields);
  }
}

TEST_F(Waived, HoldsToTheEndOfItsLastDayByTheSnapshotsTime) {
  struct Case {
    std::string expires, found;
    bool waives;
  };
  const Case cases[] = {
      {"2026-11-21", "warn: expired with 2026-11-21: it waives nothing any more; 1 finding would be "
                     "waived by it", false},
      {"2026-11-22", "warn: expires 2026-11-22, in 0 days", true},
      {"2026-11-23", "warn: expires 2026-11-23, in 1 day", true},
      {"2026-12-06", "warn: expires 2026-12-06, in 14 days", true},
      {"2026-12-07", "pass: waives 1 finding until 2026-12-07", true},
      {"2027-05-21", "pass: waives 1 finding until 2027-05-21", true},
      {"2027-05-22", "warn: expires 2027-05-22, in 181 days, where 180 are allowed: it waives nothing; "
                     "1 finding would be waived by it", false},
      {"9999-12-31", "where 180 are allowed", false},
      {"0001-01-01", "expired with 0001-01-01", false},
  };
  for (const auto& [expires, told_of, waives] : cases) {
    const auto report = judged("waivers:\n" + waiver({{"expires", expires}, {"resource", "vpc-1"}}));
    EXPECT_NE(found(report).find(told_of), std::string::npos) << expires << " " << found(report);
    EXPECT_EQ(report.findings.tally().counts.waived, waives ? 1u : 0u) << expires;
  }
  // At the day's last second it is the same day.
  WaiverEntry entry;
  entry.last_day = *parse_date("2026-11-22");
  EXPECT_TRUE(in_force(entry, *parse_iso8601("2026-11-22T23:59:59Z")));
  EXPECT_FALSE(in_force(entry, *parse_iso8601("2026-11-23T00:00:00Z")));
}

TEST_F(Waived, SaysOfAWaiverWhatIsWrongWithIt) {
  const std::string unused =
      "warn: waives nothing: no finding that is wrong or unknown is what it names";
  EXPECT_EQ(about({{"resource", "vpc-1"}}), "pass: waives 1 finding until 2027-01-31");
  EXPECT_EQ(about({}), "warn: names no account, region or resource: it waives all of the check, "
                       "everywhere");
  EXPECT_EQ(about({{"account", "\"*\""}, {"region", "\"**\""}}).substr(0, 16), "warn: names no a");
  EXPECT_EQ(about({{"resource", "\"*-*\""}}, "max_findings: 2\n"),
            "warn: waives 3 findings, more than 2");
  EXPECT_EQ(about({{"check", "keys"}, {"account", "\"111111111111\""}}), unused);
  // It may be what could not be read.
  EXPECT_EQ(about({{"resource", "vpc-9"}}),
            "unknown: waives nothing, but of what it names not all could be judged");
  EXPECT_EQ(about({{"account", "\"222222222222\""}}),
            "not_applicable: of accounts or checks that this scan does not judge");
  EXPECT_EQ(about({{"resource", "vpc-1"}}, "", {"keys"}),
            "not_applicable: of accounts or checks that this scan does not judge");
  EXPECT_EQ(about({{"expires", "2026-11-23"}, {"resource", "vpc-1"}}, "warn_days: 0\n"),
            "pass: waives 1 finding until 2026-11-23");
  EXPECT_EQ(about({{"expires", "2026-11-24"}, {"resource", "vpc-1"}}, "max_days: 1\n"),
            "warn: expires 2026-11-24, in 2 days, where 1 are allowed: it waives nothing; 1 finding "
            "would be waived by it");
}

TEST_F(Waived, IsShownWithTheFirstWaiverInForceAndCountsAsUseForAll) {
  const auto report = judged(
      "waivers:\n" +
      waiver({{"owner", "a"}, {"region", "eu-*"}, {"expires", "2026-11-01"}}) +
      waiver({{"owner", "b"}, {"resource", "vpc-1"}}) +
      waiver({{"owner", "c"}, {"account", "\"111111111111\""}}));
  const auto findings = rig::findings_of(report);
  const auto vpc = std::find_if(findings.begin(), findings.end(),
                                [](const Finding& finding) { return finding.resource == "vpc-1"; });
  ASSERT_TRUE(vpc->waived);
  EXPECT_EQ(vpc->waived->owner, "b");
  const auto last = findings.end() - 3;
  EXPECT_EQ(last[0].detail, "expired with 2026-11-01: it waives nothing any more; 1 finding would be "
                            "waived by it");
  EXPECT_EQ(last[1].detail, "waives 1 finding until 2027-01-31");
  EXPECT_EQ(last[2].detail, "waives 3 findings until 2027-01-31");
}

TEST_F(Waived, NeverTripsTheGateAndIsCountedApart) {
  const auto without = judged("waivers: []\n");
  EXPECT_EQ(exit_code(without, {FailOn::critical, false}), 1);
  EXPECT_EQ(without.head.checks.size(), 2u);
  EXPECT_EQ(without.head.account_summaries.size(), 1u);
  // One stays open, one is unknown.
  const auto some = judged("waivers:\n" + waiver({{"resource", "vpc-1"}}));
  EXPECT_EQ(exit_code(some, {FailOn::critical, false}), 1);
  EXPECT_EQ(some.head.account_summaries[0].requirements[1].verdict, Verdict::critical);
  EXPECT_EQ(some.head.account_summaries[0].requirements[1].waived, 1u);
  const auto wrong = judged("waivers:\n" + waiver({{"resource", "vpc-*"}}));
  EXPECT_EQ(exit_code(wrong, {FailOn::critical, false}), 3);
  EXPECT_EQ(exit_code(wrong, {FailOn::critical, true}), 0);
  const auto all = judged("waivers:\n" + waiver({{"account", "\"111111111111\""}}));
  EXPECT_EQ(exit_code(all, {FailOn::unknown, false}), 0);
  EXPECT_EQ(all.findings.tally().counts.waived, 3u);
  const auto& account = all.head.account_summaries[0];
  EXPECT_EQ(account.requirements[1].verdict, Verdict::pass);
  EXPECT_EQ(account.requirements[1].waived, 3u);
  EXPECT_EQ(account.findings.waived, 3u);
  EXPECT_EQ(all.head.summary.waived, 2u);
  EXPECT_EQ(all.head.summary[Verdict::pass], 1u);  // the waivers'
  // A waiver that rots is a finding of level warn.
  const auto rotten = judged("waivers:\n" + waiver({}));
  EXPECT_EQ(exit_code(rotten, {FailOn::critical, false}), 0);
  EXPECT_EQ(exit_code(rotten, {FailOn::warn, false}), 1);
}

TEST_F(Waived, IsOfNoAccountWithAnIdThatHoldsWhenLinesMove) {
  const auto one = judged("waivers:\n" + waiver({{"resource", "vpc-1"}}));
  const auto moved = judged("\n\nmax_days: 90\nwaivers:\n" + waiver({{"resource", "vpc-1"}}));
  const auto first = rig::findings_of(one).back(), second = rig::findings_of(moved).back();
  EXPECT_EQ(first.account_id, "");
  EXPECT_EQ(first.id, second.id);
  EXPECT_EQ(first.resource, (folder_.path() / "w.yaml:2").string());
  EXPECT_EQ(second.resource, (folder_.path() / "w.yaml:5").string());
  EXPECT_EQ(one.head.checks.back().id, kWaiversCheck);
  EXPECT_EQ(one.head.accounts, 1u);
}

// Somebody accepts the state of an account, not that a check was stopped.
TEST_F(Waived, DoesNotExcuseACheckThatCouldNotBeRun) {
  library_.checks[1].sql = "select account_id, region, vpc_id as resource, 7 as ok, 'd' as detail"
                           " from aws_vpc";
  const auto report = judged("waivers:\n" + waiver({{"account", "\"111111111111\""}}));
  EXPECT_EQ(report.findings.tally().counts.waived, 0u);
  EXPECT_EQ(report.findings.tally().counts[Verdict::unknown], 2u);
  EXPECT_EQ(exit_code(report, {FailOn::critical, false}), 3);
  EXPECT_EQ(found(report), "unknown: waives nothing, but of what it names not all could be judged");
}

}  // namespace
}  // namespace ciswatch
