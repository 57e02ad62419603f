#include "reporters/finding_json.h"

namespace ciswatch {
namespace {

// And what is related, of other frameworks.
std::string requirements_member(const CheckText* check) {
  std::string out = "\"requirements\":[";
  if (check != nullptr) {
    for (const auto& reference : check->requirements) {
      out += &reference == check->requirements.data() ? "{" : ",{";
      Members members(out);
      members.text("pack", reference.pack);
      members.text("number", reference.number);
      out += "}";
    }
  }
  out += "],\"related\":{";
  Members frameworks(out);
  if (check != nullptr) {
    for (const auto& related : check->related) {
      std::string numbers;
      for (const auto& number : related.numbers) {
        numbers += (numbers.empty() ? "[" : ",") + quoted_json(number);
      }
      frameworks.raw(related.framework, numbers + "]");
    }
  }
  return out + "}";
}

void append_evidence(std::string& out, const Finding& finding) {
  out += "\"evidence\":{";
  bool first = true;
  for (const auto& [name, value] : finding.evidence) {
    if (!first) out += ',';
    first = false;
    append_quoted(out, name);
    out += ':';
    append_json(out, value);
  }
  out += '}';
}

void append_waiver(std::string& out, const Waiver& waiver) {
  out += '{';
  Members members(out);
  members.text("owner", waiver.owner);
  members.text("reason", waiver.reason);
  members.text("ticket", waiver.ticket);
  members.text("expires", waiver.expires);
  out += '}';
}

}  // namespace

void append_call(std::string& out, const SourceCall& call) {
  const auto member = [&](std::string_view name, const std::string& value) {
    out += name;
    append_quoted(out, value);
  };
  member("{\"service\":", call.service);
  member(",\"operation\":", call.operation);
  member(",\"region\":", call.region);
  member(",\"account_id\":", call.account_id);
  member(",\"target\":", call.target);
  member(",\"outcome\":", call.outcome);
  member(",\"code\":", call.code);
  member(",\"message\":", call.message);
  member(",\"permission\":", call.permission);
  member(",\"time\":", call.time);
  out += '}';
}

FindingJson::FindingJson(const Report& report)
    : report_(report),
      first_seen_now_("\"first_seen\":" + quoted_json(report.head.collected_at)) {
  requirements_[nullptr] = requirements_member(nullptr);
  for (const auto& check : report.head.checks) requirements_[&check] = requirements_member(&check);
}

void FindingJson::enter(const FindingRange& range) {
  check_ = report_.check(range.check());
  check_member_ = ",\"check\":" + quoted_json(range.check());
  account_member_ = ",\"account_id\":" + quoted_json(range.account_id()) + ",\"region\":";
  requirements_member_ = requirements_.find(check_)->second;
}

void FindingJson::append_id(std::string& out, const Finding& finding) const {
  out += "\"id\":";
  append_quoted(out, finding.id);
  out += check_member_;
}

void FindingJson::append_judgement(std::string& out, const Finding& finding) const {
  out += "\"verdict\":\"";
  out += name_of(finding.verdict);
  out += finding.level == Level::critical ? "\",\"level\":\"critical\"" : "\",\"level\":\"warn\"";
  out += account_member_;
  append_quoted(out, finding.region);
  out += ",\"resource\":";
  append_quoted(out, finding.resource);
  out += ",\"detail\":";
  append_quoted(out, finding.detail);
  out += ',';
  append_evidence(out, finding);
  out += ',';
  out += requirements_member_;
}

void FindingJson::append_history(std::string& out, const Finding& finding) const {
  if (finding.first_seen.empty()) {
    out += first_seen_now_;
  } else {
    out += "\"first_seen\":";
    append_quoted(out, finding.first_seen);
  }
  out += ",\"waived\":";
  if (finding.waived) {
    append_waiver(out, *finding.waived);
  } else {
    out += "null";
  }
}

}  // namespace ciswatch
