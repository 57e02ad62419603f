#include "core/aws/plan_credentials.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/aws/endpoints.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kRelativeUri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr std::string_view kFullUri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

std::optional<Container> container_in(const Environment& environment) {
  const std::string relative = setting(environment, kRelativeUri);
  const std::string full = setting(environment, kFullUri);
  if (relative.empty() && full.empty()) return std::nullopt;
  return Container{checked_container_url(relative.empty() ? full : relative, !relative.empty()),
                   environment("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or(""),
                   setting(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")};
}

bool is_true(std::string_view text) { return equal_ignoring_case(text, "true"); }

class Planner {
 public:
  Planner(const Environment& environment, const Profiles& profiles, const std::string& profile)
      : environment_(environment), profiles_(profiles), profile_(profile) {}

  Plan plan(bool with_environment) {
    if (with_environment) {
      if (auto keys = keys_in(environment_))
        return {std::move(*keys), {}, "the environment", false};
      tried_.emplace_back(
          "the environment: neither AWS_ACCESS_KEY_ID nor "
          "AWS_WEB_IDENTITY_TOKEN_FILE is set");
    } else {
      tried_.emplace_back("the environment: passed over for --profile");
    }
    if (has_role(profile_)) return with_role(profile_);
    if (auto origin = origin_of(profile_, with_environment)) {
      const bool outer = with_environment && std::holds_alternative<WebIdentity>(*origin) &&
                         !setting(environment_, "AWS_WEB_IDENTITY_TOKEN_FILE").empty();
      return {std::move(*origin), {}, outer ? "the environment's web identity" : named(profile_)};
    }
    tried_.push_back(fmt::format("{} in {}: {}", named(profile_), profiles_.places(),
                                 profiles_.has(profile_) ? "has no credentials" : "is not there"));
    if (auto container = container_in(environment_)) {
      return {std::move(*container), {}, "the container"};
    }
    tried_.push_back(fmt::format("a container: neither {} nor {} is set", kRelativeUri, kFullUri));
    if (is_disabled()) {
      tried_.emplace_back("an EC2 instance: switched off with AWS_EC2_METADATA_DISABLED");
      throw no_credentials(tried_);
    }
    return {instance(), {}, "the EC2 instance", true, tried_};
  }

 private:
  [[nodiscard]] std::string named(const std::string& profile) const {
    return fmt::format("profile '{}'", printable(profile));
  }
  [[nodiscard]] std::string value(const std::string& profile, std::string_view key) const {
    return profiles_.value(profile, key);
  }
  [[nodiscard]] bool is_disabled() const {
    return is_true(setting(environment_, "AWS_EC2_METADATA_DISABLED"));
  }

  // A role with a web identity has a source of its own.
  [[nodiscard]] bool has_role(const std::string& profile) const {
    return !value(profile, "role_arn").empty() && value(profile, "web_identity_token_file").empty();
  }

  [[nodiscard]] bool has_keys(const std::string& profile) const {
    return !value(profile, "aws_access_key_id").empty() ||
           !value(profile, "aws_secret_access_key").empty();
  }

  // What the profile itself has, in the order of the SDKs.
  [[nodiscard]] std::optional<Origin> origin_of(const std::string& profile,
                                                bool with_environment) const {
    if (auto identity = web_identity(profile, with_environment)) return std::move(*identity);
    if (auto role = sso_role(profile)) return std::move(*role);
    if (auto keys = profiles_.keys_in_credentials(profile)) return std::move(*keys);
    if (!value(profile, "login_session").empty()) {
      throw Error(fmt::format(
          "{} uses a console login (login_session), which is not supported; put temporary keys "
          "into the environment, e.g. with `aws configure export-credentials --format env`",
          named(profile)));
    }
    if (std::string command = value(profile, "credential_process"); !command.empty()) {
      return CredentialProcess{std::move(command), profile};
    }
    if (auto keys = profiles_.keys_in_config(profile)) return std::move(*keys);
    return std::nullopt;
  }

  [[nodiscard]] std::optional<WebIdentity> web_identity(const std::string& profile,
                                                        bool with_environment) const {
    const auto either = [&](std::string_view variable, std::string_view key) {
      return with_environment ? setting({variable, key}, environment_, profiles_, profile)
                              : value(profile, key);
    };
    const std::string file = either("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    if (file.empty()) return std::nullopt;
    WebIdentity identity{with_home(file, environment_).string(),
                         either("AWS_ROLE_ARN", "role_arn")};
    if (identity.role_arn.empty()) {
      throw Error(
          fmt::format("there is a web identity ({}), but neither AWS_ROLE_ARN nor {} names "
                      "the role",
                      printable(file), named(profile)));
    }
    const std::string name = either("AWS_ROLE_SESSION_NAME", "role_session_name");
    if (!name.empty()) identity.session_name = name;
    return identity;
  }

  [[nodiscard]] std::optional<SsoRole> sso_role(const std::string& profile) const {
    SsoRole role{.profile = profile,
                 .session = value(profile, "sso_session"),
                 .start_url = sso_value(profile, "sso_start_url"),
                 .region = sso_value(profile, "sso_region"),
                 .account_id = value(profile, "sso_account_id"),
                 .role_name = value(profile, "sso_role_name"),
                 .cache = with_home("~/.aws/sso/cache", environment_)};
    if (role.account_id.empty() && role.role_name.empty()) return std::nullopt;
    const std::pair<std::string_view, const std::string*> needed[] = {
        {"sso_account_id", &role.account_id},
        {"sso_role_name", &role.role_name},
        {"sso_start_url", &role.start_url},
        {"sso_region", &role.region}};
    for (const auto& [key, text] : needed) {
      if (!text->empty()) continue;
      throw Error(fmt::format("{} uses IAM Identity Center and has no {}", named(profile), key));
    }
    return role;
  }

  // Of the [sso-session …] that the profile names, else of the profile.
  [[nodiscard]] std::string sso_value(const std::string& profile, std::string_view key) const {
    const std::string own = value(profile, key);
    const std::string name = value(profile, "sso_session");
    if (name.empty() ||
        (value(profile, "sso_account_id") + value(profile, "sso_role_name")).empty()) {
      return own;
    }
    const ConfigSection* session = profiles_.section("sso-session", name);
    if (session == nullptr) {
      throw Error(fmt::format("{} names [sso-session {}], which is not in {}", named(profile),
                              printable(name), profiles_.places()));
    }
    const auto found = session->find(key);
    if (found == session->end()) return own;
    if (!own.empty() && own != found->second) {
      throw Error(fmt::format("{} and [sso-session {}] have a different {}", named(profile),
                              printable(name), key));
    }
    return found->second;
  }

  Plan with_role(const std::string& profile) {
    chain_.push_back(profile);
    if (!value(profile, "mfa_serial").empty()) {
      throw Error(fmt::format(
          "{} asks for an MFA code (mfa_serial), for which a scan cannot ask you; put temporary "
          "keys into the environment, e.g. with `aws configure export-credentials --profile {} "
          "--format env`",
          named(profile), printable(profile)));
    }
    const std::string source = value(profile, "source_profile");
    const std::string kind = value(profile, "credential_source");
    if (source.empty() == kind.empty()) {
      throw Error(named(profile) + (source.empty()
                                        ? " has role_arn but no source_profile or credential_source"
                                        : " has both source_profile and credential_source"));
    }
    Plan plan = kind.empty() ? from_profile(profile, source) : from_kind(profile, kind);
    plan.roles.push_back(role_of(profile));
    plan.source = named(profile);
    plan.can_renew = true;
    return plan;
  }

  Plan from_profile(const std::string& profile, const std::string& source) {
    if (!profiles_.has(source)) {
      throw Error(fmt::format("{} has source_profile '{}', which is not in {}", named(profile),
                              printable(source), profiles_.places()));
    }
    // A profile may name itself as the source: its own keys, then its role.
    const bool seen = std::find(chain_.begin(), chain_.end(), source) != chain_.end();
    if (seen && source != profile) {
      chain_.push_back(source);
      throw Error(
          fmt::format("source_profile goes round in a circle: {}", printable(join(chain_, " → "))));
    }
    // A profile that others build on offers its keys even when it has a role of its own.
    if (!has_keys(source) && has_role(source) && !seen) return with_role(source);
    if (auto origin = has_keys(source) || !seen ? origin_of(source, false) : std::nullopt) {
      return {std::move(*origin), {}, named(source)};
    }
    throw Error(fmt::format("{} has source_profile '{}', which has no credentials", named(profile),
                            printable(source)));
  }

  [[nodiscard]] Plan from_kind(const std::string& profile, const std::string& kind) const {
    if (kind == "Environment") {
      if (auto keys = keys_in(environment_)) return {std::move(*keys), {}, {}};
      throw Error(
          fmt::format("{} has credential_source = Environment, but AWS_ACCESS_KEY_ID is "
                      "not set",
                      named(profile)));
    }
    if (kind == "EcsContainer") {
      if (auto container = container_in(environment_)) return {std::move(*container), {}, {}};
      throw Error(
          fmt::format("{} has credential_source = EcsContainer, but neither {} nor {} is "
                      "set",
                      named(profile), kRelativeUri, kFullUri));
    }
    if (kind == "Ec2InstanceMetadata") {
      if (!is_disabled()) return {instance(), {}, {}};
      throw Error(
          fmt::format("{} has credential_source = Ec2InstanceMetadata, which "
                      "AWS_EC2_METADATA_DISABLED switches off",
                      named(profile)));
    }
    throw Error(
        fmt::format("{} has credential_source = {}; there are Environment, EcsContainer "
                    "and Ec2InstanceMetadata",
                    named(profile), printable(shortened(kind, 80))));
  }

  [[nodiscard]] Role role_of(const std::string& profile) const {
    Role role;
    role.arn = value(profile, "role_arn");
    const std::string name = value(profile, "role_session_name");
    if (!name.empty()) role.session_name = name;
    role.external_id = value(profile, "external_id");
    role.duration_seconds = value(profile, "duration_seconds");
    constexpr int kTwelveHours = 12 * 60 * 60;
    number_of(role.duration_seconds, "duration_seconds of " + named(profile), 1, kTwelveHours);
    return role;
  }

  [[nodiscard]] Instance instance() const {
    const auto value = [&](std::string_view variable, std::string_view key) {
      return setting({variable, key}, environment_, profiles_, profile_);
    };
    Instance made;
    const std::string mode =
        value("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
    if (equal_ignoring_case(mode, "ipv6")) {
      made.endpoint = "http://[fd00:ec2::254]";
    } else if (!mode.empty() && !equal_ignoring_case(mode, "ipv4")) {
      throw Error("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is IPv4 or IPv6");
    }
    const std::string endpoint =
        value("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
    if (!endpoint.empty()) {
      made.endpoint = checked_endpoint(endpoint, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    }
    made.timeout = std::chrono::seconds(
        number_of(value("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout"),
                  "AWS_METADATA_SERVICE_TIMEOUT", 1, 60));
    made.attempts =
        number_of(value("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts"),
                  "AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1, 20);
    made.allow_v1 = !is_true(value("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled"));
    return made;
  }

  const Environment& environment_;
  const Profiles& profiles_;
  const std::string profile_;
  std::vector<std::string> chain_;
  std::vector<std::string> tried_;
};

}  // namespace

Plan plan_credentials(const std::string& explicit_profile, const std::string& profile,
                      const Environment& environment, const Profiles& profiles) {
  return Planner(environment, profiles, profile).plan(explicit_profile.empty());
}

Error no_credentials(const std::vector<std::string>& tried) {
  std::string text = "no AWS credentials found. Tried, in this order:";
  for (const std::string& each : tried) text += "\n  " + each;
  return Error(text + "\n  (docs/credentials.md tells what each needs)");
}

int number_of(const std::string& text, std::string_view name, int usual, int most) {
  if (text.empty()) return usual;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > most) {
    throw Error(fmt::format("{} is no whole number from 1 to {}", name, most));
  }
  return number;
}

}  // namespace ciswatch
