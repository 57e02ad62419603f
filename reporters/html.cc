#include "reporters/html.h"

#include <algorithm>
#include <array>

#include "core/base/crypto.h"
#include "core/base/time.h"
#include "reporters/formats.h"

namespace ciswatch {
namespace html {
namespace {

// In the order in which an auditor reads them.
constexpr std::array kWorstFirst = {Verdict::critical, Verdict::warn, Verdict::unknown,
                                    Verdict::pass, Verdict::not_applicable};

const Words& meaning_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return words::kPassMeans;
    case Verdict::warn:
      return words::kWarnMeans;
    case Verdict::critical:
      return words::kCriticalMeans;
    case Verdict::not_applicable:
      return words::kNotApplicableMeans;
    case Verdict::unknown:
      break;
  }
  return words::kUnknownMeans;
}

void open_document(Page& page) {
  const std::string hash = base64(bytes_of(sha256(style_sheet())));
  page.out << "<!DOCTYPE html>\n<html lang=\"" << (page.language == Language::ja ? "ja" : "en")
           << "\">\n<head>\n<meta charset=\"utf-8\">\n"
           << "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
           << "style-src 'sha256-" << hash << "'; base-uri 'none'; form-action 'none'\">\n"
           << "<meta name=\"referrer\" content=\"no-referrer\">\n"
           << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           << "<title>" << page.say(words::kReportTitle) << " · "
           << markup(page.report.head.collected_at) << "</title>\n<style>" << style_sheet()
           << "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#findings\">"
           << page.say(words::kSkip) << "</a>\n<div class=\"page\">\n";
}

void write_fact(Page& page, const Words& name, const std::string& markup_text) {
  page.out << "<div><dt>" << page.say(name) << "</dt><dd>" << markup_text << "</dd></div>\n";
}

void write_header(Page& page) {
  const auto& head = page.report.head;
  page.out << "<header>\n<p class=\"over\">ciswatch</p>\n<h1>" << page.say(words::kReportTitle)
           << "</h1>\n<p class=\"packs\">";
  for (const auto& pack : head.packs) {
    page.out << (&pack == head.packs.data() ? "" : " · ") << markup(pack.title);
  }
  page.out << "</p>\n<dl class=\"meta\">\n";
  write_fact(page, words::kCollected, time_element(head.collected_at));
  write_fact(page, words::kCollectedBy,
             head.collected_by.empty() ? std::string(page.say(words::kNotKnown))
                                       : "<code>" + markup(head.collected_by) + "</code>");
  write_fact(page, words::kScope, words::kScopeIs.fill(page.language, head.accounts, head.regions));
  write_fact(page, words::kSnapshot, "<code>" + markup(head.snapshot_id) + "</code>");
  write_fact(page, words::kTool, "ciswatch " + markup(head.tool_version));
  page.out << "</dl>\n</header>\n";
}

void write_bar(Page& page, const Counts& counts) {
  std::size_t total = counts.waived;
  for (const auto verdict : kWorstFirst) total += counts[verdict];
  if (total == 0) return;
  page.out << "<svg class=\"bar\" aria-hidden=\"true\" preserveAspectRatio=\"none\" viewBox=\"0 0 "
           << total << " 1\">";
  std::size_t at = 0;
  for (const auto verdict : kWorstFirst) {
    if (counts[verdict] == 0) continue;
    page.out << "<rect class=\"" << name_of(verdict) << "\" x=\"" << at << "\" width=\""
             << counts[verdict] << "\" height=\"1\"/>";
    at += counts[verdict];
  }
  if (counts.waived > 0) {
    page.out << "<rect class=\"waived\" x=\"" << at << "\" width=\"" << counts.waived
             << "\" height=\"1\"/>";
  }
  page.out << "</svg>\n";
}

void write_summary(Page& page) {
  page.out << "<h2>" << page.say(words::kSummary) << "</h2>\n<p class=\"soft\">"
           << page.say(words::kSummaryNote) << "</p>\n";
  write_tiles(page, page.report.head.summary);
  write_bar(page, page.report.head.summary);
  if (const auto waived = page.report.findings.tally().counts.waived; waived > 0) {
    page.out << "<p>" << words::kWaivedInAll.fill(page.language, waived) << "</p>\n";
  }
}

void write_count(Page& page, std::size_t count, std::string_view kind) {
  page.out << "<td class=\"n " << (count == 0 ? "zero" : kind) << "\">" << count << "</td>";
}

void write_counts(Page& page, const Counts& counts) {
  for (const auto verdict : kWorstFirst) write_count(page, counts[verdict], name_of(verdict));
  write_count(page, counts.waived, "waived");
}

void write_count_columns(Page& page) {
  for (const auto verdict : kWorstFirst) {
    page.out << "<th scope=\"col\" class=\"n\">" << page.say(words_of(verdict)) << "</th>";
  }
  page.out << "<th scope=\"col\" class=\"n\">" << page.say(words::kWaived) << "</th>";
}

void write_accounts(Page& page, const Accounts& accounts) {
  auto& out = page.out;
  out << "<h2>" << page.say(words::kAccounts) << "</h2>\n<div class=\"wide\"><table><thead><tr>";
  write_columns(page, {words::kAccount});
  write_count_columns(page);
  out << "</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    out << "<tr><th scope=\"row\"><a href=\"#a" << i + 1 << "\">" 
        << (accounts.id(i).empty() ? std::string(page.say(words::kWaivers)) : markup(accounts.id(i)))
        << "</a></th>";
    const Counts none;
    const auto* summary = accounts.summary(i);
    const Counts& counts = summary != nullptr ? summary->judgements : none;
    write_counts(page, counts);
    out << "</tr>\n";
  }
  out << "</tbody></table></div>\n";
}

