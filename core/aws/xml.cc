#include "core/aws/xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <pugixml.hpp>

#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr int kDeepest = 100;

std::string_view local_name(const char* name) {
  const std::string_view text(name);
  const auto colon = text.find(':');
  return colon == std::string_view::npos ? text : text.substr(colon + 1);
}

// All character data directly in the element: comments or CDATA may split it.
std::string text_of(const pugi::xml_node& element) {
  std::string text;
  for (const auto& child : element.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
      text += child.value();
  }
  return valid_utf8(text);
}

pugi::xml_node child_named(const pugi::xml_node& parent, std::string_view name) {
  for (const auto& child : parent.children()) {
    if (child.type() == pugi::node_element && local_name(child.name()) == name) return child;
  }
  return {};
}

bool too_deep(const pugi::xml_document& document) {
  struct Depth : pugi::xml_tree_walker {
    bool for_each(pugi::xml_node&) override { return depth() <= kDeepest; }
  } walker;
  // `traverse` is iterative and tells false when the walker stopped it.
  return !const_cast<pugi::xml_document&>(document).traverse(walker);
}

class Decoder {
 public:
  explicit Decoder(Json& document) : document_(document) {}

  JsonValue members(const pugi::xml_node& element, std::span<const Field> fields) {
    JsonValue object(rapidjson::kObjectType);
    for (const Field& field : fields) {
      if (field.kind == Kind::attribute) {
        add_attribute(element, field, object);
      } else if (field.kind == Kind::list && field.item.empty()) {
        add_repeated(element, field, object);
      } else if (const auto child = child_named(element, field.element)) {
        set_member(object, field.member, value(child, field), document_);
      }
    }
    return object;
  }

 private:
  JsonValue value(const pugi::xml_node& element, const Field& field) {
    switch (field.kind) {
      case Kind::boolean:
        return boolean(element);
      case Kind::integer:
        return integer(element);
      case Kind::real:
        return real(element);
      case Kind::encoded:
        return json_text(valid_utf8(percent_decode(text_of(element))), document_);
      case Kind::map:
        return entries(element, field.item);
      case Kind::structure:
        return members(element, field.fields);
      case Kind::list:
        return items(element, field.item, field.fields);
      default:
        return json_text(text_of(element), document_);
    }
  }

  JsonValue items(const pugi::xml_node& parent, std::string_view name,
                  std::span<const Field> fields) {
    JsonValue list(rapidjson::kArrayType);
    for (const auto& child : parent.children()) {
      if (child.type() != pugi::node_element || local_name(child.name()) != name) continue;
      list.PushBack(fields.empty() ? json_text(text_of(child), document_) : members(child, fields),
                    document_.GetAllocator());
    }
    return list;
  }

  JsonValue entries(const pugi::xml_node& parent, std::string_view name) {
    JsonValue map(rapidjson::kObjectType);
    for (const auto& child : parent.children()) {
      if (child.type() != pugi::node_element || local_name(child.name()) != name) continue;
      set_member(map, text_of(child_named(child, "key")),
                 json_text(text_of(child_named(child, "value")), document_), document_);
    }
    return map;
  }

  void add_repeated(const pugi::xml_node& element, const Field& field, JsonValue& object) {
    JsonValue list = items(element, field.element, field.fields);
    if (!list.Empty()) set_member(object, field.member, std::move(list), document_);
  }

  void add_attribute(const pugi::xml_node& element, const Field& field, JsonValue& object) {
    const auto name = local_name(field.element.data());
    for (const auto& attribute : element.attributes()) {
      if (local_name(attribute.name()) != name) continue;
      set_member(object, field.member, json_text(valid_utf8(attribute.value()), document_),
                 document_);
    }
  }

  static JsonValue boolean(const pugi::xml_node& element) {
    const std::string text = to_lower(trim(text_of(element)));
    if (text == "true") return JsonValue(true);
    if (text == "false") return JsonValue(false);
    throw MalformedAnswer(fmt::format("<{}> is neither true nor false", element.name()), false);
  }

  static JsonValue integer(const pugi::xml_node& element) {
    const std::string all = text_of(element);
    const std::string_view text = trim(all);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
      throw MalformedAnswer(fmt::format("<{}> is no whole number", element.name()), false);
    }
    return JsonValue(number);
  }

  static JsonValue real(const pugi::xml_node& element) {
    const std::string all = text_of(element);
    const std::string_view text = trim(all);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) {
      throw MalformedAnswer(fmt::format("<{}> is no number", element.name()), false);
    }
    return JsonValue(number);
  }

  Json& document_;
};

