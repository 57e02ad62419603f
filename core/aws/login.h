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
  std::string region;     // where the account is asked first; "us-east-1" where nothing names one
  std::string source;     // for people: "the environment", "profile 'audit'"
  ClientOptions options;  // with the configured endpoints and CA bundle
};

// As the AWS CLI does it: an explicit --profile beats keys in the environment, these beat
// AWS_PROFILE's and the default profile's. Roles of profiles (role_arn with source_profile) are
// taken on, which sends AssumeRole. Throws Error: nothing found (with the list of places looked
// at), a source that is not supported (sso, credential_process, …) named as such, a malformed file
// with file:line, a cycle of source profiles, a role that was refused. No message contains a
// secret.
Login log_in(const LoginFlags& flags, const Environment& environment, ClientOptions options = {});

}  // namespace ciswatch
