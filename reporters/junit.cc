#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/base/time.h"
#include "core/report/recipes.h"
#include "reporters/escape.h"
#include "reporters/formats.h"
#include "reporters/output.h"
#include "reporters/sections.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestName = 1024;
constexpr std::size_t kLongestMessage = 500;
constexpr std::size_t kLongestValue = 2000;

// What a test runner makes of it.
enum class Ending { passed, failure, error, skipped };

Ending ending_of(Verdict verdict, bool waived) {
  if (waived) return Ending::skipped;
  switch (verdict) {
    case Verdict::pass:
      return Ending::passed;
    case Verdict::warn:
    case Verdict::critical:
      return Ending::failure;
    case Verdict::unknown:
      return Ending::error;
    case Verdict::not_applicable:
      return Ending::skipped;
  }
  return Ending::error;
}

struct SuiteCounts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

  void add(Ending ending, std::size_t cases) {
    tests += cases;
    failures += ending == Ending::failure ? cases : 0;
    errors += ending == Ending::error ? cases : 0;
    skipped += ending == Ending::skipped ? cases : 0;
  }

  void add(const SuiteCounts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
  }

  void add(const Counts& findings) {
    for (const auto verdict : kVerdicts) add(ending_of(verdict, false), findings[verdict]);
    add(Ending::skipped, findings.waived);
  }
};

// A requirement that no finding speaks of is a case all the same: what was not judged must show.
bool stands_alone(const Section& section) {
  return section.row != nullptr && section.groups.empty() && section.shown_before.empty();
}

SuiteCounts count(const AccountPart& part) {
  SuiteCounts counts;
  for (const auto& section : part.sections) {
    if (stands_alone(section)) counts.add(ending_of(section.row->verdict, false), 1);
    counts.add(tally_of(section).counts);
  }
  return counts;
}

// Names that are taken, as hashes of 8 bytes in a table: an account may have a million. Two names
// that share a hash cost one of them a needless "#2".
class TakenNames {
 public:
  // `most`: so many are taken at the end.
  explicit TakenNames(std::size_t most) : slots_(std::bit_ceil(most + most / 2 + 2)) {}

  // False if it is taken already.
  bool take(std::uint64_t hash) {
    if (hash == kFree) ++hash;
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at] != kFree && slots_[at] != hash) at = (at + 1) & (slots_.size() - 1);
    return std::exchange(slots_[at], hash) == kFree;
  }

 private:
  static constexpr std::uint64_t kFree = 0;
  std::vector<std::uint64_t> slots_;  // a power of two of them, never all in use
};

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + markup(value) + "\"";
}

std::string attribute(std::string_view name, std::size_t value) {
  return attribute(name, std::to_string(value));
}

// One step of a class name, whose dots are steps of a tree in CI servers.
std::string step(std::string_view text) {
  if (text.empty()) return "global";
  std::string out = shortened(text, kLongestName);
  std::replace(out.begin(), out.end(), '.', '_');
  return out;
}

// CI servers read the time of a suite without a zone; ours is UTC.
std::string timestamp(std::string_view collected_at) {
  const auto time = parse_iso8601(collected_at);
  return iso8601(time.value_or(0)).substr(0, 19);
}

std::string skip_message(const Finding& finding) {
  if (!finding.waived) return "not applicable: " + finding.detail;
  return "waived until " + finding.waived->expires + " by " + finding.waived->owner + ": " +
         reason_of(*finding.waived);
}

std::string error_message(const Finding& finding) {
  for (const auto& call : finding.unanswered) {
    const std::string action(action_to_grant(call));
    if (action.empty()) continue;
    return "missing permission " + action + ": " + shortened(finding.detail, 300);
  }
  return "not readable: " + finding.detail;
}

class Suite {
 public:
  Suite(const ReportHead& head, const RecipeBook& recipes, const AccountPart& part, Output& out)
      : head_(head), recipes_(recipes), part_(part), out_(out), counts_(count(part)) {}

  void write(std::size_t id) {
    const bool has_account = !part_.account_id.empty();
    out_ << "  <testsuite"
         << attribute("name", has_account ? "AWS account " + std::string(part_.account_id) : "waivers")
         << attribute("tests", counts_.tests) << attribute("failures", counts_.failures)
         << attribute("errors", counts_.errors) << attribute("skipped", counts_.skipped)
         << attribute("time", "0") << attribute("timestamp", timestamp(head_.collected_at))
         << attribute("hostname", has_account ? part_.account_id : "localhost") << attribute("id", id)
         << attribute("package", "ciswatch") << ">\n";
    write_properties();
    for (const auto& section : part_.sections) write_section(section);
    out_ << "    <system-out/>\n    <system-err/>\n  </testsuite>\n";
  }

 private:
  void write_property(std::string_view name, std::string_view value) {
    out_ << "      <property" << attribute("name", name) << attribute("value", value) << "/>\n";
  }

  void write_properties() {
    out_ << "    <properties>\n";
    write_property("ciswatch.version", head_.tool_version);
    write_property("snapshot.id", head_.snapshot_id);
    write_property("snapshot.collected_at", head_.collected_at);
    write_property("snapshot.coverage", in_words(coverage_of(head_)));
    for (const auto& pack : head_.packs) write_property("pack", pack.id);
    write_related();
    out_ << "    </properties>\n";
  }

