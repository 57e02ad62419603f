#include <algorithm>
#include <set>
#include <span>

#include "core/base/text.h"
#include "reporters/html.h"

namespace ciswatch::html {
namespace {

// Bounds for one finding, which is text from strangers; the JSON report has all of it.
constexpr std::size_t kLongestText = 2048;
constexpr std::size_t kMostCalls = 50;
constexpr std::size_t kMostFixes = 20;  // findings of a check on the page that have theirs in full
constexpr std::size_t kFewCalls = 2;  // so many are shown without unfolding

// Bounds for one section: of each kind that a reader is to act on, and of the others.
constexpr std::size_t kMostOpen = 10'000;
constexpr std::size_t kMostSettled = 1'000;

std::string capped(std::string_view text) { return markup(shortened(text, kLongestText)); }

std::size_t all_of(const Counts& counts) { return Tally{counts}.all(); }

std::string class_of(const Finding& finding) {
  return finding.waived ? "waived" : std::string(name_of(finding.verdict));
}

void write_resource(Page& page, const Finding& finding) {
  page.out << "<th scope=\"row\"><code>" << capped(finding.resource) << "</code>";
  if (!finding.region.empty()) page.out << "<span>" << capped(finding.region) << "</span>";
  const auto& first_seen =
      finding.first_seen.empty() ? page.report.head.collected_at : finding.first_seen;
  if (!first_seen.empty()) {
    page.out << "<small>" << words::kFirstSeen.fill(page.language, time_element(first_seen))
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

enum class Answered { no, yes };

void write_call(Page& page, const SourceCall& call, const Finding& finding, Answered answered) {
  auto& out = page.out;
  out << "<li><code>" << capped(call.service) << ":" << capped(call.operation) << "</code> ";
  if (call.account_id != finding.account_id) out << capped(call.account_id) << " ";
  out << capped(call.region);
  if (!call.target.empty() && call.target != finding.resource) {
    out << " · <code>" << capped(call.target) << "</code>";
  }
  if (!call.time.empty()) out << " · " << time_element(call.time);
  out << " · ";
  if (answered == Answered::yes) {
    out << capped(call.outcome);
  } else {
    out << "<strong>" << capped(call.outcome) << "</strong> " << capped(call.code);
    if (!call.message.empty()) out << ": " << capped(call.message);
    if (const auto action = action_to_grant(call); !action.empty()) {
      out << " · " << page.say(words::kGrant) << ": <code>" << capped(action) << "</code>";
    }
  }
  out << "</li>";
}

void write_calls(Page& page, const Finding& finding, std::span<const SourceCall> calls,
                 Answered answered) {
  page.out << "<ul class=\"calls\">";
  for (const auto& call : calls.first(std::min(calls.size(), kMostCalls))) {
    write_call(page, call, finding, answered);
  }
  if (calls.size() > kMostCalls) {
    page.out << "<li>" << words::kMore.fill(page.language, calls.size() - kMostCalls) << "</li>";
  }
  page.out << "</ul>";
}

// Calls without an answer are always in sight; many answered ones are folded.
void write_sources(Page& page, const Finding& finding) {
  const auto answered = page.calls.of(finding);
  if (answered.empty() && finding.unanswered.empty()) return;
  page.out << "<p class=\"label\">" << page.say(words::kSources) << "</p>";
  if (!finding.unanswered.empty()) write_calls(page, finding, finding.unanswered, Answered::no);
  if (answered.size() > kFewCalls) {
    page.out << "<details><summary class=\"soft\">"
             << words::kSourcesMany.fill(page.language, answered.size()) << "</summary>";
    write_calls(page, finding, answered, Answered::yes);
    page.out << "</details>";
  } else if (!answered.empty()) {
    write_calls(page, finding, answered, Answered::yes);
  }
}

std::string_view heading_of(std::string_view name) {
  if (name == "cli") return "AWS CLI";
  if (name == "cloudformation") return "CloudFormation";
  if (name == "terraform") return "Terraform";
  return name;
}

// How to mend it, in words and as commands and templates, folded.
void write_recipes(Page& page, const CheckGroup& group, const Finding& finding) {
  const auto fitted = page.recipes.of(group.check).fit(finding);
  if (fitted.empty()) return;
  auto& out = page.out;
  out << "<details class=\"fix\"><summary>" << page.say(words::kHowToFix) << "</summary>";
  for (const auto& [form, text] : fitted) {
    if (form == "text") {
      out << "<p class=\"text\">" << text << "</p>";
    } else {
      out << "<p class=\"label\">" << markup(heading_of(form)) << "</p><pre tabindex=\"0\">" << text
          << "</pre>";
    }
  }
  out << "</details>";
}

// For all findings of a check in a section that have no recipes of their own, by the first of them.
std::string words_alone(Page& page, const CheckGroup& group, const Finding& finding) {
  const auto text = page.recipes.of(group.check).fit("text", finding);
  if (text.empty()) return {};
  return "<div class=\"fix\"><h4>" + std::string(page.say(words::kHowToFix)) + "</h4><p class=\"text\">" +
         text + "</p><p>" + words::kMoreFixes.fill(page.language, kMostFixes) + "</p></div>\n";
}

void write_finding(Page& page, const CheckGroup& group, const Finding& finding) {
  page.out << "<tr class=\"k " << class_of(finding) << "\"><td>"
           << chip(page, finding.verdict, finding.waived.has_value()) << "</td>";
  write_resource(page, finding);
  page.out << "<td><p>" << capped(finding.detail) << "</p>";
  if (finding.waived) {
    const auto& waiver = *finding.waived;
    page.out << "<p>"
             << words::kWaivedUntil.fill(page.language, capped(waiver.expires),
                                         capped(waiver.owner), capped(reason_of(waiver)))
             << "</p>";
  }
  write_evidence(page, finding);
  write_sources(page, finding);
  if (is_wrong(finding) && page.fixes[group.id]++ < kMostFixes) write_recipes(page, group, finding);
  page.out << "</td></tr>\n";
}

// Of the kinds that are wanted, how many may still be written. Waived ones are a kind.
struct Rest {
  explicit Rest(const Counts& wanted, std::size_t most) : counts(wanted) {
    for (auto& count : counts.by_verdict) cut(count, most);
    cut(counts.waived, most);
  }

  bool take(const Finding& finding) {
    auto& count = finding.waived ? counts.waived : counts[finding.verdict];
    if (count == 0) return false;
    --count;
    --left;
    return true;
  }

  Counts counts;
  std::size_t left = 0, hidden = 0;

 private:
  void cut(std::size_t& count, std::size_t most) {
    hidden += count > most ? count - most : 0;
    count = std::min(count, most);
    left += count;
  }
};

void write_table(Page& page, const Section& section, Shelf shelf, const Counts& wanted) {
  page.out << "<table class=\"list k" << kinds_in(wanted)
           << "\"><thead><tr><th scope=\"col\" class=\"c1\">" << page.say(words::kVerdict)
           << "</th><th scope=\"col\" class=\"c2\">" << page.say(words::kResource)
           << "</th><th scope=\"col\">" << page.say(words::kFound)
           << "</th></tr></thead><tbody>\n";
  Rest rest(wanted, shelf == Shelf::open ? kMostOpen : kMostSettled);
  std::string fixes;
  for (const auto& group : section.groups) {
    // A range that has none of them is not read at all.
    if (all_of(counts_on(group.findings.tally().counts, shelf)) == 0) continue;
    bool told = false;
    for (auto at = group.findings.begin(); rest.left > 0 && at != group.findings.end(); ++at) {
      if (!rest.take(*at)) continue;
      write_finding(page, group, *at);
      if (told || !is_wrong(*at) || page.fixes[group.id] <= kMostFixes) continue;
      told = true;
      fixes += words_alone(page, group, *at);
    }
  }
  page.out << "</tbody></table>\n" << fixes;
  if (rest.hidden > 0) {
    page.out << "<p>" << words::kMore.fill(page.language, rest.hidden) << "</p>\n";
  }
}

}  // namespace

std::string kinds_in(const Counts& counts) {
  std::set<std::string_view> kinds;
  for (const auto verdict : kVerdicts) {
    if (counts[verdict] > 0) kinds.insert(name_of(verdict));
  }
  if (counts.waived > 0) kinds.insert("waived");
  std::string classes;
  for (const auto kind : kinds) classes += " " + std::string(kind);
  return classes;
}

Counts counts_on(const Counts& counts, Shelf shelf) {
  Counts wanted;
  switch (shelf) {
    case Shelf::open:
      wanted = counts;
      wanted[Verdict::pass] = wanted[Verdict::not_applicable] = 0;
      break;
    case Shelf::passed:
      wanted[Verdict::pass] = counts[Verdict::pass];
      break;
    case Shelf::not_applicable:
      wanted[Verdict::not_applicable] = counts[Verdict::not_applicable];
      break;
  }
  return wanted;
}

void write_findings(Page& page, const Section& section, Shelf shelf) {
  const Counts wanted = counts_on(tally_of(section).counts, shelf);
  const std::size_t count = all_of(wanted);
  if (count == 0) return;
  if (shelf == Shelf::open) {
    write_table(page, section, shelf, wanted);
    return;
  }
  const Verdict verdict = shelf == Shelf::passed ? Verdict::pass : Verdict::not_applicable;
  page.out << "<details class=\"k" << kinds_in(wanted) << "\"><summary>" << chip(page, verdict)
           << " " << page.say(words::kFindings) << ": " << count << "</summary>\n";
  write_table(page, section, shelf, wanted);
  page.out << "</details>\n";
}

}  // namespace ciswatch::html
