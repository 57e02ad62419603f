#pragma once

// A finding as JSON: what the json and jsonl formats share. Everything is appended to one text;
// what findings of a range have in common is put together once, as there may be millions.

#include <map>
#include <string>
#include <string_view>

#include "core/report/report.h"
#include "reporters/escape.h"

namespace ciswatch {

// Writes members of one object; the caller opens and closes it.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) {}

  void text(std::string_view name, std::string_view value) {
    key(name);
    append_quoted(out_, value);
  }
  void number(std::string_view name, std::size_t value) { raw(name, std::to_string(value)); }
  void raw(std::string_view name, std::string_view json) {
    key(name);
    out_ += json;
  }
  // The name alone: the value follows.
  void key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    append_quoted(out_, name);
    out_ += ':';
  }

 private:
  std::string& out_;
  bool first_ = true;
};

// Appends a call as an object.
void append_call(std::string& out, const SourceCall& call);

class FindingJson {
 public:
  explicit FindingJson(const Report& report);

  // The findings that follow are of this range.
  void enter(const FindingRange& range);

  // Appends members, without a comma before or after them:
  void append_id(std::string& out, const Finding& finding) const;  // id, check
  // verdict, level, account_id, region, resource, detail, evidence, requirements, related
  void append_judgement(std::string& out, const Finding& finding) const;
  void append_history(std::string& out, const Finding& finding) const;  // first_seen, waived

  // The head's check of the range; nullptr if there is none.
  [[nodiscard]] const CheckText* check() const { return check_; }

 private:
  const Report& report_;
  std::map<const CheckText*, std::string> requirements_;  // the member, for each check
  std::string first_seen_now_;                            // the member, of what is new
  const CheckText* check_ = nullptr;
  std::string check_member_, account_member_;
  std::string_view requirements_member_;
};

}  // namespace ciswatch
