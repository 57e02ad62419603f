#include "core/aws/profiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/base/error.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kDefault = "default";

std::string section_of_config(std::string_view profile) {
  return fmt::format("profile {}", profile);
}

// "~/x" with the home folder in front.
std::filesystem::path expanded(const std::string& path, const Environment& environment) {
  const std::string home = setting(environment, "HOME");
  if (path.starts_with("~/") && !home.empty()) return std::filesystem::path(home) / path.substr(2);
  return path;
}

std::filesystem::path place(const Environment& environment, std::string_view variable,
                            const std::string& usual) {
  const std::string own = setting(environment, variable);
  return expanded(own.empty() ? usual : own, environment);
}

std::string value_in(const ConfigSection& section, std::string_view key) {
  const auto found = section.find(key);
  return found == section.end() ? std::string() : found->second;
}

// Both files name profiles, the config file with a word in front except for the default.
const ConfigSection& section_in(const ConfigFile& file, const std::string& name) {
  static const ConfigSection kNone;
  const auto found = file.find(name);
  return found == file.end() ? kNone : found->second;
}

std::optional<Credentials> pair(std::string id, std::string secret, std::string token,
                                const std::string& where) {
  if (id.empty() && secret.empty()) return std::nullopt;
  if (id.empty() || secret.empty()) {
    throw Error(fmt::format("{} has aws_{} but no aws_{}", where,
                            id.empty() ? "secret_access_key" : "access_key_id",
                            id.empty() ? "access_key_id" : "secret_access_key"));
  }
  for (const std::string* part : {&id, &secret, &token}) {
    const bool odd = std::any_of(part->begin(), part->end(), [](char c) {
      return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F;
    });
    if (odd) throw Error(fmt::format("a key in {} holds characters that no key has", where));
  }
  return Credentials{std::move(id), std::move(secret), std::move(token)};
}

struct Unsupported {
  std::string_view key;
  std::string_view what;
};

constexpr auto kUnsupportedRole = std::to_array<Unsupported>(
    {{"web_identity_token_file", "a web identity (web_identity_token_file)"},
     {"credential_source", "credential_source"},
     {"mfa_serial", "a role that asks for MFA (mfa_serial)"}});
constexpr auto kUnsupportedLogin =
    std::to_array<Unsupported>({{"sso_session", "IAM Identity Center (sso_session)"},
                                {"sso_start_url", "IAM Identity Center (sso_start_url)"},
                                {"sso_account_id", "IAM Identity Center (sso_account_id)"},
                                {"login_session", "a console login (login_session)"}});
constexpr auto kUnsupportedProcess =
    std::to_array<Unsupported>({{"credential_process", "credential_process"}});

constexpr std::string_view kWayOut =
    "not supported yet; put temporary keys into the environment, e.g. with "
    "`aws configure export-credentials --format env`";

template <std::size_t N>
void refuse(const Profiles& profiles, const std::string& profile,
            const std::array<Unsupported, N>& list) {
  for (const Unsupported& each : list) {
    if (profiles.value(profile, each.key).empty()) continue;
    throw Error(fmt::format("profile '{}' uses {}, which is {}", profile, each.what, kWayOut));
  }
}

// Follows source_profile from the profile that is asked for down to keys.
class Planner {
 public:
  explicit Planner(const Profiles& profiles) : profiles_(profiles) {}

  // nullopt: the profile has nothing that credentials could come from.
  std::optional<Plan> plan(const std::string& profile, bool is_source) {
    chain_.push_back(profile);
    if (std::count(chain_.begin(), chain_.end(), profile) > 1) {
      throw Error(fmt::format("source_profile goes round in a circle: {}", join(chain_, " → ")));
    }
    const bool role = !profiles_.value(profile, "role_arn").empty();
    // A profile that others build on offers its keys even when it has a role of its own.
    if (is_source || !role) {
      refuse_unless_role(profile, role);
      if (auto keys = profiles_.keys(profile)) {
        return Plan{std::move(*keys), {}, fmt::format("profile '{}'", profile)};
      }
      refuse(profiles_, profile, kUnsupportedProcess);
    }
    return role ? std::optional(with_role(profile)) : std::nullopt;
  }

 private:
  void refuse_unless_role(const std::string& profile, bool role) {
    if (!role) refuse(profiles_, profile, kUnsupportedLogin);
  }

