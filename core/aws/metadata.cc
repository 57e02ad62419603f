#include "core/aws/metadata.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <thread>

#include "core/aws/retry.h"
#include "core/aws/transport.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLargestAnswer = 64 * 1024;
constexpr std::string_view kContainerHost = "http://169.254.170.2";
constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";
constexpr KeyNames kNames{.token = "Token"};

// "http://host:1/a?b" → "http://host:1" and "/a?b".
std::pair<std::string, std::string> split_url(std::string_view url) {
  const auto scheme = url.find("://");
  const auto slash = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  if (slash == std::string_view::npos) return {std::string(url), "/"};
  return {std::string(url.substr(0, slash)), std::string(url.substr(slash))};
}

// The host of "scheme://host:port", without the brackets of an IPv6 address; "" where it is none.
std::string name_of_host(std::string_view endpoint) {
  const std::string host = host_of(endpoint);
  const bool six = host.starts_with('[');
  const auto end = six ? host.find(']') : std::min(host.find(':'), host.size());
  if (end == std::string::npos) return {};
  const std::string port = host.substr(six ? end + 1 : end);
  const bool odd = !port.empty() && (port.front() != ':' ||
                                     port.find_first_not_of("0123456789", 1) != std::string::npos);
  return odd ? std::string() : host.substr(six ? 1 : 0, six ? end - 1 : end);
}

bool is_loopback(const std::string& host) {
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool may_have_token(std::string_view endpoint) {
  constexpr auto kHosts = std::to_array<std::string_view>(
      {"169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost"});
  const std::string host = name_of_host(endpoint);
  return is_loopback(host) || std::find(kHosts.begin(), kHosts.end(), host) != kHosts.end();
}

bool is_plain(std::string_view text) {
  constexpr std::string_view kOdd = "@#\\\"<>{}|^`";
  return is_sendable(text) && text.find_first_of(kOdd) == std::string_view::npos;
}

// One request after another over one connection.
class Exchanges {
 public:
  explicit Exchanges(std::chrono::milliseconds timeout)
      : transport_({.ca_bundle = {},
                    .user_agent = "ciswatch/" CISWATCH_VERSION,
                    .direct = true,
                    .max_body = kLargestAnswer,
                    .connect_timeout = timeout,
                    .total_timeout = timeout}) {}

  HttpResponse ask(const HttpRequest& request) {
    std::optional<HttpResponse> got;
    transport_.start(request, this);
    while (!got) {
      transport_.poll(std::chrono::milliseconds(100),
                      [&](Transport::Tag, HttpResponse response) { got = std::move(response); });
    }
    return std::move(*got);
  }

 private:
  Transport transport_;
};

// Why an answer is none; "" where it is one. A body is never repeated: it may hold keys.
std::string trouble_of(const HttpResponse& response) {
  if (response.failure != HttpFailure::none) return printable(response.failure_text);
  return response.status == 200 ? "" : fmt::format("HTTP status {}", response.status);
}

std::optional<Credentials> keys_in_body(const std::string& body, std::string& trouble) {
  try {
    const Json document = parse_json(body);
    if (auto credentials = read_credentials(document, kNames)) return credentials;
    const std::string code =
        document.IsObject() ? std::string(text_or_empty(document, "Code")) : "";
    trouble = "the answer has no credentials";
    if (!code.empty() && code != "Success") trouble += " (" + printable(shortened(code, 80)) + ")";
  } catch (const JsonError&) {
    trouble = "the answer is no JSON";
  }
  return std::nullopt;
}

std::string authorization_of(const Container& container) {
  if (container.token_file.empty()) return container.token;
  std::string token = read_file(container.token_file, kLargestAnswer);
  if (token.find_first_of("\r\n") == std::string::npos) return token;
  throw Error(
      fmt::format("{} holds a line break, which no token has", printable(container.token_file)));
}

class InstanceService {
 public:
  explicit InstanceService(const Instance& instance)
      : instance_(instance), exchanges_(instance.timeout) {}

  Credentials fetch() {
    take_token();
    std::string role = get(kRolePath).body;
    role = std::string(trim(std::string_view(role).substr(0, role.find('\n'))));
    if (role.empty()) throw failure("the instance has no role");
    std::string trouble;
    const HttpResponse answer = get(std::string(kRolePath) + percent_encode(role));
    if (auto credentials = keys_in_body(answer.body, trouble)) return std::move(*credentials);
    throw failure(trouble);
  }

 private:
  [[nodiscard]] Error failure(std::string_view why) const {
    return Error(fmt::format("{}: {}", instance_.endpoint, why));
  }

  [[nodiscard]] HttpRequest request(std::string_view method, std::string_view path) const {
    HttpRequest made;
    made.method = method;
    made.endpoint = instance_.endpoint;
    made.path = path;
    made.plain_http = true;
    return made;
  }

  HttpResponse ask(const HttpRequest& asked) {
    HttpResponse response;
    for (int attempt = 0; attempt < instance_.attempts; ++attempt) {
      response = exchanges_.ask(asked);
      const bool again = response.failure != HttpFailure::none || response.status >= 500;
      if (!again) break;
    }
    return response;
  }

  void take_token() {
    HttpRequest asked = request("PUT", "/latest/api/token");
    asked.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
    const HttpResponse response = ask(asked);
    const int status = response.status;
    if (instance_.allow_v1 && (status == 403 || status == 404 || status == 405)) return;
    std::string trouble = trouble_of(response);
    if (response.failure == HttpFailure::timeout) {
      trouble += " (no instance, or in a container: the hop limit of its metadata is 1)";
    }
    if (!trouble.empty()) throw failure(trouble);
    token_ = std::string(trim(response.body));
    if (token_.empty() || !is_sendable(token_)) throw failure("the answer is no token");
  }

  HttpResponse get(std::string_view path) {
    HttpRequest asked = request("GET", path);
    if (!token_.empty()) asked.headers = {{"X-aws-ec2-metadata-token", token_}};
    HttpResponse response = ask(asked);
    if (response.status == 404) throw failure("the instance has no role");
    if (const std::string trouble = trouble_of(response); !trouble.empty()) throw failure(trouble);
    return response;
  }

  const Instance& instance_;
  Exchanges exchanges_;
  std::string token_;
};

}  // namespace

