#include "tests/proof/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/store/schema.h"
#include "tests/proof/exceptions.h"
#include "tests/proof/json_faults.h"
#include "tests/proof/stage.h"

namespace ciswatch::proof {
namespace {

using Row = std::vector<std::string>;

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

bool is_good(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::not_applicable;
}

// What the findings come to: each thing's verdict, and whether all is well with an account.
struct Judgement {
  std::map<std::string, Verdict> things;
  std::map<std::string, bool> accounts;
};

Judgement judgement_of(const std::vector<Finding>& findings) {
  Judgement judged;
  for (const auto& finding : findings) {
    judged.things[fmt::format("{} {} {}", finding.account_id, finding.region, finding.resource)] =
        finding.verdict;
    auto& good = judged.accounts.try_emplace(finding.account_id, true).first->second;
    good = good && is_good(finding.verdict);
  }
  return judged;
}

class Trial {
 public:
  // `stage` shows a test of the check.
  Trial(const Check& check, Stage& stage, Faults& faults)
      : check_(check), stage_(stage), faults_(faults), before_(judgement_of(stage_.run())) {}

  void run() {
    for (const auto* table : stage_.reads().tables) {
      fail_calls(*table);
      for (const auto& column : table->columns) {
        // Where null means that there is none, another type fails the call: the decoder's tests.
        const bool told = is_key(*table, column.name) || column.omitted == kNullIsNone;
        if (!told) spoil_column(*table, column);
      }
    }
  }

 private:
  void fail_calls(const TableSpec& table) {
    const auto calls = stage_.select(fmt::format(
        "select distinct account_id, region, target from main.api_call where service = '{}' and"
        " operation = '{}' and outcome in ('ok', 'absent')",
        table.service, table.operation));
    for (const auto& call : calls) {
      for (const auto* outcome : {"denied", "throttled", "failed", "disabled", "not_tried"}) {
        ++faults_.calls;
        const auto what = fmt::format("{} {} of '{}' in {} is {}", table.service, table.operation,
                                      call[2], call[1], outcome);
        stage_.with([&] { fail_call(table, call, outcome); }, [&] { look(what); });
      }
    }
  }

  // As a collection would have left it: without the rows, and without what is asked for by them.
  void fail_call(const TableSpec& table, const Row& call, std::string_view outcome) {
    const auto same = fmt::format(
        "account_id = {} and region = {} and target = {} and service = '{}' and operation = '{}'",
        sql_text(call[0]), sql_text(call[1]), sql_text(call[2]), table.service, table.operation);
    const auto rows = fmt::format("call_id in (select call_id from main.api_call where {})", same);
    for (const auto* child : tables()) {
      for (const auto& parent : child->parents) {
        if (parent.table == table.name && !parent.although_unread && child != &table) {
          forget_children(*child, parent, fmt::format("main.{} where {}", table.name, rows));
        }
      }
    }
    stage_.execute(fmt::format("delete from main.{} where {}", table.name, rows));
    stage_.execute(fmt::format(
        "update main.api_call set outcome = '{}', code = 'AccessDenied' where {}", outcome, same));
    if (table.name == "aws_region") leave_regions_unknown(call[0]);
  }

  // What only these rows of the parent named.
  void forget_children(const TableSpec& child, const Parent& parent, const std::string& rows) {
    const auto keys = stage_.select(
        fmt::format("select distinct account_id, {} from {}", parent.key, rows));
    for (const auto& key : keys) {
      const auto of_key = fmt::format("account_id = {} and (target = {} or target like {} || ' %')",
                                      sql_text(key[0]), sql_text(key[1]), sql_text(key[1]));
      const auto calls = fmt::format(
          "call_id in (select call_id from main.api_call where service = '{}' and operation = '{}'"
          " and {})",
          child.service, child.operation, of_key);
      stage_.execute(fmt::format("delete from main.{} where {}", child.name, calls));
      stage_.execute(fmt::format("delete from main.api_call where {}", calls));
    }
  }

  void leave_regions_unknown(const std::string& account) {
    for (const auto* table : stage_.reads().tables) {
      if (table->scope != Scope::region) continue;
      stage_.execute(fmt::format(
          "insert into main.api_call (call_id, account_id, region, service, operation, target,"
          " outcome, code, message, attempts, time) select 1000000 + max(call_id), {}, '*', '{}',"
          " '{}', '', 'not_tried', 'RegionsUnknown', '', 0, '' from main.api_call",
          sql_text(account), table->service, table->operation));
    }
  }

  // Null stands for a member that is missing, null or of the wrong type: the decoder's tests prove it.
  void spoil_column(const TableSpec& table, const Column& column) {
    const auto rows = stage_.select(fmt::format("select {0}, {1} from main.{2} where {1} is not null",
                                                primary_key(table), column.name, table.name));
    for (const auto& row : rows) spoil_cell(table, column, row);
  }

  void spoil_cell(const TableSpec& table, const Column& column, Row row) {
    const auto value = std::move(row.back());
    row.pop_back();
    std::string key;
    for (const auto& part : row) key += (key.empty() ? "" : ", ") + sql_text(part);
    const auto update = fmt::format("update main.{} set {} = ?1 where ({}) = ({})", table.name,
                                    column.name, primary_key(table), key);
    const auto what = fmt::format("{}.{} of {}", table.name, column.name, key);
    ++faults_.fields;
    stage_.with([&] { stage_.set(update, Value()); }, [&] { look(what + " is null"); });
    // What is malformed already may be mended by another type.
    const bool any_unknown = std::any_of(before_.things.begin(), before_.things.end(), [](const auto& e) {
      return e.second == Verdict::unknown;
    });
    if (any_unknown || (column.type != Type::json && column.type != Type::document)) return;
    for (const auto& [where, text] : json_faults(value)) {
      ++faults_.members;
      stage_.with([&] { stage_.set(update, text); }, [&] { look(what + where); });
    }
  }

  void look(const std::string& what) {
    const auto after = judgement_of(stage_.run());
    for (const auto& [thing, verdict] : after.things) {
      const auto was = before_.things.find(thing);
      if (verdict == Verdict::pass && was != before_.things.end() && was->second != Verdict::pass) {
        wrong(what, fmt::format("{} was {} and passes", thing, name_of(was->second)));
      }
    }
    for (const auto& [account, good] : before_.accounts) {
      const auto now = after.accounts.find(account);
      if (!good && (now == after.accounts.end() || now->second)) {
        wrong(what, fmt::format("account {} had a finding and has none", account));
      }
    }
  }

  [[nodiscard]] bool is_right(const std::string& what) const {
    return std::any_of(kExceptions.begin(), kExceptions.end(), [&](const Exception& each) {
      return (each.check.empty() || each.check == check_.id) &&
             stage_.test().name.find(each.test) != std::string::npos &&
             what.find(each.fault) != std::string::npos;
    });
  }

  void wrong(const std::string& what, const std::string& how) {
    if (is_right(what)) return;
    faults_.wrong.push_back(fmt::format("{}:{}: {}: {}: {}", check_.file.string(),
                                        stage_.test().place.line, stage_.test().name, what, how));
  }

  const Check& check_;
  Stage& stage_;
  Faults& faults_;
  const Judgement before_;
};

}  // namespace

Faults try_faults(const Check& check, const Library& library) {
  Faults faults;
  const std::array alone = {&check};
  Stage stage(alone, library);
  for (const auto& test : check.tests) {
    stage.show(test);
    Trial(check, stage, faults).run();
  }
  return faults;
}

}  // namespace ciswatch::proof
