#include "rules/sandbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/stop.h"
#include "core/base/text.h"
#include "core/store/snapshot.h"
#include "rules/functions.h"

namespace ciswatch {
namespace {

using namespace std::string_view_literals;

// Everything that depends on its arguments alone. Sorted.
constexpr std::array kFunctions = {"->"sv,
                                   "->>"sv,
                                   "abs"sv,
                                   "all_ok"sv,
                                   "any_ok"sv,
                                   "avg"sv,
                                   "char"sv,
                                   "coalesce"sv,
                                   "count"sv,
                                   "cume_dist"sv,
                                   "date"sv,
                                   "datetime"sv,
                                   "dense_rank"sv,
                                   "first_value"sv,
                                   "format"sv,
                                   "glob"sv,
                                   "group_concat"sv,
                                   "hex"sv,
                                   "ifnull"sv,
                                   "iif"sv,
                                   "instr"sv,
                                   "json"sv,
                                   "json_array"sv,
                                   "json_array_length"sv,
                                   "json_extract"sv,
                                   "json_group_array"sv,
                                   "json_group_object"sv,
                                   "json_insert"sv,
                                   "json_object"sv,
                                   "json_patch"sv,
                                   "json_quote"sv,
                                   "json_remove"sv,
                                   "json_replace"sv,
                                   "json_set"sv,
                                   "json_type"sv,
                                   "json_valid"sv,
                                   "julianday"sv,
                                   "lag"sv,
                                   "last_value"sv,
                                   "lead"sv,
                                   "length"sv,
                                   "like"sv,
                                   "lower"sv,
                                   "ltrim"sv,
                                   "max"sv,
                                   "min"sv,
                                   "nth_value"sv,
                                   "ntile"sv,
                                   "nullif"sv,
                                   "pattern_error"sv,
                                   "pattern_matches"sv,
                                   "pattern_noise"sv,
                                   "pattern_slip"sv,
                                   "percent_rank"sv,
                                   "policy_allows"sv,
                                   "policy_denies"sv,
                                   "policy_error"sv,
                                   "policy_reason"sv,
                                   "policy_statements"sv,
                                   "printf"sv,
                                   "quote"sv,
                                   "rank"sv,
                                   "replace"sv,
                                   "round"sv,
                                   "row_number"sv,
                                   "rtrim"sv,
                                   "setting"sv,
                                   "sign"sv,
                                   "strftime"sv,
                                   "substr"sv,
                                   "substring"sv,
                                   "sum"sv,
                                   "template_attribute"sv,
                                   "time"sv,
                                   "total"sv,
                                   "trim"sv,
                                   "typeof"sv,
                                   "unicode"sv,
                                   "unixepoch"sv,
                                   "upper"sv};
static_assert(std::is_sorted(kFunctions.begin(), kFunctions.end()));

constexpr std::array kClockFunctions = {"current_date"sv, "current_time"sv, "current_timestamp"sv};
constexpr std::array kSliceFunctions = {"slice_first"sv, "slice_last"sv};
constexpr std::array kDateFunctions = {"date"sv,     "datetime"sv, "julianday"sv,
                                       "strftime"sv, "time"sv,     "unixepoch"sv};

constexpr std::string_view kLedger = "api_call";

constexpr std::string_view kOnlyReads =
    "a check only reads: it cannot write, attach, set a pragma or load anything";
constexpr std::string_view kTimeIsTheSnapshots =
    "a check does not know the time of day: use snapshot.collected_at, so that a snapshot gives "
    "the "
    "same report whenever it is judged";

template <typename List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// A date function of SQLite's that would ask for the time of day: without a time to convert, or
// with 'now'. `at` is the token after its name.
bool asks_the_clock(const std::vector<SqlToken>& tokens, std::size_t at, bool has_format) {
  if (at >= tokens.size() || !tokens[at].is("(")) return false;
  int depth = 0;
  std::size_t arguments = 0;
  for (; at < tokens.size(); ++at) {
    if (tokens[at].is("(")) {
      ++depth;
    } else if (tokens[at].is(")")) {
      if (--depth == 0) break;
    } else if (depth == 1) {
      const bool now = tokens[at].kind == SqlToken::Kind::string &&
                       equal_ignoring_case(trim(tokens[at].text), "now");
      if (now) return true;
      if (arguments == 0) arguments = 1;
      if (tokens[at].is(",")) ++arguments;
    } else if (arguments == 0) {
      arguments = 1;
    }
  }
  return arguments < (has_format ? 2U : 1U);
}

std::vector<std::string> all_names(const std::vector<SharedView>& views) {
  std::vector<std::string> names{"snapshot", "api_call", "account_id", "region", "call_id", "doc"};
  for (const auto* table : tables()) {
    names.emplace_back(table->name);
    for (const auto& column : table->columns) names.emplace_back(column.name);
  }
  for (const auto& view : views) names.push_back(view.name);
  for (const auto function : kFunctions) names.emplace_back(function);
  return names;
}

// The last part of "temp.aws_x.arn".
std::string_view last_name(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

std::string_view without_org(std::string_view view) {
  return view.starts_with("org_") ? view.substr(4) : view;
}

// A view that shows a table or the ledger: of the slice, or of all accounts.
bool is_table_view(std::string_view view) {
  const auto name = without_org(view);
  return name == kLedger || find_table(name) != nullptr;
}

void refuse_stored_rows(const std::vector<SqlToken>& tokens) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!tokens[i + 1].is(".") || !equal_ignoring_case(tokens[i].text, "main")) continue;
    throw SqlError(
        "write the table's name without 'main.': the stored rows alone would hide the "
        "calls that were not answered",
        tokens[i].offset);
  }
}

}  // namespace

