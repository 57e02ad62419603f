#include "reporters/finding_object.h"

namespace ciswatch {
namespace {

// What is put in needs no escapes.
std::string inside_quotes(std::string_view text) {
  const auto quoted = quoted_json(text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

FindingObject::FindingObject(const Report& report)
    : json_(report), calls_(report), recipes_(report.head, inside_quotes) {}

void FindingObject::enter(const FindingRange& range) {
  json_.enter(range);
  const CheckText* check = json_.check();
  title_ = ",\"title\":";
  append_quoted(title_, check != nullptr ? check->title : range.check());
  title_ += ',';
  fitting_ = &recipes_.of(check);
}

void FindingObject::append(std::string& out, const Finding& finding) {
  out += '{';
  json_.append_id(out, finding);
  out += title_;
  json_.append_judgement(out, finding);
  append_remediation(out, finding);
  json_.append_history(out, finding);
  append_calls(out, finding);
  out += '}';
}

// Where nothing was proven wrong there is nothing to mend; recipes would be most of the file.
void FindingObject::append_remediation(std::string& out, const Finding& finding) const {
  out += ",\"remediation\":{";
  if (has_failed(finding.verdict)) {
    Members members(out);
    for (const auto& [form, text] : fitting_->fit(finding)) members.raw(form, "\"" + text + "\"");
  }
  out += "},";
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
