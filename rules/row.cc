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
std::string evidence_of(const Statement& row, int column) {
  if (row.is_null(column)) return "null";
  if (row.is_integer(column)) return std::to_string(row.integer(column));
  const auto text = row.text(column);
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
void add_ids(const Statement& row, int column, std::vector<std::int64_t>& ids) {
  if (row.is_null(column)) return;
  if (row.is_integer(column)) {
    ids.push_back(row.integer(column));
    return;
  }
  const auto wrong =
      Error(fmt::format("{} is neither an integer nor a JSON list of integers", row.name(column)));
  try {
    const auto list = parse_json(row.text(column));
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

Finding RowReader::read(const Statement& row) {
  Finding finding;
  read_place(row, finding);
  finding.level = job_.level;
  if (columns_.level >= 0) finding.level = level_of(row.value(columns_.level)).value_or(job_.level);
  finding.verdict = verdict(row, finding.level);
  finding.detail = shortened(printable(row.text(columns_.detail)), kLongestDetail);
  finding.evidence.reserve(columns_.evidence.size());
  for (const auto& [column, name] : columns_.evidence) {
    finding.evidence.emplace_back(name, evidence_of(row, column));
  }
  read_calls(row, finding);
  return finding;
}

const Account& RowReader::account_of(std::string_view id) {
  if (last_ != nullptr && last_->id == id) return *last_;
  last_ = find_account(accounts_, id);
  if (last_ != nullptr) return *last_;
  throw Error(fmt::format("account_id '{}' is none of the accounts that the check sees",
                          shortened(id, 60)));
}

void RowReader::read_place(const Statement& row, Finding& finding) {
  const auto& account = account_of(row.text(columns_.account_id));
  finding.account_id = account.id;
  finding.region = valid_utf8(row.text(columns_.region));
  if (finding.region.empty()) finding.region = account.region;
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

// What an answered call was is left to whoever shows it.
void RowReader::read_calls(const Statement& row, Finding& finding) {
  auto& ids = finding.call_ids;
  for (const int column : columns_.calls) add_ids(row, column, ids);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::erase_if(ids, [&](std::int64_t id) {
    if (unanswered_ && !std::binary_search(unanswered_->begin(), unanswered_->end(), id)) return false;
    const auto* call = ledger_.find(id);
    if (call == nullptr) throw Error(fmt::format("there is no API call of the id {}", id));
    if (is_answered(*call)) return false;
    if (++found_ > kMostUnanswered) {
      throw Error(fmt::format("more than {} calls were not answered", kMostUnanswered));
    }
    finding.unanswered.push_back(*call);
    return true;
  });
  std::sort(finding.unanswered.begin(), finding.unanswered.end(), is_before);
}

}  // namespace ciswatch
