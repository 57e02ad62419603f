#include "core/aws/endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/aws/operations.h"
#include "core/base/error.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr Partition kAws{"aws", "amazonaws.com", "us-east-1"};
constexpr Partition kChina{"aws-cn", "amazonaws.com.cn", "cn-north-1"};
constexpr Partition kGovernment{"aws-us-gov", "amazonaws.com", "us-gov-west-1"};

struct Names {
  std::string_view service;
  std::string_view id;
};

// botocore's service ids in the spelling of configuration files.
constexpr std::array<Names, 4> kIds = {{{"config", "config_service"},
                                        {"s3control", "s3_control"},
                                        {"elbv2", "elastic_load_balancing_v2"},
                                        {"apigateway", "api_gateway"}}};

bool consists_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

// Both become part of a host name, and may come from an answer or a file.
void check_host_part(std::string_view what, std::string_view text, std::string_view allowed) {
  if (consists_of(text, allowed) && text.size() <= 32) return;
  throw Error(fmt::format("'{}' is no {}", printable(shortened(text, 40)), what));
}

const Service& service_named(std::string_view service) {
  for (const Service& each : services()) {
    if (each.name == service) return each;
  }
  throw Error(fmt::format("the service '{}' is not known", printable(shortened(service, 40))));
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
  const Service& asked = service_named(service);
  const auto own = overrides.services.find(service);
  if (own != overrides.services.end() && !own->second.empty()) return {own->second, true};
  if (!overrides.all.empty()) return {overrides.all, true};
  // S3 is asked path-style (/bucket?acl), not by bucket.s3.…: the wildcard certificate does not
  // cover names with dots, and a bucket's name never becomes part of a host name.
  const Partition& partition = partition_of(region);
  if (asked.one_endpoint && partition.name == "aws") {
    return {fmt::format("https://{}.{}", asked.host, partition.dns_suffix), false};
  }
  if (asked.one_endpoint && partition.name == "aws-cn") region = "cn-northwest-1";
  if (service != "s3control") {
    return {fmt::format("https://{}.{}.{}", asked.host, region, partition.dns_suffix), false,
            std::string(region)};
  }
  check_host_part("account id", account_id, "0123456789");
  return {fmt::format("https://{}.{}.{}.{}", account_id, asked.host, region, partition.dns_suffix),
          false};
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