std::string with_org_views(std::string_view sql) {
  std::string written(sql);
  if (to_lower(sql).find("org.") == std::string::npos) return written;
  const auto tokens = sql_tokens(sql);
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    const auto dot = static_cast<std::size_t>(tokens[i].offset) + 3;
    const bool adjacent = tokens[i].is("org") && tokens[i + 1].is(".") &&
                          tokens[i + 1].offset == tokens[i].offset + 3 &&
                          tokens[i + 2].offset == tokens[i].offset + 4;
    if (adjacent && is_table_view(tokens[i + 2].text)) written[dot] = '_';
  }
  return written;
}

std::string with_hint(std::string_view message, const std::vector<std::string>& names) {
  for (const auto what : {"no such table: "sv, "no such column: "sv, "no such function: "sv}) {
    if (!message.starts_with(what)) continue;
    const auto name = last_name(message.substr(what.size()));
    // The name of a column, but of another table.
    if (std::find(names.begin(), names.end(), name) != names.end()) return fmt::format("{}{}", what, name);
    return fmt::format("{}{}{}", what, name, did_you_mean(name, names));
  }
  return std::string(message);
}

std::vector<SharedView> read_views(const std::string& sql) {
  int offset = 0;
  refuse_stored_rows(sql_tokens(sql));
  try {
    return shared_views(sql, offset);
  } catch (const Error& error) {
    throw SqlError(error.what(), offset);
  }
}

Sandbox::Sandbox(Database database, Slice slice, Shown shown, const Stored& stored)
    : database_(std::move(database)), shown_(std::move(shown)) {
  // The first use of a table-valued function registers it, which the guard would take for a write.
  database_.execute("select 1 from json_each('[]'), json_tree('[]')");
  database_.add_function("setting", 1, [this](std::span<const Value> name) -> Value {
    const auto* text = std::get_if<std::string>(&name[0]);
    const auto found = text == nullptr ? settings_.end() : settings_.find(*text);
    if (found == settings_.end()) {
      throw Error(fmt::format("the check has no setting '{}'", text == nullptr ? "NULL" : *text));
    }
    return found->second;
  });
  add_functions(database_);
  make_views(database_, stored, slice, shown_.tables);
  make_views(database_, stored, Slice::none, shown_.tables);
  add_views();
  database_.authorize([this](const Access& access) { return trusted_ || allow(access); });
}

void Sandbox::add_views() {
  for (const auto& view : shown_.views) {
    try {
      database_.execute(with_org_views(view.sql));
    } catch (const DatabaseError& error) {
      throw SqlError(error.what(), view.offset + std::max(error.offset() - view.added, 0));
    }
  }
}

bool Sandbox::refuse(std::string reason, std::string_view word) {
  if (refusal_.empty()) {
    refusal_ = std::move(reason);
    refused_word_ = word;
  }
  return false;
}

bool Sandbox::allow(const Access& access) {
  switch (access.kind) {
    case Access::Kind::select:
      return true;
    case Access::Kind::read:
      return allow_read(access);
    case Access::Kind::function: {
      const auto name = to_lower(access.name);
      if (contains(kClockFunctions, name)) return refuse(std::string(kTimeIsTheSnapshots), name);
      if (contains(kSliceFunctions, name) && is_table_view(to_lower(access.through))) return true;
      if (std::binary_search(kFunctions.begin(), kFunctions.end(), name)) return true;
      return refuse(fmt::format("a check cannot call {}(): what it does depends on more than the "
                                "snapshot",
                                name),
                    name);
    }
    case Access::Kind::other:
      break;
  }
  return refuse(std::string(kOnlyReads), "");
}

