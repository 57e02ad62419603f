#include "core/aws/sigv4.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kContentHash = "x-amz-content-sha256";
constexpr std::array<std::string_view, 6> kUnsigned = {
    "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id", "authorization"};

// Leading and trailing white space dropped, runs of it made one space.
std::string collapsed(std::string_view value) {
  std::string out;
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

// Header name → value as signed; the map's order is the order of the canonical form.
std::map<std::string, std::string> signed_headers(const HttpRequest& request) {
  std::map<std::string, std::string> headers;
  headers["host"] = host_of(request.endpoint);
  for (const auto& [name, value] : request.headers) {
    std::string lower = to_lower(name);
    if (std::find(kUnsigned.begin(), kUnsigned.end(), lower) != kUnsigned.end()) continue;
    const auto [at, added] = headers.try_emplace(std::move(lower), collapsed(value));
    if (!added) at->second += ',' + collapsed(value);
  }
  return headers;
}

std::string header_names(const std::map<std::string, std::string>& headers) {
  std::string names;
  for (const auto& [name, value] : headers) {
    if (!names.empty()) names += ';';
    names += name;
  }
  return names;
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

std::string date_of(UnixSeconds time) { return iso8601_basic(time).substr(0, 8); }

Sha256 date_key(std::string_view secret_access_key, UnixSeconds time) {
  return hmac_sha256("AWS4" + std::string(secret_access_key), date_of(time));
}

Sha256 signing_key(const Sha256& date_key, const SigningScope& scope) {
  const Sha256 region = hmac_sha256(bytes_of(date_key), scope.region);
  const Sha256 service = hmac_sha256(bytes_of(region), scope.service);
  return hmac_sha256(bytes_of(service), "aws4_request");
}

std::string scope_text(const SigningScope& scope) {
  return date_of(scope.time) + '/' + scope.region + '/' + scope.service + "/aws4_request";
}

}  // namespace

std::string canonical_request(const HttpRequest& request, std::string_view service) {
  const auto headers = signed_headers(request);
  std::string out = request.method + '\n';
  out += canonical_path(request, service) + '\n';
  out += canonical_query(request.query) + '\n';
  for (const auto& [name, value] : headers) out += name + ':' + value + '\n';
  out += '\n' + header_names(headers) + '\n';
  const auto hash = headers.find(std::string(kContentHash));
  out += hash == headers.end() ? hex(sha256(request.body)) : hash->second;
  return out;
}

std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope) {
  std::string out(kAlgorithm);
  out += '\n' + iso8601_basic(scope.time) + '\n';
  out += scope_text(scope) + '\n';
  out += hex(sha256(canonical_request));
  return out;
}

Sha256 signing_key(std::string_view secret_access_key, const SigningScope& scope) {
  return signing_key(date_key(secret_access_key, scope.time), scope);
}

std::string signature(const Sha256& key, std::string_view string_to_sign) {
  return hex(hmac_sha256(bytes_of(key), string_to_sign));
}

std::string authorization(const HttpRequest& request, std::string_view access_key_id,
                          const SigningScope& scope, std::string_view signature) {
  std::string out(kAlgorithm);
  out += " Credential=" + std::string(access_key_id) + '/' + scope_text(scope);
  out += ", SignedHeaders=" + header_names(signed_headers(request));
  out += ", Signature=" + std::string(signature);
  return out;
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
  if (std::string date = date_of(scope.time); date != date_) {
    date_key_ = date_key(credentials_.secret_access_key, scope.time);
    date_ = std::move(date);
  }
  const auto to_sign = string_to_sign(canonical_request(request, scope.service), scope);
  request.headers.emplace_back(
      "Authorization",
      authorization(request, credentials_.access_key_id, scope, signature(signing_key(date_key_, scope), to_sign)));
}

}  // namespace ciswatch