  Plan with_role(const std::string& profile) {
    refuse(profiles_, profile, kUnsupportedRole);
    const std::string source = profiles_.value(profile, "source_profile");
    if (source.empty()) {
      throw Error(fmt::format("profile '{}' has role_arn but no source_profile", profile));
    }
    if (!profiles_.has(source)) {
      throw Error(fmt::format("profile '{}' has source_profile '{}', which is not in {}", profile,
                              printable(source), profiles_.places()));
    }
    std::optional<Plan> plan = source == profile ? own_keys(profile) : this->plan(source, true);
    if (!plan) {
      throw Error(fmt::format("profile '{}' has source_profile '{}', which has no credentials",
                              profile, printable(source)));
    }
    plan->roles.push_back(role_of(profile));
    plan->source = fmt::format("profile '{}'", profile);
    return std::move(*plan);
  }

  // A profile may name itself as the source: its own keys, then its role.
  std::optional<Plan> own_keys(const std::string& profile) const {
    auto keys = profiles_.keys(profile);
    return keys ? std::optional(Plan{std::move(*keys), {}, {}}) : std::nullopt;
  }

  [[nodiscard]] Role role_of(const std::string& profile) const {
    Role role;
    role.arn = profiles_.value(profile, "role_arn");
    const std::string name = profiles_.value(profile, "role_session_name");
    if (!name.empty()) role.session_name = name;
    role.external_id = profiles_.value(profile, "external_id");
    role.duration_seconds = profiles_.value(profile, "duration_seconds");
    return role;
  }

  const Profiles& profiles_;
  std::vector<std::string> chain_;
};

[[noreturn]] void fail_without_credentials(const std::string& profile,
                                           const Environment& environment,
                                           const Profiles& profiles) {
  for (const auto* name :
       {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"}) {
    if (!setting(environment, name).empty()) {
      throw Error(fmt::format("{} is set: credentials of a container are {}", name, kWayOut));
    }
  }
  throw Error(
      fmt::format("no AWS credentials found. Looked at: AWS_ACCESS_KEY_ID and "
                  "AWS_SECRET_ACCESS_KEY in the environment; profile '{}' in {}. Instance and "
                  "container roles are {}",
                  profile, profiles.places(), kWayOut));
}

}  // namespace

std::string setting(const Environment& environment, std::string_view name) {
  return std::string(trim(environment(name).value_or("")));
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
  const std::string name(profile);
  std::string found = value_in(section_in(config_, section_of_config(profile)), key);
  if (found.empty() && profile == kDefault) found = value_in(section_in(config_, name), key);
  if (found.empty()) found = value_in(section_in(credentials_, name), key);
  return found;
}

std::string Profiles::service_value(std::string_view section, std::string_view key) const {
  return value_in(section_in(config_, fmt::format("services {}", section)), key);
}

std::optional<Credentials> Profiles::keys(std::string_view profile) const {
  const std::string name(profile);
  const ConfigSection& own = section_in(credentials_, name);
  const std::string where = fmt::format("profile '{}'", profile);
  if (auto keys = pair(value_in(own, "aws_access_key_id"), value_in(own, "aws_secret_access_key"),
                       value_in(own, "aws_session_token"), where)) {
    return keys;
  }
  return pair(value(profile, "aws_access_key_id"), value(profile, "aws_secret_access_key"),
              value(profile, "aws_session_token"), where);
}

std::string Profiles::places() const {
  return fmt::format("{} and {}", config_path_.string(), credentials_path_.string());
}

std::string profile_in_use(const std::string& explicit_profile, const Environment& environment) {
  if (!explicit_profile.empty()) return explicit_profile;
  for (const auto* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    if (std::string value = setting(environment, name); !value.empty()) return value;
  }
  return std::string(kDefault);
}

Plan plan_credentials(const std::string& explicit_profile, const Environment& environment,
                      const Profiles& profiles) {
  if (explicit_profile.empty()) {
    if (auto keys = pair(setting(environment, "AWS_ACCESS_KEY_ID"),
                         setting(environment, "AWS_SECRET_ACCESS_KEY"),
                         setting(environment, "AWS_SESSION_TOKEN"), "the environment")) {
      return {std::move(*keys), {}, "the environment"};
    }
    if (!setting(environment, "AWS_WEB_IDENTITY_TOKEN_FILE").empty()) {
      throw Error(fmt::format("AWS_WEB_IDENTITY_TOKEN_FILE is set: a web identity is {}", kWayOut));
    }
  }
  const std::string profile = profile_in_use(explicit_profile, environment);
  if (profile != kDefault && !profiles.has(profile)) {
    throw Error(fmt::format("profile '{}' is not in {}{}", printable(profile), profiles.places(),
                            did_you_mean(profile, profiles.names())));
  }
  if (auto plan = Planner(profiles).plan(profile, false)) return std::move(*plan);
  fail_without_credentials(profile, environment, profiles);
}

}  // namespace ciswatch
