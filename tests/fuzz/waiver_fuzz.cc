// A text that says it is a waiver file. Whatever it is, the end is an Error, diagnostics with a place
// and words, or waivers that hold to their own rules.

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/base/text.h"
#include "core/report/findings.h"
#include "rules/waiving.h"
#include "tests/fuzz/scratch.h"

namespace ciswatch {
namespace {

constexpr UnixSeconds kToday = 1'795'312'800;  // 2026-11-22

[[noreturn]] void fail(std::string_view what) {
  fmt::print(stderr, "waiver_fuzz: {}\n", what);
  std::abort();
}

Library few_checks() {
  Library library;
  for (const auto* id : {"kms-key-rotation", "vpc-flow-logs"}) {
    library.checks.emplace_back().id = id;
  }
  auto& pack = library.packs.emplace_back();
  pack.id = "cis-aws-1.2.0";
  pack.requirements.resize(2);
  pack.requirements[0].number = "2.8";
  pack.requirements[0].checks = {"kms-key-rotation"};
  pack.requirements[1].number = "2";
  pack.requirements[1].checks = {"vpc-flow-logs", "kms-key-rotation"};
  return library;
}

void check(const Diagnostic& diagnostic) {
  if (diagnostic.line < 1 || diagnostic.column < 1) fail("a place that is none");
  if (diagnostic.text.empty() || printable(diagnostic.text) != diagnostic.text) {
    fail("words that cannot be shown");
  }
}

FindingBatch some_findings() {
  FindingBatch batch{"111111111111", "kms-key-rotation", "", {}, false};
  for (const auto verdict : kVerdicts) {
    Finding finding;
    finding.verdict = verdict;
    finding.region = "us-east-1";
    finding.resource = "arn:aws:kms:us-east-1:111111111111:key/1";
    batch.add(finding);
  }
  return batch;
}

// A waiver waives what is wrong or unknown, all or nothing of these; and each has its finding.
void judge(const std::vector<WaiverEntry>& waivers, const Library& library) {
  Waiving waiving(waivers, kToday);
  auto batch = some_findings();
  waiving.mark(batch);
  const auto waived = batch.tally.counts.waived;
  if (batch.tally.all() != std::size(kVerdicts)) fail("a finding was lost or added");
  if (waived != 0 && waived != 3) fail("other findings waived than those wrong or unknown");
  Selection selection;
  selection.library = &library;
  for (const auto& one : library.checks) selection.checks.push_back(&one);
  const std::vector<Account> accounts = {{"111111111111", "us-east-1", 1, true}};
  Report report;
  waiving.report(report, selection, accounts);
  if (report.findings.size() != waivers.size()) fail("not a finding for each waiver");
}

void read(std::span<const std::uint8_t> bytes) {
  static const Library library = few_checks();
  static const fuzz::ScratchFile scratch("waivers");
  scratch.write(bytes);
  const std::filesystem::path file = scratch.path();
  std::vector<Diagnostic> diagnostics;
  const auto waivers = read_waivers(std::span(&file, 1), library, diagnostics);
  for (const auto& diagnostic : diagnostics) check(diagnostic);
  if (diagnostics.empty()) judge(waivers, library);
}

}  // namespace
}  // namespace ciswatch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ciswatch::read({data, size});
  return 0;
}
