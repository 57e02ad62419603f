#include "rules/accounts.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/account_id.h"
#include "core/base/files.h"
#include "core/base/text.h"
#include "rules/csv.h"
#include "rules/forms.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestCell = 1'000;
constexpr std::size_t kMostTags = 50;  // of an account, as AWS bounds them
constexpr std::string_view kTagColumn = "tag:";
constexpr std::string_view kInRegions = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view kInRoles =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+=,.@_-/";

bool consists_of(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

std::string shown(std::string_view text) { return shortened(printable(text), 60); }

YamlNode named(YamlNode node, const YamlNode& column, std::string_view key) {
  node.key = key;
  node.key_place = column.place;
  return node;
}

// A cell of several regions, with spaces between them, as YAML's list of them.
YamlNode list_of(const YamlNode& cell) {
  YamlNode list;
  list.kind = YamlNode::Kind::sequence;
  list.place = cell.place;
  for (const auto& word : split(cell.text, ' ')) {
    if (word.empty()) continue;
    YamlNode item = cell;
    item.text = word;
    list.items.push_back(std::move(item));
  }
  return list;
}

// False, with a diagnostic for each mistake, where the first row does not name columns.
bool check_columns(const CsvRow& header, Problems& problems) {
  std::vector<std::string> known{"tag:KEY"};
  for (const auto& field : kAccountFields) {
    if (field.name != "tags") known.emplace_back(field.name);
  }
  bool right = true;
  const auto wrong = [&](const YamlNode& column, std::string text) {
    problems.error(column.place, std::move(text));
    right = false;
  };
  for (auto column = header.begin(); column != header.end(); ++column) {
    const bool tag = column->text.starts_with(kTagColumn) && column->text.size() > kTagColumn.size();
    const bool twice = std::any_of(header.begin(), column, [&](const YamlNode& other) {
      return other.text == column->text;
    });
    if (!tag && std::find(known.begin(), known.end(), column->text) == known.end()) {
      wrong(*column, fmt::format("there is no column '{}'{} (columns: {})", shown(column->text),
                                 did_you_mean(column->text, known), join(known, ", ")));
    } else if (twice) {
      wrong(*column, fmt::format("the column '{}' is here twice", shown(column->text)));
    }
  }
  return right;
}

// As the same account stands in YAML. Cells that are empty say nothing.
YamlNode map_of(const CsvRow& row, const CsvRow& header) {
  YamlNode map, tags;
  map.kind = tags.kind = YamlNode::Kind::map;
  map.place = tags.place = row.front().place;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string_view column = header[i].text;
    if (trim(row[i].text).empty()) continue;
    if (column.starts_with(kTagColumn)) {
      tags.items.push_back(named(row[i], header[i], column.substr(kTagColumn.size())));
    } else {
      map.items.push_back(named(column == "regions" ? list_of(row[i]) : row[i], header[i], column));
    }
  }
  if (!tags.items.empty()) map.items.push_back(named(std::move(tags), row.front(), "tags"));
  return map;
}

std::vector<YamlNode> nodes_in_csv(const std::string& text, Problems& problems) {
  const auto rows = parse_csv(text);
  std::vector<YamlNode> nodes;
  if (rows.empty() || !check_columns(rows.front(), problems)) return nodes;
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
    nodes.push_back(map_of(*row, rows.front()));
  }
  return nodes;
}

std::vector<YamlNode> nodes_in_yaml(const std::string& text, Problems& problems) {
  auto root = parse_yaml(text);
  Fields fields(root, kAccountsFileForm, problems);
  const auto* list = fields.sequence("accounts");
  return list == nullptr ? std::vector<YamlNode>() : list->items;
}

// One line of text, as messages show it.
std::string words_of(Fields& fields, std::string_view name, Problems& problems) {
  auto text = fields.text(name);
  if (text.size() > kLongestCell) {
    problems.error(fields.place(name), fmt::format("'{}' is longer than {} bytes", name, kLongestCell));
  }
  return text;
}

void read_role(AccountEntry& entry, Fields& fields, Problems& problems) {
  entry.role = words_of(fields, "role", problems);
  if (entry.role.empty() || is_role_name(entry.role)) return;
  const auto owner = account_of_role(entry.role);
  if (owner == entry.id && !owner.empty()) return;
  problems.error(fields.place("role"),
                 owner.empty()
                     ? fmt::format("'{}' is neither a role's name nor its ARN", shown(entry.role))
                     : fmt::format("the role is of account {}, not of {}", owner, shown(entry.id)));
}

