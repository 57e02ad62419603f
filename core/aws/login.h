#pragma once

// From flags, environment and the AWS configuration files to what a Client needs.

#include <string>

#include "core/aws/client.h"
#include "core/aws/credentials.h"

namespace ciswatch {

// The command line's part; "" where a flag was not given.
struct LoginFlags {
  std::string profile;
  std::string region;
  std::string endpoint_url;
};

struct Login {
  Credentials credentials;
  Renewal renew;          // asks again for what `credentials` were; empty where that is in vain
  std::string region;     // where the account is asked first; "us-east-1" where nothing names one
  std::string source;     // for people: "the environment", "profile 'audit'"
  ClientOptions options;  // with the configured endpoints and CA bundle
};

// As the AWS SDKs do it (docs/credentials.md has the order): an explicit --profile beats keys in
// the environment, these beat AWS_PROFILE's and the default profile's, then come a container and an
// EC2 instance. May wait for STS, IAM Identity Center, the machine's metadata or a program. Throws
// Error: nothing found (with each place and why it did not serve), what is not supported named as
// such, a malformed file with file:line, a role that was refused. No message contains a secret.
// `environment` is kept by `renew`.
Login log_in(const LoginFlags& flags, const Environment& environment, ClientOptions options = {});

}  // namespace ciswatch
