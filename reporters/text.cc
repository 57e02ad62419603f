#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

#include "core/base/text.h"
#include "core/report/recipes.h"
#include "reporters/escape.h"
#include "reporters/formats.h"
#include "reporters/output.h"
#include "reporters/sections.h"
#include "reporters/words.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostShown = 10;  // findings of one requirement that are alike

// So many accounts are shown in full; of more, the worst ones are, and tables of the rest.
constexpr std::size_t kMostInFull = 20;
constexpr std::size_t kMostInDetail = 5;
constexpr std::size_t kMostShownOfMany = 3;
constexpr std::size_t kMostInTable = 40;

constexpr std::array kOpenWorstFirst = {Verdict::critical, Verdict::warn, Verdict::unknown};
constexpr std::array kAllWorstFirst = {Verdict::critical, Verdict::warn, Verdict::unknown,
                                       Verdict::pass, Verdict::not_applicable};

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
    const Accounts accounts(report_);
    const bool many = accounts.named() > kMostInFull;
    if (many) {
      write_many(accounts);
    } else {
      for (std::size_t i = 0; i < accounts.size(); ++i) write_account(accounts.arrange(i));
    }
    write_totals();
    out_ << say(many ? words::kSeeAll : words::kSeeMore) << "\n";
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
    out_ << "\n"
         << bold(part.account_id.empty()
                     ? std::string(say(words::kWaivers))
                     : std::string(say(words::kAccount)) + " " + printable(part.account_id));
    if (part.summary != nullptr) out_ << "  " << tally(part.summary->judgements);
    out_ << "\n\n";
    std::size_t number_width = 0;
    for (const auto& section : part.sections) {
      number_width = std::max(number_width, columns(printable(number_of(section))));
    }
    for (const auto& section : part.sections) {
      out_ << "  " << padded(printable(number_of(section)), number_width) << "  "
           << word(verdict_of(section)) << "  " << printable(title_of(section));
      if (const auto waived = count_waived(section); waived > 0) {
        out_ << "  (" << words::kCountWaived.fill(language_, waived) << ")";
      }
      if (section.text != nullptr) write_left_out(*section.text);
      out_ << "\n";
    }
    for (const auto& section : part.sections) write_section(section);
  }

  void write_left_out(const RequirementText& text) {
    if (text.left_out.empty()) return;
    out_ << " (" << words::kLeftOut.fill(language_, printable(text.left_out)) << ")";
  }

  void write_section(const Section& section) {
    const Counts counts = tally_of(section).counts;
    if (count_open(counts) + counts.waived == 0) return;
    out_ << "\n  " << bold(printable(number_of(section)) + "  " + printable(title_of(section)))
         << "\n";
    for (const auto& group : section.groups) write_group(group);
  }

  // Findings that are alike together, the worst first, and what to do about them.
  void write_group(const CheckGroup& group) {
    const Counts& counts = group.findings.tally().counts;
    const std::size_t kinds[] = {counts[Verdict::critical], counts[Verdict::warn],
                                 counts[Verdict::unknown], counts.waived};
    std::string texts[std::size(kinds)];
    std::size_t left[std::size(kinds)];
    std::size_t left_in_all = 0;
    std::vector<std::string> fixes;
    for (std::size_t i = 0; i < std::size(kinds); ++i) {
      left[i] = std::min(kinds[i], most_shown_);
      left_in_all += left[i];
    }
    if (left_in_all == 0) return;
    for (auto at = group.findings.begin(); left_in_all > 0; ++at) {
      if (!is_open(*at) && !at->waived) continue;
      const std::size_t kind = at->waived ? 3 : static_cast<std::size_t>(at->verdict);
      if (left[kind] == 0) continue;
      --left[kind], --left_in_all;
      texts[kind] += lines_of(*at);
      if (is_wrong(*at)) add_fix(*at, group, fixes);
    }
    for (std::size_t i = 0; i < std::size(kinds); ++i) {
      out_ << texts[i];
      if (kinds[i] <= most_shown_) continue;
      out_ << "    " << words::kMoreInReports.fill(language_, kinds[i] - most_shown_) << "\n";
    }
    for (const auto& fix : fixes) out_ << "    " << words::kFix.fill(language_, fix) << "\n";
    const std::string related = printable(related_text(group.check));
    if (count_wrong(counts) > 0 && !related.empty()) {
      out_ << "    " << words::kRelated.fill(language_, related) << "\n";
    }
  }

  // Often the same for all of them: then once.
  void add_fix(const Finding& finding, const CheckGroup& group, std::vector<std::string>& fixes) {
    auto fix = first_line(recipes_.of(group.check).fit("text", finding));
    if (fix.empty() || std::find(fixes.begin(), fixes.end(), fix) != fixes.end()) return;
    fixes.push_back(std::move(fix));
  }

  [[nodiscard]] std::string lines_of(const Finding& finding) const {
    const std::string indent(4 + width_ + 2, ' ');
    std::string lines = "    " + word(finding.verdict) + "  " + printable(finding.resource);
    if (!finding.region.empty() && finding.region != finding.resource) {
      lines += "  (" + printable(finding.region) + ")";
    }
    lines += "\n" + indent + printable(finding.detail) + "\n";
    if (finding.waived) {
      const auto& waiver = *finding.waived;
      lines += indent +
               words::kWaivedUntil.fill(language_, printable(waiver.expires),
                                        printable(waiver.owner), printable(reason_of(waiver))) +
               "\n";
    }
    return lines;
  }

  // Too many accounts to read: the worst in detail, then what is wrong where, so that the overview
  // and the totals stand last, where a terminal stops.
  void write_many(const Accounts& accounts) {
    const auto worst = worst_first(accounts);
    const std::size_t in_detail = std::min(worst.size(), kMostInDetail);
    if (in_detail > 0) {
      out_ << "\n" << bold(words::kWorstAccounts.fill(language_, in_detail)) << "\n";
    }
    most_shown_ = kMostShownOfMany;
    for (std::size_t i = 0; i < in_detail; ++i) write_account(accounts.arrange(worst[i]));
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      if (accounts.id(i).empty()) write_account(accounts.arrange(i));
    }
    write_across();
    write_table(accounts, worst);
  }

  // The accounts with anything wrong or unknown.
  [[nodiscard]] std::vector<std::size_t> worst_first(const Accounts& accounts) const {
    using Badness = std::tuple<std::size_t, std::size_t, std::size_t, std::size_t>;
    std::vector<std::pair<Badness, std::size_t>> bad;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      const Counts found = accounts.tally(i).counts;
      const Counts counts = judgements(accounts, i);
      if (accounts.id(i).empty() || count_open(found) + count_open(counts) == 0) continue;
      bad.push_back({{counts[Verdict::critical], counts[Verdict::warn], counts[Verdict::unknown],
                      count_open(found)},
                     i});
    }
    std::stable_sort(bad.begin(), bad.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::size_t> order;
    for (const auto& [badness, account] : bad) order.push_back(account);
    return order;
  }

  // Of requirements; of findings where the head does not know the account.
  static Counts judgements(const Accounts& accounts, std::size_t account) {
    const auto* summary = accounts.summary(account);
    return summary != nullptr ? summary->judgements : accounts.tally(account).counts;
  }

  // A right-aligned cell.
  void write_cell(const std::string& text, std::size_t width) {
    out_ << "  " << std::string(width - std::min(width, columns(text)), ' ') << text;
  }

  void write_count(Verdict verdict, std::size_t count) {
    const std::string text = std::to_string(count);
    out_ << "  " << std::string(width_ - std::min(width_, text.size()), ' ')
         << (count > 0 ? coloured(verdict, text) : text);
  }

  // For each requirement, how many accounts have which verdict.
  void write_across() {
    const auto& texts = report_.head.requirement_texts;
    if (texts.empty()) return;
    const auto counts = count_across(report_.head);
    std::size_t number_width = 0;
    for (const auto& text : texts) {
      number_width = std::max(number_width, columns(printable(text.number)));
    }
    out_ << "\n" << bold(std::string(say(words::kAcrossAccounts))) << "\n\n  "
         << std::string(number_width, ' ');
    for (const auto verdict : kAllWorstFirst) {
      write_cell(std::string(words_of(verdict).in(language_)), width_);
    }
    if (waived_in_all() > 0) write_cell(std::string(say(words::kWaived)), width_);
    out_ << "\n";
    for (std::size_t i = 0; i < texts.size(); ++i) {
      out_ << "  " << padded(printable(texts[i].number), number_width);
      for (const auto verdict : kAllWorstFirst) write_count(verdict, counts[i][verdict]);
      if (waived_in_all() > 0) write_cell(std::to_string(counts[i].waived), width_);
      out_ << "  " << printable(texts[i].title);
      write_left_out(texts[i]);
      out_ << "\n";
    }
  }

  void write_table(const Accounts& accounts, const std::vector<std::size_t>& worst) {
    out_ << "\n"
         << bold(words::kAccountsNotInOrder.fill(language_, worst.size(), accounts.named())) << "\n";
    if (worst.empty()) return;
    const std::size_t rows = std::min(worst.size(), kMostInTable);
    const std::string heading(say(words::kAccount));
    std::size_t id_width = columns(heading);
    for (std::size_t i = 0; i < rows; ++i) {
      id_width = std::max(id_width, columns(printable(accounts.id(worst[i]))));
    }
    out_ << "\n  " << padded(heading, id_width);
    for (const auto verdict : kOpenWorstFirst) {
      write_cell(std::string(words_of(verdict).in(language_)), width_);
    }
    write_cell(std::string(say(words::kOpenFindings)), width_);
    out_ << "\n";
    for (std::size_t i = 0; i < rows; ++i) {
      out_ << "  " << padded(printable(accounts.id(worst[i])), id_width);
      const Counts counts = judgements(accounts, worst[i]);
      for (const auto verdict : kOpenWorstFirst) write_count(verdict, counts[verdict]);
      write_cell(std::to_string(count_open(accounts.tally(worst[i]).counts)), width_);
      out_ << "\n";
    }
    if (rows < worst.size()) {
      out_ << "  " << words::kMoreAccounts.fill(language_, worst.size() - rows) << "\n";
    }
  }

  [[nodiscard]] std::size_t waived_in_all() const {
    return report_.findings.tally().counts.waived;
  }

  void write_totals() {
    const auto& head = report_.head;
    out_ << "\n" << bold(std::string(say(words::kTotal))) << "  " << tally(head.summary) << "\n";
    if (waived_in_all() > 0) out_ << words::kWaivedInAll.fill(language_, waived_in_all()) << "\n";
    const Coverage coverage = coverage_of(head);
    out_ << bold(std::string(say(words::kCoverage))) << "  "
         << words::kAnswered.fill(language_, percentage(coverage), grouped(coverage.reads));
    if (head.calls > 0) out_ << ": " << printable(in_words(head.outcomes));
    if (head.closed_reads > 0) {
      out_ << " (" << words::kClosedReads.fill(language_, grouped(head.closed_reads)) << ")";
    }
    out_ << "\n";
  }

  const Report& report_;
  const ReportStyle& style_;
  Language language_;
  Output out_;
  RecipeBook recipes_{report_.head};
  std::size_t width_ = 0;  // of the verdict words
  std::size_t most_shown_ = kMostShown;
};

}  // namespace

void write_text(const Report& report, const ReportStyle& style, const Sink& sink) {
  TextReport(report, style, sink).write();
}

}  // namespace ciswatch
