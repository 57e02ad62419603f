#include "core/aws/profiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kDefault = "default";

std::filesystem::path place(const Environment& environment, std::string_view variable,
                            const std::string& usual) {
  const std::string own = setting(environment, variable);
  return with_home(own.empty() ? usual : own, environment);
}

std::string value_in(const ConfigSection& section, std::string_view key) {
  const auto found = section.find(key);
  return found == section.end() ? std::string() : found->second;
}

const ConfigSection& section_in(const ConfigFile& file, const std::string& name) {
  static const ConfigSection kNone;
  const auto found = file.find(name);
  return found == file.end() ? kNone : found->second;
}

// The config file names profiles with a word in front, but for the default.
const ConfigSection& profile_in_config(const ConfigFile& file, std::string_view profile) {
  const ConfigSection& own = section_in(file, fmt::format("profile {}", profile));
  return own.empty() && profile == kDefault ? section_in(file, std::string(profile)) : own;
}

std::optional<Credentials> pair(std::string id, std::string secret, std::string token,
                                const std::string& where) {
  if (id.empty() && secret.empty()) return std::nullopt;
  if (id.empty() || secret.empty()) {
    throw Error(fmt::format("{} has aws_{} but no aws_{}", where,
                            id.empty() ? "secret_access_key" : "access_key_id",
                            id.empty() ? "access_key_id" : "secret_access_key"));
  }
  if (!is_sendable(id) || !is_sendable(secret) || !is_sendable(token)) {
    throw Error(fmt::format("a key in {} holds characters that no key has", where));
  }
  return Credentials{std::move(id), std::move(secret), std::move(token)};
}

// The token has an older name, too.
std::optional<Credentials> keys_of(const ConfigSection& section, std::string_view profile) {
  std::string token = value_in(section, "aws_session_token");
  if (token.empty()) token = value_in(section, "aws_security_token");
  return pair(value_in(section, "aws_access_key_id"), value_in(section, "aws_secret_access_key"),
              std::move(token), fmt::format("profile '{}'", printable(profile)));
}

}  // namespace

std::string setting(const Environment& environment, std::string_view name) {
  return std::string(trim(environment(name).value_or("")));
}

std::string setting(const SettingNames& setting, const Environment& environment,
                    const Profiles& profiles, std::string_view profile) {
  std::string value = ciswatch::setting(environment, setting.variable);
  return value.empty() ? profiles.value(profile, setting.key) : value;
}

std::filesystem::path with_home(const std::string& path, const Environment& environment) {
  const std::string home = setting(environment, "HOME");
  if (path.starts_with("~/") && !home.empty()) return std::filesystem::path(home) / path.substr(2);
  return path;
}

std::optional<Credentials> keys_in(const Environment& environment) {
  std::string token = setting(environment, "AWS_SESSION_TOKEN");
  if (token.empty()) token = setting(environment, "AWS_SECURITY_TOKEN");
  return pair(setting(environment, "AWS_ACCESS_KEY_ID"),
              setting(environment, "AWS_SECRET_ACCESS_KEY"), std::move(token), "the environment");
}

Profiles::Profiles(const Environment& environment)
    : config_path_(place(environment, "AWS_CONFIG_FILE", "~/.aws/config")),
      credentials_path_(place(environment, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")),
      config_(read_config(config_path_)),
      credentials_(read_config(credentials_path_)) {}

bool Profiles::has(std::string_view profile) const {
  const auto all = names();
  return std::find(all.begin(), all.end(), profile) != all.end();
}

std::vector<std::string> Profiles::names() const {
  std::set<std::string> found;
  for (const auto& [title, section] : credentials_) found.insert(title);
  for (const auto& [title, section] : config_) {
    constexpr std::string_view kWord = "profile ";
    if (title == kDefault) found.insert(title);
    if (title.starts_with(kWord)) found.insert(title.substr(kWord.size()));
  }
  return {found.begin(), found.end()};
}

std::string Profiles::value(std::string_view profile, std::string_view key) const {
  std::string found = value_in(section_in(credentials_, std::string(profile)), key);
  return found.empty() ? value_in(profile_in_config(config_, profile), key) : found;
}

const ConfigSection* Profiles::section(std::string_view kind, std::string_view name) const {
  const auto found = config_.find(fmt::format("{} {}", kind, name));
  return found == config_.end() ? nullptr : &found->second;
}

std::optional<Credentials> Profiles::keys_in_credentials(std::string_view profile) const {
  return keys_of(section_in(credentials_, std::string(profile)), profile);
}

std::optional<Credentials> Profiles::keys_in_config(std::string_view profile) const {
  return keys_of(profile_in_config(config_, profile), profile);
}

std::string Profiles::places() const {
  return fmt::format("{} and {}", config_path_.string(), credentials_path_.string());
}

std::string profile_in_use(const std::string& explicit_profile, const Environment& environment,
                           const Profiles& profiles) {
  std::string profile = explicit_profile;
  if (profile.empty()) {
    profile = setting(environment, "AWS_PROFILE");
    const std::string older = setting(environment, "AWS_DEFAULT_PROFILE");
    if (!profile.empty() && !older.empty() && profile != older) {
      // SDKs disagree about which of them counts; the wrong account would be judged.
      throw Error("AWS_PROFILE and AWS_DEFAULT_PROFILE name different profiles: unset one of them");
    }
    if (profile.empty()) profile = older;
  }
  if (!profile.empty() && profile != kDefault && !profiles.has(profile)) {
    throw Error(fmt::format("profile '{}' is not in {}{}", printable(profile), profiles.places(),
                            did_you_mean(profile, profiles.names())));
  }
  return profile.empty() ? std::string(kDefault) : profile;
}

}  // namespace ciswatch
