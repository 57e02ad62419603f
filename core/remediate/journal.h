#pragma once

// What was done, in the order in which it was: an SQLite file to which is only added. Each event has a
// hash chained over the one before, and cannot be changed by SQL.
// (Whoever owns the file can write another; the chain shows what was changed, left out or put in
// between, but not that the end was cut off.)

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/plan/plan.h"
#include "core/store/database.h"

namespace ciswatch {

// kind; payload is a JSON document. The first event of a journal is its plan.
namespace journal_kind {
inline constexpr std::string_view kPlan = "plan";
inline constexpr std::string_view kRun = "run";    // a command begins: who, as what
inline constexpr std::string_view kEnd = "end";    // it ends: its results
inline constexpr std::string_view kFinding = "finding";  // what became of it; `change` is its id
}  // namespace journal_kind

struct Event {
  std::int64_t number = 0;  // from 1, without gaps
  std::string time;         // ISO 8601
  std::string change;       // what it is about: a change's or a finding's id; "" for none
  std::string kind, payload;
  std::string hash;
};

// One process at a time: from the first moment to its end it holds a lock. One thread.
class Journal {
 public:
  using Clock = std::function<UnixSeconds()>;

  // That of the plan, which is begun where there is none. Throws Error for a file that is another
  // plan's, no journal, damaged (an event's hash is not that of what it says), in use, or cannot be
  // written.
  static Journal of_plan(const std::filesystem::path& path, std::string_view plan, Clock clock);
  // One that is there.
  static Journal open(const std::filesystem::path& path, Clock clock);

  // The plan as it was approved.
  [[nodiscard]] const ChangePlan& plan() const { return plan_; }
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // An event, which is on the disk when `sync` returns, with all that were noted before: of a kill in
  // between either all or none is left. Both throw Error where it cannot be written: what it was to
  // tell must not be done.
  void note(std::string_view change, std::string_view kind, std::string_view payload);
  void sync();
  // Both.
  void add(std::string_view change, std::string_view kind, std::string_view payload);

 private:
  Journal(std::filesystem::path path, Database database, Clock clock);
  void begin(std::string_view plan);
  void read();
  void write(const std::function<void()>& statements);

  std::filesystem::path path_;
  Database database_;
  Clock clock_;
  std::vector<Event> events_;
  bool noted_ = false;  // since the last sync
  ChangePlan plan_;
};

}  // namespace ciswatch
