#include "core/aws/governor.h"

#include <algorithm>
#include <utility>

#include "core/aws/quotas.h"

namespace ciswatch {
namespace {

// So much of a second's requests may leave at once where the run as a whole is bounded.
constexpr double kAtOnce = 1.0 / 20;
// Before every account: what is asked without one opens further accounts.
constexpr std::uint64_t kFirst = 0;

}  // namespace

struct Governor::Account {
  std::string id;
  std::uint64_t age;
  std::size_t buckets = 0;
  std::size_t on_wire = 0;
  std::set<std::pair<std::uint64_t, Bucket*>> ready;  // by their first call
  std::optional<Turn> turn;
};

// Stands in one place: among its account's ready ones, in `refilling_`, in `idle_`, or in none while
// all its calls are on the wire.
struct QuotaBucket {
  std::string key;
  Governor::Account* account;
  TokenBucket tokens;
  std::map<std::uint64_t, FlightPtr> queue;  // by their place in the order
  std::size_t on_wire = 0;
  std::optional<std::uint64_t> ready_as;  // its place among the ready ones
  Governor::Timers* timers = nullptr;
  Governor::Timers::iterator timer = {};
};

Governor::Governor(Limits limits) : limits_(limits) {
  limits_.share = std::max<std::size_t>(1, limits_.share);
}
Governor::~Governor() = default;

QuotaBucket& Governor::bucket_of(const Flight& flight, Time now) {
  const ApiCall& call = flight.call;
  const Quota& quota = quota_of(call.service, call.operation);
  std::string key = call.account_id + '/' + (quota.global ? std::string() : call.region) + '/';
  key += bucket_name(quota, call.operation);
  auto& bucket = buckets_[key];
  if (!bucket) {
    auto& account = accounts_[call.account_id];
    if (!account) {
      const std::uint64_t age = call.account_id.empty() ? kFirst : ++begun_;
      account = std::make_unique<Account>(Account{call.account_id, age, 0, 0, {}, {}});
    }
    ++account->buckets;
    bucket = std::make_unique<QuotaBucket>(QuotaBucket{
        std::move(key), account.get(), TokenBucket(quota.rate, quota.burst, now), {}, 0, {}});
  }
  return *bucket;
}

void Governor::enter_turn(Account& account) {
  if (account.turn || account.ready.empty()) return;
  const std::size_t shares = account.on_wire == 0 ? 0 : 1 + account.on_wire / limits_.share;
  account.turn = Turn{shares, account.age, &account};
  turns_.insert(*account.turn);
}

void Governor::leave_turn(Account& account) {
  if (!account.turn) return;
  turns_.erase(*account.turn);
  account.turn.reset();
}

// Puts a bucket that stands nowhere into its place. One that tells nothing new is gone afterwards.
void Governor::settle(Bucket& bucket, Time now) {
  const bool empty = bucket.queue.empty();
  if (empty && bucket.on_wire > 0) return;
  const Time when = empty ? bucket.tokens.full(now) : bucket.tokens.next(now);
  if (when > now) {
    bucket.timers = empty ? &idle_ : &refilling_;
    bucket.timer = bucket.timers->emplace(when, &bucket);
  } else if (empty) {
    forget(bucket);
  } else {
    bucket.ready_as = bucket.queue.begin()->first;
    bucket.account->ready.emplace(*bucket.ready_as, &bucket);
    enter_turn(*bucket.account);
  }
}

void Governor::forget(const Bucket& bucket) {
  if (--bucket.account->buckets == 0) accounts_.erase(accounts_.find(bucket.account->id));
  buckets_.erase(buckets_.find(bucket.key));
}

void Governor::unsettle(Bucket& bucket) {
  if (bucket.timers != nullptr) bucket.timers->erase(bucket.timer);
  bucket.timers = nullptr;
  if (!bucket.ready_as) return;
  bucket.account->ready.erase({*bucket.ready_as, &bucket});
  bucket.ready_as.reset();
  if (bucket.account->ready.empty()) leave_turn(*bucket.account);
}

void Governor::wake(Timers& timers, Time now) {
  while (!timers.empty() && timers.begin()->first <= now) {
    Bucket& bucket = *timers.begin()->second;
    unsettle(bucket);
    settle(bucket, now);
  }
}

void Governor::add(FlightPtr flight, Time now) {
  if (flight->place == 0) flight->place = ++queued_;
  Bucket& bucket = bucket_of(*flight, now);
  unsettle(bucket);
  bucket.queue.emplace(flight->place, std::move(flight));
  ++waiting_;
  settle(bucket, now);
}

FlightPtr Governor::next(Time now) {
  wake(refilling_, now);
  wake(idle_, now);
  if (turns_.empty()) return nullptr;
  if (limits_.most_per_second > 0) {
    const double rate = limits_.most_per_second;
    if (!whole_) whole_.emplace(rate, rate * kAtOnce, now);
    if (!whole_->take(now)) return nullptr;
  }
  Account& account = *std::get<Account*>(*turns_.begin());
  Bucket& bucket = *account.ready.begin()->second;
  leave_turn(account);
  unsettle(bucket);
  bucket.tokens.take(now);
  FlightPtr flight = std::move(bucket.queue.begin()->second);
  bucket.queue.erase(bucket.queue.begin());
  --waiting_;
  ++bucket.on_wire;
  ++account.on_wire;
  flight->bucket = &bucket;
  flight->sent = now;
  settle(bucket, now);
  enter_turn(account);
  return flight;
}

Governor::Time Governor::due(Time now) {
  if (waiting_ == 0) return Time::max();
  const Time token = turns_.empty() ? refilling_.begin()->first : now;
  return whole_ ? std::max(token, whole_->next(now)) : token;
}

void Governor::landed(Flight& flight, bool throttled, Time now) {
  Bucket& bucket = *std::exchange(flight.bucket, nullptr);
  Account& account = *bucket.account;
  leave_turn(account);
  --account.on_wire;
  --bucket.on_wire;
  unsettle(bucket);
  if (throttled) bucket.tokens.throttled(flight.sent, now);
  enter_turn(account);
  settle(bucket, now);  // after which both may be gone
}

std::vector<FlightPtr> Governor::take_all(Time now) {
  std::vector<FlightPtr> all;
  std::vector<Bucket*> full;
  for (auto& [key, bucket] : buckets_) full.push_back(bucket.get());
  for (Bucket* bucket : full) {
    unsettle(*bucket);
    for (auto& [place, flight] : bucket->queue) all.push_back(std::move(flight));
    bucket->queue.clear();
    settle(*bucket, now);
  }
  waiting_ = 0;
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a->place < b->place; });
  return all;
}

}  // namespace ciswatch
