#pragma once

// Credentials of IAM Identity Center, by the token that `aws sso login` has left.

#include <filesystem>
#include <string>

#include "core/aws/client.h"
#include "core/aws/credentials.h"

namespace ciswatch {

struct SsoRole {
  std::string profile;
  std::string session;  // of [sso-session …]; "" : the profile names all itself
  std::string start_url;
  std::string region;
  std::string account_id;
  std::string role_name;
  std::filesystem::path cache;  // the folder of tokens
};

// Reads the token anew and asks for the role's credentials. Waits. `now` is for the token's end.
// Throws Error, with the next step where the token is missing, unreadable or has ended.
Credentials fetch(const SsoRole& role, const ClientOptions& options, UnixSeconds now);

}  // namespace ciswatch
