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

bool Session::is_ready(UnixSeconds now) {
  if (expires_ != 0 && now >= expires_ - kBeforeTheEnd) renew(now);
  const bool over = ended_ || (expires_ != 0 && now >= expires_);
  return !over || !is_renewing();
}

void Session::sign(HttpRequest& request, const SigningScope& scope) {
  if (!anonymous_) signer_.sign(request, scope);
}

void Session::refused(int generation, UnixSeconds now) {
  if (generation != generation_) return;
  ended_ = true;
  renew(now);
}

void Session::renew(UnixSeconds now) {
  if (!renew_ || now < next_attempt_ || is_renewing()) return;
  next_attempt_ = now + kBetweenAttempts;
  coming_ = std::async(std::launch::async, renew_);
}

bool Session::is_renewing() {
  if (!coming_.valid()) return false;
  if (coming_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return true;
  try {
    Credentials credentials = coming_.get();
    expires_ = credentials.expires;
    signer_ = Signer(std::move(credentials));
    ended_ = false;
    ++generation_;
    trouble_.clear();
  } catch (const Error& error) {
    trouble_ = error.what();
  }
  return false;
}

}  // namespace ciswatch
