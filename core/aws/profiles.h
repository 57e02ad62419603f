#pragma once

// Where credentials come from: the environment and the profiles of the AWS configuration files.
// Reads and decides only; taking on roles is login.cc's.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/aws/config_file.h"
#include "core/aws/credentials.h"

namespace ciswatch {

// A variable of the environment; one that is set to nothing counts as not set.
std::string setting(const Environment& environment, std::string_view name);

// Both files together.
class Profiles {
 public:
  // From AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, or from ~/.aws. Throws Error.
  explicit Profiles(const Environment& environment);

  [[nodiscard]] bool has(std::string_view profile) const;
  [[nodiscard]] std::vector<std::string> names() const;
  // The profile's value of the config file, else of the credentials file; "" : none.
  [[nodiscard]] std::string value(std::string_view profile, std::string_view key) const;
  // A key of a [services …] section, "" : none.
  [[nodiscard]] std::string service_value(std::string_view section, std::string_view key) const;
  // Keys that stand in the profile itself, those of the credentials file first. Throws Error where
  // one half of a pair is missing.
  [[nodiscard]] std::optional<Credentials> keys(std::string_view profile) const;
  [[nodiscard]] std::string places() const;  // the two files, for messages

 private:
  std::filesystem::path config_path_;
  std::filesystem::path credentials_path_;
  ConfigFile config_;
  ConfigFile credentials_;
};

// How a profile gets its credentials: the keys to begin with, then the roles to take on with them,
// in order.
struct Plan {
  Credentials keys;
  std::vector<Role> roles;
  std::string source;  // for people
};

// `explicit_profile` is --profile's. Throws Error as log_in does.
Plan plan_credentials(const std::string& explicit_profile, const Environment& environment,
                      const Profiles& profiles);

// The profile that settings other than credentials are read from.
std::string profile_in_use(const std::string& explicit_profile, const Environment& environment);

}  // namespace ciswatch
