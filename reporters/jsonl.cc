// JSON Lines, for SIEMs and pipes: a finding a line, in the report's order, and nothing else. A
// line stays small: it has no title and no remediation (`ciswatch checks show` has them) and, of
// the calls, those that were not answered alone; the JSON report has the others.

#include "reporters/finding_json.h"
#include "reporters/formats.h"
#include "reporters/output.h"

namespace ciswatch {
namespace {

void append_unanswered(std::string& out, const Finding& finding) {
  out += ",\"unanswered\":[";
  for (const auto& call : finding.unanswered) {
    if (&call != finding.unanswered.data()) out += ',';
    append_call(out, call);
  }
  out += "]}\n";
}

}  // namespace

void write_jsonl(const Report& report, const ReportStyle&, const Sink& sink) {
  Output out(sink);
  FindingJson json(report);
  const std::string head = "{\"schema_version\":1,\"snapshot_id\":" +
                           quoted_json(report.head.snapshot_id) +
                           ",\"collected_at\":" + quoted_json(report.head.collected_at) + ",";
  std::string& line = out.tail();
  for (const auto& range : report.findings.ranges()) {
    json.enter(range);
    for (const auto& finding : range) {
      line += head;
      json.append_id(line, finding);
      line += ',';
      json.append_judgement(line, finding);
      line += ',';
      json.append_history(line, finding);
      append_unanswered(line, finding);
      out.hand_on();
    }
  }
  out.finish();
}

}  // namespace ciswatch
