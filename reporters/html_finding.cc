#include <algorithm>

#include "core/base/text.h"
#include "reporters/html.h"

namespace ciswatch::html {
namespace {

// Bounds for one finding, which is text from strangers; the JSON report has all of it.
constexpr std::size_t kLongestText = 2048;
constexpr std::size_t kMostCalls = 50;
constexpr std::size_t kFewCalls = 2;  // so many are shown without unfolding

std::string capped(std::string_view text) { return markup(shortened(text, kLongestText)); }

bool belongs(const Finding& finding, Shelf shelf) {
  switch (shelf) {
    case Shelf::open:
      return is_open(finding) || finding.waived.has_value();
    case Shelf::passed:
      return !finding.waived && finding.verdict == Verdict::pass;
    case Shelf::not_applicable:
      return !finding.waived && finding.verdict == Verdict::not_applicable;
  }
  return true;
}

std::string class_of(const Finding& finding) {
  return finding.waived ? "waived" : std::string(name_of(finding.verdict));
}

void write_resource(Page& page, const Finding& finding) {
  page.out << "<th scope=\"row\"><code>" << capped(finding.resource) << "</code>";
  if (!finding.region.empty()) page.out << "<span>" << capped(finding.region) << "</span>";
  if (!finding.first_seen.empty()) {
    page.out << "<small>" << words::kFirstSeen.fill(page.language, time_element(finding.first_seen))
             << "</small>";
  }
  page.out << "<small>id " << capped(finding.id) << "</small></th>";
}

void write_evidence(Page& page, const Finding& finding) {
  if (finding.evidence.empty()) return;
  page.out << "<p class=\"label\">" << page.say(words::kEvidence) << "</p><dl class=\"about\">";
  for (const auto& [name, value] : finding.evidence) {
    page.out << "<div><dt>" << capped(name) << "</dt><dd><code>" << capped(plain_value(value))
             << "</code></dd></div>";
  }
  page.out << "</dl>";
}

void write_call(Page& page, const SourceCall& call, const Finding& finding) {
  auto& out = page.out;
  out << "<li><code>" << capped(call.service) << ":" << capped(call.operation) << "</code> ";
  if (call.account_id != finding.account_id) out << capped(call.account_id) << " ";
  out << capped(call.region);
  if (!call.target.empty() && call.target != finding.resource) {
    out << " · <code>" << capped(call.target) << "</code>";
  }
  if (!call.time.empty()) out << " · " << time_element(call.time);
  out << " · ";
  if (is_answered(call)) {
    out << capped(call.outcome);
  } else {
    out << "<strong>" << capped(call.outcome) << "</strong> " << capped(call.code);
    if (!call.message.empty()) out << ": " << capped(call.message);
    if (!call.permission.empty()) {
      out << " · " << page.say(words::kGrant) << ": <code>" << capped(call.permission) << "</code>";
    }
  }
  out << "</li>";
}

void write_calls(Page& page, const Finding& finding, bool answered) {
  std::size_t shown = 0;
  page.out << "<ul class=\"calls\">";
  for (const auto& call : finding.calls) {
    if (is_answered(call) == answered && shown++ < kMostCalls) write_call(page, call, finding);
  }
  if (shown > kMostCalls) {
    page.out << "<li>" << words::kMore.fill(page.language, shown - kMostCalls) << "</li>";
  }
  page.out << "</ul>";
}

// Calls without an answer are always in sight; many answered ones are folded.
void write_sources(Page& page, const Finding& finding) {
  if (finding.calls.empty()) return;
  const auto answered = static_cast<std::size_t>(
      std::count_if(finding.calls.begin(), finding.calls.end(), is_answered));
  page.out << "<p class=\"label\">" << page.say(words::kSources) << "</p>";
  if (answered < finding.calls.size()) write_calls(page, finding, false);
  if (answered > kFewCalls) {
    page.out << "<details><summary class=\"soft\">"
             << words::kSourcesMany.fill(page.language, answered) << "</summary>";
    write_calls(page, finding, true);
    page.out << "</details>";
  } else if (answered > 0) {
    write_calls(page, finding, true);
  }
}

void write_finding(Page& page, const Finding& finding) {
  page.out << "<tr class=\"k " << class_of(finding) << "\"><td>"
           << chip(page, finding.verdict, finding.waived.has_value()) << "</td>";
  write_resource(page, finding);
  page.out << "<td><p>" << capped(finding.detail) << "</p>";
  if (finding.waived) {
    const auto& waiver = *finding.waived;
    page.out << "<p>"
             << words::kWaivedUntil.fill(page.language, capped(waiver.expires),
                                         capped(waiver.owner), capped(waiver.reason))
             << "</p>";
  }
  write_evidence(page, finding);
  write_sources(page, finding);
  page.out << "</td></tr>\n";
}

void write_table(Page& page, const Section& section, Shelf shelf, const std::string& classes) {
  page.out << "<table class=\"list k" << classes << "\"><thead><tr><th scope=\"col\" class=\"c1\">"
           << page.say(words::kVerdict) << "</th><th scope=\"col\" class=\"c2\">"
           << page.say(words::kResource) << "</th><th scope=\"col\">" << page.say(words::kFound)
           << "</th></tr></thead><tbody>\n";
  for (const auto& group : section.groups) {
    for (const auto& finding : group.findings) {
      if (belongs(finding, shelf)) write_finding(page, finding);
    }
  }
  page.out << "</tbody></table>\n";
}

std::string_view heading_of(std::string_view name) {
  if (name == "cli") return "AWS CLI";
  if (name == "cloudformation") return "CloudFormation";
  if (name == "terraform") return "Terraform";
  return name;
}

}  // namespace

void write_findings(Page& page, const Section& section, Shelf shelf) {
  std::set<std::string> kinds;
  std::size_t count = 0;
  for (const auto& group : section.groups) {
    for (const auto& finding : group.findings) {
      if (!belongs(finding, shelf)) continue;
      kinds.insert(class_of(finding));
      ++count;
    }
  }
  if (count == 0) return;
  std::string classes;
  for (const auto& kind : kinds) classes += " " + kind;
  if (shelf == Shelf::open) {
    write_table(page, section, shelf, classes);
    return;
  }
  const Verdict verdict = shelf == Shelf::passed ? Verdict::pass : Verdict::not_applicable;
  page.out << "<details class=\"k" << classes << "\"><summary>" << chip(page, verdict) << " "
           << page.say(words::kFindings) << ": " << count << "</summary>\n";
  write_table(page, section, shelf, classes);
  page.out << "</details>\n";
}

void write_fix(Page& page, const CheckText& check) {
  if (check.remediation.empty()) return;
  auto& out = page.out;
  const std::string anchor = "fix-" + markup(check.id);
  const bool first = page.recipes.insert(check.id).second;
  out << "<div class=\"fix\"" << (first ? " id=\"" + anchor + "\"" : "") << "><h4>"
      << page.say(words::kHowToFix) << "</h4>";
  bool recipes = false;
  for (const auto& [name, text] : check.remediation) {
    if (name == "text") {
      out << "<p class=\"text\">" << markup_lines(trim(text)) << "</p>";
    } else if (first) {
      out << "<details><summary>" << markup(heading_of(name)) << "</summary><pre tabindex=\"0\">"
          << markup_lines(trim(text)) << "</pre></details>";
    } else {
      recipes = true;
    }
  }
  if (recipes) {
    out << "<p><a href=\"#" << anchor << "\">" << page.say(words::kRecipesAbove) << "</a></p>";
  }
  out << "</div>\n";
}

}  // namespace ciswatch::html
