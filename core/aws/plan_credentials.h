#pragma once

// Where credentials come from, decided from the environment and the profiles alone: nothing is
// asked and no other file is read. The order is that of the AWS SDKs, docs/credentials.md.

#include <string>
#include <variant>
#include <vector>

#include "core/aws/credential_process.h"
#include "core/aws/credentials.h"
#include "core/aws/metadata.h"
#include "core/aws/profiles.h"
#include "core/aws/roles.h"
#include "core/aws/sso.h"
#include "core/base/error.h"

namespace ciswatch {

using Origin =
    std::variant<Credentials, WebIdentity, SsoRole, CredentialProcess, Container, Instance>;

// The credentials to begin with, then the roles to take on with them, in order.
struct Plan {
  Origin origin;
  std::vector<Role> roles;
  std::string source;     // for people: "the environment", "profile 'audit'"
  bool can_renew = true;  // false: keys of the environment, which does not change
  std::vector<std::string> tried =
      {};  // of an instance, the last resort: what was not there before
};

// `explicit_profile` is --profile's, `profile` what `profile_in_use` makes of it. Throws Error
// where what is configured is incomplete, contradicts itself or is not supported.
Plan plan_credentials(const std::string& explicit_profile, const std::string& profile,
                      const Environment& environment, const Profiles& profiles);

// The error that names each place that was looked at, and why it did not serve.
Error no_credentials(const std::vector<std::string>& tried);

// A whole number of a setting, from 1 to `most`; `usual` where it is "". Throws Error.
int number_of(const std::string& text, std::string_view name, int usual, int most);

}  // namespace ciswatch
