#include "rules/bundle.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/account_id.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "rules/compile.h"
#include "rules/forms.h"
#include "rules/loader.h"
#include "rules/planner.h"
#include "rules/query_loader.h"
#include "rules/settings.h"
#include "rules/sandbox.h"

namespace ciswatch {
namespace {

constexpr std::chrono::seconds kLongest{120};

constexpr FieldSpec kPartFields[] = {
    {"id", Need::required, "the file's name without .yaml", FieldSpec::Kind::id},
    {"title", Need::required, "what it makes"},
    {"checks", Need::required, "those whose failing findings ask for it", FieldSpec::Kind::texts},
    {"before", Need::optional, "what must be done before it is deployed"},
    {"lists", Need::optional, "parameters that are lists, separated by commas", FieldSpec::Kind::texts},
    {"after", Need::optional, "parts that make what this one uses, in another account", FieldSpec::Kind::texts},
    {"settings", Need::optional, "what setting('name') tells the SQL", FieldSpec::Kind::named, nullptr,
     &kSettingForm},
    {"sql", Need::required, "a row for each place: account_id, region, and parameters by their names"}};
constexpr Form kPartForm{"a part of a bundle", kPartFields};

void read_part(const std::filesystem::path& file, std::vector<BundlePart>& parts,
               std::vector<Diagnostic>& diagnostics) {
  Problems problems(file.string(), diagnostics);
  try {
    const auto text = read_file(file, kLongestFile);
    const auto root = parse_yaml(text);
    Fields fields(root, kPartForm, problems);
    BundlePart part;
    part.file = file;
    read_query(root, fields, text, part, problems);
    part.checks = fields.texts("checks");
    part.before = fields.text("before");
    part.lists = fields.texts("lists");
    part.after = fields.texts("after");
    parts.push_back(std::move(part));
  } catch (const YamlError& error) {
    problems.error(error.place(), error.what());
  }
}

// Accounts and regions become names of files.
void require_place(const Deployment& made) {
  const bool is_region = !made.region.empty() && std::all_of(made.region.begin(), made.region.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (is_account_id(made.account_id) && is_region) return;
  throw Error(fmt::format("account '{}', region '{}': there is no such place", printable(made.account_id),
                          printable(made.region)));
}

std::vector<Deployment> read_rows(Statement& statement) {
  std::vector<Deployment> found;
  std::set<std::pair<std::string, std::string>> places;
  while (statement.step()) {
    Deployment made;
    for (int i = 0; i < statement.columns(); ++i) {
      const std::string name(statement.name(i));
      const auto value = statement.value(i);
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr) continue;
      if (name == "account_id") {
        made.account_id = *text;
      } else if (name == "region") {
        made.region = *text;
      } else {
        made.parameters.emplace_back(name, *text);
      }
    }
    require_place(made);
    if (!places.emplace(made.account_id, made.region).second) {
      throw Error(fmt::format("account {}, region {}: a part is deployed once in a place", made.account_id, made.region));
    }
    found.push_back(std::move(made));
  }
  return found;
}

}  // namespace

std::filesystem::path BundlePart::stack_template() const {
  return file.parent_path() / "cloudformation" / (id + ".yaml");
}

std::filesystem::path BundlePart::terraform_module() const { return file.parent_path() / "terraform" / id; }

std::vector<BundlePart> load_bundle_parts(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "bundles", error)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<BundlePart> parts;
  std::vector<Diagnostic> diagnostics;
  for (const auto& file : files) read_part(file, parts, diagnostics);
  throw_on_errors(diagnostics);
  return parts;
}

std::vector<Deployment> deployments_of(const BundlePart& part, const BundleGround& ground) {
  std::vector<std::string> asking;
  for (const auto& finding : ground.findings) {
    if (std::find(part.checks.begin(), part.checks.end(), finding.check) != part.checks.end()) {
      asking.push_back(finding_row(finding));
    }
  }
  if (asking.empty()) return {};
  const std::string_view sql = part.sql;
  Sandbox sandbox(ground.snapshot.open(), Slice::any,
                  named_by({&sql, 1}, views_with_findings(ground.library.views)),
                  [&](std::string_view table) { return ground.snapshot.holds(table); });
  sandbox.start_clock(kLongest);
  sandbox.show_accounts("", "999999999999");
  auto settings = settings_of(part, ground.settings);
  settings["findings"] = '[' + join(asking, ",") + ']';
  sandbox.use_settings(std::move(settings));
  try {
    auto statement = sandbox.prepare(part.sql);
    return read_rows(statement);
  } catch (const SqlError& error) {
    throw error_in_sql(part, error);
  }
}

}  // namespace ciswatch
