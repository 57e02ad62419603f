#include "rules/row.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

// SQL's three values; throws Error for any other.
std::optional<bool> three_valued(const Value& value, std::string_view column) {
  if (is_null(value)) return std::nullopt;
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (*number == 0 || *number == 1) return *number == 1;
    throw Error(fmt::format("{} is {}, not 1, 0 or NULL", column, *number));
  }
  throw Error(fmt::format("{} is the text '{}', not 1, 0 or NULL", column,
                          shortened(std::get<std::string>(value), 60)));
}

std::optional<Level> level_of(const Value& value) {
  if (is_null(value)) return std::nullopt;
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && *text == "warn") return Level::warn;
  if (text != nullptr && *text == "critical") return Level::critical;
  throw Error("level is neither 'warn' nor 'critical'");
}

// Text that looks like JSON and is, as itself; all else as a JSON string or number.
std::string evidence_of(const Value& value) {
  if (is_null(value)) return "null";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  const auto& text = std::get<std::string>(value);
  if (!text.empty() && (text[0] == '{' || text[0] == '[')) {
    try {
      return to_text(parse_json(text));
    } catch (const JsonError&) {
      return json_quote(text);
    }
  }
  return json_quote(text);
}

// The ids in a provenance column: an integer, or JSON text with a list of them; NULLs are no call.
void add_ids(const Value& value, std::string_view column, std::vector<std::int64_t>& ids) {
  if (is_null(value)) return;
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    ids.push_back(*number);
    return;
  }
  const auto wrong = Error(fmt::format("{} is neither an integer nor a JSON list of integers", column));
  try {
    const auto list = parse_json(std::get<std::string>(value));
    if (!list.IsArray()) throw wrong;
    for (const auto& item : list.GetArray()) {
      if (item.IsNull()) continue;
      if (!item.IsInt64()) throw wrong;
      ids.push_back(item.GetInt64());
    }
  } catch (const JsonError&) {
    throw wrong;
  }
}

}  // namespace

Finding RowReader::read(const Statement& row) const {
  Finding finding;
  finding.check = job_.check->id;
  read_place(row, finding);
  finding.level = job_.level;
  if (columns_.level >= 0) finding.level = level_of(row.value(columns_.level)).value_or(job_.level);
  finding.verdict = verdict(row, finding.level);
  finding.detail = shortened(printable(row.text(columns_.detail)), kLongestDetail);
  for (const int column : columns_.evidence) {
    finding.evidence.emplace_back(valid_utf8(row.name(column)), evidence_of(row.value(column)));
  }
  finding.calls = calls(row);
  return finding;
}

void RowReader::read_place(const Statement& row, Finding& finding) const {
  finding.account_id = valid_utf8(row.text(columns_.account_id));
  const auto account = ground_.accounts.find(finding.account_id);
  if (account == ground_.accounts.end()) {
    throw Error(fmt::format("account_id '{}' is no account of the snapshot",
                            shortened(finding.account_id, 60)));
  }
  finding.region = valid_utf8(row.text(columns_.region));
  if (finding.region.empty()) finding.region = account->second;
  finding.resource = valid_utf8(row.text(columns_.resource));
  if (finding.resource.empty()) {
    finding.resource = job_.check->scope == Scope::account ? finding.account_id : finding.region;
  }
}

Verdict RowReader::verdict(const Statement& row, Level level) const {
  const auto ok = three_valued(row.value(columns_.ok), "ok");
  std::optional<bool> not_applicable = false;
  if (columns_.not_applicable >= 0) {
    not_applicable = three_valued(row.value(columns_.not_applicable), "not_applicable");
  }
  // Whether the check concerns the resource at all is not known: then neither is the rest.
  if (!not_applicable) return Verdict::unknown;
  if (*not_applicable) return Verdict::not_applicable;
  if (!ok) return Verdict::unknown;
  if (*ok) return Verdict::pass;
  return level == Level::critical ? Verdict::critical : Verdict::warn;
}

std::vector<SourceCall> RowReader::calls(const Statement& row) const {
  std::vector<std::int64_t> ids;
  for (const int column : columns_.calls) add_ids(row.value(column), row.name(column), ids);
  std::vector<SourceCall> calls;
  std::set<std::int64_t> seen;
  for (const auto id : ids) {
    if (!seen.insert(id).second) continue;
    const auto* call = ledger_.find(id);
    if (call == nullptr) throw Error(fmt::format("there is no API call of the id {}", id));
    calls.push_back(*call);
  }
  // Ids tell in which order the answers came in, which differs between two runs.
  std::sort(calls.begin(), calls.end(), [](const SourceCall& a, const SourceCall& b) {
    return std::tie(a.account_id, a.region, a.service, a.operation, a.target) <
           std::tie(b.account_id, b.region, b.service, b.operation, b.target);
  });
  return calls;
}

}  // namespace ciswatch
