#include "core/remediate/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/json.h"
#include "core/collect/decode.h"
#include "core/plan/members.h"
#include "core/plan/patch.h"
#include "core/remediate/rows.h"

namespace ciswatch {
namespace {

// The answer in which the item stands where the table looks for it.
std::string answer_with(const TableSpec& table, const std::string& item) {
  std::string answer = item;
  std::string_view pointer = table.items;
  for (bool innermost = true; !pointer.empty(); innermost = false) {
    const auto slash = pointer.rfind('/');
    const auto name = json_quote(pointer.substr(slash + 1));
    answer = innermost ? fmt::format("{{{}:[{}]}}", name, answer)
                       : fmt::format("{{{}:{}}}", name, answer);
    pointer = pointer.substr(0, slash);
  }
  return answer;
}

class Simulation {
 public:
  Simulation(const ChangePlan& plan, const Snapshot& snapshot, const std::filesystem::path& out)
      : plan_(plan),
        snapshot_(snapshot),
        from_(snapshot.open()),
        to_(out, Durability::scratch) {}

  void run() {
    for (const auto& change : plan_.changes) {
      for (const auto& row : change.rows) plan_row(change, row);
      for (const auto& row : change.filled_in) fill_in(change, row);
    }
    copy_ledger();
    for (const auto* table : tables()) {
      if (!snapshot_.holds(table->name)) continue;
      to_.add_collected(*table);
      copy_table(*table);
    }
    to_.finish(snapshot_.info());
  }

 private:
  // What becomes of a row: the members that one change after the other sets.
  struct Fate {
    std::vector<std::string> members;
    bool gone = false;
    bool met = false;        // in the snapshot

    // By what the row is then; "" : it is gone.
    void change(const std::string& after) {
      gone = after.empty();
      if (!gone) members.push_back(after);
    }

    [[nodiscard]] std::string of(std::string item) const {
      for (const auto& each : members) item = with_members(item, each);
      return item;
    }
  };

  std::string resolved(const std::string& json) {
    const auto made_up = [this](const std::string& id, const std::string& pointer) {
      const auto* change = plan_.change(id);
      const std::string answer = change == nullptr ? "" : change->answer;
      auto found = value_in({answer}, pointer);
      return found ? found : std::optional(json_quote(fmt::format("made-up-{}{}", id, pointer)));
    };
    return json.empty() ? json : resolve(json, made_up).json;
  }

  // A target or key may be the text of a reference.
  std::string resolved_text(const std::string& text) {
    if (!text.starts_with(R"({"$result")")) return text;
    const Json value = parse_json(resolved(text));
    return value.IsString() ? std::string(value.GetString(), value.GetStringLength()) : to_text(value);
  }

  // nullptr: nothing that is judged reads the table.
  const TableSpec* table_of(const Change& change, const std::string& name) {
    const auto* table = find_table(name);
    if (table == nullptr) throw Error(fmt::format("{}: there is no table {}", change.id, name));
    return snapshot_.holds(name) ? table : nullptr;
  }

  void plan_row(const Change& change, const RowChange& row) {
    const auto* table = table_of(change, row.table);
    if (table == nullptr) return;
    RowPlace place{change.account_id, row.table, row.region, resolved_text(row.target), resolved_text(row.key)};
    const auto members = resolved(row.after);
    // Another account's row of the same name is the same thing only where the name is of all accounts.
    if (row.every_region && place.key.starts_with("arn:")) shadows_[table][place.key].change(members);
    fates_[table][std::move(place)].change(members);
  }

  void fill_in(const Change& change, const FilledRow& row) {
    const auto* table = table_of(change, row.table);
    if (table == nullptr) return;
    fates_[table][{change.account_id, row.table, row.region, resolved_text(row.target),
                   resolved_text(row.key)}].change(resolved(row.members));
  }

  void copy_ledger() {
    std::set<RowPlace> answered;  // the calls that the changed rows are from: without a key
    for (const auto& [table, fates] : fates_) {
      for (const auto& [place, fate] : fates) {
        answered.insert({place.account_id, place.table, place.region, place.target, ""});
      }
    }
    auto rows = from_.prepare(
        "select account_id, region, service, operation, target, outcome, code, message, attempts, time,"
        " call_id from main.api_call order by call_id");
    while (rows.step()) {
      const auto text = [&](int column) { return std::string(rows.text(column)); };
      LedgerRow row{text(0), text(1), text(2), text(3), text(4), text(5), text(6), text(7),
                    static_cast<int>(rows.integer(8)), text(9)};
      const auto* table = find_table(row.service, row.operation);
      const std::string name(table == nullptr ? "" : table->name);
      const auto known = answered.find({row.account_id, name, row.region, row.target, ""});
      if (known != answered.end()) {
        if (row.outcome == "absent") row.outcome = "ok", row.code = row.message = "";
        answered.erase(known);
        calls_[{row.account_id, name, row.region, row.target, ""}] = add_call(row, rows.integer(10));
      } else {
        add_call(row, rows.integer(10));
      }
    }
    for (const auto& place : answered) {
      const auto* table = find_table(place.table);
      calls_[place] = to_.add_call({place.account_id, place.region, std::string(table->service),
                                    std::string(table->operation), place.target, "ok", "", "", 1,
                                    snapshot_.info().collected_at});
    }
  }

