#include <functional>
#include <vector>

#include "core/base/text.h"
#include "reporters/html.h"

namespace ciswatch::html {
namespace {

constexpr std::size_t kMostUnread = 200;   // rows of the list of calls without an answer
constexpr std::size_t kMostTold = 10'000;  // of them, so many are told apart to be counted

std::string anchor_of(std::size_t account, std::size_t section) {
  return "a" + std::to_string(account) + "-" + std::to_string(section + 1);
}

void write_requirements(Page& page, const AccountPart& part, std::size_t account) {
  auto& out = page.out;
  out << "<h3>" << page.say(words::kRequirements)
      << "</h3>\n<div class=\"wide\"><table><thead><tr>";
  write_columns(page, {words::kNumber, words::kRequirement, words::kLevel, words::kVerdict});
  out << "<th scope=\"col\" class=\"n\">" << page.say(words::kFindings)
      << "</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < part.sections.size(); ++i) {
    const auto& section = part.sections[i];
    const Level level = level_of(section, page.report);
    const Words& level_word =
        words_of(level == Level::critical ? Verdict::critical : Verdict::warn);
    out << "<tr><td>" << markup(number_of(section)) << "</td><th scope=\"row\"><a href=\"#"
        << anchor_of(account, i) << "\">" << markup(title_of(section)) << "</a></th><td>"
        << page.say(level_word) << "</td><td>" << chip(page, verdict_of(section))
        << waived_chip(page, count_waived(section)) << "</td><td class=\"n\">"
        << (section.row != nullptr ? section.row->findings : tally_of(section).all())
        << "</td></tr>\n";
  }
  out << "</tbody></table></div>\n";
}

// The calls without an answer that findings of the account rest on, each once.
struct Unread {
  std::vector<SourceCall> first;  // kMostUnread of them
  std::set<std::size_t> seen;     // hashes of all, up to kMostTold

  [[nodiscard]] bool full() const { return seen.size() >= kMostTold; }

