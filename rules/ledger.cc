#include "rules/ledger.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kColumns =
    "account_id, region, service, operation, target, outcome, code, message, time";
constexpr std::size_t kLongestMessage = 200;
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestText = 4'096;  // bytes of what a call says of itself
constexpr std::size_t kMostUnansweredIds = 1'000'000;

SourceCall read_call(const Statement& row) {
  SourceCall call;
  int at = 0;
  for (auto* text : {&call.account_id, &call.region, &call.service, &call.operation, &call.target,
                     &call.outcome, &call.code, &call.message, &call.time}) {
    *text = shortened(row.text(at++), kLongestText);
  }
  const auto* table = find_table(call.service, call.operation);
  if (table != nullptr) call.permission = table->permission;
  return call;
}

std::string_view what_happened(std::string_view outcome) {
  if (outcome == "denied") return "was denied";
  if (outcome == "throttled") return "was throttled";
  if (outcome == "disabled") return "was refused as disabled there";
  if (outcome == "not_tried") return "was not tried";
  return "failed";
}

void add(std::vector<SourceCall>& calls, SourceCall call) {
  if (calls.size() >= kMostUnanswered) {
    throw Error(fmt::format("more than {} calls were not answered", kMostUnanswered));
  }
  calls.push_back(std::move(call));
}

Unanswered indexed(std::vector<SourceCall> calls) {
  Unanswered found;
  found.calls = std::move(calls);
  for (std::size_t i = 0; i < found.calls.size(); ++i) {
    const auto& call = found.calls[i];
    found.by_region.emplace(std::pair(call.account_id, call.region), i);
    if (!call.target.empty()) found.by_target.emplace(std::pair(call.account_id, call.target), i);
  }
  return found;
}

}  // namespace

std::string describe(const SourceCall& call) {
  auto text = fmt::format("{}:{}", call.service, call.operation);
  if (!call.target.empty()) text += " of " + shortened(call.target, kLongestName);
  text += fmt::format(" in {} {}", call.region == "*" ? "every region" : call.region,
                      what_happened(call.outcome));
  std::string why = call.code;
  if (!call.message.empty()) {
    why += (why.empty() ? "" : ": ") + shortened(call.message, kLongestMessage);
  }
  if (!why.empty()) text += fmt::format(" ({})", why);
  if (call.outcome == "denied" && !call.permission.empty()) text += "; grant " + call.permission;
  return printable(text);
}

UnansweredIds read_unanswered_ids(Database& database) {
  auto rows = database.prepare(
      "select call_id from main.api_call where outcome not in ('ok', 'absent')");
  std::vector<std::int64_t> ids;
  while (rows.step()) {
    if (ids.size() >= kMostUnansweredIds) return std::nullopt;
    ids.push_back(rows.integer(0));
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

Ledger::Ledger(Sandbox& sandbox, const SnapshotSource& source)
    : sandbox_(sandbox),
      source_(source),
      by_id_(sandbox.prepare_trusted(
          fmt::format("select {} from main.api_call where call_id = ?1", kColumns))) {}

void Ledger::show(std::span<const Account> accounts, bool answered) {
  if (accounts.data() == accounts_.data() && accounts.size() == accounts_.size()) return;
  accounts_ = accounts;
  answered_ = answered;
  unanswered_.clear();
}

const SourceCall* Ledger::find(std::int64_t call_id) {
  by_id_.reset();
  by_id_.bind(1, call_id);
  if (!by_id_.step()) return nullptr;
  found_ = read_call(by_id_);
  by_id_.reset();
  return &found_;
}

const Unanswered& Ledger::unanswered(const TableSpec& table) {
  auto found = unanswered_.find(&table);
  if (found == unanswered_.end()) found = unanswered_.emplace(&table, load(table)).first;
  return found->second;
}

Unanswered Ledger::load(const TableSpec& table) {
  std::vector<SourceCall> calls;
  if (source_.holds(table.name)) {
    if (answered_) return {};
    auto rows = sandbox_.prepare_trusted(
        fmt::format("select {} from main.api_call where service = ?1 and operation = ?2"
                    " and outcome not in ('ok', 'absent') and account_id between ?3 and ?4"
                    " order by account_id, region, target",
                    kColumns));
    rows.bind(1, table.service);
    rows.bind(2, table.operation);
    rows.bind(3, std::string_view(accounts_.front().id));
    rows.bind(4, std::string_view(accounts_.back().id));
    while (rows.step()) add(calls, read_call(rows));
    return indexed(std::move(calls));
  }
  const auto* target = target_column(table);
  auto rows = sandbox_.prepare_trusted(
      fmt::format("select account_id, region, {} from temp.{} order by 1, 2, 3",
                  target == nullptr ? "''" : target->name, table.name));
  while (rows.step()) {
    SourceCall call{shortened(rows.text(0), kLongestText),
                    shortened(rows.text(1), kLongestText),
                    std::string(table.service),
                    std::string(table.operation),
                    shortened(rows.text(2), kLongestText),
                    "not_tried",
                    "",
                    "this snapshot was collected without it",
                    std::string(table.permission),
                    ""};
    add(calls, std::move(call));
  }
  return indexed(std::move(calls));
}

}  // namespace ciswatch
