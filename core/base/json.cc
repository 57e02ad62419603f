#include "core/base/json.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/encodedstream.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>

#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr int kDeepest = 200;

std::string place(std::string_view text, std::size_t offset) {
  std::size_t line = 1;
  std::size_t column = 1;
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else {
      ++column;
    }
  }
  return fmt::format("{}:{}", line, column);
}

// RapidJSON builds deep documents without recursion but destroys and writes them with it, so depth
// is bounded before the parse. Returns the offset where the bound is passed, or npos.
std::size_t too_deep_at(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kDeepest) return i;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return std::string_view::npos;
}

}  // namespace

void json_misuse(const char* expression) {
  throw JsonError(fmt::format("the JSON document has another shape than expected ({})", expression));
}

Json parse_json(std::string_view text) {
  if (const auto deep = too_deep_at(text); deep != std::string_view::npos) {
    throw JsonError(fmt::format("{}: nested deeper than {}", place(text, deep), kDeepest));
  }
  Json document;
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
  document.ParseStream<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag,
                       rapidjson::UTF8<>>(stream);
  if (document.HasParseError()) {
    throw JsonError(fmt::format("{}: {}", place(text, document.GetErrorOffset()),
                                rapidjson::GetParseError_En(document.GetParseError())));
  }
  return document;
}

std::string to_text(const JsonValue& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

namespace {

const JsonValue* item_at(const JsonValue& list, std::string_view place) {
  unsigned index = 0;
  const auto [end, error] = std::from_chars(place.data(), place.data() + place.size(), index);
  const bool whole = error == std::errc() && end == place.data() + place.size();
  return whole && index < list.Size() ? &list[index] : nullptr;
}

const JsonValue* child_of(const JsonValue& parent, std::string_view name) {
  if (parent.IsArray()) return item_at(parent, name);
  if (!parent.IsObject()) return nullptr;
  const auto member = parent.FindMember(
      JsonValue(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size()))));
  return member == parent.MemberEnd() ? nullptr : &member->value;
}

}  // namespace

const JsonValue* find(const JsonValue& root, std::string_view pointer) {
  const JsonValue* at = &root;
  while (!pointer.empty() && at != nullptr) {
    pointer.remove_prefix(1);  // the slash
    const auto end = std::min(pointer.find('/'), pointer.size());
    const std::string_view name = pointer.substr(0, end);
    pointer.remove_prefix(end);
    at = child_of(*at, name);
  }
  return at;
}

std::string_view text_or_empty(const JsonValue& object, std::string_view member) {
  const JsonValue* value = find(object, "/" + std::string(member));
  if (value == nullptr || !value->IsString()) return {};
  return {value->GetString(), value->GetStringLength()};
}

JsonValue json_text(std::string_view text, Json& document) {
  return JsonValue(text.data(), static_cast<rapidjson::SizeType>(text.size()),
                   document.GetAllocator());
}

void set_member(JsonValue& object, std::string_view name, JsonValue value, Json& document) {
  JsonValue key = json_text(name, document);
  const auto member = object.FindMember(key);
  if (member == object.MemberEnd()) {
    object.AddMember(key, value, document.GetAllocator());
  } else {
    member->value = value;
  }
}

std::string json_quote(std::string_view text) {
  const std::string clean = valid_utf8(text);
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace ciswatch
