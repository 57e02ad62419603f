#include "rules/csv.h"

#include <fmt/format.h>

#include <string_view>

namespace ciswatch {
namespace {

constexpr std::size_t kMostRows = 100'001;
constexpr std::size_t kMostColumns = 1'000;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  // False at the end.
  bool read(CsvRow& row) {
    row.clear();
    if (text_.empty()) return false;
    do {
      if (row.size() >= kMostColumns) {
        throw YamlError(place_, fmt::format("more than {} columns", kMostColumns));
      }
      row.push_back(cell());
    } while (take(","));
    if (!text_.empty() && !take("\r\n") && !take("\n")) {
      throw YamlError(place_, "a cell that ends with a quote is followed by a comma or the line's end");
    }
    return true;
  }

 private:
  YamlNode cell() {
    YamlNode node;
    node.kind = YamlNode::Kind::scalar;
    node.place = place_;
    if (take("\"")) {
      node.text = quoted(node.place);
      return node;
    }
    node.plain = true;
    while (!text_.empty() && text_.front() != ',' && text_.front() != '\n' &&
           !text_.starts_with("\r\n")) {
      if (text_.front() == '"') {
        throw YamlError(place_, "a quote in the midst of a cell: put the cell in quotes, and double this one");
      }
      node.text += step();
    }
    return node;
  }

  std::string quoted(Place begin) {
    std::string text;
    while (!text_.empty()) {
      if (take("\"\"")) {
        text += '"';
      } else if (take("\"")) {
        return text;
      } else {
        text += step();
      }
    }
    throw YamlError(begin, "the quote that begins this cell is never closed");
  }

  bool take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    for (std::size_t i = 0; i < word.size(); ++i) step();
    return true;
  }

  char step() {
    const char character = text_.front();
    text_.remove_prefix(1);
    ++place_.column;
    if (character == '\n') place_ = {place_.line + 1, 1};
    return character;
  }

  std::string_view text_;
  Place place_;
};

bool is_empty(const CsvRow& row) { return row.size() == 1 && row.front().text.empty(); }

}  // namespace

std::vector<CsvRow> parse_csv(const std::string& text) {
  require_text(text);
  CsvReader reader(text);
  std::vector<CsvRow> rows;
  for (CsvRow row; reader.read(row);) {
    if (is_empty(row)) continue;
    const auto place = row.front().place;
    if (rows.size() >= kMostRows) {
      throw YamlError(place, fmt::format("more than {} rows", kMostRows - 1));
    }
    if (!rows.empty() && row.size() != rows.front().size()) {
      throw YamlError(place, fmt::format("the row has {} cells, and the file {} columns", row.size(),
                                         rows.front().size()));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace ciswatch
