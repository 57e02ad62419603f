#include "core/aws/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace ciswatch {
namespace {

constexpr auto kThrottling = std::to_array<std::string_view>(
    {"BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException",
     "PriorRequestNotComplete", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
     "RequestThrottled", "RequestThrottledException", "SlowDown", "ThrottledException",
     "Throttling", "ThrottlingException", "TooManyRequestsException",
     "TransactionInProgressException"});

constexpr auto kTransient = std::to_array<std::string_view>(
    {error_code::kTimeout, error_code::kUnreachable, "DependencyTimeoutException", "InternalError",
     "InternalFailure", "InternalServerError", "InternalServiceErrorException",
     "KMSInternalException", "RequestTimeoutException", "ServiceUnavailable",
     "ServiceUnavailableException", "Unavailable"});

constexpr auto kDenied = std::to_array<std::string_view>(
    {"403", "AccessDenied", "AccessDeniedException", "AccountProblem", "AllAccessDisabled",
     "AuthorizationError", "AuthorizationErrorException", "Client.UnauthorizedOperation",
     "InsufficientDependencyServiceAccessPermissionException", "InsufficientPrivilegesException",
     "NotAuthorized", "UnauthorizedAccess", "UnauthorizedException", "UnauthorizedOperation"});

constexpr auto kDisabled = std::to_array<std::string_view>(
    {"NotSignedUp", "OptInRequired", "RegionDisabledException", "SubscriptionRequiredException",
     "UnsupportedOperationInRegionException"});

constexpr auto kCredentials =
    std::to_array<std::string_view>({"401",
                                     "AuthFailure",
                                     "ExpiredToken",
                                     "ExpiredTokenException",
                                     "IncompleteSignature",
                                     "IncompleteSignatureException",
                                     "InvalidAccessKeyId",
                                     "InvalidClientTokenId",
                                     "InvalidSecurity",
                                     "InvalidSignatureException",
                                     "InvalidToken",
                                     "InvalidTokenException",
                                     "MissingAuthenticationToken",
                                     "MissingAuthenticationTokenException",
                                     "NotAuthenticated",
                                     "RequestExpired",
                                     "RequestTimeTooSkewed",
                                     "SignatureDoesNotMatch",
                                     "TokenRefreshRequired",
                                     "UnrecognizedClientException"});

template <std::size_t N>
bool among(const std::array<std::string_view, N>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool says(const ApiError& error, std::string_view words) {
  return error.message.find(words) != std::string::npos;
}

}  // namespace

bool is_throttling(const ApiError& error) {
  return error.status == 429 || among(kThrottling, error.code);
}

bool is_credential_problem(const ApiError& error) { return among(kCredentials, error.code); }

bool is_expired(const ApiError& error) {
  constexpr auto kExpired = std::to_array<std::string_view>(
      {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"});
  return among(kExpired, error.code);
}

bool is_clock_problem(const ApiError& error) {
  if (error.code == "RequestTimeTooSkewed" || error.code == "RequestExpired") return true;
  const bool signature =
      error.code == "InvalidSignatureException" || error.code == "SignatureDoesNotMatch";
  return signature && (says(error, "expired") || says(error, "not yet current"));
}

Outcome outcome_of(const ApiError& error) {
  if (is_throttling(error)) return Outcome::throttled;
  if (among(kDisabled, error.code)) return Outcome::disabled;
  // Refused credentials are no lack of a permission that could be granted, but they are a refusal.
  if (among(kDenied, error.code) || is_credential_problem(error)) return Outcome::denied;
  return error.status == 403 ? Outcome::denied : Outcome::failed;
}

bool worth_retrying(const ApiError& error) {
  if (is_throttling(error) || among(kTransient, error.code)) return true;
  return error.status >= 500;
}

std::chrono::milliseconds pause_before_retry(int attempt, bool throttled, double jitter,
                                             const Backoff& backoff) {
  const auto base = throttled ? backoff.throttled_base : backoff.base;
  // 2^30 is beyond any bound: it keeps the multiplication from overflowing.
  const double grown =
      static_cast<double>(base.count()) * std::exp2(std::clamp(attempt - 1, 0, 30));
  const double bounded = std::min(grown, static_cast<double>(backoff.most.count()));
  return std::chrono::milliseconds(std::llround(bounded * std::clamp(jitter, 0.0, 1.0)));
}

std::chrono::milliseconds asked_pause(std::string_view retry_after,
                                      const std::optional<UnixSeconds>& now) {
  constexpr UnixSeconds kMost = 60;
  UnixSeconds seconds = 0;
  const auto* end = retry_after.data() + retry_after.size();
  const auto [rest, wrong] = std::from_chars(retry_after.data(), end, seconds);
  if (wrong == std::errc::result_out_of_range) {
    seconds = retry_after.starts_with('-') ? 0 : kMost;
  } else if (wrong != std::errc() || rest != end) {
    const auto date = parse_http_date(retry_after);
    if (!date || !now) return {};
    seconds = *date - *now;
  }
  return std::chrono::seconds(std::clamp<UnixSeconds>(seconds, 0, kMost));
}

}  // namespace ciswatch
