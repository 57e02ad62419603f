#include "core/collect/collector.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/aws/endpoints.h"
#include "core/aws/retry.h"
#include "core/base/text.h"
#include "core/collect/shard.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestMessage = 500;  // bytes of an error's text that the ledger keeps
constexpr std::string_view kEveryRegion = "*";

bool contains(std::span<const std::string_view> list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool contains(std::span<const std::string> list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::denied: return "denied";
    case Outcome::throttled: return "throttled";
    case Outcome::disabled: return "disabled";
    case Outcome::failed: return "failed";
  }
  return "failed";
}

const Value& column_of(const TableSpec& table, const DecodedRow& row, std::string_view name) {
  static const Value none;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return row.values[i];
  }
  return none;
}

bool holds(const TableSpec& table, const DecodedRow& row, const Condition& condition,
           const std::string& account_id) {
  const auto text = text_of(column_of(table, row, condition.column));
  return contains(condition.values, text) ||
         (contains(condition.values, kOwnAccount) && text == account_id);
}

// arn:partition:service:region:account:…
bool is_of_account(const std::string& arn, const std::string& account_id) {
  const auto parts = split(arn, ':');
  return parts.size() > 5 && parts[0] == "arn" && parts[4] == account_id;
}

// What the call that follows from the row is about; "" where the row does not say.
std::string target_of(const Parent& link, const TableSpec& table, const TableSpec& parent,
                      const DecodedRow& row) {
  const auto key = text_of(column_of(parent, row, link.key));
  if (link.second.empty()) return key;
  const auto second = text_of(column_of(parent, row, link.second));
  return key.empty() || second.empty() ? "" : target_text(table, key, second);
}

bool is_due(const Parent& link, const TableSpec& parent, const DecodedRow& row,
            const std::string& account_id) {
  if (link.own_account && !is_of_account(text_of(column_of(parent, row, link.key)), account_id)) {
    return false;
  }
  return std::all_of(link.when.begin(), link.when.end(), [&](const auto& condition) {
    return holds(parent, row, condition, account_id);
  });
}

// Bucket names and the account's own calls are global: the region is where the answer came from.
bool is_regional(const TableSpec& table) {
  return table.scope != Scope::account && table.service != "s3" && !table.global;
}

ApiCall make_call(const TableSpec& table, const std::string& account_id, const std::string& region,
                  const std::string& target) {
  ApiCall call{account_id, region, std::string(table.service), std::string(table.operation), {}};
  if (table.parameter.empty()) return call;
  if (table.scope == Scope::account) {
    call.params.emplace_back(table.parameter, account_id);
    return call;
  }
  const auto [key, second] = target_parts(table, target);
  call.params.emplace_back(table.parameter, table.parameter_is_name ? last_part(key) : key);
  if (!table.second_parameter.empty()) call.params.emplace_back(table.second_parameter, second);
  return call;
}

// The same credentials worked for GetCallerIdentity, and have not run out: it is the region that does
// not know them.
bool refused_by_region(const ApiError& error) {
  return is_credential_problem(error) && !is_clock_problem(error) &&
         !is_expired(error);
}

[[noreturn]] void cannot_identify(const ApiError& error) {
  if (error.status == 0) {
    throw Error(fmt::format(
        "cannot reach AWS to ask who is calling (sts GetCallerIdentity): {}: {}; check the network, "
        "--endpoint-url and HTTPS_PROXY",
        error.code, printable(error.message)));
  }
  throw Error(fmt::format(
      "AWS does not accept the credentials (sts GetCallerIdentity): {}: {}; check --profile and that "
      "the session has not expired (aws sts get-caller-identity)",
      error.code, printable(error.message)));
}

}  // namespace

Collector::Collector(Source& source, SnapshotWriter& writer, CollectRequest request)
    : source_(source), writer_(writer), request_(std::move(request)) {
  for (const auto* table : request_.tables) writer_.add_collected(*table);
}

void Collector::run(const std::function<void()>& tick) {
  auto accounts = source_.accounts();
  if (accounts.empty()) accounts.emplace_back();
  for (auto& id : accounts) {
    if (id.empty() || is_wanted(id)) start(std::move(id));
  }
  source_.run(tick);
  if (ask_owners()) source_.run(tick);
}

