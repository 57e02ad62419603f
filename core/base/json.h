#pragma once

// The only place that includes RapidJSON. A wrong-type access throws JsonError instead of being
// undefined behaviour: documents come from the network and from files.

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace ciswatch {
class JsonError : public Error {
 public:
  using Error::Error;
};
[[noreturn]] void json_misuse(const char* expression);
}  // namespace ciswatch

#define RAPIDJSON_ASSERT(x) ((x) ? static_cast<void>(0) : ::ciswatch::json_misuse(#x))
#define RAPIDJSON_NOEXCEPT_ASSERT(x) static_cast<void>(0)
#define RAPIDJSON_HAS_STDSTRING 1
#include <rapidjson/document.h>

namespace ciswatch {

// Most documents are a short answer. RapidJSON's own pieces of 64 KB make malloc tidy up for each.
struct JsonMemory : rapidjson::MemoryPoolAllocator<> {
  JsonMemory() : MemoryPoolAllocator(1000) {}
};

// Owns its memory; movable, not copyable.
using Json = rapidjson::GenericDocument<rapidjson::UTF8<>, JsonMemory>;
using JsonValue = Json::ValueType;  // lives in a Json

// Parses one UTF-8 document. Throws JsonError with "line:column: what" for malformed text, for text
// after the document, for invalid UTF-8 and for nesting deeper than 200.
Json parse_json(std::string_view text);

// Compact text, members in their stored order; invalid UTF-8 cannot occur in a parsed document.
std::string to_text(const JsonValue& value);

// The value that an RFC 6901 pointer ("/a/b") names; nullptr if there is none. "" is the root.
const JsonValue* find(const JsonValue& root, std::string_view pointer);

// The member's text, or "" where it is missing or no string.
std::string_view text_or_empty(const JsonValue& object, std::string_view member);

// A string value that owns a copy of `text` in `document`.
JsonValue json_text(std::string_view text, Json& document);

// Adds (or replaces) a member of an object that lives in `document`.
void set_member(JsonValue& object, std::string_view name, JsonValue value, Json& document);

// `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
std::string json_quote(std::string_view text);

}  // namespace ciswatch
