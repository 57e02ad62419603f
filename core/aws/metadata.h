#pragma once

// Credentials from the machine: the endpoint of a container (ECS, EKS) and of an EC2 instance.
// These are asked directly, past any proxy.

#include <chrono>
#include <string>
#include <string_view>

#include "core/aws/credentials.h"

namespace ciswatch {

struct Container {
  std::string url;  // what `checked_container_url` gave
  std::string token;
  std::string token_file;  // read anew each time; wins
};

// The URL of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (`relative`) or …_FULL_URI. Throws Error where
// it could send the token elsewhere: plain http goes to this machine and to the addresses of ECS
// and EKS only.
std::string checked_container_url(std::string_view uri, bool relative);

// Waits; asks up to three times. Throws Error.
Credentials fetch(const Container& container);

struct Instance {
  std::string endpoint = "http://169.254.169.254";
  std::chrono::milliseconds timeout{1000};
  int attempts = 1;
  bool allow_v1 = true;  // where the service does not know IMDSv2's tokens
};

// Waits: IMDSv2, first a token, then the role, then its keys. Throws Error; an instance that
// cannot be reached is one, too.
Credentials fetch(const Instance& instance);

}  // namespace ciswatch
