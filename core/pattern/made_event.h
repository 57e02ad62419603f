#pragma once

// An event that is made up, member by member.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/pattern/match.h"

namespace ciswatch {

class MadeEvent {
 public:
  // False where what was set before does not leave room for it: a member of a text, another value.
  // Members that are missing are to be set last.
  bool set(const Selector& selector, const EventField& field);

  // As one line of JSON, members in the order in which people look for them.
  [[nodiscard]] std::string text() const;

 private:
  struct Node {
    std::optional<EventField> value;
    std::map<std::size_t, Node> elements;
    std::map<std::string, Node> members;
    [[nodiscard]] bool has_parts() const { return !elements.empty() || !members.empty(); }
  };
  bool is_missing(const Selector& selector) const;
  static void write(const Node& node, std::string& text);

  Node root_;
};

// Where a record's member stands: "userIdentity.type".
Selector selector_of(std::string_view path);

}  // namespace ciswatch
