#pragma once

#include <string>

#include "core/aws/credentials.h"
#include "core/aws/http.h"
#include "core/aws/sigv4.h"

namespace ciswatch {

// Signs with the credentials of one identity, and asks for new ones before they end. Used by one
// thread, so that one renewal is under way at most. A renewal that fails leaves the old ones in
// use: it is AWS that says when they have ended, by its own clock.
class Session {
 public:
  // `renew` may be empty: keys that nothing renews.
  Session(Credentials credentials, Renewal renew);

  // scope.time is now. Anonymous credentials leave the request as it is.
  void sign(HttpRequest& request, const SigningScope& scope);

  // Of the credentials in use: 1 more with each renewal.
  [[nodiscard]] int generation() const { return generation_; }

  // After AWS has refused what credentials of this generation signed, for their age: true where
  // others are in use by now, so that the call is worth another attempt.
  bool replaced(int generation, UnixSeconds now);

  // Why the last renewal failed; "" where it did not.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  void renew(UnixSeconds now);

  Signer signer_;
  UnixSeconds expires_;
  UnixSeconds next_attempt_ = 0;
  bool anonymous_;
  int generation_ = 0;
  Renewal renew_;
  std::string trouble_;
};

}  // namespace ciswatch
