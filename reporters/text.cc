#include "core/base/text.h"

#include <algorithm>

#include "reporters/escape.h"
#include "reporters/formats.h"
#include "reporters/output.h"
#include "reporters/sections.h"
#include "reporters/words.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostShown = 10;  // findings of one requirement that are alike

// Columns on a terminal: the fixed Japanese words take two for each character of three bytes.
std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) count += byte >= 0xE3 ? 2 : 1;
  }
  return count;
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t used = columns(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

std::string_view colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "\x1b[32m";
    case Verdict::warn:
      return "\x1b[33m";
    case Verdict::critical:
      return "\x1b[1;31m";
    case Verdict::unknown:
      return "\x1b[35m";
    case Verdict::not_applicable:
      return "\x1b[2m";
  }
  return "";
}

class TextReport {
 public:
  TextReport(const Report& report, const ReportStyle& style, const Sink& sink)
      : report_(report), style_(style), language_(style.language), out_(sink) {
    for (const auto verdict : kVerdicts) {
      width_ = std::max(width_, columns(words_of(verdict).in(language_)));
    }
  }

  void write() {
    write_head();
    for (const auto& part : arrange(report_)) write_account(part);
    write_totals();
    out_.finish();
  }

 private:
  [[nodiscard]] std::string_view say(const Words& words) const { return words.in(language_); }

  [[nodiscard]] std::string coloured(Verdict verdict, std::string text) const {
    return style_.colour ? std::string(colour_of(verdict)) + text + "\x1b[0m" : text;
  }

  [[nodiscard]] std::string bold(std::string text) const {
    return style_.colour ? "\x1b[1m" + text + "\x1b[0m" : text;
  }

  [[nodiscard]] std::string word(Verdict verdict) const {
    return coloured(verdict, padded(std::string(words_of(verdict).in(language_)), width_));
  }

  void write_head() {
    const auto& head = report_.head;
    out_ << "ciswatch " << printable(head.tool_version) << "\n";
    const std::string by = head.collected_by.empty() ? std::string(say(words::kNotKnown))
                                                     : printable(head.collected_by);
    out_ << words::kSnapshotLine.fill(language_, printable(head.snapshot_id),
                                      printable(head.collected_at), by)
         << "\n";
    for (const auto& pack : head.packs) out_ << printable(pack.title) << "\n";
  }

  // "2 pass, 4 warn, 3 critical"; those that are none are left out.
  [[nodiscard]] std::string tally(const Counts& counts) const {
    std::string text;
    const auto add = [&](std::size_t count, const Words& words) {
      if (count == 0) return;
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(say(words));
    };
    for (const auto verdict : kVerdicts) add(counts[verdict], words_of(verdict));
    add(counts.waived, words::kWaived);
    return text.empty() ? "0" : text;
  }

  void write_account(const AccountPart& part) {
    out_ << "\n" << bold(std::string(say(words::kAccount)) + " " + printable(part.account_id));
    if (part.summary != nullptr) out_ << "  " << tally(part.summary->judgements);
    out_ << "\n\n";
    std::size_t number_width = 0;
    for (const auto& section : part.sections) {
      number_width = std::max(number_width, columns(printable(number_of(section))));
    }
    for (const auto& section : part.sections) {
      out_ << "  " << padded(printable(number_of(section)), number_width) << "  "
           << word(verdict_of(section)) << "  " << printable(title_of(section)) << "\n";
    }
    for (const auto& section : part.sections) write_section(section);
  }

  void write_section(const Section& section) {
    const auto wanted = [](const Finding& finding) {
      return is_open(finding) || finding.waived.has_value();
    };
    const bool any =
        std::any_of(section.groups.begin(), section.groups.end(), [&](const CheckGroup& group) {
          return std::any_of(group.findings.begin(), group.findings.end(), wanted);
        });
    if (!any) return;
    out_ << "\n  " << bold(printable(number_of(section)) + "  " + printable(title_of(section)))
         << "\n";
    for (const auto& group : section.groups) write_group(group);
  }

  void write_group(const CheckGroup& group) {
    const auto open = [](Verdict verdict) {
      return [verdict](const Finding& finding) {
        return is_open(finding) && finding.verdict == verdict;
      };
    };
    const std::size_t wrong =
        write_alike(group, open(Verdict::critical)) + write_alike(group, open(Verdict::warn));
    write_alike(group, open(Verdict::unknown));
    write_alike(group, [](const Finding& finding) { return finding.waived.has_value(); });
    const std::string fix = first_line(fix_text(group.check));
    if (wrong > 0 && !fix.empty()) out_ << "    " << words::kFix.fill(language_, fix) << "\n";
  }

  // Returns how many findings there are, shown or not.
  template <typename Wanted>
  std::size_t write_alike(const CheckGroup& group, Wanted wanted) {
    std::size_t count = 0;
    for (const auto& finding : group.findings) {
      if (wanted(finding) && ++count <= kMostShown) write_finding(finding);
    }
    if (count > kMostShown) {
      out_ << "    " << words::kMoreInReports.fill(language_, count - kMostShown) << "\n";
    }
    return count;
  }

  void write_finding(const Finding& finding) {
    const std::string indent(4 + width_ + 2, ' ');
    out_ << "    " << word(finding.verdict) << "  " << printable(finding.resource);
    if (!finding.region.empty() && finding.region != finding.resource) {
      out_ << "  (" << printable(finding.region) << ")";
    }
    out_ << "\n" << indent << printable(finding.detail) << "\n";
    if (finding.waived) {
      const auto& waiver = *finding.waived;
      out_ << indent
           << words::kWaivedUntil.fill(language_, printable(waiver.expires),
                                       printable(waiver.owner), printable(waiver.reason))
           << "\n";
    }
  }

  void write_totals() {
    const auto& head = report_.head;
    out_ << "\n" << bold(std::string(say(words::kTotal))) << "  " << tally(head.summary) << "\n";
    const std::size_t answered = answered_calls(head);
    out_ << words::kAnswered.fill(language_, answered, head.calls,
                                  percentage(answered, head.calls));
    for (const auto& [outcome, count] : head.outcomes) {
      if (outcome != "ok") out_ << ", " << printable(outcome) << " " << count;
    }
    out_ << "\n" << say(words::kSeeMore) << "\n";
  }

  const Report& report_;
  const ReportStyle& style_;
  Language language_;
  Output out_;
  std::size_t width_ = 0;  // of the verdict words
};

}  // namespace

void write_text(const Report& report, const ReportStyle& style, const Sink& sink) {
  TextReport(report, style, sink).write();
}

}  // namespace ciswatch
