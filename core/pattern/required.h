#pragma once

// The events that a requirement names.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/pattern/match.h"

namespace ciswatch {

// What is said of members of CloudTrail's record, by path ("userIdentity.type"). Those that it says
// nothing of may be anything: whoever calls, from wherever, in every region, with an error or without
// (core/pattern/trail_events).
struct RequiredEvents {
  struct Member {
    std::vector<EventField> values;            // it has one of these; none: any
    std::vector<std::string> exceptions;  // but it has none of these
  };
  std::map<std::string, Member> members;
};

// Reads {"eventSource": "iam.amazonaws.com", "eventName": ["CreatePolicy", "DeletePolicy"],
// "errorCode": null, "sourceIPAddress": {"not": ["…"]}}: a value, several, null for a member that is
// missing, or all but some; or a list of such objects, all of which are required. Throws Error for
// what is none.
std::vector<RequiredEvents> parse_required(std::string_view json);

}  // namespace ciswatch
