#include "core/aws/login.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/aws/profiles.h"
#include "core/base/error.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kUsualRegion = "us-east-1";

std::string first_of(std::initializer_list<std::string> values) {
  for (const auto& value : values) {
    if (!value.empty()) return value;
  }
  return {};
}

bool ignores_configured_endpoints(const Environment& environment, const Profiles& profiles,
                                  const std::string& profile) {
  const std::string said = first_of({setting(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"),
                                     profiles.value(profile, "ignore_configured_endpoint_urls")});
  return equal_ignoring_case(said, "true");
}

// The order is that of the AWS SDKs: flag, the service's variable, the common variable, the
// profile's services section, the profile.
EndpointOverrides endpoints_of(const LoginFlags& flags, const Environment& environment,
                               const Profiles& profiles, const std::string& profile) {
  EndpointOverrides overrides;
  if (!flags.endpoint_url.empty()) {
    overrides.all = checked_endpoint(flags.endpoint_url, "--endpoint-url");
    return overrides;
  }
  if (ignores_configured_endpoints(environment, profiles, profile)) return overrides;
  const auto take = [](const std::string& url, const std::string& source, std::string& into) {
    if (!url.empty() && into.empty()) into = checked_endpoint(url, source);
  };
  const std::string common = setting(environment, "AWS_ENDPOINT_URL");
  const std::string section = profiles.value(profile, "services");
  for (const auto service : called_services()) {
    std::string url;
    const std::string variable = endpoint_variable(service);
    const std::string key = service_id(service) + ".endpoint_url";
    take(setting(environment, variable), variable, url);
    if (common.empty() && !section.empty()) {
      take(profiles.service_value(section, key), fmt::format("[services {}] {}", section, key),
           url);
    }
    if (!url.empty()) overrides.services.emplace(service, url);
  }
  take(common, "AWS_ENDPOINT_URL", overrides.all);
  take(profiles.value(profile, "endpoint_url"), fmt::format("profile '{}'", profile),
       overrides.all);
  return overrides;
}

Credentials take_on(const Credentials& with, const Role& role, const Login& login) {
  Client client(with, login.options);
  const ApiAnswer answer = call_once(client, assume_role_call(role, login.region));
  if (auto credentials = credentials_in(answer)) return std::move(*credentials);
  const ApiError& error = answer.error;
  throw Error(fmt::format("{}: cannot take on the role {}: {}: {}", login.source,
                          printable(role.arn), printable(error.code), printable(error.message)));
}

}  // namespace

Login log_in(const LoginFlags& flags, const Environment& environment, ClientOptions options) {
  const Profiles profiles(environment);
  const std::string profile = profile_in_use(flags.profile, environment);
  Plan plan = plan_credentials(flags.profile, environment, profiles);
  Login login;
  login.source = plan.source;
  login.region = first_of({flags.region, setting(environment, "AWS_REGION"),
                           setting(environment, "AWS_DEFAULT_REGION"),
                           profiles.value(profile, "region"), std::string(kUsualRegion)});
  login.options = std::move(options);
  login.options.endpoints = endpoints_of(flags, environment, profiles, profile);
  if (!login.options.endpoints.all.empty()) {
    // One host in place of hundreds is asked no more at a time than one of them would be.
    login.options.max_in_flight =
        std::min(login.options.max_in_flight, login.options.max_per_service);
  }
  if (login.options.ca_bundle.empty()) {
    login.options.ca_bundle =
        first_of({setting(environment, "AWS_CA_BUNDLE"), profiles.value(profile, "ca_bundle")});
  }
  login.credentials = std::move(plan.keys);
  for (const Role& role : plan.roles) {
    login.credentials = take_on(login.credentials, role, login);
  }
  return login;
}

}  // namespace ciswatch
