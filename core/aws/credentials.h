#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/json.h"
#include "core/base/time.h"

namespace ciswatch {

// Signs requests. Never printed, logged or stored: no function of the project turns it into text.
struct Credentials {
  std::string access_key_id;  // "" : anonymous, requests are sent unsigned
  std::string secret_access_key;
  std::string session_token;  // "" for long-lived keys
  UnixSeconds expires = 0;    // 0: no end that is known
};

// Gives credentials that last longer than those in use. May wait for the network or a program.
// Throws Error.
using Renewal = std::function<Credentials()>;

// Where settings of the environment are read; tests pass a map. nullopt: not set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

// The process's own environment.
std::optional<std::string> process_environment(std::string_view name);

// What the members of an answer or a file that hold credentials are called.
struct KeyNames {
  std::string_view id = "AccessKeyId";
  std::string_view secret = "SecretAccessKey";
  std::string_view token = "SessionToken";
  std::string_view expires = "Expiration";  // ISO 8601, or a number of milliseconds
  bool needs_token = true;
};

// The credentials in a JSON object; nullopt where one is missing, or is no text that can be sent.
std::optional<Credentials> read_credentials(const JsonValue& object, const KeyNames& names);

// Characters that no key or token has: they would end a header.
bool is_sendable(std::string_view key);

}  // namespace ciswatch
