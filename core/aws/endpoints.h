#pragma once

// Where a service of a region is reached: partitions, host names and configured overrides.
// Pure functions; any thread.

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace ciswatch {

struct Partition {
  std::string_view name;               // "aws", "aws-cn", "aws-us-gov": as in ARNs
  std::string_view dns_suffix;         // "amazonaws.com"
  std::string_view dual_stack_suffix;  // "api.aws"
  std::string_view first_region;       // where calls of scope `account` are made
};

// The partition that a region's name belongs to; `aws` for a name of no known form.
const Partition& partition_of(std::string_view region);

// What the user configured about endpoints. Those that replace AWS's own; what is "" or missing is
// AWS's. And which of AWS's own are
// taken where none replaces them.
struct EndpointOverrides {
  std::string all;                                           // every service
  std::map<std::string, std::string, std::less<>> services;  // by boto3's client name; wins
  bool fips = false;                                         // with validated cryptography
  bool dual_stack = false;                                   // IPv4 and IPv6
};

struct Endpoint {
  std::string url;          // scheme://host[:port][/base], without a trailing slash
  bool overridden = false;  // configured by the user: may be plain http, has no account in its host
  std::string region = {};  // that a signature is for: global services have one for all regions
};

// As botocore resolves it, S3 by its regional endpoint and path-style. Throws Error where there is
// none (S3 in China has no FIPS), for a service that is not known, and for a region or account that
// must not become part of a host name.
Endpoint endpoint_of(std::string_view service, std::string_view region, std::string_view account_id,
                     const EndpointOverrides& overrides);

// The AWS_ENDPOINT_URL_… variable of a service: "AWS_ENDPOINT_URL_CONFIG_SERVICE" for "config".
std::string endpoint_variable(std::string_view service);

// The name under which a `services` section of the configuration file lists a service's
// endpoint_url: "config_service" for "config".
std::string service_id(std::string_view service);

// Services that are called; the keys of EndpointOverrides::services.
std::span<const std::string_view> called_services();

// Throws Error unless `url` is http(s)://host[:port][/path] without user, query or fragment.
// Returns it without a trailing slash. `source` names the flag or variable it came from.
std::string checked_endpoint(std::string_view url, std::string_view source);

}  // namespace ciswatch
