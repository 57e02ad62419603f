#pragma once

// Items of an API, and what a change says of their members. All are JSON objects as text. A null stands
// for a member that is not there; objects within are looked into, lists and texts are taken whole.

#include <string>
#include <string_view>

namespace ciswatch {

// The members that `like` names, as the item has them.
std::string members_of(std::string_view item, std::string_view like);

// The item with these members in place of its own (RFC 7396).
std::string with_members(std::string_view item, std::string_view members);

// Whether the item has these members. A text that holds JSON, as policies do, is compared as JSON.
bool has_members(std::string_view item, std::string_view members);

// Whether one of the members is in both with values that cannot both be.
bool contradicts(std::string_view members, std::string_view others);

}  // namespace ciswatch