// Only when all accounts have told what they name, so that an account's own naming decides on the
// region, and no order of the answers on anything.
bool Collector::ask_owners() {
  const auto before = planned_.size();
  for (const auto& [table, account, place] : owned_) {
    if (named_.contains({table, place.target})) plan(*table, account, place.region, place.target);
  }
  return planned_.size() > before;
}

bool Collector::is_wanted(const std::string& account_id) const {
  return !request_.shard || is_of(*request_.shard, account_id);
}

void Collector::start(std::string id) {
  const auto& table = *find_table("sts", "GetCallerIdentity");
  planned_.insert("identity " + id);
  source_.send(make_call(table, id, request_.first_region, {}),
               [this, &table, id](ApiAnswer answer) {
                 identified(id, table, std::move(answer));
               });
}

void Collector::identified(std::string id, const TableSpec& table, ApiAnswer answer) {
  Account account{std::move(id), request_.first_region};
  if (answer.end == CallEnd::answered) {
    const JsonValue& caller = answer.pages.front().response;
    const auto arn = text_or_empty(caller, "Arn");
    if (account.id.empty()) account.id = text_or_empty(caller, "Account");
    if (caller_.empty()) caller_ = arn;
    account.identified = true;
    if (const auto parts = split(arn, ':'); parts.size() > 1 && parts[1] != "aws") {
      account.first_region = partition_of(parts[1] == "aws-cn" ? "cn-" : "us-gov-").first_region;
    }
  }
  if (account.id.empty()) {
    if (answer.end == CallEnd::not_tried) return;  // stopped before anything was known
    if (answer.end == CallEnd::error) cannot_identify(answer.error);
    throw Error("AWS answered sts GetCallerIdentity without naming the account");
  }
  if (!is_wanted(account.id)) return;  // whose credentials these are is known only now
  ++accounts_;
  settle(table, account, {}, answer);
  start_account_tables(account);
}

void Collector::start_account_tables(const Account& account) {
  for (const auto* table : request_.tables) {
    if (table->scope != Scope::account || table->operation == "GetCallerIdentity") continue;
    if (table->name != "aws_region") {
      plan(*table, account, account.first_region, {});
      continue;
    }
    planned_.insert("regions " + account.id);
    source_.send(make_call(*table, account.id, account.first_region, {}),
                 [this, table, account](ApiAnswer answer) {
                   settle(*table, account, {}, answer);
                   start_regions(account, answer);
                 });
  }
}

// Which regions the account has is an answer like any other. Without it, the regions that are known
// otherwise are read, and every region-scoped table gets a call that was not tried for the rest.
void Collector::start_regions(const Account& account, const ApiAnswer& answer) {
  const auto& aws_region = *find_table("aws_region");
  std::vector<std::string> regions;
  bool known = answer.end == CallEnd::answered;
  try {
    for (const auto& page : answer.pages) {
      for (const auto& row : decode_page(aws_region, page.response, answer.region, {})) {
        const auto status = text_of(column_of(aws_region, row, "opt_in_status"));
        if (status != "not-opted-in") regions.push_back(row.region);
      }
    }
  } catch (const UnexpectedShape&) {
    known = false;
  }
  if (!known) {
    regions = request_.regions.empty() ? source_.known_regions(account.id) : request_.regions;
  }
  for (const auto* table : request_.tables) {
    if (table->scope != Scope::region) continue;
    for (const auto& region : regions) {
      if (request_.regions.empty() || contains(request_.regions, region)) {
        plan(*table, account, region, {});
      } else {
        skip(*table, account, {region, {}}, "RegionNotChosen", "the region was left out with --region");
      }
    }
    if (!known) {
      skip(*table, account, {std::string(kEveryRegion), {}}, "RegionsUnknown",
           "ec2:DescribeRegions did not tell which regions the account has");
    }
  }
}

void Collector::plan(const TableSpec& table, const Account& account, const std::string& region,
                     const std::string& target) {
  const auto key = fmt::format("{}\n{}\n{}\n{}", table.name, account.id,
                               is_regional(table) ? region : "", target);
  if (!planned_.insert(key).second) return;
  source_.send(make_call(table, account.id, region, target),
               [this, &table, account, target](ApiAnswer answer) {
                 settle(table, account, target, answer);
               });
}

