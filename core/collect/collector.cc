#include "core/collect/collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/aws/caller.h"
#include "core/aws/endpoints.h"
#include "core/aws/retry.h"
#include "core/base/text.h"
#include "core/collect/calls.h"
#include "core/collect/shard.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestMessage = 500;  // bytes of an error's text that the ledger keeps
constexpr std::string_view kEveryRegion = "*";
// That are under way at a time: enough to keep every request's place on the wire taken.
constexpr std::size_t kAccountsAtOnce = 64;
// Fewer calls than these, and some of those accounts have nothing but to wait for: another one begins.
constexpr std::size_t kFewCalls = 512;

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

std::string take_front(std::deque<std::string>& list) {
  std::string first = std::move(list.front());
  list.pop_front();
  return first;
}

// A role's sessions are one identity.
std::string_view identity_in(std::string_view arn) {
  return arn.find(":assumed-role/") == std::string_view::npos ? arn : arn.substr(0, arn.rfind('/'));
}

[[noreturn]] void refuse_identity(const std::string& account_id, const std::string& then,
                                  const std::string& now) {
  throw Error(fmt::format(
      "cannot go on: account {} was read as {}, and the credentials are now those of {}; use the same "
      "role, or delete what was kept to begin anew",
      account_id, printable(then), printable(now)));
}

// The same credentials worked for GetCallerIdentity, and have not run out: it is the region that does
// not know them.
bool refused_by_region(const ApiError& error) {
  return is_credential_problem(error) && !is_clock_problem(error) &&
         !is_expired(error);
}

}  // namespace

bool is_answer(std::string_view outcome, std::string_view code) {
  if (outcome == "denied") return !is_credential_problem({std::string(code), {}, 0});
  return outcome == "ok" || outcome == "absent" || outcome == "disabled";
}

Collector::Collector(Source& source, SnapshotWriter& writer, CollectRequest request)
    : source_(source), writer_(writer), request_(std::move(request)) {
  for (const auto* table : request_.tables) writer_.add_collected(*table);
}

void Collector::run(const std::function<void()>& tick) {
  auto accounts = source_.accounts();
  if (accounts.empty()) accounts.emplace_back();
  for (auto& id : accounts) {
    if (id.empty() || is_wanted(id)) to_begin_.push_back(std::move(id));
  }
  begin_accounts();
  auto looked = std::chrono::steady_clock::now();
  const auto save_and_tick = [&] {
    writer_.save_in_time();
    if (const auto now = std::chrono::steady_clock::now(); now - looked >= request_.between_accounts) {
      looked = now;
      if (under_way_ < kFewCalls && !to_begin_.empty()) begin(take_front(to_begin_));
    }
    tick();
  };
  source_.run(save_and_tick);
  if (ask_owners()) source_.run(save_and_tick);
  close_regions();
}

// Only the end tells whether an SCP denies some calls of a region or closes it.
void Collector::close_regions() {
  const auto [closed, opened] = writer_.close_regions();
  outcomes_["disabled"] += closed - opened;
  outcomes_["denied"] += opened - closed;
}

// Only when all accounts have told what they name, so that an account's own naming decides on the
// region, and no order of the answers on anything.
bool Collector::ask_owners() {
  const auto before = planned_;
  for (auto& [identity, owned] : std::exchange(owners_, {})) {
    OpenAccount& account = open(std::move(identity));
    ++account.under_way;
    for (const auto& [table, place] : owned) {
      if (named_.contains({table, place.target})) plan(*table, account, place.region, place.target);
    }
    if (--account.under_way == 0) close(account);
  }
  return planned_ > before;
}

bool Collector::is_wanted(const std::string& account_id) const {
  return !request_.shard || is_of(*request_.shard, account_id);
}

void Collector::begin_accounts() {
  while (open_.size() < kAccountsAtOnce && !to_begin_.empty()) begin(take_front(to_begin_));
}

OpenAccount& Collector::open(AccountIdentity identity) {
  auto account = std::make_unique<OpenAccount>();
  static_cast<AccountIdentity&>(*account) = std::move(identity);
  return *open_.emplace(account.get(), std::move(account)).first->second;
}

void Collector::begin(std::string id) {
  const auto& table = *find_table("sts", "GetCallerIdentity");
  OpenAccount& account = open({std::move(id), request_.first_region});
  ++planned_;
  send(table, account, {request_.first_region, {}}, [this, &table, &account](ApiAnswer answer) {
    identified(account, table, std::move(answer));
  });
}

