#include "rules/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::size_t kDeepest = 32;
constexpr std::size_t kMostNodes = 50'000;
constexpr std::size_t kMostKeys = 1'000;  // of one map: each new key is compared with all before it

Place place_of(const YAML::Mark& mark) {
  return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1};
}

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(YamlTags tags) : tags_(tags) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add({YamlNode::Kind::null, place_of(mark), "", true, "", {}, {}, ""}, "", anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw YamlError(place_of(mark), "aliases (*name) are not allowed here; write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    add({YamlNode::Kind::scalar, place_of(mark), value, tag == "?", "", {}, {}, ""}, tag, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open({YamlNode::Kind::sequence, place_of(mark), "", false, "", {}, {}, ""}, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open({YamlNode::Kind::map, place_of(mark), "", false, "", {}, {}, ""}, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    bool has_key = false;
    std::string key;
    Place key_place;
  };

  // "?" is the tag of what is plain, "!" of what is in quotes.
  void take_extras(YamlNode& node, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != 0) {
      throw YamlError(node.place, "anchors (&name) are not allowed here; write the value out");
    }
    if (tag.empty() || tag == "?" || tag == "!") return;
    node.tag = tag;
    if (tags_ == YamlTags::refused) {
      throw YamlError(node.place, fmt::format("tags such as {} are not allowed here",
                                              shortened(printable(tag), 60)));
    }
  }

  void add(YamlNode node, const std::string& tag, YAML::anchor_t anchor) {
    take_extras(node, tag, anchor);
    if (++nodes_ > kMostNodes) {
      throw YamlError(node.place, fmt::format("more than {} values in one file", kMostNodes));
    }
    place(std::move(node));
  }

  void open(YamlNode node, const std::string& tag, YAML::anchor_t anchor) {
    take_extras(node, tag, anchor);
    if (open_.size() >= kDeepest) {
      throw YamlError(node.place, fmt::format("nested deeper than {}", kDeepest));
    }
    if (!open_.empty() && open_.back().node.kind == YamlNode::Kind::map && !open_.back().has_key) {
      throw YamlError(node.place, "a key must be plain text");
    }
    open_.push_back({std::move(node), false, "", {}});
  }

  void close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node), "", 0);
  }

  void place(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    auto& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::map) {
      if (!parent.has_key) return start_member(parent, std::move(node));
      node.key = std::move(parent.key);
      node.key_place = parent.key_place;
      parent.has_key = false;
    }
    parent.node.items.push_back(std::move(node));
  }

  static void start_member(Open& parent, YamlNode key) {
    if (key.kind != YamlNode::Kind::scalar || !key.tag.empty()) {
      throw YamlError(key.place, "a key must be plain text");
    }
    if (parent.node.items.size() >= kMostKeys) {
      throw YamlError(key.place, fmt::format("more than {} keys in one place", kMostKeys));
    }
    if (const auto* first = parent.node.member(key.text)) {
      throw YamlError(key.place,
                      fmt::format("'{}' is here twice (first in line {})",
                                  shortened(printable(key.text), 60), first->key_place.line));
    }
    parent.has_key = true;
    parent.key_place = key.place;
    parent.key = std::move(key.text);
  }

  YamlTags tags_;
  std::vector<Open> open_;
  YamlNode root_;
  std::size_t nodes_ = 0;
};

bool is_json_literal(const std::string& text) {
  if (text == "true" || text == "false" || text == "null") return true;
  if (text.empty() || (text[0] != '-' && std::isdigit(static_cast<unsigned char>(text[0])) == 0)) {
    return false;
  }
  try {
    return parse_json(text).IsNumber();
  } catch (const JsonError&) {
    return false;
  }
}

std::string json_of_value(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "null";
    case YamlNode::Kind::scalar:
      return node.plain && is_json_literal(node.text) ? node.text : json_quote(node.text);
    case YamlNode::Kind::sequence:
    case YamlNode::Kind::map:
      break;
  }
  const bool map = node.kind == YamlNode::Kind::map;
  std::string json(1, map ? '{' : '[');
  for (const auto& item : node.items) {
    if (json.size() > 1) json += ',';
    if (map) json += json_quote(item.key) + ':';
    json += json_of(item);
  }
  return json + (map ? '}' : ']');
}

}  // namespace

// yaml-cpp passes bytes on unseen: NUL ends a C string, broken UTF-8 would reach the reports.
void require_text(const std::string& text) {
  const auto clean = valid_utf8(text);
  std::size_t at = text.find('\0');
  if (clean != text) {
    const auto broken = std::mismatch(text.begin(), text.end(), clean.begin(), clean.end()).first;
    at = std::min(at, static_cast<std::size_t>(broken - text.begin()));
  }
  if (at == std::string::npos) return;
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  throw YamlError({static_cast<int>(line) + 1, 1}, "the file is not UTF-8 text");
}

const YamlNode* YamlNode::member(std::string_view name) const {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const YamlNode& n) { return n.key == name; });
  return kind != Kind::map || found == items.end() ? nullptr : &*found;
}

YamlNode parse_yaml(const std::string& text, YamlTags tags) {
  require_text(text);
  std::istringstream in(text);
  TreeBuilder builder(tags);
  try {
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) throw YamlError({}, "the file is empty");
    TreeBuilder rest(tags);
    if (parser.HandleNextDocument(rest)) throw YamlError({}, "more than one YAML document");
  } catch (const YAML::Exception& error) {
    throw YamlError(place_of(error.mark), fmt::format("not YAML: {}", error.msg));
  }
  return builder.take();
}

std::string json_of(const YamlNode& node) {
  if (node.tag.empty()) return json_of_value(node);
  return fmt::format("{{{}:{}}}", json_quote(node.tag), json_of_value(node));
}

}  // namespace ciswatch
