// Tells a pack's SQL as the engine runs it: the views of a snapshot's tables, the views that checks
// share and the checks. One JSON document on stdout, for a benchmark that gives the same to others.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/store/schema.h"
#include "core/store/snapshot.h"
#include "rules/selection.h"
#include "rules/settings.h"
#include "rules/sql_text.h"

namespace {

using namespace ciswatch;

struct Flags {
  std::string snapshot, checks, pack = "cis-aws-1.2.0:2";
};

std::string list_of(const std::vector<std::string>& items) {
  return fmt::format("[{}]", fmt::join(items, ",\n"));
}

std::string member(std::string_view name, const std::string& json) {
  return fmt::format("{}:{}", json_quote(name), json);
}

// Slice::none is the fleet without bounds; its views are named as the slices' are.
std::string of_all_accounts(std::string view) {
  constexpr std::string_view kPrefix = "create temp view org_";
  if (!view.starts_with(kPrefix)) throw Error("a view of all accounts is not named org_<table>");
  return view.erase(kPrefix.size() - 4, 4);
}

// The views of the tables, as sentences of SQL.
template <typename Sql, typename Ledger>
std::string table_views(Sql&& sql, Ledger&& ledger) {
  std::vector<std::string> views{json_quote(ledger())};
  for (const auto* table : tables()) views.push_back(json_quote(sql(*table)));
  return list_of(views);
}

std::string shared(const Library& library) {
  std::vector<std::string> views;
  int offset = 0;
  for (const auto& view : shared_views(library.views.sql(), offset)) views.push_back(json_quote(view.sql));
  return list_of(views);
}

std::string settings_json(const Check& check) {
  std::vector<std::string> members;
  for (const auto& [name, value] : settings_of(check, {})) {
    const auto* number = std::get_if<std::int64_t>(&value);
    members.push_back(member(name, number != nullptr ? std::to_string(*number)
                                                     : json_quote(std::get<std::string>(value))));
  }
  return fmt::format("{{{}}}", fmt::join(members, ","));
}

std::string checks_json(const Selection& selection) {
  std::vector<std::string> checks;
  for (const auto* check : selection.checks) {
    checks.push_back(fmt::format("{{{},{},{}}}", member("id", json_quote(check->id)),
                                 member("sql", json_quote(check->sql)),
                                 member("settings", settings_json(*check))));
  }
  return list_of(checks);
}

void print_sql(const Flags& flags) {
  const Snapshot snapshot(flags.snapshot);
  const Library library = load_library(flags.checks, Tests::leave_out);
  const std::vector<std::string> packs{flags.pack};
  const Stored stored = [&](std::string_view table) { return snapshot.holds(table); };
  const auto whole = table_views(
      [&](const TableSpec& table) { return of_all_accounts(view_sql(table, stored, Slice::none)); },
      [] { return of_all_accounts(ledger_view_sql(Slice::none)); });
  const auto answered =
      table_views([&](const TableSpec& table) { return view_sql(table, stored, Slice::answered); },
                  [] { return ledger_view_sql(Slice::answered); });
  const auto org =
      table_views([&](const TableSpec& table) { return view_sql(table, stored, Slice::none); },
                  [] { return ledger_view_sql(Slice::none); });
  std::cout << fmt::format("{{{},\n{},\n{},\n{},\n{}}}\n", member("whole", whole),
                           member("answered", answered), member("org", org),
                           member("shared", shared(library)),
                           member("checks", checks_json(choose(library, packs, {}))));
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app("Prints the SQL that judges a snapshot");
  Flags flags;
  app.add_option("snapshot", flags.snapshot, "The snapshot that is judged")->required();
  app.add_option("checks", flags.checks, "The folder of the checks")->required();
  app.add_option("--pack", flags.pack, "The pack that is judged")->capture_default_str();
  CLI11_PARSE(app, count, arguments);
  try {
    print_sql(flags);
    return 0;
  } catch (const Error& error) {
    fmt::print(stderr, "ciswatch_sql: {}\n", error.what());
    return 2;
  }
}
