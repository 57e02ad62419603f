#include "core/aws/sso.h"

#include <fmt/format.h>

#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLargestToken = 256 * 1024;

std::string next_step(const SsoRole& role) {
  return fmt::format("next step: aws sso login --profile {}", printable(role.profile));
}

// Older programs write "UTC" where others write "Z".
std::optional<UnixSeconds> end_of(std::string text) {
  if (text.ends_with("UTC")) text.replace(text.size() - 3, 3, "Z");
  return parse_iso8601(text);
}

std::string token_of(const SsoRole& role, UnixSeconds now) {
  const std::string& name = role.session.empty() ? role.start_url : role.session;
  const auto path = role.cache / (hex(sha1(name)) + ".json");
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw Error(fmt::format("there is no token of IAM Identity Center for '{}'; {}",
                            printable(name), next_step(role)));
  }
  const std::string text = read_file(path, kLargestToken);
  try {
    const Json document = parse_json(text);
    const bool object = document.IsObject();
    std::string token(object ? text_or_empty(document, "accessToken") : "");
    const auto end = end_of(std::string(object ? text_or_empty(document, "expiresAt") : ""));
    if (token.empty() || !is_sendable(token) || !end) {
      throw Error(
          fmt::format("{} is no token of IAM Identity Center; {}", path.string(), next_step(role)));
    }
    if (*end > now) return token;
    throw Error(fmt::format("the token of IAM Identity Center for '{}' has ended at {}; {}",
                            printable(name), iso8601(*end), next_step(role)));
  } catch (const JsonError& fault) {
    throw Error(fmt::format("{}:{}; {}", path.string(), fault.what(), next_step(role)));
  }
}

}  // namespace

Credentials fetch(const SsoRole& role, const ClientOptions& options, UnixSeconds now) {
  ApiCall call;
  call.region = role.region;
  call.service = "sso";
  call.operation = "GetRoleCredentials";
  call.params = {{"roleName", role.role_name},
                 {"accountId", role.account_id},
                 {"accessToken", token_of(role, now)}};
  Client client(Credentials{}, options);
  const ApiAnswer answer = call_once(client, std::move(call));
  if (answer.end == CallEnd::answered && !answer.pages.empty()) {
    const JsonValue* keys = find(answer.pages.front().response, "/roleCredentials");
    constexpr KeyNames kNames{"accessKeyId", "secretAccessKey", "sessionToken", "expiration"};
    if (keys != nullptr) {
      if (auto credentials = read_credentials(*keys, kNames)) return std::move(*credentials);
    }
    throw Error("the answer of IAM Identity Center has no credentials");
  }
  const ApiError& error = answer.error;
  const bool unauthorized = error.status == 401 || error.code == "UnauthorizedException";
  throw Error(fmt::format("IAM Identity Center gives no credentials of {} in account {}: {}: {}{}",
                          printable(role.role_name), printable(role.account_id),
                          printable(error.code), printable(error.message),
                          unauthorized ? "; " + next_step(role) : ""));
}

}  // namespace ciswatch
