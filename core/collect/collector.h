#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/collect/account.h"
#include "core/collect/decode.h"
#include "core/collect/source.h"
#include "core/store/snapshot.h"

namespace ciswatch {

struct CollectRequest {
  std::vector<const TableSpec*> tables;  // with the parents of each, parents first
  std::vector<std::string> regions;      // the chosen ones; empty: every enabled region
  std::string first_region;              // the partition's first: where an account is asked
  std::optional<Shard> shard = {};       // only accounts of it
  std::map<std::string, std::vector<std::string>> own_regions = {};  // chosen for one account
  // Before one more account begins while others wait: the last one has planned its calls by then.
  std::chrono::milliseconds between_accounts{50};
};

// Whether a call that the ledger has as this is not made again by a run that goes on: it was answered, or
// refused for what will not have changed.
bool is_answer(std::string_view outcome, std::string_view code);

// Decides which call is made for which account, region and resource, and turns each answer into a
// row of the ledger and rows of its table. Every call that should have been made has a ledger row,
// also one that was not. Of calls that the writer has kept of an earlier run only who is asking is
// asked again: the others are taken from its rows. Accounts begin in their order, so many at a time that
// the source has enough to do; of one whose calls have ended hardly anything is remembered. Owns nothing
// but its plan; uses source and writer on the calling thread.
class Collector {
 public:
  Collector(Source& source, SnapshotWriter& writer, CollectRequest request);

  // Until every call has ended. Throws Error when a live account cannot be identified at all, or is not
  // asked by whom the calls that were kept are from: nothing useful could follow.
  void run(const std::function<void()>& tick);

  [[nodiscard]] std::size_t planned() const { return planned_; }
  [[nodiscard]] std::size_t ended() const { return ended_; }
  [[nodiscard]] std::size_t accounts() const { return accounts_; }  // that were read
  // Rows of the ledger by outcome.
  [[nodiscard]] const std::map<std::string, std::size_t>& outcomes() const { return outcomes_; }
  [[nodiscard]] UnixSeconds latest() const { return latest_; }  // time of the last answer; 0: none
  // ARN of who reads the first of the accounts; "" when unknown.
  [[nodiscard]] const std::string& caller() const { return caller_; }

 private:
  [[nodiscard]] bool is_wanted(const std::string& account_id) const;
  void begin_accounts();
  OpenAccount& open(AccountIdentity identity);
  void begin(std::string id);
  void identified(OpenAccount& account, const TableSpec& table, ApiAnswer answer);
  std::optional<std::string> take_kept(const std::string& account_id);
  void start_account_tables(OpenAccount& account);
  void start_regions(OpenAccount& account, const Settled& settled);
  void plan(const TableSpec& table, OpenAccount& account, const std::string& region,
            const std::string& target);
  void ask(const TableSpec& table, OpenAccount& account, const CallPlace& place,
           std::function<void(const Settled&)> then);
  void send(const TableSpec& table, OpenAccount& account, const CallPlace& place,
            std::function<void(ApiAnswer)> done);
  void end_call(OpenAccount& account);
  void close(OpenAccount& account);
  Settled settle(const TableSpec& table, const OpenAccount& account, const std::string& target,
                 ApiAnswer& answer);
  void follow(const TableSpec& table, OpenAccount& account, const std::string& target,
              const Settled& settled);
  void expand(const TableSpec& parent, OpenAccount& account, const std::string& target,
              const DecodedRow& row, bool unread);
  void plan_below(const TableSpec& table, OpenAccount& account, const CallPlace& place,
                  const std::string& above);
  bool ask_owners();  // whether anything was new
  void close_regions();
  void skip(const TableSpec& table, const OpenAccount& account, const CallPlace& place,
            std::string_view code, std::string_view why);
  std::string outcome_name(const TableSpec& table, const OpenAccount& account,
                           const ApiAnswer& answer) const;

  Source& source_;
  SnapshotWriter& writer_;
  CollectRequest request_;
  std::deque<std::string> to_begin_;  // ids of accounts
  std::unordered_map<const OpenAccount*, std::unique_ptr<OpenAccount>> open_;
  std::map<std::string, KeptCall> kept_;  // by a call's key; those that were not come to yet
  std::set<std::pair<const TableSpec*, std::string>> named_;  // by a row of a parent
  std::vector<std::pair<AccountIdentity, OwnedResources>> owners_;  // what they did not name themselves
  std::size_t under_way_ = 0;  // calls
  std::size_t planned_ = 0;
  std::size_t ended_ = 0;
  std::size_t accounts_ = 0;
  std::map<std::string, std::size_t> outcomes_;
  UnixSeconds latest_ = 0;
  std::string caller_, caller_account_;
};

}  // namespace ciswatch
