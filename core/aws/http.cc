#include "core/aws/http.h"

#include "core/base/text.h"

namespace ciswatch {
namespace {

// The part behind "scheme://".
std::string_view behind_scheme(std::string_view endpoint) {
  const auto colon = endpoint.find("://");
  return colon == std::string_view::npos ? endpoint : endpoint.substr(colon + 3);
}

bool drop_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

}  // namespace

std::string host_of(std::string_view endpoint) {
  std::string_view host = behind_scheme(endpoint);
  host = host.substr(0, host.find('/'));
  drop_suffix(host, endpoint.starts_with("https://") ? ":443" : ":80");
  return to_lower(host);
}

std::string_view base_path_of(std::string_view endpoint) {
  const std::string_view rest = behind_scheme(endpoint);
  const auto slash = rest.find('/');
  return slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
}

std::string url_of(const HttpRequest& request) {
  std::string url = request.endpoint + request.path;
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    url += separator + percent_encode(name);
    if (!value.empty()) url += '=' + percent_encode(value);
    separator = '&';
  }
  return url;
}

std::string_view header_of(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace ciswatch
