#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "cli/commands.h"
#include "cli/flags.h"
#include "core/base/error.h"
#include "core/base/stop.h"
#include "core/base/text.h"
#include "reporters/reporter.h"
#include "rules/json_schema.h"

namespace ciswatch {
namespace {

constexpr const char* kExitCodes =
    "Exit codes: 0 the gate is met and all it needed was read; 1 a finding at or above --fail-on;\n"
    "2 the tool could not do its work; 3 no such finding, but evidence for the gate is missing;\n"
    "130, 143 stopped by a signal.";

struct Flags {
  CollectFlags collect;
  PlanFlags plan;
  ImportFlags import;
  MergeFlags merge;
  ScanFlags scan;
  PermissionsFlags permissions;
  RemediateFlags remediate;
  SqlFlags sql;
  ExplainFlags explain;
  NewCheckFlags new_check;
  WaiversFlags waivers;
  LibraryFlags library;
  bool markdown = false;
  std::string check, schema;
  std::vector<std::filesystem::path> paths;
};

void add_collect(CLI::App& app, Flags& flags, Run& run) {
  auto* command = app.add_subcommand("collect", "read AWS accounts into a snapshot");
  command->add_option("-o,--output", flags.collect.out, "the snapshot to write")
      ->type_name("FILE")
      ->required();
  add_live(*command, flags.collect.live);
  add_shard(*command, flags.collect.live.shard);
  add_selection(*command, flags.collect.selection);
  command->callback([&] { run = [&] { return collect_command(flags.collect); }; });
}

void add_plan(CLI::App& app, Flags& flags, Run& run) {
  auto& plan = flags.plan;
  auto* command = app.add_subcommand(
      "plan", "how many calls collect will make, how long they take and what is allowed; calls nothing");
  auto* snapshot = command
                       ->add_option("--snapshot", plan.snapshot,
                                    "an earlier one, of which accounts and calls are counted")
                       ->type_name("FILE");
  auto* file = command->add_option("--accounts", plan.accounts_file, "for the accounts of this file")
                   ->type_name("FILE")
                   ->excludes(snapshot);
  command->add_option("--account-count", plan.accounts, "as if there were so many (default 1)")
      ->check(CLI::Range(1, 1'000'000))
      ->excludes(snapshot)
      ->excludes(file);
  command->add_option("--region", plan.regions, "only this region (repeatable; default: 17 regions)")
      ->excludes(snapshot);
  command
      ->add_option("--policy", plan.policies,
                   "an IAM policy of the identity that will collect (repeatable: they are in force "
                   "together); without it, what the snapshot's calls were denied")
      ->type_name("FILE");
  command->add_option("--format", plan.format, "how to print it")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  add_pace(*command, plan.max_in_flight, plan.max_rate);
  add_selection(*command, plan.selection);
  command->callback([&] { run = [&] { return plan_command(flags.plan); }; });
}

void add_import(CLI::App& app, Flags& flags, Run& run) {
  auto* command = app.add_subcommand("import", "make a snapshot from recordings");
  command->add_option("recordings", flags.import.recordings, "files made by collect --record")
      ->type_name("FILE")
      ->required();
  command->add_option("-o,--output", flags.import.out, "the snapshot to write")
      ->type_name("FILE")
      ->required();
  add_shard(*command, flags.import.shard);
  command->callback([&] { run = [&] { return import_command(flags.import); }; });
}

void add_merge(CLI::App& app, Flags& flags, Run& run) {
  auto& merge = flags.merge;
  auto* command = app.add_subcommand("merge", "make one snapshot of several, of other accounts each");
  command->add_option("snapshots", merge.snapshots, "what collect --shard or import --shard wrote")
      ->type_name("SNAPSHOT")
      ->required();
  command->add_option("-o,--output", merge.out, "the snapshot to write")->type_name("FILE")->required();
  command->add_flag("--force", merge.force, "replace the file that is there");
  command->add_flag("--allow-missing", merge.allow_missing,
                    "go on without shards that are missing or were stopped");
  command->add_option("--jobs", merge.jobs, "threads at most (default: as many as cores that it may use)")
      ->check(CLI::Range(1u, 256u));
  command->callback([&] { run = [&] { return merge_command(flags.merge); }; });
}

void add_report_options(CLI::App& command, ScanFlags& scan) {
  std::string formats = "report to write (repeatable; default: text on stdout):";
  for (const auto& reporter : reporters()) {
    formats += fmt::format("\n  {:<6} {}", reporter.name, reporter.doc);
  }
  command.add_option("--report", scan.reports, formats)->type_name("FORMAT[=PATH]");
  command.add_option("--fail-on", scan.fail_on, "exit with 1 on a finding of this level or worse")
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"critical", "warn", "unknown", "none"}))
      ->capture_default_str();
  command.add_flag("--allow-unknown", scan.allow_unknown,
                   "exit with 0 although evidence for the gate is missing");
  command.add_option("--min-coverage", scan.min_coverage,
                     "exit with 3 when AWS answered less of what was to be read, also with "
                     "--allow-unknown")
      ->type_name("PERCENT")
      ->check(CLI::Range(0.0, 100.0));
  command.add_option("--lang", scan.language, "language of verdicts in text and HTML")
      ->check(CLI::IsMember({"en", "ja"}))
      ->capture_default_str();
}