void Collector::send(const TableSpec& table, OpenAccount& account, const CallPlace& place,
                     std::function<void(ApiAnswer)> done) {
  ++account.under_way;
  ++under_way_;
  source_.send(make_call(table, account.id, place.region, place.target),
               [this, &account, done = std::move(done)](ApiAnswer answer) {
                 done(std::move(answer));
                 end_call(account);
               });
}

// The account is gone afterwards where it was its last.
void Collector::end_call(OpenAccount& account) {
  --under_way_;
  if (--account.under_way > 0) return;
  close(account);
  begin_accounts();
}

void Collector::close(OpenAccount& account) {
  std::erase_if(account.owned, [&](const auto& owned) {
    const auto& [table, place] = owned;
    return account.planned.contains(call_key(*table, account.id, place.region, place.target));
  });
  account.owned.shrink_to_fit();
  if (!account.owned.empty()) {
    owners_.emplace_back(std::move(static_cast<AccountIdentity&>(account)), std::move(account.owned));
  }
  open_.erase(&account);
}

void Collector::identified(OpenAccount& account, const TableSpec& table, ApiAnswer answer) {
  std::string arn;
  if (answer.end == CallEnd::answered) {
    const JsonValue& caller = answer.pages.front().response;
    arn = text_or_empty(caller, "Arn");
    if (account.id.empty()) account.id = text_or_empty(caller, "Account");
    account.identified = true;
  }
  if (account.id.empty()) {
    if (answer.end == CallEnd::not_tried) return;  // stopped before anything was known
    account.id = caller_in(answer).account_id;  // throws
  }
  if (!is_wanted(account.id)) return;  // whose credentials these are is known only now
  ++accounts_;
  const auto kept_arn = take_kept(account.id);
  if (kept_arn && !kept_arn->empty()) {
    if (arn.empty()) arn = *kept_arn;
    if (identity_in(arn) != identity_in(*kept_arn)) refuse_identity(account.id, *kept_arn, arn);
    account.identified = true;
  }
  if (!arn.empty() && (caller_.empty() || account.id < caller_account_)) {
    caller_ = arn;
    caller_account_ = account.id;
  }
  if (const auto parts = split(arn, ':'); parts.size() > 1 && parts[1] != "aws") {
    account.first_region = partition_of(parts[1] == "aws-cn" ? "cn-" : "us-gov-").first_region;
  }
  if (kept_arn) {
    ++ended_;
  } else {
    follow(table, account, {}, settle(table, account, {}, answer));
  }
  start_account_tables(account);
}

// Takes over the account's calls that the writer has kept. Returns as whom they were made; nullopt
// where that was not kept.
std::optional<std::string> Collector::take_kept(const std::string& account_id) {
  std::optional<std::string> arn;
  for (auto& call : writer_.kept_calls(account_id, has_followers)) {
    if (call.table->operation == "GetCallerIdentity") {
      ++outcomes_[call.outcome];
      arn = call.rows.empty() ? "" : text_of(call.rows.front().values.front());
      continue;
    }
    auto key = call_key(*call.table, account_id, call.region, call.target);
    kept_.emplace(std::move(key), std::move(call));
  }
  return arn;
}

void Collector::start_account_tables(OpenAccount& account) {
  for (const auto* table : request_.tables) {
    if (table->scope != Scope::account || table->operation == "GetCallerIdentity") continue;
    if (table->name != "aws_region") {
      plan(*table, account, account.first_region, {});
      continue;
    }
    ask(*table, account, {account.first_region, {}}, [this, table, &account](const Settled& settled) {
      follow(*table, account, {}, settled);
      start_regions(account, settled);
    });
  }
}

// Which regions the account has is an answer like any other. Without it, the regions that are known
// otherwise are read, and every region-scoped table gets a call that was not tried for the rest.
void Collector::start_regions(OpenAccount& account, const Settled& settled) {
  const auto& aws_region = *find_table("aws_region");
  const auto own = request_.own_regions.find(account.id);
  const auto& chosen = own == request_.own_regions.end() ? request_.regions : own->second;
  std::vector<std::string> regions;
  const bool known = settled.outcome == "ok";
  for (const auto& row : settled.rows) {
    const auto status = text_of(column_of(aws_region, row, "opt_in_status"));
    if (status != "not-opted-in") regions.push_back(row.region);
  }
  if (!known) {
    regions = chosen.empty() ? source_.known_regions(account.id) : chosen;
  }
  for (const auto* table : request_.tables) {
    if (table->scope != Scope::region) continue;
    for (const auto& region : regions) {
      if (chosen.empty() || contains(chosen, region)) {
        plan(*table, account, region, {});
      } else {
        skip(*table, account, {region, {}}, "RegionNotChosen",
             "the region was left out with --region or by the accounts file");
      }
    }
    if (!known) {
      skip(*table, account, {std::string(kEveryRegion), {}}, "RegionsUnknown",
           "ec2:DescribeRegions did not tell which regions the account has");
    }
  }
}

