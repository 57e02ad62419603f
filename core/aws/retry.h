#pragma once

// What an error of the API means: is it worth another attempt, and what does the ledger call it?
// Pure functions; any thread.

#include <chrono>
#include <optional>
#include <string_view>

#include "core/aws/call.h"

namespace ciswatch {

// Codes that this library gives itself, where no code came from AWS.
namespace error_code {
inline constexpr std::string_view kUnreachable = "ConnectionFailed";  // no connection, cut off
inline constexpr std::string_view kTimeout = "RequestTimeout";        // AWS's own name, too
inline constexpr std::string_view kTls = "TlsFailed";                 // certificate not accepted
inline constexpr std::string_view kMalformed = "MalformedResponse";   // an answer, but not legible
inline constexpr std::string_view kTooLarge = "ResponseTooLarge";
inline constexpr std::string_view kPagingLoop = "RepeatedToken";  // paging would never end
inline constexpr std::string_view kUnknownOperation = "UnknownOperation";
inline constexpr std::string_view kInvalidCall = "InvalidCall";  // a parameter that cannot be sent
inline constexpr std::string_view kDeadline = "DeadlinePassed";
inline constexpr std::string_view kReadOnly = "ReadOnly";  // a client that must change nothing
// It changes something, and nobody knows whether it has: ApiAnswer::may_be_done.
inline constexpr std::string_view kAnswerLost = "AnswerLost";
}  // namespace error_code

enum class Outcome { denied, throttled, disabled, failed };

// denied: no permission. throttled: too many requests, to the end. disabled: the account or
// region does not have the service (OptInRequired, SubscriptionRequired). failed: all else.
Outcome outcome_of(const ApiError& error);

bool is_throttling(const ApiError& error);

// The credentials themselves were refused: unknown key, bad signature, expired token, wrong clock.
// In a region of a working account it means that the region is switched off there; only who knows
// the other answers can tell.
bool is_credential_problem(const ApiError& error);

// The part of those that tell of a session's end.
bool is_expired(const ApiError& error);

// The part of those that name the request's time, for which the clock may be wrong.
bool is_clock_problem(const ApiError& error);

// Throttling, 429, 5xx, cut-off or timed-out connections and truncated bodies.
bool worth_retrying(const ApiError& error);

struct Backoff {
  std::chrono::milliseconds base{100};
  std::chrono::milliseconds throttled_base{500};
  std::chrono::milliseconds most{20'000};
};

// Full jitter: jitter × min(most, base × 2^(attempt − 1)); `attempt` is the number of the one that
// failed, from 1; `jitter` in [0, 1].
std::chrono::milliseconds pause_before_retry(int attempt, bool throttled, double jitter,
                                             const Backoff& backoff);

// The pause that a Retry-After header asks for, in seconds or as a date: at most a minute, 0 for none
// and for what is neither. `now` is the server's time; without it a date tells nothing.
std::chrono::milliseconds asked_pause(std::string_view retry_after,
                                      const std::optional<UnixSeconds>& now);

}  // namespace ciswatch
