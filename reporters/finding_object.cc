#include "reporters/finding_object.h"

namespace ciswatch {
namespace {

constexpr std::string_view kNoRemediation = ",\"remediation\":{},";

std::string remediation(const CheckText& check) {
  std::string json = ",\"remediation\":{";
  Members members(json);
  for (const auto& [name, text] : check.remediation) members.text(name, text);
  return json + "},";
}

}  // namespace

FindingObject::FindingObject(const Report& report) : json_(report), calls_(report) {
  for (const auto& check : report.head.checks) remediations_[&check] = remediation(check);
}

void FindingObject::enter(const FindingRange& range) {
  json_.enter(range);
  const CheckText* check = json_.check();
  title_ = ",\"title\":";
  append_quoted(title_, check != nullptr ? check->title : range.check());
  title_ += ',';
  const auto found = remediations_.find(check);
  remediation_ = found == remediations_.end() ? kNoRemediation : found->second;
}

void FindingObject::append(std::string& out, const Finding& finding) {
  out += '{';
  json_.append_id(out, finding);
  out += title_;
  json_.append_judgement(out, finding);
  // A finding that passes has nothing to mend; the recipes would be most of the file.
  const bool to_mend =
      finding.verdict != Verdict::pass && finding.verdict != Verdict::not_applicable;
  out += to_mend ? remediation_ : kNoRemediation;
  json_.append_history(out, finding);
  append_calls(out, finding);
  out += '}';
}

void FindingObject::append_calls(std::string& out, const Finding& finding) {
  out += ",\"calls\":[";
  bool first = true;
  const auto append = [&](const SourceCall& call) {
    if (!first) out += ',';
    first = false;
    append_call(out, call);
  };
  for (const auto& call : calls_.of(finding)) append(call);
  for (const auto& call : finding.unanswered) append(call);
  out += ']';
}

}  // namespace ciswatch