// How many accounts have which verdict, for each requirement.
void write_across(Page& page) {
  const auto& texts = page.report.head.requirement_texts;
  if (texts.empty()) return;
  const auto counts = count_across(page.report.head);
  auto& out = page.out;
  out << "<h3>" << page.say(words::kAcrossAccounts)
      << "</h3>\n<div class=\"wide\"><table><thead><tr>";
  write_columns(page, {words::kNumber, words::kRequirement});
  write_count_columns(page);
  out << "</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    out << "<tr><td>" << markup(texts[i].number) << "</td><th scope=\"row\">"
        << markup(texts[i].title) << "</th>";
    write_counts(page, counts[i]);
    out << "</tr>\n";
  }
  out << "</tbody></table></div>\n";
}

void write_coverage(Page& page) {
  const auto& head = page.report.head;
  auto& out = page.out;
  const Coverage coverage = coverage_of(head);
  const std::string sentence =
      words::kAnswered.fill(page.language, percentage(coverage), grouped(coverage.reads));
  out << "<h2>" << page.say(words::kCoverage) << "</h2>\n<p><strong>" << sentence
      << "</strong></p>\n";
  if (coverage.reads > 0) {
    out << "<meter min=\"0\" max=\"" << coverage.reads << "\" value=\"" << coverage.answered
        << "\" aria-label=\"" << page.say(words::kCoverage) << "\">" << sentence << "</meter>\n";
  }
  out << "<p class=\"soft\">" << page.say(words::kCoverageNote) << "</p>\n";
  if (head.closed_reads > 0) {
    out << "<p class=\"soft\">"
        << words::kClosedReads.fill(page.language, grouped(head.closed_reads)) << "</p>\n";
  }
  if (head.outcomes.empty()) return;
  out << "<dl class=\"meta\">\n";
  for (const auto& [outcome, count] : head.outcomes) {
    out << "<div><dt>" << markup(outcome) << "</dt><dd>" << grouped(count) << "</dd></div>\n";
  }
  out << "</dl>\n";
}

void write_filter(Page& page) {
  const auto choice = [&](std::string_view id, const Words& label) {
    page.out << "<label><input type=\"radio\" name=\"show\" id=\"show-" << id << "\""
             << (id == "all" ? " checked" : "") << ">" << page.say(label) << "</label>\n";
  };
  page.out << "<fieldset class=\"filter\"><legend>" << page.say(words::kFilter) << "</legend>\n";
  choice("all", words::kAll);
  for (const auto verdict : kWorstFirst) choice(name_of(verdict), words_of(verdict));
  choice("waived", words::kWaived);
  page.out << "</fieldset>\n";
}

