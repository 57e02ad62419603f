#include "core/aws/login.h"

#include <fmt/format.h>

#include "core/aws/plan_credentials.h"
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

bool is_set(const SettingNames& name, const Environment& environment, const Profiles& profiles,
            const std::string& profile) {
  return equal_ignoring_case(setting(name, environment, profiles, profile), "true");
}

std::string in_services(const Profiles& profiles, const std::string& name, const std::string& key) {
  const ConfigSection* section = profiles.section("services", name);
  if (section == nullptr) {
    throw Error(fmt::format("services = {} names a section [services …] that is not in {}",
                            printable(name), profiles.places()));
  }
  const auto found = section->find(key);
  return found == section->end() ? std::string() : found->second;
}

// The order is that of the AWS SDKs: flag, the service's variable, the common variable, the
// profile's services section, the profile.
EndpointOverrides own_endpoints(const LoginFlags& flags, const Environment& environment,
                                const Profiles& profiles, const std::string& profile) {
  EndpointOverrides overrides;
  if (!flags.endpoint_url.empty()) {
    overrides.all = checked_endpoint(flags.endpoint_url, "--endpoint-url");
    return overrides;
  }
  if (is_set({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"},
             environment, profiles, profile)) {
    return overrides;
  }
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
      take(in_services(profiles, section, key), fmt::format("[services {}] {}", section, key), url);
    }
    if (!url.empty()) overrides.services.emplace(service, url);
  }
  take(common, "AWS_ENDPOINT_URL", overrides.all);
  take(profiles.value(profile, "endpoint_url"), fmt::format("profile '{}'", profile),
       overrides.all);
  return overrides;
}

EndpointOverrides endpoints_of(const LoginFlags& flags, const Environment& environment,
                               const Profiles& profiles, const std::string& profile) {
  EndpointOverrides found = own_endpoints(flags, environment, profiles, profile);
  const auto wanted = [&](const SettingNames& name) {
    return is_set(name, environment, profiles, profile);
  };
  found.fips = wanted({"AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"});
  found.dual_stack = wanted({"AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"});
  return found;
}

// Asks each origin for its credentials.
struct Fetch {
  const Sts& sts;
  Credentials operator()(const Credentials& keys) const { return keys; }
  Credentials operator()(const WebIdentity& identity) const { return assume_role(identity, sts); }
  Credentials operator()(const SsoRole& role) const { return fetch(role, sts.options, now()); }
  Credentials operator()(const CredentialProcess& process) const { return fetch(process); }
  Credentials operator()(const Container& container) const { return fetch(container); }
  Credentials operator()(const Instance& instance) const { return fetch(instance); }
};

Credentials obtain(const Plan& plan, const Sts& sts) {
  try {
    Credentials credentials = std::visit(Fetch{sts}, plan.origin);
    for (const Role& role : plan.roles) credentials = assume_role(credentials, role, sts);
    return credentials;
  } catch (const Error& error) {
    if (plan.tried.empty()) throw error.within(plan.source);
    std::vector<std::string> tried = plan.tried;
    tried.push_back(fmt::format("an EC2 instance: {}", error.what()));
    throw no_credentials(tried);
  }
}

void take_options(ClientOptions& options, const Environment& environment, const Profiles& profiles,
                  const std::string& profile) {
  if (options.ca_bundle.empty()) {
    options.ca_bundle = setting({"AWS_CA_BUNDLE", "ca_bundle"}, environment, profiles, profile);
  }
  const auto attempts = setting({"AWS_MAX_ATTEMPTS", "max_attempts"}, environment, profiles, profile);
  if (attempts.empty()) return;
  options.attempts = number_of(attempts, "AWS_MAX_ATTEMPTS", options.attempts, 100);
  options.max_requests = options.attempts;
}

}  // namespace

Login log_in(const LoginFlags& flags, const Environment& environment, ClientOptions options) {
  const Profiles profiles(environment);
  const std::string profile = profile_in_use(flags.profile, environment, profiles);
  const Plan plan = plan_credentials(flags.profile, profile, environment, profiles);
  Login login;
  login.source = plan.source;
  login.region = first_of({flags.region, setting(environment, "AWS_REGION"),
                           setting(environment, "AWS_DEFAULT_REGION"),
                           profiles.value(profile, "region"), std::string(kUsualRegion)});
  login.options = std::move(options);
  login.options.endpoints = endpoints_of(flags, environment, profiles, profile);
  take_options(login.options, environment, profiles, profile);
  const Sts sts{login.region, login.options};
  login.credentials = obtain(plan, sts);
  if (plan.can_renew) {
    login.renew = [explicit_profile = flags.profile, environment, sts] {
      const Profiles again(environment);  // their files may have changed
      const std::string name = profile_in_use(explicit_profile, environment, again);
      return obtain(plan_credentials(explicit_profile, name, environment, again), sts);
    };
  }
  return login;
}

}  // namespace ciswatch
