#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "core/aws/flight.h"
#include "core/aws/token_bucket.h"

namespace ciswatch {

using FlightPtr = std::unique_ptr<Flight>;

// Which of the calls that wait goes next, and when. A call goes when its bucket (core/aws/quotas; one
// for each account, region and API) has a token. Of the accounts the one goes first that came first,
// until it has its share of the wire: few accounts are under way at a time, and a giant one does not
// hold up the others. What is asked without an account, as roles that open further ones, comes after
// all of them. Of an account's calls the one goes first that was queued first. A step costs the
// logarithm of what waits. The time is the caller's and never goes back. Used by one thread.
class Governor {
 public:
  using Time = TokenBucket::Time;

  struct Limits {
    double most_per_second = 0;  // of the whole run; 0: what the quotas allow
    std::size_t share = 64;      // requests that an account may have on the wire while others wait
  };

  explicit Governor(Limits limits);
  ~Governor();
  Governor(const Governor&) = delete;
  Governor& operator=(const Governor&) = delete;

  // One that comes back, for its next page or after a failure, keeps its place in the order.
  void add(FlightPtr flight, Time now);

  // One that may go now, or nullptr. It is on the wire until `landed`.
  FlightPtr next(Time now);

  // When `next` may have one, if nothing else happens; Time::max() where nothing waits.
  [[nodiscard]] Time due(Time now);

  // What `next` gave is off the wire. `throttled`: AWS has asked to slow down.
  void landed(Flight& flight, bool throttled, Time now);

  [[nodiscard]] std::size_t waiting() const { return waiting_; }
  std::vector<FlightPtr> take_all(Time now);  // that wait

  // That are not as new, and accounts that have one.
  [[nodiscard]] std::size_t buckets() const { return buckets_.size(); }
  [[nodiscard]] std::size_t accounts() const { return accounts_.size(); }

 private:
  friend struct QuotaBucket;
  struct Account;
  using Bucket = QuotaBucket;
  using Timers = std::multimap<Time, Bucket*>;
  using Turn = std::tuple<std::size_t, std::uint64_t, Account*>;  // how much of the wire it has, age

  Bucket& bucket_of(const Flight& flight, Time now);
  void settle(Bucket& bucket, Time now);
  void forget(const Bucket& bucket);
  void unsettle(Bucket& bucket);
  void wake(Timers& timers, Time now);
  void enter_turn(Account& account);
  void leave_turn(Account& account);

  Limits limits_;
  std::optional<TokenBucket> whole_;
  std::unordered_map<std::string, std::unique_ptr<Bucket>> buckets_;
  std::unordered_map<std::string, std::unique_ptr<Account>> accounts_;
  std::set<Turn> turns_;  // of the accounts that have a call which may go
  Timers refilling_;      // buckets with calls that wait for a token
  Timers idle_;           // buckets without, until they are as new
  std::uint64_t begun_ = 0;  // accounts
  std::uint64_t queued_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace ciswatch
