#pragma once

// The profiles of the AWS configuration files, and the variables of the environment.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/aws/config_file.h"
#include "core/aws/credentials.h"

namespace ciswatch {

// A variable of the environment; one that is set to nothing counts as not set.
std::string setting(const Environment& environment, std::string_view name);

// "~/x" with the home folder in front.
std::filesystem::path with_home(const std::string& path, const Environment& environment);

// Both files together.
class Profiles {
 public:
  // From AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, or from ~/.aws. Throws Error.
  explicit Profiles(const Environment& environment);

  [[nodiscard]] bool has(std::string_view profile) const;
  [[nodiscard]] std::vector<std::string> names() const;
  // The profile's value of the credentials file, else of the config file; "" : none.
  [[nodiscard]] std::string value(std::string_view profile, std::string_view key) const;
  // A section "[services …]" or "[sso-session …]" of the config file; nullptr: there is none.
  [[nodiscard]] const ConfigSection* section(std::string_view kind, std::string_view name) const;
  // Keys that stand in the profile itself, in one of the files. Throws Error where one half of a
  // pair is missing.
  [[nodiscard]] std::optional<Credentials> keys_in_credentials(std::string_view profile) const;
  [[nodiscard]] std::optional<Credentials> keys_in_config(std::string_view profile) const;
  [[nodiscard]] std::string places() const;  // the two files, for messages

 private:
  std::filesystem::path config_path_;
  std::filesystem::path credentials_path_;
  ConfigFile config_;
  ConfigFile credentials_;
};

// The keys that the environment holds. Throws Error where one half of the pair is missing.
std::optional<Credentials> keys_in(const Environment& environment);

// The profile in use: the one of --profile, of AWS_PROFILE, or "default". Throws Error where it is
// named and is not in the files.
std::string profile_in_use(const std::string& explicit_profile, const Environment& environment,
                           const Profiles& profiles);

// A setting that has a variable and a key of a profile; "" : neither.
struct SettingNames {
  std::string_view variable;
  std::string_view key;
};
std::string setting(const SettingNames& setting, const Environment& environment,
                    const Profiles& profiles, std::string_view profile);

}  // namespace ciswatch
