#pragma once

#include <future>
#include <string>

#include "core/aws/credentials.h"
#include "core/aws/http.h"
#include "core/aws/sigv4.h"

namespace ciswatch {

// Signs with the credentials of one identity, and has others fetched before they end: in a thread of its
// own, one renewal at a time, while the old ones are in use. A renewal that fails leaves them in use: it
// is AWS that says when they have ended, by its own clock. Used by one thread; destroying it waits for a
// renewal that is under way.
class Session {
 public:
  // `renew` may be empty: keys that nothing renews.
  Session(Credentials credentials, Renewal renew);

  // False: the credentials have ended, and it is not yet known whether there are others.
  bool is_ready(UnixSeconds now);

  // scope.time is now. Anonymous credentials leave the request as it is.
  void sign(HttpRequest& request, const SigningScope& scope);

  // Of the credentials in use: 1 more with each renewal.
  [[nodiscard]] int generation() const { return generation_; }

  // AWS has refused what credentials of this generation signed, for their age.
  void refused(int generation, UnixSeconds now);

  // Takes what a renewal has brought, if it has ended. True: one is still under way.
  bool is_renewing();

  // Why the last renewal failed; "" where it did not.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  void renew(UnixSeconds now);

  Signer signer_;
  UnixSeconds expires_;
  UnixSeconds next_attempt_ = 0;
  bool anonymous_;
  bool ended_ = false;  // AWS says so
  int generation_ = 0;
  Renewal renew_;
  std::future<Credentials> coming_;  // valid while a renewal is under way
  std::string trouble_;
};

}  // namespace ciswatch
