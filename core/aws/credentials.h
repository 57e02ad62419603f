#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/aws/call.h"

namespace ciswatch {

// Signs requests. Never printed, logged or stored: no function of the project turns it into text.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // "" for long-lived keys
};

// Where settings of the environment are read; tests pass a map. nullopt: not set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

// The process's own environment.
std::optional<std::string> process_environment(std::string_view name);

// A role to take on with `sts AssumeRole`.
struct Role {
  std::string arn;
  std::string session_name = "ciswatch";
  std::string external_id;       // "" for none
  std::string duration_seconds;  // "" for the service's default
};

// The call that takes on `role`; give it to Client::send and its answer to `credentials_in`.
ApiCall assume_role_call(const Role& role, std::string_view region);

// The credentials in the answer of AssumeRole; nullopt where it was refused or is incomplete.
std::optional<Credentials> credentials_in(const ApiAnswer& answer);

}  // namespace ciswatch
