#include "reporters/formats.h"
#include "reporters/finding_object.h"
#include "reporters/output.h"

namespace ciswatch {
namespace {

class JsonReport {
 public:
  JsonReport(const Report& report, const Sink& sink)
      : report_(report), out_(sink), text_(out_.tail()), finding_(report) {}

  void write() {
    const auto& head = report_.head;
    text_ += R"({"schema_version":1,"tool":{"name":"ciswatch","version":)";
    append_quoted(text_, head.tool_version);
    text_ += "},\n";
    write_snapshot(head);
    write_counts("summary", head.summary);
    write_counts("finding_counts", report_.findings.tally().counts);
    write_requirements(head);
    write_coverage(head);
    text_ += "\"findings\":[";
    bool first = true;
    for (const auto& range : report_.findings.ranges()) {
      finding_.enter(range);
      for (const auto& finding : range) {
        text_ += first ? "\n" : ",\n";
        first = false;
        finding_.append(text_, finding);
        out_.hand_on();
      }
    }
    text_ += "\n]}\n";
    out_.finish();
  }

 private:
  void write_snapshot(const ReportHead& head) {
    text_ += "\"snapshot\":{";
    Members members(text_);
    members.text("id", head.snapshot_id);
    members.text("collected_at", head.collected_at);
    members.text("collected_by", head.collected_by);
    members.number("accounts", head.accounts);
    members.number("regions", head.regions);
    text_ += "},\n\"packs\":[";
    for (const auto& pack : head.packs) {
      if (&pack != head.packs.data()) text_ += ',';
      append_quoted(text_, pack.id);
    }
    text_ += "],\n";
  }

  void write_counts(std::string_view name, const Counts& counts) {
    append_quoted(text_, name);
    text_ += ":{";
    Members members(text_);
    for (const auto verdict : kVerdicts) members.number(name_of(verdict), counts[verdict]);
    members.number("waived", counts.waived);
    text_ += "},\n";
  }

  void write_requirements(const ReportHead& head) {
    text_ += "\"requirements\":[";
    bool first = true;
    for (const auto& account : head.account_summaries) {
      for (const auto& row : account.requirements) {
        text_ += first ? "\n{" : ",\n{";
        first = false;
        const auto& requirement = head.requirement_texts[row.requirement];
        Members members(text_);
        members.text("pack", requirement.pack);
        members.text("number", requirement.number);
        members.text("title", requirement.title);
        members.text("account_id", account.account_id);
        members.text("verdict", name_of(row.verdict));
        members.number("waived", row.waived);
        if (!requirement.left_out.empty()) members.text("left_out", requirement.left_out);
        text_ += "}";
        out_.hand_on();
      }
    }
    text_ += "\n],\n";
  }

  void write_coverage(const ReportHead& head) {
    text_ += "\"coverage\":{";
    Members members(text_);
    members.number("calls", head.calls);
    // "ok" is always there, so that a consumer can divide; the others when there are any.
    std::size_t ok = 0;
    for (const auto& [outcome, count] : head.outcomes) ok = outcome == "ok" ? count : ok;
    members.number("ok", ok);
    for (const auto& [outcome, count] : head.outcomes) {
      if (outcome != "ok") members.number(outcome, count);
    }
    text_ += "},\n";
  }

  const Report& report_;
  Output out_;
  std::string& text_;  // the end of out_
  FindingObject finding_;
};

}  // namespace

void write_json(const Report& report, const ReportStyle&, const Sink& sink) {
  JsonReport(report, sink).write();
}

}  // namespace ciswatch