void write_legend(Page& page) {
  auto& out = page.out;
  out << "<footer>\n<h2>" << page.say(words::kLegend)
      << "</h2>\n<div class=\"wide\"><table><thead><tr>";
  write_columns(page, {words::kVerdict, words::kLegendMeaning, words::kInData});
  out << "</tr></thead><tbody>\n";
  for (const auto verdict : kWorstFirst) {
    out << "<tr><th scope=\"row\">" << chip(page, verdict) << "</th><td>"
        << page.say(meaning_of(verdict)) << "</td><td><code>" << name_of(verdict)
        << "</code></td></tr>\n";
  }
  out << "<tr><th scope=\"row\"><span class=\"chip waived\">" << page.say(words::kWaived)
      << "</span></th><td>" << page.say(words::kWaivedMeans)
      << "</td><td><code>waived</code></td></tr>\n</tbody></table></div>\n</footer>\n";
}

}  // namespace

std::string symbol_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "✓";
    case Verdict::warn:
      return "!";
    case Verdict::critical:
      return "✕";
    case Verdict::not_applicable:
      return "–";
    case Verdict::unknown:
      break;
  }
  return "?";
}

std::string chip(const Page& page, Verdict verdict, bool waived) {
  return "<span class=\"chip " + std::string(name_of(verdict)) + (waived ? " waived" : "") +
         "\"><i aria-hidden=\"true\">" + symbol_of(verdict) + "</i>" +
         std::string(page.say(words_of(verdict))) +
         (waived ? " · " + std::string(page.say(words::kWaived)) : "") + "</span>";
}

std::string waived_chip(const Page& page, std::size_t waived) {
  if (waived == 0) return "";
  return " <span class=\"chip waived\">" + words::kCountWaived.fill(page.language, waived) + "</span>";
}

std::string heading_of_account(const Page& page, std::string_view account_id) {
  if (account_id.empty()) return std::string(page.say(words::kWaivers));
  return std::string(page.say(words::kAccount)) + " " + markup(account_id);
}

void write_tiles(Page& page, const Counts& counts) {
  auto& out = page.out;
  out << "<ul class=\"tiles\">\n";
  for (const auto verdict : kWorstFirst) {
    out << "<li" << (counts[verdict] > 0 ? " class=\"" + std::string(name_of(verdict)) + "\"" : "")
        << "><b>" << counts[verdict] << "</b> <i aria-hidden=\"true\">" << symbol_of(verdict)
        << "</i>" << page.say(words_of(verdict)) << "</li>\n";
  }
  if (counts.waived > 0) {
    out << "<li><b>" << counts.waived << "</b> " << page.say(words::kWaived) << "</li>\n";
  }
  out << "</ul>\n";
}

void write_columns(Page& page, std::initializer_list<Words> words) {
  for (const auto& word : words) page.out << "<th scope=\"col\">" << page.say(word) << "</th>";
}

std::string time_element(std::string_view text) {
  const auto time = parse_iso8601(text);
  if (!time) return markup(text);
  const std::string iso = iso8601(*time);
  return "<time datetime=\"" + iso + "\">" + iso.substr(0, 10) + " " + iso.substr(11) + "</time>";
}

}  // namespace html

void write_html(const Report& report, const ReportStyle& style, const Sink& sink) {
  Output out(sink);
  AnsweredCalls calls(report);
  const RecipeBook recipes(report.head, markup_lines);
  html::Page page{report, style.language, out, calls, recipes};
  const Accounts accounts(report);
  html::open_document(page);
  html::write_header(page);
  out << "<main>\n";
  html::write_summary(page);
  if (accounts.named() > 1) {
    html::write_accounts(page, accounts);
    html::write_across(page);
  }
  html::write_coverage(page);
  out << "<div id=\"findings\" tabindex=\"-1\">\n";
  html::write_filter(page);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    html::write_account(page, accounts.arrange(i), i + 1);
  }
  out << "</div>\n</main>\n";
  html::write_legend(page);
  out << "</div>\n</body>\n</html>\n";
  out.finish();
}

}  // namespace ciswatch
