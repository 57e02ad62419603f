#pragma once

// Building the JSON of an answer. Names are literals and are not copied.

#include <initializer_list>
#include <span>
#include <string_view>

#include "core/base/json.h"
#include "core/base/time.h"

namespace ciswatch::fleet {

// One object on the way into a document.
class Item {
 public:
  explicit Item(Json& document) : document_(document), value_(rapidjson::kObjectType) {}

  template <std::size_t N>
  Item& add(const char (&name)[N], JsonValue value) {
    value_.AddMember(rapidjson::StringRef(name), value, document_.GetAllocator());
    return *this;
  }
  template <std::size_t N>
  Item& add(const char (&name)[N], std::string_view text) {
    return add(name, json_text(text, document_));
  }
  template <std::size_t N>
  Item& add(const char (&name)[N], const char* text) {
    return add(name, std::string_view(text));
  }
  template <std::size_t N>
  Item& add(const char (&name)[N], bool flag) {
    return add(name, JsonValue(flag));
  }
  template <std::size_t N>
  Item& add(const char (&name)[N], std::int64_t number) {
    return add(name, JsonValue(number));
  }
  // As AWS's JSON protocols give a time: epoch seconds with a fraction.
  template <std::size_t N>
  Item& time(const char (&name)[N], UnixSeconds seconds, unsigned milliseconds = 0) {
    return add(name, JsonValue(static_cast<double>(seconds) + milliseconds / 1000.0));
  }
  // Only where there is something.
  template <std::size_t N>
  Item& some(const char (&name)[N], std::string_view text) {
    return text.empty() ? *this : add(name, text);
  }

  JsonValue done() { return std::move(value_); }
  operator JsonValue() { return done(); }  // NOLINT(google-explicit-constructor)

 private:
  Json& document_;
  JsonValue value_;
};

// A list on the way into a document.
class Items {
 public:
  explicit Items(Json& document) : document_(document), value_(rapidjson::kArrayType) {}

  Items& add(JsonValue value) {
    value_.PushBack(value, document_.GetAllocator());
    return *this;
  }
  Items& add(std::string_view text) { return add(json_text(text, document_)); }

  operator JsonValue() { return std::move(value_); }  // NOLINT(google-explicit-constructor)

 private:
  Json& document_;
  JsonValue value_;
};

inline JsonValue texts(Json& document, std::span<const std::string_view> list) {
  Items items(document);
  for (const auto text : list) items.add(text);
  return items;
}
inline JsonValue texts(Json& document, std::initializer_list<std::string_view> list) {
  return texts(document, std::span(list.begin(), list.size()));
}

// The whole answer: { name: value }.
template <std::size_t N>
void set(Json& document, const char (&name)[N], JsonValue value) {
  if (!document.IsObject()) document.SetObject();
  document.AddMember(rapidjson::StringRef(name), value, document.GetAllocator());
}

}  // namespace ciswatch::fleet
