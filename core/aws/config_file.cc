#include "core/aws/config_file.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLargestFile = 1u << 20;

// `profile  "my team"` → `profile my team`.
std::string plain_title(std::string_view title) {
  title = trim(title);
  const auto blank = title.find_first_of(" \t");
  std::string_view first = title.substr(0, blank);
  std::string_view rest = blank == std::string_view::npos ? "" : trim(title.substr(blank));
  const auto unquoted = [](std::string_view word) {
    const bool quoted = word.size() >= 2 && (word.front() == '"' || word.front() == '\'') &&
                        word.back() == word.front();
    return quoted ? word.substr(1, word.size() - 2) : word;
  };
  if (rest.empty()) return std::string(unquoted(first));
  return fmt::format("{} {}", first, unquoted(rest));
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path) {}

  void take(std::string_view line) {
    ++line_;
    const std::string_view text = trim(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') return;
    const bool indented = line.front() == ' ' || line.front() == '\t';
    if (text.front() == '[' && !indented) return take_title(text);
    if (section_ == nullptr) fail("a setting before the first [section]");
    take_setting(text, indented);
  }

  ConfigFile file;

 private:
  [[noreturn]] void fail(std::string_view what) const {
    throw Error(fmt::format("{}:{}: {}", path_.string(), line_, what));
  }

  void take_title(std::string_view text) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) fail("a section title without ']'");
    const std::string_view behind = trim(text.substr(close + 1));
    if (!behind.empty() && behind.front() != '#' && behind.front() != ';') {
      fail("text behind a section title");
    }
    const std::string title = plain_title(text.substr(1, close - 1));
    if (title.empty()) fail("a section without a title");
    const auto [at, added] = file.try_emplace(title);
    if (!added) fail(fmt::format("the section [{}] is there twice", printable(title)));
    section_ = &at->second;
    parent_.clear();
  }

  void take_setting(std::string_view text, bool indented) {
    const auto equals = text.find_first_of("=:");
    if (equals == std::string_view::npos || equals == 0)
      fail("neither 'key = value' nor [section]");
    std::string key = to_lower(trim(text.substr(0, equals)));
    const std::string_view value = trim(text.substr(equals + 1));
    if (indented && !parent_.empty()) {
      key = parent_ + '.' + key;
    } else {
      parent_ = value.empty() ? key : "";
    }
    if (!section_->try_emplace(key, value).second) {
      fail(fmt::format("the setting '{}' is there twice", printable(key)));
    }
  }

  const std::filesystem::path& path_;
  std::size_t line_ = 0;
  ConfigSection* section_ = nullptr;
  std::string parent_;  // the key whose block is read; "" : none
};

}  // namespace

ConfigFile parse_config(std::string_view text, const std::filesystem::path& path) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // as Windows editors write
  Reader reader(path);
  for (const std::string& line : split(text, '\n')) reader.take(line);
  return std::move(reader.file);
}

ConfigFile read_config(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) return {};
  return parse_config(read_file(path, kLargestFile), path);
}

}  // namespace ciswatch
