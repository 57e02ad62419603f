#include "core/aws/sigv4.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr UnixSeconds kDay = 86'400;
constexpr std::string_view kContentHash = "x-amz-content-sha256";
constexpr std::array<std::string_view, 6> kUnsigned = {
    "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id", "authorization"};

// Leading and trailing white space dropped, runs of it made one space.
std::string collapsed(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (const char c : value) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (!space) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// As signed, in the order of the canonical form.
NameValues signed_headers(const HttpRequest& request) {
  NameValues headers;
  headers.reserve(request.headers.size() + 1);
  headers.emplace_back("host", host_of(request.endpoint));
  for (const auto& [name, value] : request.headers) {
    std::string lower = to_lower(name);
    if (std::find(kUnsigned.begin(), kUnsigned.end(), lower) != kUnsigned.end()) continue;
    const auto same = std::find_if(headers.begin(), headers.end(),
                                   [&](const auto& header) { return header.first == lower; });
    if (same == headers.end()) {
      headers.emplace_back(std::move(lower), collapsed(value));
    } else {
      same->second += ',' + collapsed(value);
    }
  }
  std::sort(headers.begin(), headers.end());
  return headers;
}

std::string_view payload_hash(const NameValues& headers) {
  for (const auto& [name, value] : headers) {
    if (name == kContentHash) return value;
  }
  return {};
}

std::string without_dot_segments(std::string_view path) {
  std::vector<std::string> kept;
  for (auto& segment : split(path, '/')) {
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      kept.push_back(std::move(segment));
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string out = "/" + join(kept, "/");
  if (path.ends_with('/') && !kept.empty()) out += '/';
  return out;
}

std::string canonical_path(const HttpRequest& request, std::string_view service) {
  std::string path = std::string(base_path_of(request.endpoint)) + request.path;
  if (path.empty()) return "/";
  if (service == "s3") return path;
  return percent_encode(without_dot_segments(path), true);
}

std::string canonical_query(const NameValues& query) {
  NameValues encoded;
  for (const auto& [name, value] : query) {
    encoded.emplace_back(percent_encode(name), percent_encode(value));
  }
  std::sort(encoded.begin(), encoded.end());
  std::string out;
  for (const auto& [name, value] : encoded) {
    if (!out.empty()) out += '&';
    out += name + '=' + value;
  }
  return out;
}

Sha256 date_key(std::string_view secret_access_key, UnixSeconds time) {
  return hmac_sha256("AWS4" + std::string(secret_access_key), iso8601_basic(time).substr(0, 8));
}

Sha256 signing_key(const Sha256& date_key, const SigningScope& scope) {
  const Sha256 region = hmac_sha256(bytes_of(date_key), scope.region);
  const Sha256 service = hmac_sha256(bytes_of(region), scope.service);
  return hmac_sha256(bytes_of(service), "aws4_request");
}

// The line of that number, counted from the end.
std::string_view line_from_end(std::string_view text, int number) {
  for (; number > 0; --number) text = text.substr(0, text.rfind('\n'));
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

std::string canonical_request(const HttpRequest& request, std::string_view service) {
  const auto headers = signed_headers(request);
  std::string out = request.method + '\n';
  out.append(canonical_path(request, service)) += '\n';
  out.append(canonical_query(request.query)) += '\n';
  for (const auto& [name, value] : headers) (out.append(name) += ':').append(value) += '\n';
  char separator = '\n';
  for (const auto& [name, value] : headers) {
    (out += separator) += name;
    separator = ';';
  }
  const auto hash = payload_hash(headers);
  return hash.empty() ? out + '\n' + hex(sha256(request.body)) : out.append("\n").append(hash);
}

std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope) {
  const std::string time = iso8601_basic(scope.time);
  return fmt::format("{}\n{}\n{}/{}/{}/aws4_request\n{}", kAlgorithm, time, time.substr(0, 8),
                     scope.region, scope.service, hex(sha256(canonical_request)));
}

Sha256 signing_key(std::string_view secret_access_key, const SigningScope& scope) {
  return signing_key(date_key(secret_access_key, scope.time), scope);
}

std::string signature(const Sha256& key, std::string_view string_to_sign) {
  return hex(hmac_sha256(bytes_of(key), string_to_sign));
}

std::string authorization(std::string_view access_key_id, std::string_view canonical_request,
                          std::string_view string_to_sign, std::string_view signature) {
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm, access_key_id,
                     line_from_end(string_to_sign, 1), line_from_end(canonical_request, 1), signature);
}

void Signer::sign(HttpRequest& request, const SigningScope& scope) {
  request.headers.emplace_back("X-Amz-Date", iso8601_basic(scope.time));
  if (!credentials_.session_token.empty()) {
    request.headers.emplace_back("X-Amz-Security-Token", credentials_.session_token);
  }
  // S3 refuses a request without it; the others do not want it.
  if (scope.service == "s3") {
    request.headers.emplace_back("X-Amz-Content-Sha256", hex(sha256(request.body)));
  }
  if (const UnixSeconds day = scope.time / kDay; day != day_) {
    date_key_ = date_key(credentials_.secret_access_key, scope.time);
    day_ = day;
  }
  const auto canonical = canonical_request(request, scope.service);
  const auto to_sign = string_to_sign(canonical, scope);
  const auto signed_by = signature(signing_key(date_key_, scope), to_sign);
  request.headers.emplace_back(
      "Authorization", authorization(credentials_.access_key_id, canonical, to_sign, signed_by));
}

}  // namespace ciswatch