std::string checked_container_url(std::string_view uri, bool relative) {
  if (relative) {
    // "@host/" would make the address a user's name.
    if (!uri.starts_with('/') || !is_plain(uri)) {
      throw Error("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path");
    }
    return std::string(kContainerHost) + std::string(uri);
  }
  const auto [endpoint, path] = split_url(uri);
  const bool https = endpoint.starts_with("https://");
  const bool http = endpoint.starts_with("http://");
  if (!(https || http) || !is_plain(uri) || name_of_host(endpoint).empty() ||
      endpoint.find('?') != std::string::npos) {
    throw Error("AWS_CONTAINER_CREDENTIALS_FULL_URI is no http(s)://host[:port]/path");
  }
  if (https || may_have_token(endpoint)) return std::string(uri);
  throw Error(fmt::format(
      "AWS_CONTAINER_CREDENTIALS_FULL_URI: the host '{}' gets no token over plain http; "
      "allowed are loopback addresses, localhost, 169.254.170.2, 169.254.170.23 and "
      "[fd00:ec2::23]",
      printable(shortened(name_of_host(endpoint), 100))));
}

Credentials fetch(const Container& container) {
  constexpr int kAttempts = 3;
  const auto [endpoint, path] = split_url(container.url);
  HttpRequest request;
  request.endpoint = endpoint;
  request.path = path;
  request.plain_http = true;
  const std::string token = authorization_of(container);
  if (token.find_first_of("\r\n") != std::string::npos) {
    throw Error("AWS_CONTAINER_AUTHORIZATION_TOKEN holds a line break, which no token has");
  }
  if (!token.empty()) request.headers = {{"Authorization", token}};
  Exchanges exchanges(std::chrono::milliseconds(2000));
  std::string trouble;
  for (int attempt = 1; attempt <= kAttempts; ++attempt) {
    const HttpResponse response = exchanges.ask(request);
    trouble = trouble_of(response);
    if (trouble.empty()) {
      if (auto credentials = keys_in_body(response.body, trouble)) return std::move(*credentials);
      break;
    }
    const bool again = response.status == 0 || response.status == 429 || response.status >= 500;
    if (!again || attempt == kAttempts) break;
    std::this_thread::sleep_for(pause_before_retry(attempt, false, 1.0, {}));
  }
  throw Error(fmt::format("{}: {}", endpoint, trouble));
}

Credentials fetch(const Instance& instance) { return InstanceService(instance).fetch(); }

}  // namespace ciswatch