void add_scan(CLI::App& app, Flags& flags, Run& run) {
  auto& scan = flags.scan;
  auto* command = app.add_subcommand("scan", "judge accounts, or a snapshot of them");
  auto* snapshot =
      command->add_option("--snapshot", scan.snapshot, "judge this file; without it, collect first")
          ->type_name("FILE");
  command->add_option("-o,--output", scan.out, "keep the collected snapshot here")
      ->type_name("FILE")
      ->excludes(snapshot);
  add_report_options(*command, scan);
  add_selection(*command, scan.selection);
  add_live(*command, scan.live);
  exclude_live(*command, *snapshot);
  command
      ->add_option("--previous", scan.previous,
                   "an earlier snapshot: judge only accounts that have changed since; what is found "
                   "is kept beside the snapshot, as FILE.findings")
      ->type_name("FILE");
  command->add_option("--jobs", scan.jobs, "threads at most (default: as many as cores that it may use)")
      ->check(CLI::Range(1u, 256u));
  command->add_option("--check-seconds", scan.check_seconds,
                      "time that one check may take on all accounts together; what is left is unknown")
      ->check(CLI::Range(1u, 86'400u))
      ->capture_default_str();
  command->add_option("--set", scan.settings, "a check's setting; see checks show")
      ->type_name("CHECK.NAME=VALUE");
  command->add_option("--closed-region", scan.closed_regions,
                      "a region that a policy closes on purpose: what cannot be read there is not "
                      "applicable instead of unknown (repeatable)")
      ->type_name("REGION");
  command
      ->add_option("--waivers", scan.waivers,
                   "a file that says which findings are accepted, by whom and until when (repeatable)")
      ->type_name("FILE");
  command->add_flag("--run-hooks", scan.run_hooks,
                    "run the programs that the configuration names for findings, after the reports are "
                    "written; without it, say what would run");
  command->footer(kExitCodes);
  command->callback([&] { run = [&] { return scan_command(flags.scan); }; });
}

void add_new_check(CLI::App& checks, NewCheckFlags& flags, Run& run) {
  auto* command = checks.add_subcommand("new", "write a check file to begin with");
  command->add_option("file", flags.file, "ID.yaml, or the id alone: a-z, 0-9, -, . and _")
      ->type_name("ID|FILE")
      ->required();
  command->add_option("--table", flags.table, "the table that it reads; see ciswatch schema")
      ->type_name("NAME")
      ->default_val("aws_cloudwatch_log_group");
  command->callback([&] { run = [&] { return checks_new_command(flags); }; });
}

void add_checks(CLI::App& app, Flags& flags, Run& run) {
  auto* checks = app.add_subcommand("checks", "list, show, lint and test checks");
  checks->require_subcommand(1);
  auto* list = checks->add_subcommand("list", "the checks");
  list->add_flag("--markdown", flags.markdown, "as a Markdown table");
  add_library(*list, flags.library);
  list->callback([&] { run = [&] { return checks_list_command(flags.library, flags.markdown); }; });
  auto* show = checks->add_subcommand("show", "one check: why, SQL, API calls, IAM actions, fix");
  show->add_option("id", flags.check, "its id, or a file")->required();
  add_library(*show, flags.library);
  show->callback([&] { run = [&] { return checks_show_command(flags.library, flags.check); }; });
  auto* explain = checks->add_subcommand(
      "explain", "all behind one check: SQL, views, API calls, IAM actions, tests, and its findings");
  explain->add_option("id", flags.explain.check, "its id, or a file")->required();
  explain->add_option("--snapshot", flags.explain.snapshot, "also what it says of this, row by row")
      ->type_name("FILE");
  add_library(*explain, flags.explain.library);
  explain->callback([&] { run = [&] { return checks_explain_command(flags.explain); }; });
  add_new_check(*checks, flags.new_check, run);
  auto* lint = checks->add_subcommand("lint", "find mistakes in check and pack files");
  lint->add_option("paths", flags.paths, "files or folders")->type_name("PATH")->required();
  lint->callback([&] { run = [&] { return checks_lint_command(flags.paths); }; });
  auto* test = checks->add_subcommand("test", "run the tests that stand in check files");
  test->add_option("paths", flags.paths, "files or folders")->type_name("PATH")->required();
  test->callback([&] { run = [&] { return checks_test_command(flags.paths); }; });
}

void add_permissions(CLI::App& app, Flags& flags, Run& run) {
  auto* command = app.add_subcommand(
      "permissions", "the IAM policy that the chosen checks need: that and no more");
  auto* format = command->add_option("--format", flags.permissions.format, "how to print it")
                     ->check(CLI::IsMember({"json", "terraform", "cloudformation"}))
                     ->capture_default_str();
  command
      ->add_option("--diff", flags.permissions.snapshot,
                   "instead say what the role of this snapshot lacked, or had too much; exits with 1 "
                   "if it lacked anything")
      ->type_name("SNAPSHOT")
      ->excludes(format);
  command
      ->add_flag("--remediate", flags.permissions.remediate,
                 "instead the policy of who mends what they find: calls, undoing calls, reading again")
      ->excludes("--diff");
  command
      ->add_option("--plan", flags.permissions.plan, "instead the policy of who does this plan")
      ->type_name("PLAN")
      ->excludes("--diff")
      ->excludes("--remediate");
  add_accounts(*command, flags.permissions.accounts);
  command->get_option("--role")
      ->description("instead the policy of who takes on this role in the accounts")
      ->excludes("--diff")
      ->excludes("--remediate")
      ->excludes("--plan");
  add_selection(*command, flags.permissions.selection);
  command->callback([&] { run = [&] { return permissions_command(flags.permissions); }; });
}

void add_sql(CLI::App& app, Flags& flags, Run& run) {
  auto* command = app.add_subcommand(
      "sql", "ask a snapshot in SQL, read-only, with the views and functions of checks");
  command->add_option("snapshot", flags.sql.snapshot, "the snapshot")->type_name("FILE")->required();
  command->add_option("statement", flags.sql.statement, "one statement; without it, from stdin")
      ->type_name("SQL");
  command->add_option("--format", flags.sql.format, "how to print rows; json: one object a line")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  add_library(*command, flags.sql.library);
  command->callback([&] { run = [&] { return sql_command(flags.sql); }; });
}

void add_waivers(CLI::App& app, Flags& flags, Run& run) {
  auto* waivers = app.add_subcommand("waivers", "look after waiver files");
  waivers->require_subcommand(1);
  auto* lint = waivers->add_subcommand("lint", "find mistakes, and waivers that are about to rot");
  lint->add_option("files", flags.waivers.files, "waiver files")->type_name("FILE")->required();
  lint->add_option("--snapshot", flags.waivers.snapshot,
                   "also tell which waive nothing of it; judge by its time instead of today")
      ->type_name("FILE");
  lint->callback([&] { run = [&] { return waivers_lint_command(flags.waivers); }; });
}

void add_schema(CLI::App& app, Flags& flags, Run& run) {
  auto* command =
      app.add_subcommand("schema", "every table and column of a snapshot, with its API call");
  command->add_option("--json", flags.schema, "instead the JSON Schema of a kind of file")
      ->check(CLI::IsMember(schema_kinds()))
      ->type_name("KIND");
  command->callback([&] { run = [&] { return schema_command(flags.schema); }; });
}

// The innermost command that was given.
const CLI::App& given_command(const CLI::App& app) {
  const auto inner = app.get_subcommands();
  return inner.empty() ? app : given_command(*inner.front());
}

// "scan ", "remediate apply "; "" for the program itself.
std::string words_of(const CLI::App& command) {
  if (command.get_parent() == nullptr) return {};
  return words_of(*command.get_parent()) + command.get_name() + ' ';
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

// What is wrong. Of words that are not expected CLI11 names all, what follows a wrong flag included; of one
// that is no command, it says only that a command is missing.
std::string fault(const CLI::App& command, const CLI::ParseError& error) {
  const auto rest = command.remaining();
  if (rest.empty()) return error.what();
  const auto word = rest.front().substr(0, rest.front().find('='));
  const auto shown = shortened(printable(word), 60);
  if (word.starts_with('-')) {
    return fmt::format("{} is not expected here{}", shown, did_you_mean(word, flags_of(command)));
  }
  std::vector<std::string> names;
  for (const auto* inner : command.get_subcommands(nullptr)) names.push_back(inner->get_name());
  if (names.empty()) return shown + " is not expected here";
  return fmt::format("there is no command '{}'{}", shown, did_you_mean(word, names));
}

int usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto& command = given_command(app);
  fmt::print(stderr, "ciswatch: {}\n  (ciswatch {}--help tells more)\n", fault(command, error),
             words_of(command));
  return kExitUsage;
}

int run_program(int argc, char** argv) {
  CLI::App app("Would the logging of your AWS accounts hold up in an investigation?", "ciswatch");
  app.require_subcommand(1);
  app.set_version_flag("--version", "ciswatch " CISWATCH_VERSION);
  app.footer(kExitCodes);
  Flags flags;
  Run run;
  add_scan(app, flags, run);
  add_collect(app, flags, run);
  add_plan(app, flags, run);
  add_import(app, flags, run);
  add_merge(app, flags, run);
  add_checks(app, flags, run);
  add_permissions(app, flags, run);
  add_remediate(app, flags.remediate, run);
  add_sql(app, flags, run);
  add_waivers(app, flags, run);
  add_schema(app, flags, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error);
  }
  return run();
}

}  // namespace
}  // namespace ciswatch

int main(int argc, char** argv) {
  ciswatch::watch_signals();
  int code = ciswatch::kExitUsage;
  try {
    code = ciswatch::run_program(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ciswatch: %s\n", error.what());
  }
  // A command that a signal ended with an error still says so by its exit code.
  const int signal = ciswatch::stop_signal();
  if (signal != 0) return 128 + signal;
  if (std::fflush(stdout) != 0 && code == 0) {
    std::fprintf(stderr, "ciswatch: cannot write to stdout\n");
    return ciswatch::kExitUsage;
  }
  return code;
}
