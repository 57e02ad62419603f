#include <map>

#include "reporters/escape.h"
#include "reporters/formats.h"
#include "reporters/output.h"

namespace ciswatch {
namespace {

// Writes members of one object; the caller opens and closes it.
class Members {
 public:
  explicit Members(Output& out) : out_(out) {}

  void text(std::string_view name, std::string_view value) { raw(name, quoted_json(value)); }
  void number(std::string_view name, std::size_t value) { raw(name, std::to_string(value)); }
  void raw(std::string_view name, std::string_view json) {
    key(name);
    out_ << json;
  }
  // The name alone: the value follows.
  void key(std::string_view name) {
    out_ << (first_ ? "" : ",") << quoted_json(name) << ":";
    first_ = false;
  }

 private:
  Output& out_;
  bool first_ = true;
};

class JsonReport {
 public:
  JsonReport(const Report& report, const Sink& sink) : report_(report), out_(sink) {
    for (const auto& check : report.head.checks) remediations_[check.id] = remediation(check);
  }

  void write() {
    const auto& head = report_.head;
    out_ << R"({"schema_version":1,"tool":{"name":"ciswatch","version":)"
         << quoted_json(head.tool_version) << "},\n";
    write_snapshot(head);
    write_summary(head.summary);
    write_requirements(head);
    write_coverage(head);
    out_ << "\"findings\":[";
    for (const auto& finding : report_.findings) {
      out_ << (&finding == report_.findings.data() ? "\n" : ",\n");
      write_finding(finding);
    }
    out_ << "\n]}\n";
    out_.finish();
  }

 private:
  static std::string remediation(const CheckText& check) {
    std::string json = "{";
    for (const auto& [name, text] : check.remediation) {
      json += (json.size() > 1 ? "," : "") + quoted_json(name) + ":" + quoted_json(text);
    }
    return json + "}";
  }

  void write_snapshot(const ReportHead& head) {
    out_ << "\"snapshot\":{";
    Members members(out_);
    members.text("id", head.snapshot_id);
    members.text("collected_at", head.collected_at);
    members.text("collected_by", head.collected_by);
    members.number("accounts", head.accounts);
    members.number("regions", head.regions);
    out_ << "},\n\"packs\":[";
    for (const auto& pack : head.packs) {
      out_ << (&pack == head.packs.data() ? "" : ",") << quoted_json(pack.id);
    }
    out_ << "],\n";
  }

  void write_summary(const Counts& counts) {
    out_ << "\"summary\":{";
    Members members(out_);
    for (const auto verdict : kVerdicts) members.number(name_of(verdict), counts[verdict]);
    members.number("waived", counts.waived);
    out_ << "},\n";
  }

  void write_requirements(const ReportHead& head) {
    out_ << "\"requirements\":[";
    for (const auto& row : head.requirements) {
      out_ << (&row == head.requirements.data() ? "\n{" : ",\n{");
      Members members(out_);
      members.text("pack", row.pack);
      members.text("number", row.number);
      members.text("title", row.title);
      members.text("account_id", row.account_id);
      members.text("verdict", name_of(row.verdict));
      out_ << "}";
    }
    out_ << "\n],\n";
  }

  void write_coverage(const ReportHead& head) {
    out_ << "\"coverage\":{";
    Members members(out_);
    members.number("calls", head.calls);
    // "ok" is always there, so that a consumer can divide; the others when there are any.
    std::size_t ok = 0;
    for (const auto& [outcome, count] : head.outcomes) ok = outcome == "ok" ? count : ok;
    members.number("ok", ok);
    for (const auto& [outcome, count] : head.outcomes) {
      if (outcome != "ok") members.number(outcome, count);
    }
    out_ << "},\n";
  }

  void write_finding(const Finding& finding) {
    out_ << "{";
    Members members(out_);
    members.text("id", finding.id);
    members.text("check", finding.check);
    const CheckText* check = report_.check(finding.check);
    members.text("title", check != nullptr ? check->title : finding.check);
    members.text("verdict", name_of(finding.verdict));
    members.text("level", name_of(finding.level));
    members.text("account_id", finding.account_id);
    members.text("region", finding.region);
    members.text("resource", finding.resource);
    members.text("detail", finding.detail);
    members.key("evidence");
    write_evidence(finding);
    members.key("requirements");
    write_references(finding);
    // A finding that passes has nothing to mend; the recipes would be most of the file.
    const bool to_mend =
        finding.verdict != Verdict::pass && finding.verdict != Verdict::not_applicable;
    members.raw("remediation", to_mend && check != nullptr ? remediations_[check->id] : "{}");
    members.text("first_seen", finding.first_seen);
    members.key("waived");
    write_waiver(finding);
    members.key("calls");
    write_calls(finding);
    out_ << "}";
  }

  void write_evidence(const Finding& finding) {
    out_ << "{";
    Members members(out_);
    for (const auto& [name, value] : finding.evidence) members.raw(name, safe_json(value));
    out_ << "}";
  }

  void write_references(const Finding& finding) {
    out_ << "[";
    for (const auto& reference : finding.requirements) {
      out_ << (&reference == finding.requirements.data() ? "{" : ",{");
      Members members(out_);
      members.text("pack", reference.pack);
      members.text("number", reference.number);
      out_ << "}";
    }
    out_ << "]";
  }

  void write_waiver(const Finding& finding) {
    if (!finding.waived) {
      out_ << "null";
      return;
    }
    out_ << "{";
    Members members(out_);
    members.text("owner", finding.waived->owner);
    members.text("reason", finding.waived->reason);
    members.text("expires", finding.waived->expires);
    out_ << "}";
  }

  void write_calls(const Finding& finding) {
    out_ << "[";
    for (const auto& call : finding.calls) {
      out_ << (&call == finding.calls.data() ? "{" : ",{");
      Members members(out_);
      members.text("service", call.service);
      members.text("operation", call.operation);
      members.text("region", call.region);
      members.text("account_id", call.account_id);
      members.text("target", call.target);
      members.text("outcome", call.outcome);
      members.text("code", call.code);
      members.text("message", call.message);
      members.text("permission", call.permission);
      members.text("time", call.time);
      out_ << "}";
    }
    out_ << "]";
  }

  const Report& report_;
  Output out_;
  std::map<std::string_view, std::string> remediations_;  // of each check, as JSON
};

}  // namespace

void write_json(const Report& report, const ReportStyle&, const Sink& sink) {
  JsonReport(report, sink).write();
}

}  // namespace ciswatch