  // Once for each check that has findings here.
  void write_related() {
    std::set<std::string_view> written;
    for (const auto& section : part_.sections) {
      for (const auto& group : section.groups) {
        const auto related = related_text(group.check);
        if (related.empty() || !written.insert(group.id).second) continue;
        write_property("related." + std::string(group.id), related);
      }
    }
  }

  void write_section(const Section& section) {
    if (stands_alone(section)) write_requirement(section);
    for (const auto& group : section.groups) {
      for (const auto& finding : group.findings) write_finding(section, group, finding);
    }
  }

  void open_case(std::string_view region, std::string_view number, const std::string& name) {
    out_ << "    <testcase"
         << attribute("classname",
                      "aws." + step(part_.account_id) + "." + step(region) + "." + step(number))
         << " name=\"" << unique(markup(shortened(name, kLongestName))) << "\""
         << attribute("time", "0");
  }

  // Of cases with the same name CI servers keep one. Names are compared as they will be read, since
  // cutting and escaping may have made two alike.
  std::string unique(const std::string& name) {
    constexpr std::hash<std::string> kHash;
    std::string candidate = name;
    while (!taken_.take(kHash(candidate))) {
      candidate = name + " #" + std::to_string(++repeats_[kHash(name)] + 1);
    }
    return candidate;
  }

  void write_requirement(const Section& section) {
    const auto& text = *section.text;
    const Verdict verdict = section.row->verdict;
    open_case("", text.number,
              text.number + " " + text.title + " (" + std::string(part_.account_id) + ")");
    const std::string message = "no finding: " + std::string(name_of(verdict));
    switch (ending_of(verdict, false)) {
      case Ending::passed:
        out_ << "/>\n";
        return;
      case Ending::failure:
        write_end("failure", name_of(verdict), message, message);
        return;
      case Ending::error:
        write_end("error", "unknown", message, message);
        return;
      case Ending::skipped:
        write_skipped(text.left_out.empty() ? "nothing to judge" : "left out: " + text.left_out);
        return;
    }
  }

  void write_finding(const Section& section, const CheckGroup& group, const Finding& finding) {
    const std::string number = section.text != nullptr ? section.text->number + " " : std::string();
    const std::string place =
        finding.account_id + (finding.region.empty() ? "" : " ") + finding.region;
    open_case(finding.region, number_of(section),
              number + finding.check + " " + shortened(finding.resource, kLongestName / 2) +
                  (place.empty() ? "" : " (" + place + ")"));
    switch (ending_of(finding.verdict, finding.waived.has_value())) {
      case Ending::passed:
        out_ << "/>\n";
        return;
      case Ending::failure:
        write_end("failure", name_of(finding.verdict), finding.detail, body(group, finding));
        return;
      case Ending::error:
        write_end("error", "unknown", error_message(finding), body(group, finding));
        return;
      case Ending::skipped:
        write_skipped(skip_message(finding));
        return;
    }
  }

  void write_end(std::string_view element, std::string_view type, std::string_view message,
                 std::string_view text) {
    out_ << ">\n      <" << element << attribute("type", type)
         << attribute("message", shortened(message, kLongestMessage)) << ">" << markup_lines(text)
         << "</" << element << ">\n    </testcase>\n";
  }

  void write_skipped(std::string_view message) {
    out_ << ">\n      <skipped" << attribute("message", shortened(message, kLongestMessage))
         << "/>\n    </testcase>\n";
  }

  [[nodiscard]] std::string body(const CheckGroup& group, const Finding& finding) const {
    const auto line = [](std::string_view raw) {
      return printable(shortened(raw, kLongestValue)) + "\n";
    };
    std::string text = line(finding.detail) + "resource: " + line(finding.resource);
    for (const auto& [name, value] : finding.evidence)
      text += line(name + ": " + plain_value(value));
    for (const auto& call : finding.unanswered) {
      text += line("unanswered: " + call.service + ":" + call.operation + " " + call.region + " " +
                   call.target + " " + call.outcome + " " + call.code + " " + call.message);
    }
    if (!is_wrong(finding)) return text;
    for (const auto& [form, fix] : recipes_.of(group.check).fit(finding)) {
      if (form == "text") text += "fix: " + shortened(fix, kLongestValue) + "\n";
      if (form == "cli") text += fix + "\n";
    }
    return text;
  }

  const ReportHead& head_;
  const RecipeBook& recipes_;
  const AccountPart& part_;
  Output& out_;
  SuiteCounts counts_;
  TakenNames taken_{counts_.tests};
  std::unordered_map<std::uint64_t, std::size_t> repeats_;  // of names by their hash
};

}  // namespace

void write_junit(const Report& report, const ReportStyle&, const Sink& sink) {
  const Accounts accounts(report);
  SuiteCounts all;
  for (std::size_t i = 0; i < accounts.size(); ++i) all.add(count(accounts.arrange(i)));
  const RecipeBook recipes(report.head);
  Output out(sink);
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" << attribute("name", "ciswatch")
      << attribute("tests", all.tests) << attribute("failures", all.failures)
      << attribute("errors", all.errors) << attribute("time", "0") << ">\n";
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto part = accounts.arrange(i);
    Suite(report.head, recipes, part, out).write(i);
  }
  out << "</testsuites>\n";
  out.finish();
}

}  // namespace ciswatch
