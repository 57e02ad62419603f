#pragma once

// Reading the members of a YAML map into values, with a diagnostic for each mistake. Reading goes
// on after a mistake, so that an author sees all of them at once.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.h"
#include "rules/yaml_tree.h"

namespace ciswatch {

class Problems {
 public:
  Problems(std::string file, std::vector<Diagnostic>& list) : file_(std::move(file)), list_(list) {}

  void error(Place place, std::string text) { add(place, std::move(text), Severity::error); }
  void warning(Place place, std::string text) { add(place, std::move(text), Severity::warning); }

 private:
  void add(Place place, std::string text, Severity severity) {
    list_.push_back({file_, place.line, place.column, std::move(text), severity});
  }

  std::string file_;
  std::vector<Diagnostic>& list_;
};

enum class Need { required, optional };

class Fields {
 public:
  // `what` names the thing in messages: "a check". Reports keys that are not `known`, and a node
  // that is no map.
  Fields(const YamlNode& node, std::string_view what, std::initializer_list<std::string_view> known,
         Problems& problems);

  // The value of each is empty when the field is missing or wrong; a diagnostic then says so.
  std::string text(std::string_view name, Need need);
  std::optional<std::string> word(std::string_view name, std::string_view meaning,
                                  std::initializer_list<std::string_view> allowed, Need need);
  std::vector<std::string> texts(std::string_view name, Need need);
  const YamlNode* map(std::string_view name, Need need);
  const YamlNode* sequence(std::string_view name, Need need);

  // The place of a field, or of the map where the field is missing.
  [[nodiscard]] Place place(std::string_view name) const;

 private:
  const YamlNode* get(std::string_view name, Need need, YamlNode::Kind kind);

  const YamlNode& node_;
  std::string_view what_;
  Problems& problems_;
};

}  // namespace ciswatch
