#include <algorithm>

#include "reporters/formats.h"

namespace ciswatch {
namespace {

constexpr Reporter kReporters[] = {
    {"text", "for the terminal: verdicts, what is wrong, the first step to mend it", write_text},
    {"json", "for programs: schema_version 1, every finding with its evidence", write_json},
    {"jsonl", "for pipes and SIEMs: a finding a line, without titles, recipes and answered calls",
     write_jsonl},
    {"html", "for auditors: one self-contained page, no network and no scripts", write_html},
    {"junit", "for CI: JUnit XML, a suite per account and a case per finding", write_junit},
};

}  // namespace

std::span<const Reporter> reporters() { return kReporters; }

const Reporter* find_reporter(std::string_view name) {
  const auto* found = std::find_if(std::begin(kReporters), std::end(kReporters),
                                   [&](const Reporter& reporter) { return reporter.name == name; });
  return found == std::end(kReporters) ? nullptr : found;
}

}  // namespace ciswatch
