#include "core/pattern/made_event.h"

#include <algorithm>
#include <vector>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

using Kind = EventField::Kind;

constexpr std::size_t kMostElements = 16;  // of an array

// What happened comes first, then who did it.
int place_of(std::string_view member) {
  constexpr std::string_view kFirst[] = {"eventSource", "eventName", "awsRegion", "userIdentity",
                                         "type"};
  return static_cast<int>(std::find(std::begin(kFirst), std::end(kFirst), member) -
                          std::begin(kFirst));
}

}  // namespace

bool MadeEvent::is_missing(const Selector& selector) const {
  const Node* at = &root_;
  for (const auto& step : selector) {
    if (step.name.empty()) {
      const auto found = at->elements.find(step.index);
      if (found == at->elements.end()) return true;
      at = &found->second;
    } else {
      const auto found = at->members.find(step.name);
      if (found == at->members.end()) return true;
      at = &found->second;
    }
  }
  return false;
}

bool MadeEvent::set(const Selector& selector, const EventField& field) {
  if (field.kind == Kind::missing) return is_missing(selector);
  Node* at = &root_;
  for (const auto& step : selector) {
    if (at->value && at->value->kind != Kind::container) return false;
    const bool element = step.name.empty();
    if (element ? !at->members.empty() || step.index >= kMostElements : !at->elements.empty()) {
      return false;
    }
    at = element ? &at->elements[step.index] : &at->members[step.name];
  }
  if (field.kind != Kind::container && at->has_parts()) return false;
  if (at->value) return at->value->kind == field.kind && at->value->text == field.text;
  at->value = field;
  return true;
}

void MadeEvent::write(const Node& node, std::string& text) {
  if (!node.elements.empty()) {
    for (std::size_t i = 0; i <= node.elements.rbegin()->first; ++i) {
      const auto element = node.elements.find(i);
      text += i == 0 ? "[" : ",";
      if (element == node.elements.end()) {
        text += "null";
      } else {
        write(element->second, text);
      }
    }
    text += ']';
    return;
  }
  if (node.value && node.value->kind == Kind::text) text += json_quote(node.value->text);
  if (node.value && node.value->kind == Kind::null) text += "null";
  if (node.value && (node.value->kind == Kind::number || node.value->kind == Kind::boolean)) {
    text += node.value->text;
  }
  if (node.value && node.value->kind != Kind::container) return;
  std::vector<const std::pair<const std::string, Node>*> members;
  for (const auto& member : node.members) members.push_back(&member);
  std::stable_sort(members.begin(), members.end(), [](const auto* a, const auto* b) {
    return place_of(a->first) < place_of(b->first);
  });
  text += '{';
  for (const auto* member : members) {
    if (text.back() != '{') text += ',';
    text += json_quote(member->first) + ':';
    write(member->second, text);
  }
  text += '}';
}

std::string MadeEvent::text() const {
  std::string text;
  write(root_, text);
  return text;
}

Selector selector_of(std::string_view path) {
  Selector selector;
  for (auto& name : split(path, '.')) selector.push_back({.name = std::move(name)});
  return selector;
}

}  // namespace ciswatch
