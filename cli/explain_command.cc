// ciswatch checks explain: all that is behind a check, down to what it says of each row.

#include <fmt/format.h>

#include "cli/chosen.h"
#include "core/base/text.h"
#include "core/store/snapshot.h"
#include "reporters/calls.h"
#include "rules/compile.h"
#include "rules/evaluate.h"
#include "rules/plan.h"
#include "rules/self_test.h"

namespace ciswatch {
namespace {

// Each line of `text` behind `margin`.
void print_indented(std::string_view text, std::string_view margin) {
  for (const auto& line : split(trim(text), '\n')) fmt::print("{}{}\n", margin, line);
}

void print_sql(const Check& check, const Library& library) {
  fmt::print("\nSQL ({}:{}):\n", check.file.string(), check.sql_lines.front().line);
  print_indented(check.sql, "  ");
  const auto views = read_views(library.views.sql());
  const auto used = views_behind(check.sql, views);
  if (used.empty()) return;
  fmt::print("\nShared views behind it:\n");
  for (const auto* view : used) {
    const auto place = library.views.at(view->offset, "");
    fmt::print("  {:<36} {}:{}\n", view->name, place.file, place.line);
  }
}

// What is read, and the calls that fill it.
void print_reads(const Check& check, const Library& library) {
  const auto read = tables_read(check, library);
  Selection only;
  only.library = &library;
  only.checks = {&check};
  fmt::print("\nReads, the API call behind it, and the IAM action that the call needs:\n");
  for (const auto* table : required_tables(only)) {
    fmt::print("  {:<40} {:<15} {:<38} {}{}\n", table->name, table->service, table->operation,
               table->permission.empty() ? "(none)" : table->permission,
               read.contains(table) ? "" : "  (to know what to ask for)");
  }
}

void print_tests(const Check& check, const Library& library) {
  fmt::print("\nIts tests:\n");
  for (const auto& result : self_test(check, library)) {
    fmt::print("  {}  {}  ({}:{})\n", result.passed ? "passed" : "FAILED", result.test,
               check.file.string(), result.place.line);
    if (!result.passed) print_indented(result.difference, "          ");
  }
}

void print_call(const SourceCall& call) {
  fmt::print("      {:<9} {}:{} in {}{}{}{}\n", call.outcome, call.service, call.operation,
             call.region, call.target.empty() ? "" : " of " + printable(call.target),
             call.time.empty() ? "" : " at " + call.time,
             call.code.empty() ? ""
                               : fmt::format(" ({}: {})", printable(call.code),
                                             shortened(printable(call.message), 200)));
}

void print_finding(const Finding& finding, AnsweredCalls& calls) {
  fmt::print("\n  {:<9} {} {} {}\n      {}\n", name_of(finding.verdict),
             printable(finding.account_id), printable(finding.region), printable(finding.resource),
             printable(finding.detail));
  for (const auto& [name, value] : finding.evidence) {
    fmt::print("      {} = {}\n", printable(name), printable(value));
  }
  for (const auto& call : calls.of(finding)) print_call(call);
  for (const auto& call : finding.unanswered) print_call(call);
}

void print_result(const Check& check, const Chosen& chosen, const Snapshot& snapshot) {
  const auto report = evaluate(snapshot, chosen.selection, {});
  fmt::print("\nOn {}, collected {}: {} findings\n", snapshot.path().string(),
             snapshot.info().collected_at, report.findings.size());
  AnsweredCalls calls(report);
  for (const auto& range : report.findings.ranges()) {
    if (range.check() != check.id) continue;
    for (const auto& finding : range) print_finding(finding, calls);
  }
}

}  // namespace

int checks_explain_command(const ExplainFlags& flags) {
  const Chosen chosen = choose_checks({{}, {flags.check}, flags.library}, Tests::read);
  const Check& check = *chosen.selection.checks.front();
  fmt::print("{}: {}\n\n", check.id, check.title);
  print_indented(check.why, "");
  print_sql(check, *chosen.library);
  print_reads(check, *chosen.library);
  print_tests(check, *chosen.library);
  if (!flags.snapshot.empty()) print_result(check, chosen, Snapshot(flags.snapshot));
  return 0;
}

}  // namespace ciswatch
