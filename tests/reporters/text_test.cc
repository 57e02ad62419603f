#include "tests/reporters/rendering.h"
#include "tests/reporters/sample_report.h"

namespace ciswatch {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(TextReport, TellsRequirementsFindingsAndTotals) {
  const std::string text = render("text", sample::report());
  EXPECT_TRUE(has(text, "Account 111111111111  1 pass, 2 warn, 1 critical, 1 not applicable\n"));
  EXPECT_TRUE(has(text, "  2.3  critical        The log bucket is not public\n"));
  EXPECT_TRUE(has(text, "fix: Switch log file validation on for each trail.\n"));
  EXPECT_FALSE(has(text, "It costs nothing"));
  EXPECT_TRUE(has(text, "Total  2 pass, 3 warn, 1 critical, 1 unknown, 4 not applicable\n"));
  EXPECT_TRUE(has(text, "Coverage  99.2 % of 255 reads were answered: 241 ok, 12 absent, 2 denied\n"));
}

TEST(TextReport, SaysWhatIsNotCountedSinceItsRegionIsClosed) {
  auto parts = sample::parts();
  parts.head.closed_reads = 1;
  EXPECT_TRUE(has(render("text", parts.made()),
                  "99.6 % of 254 reads were answered: 241 ok, 12 absent, 2 denied (not counted, in "
                  "regions closed on purpose: 1)\n"));
}

TEST(TextReport, CutsLongListsOfFindingsThatAreAlike) {
  const std::string text = render("text", sample::report());
  EXPECT_TRUE(has(text, "key/1010"));
  EXPECT_FALSE(has(text, "key/1011"));
  EXPECT_TRUE(has(text, "… and 3 more (in the JSON or HTML report)\n"));
  // An unknown finding is not like the warnings before it: it is not cut away with them.
  EXPECT_TRUE(has(text, "whether it rotates is not known"));
}

TEST(TextReport, ShowsWaivedFindingsAsWaived) {
  const auto text = render("text", sample::report());
  EXPECT_TRUE(has(text,
                  "waived until 2027-01-31 by payments: imported key, rotated by hand (SEC-142)\n"));
  EXPECT_TRUE(has(text, "Customer keys are rotated  (1 waived)\n"));
  EXPECT_TRUE(has(text, "Waived findings, which never trip the gate: 1\n"));
}

TEST(TextReport, LeavesPassingFindingsToTheTable) {
  EXPECT_FALSE(has(render("text", sample::report()), "trail/org-main"));
}

TEST(TextReport, HasEscapesOnlyWhenColoursAreWanted) {
  EXPECT_FALSE(has(render("text", sample::report()), "\x1b"));
  const std::string coloured = render("text", sample::report(), {.colour = true});
  EXPECT_TRUE(has(coloured, "\x1b[1;31mcritical"));
  // The escapes are ours alone: with them taken away nothing else differs.
  std::string plain;
  for (std::size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\x1b') {
      i = coloured.find('m', i);
    } else {
      plain += coloured[i];
    }
  }
  EXPECT_EQ(plain, render("text", sample::report()));
}

// A fleet of sample accounts: each third is in order, the last one is the worst.
Report fleet(std::size_t accounts) {
  auto parts = sample::parts();
  const auto first = parts.head.account_summaries[0];
  const auto findings = parts.findings;
  parts.head.account_summaries.clear();
  parts.findings.clear();
  for (std::size_t i = 0; i < accounts; ++i) {
    auto& summary = parts.head.account_summaries.emplace_back(first);
    summary.account_id = std::to_string(100'000'000'000 + i);
    if (i % 3 == 0) summary.judgements = {};
    if (i + 1 == accounts) summary.judgements[Verdict::critical] = 7;
    for (std::size_t n = 0; n < 18; ++n) {
      auto& finding = parts.findings.emplace_back(findings[n]);
      finding.account_id = summary.account_id;
      if (i % 3 == 0) finding.verdict = Verdict::pass;
    }
  }
  return parts.made();
}

TEST(TextReport, ShowsTwentyAccountsInFull) {
  const std::string text = render("text", fleet(20));
  EXPECT_EQ(occurrences(text, "\nAccount 1000000000"), 20u);
  EXPECT_FALSE(has(text, "not in order"));
}

TEST(TextReport, SumsUpMoreAccountsThanOneReads) {
  const std::string text = render("text", fleet(21));
  EXPECT_TRUE(has(text, "The 5 accounts with most that is wrong, worst first\n"));
  EXPECT_EQ(occurrences(text, "\nAccount 1000000000"), 5u);
  EXPECT_LT(text.find("\nAccount 100000000020"), text.find("\nAccount 100000000001"));
  EXPECT_FALSE(has(text, "\nAccount 100000000000"));  // nothing is wrong in it
  EXPECT_TRUE(has(text, "key/1003"));
  EXPECT_FALSE(has(text, "key/1004"));
  EXPECT_TRUE(has(text, "… and 10 more (in the JSON or HTML report)\n"));
  EXPECT_TRUE(has(text, "Requirements across the accounts\n"));
  EXPECT_TRUE(has(text, "\n  2.3              21               0               0               0"
                        "               0               0  The log bucket is not public\n"));
  EXPECT_TRUE(has(text, "Accounts that are not in order: 14 of 21\n"));
  EXPECT_TRUE(has(text, "\n  100000000020               7               2               0"
                        "              15\n"));
  EXPECT_TRUE(has(text, "--report html=FILE, json=FILE or jsonl=FILE\n"));
}

TEST(TextReport, StaysShortHoweverManyAccountsThereAre) {
  const std::string text = render("text", fleet(300));
  EXPECT_LT(occurrences(text, "\n"), 300u);
  EXPECT_TRUE(has(text, "Accounts that are not in order: 200 of 300\n"));
  EXPECT_TRUE(has(text, "  … and 160 more accounts (in the JSON or HTML report)\n"));
}

TEST(TextReport, SumsUpInJapanese) {
  const std::string text = render("text", fleet(300), {.language = Language::ja});
  EXPECT_TRUE(has(text, "問題または不明のあるアカウント: 200 / 300\n"));
  for (const auto* word : {"Account ", "wrong", "findings", "more", "Every"}) {
    EXPECT_FALSE(has(text, word)) << word;
  }
}

TEST(TextReport, SpeaksJapanese) {
  const std::string text = render("text", sample::report(), {.language = Language::ja});
  EXPECT_TRUE(has(text, "アカウント 111111111111  1 正常, 2 注意, 1 重要, 1 対象外\n"));
  EXPECT_TRUE(has(text, "  2.1  正常    CloudTrail is on in every region\n"));
  EXPECT_TRUE(has(text, "  2.9  対象外  Flow logs are on in every VPC\n"));
  EXPECT_TRUE(has(text, "読み取り 255 件の 99.2 % に応答あり"));
  for (const auto* word : {"warn", "critical", "Account", "fix:", "more"}) {
    EXPECT_FALSE(has(text, word)) << word;
  }
}

}  // namespace
}  // namespace ciswatch
