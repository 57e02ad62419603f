#pragma once

// AWS Signature Version 4, as four pure steps (time and credentials are arguments, so that vectors
// can test each) and a Signer.

#include <string>
#include <string_view>

#include "core/aws/credentials.h"
#include "core/aws/http.h"
#include "core/base/crypto.h"
#include "core/base/time.h"

namespace ciswatch {

// What a signature is valid for.
struct SigningScope {
  UnixSeconds time = 0;
  std::string region;
  std::string service;  // the signing name: s3control signs as "s3"
};

// Step 1. All headers of the request take part but those that a proxy may change (User-Agent, …),
// plus Host. S3's path is signed as it is on the wire; all others' without dot segments and double
// slashes and encoded once more.
std::string canonical_request(const HttpRequest& request, std::string_view service);

// Step 2.
std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope);

// Step 3: lower-case hex. `key` is what `signing_key` gives.
Sha256 signing_key(std::string_view secret_access_key, const SigningScope& scope);
std::string signature(const Sha256& key, std::string_view string_to_sign);

// Step 4: the value of the Authorization header, from what the first two steps gave.
std::string authorization(std::string_view access_key_id, std::string_view canonical_request,
                          std::string_view string_to_sign, std::string_view signature);

// Signs requests with one set of credentials. Owned by one thread.
class Signer {
 public:
  explicit Signer(Credentials credentials) : credentials_(std::move(credentials)) {}

  // Adds X-Amz-Date, X-Amz-Security-Token, for S3 X-Amz-Content-Sha256, and Authorization. The
  // request must not be changed afterwards. A request that was signed before is not to be given.
  void sign(HttpRequest& request, const SigningScope& scope);

 private:
  Credentials credentials_;
  // One key a day is kept, none for each region and service: a fleet has thousands of signers.
  UnixSeconds day_ = -1;  // since 1970
  Sha256 date_key_{};
};

}  // namespace ciswatch
