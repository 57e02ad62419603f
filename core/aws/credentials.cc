#include "core/aws/credentials.h"

#include <cstdlib>

namespace ciswatch {

std::optional<std::string> process_environment(std::string_view name) {
  // Read before threads are started: getenv is not safe against setenv.
  const char* value = std::getenv(std::string(name).c_str());  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

ApiCall assume_role_call(const Role& role, std::string_view region) {
  ApiCall call;
  call.region = region;
  call.service = "sts";
  call.operation = "AssumeRole";
  call.params = {{"RoleArn", role.arn}, {"RoleSessionName", role.session_name}};
  if (!role.external_id.empty()) call.params.emplace_back("ExternalId", role.external_id);
  if (!role.duration_seconds.empty()) {
    call.params.emplace_back("DurationSeconds", role.duration_seconds);
  }
  return call;
}

std::optional<Credentials> credentials_in(const ApiAnswer& answer) {
  if (answer.end != CallEnd::answered || answer.pages.empty()) return std::nullopt;
  const JsonValue* keys = find(answer.pages.front().response, "/Credentials");
  if (keys == nullptr) return std::nullopt;
  Credentials credentials{std::string(text_or_empty(*keys, "AccessKeyId")),
                          std::string(text_or_empty(*keys, "SecretAccessKey")),
                          std::string(text_or_empty(*keys, "SessionToken"))};
  const bool whole = !credentials.access_key_id.empty() && !credentials.secret_access_key.empty() &&
                     !credentials.session_token.empty();
  return whole ? std::optional(std::move(credentials)) : std::nullopt;
}

}  // namespace ciswatch
