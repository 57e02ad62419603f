#pragma once

// An HTTP request and its outcome, between the parts that make them, sign them and send them.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ciswatch {

using NameValues = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string endpoint;  // scheme://host[:port][/base]
  std::string path;      // as on the wire: begins with '/', percent-encoded
  NameValues query;      // not encoded; an empty value goes without '='
  NameValues headers;    // without Host, which is the endpoint's
  std::string body;
  bool plain_http = false;  // the user configured an http:// endpoint
  // On a connection of its own: what one that was used before loses, libcurl sends again untold.
  bool once = false;
};

enum class HttpFailure { none, unreachable, timeout, tls, too_large };

struct HttpResponse {
  HttpFailure failure = HttpFailure::none;
  std::string failure_text;  // names the host, never the query or a header
  int status = 0;
  NameValues headers;  // names in lower case
  std::string body;
  bool sent = true;  // false: nothing of the request has left
};

// "host" or "host:port", the port left out where it is the scheme's own: the Host header.
std::string host_of(std::string_view endpoint);

// The endpoint's base path, "" for none.
std::string_view base_path_of(std::string_view endpoint);

// What is requested, encoded: "https://host/base/path?a&b=c%20d".
std::string url_of(const HttpRequest& request);

// The first header of that lower-case name, or "".
std::string_view header_of(const HttpResponse& response, std::string_view name);

}  // namespace ciswatch
