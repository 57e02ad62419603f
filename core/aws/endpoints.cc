#include "core/aws/endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/aws/operations.h"
#include "core/base/error.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr Partition kAws{"aws", "amazonaws.com", "api.aws", "us-east-1"};
constexpr Partition kChina{"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn",
                           "cn-north-1"};
constexpr Partition kGovernment{"aws-us-gov", "amazonaws.com", "api.aws", "us-gov-west-1"};

// A service that is one for all regions of a partition.
struct GlobalHosts {
  std::string_view service;
  std::string_view partition;
  std::string_view region;  // that signs
  // "" : the usual host of the region that is asked.
  std::string_view plain;
  std::string_view dual_stack;
  std::string_view fips;
  std::string_view fips_dual_stack;
};

constexpr GlobalHosts kGlobal[] = {
    {"iam", "aws", "us-east-1", "iam.amazonaws.com", "iam.global.api.aws", "iam-fips.amazonaws.com",
     "iam-fips.global.api.aws"},
    {"iam", "aws-cn", "cn-north-1", "iam.cn-north-1.amazonaws.com.cn",
     "iam.global.api.amazonwebservices.com.cn", "iam-fips.amazonaws.com.cn",
     "iam-fips.api.amazonwebservices.com.cn"},
    {"iam", "aws-us-gov", "us-gov-west-1", "iam.us-gov.amazonaws.com", "iam.us-gov.api.aws",
     "iam.us-gov.amazonaws.com", "iam.us-gov.api.aws"},
    {"organizations", "aws", "us-east-1", "organizations.us-east-1.amazonaws.com", "",
     "organizations-fips.us-east-1.amazonaws.com", ""},
    {"organizations", "aws-cn", "cn-northwest-1", "organizations.cn-northwest-1.amazonaws.com.cn",
     "", "", ""},
    {"organizations", "aws-us-gov", "us-gov-west-1", "organizations.us-gov-west-1.amazonaws.com",
     "", "organizations.us-gov-west-1.amazonaws.com", ""},
    {"cloudfront", "aws", "us-east-1", "cloudfront.amazonaws.com", "cloudfront.global.api.aws",
     "cloudfront-fips.amazonaws.com", "cloudfront-fips.global.api.aws"},
    {"cloudfront", "aws-cn", "cn-northwest-1", "cloudfront.cn-northwest-1.amazonaws.com.cn",
     "cloudfront.api.amazonwebservices.com.cn", "cloudfront-fips.cn-northwest-1.amazonaws.com.cn",
     "cloudfront-fips.api.amazonwebservices.com.cn"},
    {"cloudfront", "aws-us-gov", "us-gov-west-1", "cloudfront.amazonaws.com", "cloudfront.api.aws",
     "cloudfront-fips.amazonaws.com", "cloudfront-fips.api.aws"},
};

// Their usual endpoints in aws-us-gov are FIPS endpoints: there is no other name for them.
constexpr auto kFipsAnyway =
    std::to_array<std::string_view>({"cloudformation", "cloudtrail", "cloudwatch", "config", "ec2",
                                     "elbv2", "logs", "sns", "sso", "sts"});
// The same of their dual-stack endpoints.
constexpr auto kFipsAnywayInDualStack = std::to_array<std::string_view>({"cloudwatch"});

struct Names {
  std::string_view service;
  std::string_view id;
};

// botocore's service ids in the spelling of configuration files.
constexpr Names kIds[] = {{"apigateway", "api_gateway"},
                          {"config", "config_service"},
                          {"elbv2", "elastic_load_balancing_v2"},
                          {"logs", "cloudwatch_logs"},
                          {"s3control", "s3_control"}};

bool consists_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

// Both become part of a host name, and may come from an answer or a file.
void check_host_part(std::string_view what, std::string_view text, std::string_view allowed) {
  if (consists_of(text, allowed) && text.size() <= 32) return;
  throw Error(fmt::format("'{}' is no {}", printable(shortened(text, 40)), what));
}

std::string_view host_label(std::string_view service) {
  for (const Service& each : services()) {
    if (each.name == service) return each.host;
  }
  throw Error(fmt::format("the service '{}' is not known", printable(shortened(service, 40))));
}