  std::int64_t add_call(const LedgerRow& row, std::int64_t id) {
    const auto made = to_.add_call(row);
    if (made != id) moved_[id] = made;
    return made;
  }

  void copy_table(const TableSpec& table) {
    std::string columns = "account_id, region";
    for (const auto& column : table.columns) columns += fmt::format(", {}", column.name);
    auto rows = from_.prepare(fmt::format("select {}, call_id, doc from main.{} order by {}", columns,
                                          table.name, primary_key(table)));
    const int call = static_cast<int>(table.columns.size()) + 2;
    while (rows.step()) {
      const auto moved = moved_.find(rows.integer(call));
      const auto call_id = moved == moved_.end() ? rows.integer(call) : moved->second;
      auto place = place_in(table, rows);
      auto* fate = fate_of(table, rows, place);
      if (fate == nullptr) {
        std::vector<Value> values;
        for (int i = 2; i < call; ++i) values.push_back(rows.value(i));
        to_.add_row(table, rows.text(0), rows.text(1), values, rows.text(call + 1), call_id);
        continue;
      }
      fate->met = true;
      if (!fate->gone) add_item(table, place, item_of(table, place.key, *fate, rows.text(call + 1)), call_id);
    }
    for (const auto& [place, fate] : fates_[&table]) {
      if (fate.met || fate.gone) continue;
      const auto call_id = calls_.at({place.account_id, place.table, place.region, place.target, ""});
      add_item(table, place, item_of(table, place.key, fate, "{}"), call_id);
    }
  }

  // Where the row is, without its key.
  static RowPlace place_in(const TableSpec& table, const Statement& row) {
    std::string_view target, second;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto text = row.text(static_cast<int>(i) + 2);
      if (table.columns[i].from == kTarget) target = text;
      if (table.columns[i].from == kSecond) second = text;
    }
    return {std::string(row.text(0)), std::string(table.name), std::string(row.text(1)),
            target_text(table, target, second), ""};
  }

  // Of a row: `place` gets the key that the plan has of it. nullptr: nothing changes it.
  Fate* fate_of(const TableSpec& table, const Statement& row, RowPlace& place) {
    auto& fates = fates_[&table];
    auto& shadows = shadows_[&table];
    if (fates.empty()) return nullptr;
    for (auto& key : keys_of(table, row)) {
      place.key = std::move(key);
      const auto found = fates.find(place);
      if (found != fates.end()) return &found->second;
      const auto shadow = shadows.find(place.key);
      if (shadow != shadows.end()) return &shadow->second;
    }
    return nullptr;
  }

  // As a plan may write it: one column of the key, or all of them.
  static std::vector<std::string> keys_of(const TableSpec& table, const Statement& row) {
    std::vector<std::string> keys;
    std::string whole;
    for (std::size_t i = 0; i < table.columns.size() && !table.items.empty(); ++i) {
      if (!is_key(table, table.columns[i].name)) continue;
      keys.emplace_back(row.text(static_cast<int>(i) + 2));
      whole += (whole.empty() ? "" : " ") + keys.back();
    }
    keys.push_back(whole);
    return keys;
  }

  // In a list of texts the item is its key.
  static std::string item_of(const TableSpec& table, const std::string& key, const Fate& fate,
                             std::string_view item) {
    const bool is_text = std::any_of(table.columns.begin(), table.columns.end(),
                                     [](const Column& column) { return column.from == kItem; });
    return is_text ? json_quote(key) : fate.of(std::string(item));
  }

  void add_item(const TableSpec& table, const RowPlace& place, const std::string& item, std::int64_t call) {
    try {
      const Json answer = parse_json(answer_with(table, item));
      for (const auto& row : decode_page(table, answer, place.region, place.target)) {
        to_.add_row(table, place.account_id, row.region, row.values, row.doc, call);
      }
    } catch (const UnexpectedShape& error) {
      throw error.within(fmt::format("the plan makes {} {}{}", table.name, place.target, place.key));
    }
  }

  const ChangePlan& plan_;
  const Snapshot& snapshot_;
  Database from_;
  SnapshotWriter to_;
  std::map<const TableSpec*, std::map<RowPlace, Fate>> fates_;
  std::map<const TableSpec*, std::map<std::string, Fate>> shadows_;  // of rows that others show, by key
  std::map<RowPlace, std::int64_t> calls_;  // without a key
  std::map<std::int64_t, std::int64_t> moved_;
};

}  // namespace

void simulate(const ChangePlan& plan, const Snapshot& snapshot, const std::filesystem::path& out) {
  if (plan.snapshot_id != snapshot.info().id) {
    throw Error(fmt::format("the plan is of another snapshot ({}) than {} ({})", plan.snapshot_id,
                            snapshot.path().string(), snapshot.info().id));
  }
  Simulation(plan, snapshot, out).run();
}

}  // namespace ciswatch
