#include "rules/views_text.h"

#include <algorithm>
#include <iterator>

#include "rules/compile.h"

namespace ciswatch {

void ViewsText::add(const std::filesystem::path& file, std::string_view sql) {
  if (!sql_.empty()) sql_ += "\n;\n";  // a file may end without its last separator
  parts_.push_back({sql_.size(), file});
  sql_ += sql;
}

bool ViewsText::has(const std::filesystem::path& file) const {
  std::error_code error;
  return std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) {
    return std::filesystem::equivalent(part.file, file, error);
  });
}

Diagnostic ViewsText::at(int offset, std::string text, Severity severity) const {
  const auto byte = std::min(static_cast<std::size_t>(std::max(offset, 0)), sql_.size());
  const auto after = std::upper_bound(
      parts_.begin(), parts_.end(), byte,
      [](std::size_t place, const Part& part) { return place < part.start; });
  if (after == parts_.begin()) return {"", 1, 1, std::move(text), severity};
  const auto& part = *std::prev(after);
  const auto place = place_in_text(std::string_view(sql_).substr(part.start),
                                   static_cast<int>(byte - part.start));
  return {part.file.string(), place.line, place.column, std::move(text), severity};
}

}  // namespace ciswatch
