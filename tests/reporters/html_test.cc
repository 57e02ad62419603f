#include "reporters/html.h"

#include <cmath>
#include <map>
#include <regex>
#include <set>

#include "core/base/crypto.h"
#include "tests/reporters/rendering.h"
#include "tests/reporters/sample_report.h"

namespace ciswatch {
namespace {

std::string attribute(const Tag& tag, std::string_view name) {
  for (const auto& [found, value] : tag.attributes) {
    if (found == name) return value;
  }
  return "";
}

TEST(HtmlReport, CarriesAPolicyThatAllowsItsOwnStyleAndNothingElse) {
  const std::string page = render("html", sample::report());
  const auto begin = page.find("<style>") + 7;
  const std::string css = page.substr(begin, page.find("</style>") - begin);
  EXPECT_NE(
      page.find(
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
          "'sha256-" +
          base64(bytes_of(sha256(css))) + "'; base-uri 'none'; form-action 'none'\">"),
      std::string::npos);
  EXPECT_LT(page.find("Content-Security-Policy"), page.find("<style>"));
  EXPECT_EQ(occurrences(page, "<style"), 1u);
}

TEST(HtmlReport, LoadsAndRunsNothing) {
  std::set<std::string> names;
  for (const auto& tag : TagReader(render("html", sample::report())).read()) {
    names.insert(tag.name);
    for (const auto& [name, value] : tag.attributes) {
      EXPECT_NE(name, "style") << tag.name;
      EXPECT_NE(name, "src") << tag.name;
      EXPECT_NE(name.substr(0, 2), "on") << tag.name;
      if (name == "href") {
        EXPECT_EQ(value.front(), '#') << value;
      }
    }
  }
  for (const auto* name : {"script", "link", "img", "iframe", "object", "embed", "base", "form"}) {
    EXPECT_FALSE(names.contains(name)) << name;
  }
  const std::string css(html::style_sheet());
  EXPECT_EQ(css.find("url("), std::string::npos);
  EXPECT_EQ(css.find("@import"), std::string::npos);
}

TEST(HtmlReport, LinksLeadSomewhereAndIdsAreUnique) {
  std::set<std::string> ids;
  std::vector<std::string> targets;
  for (const auto& tag : TagReader(render("html", sample::report())).read()) {
    if (const auto id = attribute(tag, "id"); !id.empty()) {
      EXPECT_TRUE(ids.insert(id).second) << id;
    }
    for (const auto* name : {"href", "aria-labelledby"}) {
      if (auto target = attribute(tag, name); !target.empty()) {
        targets.push_back(target.front() == '#' ? target.substr(1) : target);
      }
    }
  }
  EXPECT_GT(targets.size(), 20u);
  for (const auto& target : targets) EXPECT_TRUE(ids.contains(target)) << target;
}

TEST(HtmlReport, TagsAreBalanced) {
  const std::set<std::string> empty = {"meta", "br", "input", "rect"};
  std::vector<std::string> open;
  for (const auto& tag : TagReader(render("html", sample::report())).read()) {
    if (empty.contains(tag.name)) continue;
    if (tag.name.front() != '/') {
      open.push_back(tag.name);
      continue;
    }
    ASSERT_FALSE(open.empty()) << tag.name;
    ASSERT_EQ("/" + open.back(), tag.name);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
}

TEST(HtmlReport, HeadingsComeInOrderAndHeaderCellsSayWhatTheyHead) {
  int level = 0;
  for (const auto& tag : TagReader(render("html", sample::report())).read()) {
    if (tag.name == "th") {
      EXPECT_FALSE(attribute(tag, "scope").empty());
    }
    if (tag.name.size() == 2 && tag.name[0] == 'h' && std::isdigit(tag.name[1])) {
      const int next = tag.name[1] - '0';
      EXPECT_LE(next, level + 1) << tag.name;
      level = next;
    }
  }
}

TEST(HtmlReport, ShowsEveryFindingOnce) {
  const auto parts = sample::parts();
  const std::string page = render("html", parts.made());
  for (const auto& finding : parts.findings) {
    EXPECT_EQ(occurrences(page, "<small>id " + finding.id + "</small>"), 1u) << finding.id;
  }
}

TEST(HtmlReport, ShowsEvidenceCallsAndTheActionToGrant) {
  const std::string page = render("html", sample::report());
  for (const auto* part :
       {"<dt>home_region</dt><dd><code>us-east-1</code></dd>",
        "<code>s3:GetBucketAcl</code> us-east-1 · <time "
        "datetime=\"2026-11-22T01:58:07Z\">2026-11-22 "
        "01:58:07Z</time> · ok",
        "<strong>denied</strong> AccessDeniedException: User: "
        "arn:aws:iam::111111111111:role/auditor is not "
        "authorized · IAM action to grant: <code>s3:GetBucketPolicyStatus</code>",
        "What could not be read", "<strong>99.2 % of 255 reads were answered</strong>",
        "EnableLogFileValidation: true", "waived until 2027-01-31 by payments",
        "rotated by hand (SEC-142)", "<span class=\"chip waived\">1 waived</span>",
        "Waived findings, which never trip the gate: 1"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
}

TEST(HtmlReport, NamesNoActionToGrantWhereNoPermissionIsMissing) {
  for (const auto* outcome : {"denied", "disabled", "throttled", "failed", "not_tried"}) {
    auto parts = sample::parts();
    for (auto& finding : parts.findings) {
      for (auto& call : finding.unanswered) call.outcome = outcome;
    }
    const bool named = render("html", parts.made()).find("IAM action to grant: ") != std::string::npos;
    EXPECT_EQ(named, outcome == std::string_view("denied")) << outcome;
  }
}

TEST(HtmlReport, WritesRecipesAtTheFirstFindingsOfACheckAndWordsForTheRest) {
  auto parts = sample::parts();
  const Finding one = parts.findings[1];
  const auto page_with = [&](std::string_view account, int count) {
    for (int i = 0; i < count; ++i) {
      parts.findings.push_back(one);
      parts.findings.back().account_id = account;
    }
    return render("html", parts.made());
  };
  std::string page = page_with(sample::kSecond, 19);
  EXPECT_EQ(occurrences(page, "EnableLogFileValidation: true"), 20u);
  EXPECT_EQ(occurrences(page, "--name arn:aws:cloudtrail:us-east-1:111111111111:trail/audit --region"), 20u);
  EXPECT_EQ(occurrences(page, "It costs nothing."), 20u);
  EXPECT_EQ(page.find("Commands and templates stand at the first"), std::string::npos);
  page = page_with(sample::kSecond, 5);
  EXPECT_EQ(occurrences(page, "EnableLogFileValidation: true"), 20u);
  EXPECT_EQ(occurrences(page, "It costs nothing."), 21u);
  EXPECT_EQ(occurrences(page, "Commands and templates stand at the first 20 such findings"), 1u);
}

TEST(HtmlReport, AThousandFindingsStaySmall) {
  auto parts = sample::parts();
  const std::size_t before = render("html", parts.made()).size();
  const Finding one = parts.findings[4];
  for (int i = 0; i < 1000; ++i) parts.findings.push_back(one);
  EXPECT_LT(render("html", parts.made()).size() - before, 1000u * 450);
}

// Findings of one section, `count` like the sample's n-th.
std::string page_with_many(std::size_t n, std::size_t count) {
  auto parts = sample::parts();
  auto one = parts.findings[n];
  one.evidence.clear();
  one.id = "again";
  parts.findings.insert(parts.findings.begin() + static_cast<std::ptrdiff_t>(n), count, one);
  return render("html", parts.made());
}

TEST(HtmlReport, CutsWhatPassesAndSaysSo) {
  const std::string page = page_with_many(2, 1200);
  EXPECT_EQ(occurrences(page, "<small>id again</small>"), 1000u);
  EXPECT_EQ(occurrences(page, "<p>… and 201 more (in the JSON report)</p>"), 1u);
  EXPECT_NE(page.find("Findings: 1201</summary>"), std::string::npos);
  // What is wrong in the same section is not cut with it.
  EXPECT_NE(page.find("<small>id f1001</small>"), std::string::npos);
}

TEST(HtmlReport, ShowsTenThousandThatAreWrong) {
  const std::string page = page_with_many(3, 10'005);
  EXPECT_EQ(occurrences(page, "<small>id again</small>"), 10'000u);
  EXPECT_EQ(occurrences(page, "<p>… and 6 more (in the JSON report)</p>"), 1u);
}

TEST(HtmlReport, BoundsTheListOfWhatCouldNotBeRead) {
  auto parts = sample::parts();
  auto& finding = parts.findings[18];
  ASSERT_EQ(finding.verdict, Verdict::unknown);
  const auto call = finding.unanswered[0];
  const auto list = [&](std::size_t calls) {
    finding.unanswered.assign(calls, call);
    for (std::size_t i = 0; i < calls; ++i) finding.unanswered[i].target = std::to_string(i / 2);
    const std::string page = render("html", parts.made());
    const auto begin = page.find("<div class=\"unread\">", page.find("id=\"a2\""));
    return page.substr(begin, page.find("</div>\n", page.find("</table>", begin)) - begin);
  };
  EXPECT_EQ(occurrences(list(400), "<tr><th scope=\"row\">"), 200u);
  EXPECT_EQ(list(400).find("more"), std::string::npos);
  EXPECT_EQ(occurrences(list(402), "<tr><th scope=\"row\">"), 200u);
  EXPECT_NE(list(402).find("<p>… and 1 more (in the JSON report)</p>"), std::string::npos);
  EXPECT_NE(list(30'000).find("… and at least 9800 more"), std::string::npos);
}

TEST(HtmlReport, SpeaksJapanese) {
  const std::string page = render("html", sample::report(), {.language = Language::ja});
  EXPECT_NE(page.find("<html lang=\"ja\">"), std::string::npos);
  for (const auto* word :
       {"重要", "注意", "正常", "不明", "対象外", "対処方法", "読み取れなかったもの"}) {
    EXPECT_NE(page.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(page.find("How to fix"), std::string::npos);
  EXPECT_EQ(skeleton(page), skeleton(render("html", sample::report())));
}

double luminance(const std::string& colour) {
  double sum = 0;
  const double weight[] = {0.2126, 0.7152, 0.0722};
  for (std::size_t i = 0; i < 3; ++i) {
    const double c = std::stoi(colour.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    sum += weight[i] * (c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
  }
  return sum;
}

double contrast(const std::string& a, const std::string& b) {
  const double light = std::max(luminance(a), luminance(b));
  const double dark = std::min(luminance(a), luminance(b));
  return (light + 0.05) / (dark + 0.05);
}

TEST(HtmlReport, TextStandsOutFromItsGroundInBothSchemes) {
  const std::string css(html::style_sheet());
  const std::regex variable("--([a-z-]+): (#[0-9a-f]{6});");
  std::vector<std::map<std::string, std::string>> schemes(2);
  const auto dark = css.find("prefers-color-scheme: dark");
  for (std::sregex_iterator found(css.begin(), css.end(), variable), end; found != end; ++found) {
    schemes[static_cast<std::size_t>(found->position()) > dark][(*found)[1]] = (*found)[2];
  }
  for (auto& colours : schemes) {
    ASSERT_EQ(colours.size(), 16u);
    for (const auto* ground : {"ground", "raised"}) {
      for (const auto* ink : {"ink", "soft", "link", "critical", "warn", "unknown"}) {
        EXPECT_GE(contrast(colours[ink], colours[ground]), 4.5) << ink << " on " << ground;
      }
    }
    for (const std::string verdict : {"critical", "warn", "unknown", "pass", "none"}) {
      EXPECT_GE(contrast(colours[verdict], colours[verdict + "-bg"]), 4.5) << verdict;
    }
  }
}

}  // namespace
}  // namespace ciswatch
