#include "core/aws/roles.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLargestToken = 64 * 1024;

ApiCall sts_call(std::string_view operation, std::string_view region) {
  ApiCall call;
  call.region = region;
  call.service = "sts";
  call.operation = operation;
  return call;
}

Credentials taken_on(const ApiAnswer& answer, const std::string& arn) {
  if (auto credentials = credentials_in(answer)) return std::move(*credentials);
  const ApiError& error = answer.error;
  if (error.code.empty()) {
    throw Error(
        fmt::format("cannot take on the role {}: STS's answer has no credentials", printable(arn)));
  }
  throw Error(fmt::format("cannot take on the role {}: {}: {}", printable(arn),
                          printable(error.code), printable(error.message)));
}

}  // namespace

ApiCall assume_role_call(const Role& role, std::string_view region) {
  ApiCall call = sts_call("AssumeRole", region);
  call.params = {{"RoleArn", role.arn}, {"RoleSessionName", role.session_name}};
  if (!role.external_id.empty()) call.params.emplace_back("ExternalId", role.external_id);
  if (!role.duration_seconds.empty()) {
    call.params.emplace_back("DurationSeconds", role.duration_seconds);
  }
  for (std::size_t i = 0; i < role.tags.size(); ++i) {
    const auto& [key, value] = role.tags[i];
    call.params.emplace_back(fmt::format("Tags.member.{}.Key", i + 1), key);
    call.params.emplace_back(fmt::format("Tags.member.{}.Value", i + 1), value);
  }
  for (std::size_t i = 0; i < role.transitive_tags.size(); ++i) {
    call.params.emplace_back(fmt::format("TransitiveTagKeys.member.{}", i + 1),
                             role.transitive_tags[i]);
  }
  return call;
}

std::optional<Credentials> credentials_in(const ApiAnswer& answer) {
  if (answer.end != CallEnd::answered || answer.pages.empty()) return std::nullopt;
  const JsonValue* keys = find(answer.pages.front().response, "/Credentials");
  return keys == nullptr ? std::nullopt : read_credentials(*keys, {});
}

Credentials assume_role(const Credentials& with, const Role& role, const Sts& sts) {
  Client client(with, sts.options);
  return taken_on(call_once(client, assume_role_call(role, sts.region)), role.arn);
}

Credentials assume_role(const WebIdentity& identity, const Sts& sts) {
  const std::string text = read_file(identity.token_file, kLargestToken);
  const std::string token(trim(text));
  if (token.empty() || !is_sendable(token)) {
    throw Error(fmt::format("{} holds no token of a web identity", printable(identity.token_file)));
  }
  ApiCall call = sts_call("AssumeRoleWithWebIdentity", sts.region);
  call.params = {{"RoleArn", identity.role_arn},
                 {"RoleSessionName", identity.session_name},
                 {"WebIdentityToken", token}};
  Client client(Credentials{}, sts.options);
  return taken_on(call_once(client, std::move(call)), identity.role_arn);
}

}  // namespace ciswatch
