#include "core/aws/session.h"

#include "core/base/error.h"

namespace ciswatch {
namespace {

// Longer than any call takes with its retries; the shortest session of a role is 15 minutes.
constexpr UnixSeconds kBeforeTheEnd = 5 * 60;
// Who cannot renew now is not asked by every call.
constexpr UnixSeconds kBetweenAttempts = 30;

}  // namespace

Session::Session(Credentials credentials, Renewal renew)
    : signer_(credentials),
      expires_(credentials.expires),
      anonymous_(credentials.access_key_id.empty()),
      renew_(std::move(renew)) {}

void Session::sign(HttpRequest& request, const SigningScope& scope) {
  if (anonymous_) return;
  if (expires_ != 0 && scope.time >= expires_ - kBeforeTheEnd) renew(scope.time);
  signer_.sign(request, scope);
}

bool Session::replaced(int generation, UnixSeconds now) {
  if (generation == generation_) renew(now);
  return generation != generation_;
}

void Session::renew(UnixSeconds now) {
  if (!renew_ || now < next_attempt_) return;
  next_attempt_ = now + kBetweenAttempts;
  try {
    Credentials credentials = renew_();
    expires_ = credentials.expires;
    signer_ = Signer(std::move(credentials));
    ++generation_;
    trouble_.clear();
  } catch (const Error& error) {
    trouble_ = error.what();
  }
}

}  // namespace ciswatch
