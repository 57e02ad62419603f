#include "core/aws/flight.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "core/aws/protocols.h"
#include "core/aws/retry.h"

namespace ciswatch {
namespace {

constexpr int kMostRedirects = 2;

// The region comes from the network and becomes part of a host name that gets a signed request.
bool is_region_of(const Partition& partition, std::string_view region) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !region.empty() && region.size() <= 32 &&
         region.find_first_not_of(kAllowed) == std::string_view::npos &&
         &partition_of(region) == &partition;
}

bool asks_elsewhere(const Flight& flight, const Decoded& decoded) {
  constexpr auto kCodes = std::to_array<std::string_view>(
      {"AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "PermanentRedirect",
       "Redirect", "TemporaryRedirect"});
  const int status = decoded.error.status;
  if (status == 301 || status == 302 || status == 307 || status == 308) return true;
  // HEAD has no body that could name the code.
  if (flight.operation->method == "HEAD" && (status == 400 || status == 403)) return true;
  return std::find(kCodes.begin(), kCodes.end(), decoded.error.code) != kCodes.end();
}

bool follow(Flight& flight, const Decoded& decoded) {
  if (flight.operation->service->name != "s3" || flight.redirects >= kMostRedirects) return false;
  if (!asks_elsewhere(flight, decoded) || decoded.region == flight.call.region) return false;
  if (!is_region_of(partition_of(flight.call.region), decoded.region)) return false;
  ++flight.redirects;
  flight.page_attempts = flight.page_throttles = 0;
  flight.call.region = decoded.region;
  flight.answer.region = decoded.region;
  return true;
}

// Seconds and a direction, for a person who has to set a clock.
std::string clock_hint(const std::optional<UnixSeconds>& theirs, UnixSeconds now) {
  if (!theirs) return " (is this machine's clock right?)";
  const UnixSeconds off = now - *theirs;
  return fmt::format(" (this machine's clock is {} s {} that of AWS: set the clock)", std::abs(off),
                     off < 0 ? "behind" : "ahead of");
}

// The next page's token; "" when this was the last page.
std::string next_token(const Paging& paging, const JsonValue& response) {
  if (paging.request.empty()) return {};
  if (!paging.more.empty()) {
    const JsonValue* more = find(response, paging.more);
    if (more == nullptr || !more->IsBool() || !more->GetBool()) return {};
  }
  const JsonValue* token = find(response, paging.response);
  if (token == nullptr || !token->IsString()) return {};
  return {token->GetString(), token->GetStringLength()};
}

bool says_more(const Paging& paging, const JsonValue& response) {
  if (paging.more.empty()) return false;
  const JsonValue* more = find(response, paging.more);
  return more != nullptr && more->IsBool() && more->GetBool();
}

void set_token(ApiCall& call, std::string_view member, const std::string& token) {
  const auto at = std::find_if(call.params.begin(), call.params.end(),
                               [&](const auto& each) { return each.first == member; });
  if (at != call.params.end()) {
    at->second = token;
  } else {
    call.params.emplace_back(member, token);
  }
}

Next take_page(Flight& flight, Json response, const ClientOptions& options) {
  const Paging& paging = flight.operation->paging;
  const std::string token = next_token(paging, response);
  const bool more_without_token = token.empty() && says_more(paging, response);
  if (flight.budget != nullptr) flight.budget->answered(std::exchange(flight.retry_cost, 0));
  flight.answer.error = {};
  flight.answer.pages.push_back({flight.call, std::move(response)});
  if (more_without_token) {
    fail(flight, error_code::kMalformed, "the answer tells of another page and gives no token");
    return Next::ended;
  }
  if (token.empty()) {
    flight.answer.end = CallEnd::answered;
    return Next::ended;
  }
  if (!flight.tokens.insert(token).second) {
    fail(flight, error_code::kPagingLoop, "the answer gives the token of an earlier page again");
    return Next::ended;
  }
  if (flight.tokens.size() >= static_cast<std::size_t>(options.max_pages)) {
    fail(flight, error_code::kTooLarge,
         fmt::format("the answer has more than {} pages", options.max_pages));
    return Next::ended;
  }
  set_token(flight.call, paging.request, token);
  flight.page_attempts = flight.page_throttles = 0;
  return Next::page;
}

// False: the account's budget does not pay for another attempt.
bool pay_for_retry(Flight& flight) {
  if (flight.budget == nullptr) return true;
  const int cost = flight.budget->take(flight.answer.error);
  flight.retry_cost += cost;
  return cost > 0;
}

// What AWS throttles is slowed down by the governor already, and counts by itself.
bool has_attempts_left(const Flight& flight, const ClientOptions& options, bool throttled) {
  if (flight.page_attempts >= options.max_requests) return false;
  if (throttled) return flight.page_throttles <= options.throttled_retries;
  return flight.page_attempts - flight.page_throttles < options.attempts;
}

// True: the request has left, and nobody knows what it has done.
bool is_lost(const Flight& flight, const Decoded& decoded, bool sent) {
  const ApiError& error = decoded.error;
  if (!flight.operation->writes() || !sent || is_throttling(error)) return false;
  return decoded.cut_off || worth_retrying(error) || error.code == error_code::kMalformed ||
         error.code == error_code::kTooLarge;
}

void say_that_it_is_lost(ApiError& error) {
  error.message =
      fmt::format("nobody knows whether it was done: {}: {}", error.code, error.message);
  error.code = error_code::kAnswerLost;
}

Next retry(Flight& flight, const HttpResponse& response, bool lost) {
  flight.asked_pause = asked_pause(header_of(response, "retry-after"), flight.aws_time);
  if (pay_for_retry(flight)) return Next::retry;
  flight.answer.end = CallEnd::error;
  flight.answer.error.message += " (not tried again: too much of this account fails)";
  if (lost) say_that_it_is_lost(flight.answer.error);
  return Next::ended;
}

// An answer of which some items failed is an error, and stays for who asks which. Where it lists what
// was made nonetheless, the call was done in part.
Next take_unsuccessful(Flight& flight, Decoded decoded) {
  const JsonValue* made = find(*decoded.response, flight.operation->required);
  if (made != nullptr && made->IsArray() && !made->Empty()) flight.answer.may_be_done = true;
  flight.answer.pages.push_back({flight.call, std::move(*decoded.response)});
  flight.answer.end = CallEnd::error;
  flight.answer.error = std::move(decoded.error);
  return Next::ended;
}

}  // namespace

