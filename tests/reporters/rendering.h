#pragma once

// Helpers of the reporters' tests.

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "reporters/reporter.h"

namespace ciswatch {

inline std::string render(std::string_view format, const Report& report, ReportStyle style = {}) {
  const Reporter* reporter = find_reporter(format);
  if (reporter == nullptr) throw std::runtime_error("no such format");
  std::string bytes;
  reporter->write(report, style, [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

inline std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

struct Tag {
  std::string name;  // "/td" for an end tag
  std::vector<std::pair<std::string, std::string>> attributes;
};

// Reads a page as strictly as our own writing allows: every '<' opens a tag of letters and digits,
// every value stands in double quotes. What an attacker slips in shows as a tag, an attribute or a
// throw.
class TagReader {
 public:
  explicit TagReader(std::string_view page) : rest_(page) {}

  std::vector<Tag> read() {
    std::vector<Tag> tags;
    while (skip_to('<')) {
      rest_.remove_prefix(1);
      if (rest_.substr(0, 9) == "!DOCTYPE ") {
        skip_to('>');
        continue;
      }
      tags.push_back(tag());
      if (tags.back().name == "style") rest_.remove_prefix(rest_.find("</style>"));
    }
    return tags;
  }

 private:
  bool skip_to(char c) {
    const auto at = rest_.find(c);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
    return !rest_.empty();
  }

  std::string word() {
    constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/";
    const auto end = rest_.find_first_not_of(kLetters);
    if (end == 0 || end == std::string_view::npos) fail();
    std::string found(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return found;
  }

  Tag tag() {
    Tag made{word(), {}};
    while (!rest_.empty() && rest_.front() != '>') {
      if (rest_.front() != ' ') fail();
      rest_.remove_prefix(1);
      made.attributes.emplace_back(word(), "");
      made.attributes.back().second = value();
      if (rest_.substr(0, 2) == "/>") rest_.remove_prefix(1);
    }
    return made;
  }

  std::string value() {
    if (rest_.empty() || rest_.front() != '=') return "";
    if (rest_.substr(0, 2) != "=\"") fail();
    rest_.remove_prefix(2);
    const auto end = rest_.find('"');
    if (end == std::string_view::npos) fail();
    std::string found(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return found;
  }

  [[noreturn]] void fail() const {
    throw std::runtime_error("not of our writing: <" + std::string(rest_.substr(0, 80)));
  }

  std::string_view rest_;
};

// Names of the tags and their attributes: the page's skeleton, without any text.
inline std::string skeleton(std::string_view page) {
  std::string names;
  for (const auto& tag : TagReader(page).read()) {
    names += "<" + tag.name;
    for (const auto& [name, value] : tag.attributes) names += " " + name;
    names += ">\n";
  }
  return names;
}

}  // namespace ciswatch