  void add(const SourceCall& call) {
    if (full()) return;
    std::size_t hash = 0;
    for (const auto* text :
         {&call.account_id, &call.region, &call.service, &call.operation, &call.target}) {
      hash = hash * 31 + std::hash<std::string>()(*text);
    }
    if (seen.insert(hash).second && first.size() < kMostUnread) first.push_back(call);
  }
};

Unread unread_calls(const AccountPart& part) {
  Unread unread;
  for (const auto& section : part.sections) {
    for (const auto& group : section.groups) {
      std::size_t left = group.findings.tally().lacking;
      if (left == 0) continue;
      for (auto at = group.findings.begin(); left > 0 && !unread.full(); ++at) {
        if (at->unanswered.empty()) continue;
        --left;
        for (const auto& call : at->unanswered) unread.add(call);
      }
    }
  }
  return unread;
}

void write_unread_call(Page& page, const SourceCall& call) {
  auto& out = page.out;
  const auto text = [](std::string_view raw) { return markup(shortened(raw, 1000)); };
  out << "<tr><th scope=\"row\"><code>" << text(call.service) << ":" << text(call.operation)
      << "</code></th><td>" << text(call.account_id) << "<br>" << text(call.region);
  if (!call.target.empty()) out << "<br><code>" << text(call.target) << "</code>";
  out << "</td><td>" << text(call.outcome) << " " << text(call.code);
  if (!call.message.empty()) out << "<br><small>" << text(call.message) << "</small>";
  out << "</td><td><code>" << text(action_to_grant(call)) << "</code></td></tr>\n";
}

void write_unread(Page& page, const AccountPart& part) {
  const auto unread = unread_calls(part);
  if (unread.first.empty()) return;
  auto& out = page.out;
  out << "<div class=\"unread\"><h3>" << page.say(words::kUnread) << "</h3><p>"
      << page.say(words::kUnreadNote) << "</p>\n<div class=\"wide\"><table><thead><tr>"
      << "<th scope=\"col\" class=\"c1\">" << page.say(words::kCall)
      << "</th><th scope=\"col\" class=\"c2\">" << page.say(words::kWhere)
      << "</th><th scope=\"col\" class=\"c3\">" << page.say(words::kAnswer)
      << "</th><th scope=\"col\">" << page.say(words::kGrant) << "</th></tr></thead><tbody>\n";
  for (const auto& call : unread.first) write_unread_call(page, call);
  out << "</tbody></table></div>";
  if (const auto more = unread.seen.size() - unread.first.size(); more > 0) {
    const auto& words = unread.full() ? words::kMoreAtLeast : words::kMore;
    out << "<p>" << words.fill(page.language, more) << "</p>";
  }
  out << "</div>\n";
}

// The kinds of finding in a section, for the filter; the row's own where there are no findings.
std::string kinds_in(const Section& section) {
  const auto kinds = html::kinds_in(tally_of(section).counts);
  return kinds.empty() ? " " + std::string(name_of(verdict_of(section))) : kinds;
}

void write_why(Page& page, const Section& section) {
  std::string_view last;
  for (const auto& group : section.groups) {
    if (group.check == nullptr || group.check->why.empty() || group.id == last) continue;
    last = group.id;
    page.out << "<p class=\"text\">" << markup_lines(trim(group.check->why)) << "</p>\n";
  }
}

void write_related(Page& page, const Section& section) {
  std::string_view last;
  for (const auto& group : section.groups) {
    const auto related = related_text(group.check);
    if (related.empty() || group.id == last) continue;
    last = group.id;
    page.out << "<p class=\"soft\">" << words::kRelated.fill(page.language, markup(related))
             << "</p>\n";
  }
}

void write_section(Page& page, const Section& section, std::size_t account, std::size_t index) {
  auto& out = page.out;
  const std::string anchor = anchor_of(account, index);
  out << "<section class=\"req k" << kinds_in(section) << "\" id=\"" << anchor
      << "\" aria-labelledby=\"" << anchor << "-h\"><h3 id=\"" << anchor
      << "-h\"><span class=\"no\">" << markup(number_of(section)) << "</span> <span>"
      << markup(title_of(section)) << "</span> " << chip(page, verdict_of(section))
      << waived_chip(page, count_waived(section)) << "</h3>\n";
  write_why(page, section);
  if (section.text != nullptr && !section.text->left_out.empty()) {
    out << "<p class=\"text\">" << words::kLeftOut.fill(page.language, markup(section.text->left_out))
        << "</p>\n";
  } else if (section.groups.empty() && section.shown_before.empty()) {
    out << "<p class=\"soft\">" << page.say(words::kNothing) << "</p>\n";
  }
  for (const auto& check : section.shown_before) {
    out << "<p class=\"soft\">" << words::kShownBefore.fill(page.language, markup(check))
        << "</p>\n";
  }
  write_findings(page, section, Shelf::open);
  write_findings(page, section, Shelf::passed);
  write_findings(page, section, Shelf::not_applicable);
  write_related(page, section);
  out << "<p class=\"up\"><small><a href=\"#a" << account << "\">" << page.say(words::kBackToTop)
      << "</a></small></p></section>\n";
}

}  // namespace

void write_account(Page& page, const AccountPart& part, std::size_t number) {
  page.out << "<section class=\"account\" id=\"a" << number << "\" aria-labelledby=\"a" << number
           << "-h\"><h2 id=\"a" << number << "-h\">" << heading_of_account(page, part.account_id)
           << "</h2>\n";
  if (part.summary != nullptr && !part.account_id.empty() && page.report.head.accounts > 1) {
    write_tiles(page, part.summary->judgements);
  }
  write_unread(page, part);
  write_requirements(page, part, number);
  for (std::size_t i = 0; i < part.sections.size(); ++i) {
    write_section(page, part.sections[i], number, i);
  }
  page.out << "</section>\n";
}

}  // namespace ciswatch::html
