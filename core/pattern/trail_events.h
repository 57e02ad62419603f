#pragma once

// What CloudTrail's records of management events say, member by member: where a search for an event
// that a pattern misses has to look. The values are examples, the members' names and types are those
// of AWS's "CloudTrail record contents" and "userIdentity element".

#include <span>
#include <string_view>
#include <vector>

namespace ciswatch {

// A member by its path in the record, "userIdentity.type". It is always text.
struct TrailMember {
  std::string_view path;
  std::vector<std::string_view> values;  // those that it may have, the likeliest first
  bool may_be_missing = false;
  bool may_be_other = true;  // false: no value besides
};

// The members that every kind of caller has.
std::span<const TrailMember> trail_members();

// Who calls: the members below userIdentity, which go together. The first is userIdentity.type.
std::span<const std::vector<TrailMember>> trail_identities();

}  // namespace ciswatch
