#pragma once

// The live state of rows that a change names: the table's own API call is made, and its answer decoded
// as for a snapshot.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/collect/source.h"
#include "core/plan/plan.h"

namespace ciswatch {

RowPlace place_of(const std::string& account_id, const RowChange& row);

struct LiveRow {
  enum class State { there, absent, unread } state = State::unread;
  std::string item;  // there: the API's, as JSON
  ApiError error;    // unread: why, denials and answers that are not legible included
};

using RowDone = std::function<void(LiveRow)>;

// Asks for rows. Rows of one call that are asked for at a time are told by one answer. Owned and used by
// one thread; outlives the source's calls.
class LiveRows {
 public:
  explicit LiveRows(Source& source) : source_(source) {}

  // `done` is called once, from the source's `run`, or at once where the row cannot be asked for. A key
  // that several rows have is `unread`.
  void read(const RowPlace& place, RowDone done);

  // What is asked for from now on is read anew: something may have changed.
  void forget() { asked_.clear(); }

 private:
  using Waiting = std::vector<std::pair<std::string, RowDone>>;  // by the key

  Source& source_;
  std::map<RowPlace, std::shared_ptr<Waiting>> asked_;  // by the place without its key
};

// The only row of the table in the region whose columns have these texts. A table that is asked once
// per row of another is read through that. A table that cannot be read whole is `unread`.
struct LookupPlace {
  std::string account_id, region;
  Lookup lookup;
};
void find_row(Source& source, const LookupPlace& place, RowDone done);

// Whether the row is as `members` says (members.h); "" : it is not there. A row that was not read is
// neither. That nothing is set is the same whether the API says it by an empty item or an error.
bool is_as(const LiveRow& row, std::string_view members);

// How it differs from that, in words.
std::string difference_of(const LiveRow& row, std::string_view members);

// {"state": "there", "item": {…}} and the like; and back. A state that is none is `unread`.
std::string to_json(const LiveRow& row);
std::string to_json(const std::vector<LiveRow>& rows);  // a list of them
LiveRow row_in(std::string_view json);

}  // namespace ciswatch