// What a view of a table or of the ledger shows, beside the names that are no such view.
void Sandbox::note_read(const Access& access, std::string_view table) {
  const auto name = without_org(table);
  const bool ledger = name == kLedger;
  if (!ledger && find_table(name) == nullptr) return;
  (name.size() < table.size() ? reads_.every_account : reads_.slice) = true;
  if (const auto* spec = find_table(name)) reads_.tables.insert(spec);
  if (!ledger) return;
  reads_.ledger = true;
  // The view itself reads them all; what counts is what is read of the view.
  const bool of_view = access.database != "main";
  if (of_view && (access.name == "time" || access.name == "attempts")) reads_.time = true;
}

// A table's stored rows lack those that stand for unanswered calls and are of all accounts, so that
// only its views may read them.
bool Sandbox::allow_read(const Access& access) {
  const auto table = to_lower(access.table);
  const auto through = to_lower(access.through);
  // "select count(*)" reads no column of the view, but the view reads its rows all the same.
  note_read(access, through);
  if (access.database == "main") {
    if (table == "snapshot") reads_.time = true;
    if (table == "snapshot" || table == "json_each" || table == "json_tree") return true;
    const bool stored = table == kLedger || find_table(table) != nullptr;
    if (stored && is_table_view(through)) return true;
    return refuse(fmt::format("a check cannot read {}", access.table), access.table);
  }
  note_read(access, table);
  const auto same = [&](const SharedView& view) { return equal_ignoring_case(view.name, table); };
  const bool known = is_table_view(table) || access.database.empty() ||
                     std::any_of(shown_.views.begin(), shown_.views.end(), same);
  return known || refuse(fmt::format("a check cannot read {}", access.table), access.table);
}

// What the compiler would let pass: a second statement (it compiles the first), values to bind, the
// stored tables behind a common table expression that bears a table's name, the time of day.
void Sandbox::refuse_text(std::string_view sql) {
  const auto statements = sql_statements(sql);
  if (statements.empty()) throw SqlError("there is no SQL", 0);
  if (statements.size() > 1) {
    throw SqlError("one statement only, this is a second one", statements[1].offset);
  }
  const auto tokens = sql_tokens(sql);
  if (!tokens[0].is("select") && !tokens[0].is("with") && !tokens[0].is("values")) {
    throw SqlError(std::string(kOnlyReads),
                   tokens[0].offset);  // VACUUM asks no leave until it runs
  }
  refuse_stored_rows(tokens);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == SqlToken::Kind::string) continue;
    const auto name = to_lower(tokens[i].text);
    if (contains(kDateFunctions, name) && asks_the_clock(tokens, i + 1, name == "strftime")) {
      throw SqlError(std::string(kTimeIsTheSnapshots), tokens[i].offset);
    }
  }
}

Statement Sandbox::prepare(std::string_view sql) {
  reads_ = {};
  refusal_.clear();
  refuse_text(sql);
  try {
    auto statement = database_.prepare(with_org_views(sql));
    if (statement.parameters() > 0) throw SqlError("there are no values to bind here", -1);
    return statement;
  } catch (const DatabaseError& error) {
    if (is_damage(error)) throw;
    explain(error, sql);
  }
}

void Sandbox::explain(const DatabaseError& error, std::string_view sql) const {
  if (!refusal_.empty()) throw SqlError(refusal_, offset_of_word(sql, refused_word_));
  const std::string_view message = error.what();
  const auto colon = message.rfind(": ");
  const auto name = message.starts_with("no such ") && colon != std::string_view::npos
                        ? last_name(message.substr(colon + 2))
                        : std::string_view();
  // Inside a view the offset is one of the view's text: believed only where the word stands.
  int offset = error.offset();
  if (!name.empty()) offset = offset_of_word(sql, name);
  throw SqlError(with_hint(message, all_names(shown_.views)), offset);
}

void Sandbox::show_accounts(const std::string& first, const std::string& last) {
  ciswatch::show_accounts(database_, first, last);
}

Statement Sandbox::prepare_trusted(std::string_view sql) {
  // The guard stays set: SQLite prepares all statements anew when it changes.
  trusted_ = true;
  try {
    auto statement = database_.prepare(sql);
    trusted_ = false;
    return statement;
  } catch (...) {
    trusted_ = false;
    throw;
  }
}

void Sandbox::start_clock(std::chrono::nanoseconds limit) {
  deadline_ = std::chrono::steady_clock::now() + limit;
  if (watched_) return;
  database_.interrupt_when([this] { return stop_signal() != 0 || out_of_time(); });
  watched_ = true;
}

}  // namespace ciswatch