template <std::size_t N>
bool among(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const GlobalHosts* global_hosts(std::string_view service, const Partition& partition) {
  const auto* found =
      std::find_if(std::begin(kGlobal), std::end(kGlobal), [&](const GlobalHosts& each) {
        return each.service == service && each.partition == partition.name;
      });
  return found == std::end(kGlobal) ? nullptr : found;
}

std::string_view global_host(const GlobalHosts& hosts, const EndpointOverrides& wanted) {
  if (wanted.fips) return wanted.dual_stack ? hosts.fips_dual_stack : hosts.fips;
  return wanted.dual_stack ? hosts.dual_stack : hosts.plain;
}

// S3 is asked path-style (/bucket?acl), not by bucket.s3.…: the wildcard certificate does not
// cover names with dots, and a bucket's name never becomes part of a host name.
std::string s3_host(std::string_view label, std::string_view region, std::string_view account_id,
                    const EndpointOverrides& wanted) {
  const Partition& partition = partition_of(region);
  if (wanted.fips && &partition == &kChina) {
    throw Error(fmt::format("S3 has no FIPS endpoints in {} (AWS_USE_FIPS_ENDPOINT)", region));
  }
  std::string account;
  if (label == "s3-control") {
    check_host_part("account id", account_id, "0123456789");
    account = fmt::format("{}.", account_id);
  }
  return fmt::format("{}{}{}{}.{}.{}", account, label, wanted.fips ? "-fips" : "",
                     wanted.dual_stack ? ".dualstack" : "", region, partition.dns_suffix);
}

std::string usual_host(std::string_view service, std::string_view label, std::string_view region,
                       const EndpointOverrides& wanted) {
  const Partition& partition = partition_of(region);
  const bool anyway =
      &partition == &kGovernment &&
      (wanted.dual_stack ? among(kFipsAnywayInDualStack, service) : among(kFipsAnyway, service));
  return fmt::format("{}{}.{}.{}", label, wanted.fips && !anyway ? "-fips" : "", region,
                     wanted.dual_stack ? partition.dual_stack_suffix : partition.dns_suffix);
}

}  // namespace

const Partition& partition_of(std::string_view region) {
  if (region.starts_with("cn-")) return kChina;
  if (region.starts_with("us-gov-")) return kGovernment;
  return kAws;
}

Endpoint endpoint_of(std::string_view service, std::string_view region, std::string_view account_id,
                     const EndpointOverrides& overrides) {
  check_host_part("region", region, "abcdefghijklmnopqrstuvwxyz0123456789-");
  const std::string_view label = host_label(service);
  const auto own = overrides.services.find(service);
  const bool has_own = own != overrides.services.end() && !own->second.empty();
  if (has_own) return {own->second, true, std::string(region)};
  if (!overrides.all.empty()) return {overrides.all, true, std::string(region)};
  if (const GlobalHosts* global = global_hosts(service, partition_of(region))) {
    const std::string_view host = global_host(*global, overrides);
    if (!host.empty()) return {fmt::format("https://{}", host), false, std::string(global->region)};
  }
  if (label.starts_with("s3")) {
    return {"https://" + s3_host(label, region, account_id, overrides), false, std::string(region)};
  }
  const std::string host = usual_host(service, label, region, overrides);
  return {"https://" + host, false, std::string(region)};
}

std::string service_id(std::string_view service) {
  for (const Names& names : kIds) {
    if (names.service == service) return std::string(names.id);
  }
  return std::string(service);
}

std::string endpoint_variable(std::string_view service) {
  return "AWS_ENDPOINT_URL_" + to_upper(service_id(service));
}

std::span<const std::string_view> called_services() {
  static const auto kNames = [] {
    std::vector<std::string_view> names;
    for (const Service& service : services()) names.push_back(service.name);
    return names;
  }();
  return kNames;
}

std::string checked_endpoint(std::string_view url, std::string_view source) {
  const std::string_view text = trim(url);
  const auto scheme = text.find("://");
  const bool known = text.starts_with("https://") || text.starts_with("http://");
  const std::string_view rest = known ? text.substr(scheme + 3) : std::string_view();
  const std::string_view host = rest.substr(0, rest.find('/'));
  constexpr std::string_view kBad = "@?#\\ \"<>{}|^`";
  const bool odd =
      rest.find_first_of(kBad) != std::string_view::npos ||
      std::any_of(rest.begin(), rest.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F;
      });
  if (host.empty() || host.front() == ':' || odd) {
    // The text itself is not repeated: it may hold a password.
    throw Error(fmt::format("{}: an endpoint is http(s)://host[:port][/path]", source));
  }
  std::string clean(text);
  while (clean.ends_with('/')) clean.pop_back();
  return clean;
}

}  // namespace ciswatch
