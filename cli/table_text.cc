#include "cli/table_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMeasured = 500;  // rows that tell how wide the columns are
constexpr std::size_t kWidest = 80;     // what is longer moves its own row only

using Row = std::vector<std::string>;

// How many columns of a terminal a text takes: one a character, but for the wide ones of East Asia.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) width += byte >= 0xE3 && byte <= 0xED ? 2 : 1;
  }
  return width;
}

Row read_row(const Statement& rows) {
  Row row;
  for (int i = 0; i < rows.columns(); ++i) {
    row.push_back(rows.is_null(i) ? "NULL" : printable(rows.text(i)));
  }
  return row;
}

std::string line_of(const Row& row, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    line += row[i];
    if (i + 1 == row.size()) break;
    const auto width = width_of(row[i]);
    line.append(std::max(widths[i], width) - width + 2, ' ');
  }
  return line + '\n';
}

}  // namespace

std::size_t print_table(Statement& rows, const Print& print) {
  Row names;
  std::vector<std::size_t> widths;
  for (int i = 0; i < rows.columns(); ++i) {
    names.push_back(printable(rows.name(i)));
    widths.push_back(width_of(names.back()));
  }
  std::vector<Row> measured;
  bool more = true;
  while (measured.size() < kMeasured && (more = rows.step())) {
    measured.push_back(read_row(rows));
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], std::min(width_of(measured.back()[i]), kWidest));
    }
  }
  Row rules;
  for (const auto width : widths) rules.emplace_back(width, '-');
  print(line_of(names, widths));
  print(line_of(rules, widths));
  for (const auto& row : measured) print(line_of(row, widths));
  std::size_t count = measured.size();
  while (more && rows.step()) {
    print(line_of(read_row(rows), widths));
    ++count;
  }
  return count;
}

std::size_t print_json_lines(Statement& rows, const Print& print) {
  std::size_t count = 0;
  while (rows.step()) {
    std::string line = "{";
    for (int i = 0; i < rows.columns(); ++i) {
      line += fmt::format("{}{}:", i == 0 ? "" : ",", json_quote(rows.name(i)));
      line += rows.is_null(i)      ? "null"
              : rows.is_integer(i) ? std::to_string(rows.integer(i))
                                   : json_quote(rows.text(i));
    }
    print(line + "}\n");
    ++count;
  }
  return count;
}

}  // namespace ciswatch
