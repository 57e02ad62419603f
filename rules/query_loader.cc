#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/base/text.h"
#include "rules/forms.h"
#include "rules/query_loader.h"
#include "rules/waiving.h"

namespace ciswatch {
bool is_id(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-' || c == '.' || c == '_';
  });
}

std::string read_id(Fields& fields, const std::filesystem::path& file, Problems& problems) {
  auto id = fields.text("id");
  if (id.empty()) return id;
  if (!is_id(id)) {
    problems.error(fields.place("id"), "an id is made of a-z, 0-9, '-', '.' and '_'");
  } else if (id == kWaiversCheck) {
    problems.error(fields.place("id"), "findings about waivers have this id; choose another");
  } else if (id != file.stem().string()) {
    problems.error(fields.place("id"),
                   fmt::format("the id '{}' is not the file's name '{}'", id, file.stem().string()));
  }
  return id;
}

namespace {

void read_settings(const YamlNode* map, Query& query, Problems& problems) {
  if (map == nullptr) return;
  for (const auto& node : map->items) {
    Fields fields(node, kSettingForm, problems);
    Setting setting;
    setting.name = node.key;
    setting.default_value = fields.text("default");
    setting.values = fields.texts("values");
    setting.doc = fields.text("doc");
    if (const auto* reads = fields.map("reads")) {
      for (const auto& item : reads->items) setting.reads.emplace(item.key, item.text);
    }
    const auto& allowed = setting.values;
    if (!allowed.empty() &&
        std::find(allowed.begin(), allowed.end(), setting.default_value) == allowed.end()) {
      problems.error(fields.place("default"),
                     fmt::format("the default '{}' is none of the values",
                                 shortened(printable(setting.default_value), 60)));
    }
    query.settings.push_back(std::move(setting));
  }
}

// Where each line of the SQL stands. In a `|` block the lines follow the one with the bar, each
// indented as much as the parser took away; elsewhere only the start is known.
std::vector<Place> lines_of_block(const YamlNode& sql, const std::string& file_text) {
  const auto lines = split(file_text, '\n');
  const auto first = static_cast<std::size_t>(sql.place.line);  // counts from 1: the line after
  const auto bar = static_cast<std::size_t>(sql.place.column) - 1;
  if (first > lines.size() || bar >= lines[first - 1].size() || lines[first - 1][bar] != '|') {
    return {sql.place};
  }
  std::vector<Place> places;
  for (const auto& line : split(sql.text, '\n')) {
    const auto at = first + places.size();
    if (at >= lines.size()) break;
    const auto indent = line.empty() ? std::string::npos : lines[at].rfind(line);
    places.push_back({static_cast<int>(at) + 1,
                      indent == std::string::npos ? 1 : static_cast<int>(indent) + 1});
  }
  return places;
}

void read_sql(const YamlNode& root, Fields& fields, const std::string& text, Query& query,
              Problems& problems) {
  if (fields.text("sql").empty()) return;
  const auto& sql = *root.member("sql");
  query.sql = sql.text;
  query.sql_lines = lines_of_block(sql, text);
  if (query.sql_lines.size() == 1 && query.sql.find('\n') != std::string::npos) {
    problems.error(sql.place, "write the SQL as a block ('sql: |'), so that its lines stay lines");
  }
}

}  // namespace

void read_query(const YamlNode& root, Fields& fields, const std::string& text, Query& query,
                Problems& problems) {
  query.id = read_id(fields, query.file, problems);
  query.title = fields.text("title");
  read_settings(fields.map("settings"), query, problems);
  read_sql(root, fields, text, query, problems);
}

}  // namespace ciswatch
