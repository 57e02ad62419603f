#pragma once

// Taking on roles with STS: with other credentials, or with a token of another identity provider.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/aws/call.h"
#include "core/aws/client.h"
#include "core/aws/credentials.h"

namespace ciswatch {

// A role to take on with `sts AssumeRole`.
struct Role {
  std::string arn;
  std::string session_name = "ciswatch";
  std::string external_id;                                // "" for none
  std::string duration_seconds;                           // "" for the service's default
  std::vector<std::pair<std::string, std::string>> tags;  // of the session
  std::vector<std::string> transitive_tags;               // keys that a chain of roles keeps
};

// Where STS is asked.
struct Sts {
  std::string region;
  ClientOptions options;
};

// Takes on `role` with the credentials `with`. Waits. Throws Error with AWS's code and words where
// it is refused. A chain of roles is this function's result given to itself.
Credentials assume_role(const Credentials& with, const Role& role, const Sts& sts);

// The same in the midst of other calls: give it to Client::send and its answer to `credentials_in`.
ApiCall assume_role_call(const Role& role, std::string_view region);

// The credentials in the answer of AssumeRole and its like; nullopt where it was refused or is
// incomplete.
std::optional<Credentials> credentials_in(const ApiAnswer& answer);

// A role that is taken on with a token in a file (EKS, GitHub, GitLab), without credentials.
struct WebIdentity {
  std::string token_file;
  std::string role_arn;
  std::string session_name = "ciswatch";
};

// Reads the token file anew and takes on the role. Waits. Throws Error.
Credentials assume_role(const WebIdentity& identity, const Sts& sts);

}  // namespace ciswatch