Next advance(Flight& flight, HttpResponse response, const ClientOptions& options, UnixSeconds now) {
  flight.answer.time = now;
  Decoded decoded = decode_response(*flight.operation, response);
  if (decoded.response && !decoded.error.code.empty()) {
    return take_unsuccessful(flight, std::move(decoded));
  }
  if (decoded.response) return take_page(flight, std::move(*decoded.response), options);
  flight.answer.error = decoded.error;
  if (follow(flight, decoded)) return Next::redirect;
  flight.aws_time = parse_http_date(header_of(response, "date"));
  const bool lost = is_lost(flight, decoded, response.sent);
  flight.answer.may_be_done = flight.answer.may_be_done || lost;
  const bool again = (decoded.cut_off || worth_retrying(decoded.error)) &&
                     !(lost && flight.operation->effect == Effect::once);
  const bool throttled = is_throttling(decoded.error);
  if (throttled) ++flight.page_throttles;
  if (again && has_attempts_left(flight, options, throttled)) return retry(flight, response, lost);
  flight.answer.end = CallEnd::error;
  if (lost) say_that_it_is_lost(flight.answer.error);
  if (is_clock_problem(decoded.error)) {
    flight.answer.error.message += clock_hint(flight.aws_time, options.clock());
  }
  if (decoded.error.status == 403 &&
      is_region_of(partition_of(flight.call.region), decoded.region)) {
    flight.answer.region = decoded.region;
  }
  return Next::ended;
}

void fail(Flight& flight, std::string_view code, std::string message) {
  flight.answer.end = CallEnd::error;
  flight.answer.error = {std::string(code), std::move(message), 0};
}

void give_up(Flight& flight, std::string_view code, const std::string& why) {
  const ApiError last = std::move(flight.answer.error);
  fail(flight, code, why);
  if (flight.answer.may_be_done) {
    say_that_it_is_lost(flight.answer.error);
  } else {
    flight.answer.end = CallEnd::not_tried;
  }
  if (!last.code.empty()) {
    flight.answer.error.message += fmt::format("; last {}: {}", last.code, last.message);
  }
}

}  // namespace ciswatch