void read_regions(AccountEntry& entry, const YamlNode& node, Fields& fields, Problems& problems) {
  if (node.member("regions") == nullptr) return;
  entry.regions = fields.texts("regions");
  for (const auto& region : entry.regions) {
    if (!region.empty() && region.size() <= 40 && consists_of(region, kInRegions)) continue;
    problems.error(fields.place("regions"),
                   fmt::format("'{}' is no region: such as us-east-1", shown(region)));
  }
}

void read_tags(AccountEntry& entry, const YamlNode& node, Fields& fields, Problems& problems) {
  if (node.member("tags") == nullptr) return;
  const auto* tags = fields.map("tags");
  if (tags == nullptr) return;
  if (tags->items.size() > kMostTags) {
    problems.error(tags->place, fmt::format("more than {} tags", kMostTags));
  }
  for (const auto& tag : tags->items) {
    if (tag.kind == YamlNode::Kind::scalar) {
      entry.tags[tag.key] = tag.text;
    } else {
      problems.error(tag.place, fmt::format("the tag '{}' takes one value", shown(tag.key)));
    }
  }
}

AccountEntry read_account(const YamlNode& node, Problems& problems) {
  Fields fields(node, kAccountForm, problems);
  AccountEntry entry;
  entry.id = fields.text("id");
  if (!entry.id.empty() && !is_account_id(entry.id)) {
    problems.error(fields.place("id"),
                   fmt::format("'{}' is no account: 12 digits, zeros in front among them",
                               shown(entry.id)));
  }
  read_role(entry, fields, problems);
  entry.external_id = words_of(fields, "external_id", problems);
  read_regions(entry, node, fields, problems);
  entry.name = words_of(fields, "name", problems);
  entry.owner = words_of(fields, "owner", problems);
  read_tags(entry, node, fields, problems);
  return entry;
}

std::vector<AccountEntry> entries_of(std::span<const YamlNode> nodes, Problems& problems) {
  std::vector<AccountEntry> entries;
  std::map<std::string, int> lines;
  for (const auto& node : nodes) {
    entries.push_back(read_account(node, problems));
    const auto& id = entries.back().id;
    if (id.empty()) continue;
    const Place place = node.member("id")->place;
    const auto [first, fresh] = lines.emplace(id, place.line);
    if (!fresh) {
      problems.error(place, fmt::format("account {} is here twice (first in line {})", shown(id),
                                        first->second));
    }
  }
  return entries;
}

}  // namespace

bool is_role_name(std::string_view text) {
  return !text.empty() && text.size() <= 512 && consists_of(text, kInRoles) && text.front() != '/' &&
         text.back() != '/';
}

std::string account_of_role(std::string_view arn) {
  const auto parts = split(arn, ':');
  constexpr std::string_view kRole = "role/";
  if (parts.size() != 6 || parts[0] != "arn" || parts[2] != "iam" || !parts[3].empty()) return {};
  if (!parts[5].starts_with(kRole) || !is_role_name(parts[5].substr(kRole.size()))) return {};
  return is_account_id(parts[4]) ? parts[4] : "";
}

std::vector<AccountEntry> read_accounts(const std::filesystem::path& file,
                                        std::vector<Diagnostic>& diagnostics) {
  Problems problems(file.string(), diagnostics);
  const auto text = read_file(file, kLongestAccountsFile);
  const bool yaml = file.extension() == ".yaml" || file.extension() == ".yml";
  const auto before = diagnostics.size();
  std::vector<AccountEntry> entries;
  try {
    const auto nodes = yaml ? nodes_in_yaml(text, problems) : nodes_in_csv(text, problems);
    entries = entries_of(nodes, problems);
    if (nodes.empty() && diagnostics.size() == before) {
      problems.error({}, "there is no account in the file");
    }
  } catch (const YamlError& error) {
    problems.error(error.place(), error.what());
  }
  return entries;
}

std::vector<AccountEntry> load_accounts(const std::filesystem::path& file) {
  std::vector<Diagnostic> diagnostics;
  auto entries = read_accounts(file, diagnostics);
  throw_on_errors(diagnostics);
  return entries;
}

}  // namespace ciswatch
