#pragma once

// YAML as a tree of our own, made from yaml-cpp's events: bounded while it grows, every node with
// its place, keys in their order. Aliases, anchors and repeated keys are refused.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "rules/library.h"

namespace ciswatch {

struct YamlNode {
  enum class Kind { null, scalar, sequence, map } kind = Kind::null;
  Place place;
  std::string text;    // of a scalar
  bool plain = false;  // a scalar without quotes
  std::string key;     // where the node is a map's value
  Place key_place;
  std::vector<YamlNode> items;  // of a sequence, or the values of a map
  std::string tag;              // such as !Ref; "" for none

  // A map's value; nullptr if there is none.
  [[nodiscard]] const YamlNode* member(std::string_view name) const;
};

class YamlError : public Error {
 public:
  YamlError(Place where, const std::string& text) : Error(text), place_(where) {}
  [[nodiscard]] Place place() const { return place_; }

 private:
  Place place_;
};

// Throws YamlError where the text is not UTF-8, or holds a NUL.
void require_text(const std::string& text);

enum class YamlTags { refused, kept };

// One document. Throws YamlError.
YamlNode parse_yaml(const std::string& text, YamlTags tags = YamlTags::refused);

// The node as JSON text; plain true, false, null and numbers are JSON's, all else strings. What has a
// tag is an object with the tag as its only member: {"!Ref": "name"}.
std::string json_of(const YamlNode& node);

}  // namespace ciswatch
