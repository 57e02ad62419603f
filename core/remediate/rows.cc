#include "core/remediate/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "core/aws/retry.h"
#include "core/base/text.h"
#include "core/collect/calls.h"
#include "core/collect/decode.h"
#include "core/plan/members.h"

namespace ciswatch {
namespace {

constexpr std::string_view kStates[] = {"there", "absent", "unread"};  // by LiveRow::State

LiveRow unread(std::string_view code, std::string message) {
  return {LiveRow::State::unread, {}, {std::string(code), std::move(message), 0}};
}

LiveRow absent() { return {LiveRow::State::absent, {}, {}}; }

LiveRow there(const DecodedRow& row) { return {LiveRow::State::there, row.doc, {}}; }

// The rows of an answer; `error` where they cannot be told.
struct Rows {
  std::vector<DecodedRow> rows;
  bool is_absent = false;
  std::optional<ApiError> error;
};

Rows rows_in(const TableSpec& table, const ApiAnswer& answer, std::string_view target) {
  if (answer.end == CallEnd::error &&
      is_absent(table, answer.error.code, answer.error.message)) {
    return {{}, true, {}};
  }
  if (answer.end != CallEnd::answered) return {{}, false, answer.error};
  Rows found;
  try {
    for (const auto& page : answer.pages) {
      auto more = decode_page(table, page.response, answer.region, target);
      std::move(more.begin(), more.end(), std::back_inserter(found.rows));
    }
  } catch (const UnexpectedShape& malformed) {
    return {{}, false, ApiError{std::string(error_code::kMalformed), malformed.what(), 200}};
  }
  return found;
}

// A key of several columns is written with spaces between; where one of them tells the rows of a call
// apart, it is enough.
bool has_key(const TableSpec& table, const DecodedRow& row, const std::string& key) {
  if (key.empty()) return true;
  auto whole = text_of(column_of(table, row, table.key));
  if (whole == key) return true;
  for (const auto column : table.also_key) {
    const auto part = text_of(column_of(table, row, column));
    if (part == key) return true;
    whole += ' ' + part;
  }
  return whole == key;
}

LiveRow the_one(const TableSpec& table, const Rows& found,
                const std::function<bool(const DecodedRow&)>& is_meant) {
  if (found.error) return {LiveRow::State::unread, {}, *found.error};
  const DecodedRow* meant = nullptr;
  for (const auto& row : found.rows) {
    if (!is_meant(row)) continue;
    if (meant != nullptr) return unread("NotUnique", fmt::format("several rows of {} are meant", table.name));
    meant = &row;
  }
  return meant == nullptr ? absent() : there(*meant);
}

// Reads a table of a region through its parent where it has one. Lives until its last answer.
class TableReading : public std::enable_shared_from_this<TableReading> {
 public:
  using Then = std::function<void(const Rows&)>;

  TableReading(Source& source, const TableSpec& table, const LookupPlace& place, Then then)
      : source_(source), table_(table), place_(place), then_(std::move(then)) {}

  void start() {
    if (table_.scope != Scope::resource) return ask({});
    const auto& link = table_.parents.front();
    const auto& parent = *find_table(link.table);
    if (parent.scope == Scope::resource) {
      all_.error = ApiError{"NotListable", fmt::format("{} cannot be read whole", table_.name), 0};
      return then_(all_);
    }
    ++pending_;
    source_.send(make_call(parent, place_.account_id, place_.region, {}),
                 [self = shared_from_this(), &link, &parent](const ApiAnswer& answer) {
                   self->follow(link, parent, rows_in(parent, answer, {}));
                 });
  }

 private:
  void follow(const Parent& link, const TableSpec& parent, Rows rows) {
    if (rows.error) all_.error = rows.error;
    for (const auto& row : rows.rows) {
      if (!is_due(link, parent, row, place_.account_id)) continue;
      const auto target = target_of(link, table_, parent, row);
      if (!target.empty()) ask(target);
    }
    end_one();
  }

  void ask(const std::string& target) {
    ++pending_;
    source_.send(make_call(table_, place_.account_id, place_.region, target),
                 [self = shared_from_this(), target](const ApiAnswer& answer) {
                   self->add(rows_in(self->table_, answer, target));
                 });
  }