pugi::xml_node parse(std::string_view text, pugi::xml_document& document) {
  const auto result = document.load_buffer(
      text.data(), text.size(),
      pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_ws_pcdata_single,
      pugi::encoding_utf8);
  if (!result) return {};
  if (too_deep(document)) throw MalformedAnswer("XML nested too deep", false);
  return document.document_element();
}

// JSON's members to elements; the fields have been found to have them all.
class Encoder {
 public:
  static void add(pugi::xml_node parent, const JsonValue& value, const Field& field) {
    if (field.kind == Kind::list && field.item.empty()) return add_items(parent, value, field, field.element);
    if (field.kind == Kind::attribute) return add_attribute(parent, value, field);
    fill(append(parent, field.element), value, field);
  }

  static void fill(pugi::xml_node element, const JsonValue& value, const Field& field) {
    if (field.kind == Kind::structure) return add_members(element, value, field.fields);
    if (field.kind == Kind::list) return add_items(element, value, field, field.item);
    set_text(element, value);
  }

 private:
  static pugi::xml_node append(pugi::xml_node parent, std::string_view name) {
    return parent.append_child(std::string(name).c_str());
  }

  static void add_members(pugi::xml_node element, const JsonValue& object,
                          std::span<const Field> fields) {
    for (const auto& [key, value] : object.GetObject()) {
      const std::string_view name(key.GetString(), key.GetStringLength());
      for (const Field& field : fields) {
        if (field.member == name) add(element, value, field);
      }
    }
  }

  static void add_items(pugi::xml_node parent, const JsonValue& list, const Field& field,
                        std::string_view name) {
    for (const auto& item : list.GetArray()) {
      const auto element = append(parent, name);
      if (field.fields.empty()) {
        set_text(element, item);
      } else {
        add_members(element, item, field.fields);
      }
    }
  }

  static void add_attribute(pugi::xml_node element, const JsonValue& value, const Field& field) {
    const std::string name(field.element);
    if (name.starts_with("xsi:")) {
      element.append_attribute("xmlns:xsi") = "http://www.w3.org/2001/XMLSchema-instance";
    }
    element.append_attribute(name.c_str()) = text(value).c_str();
  }

  static void set_text(pugi::xml_node element, const JsonValue& value) {
    element.append_child(pugi::node_pcdata).set_value(text(value).c_str());
  }

  static std::string text(const JsonValue& value) {
    if (!value.IsString()) return to_text(value);
    std::string text(value.GetString(), value.GetStringLength());
    const bool held = std::none_of(text.begin(), text.end(), [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte < 0x20 && c != '\n' && c != '\t';
    });
    if (!held) throw Error("a text holds a character that XML cannot");
    return text;
  }
};

struct TextWriter : pugi::xml_writer {
  std::string text;
  void write(const void* bytes, std::size_t size) override {
    text.append(static_cast<const char*>(bytes), size);
  }
};

}  // namespace

std::string encode_xml(const JsonValue& value, const Field& field, std::string_view name_space) {
  pugi::xml_document document;
  auto root = document.append_child(std::string(field.element).c_str());
  root.append_attribute("xmlns") = std::string(name_space).c_str();
  Encoder::fill(root, value, field);
  TextWriter writer;
  document.save(writer, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return writer.text;
}

Json decode_xml(std::string_view text, std::string_view root, std::span<const Field> fields) {
  pugi::xml_document document;
  pugi::xml_node element = parse(text, document);
  if (!element) throw MalformedAnswer("the answer is no well-formed XML", true);
  const std::string found(printable(element.name()));
  if (local_name(element.name()) != root) element = child_named(element, root);
  if (!element) {
    throw MalformedAnswer(
        fmt::format("the answer is <{}> instead of <{}>", shortened(found, 60), root), false);
  }
  Json answer;
  JsonValue members = Decoder(answer).members(element, fields);
  static_cast<JsonValue&>(answer).Swap(members);
  return answer;
}

std::optional<XmlError> decode_xml_error(std::string_view text) {
  pugi::xml_document document;
  pugi::xml_node element = parse(text, document);
  if (!element) return std::nullopt;
  const auto root = local_name(element.name());
  if (root == "Response" || root == "ErrorResponse") {
    if (const auto list = child_named(element, "Errors")) element = list;
    element = child_named(element, "Error");
  }
  if (!element || local_name(element.name()) != "Error") return std::nullopt;
  XmlError error;
  error.code = trim(text_of(child_named(element, "Code")));
  error.message = text_of(child_named(element, "Message"));
  error.region = trim(text_of(child_named(element, "Region")));
  return error;
}

}  // namespace ciswatch
