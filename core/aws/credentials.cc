#include "core/aws/credentials.h"

#include <algorithm>
#include <cstdlib>

namespace ciswatch {
namespace {

constexpr std::size_t kLongest = 64 * 1024;

UnixSeconds end_in(const JsonValue& object, std::string_view member) {
  const JsonValue* found = find(object, "/" + std::string(member));
  if (found == nullptr) return 0;
  if (found->IsInt64()) return found->GetInt64() / 1000;
  return found->IsString() ? parse_iso8601(found->GetString()).value_or(0) : 0;
}

}  // namespace

std::optional<std::string> process_environment(std::string_view name) {
  // Read before threads are started: getenv is not safe against setenv.
  const char* value = std::getenv(std::string(name).c_str());  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

bool is_sendable(std::string_view key) {
  return key.size() <= kLongest && std::all_of(key.begin(), key.end(), [](char c) {
           return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F;
         });
}

std::optional<Credentials> read_credentials(const JsonValue& object, const KeyNames& names) {
  if (!object.IsObject()) return std::nullopt;
  Credentials read{std::string(text_or_empty(object, names.id)),
                   std::string(text_or_empty(object, names.secret)),
                   std::string(text_or_empty(object, names.token)), end_in(object, names.expires)};
  const bool whole = !read.access_key_id.empty() && !read.secret_access_key.empty() &&
                     (!names.needs_token || !read.session_token.empty());
  const bool sendable = is_sendable(read.access_key_id) && is_sendable(read.secret_access_key) &&
                        is_sendable(read.session_token);
  return whole && sendable ? std::optional(std::move(read)) : std::nullopt;
}

}  // namespace ciswatch
