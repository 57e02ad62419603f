#pragma once

// What becomes of an item when a change sets members of it (core/plan/members.h says what members are).

#include <string>
#include <string_view>

namespace ciswatch {

// The item with these members in place of its own (RFC 7396).
std::string with_members(std::string_view item, std::string_view members);

// Whether one of the members is in both with values that cannot both be.
bool contradicts(std::string_view members, std::string_view others);

}  // namespace ciswatch
