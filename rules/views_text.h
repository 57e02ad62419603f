#pragma once

// The SQL of the views that checks share: `views.sql` and `views/*.sql` of a folder as one text,
// which still knows where each byte came from. A plain value.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.h"

namespace ciswatch {

class ViewsText {
 public:
  void add(const std::filesystem::path& file, std::string_view sql);

  [[nodiscard]] const std::string& sql() const { return sql_; }
  [[nodiscard]] bool has(const std::filesystem::path& file) const;  // the same, by whatever path
  [[nodiscard]] bool empty() const { return parts_.empty(); }

  // A diagnostic at byte `offset` of the text; at its start when `offset` is -1.
  [[nodiscard]] Diagnostic at(int offset, std::string text,
                              Severity severity = Severity::error) const;

 private:
  struct Part {
    std::size_t start;
    std::filesystem::path file;
  };
  std::string sql_;
  std::vector<Part> parts_;
};

}  // namespace ciswatch