  void add(Rows rows) {
    if (rows.error) all_.error = rows.error;
    std::move(rows.rows.begin(), rows.rows.end(), std::back_inserter(all_.rows));
    end_one();
  }

  void end_one() {
    if (--pending_ == 0) then_(all_);
  }

  Source& source_;
  const TableSpec& table_;
  LookupPlace place_;
  Then then_;
  Rows all_;
  std::size_t pending_ = 0;
};

// No row, or one in which members are not there.
bool asks_for_nothing(std::string_view members) {
  return members.empty() || (members != "{}" && has_members("{}", members));
}

}  // namespace

RowPlace place_of(const std::string& account_id, const RowChange& row) {
  return {account_id, row.table, row.region, row.target, row.key};
}

void LiveRows::read(const RowPlace& place, RowDone done) {
  const auto* table = find_table(place.table);
  if (table == nullptr) {
    return done(unread("NoSuchTable", fmt::format("there is no table {}", printable(place.table))));
  }
  auto call = place;
  call.key.clear();
  auto& waiting = asked_[call];
  if (waiting) {
    waiting->emplace_back(place.key, std::move(done));
    return;
  }
  waiting = std::make_shared<Waiting>();
  waiting->emplace_back(place.key, std::move(done));
  source_.send(make_call(*table, place.account_id, place.region, place.target),
               [this, table, call, waiting = waiting](const ApiAnswer& answer) {
                 const auto now = asked_.find(call);
                 if (now != asked_.end() && now->second == waiting) asked_.erase(now);
                 const auto rows = rows_in(*table, answer, call.target);
                 for (const auto& [key, each] : *waiting) {
                   each(the_one(*table, rows, [&](const auto& row) { return has_key(*table, row, key); }));
                 }
               });
}

void find_row(Source& source, const LookupPlace& place, RowDone done) {
  const auto* table = find_table(place.lookup.table);
  if (table == nullptr) {
    return done(unread("NoSuchTable", fmt::format("there is no table {}", printable(place.lookup.table))));
  }
  auto then = [table, where = place.lookup.where, done = std::move(done)](const Rows& rows) {
    done(the_one(*table, rows, [&](const auto& row) {
      return std::all_of(where.begin(), where.end(), [&](const auto& each) {
        return text_of(column_of(*table, row, each.first)) == each.second;
      });
    }));
  };
  std::make_shared<TableReading>(source, *table, place, std::move(then))->start();
}

bool is_as(const LiveRow& row, std::string_view members) {
  switch (row.state) {
    case LiveRow::State::unread: return false;
    case LiveRow::State::absent: return asks_for_nothing(members);
    case LiveRow::State::there: break;
  }
  return members.empty() ? row.item == "{}" : has_members(row.item, members);
}

std::string difference_of(const LiveRow& row, std::string_view members) {
  if (row.state == LiveRow::State::unread) {
    return fmt::format("could not be read: {}: {}", printable(row.error.code), printable(row.error.message));
  }
  if (row.state == LiveRow::State::absent) return "is not there";
  return members.empty() ? "is there" : first_difference(row.item, members);
}

std::string to_json(const LiveRow& row) {
  const auto state = json_quote(kStates[static_cast<std::size_t>(row.state)]);
  if (row.state == LiveRow::State::there) return fmt::format(R"({{"state":{},"item":{}}})", state, row.item);
  if (row.state == LiveRow::State::absent) return fmt::format(R"({{"state":{}}})", state);
  return fmt::format(R"({{"state":{},"code":{},"message":{}}})", state, json_quote(row.error.code),
                     json_quote(row.error.message));
}

std::string to_json(const std::vector<LiveRow>& rows) {
  std::string list;
  for (const auto& row : rows) list += (list.empty() ? "" : ",") + to_json(row);
  return '[' + list + ']';
}

LiveRow row_in(std::string_view json) {
  const Json document = parse_json(json);
  const auto state = text_or_empty(document, "state");
  LiveRow row;
  for (std::size_t i = 0; i < std::size(kStates); ++i) {
    if (kStates[i] == state) row.state = static_cast<LiveRow::State>(i);
  }
  if (const auto* item = find(document, "/item"); item != nullptr) row.item = to_text(*item);
  row.error = {std::string(text_or_empty(document, "code")), std::string(text_or_empty(document, "message")), 0};
  return row;
}

}  // namespace ciswatch