// A table that is its own parent is a tree, which AWS bounds. What an answer says is below that is
// not asked for: no answer makes the calls endless.
void Collector::plan_below(const TableSpec& table, const Account& account,
                           const std::string& region, const std::string& above,
                           const std::string& target) {
  const auto level = [&](const std::string& node) -> int& {
    return depth_[fmt::format("{}\n{}\n{}", table.name, account.id, node)];
  };
  const int depth = level(above) + 1;
  if (depth > table.deepest) {
    skip(table, account, {region, target}, "TooDeep",
         fmt::format("AWS has no more than {} levels of these", table.deepest));
    return;
  }
  level(target) = depth;
  plan(table, account, region, target);
}

void Collector::skip(const TableSpec& table, const Account& account, const CallPlace& place,
                     std::string_view code, std::string_view why) {
  ++outcomes_["not_tried"];
  writer_.add_call({account.id, place.region, std::string(table.service),
                    std::string(table.operation), place.target, "not_tried", std::string(code),
                    std::string(why), 0, {}});
}

std::string Collector::outcome_name(const TableSpec& table, const Account& account,
                                    const ApiAnswer& answer) const {
  if (answer.end == CallEnd::answered) return "ok";
  if (answer.end == CallEnd::not_tried) return "not_tried";
  if (is_absent(table, answer.error.code, answer.error.message)) return "absent";
  if (account.identified && table.scope != Scope::account && refused_by_region(answer.error)) {
    return "disabled";
  }
  return name_of(outcome_of(answer.error));
}

void Collector::settle(const TableSpec& table, const Account& account, const std::string& target,
                       ApiAnswer& answer) {
  ++ended_;
  if (answer.end != CallEnd::not_tried) latest_ = std::max(latest_, answer.time);
  std::string outcome = outcome_name(table, account, answer);
  std::vector<DecodedRow> rows;
  try {
    for (const auto& page : answer.pages) {
      auto more = decode_page(table, page.response, answer.region, target);
      std::move(more.begin(), more.end(), std::back_inserter(rows));
    }
  } catch (const UnexpectedShape& malformed) {
    outcome = "failed";
    answer.error = {std::string(error_code::kMalformed), malformed.what(), 200};
    rows.clear();
  }
  if (outcome == "absent" && table.items.empty()) {
    rows.push_back(absent_row(table, answer.region, target));
  }
  ++outcomes_[outcome];
  const auto call_id = writer_.add_call(
      {account.id, answer.region, std::string(table.service), std::string(table.operation), target,
       outcome, shortened(printable(answer.error.code), kLongestMessage),
       shortened(printable(answer.error.message), kLongestMessage), answer.attempts,
       answer.end == CallEnd::not_tried ? "" : iso8601(answer.time)});
  for (const auto& row : rows) {
    writer_.add_row(table, account.id, row.region, row.values, row.doc, call_id);
    expand(table, account, target, row, false);
  }
  if (rows.empty() && outcome != "ok" && table.scope == Scope::resource) {
    expand(table, account, target, absent_row(table, answer.region, target), true);
  }
}

// The calls that follow from a row: those of the tables whose parent it is.
void Collector::expand(const TableSpec& parent, const Account& account, const std::string& target,
                       const DecodedRow& row, bool unread) {
  for (const auto* table : request_.tables) {
    if (table->owned_in == parent.name && !unread) {
      owned_.push_back({table, account, {row.region, text_of(column_of(parent, row, parent.key))}});
    }
    for (const auto& link : table->parents) {
      if (link.table != parent.name || (unread && !link.although_unread)) continue;
      const auto below = target_of(link, *table, parent, row);
      if (below.empty() || !(unread || is_due(link, parent, row, account.id))) continue;
      auto region = text_of(column_of(parent, row, link.region_column));
      if (table->global) region = account.first_region;
      if (region.empty()) region = row.region;
      if (!table->owned_in.empty()) named_.emplace(table, below);
      if (table == &parent) {
        plan_below(*table, account, region, target, below);
      } else {
        plan(*table, account, region, below);
      }
    }
  }
}

}  // namespace ciswatch
