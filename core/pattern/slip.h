#pragma once

// Which event of those that it is meant for slips through a filter pattern. The search tries values
// for each way in which the pattern's terms can tell a member's values apart; where it cannot make
// sure that it has tried all, it says nothing.

#include <optional>
#include <span>
#include <string>

#include "core/pattern/match.h"
#include "core/pattern/pattern.h"
#include "core/pattern/required.h"

namespace ciswatch {

// "" where the pattern matches all that is required; else an event (JSON) that it misses; nothing
// where it cannot be told. In bounded time.
std::optional<std::string> find_slip(const Pattern& pattern, std::span<const RequiredEvents> required);

// Whether it matches nearly every ordinary event, so that its alarm would tell nothing.
Truth is_noise(const Pattern& pattern);

}  // namespace ciswatch