void Collector::plan(const TableSpec& table, OpenAccount& account, const std::string& region,
                     const std::string& target) {
  ask(table, account, {region, target}, [this, &table, &account, target](const Settled& settled) {
    follow(table, account, target, settled);
  });
}

// Once for each call; of the recorded rows where it was kept.
void Collector::ask(const TableSpec& table, OpenAccount& account, const CallPlace& place,
                    std::function<void(const Settled&)> then) {
  const auto key = call_key(table, account.id, place.region, place.target);
  if (!account.planned.insert(key).second) return;
  ++planned_;
  const auto kept = kept_.extract(key);
  if (kept.empty()) {
    send(table, account, place,
         [this, &table, &account, target = place.target, then = std::move(then)](ApiAnswer answer) {
           then(settle(table, account, target, answer));
         });
    return;
  }
  auto& call = kept.mapped();
  ++ended_;
  ++outcomes_[call.outcome];
  latest_ = std::max(latest_, parse_iso8601(call.time).value_or(0));
  Settled settled{call.region, call.outcome, {}};
  for (auto& row : call.rows) settled.rows.push_back({row.region, std::move(row.values), {}});
  then(settled);
}

// A table that is its own parent is a tree, which AWS bounds. What an answer says is below that is
// not asked for: no answer makes the calls endless.
void Collector::plan_below(const TableSpec& table, OpenAccount& account, const CallPlace& place,
                           const std::string& above) {
  const auto level = [&](const std::string& node) -> int& {
    return account.depth[fmt::format("{}\n{}", table.name, node)];
  };
  const int depth = level(above) + 1;
  if (depth > table.deepest) {
    skip(table, account, place, "TooDeep",
         fmt::format("AWS has no more than {} levels of these", table.deepest));
    return;
  }
  level(place.target) = depth;
  plan(table, account, place.region, place.target);
}

void Collector::skip(const TableSpec& table, const OpenAccount& account, const CallPlace& place,
                     std::string_view code, std::string_view why) {
  ++outcomes_["not_tried"];
  writer_.add_call({account.id, place.region, std::string(table.service),
                    std::string(table.operation), place.target, "not_tried", std::string(code),
                    std::string(why), 0, {}});
}

std::string Collector::outcome_name(const TableSpec& table, const OpenAccount& account,
                                    const ApiAnswer& answer) const {
  if (answer.end == CallEnd::answered) return "ok";
  if (answer.end == CallEnd::not_tried) return "not_tried";
  if (is_absent(table, answer.error.code, answer.error.message)) return "absent";
  if (account.identified && table.scope != Scope::account && refused_by_region(answer.error)) {
    return "disabled";
  }
  return name_of(outcome_of(answer.error));
}

Settled Collector::settle(const TableSpec& table, const OpenAccount& account,
                                     const std::string& target, ApiAnswer& answer) {
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
  }
  return {answer.region, outcome, std::move(rows)};
}

void Collector::follow(const TableSpec& table, OpenAccount& account, const std::string& target,
                       const Settled& settled) {
  for (const auto& row : settled.rows) expand(table, account, target, row, false);
  if (settled.rows.empty() && settled.outcome != "ok" && table.scope == Scope::resource) {
    expand(table, account, target, absent_row(table, settled.region, target), true);
  }
}

// The calls that follow from a row: those of the tables whose parent it is.
void Collector::expand(const TableSpec& parent, OpenAccount& account, const std::string& target,
                       const DecodedRow& row, bool unread) {
  for (const auto* table : request_.tables) {
    if (table->owned_in == parent.name && !unread) {
      account.owned.push_back({table, {row.region, text_of(column_of(parent, row, parent.key))}});
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
        plan_below(*table, account, {region, below}, target);
      } else {
        plan(*table, account, region, below);
      }
    }
  }
}

}  // namespace ciswatch
