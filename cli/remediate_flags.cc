#include "cli/flags.h"

namespace ciswatch {
namespace {

constexpr const char* kApplyExitCodes =
    "Exit codes: 0 all is done, and what it was for is fixed; 1 a change was left out, or a finding is not\n"
    "known to be fixed; 2 a call failed, or the tool could not do its work; 130, 143 stopped by a signal.";

void add_findings(CLI::App& command, RemediationPlanFlags& flags) {
  command.add_option("--snapshot", flags.snapshot, "what was collected")->type_name("FILE");
  command.add_option("--account", flags.accounts, "only findings of this account; repeatable")
      ->type_name("ID");
  command.add_option("--set", flags.settings, "a setting of a fix, or of a part of a bundle; repeatable")
      ->type_name("FIX.NAME=VALUE");
  command.add_option("--waivers", flags.waivers, "what is waived is not planned for; repeatable")
      ->type_name("FILE");
  add_selection(command, flags.selection);
}

void add_plan(CLI::App& app, RemediationPlanFlags& flags, Run& run) {
  auto* command = app.add_subcommand("plan", "the exact calls that mend what a snapshot shows; calls nothing");
  add_findings(*command, flags);
  command->get_option("--snapshot")->required();
  command->add_option("-o,--output", flags.out, "the plan to write; without it, to stdout")
      ->type_name("FILE");
  command->callback([&] { run = [&] { return remediation_plan_command(flags); }; });
}

void add_bundle_flags(CLI::App& command, RemediationBundleFlags& flags) {
  add_findings(command, flags.plan);
  command.add_option("--format", flags.format, "of the bundle")
      ->check(CLI::IsMember({"cli", "cloudformation", "terraform"}));
  command.add_option("-o,--output", flags.plan.out, "the folder to write it to")->type_name("DIR");
}

constexpr const char* kBundleFlags[] = {"--snapshot", "--format", "--output"};

void add_bundle(CLI::App& app, RemediationBundleFlags& flags, Run& run) {
  auto* command = app.add_subcommand(
      "bundle", "files that mend what a snapshot shows: shell scripts, stacks or Terraform; calls nothing");
  add_bundle_flags(*command, flags);
  for (const auto* name : kBundleFlags) command->get_option(name)->required();
  command->callback([&] { run = [&] { return remediation_bundle_command(flags); }; });
}

// `remediate --format FORMAT -o DIR` is `remediate bundle` of these. A command after them would not see them.
void add_short_bundle(CLI::App& command, RemediationBundleFlags& flags, Run& run) {
  add_bundle_flags(command, flags);
  command.callback([&] {
    const bool has_command = !command.get_subcommands().empty();
    for (const auto* option : command.get_options()) {
      if (has_command && option->count() > 0) {
        throw CLI::ExtrasError({option->get_name() + " belongs behind the command"});
      }
    }
    if (has_command) return;
    for (const auto* name : kBundleFlags) {
      if (command.get_option(name)->count() == 0) {
        throw CLI::RequiredError(std::string("a command (remediate --help), or for a bundle ") + name);
      }
    }
    run = [&] { return remediation_bundle_command(flags); };
  });
}

void add_simulate(CLI::App& app, RemediationSimulateFlags& flags, Run& run) {
  auto* command = app.add_subcommand(
      "simulate", "which verdicts a plan would change, and whether any would be worse; calls nothing");
  command->add_option("plan", flags.plan, "the plan")->type_name("PLAN")->required();
  command->add_option("--snapshot", flags.snapshot, "the one that the plan was made of")
      ->type_name("FILE")
      ->required();
  command->add_option("-o,--output", flags.out, "keep the changed copy of the snapshot")
      ->type_name("FILE");
  command->add_option("--format", flags.format, "how to print it")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  add_selection(*command, flags.selection);
  command->callback([&] { run = [&] { return remediation_simulate_command(flags); }; });
}

void add_format(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "how to print what was done")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

void add_apply(CLI::App& app, RemediationApplyFlags& flags, Run& run) {
  auto* command = app.add_subcommand(
      "apply", "do exactly what a plan says, where nothing has changed since; without --approve only show it");
  command->add_option("plan", flags.plan, "what remediate plan wrote")->type_name("PLAN")->required();
  command->add_option("--approve", flags.approve, "the plan's hash: do it")->type_name("HASH");
  command->add_option("--journal", flags.journal, "where it is kept what was done (default PLAN.journal)")
      ->type_name("FILE");
  command->add_option("--max-changes", flags.max_changes, "refuse a plan with more")->capture_default_str();
  command->add_option("--max-age", flags.max_age, "refuse a plan of a snapshot that is older")
      ->type_name("HOURS")
      ->check(CLI::Range(0.0, 100'000.0))
      ->capture_default_str();
  command->add_flag("--auto-undo", flags.auto_undo, "undo the changes that have fixed nothing");
  command->add_flag("--run-hooks", flags.run_hooks,
                    "run the programs that the configuration names before and after a change");
  command->add_option("--reader-profile", flags.reader_profile,
                      "collect the accounts again with this profile, to see what is fixed (default: --profile)");
  command->add_option("--reader-role", flags.reader_role, "and by this role (default: --role)")
      ->type_name("NAME|ARN");
  command->add_option("--set", flags.settings, "a setting of a check, as it was judged with; repeatable")
      ->type_name("CHECK.NAME=VALUE");
  add_format(*command, flags.format);
  add_connection(*command, flags.live);
  add_library(*command, flags.library);
  command->footer(kApplyExitCodes);
  command->callback([&] { run = [&] { return remediation_apply_command(flags); }; });
}

void add_undo(CLI::App& app, RemediationUndoFlags& flags, Run& run) {
  auto* command = app.add_subcommand(
      "undo", "restore what was before the changes of a journal, where it is still as they left it");
  command->add_option("journal", flags.journal, "what remediate apply wrote")->type_name("JOURNAL")->required();
  add_format(*command, flags.format);
  add_connection(*command, flags.live);
  command->footer(kApplyExitCodes);
  command->callback([&] { run = [&] { return remediation_undo_command(flags); }; });
}

}  // namespace

void add_remediate(CLI::App& app, RemediateFlags& flags, Run& run) {
  auto* command = app.add_subcommand("remediate", "mend what was found: plan, approve, apply, undo");
  command->require_subcommand(0, 1);
  add_short_bundle(*command, flags.short_bundle, run);
  add_plan(*command, flags.plan, run);
  add_bundle(*command, flags.bundle, run);
  add_simulate(*command, flags.simulate, run);
  add_apply(*command, flags.apply, run);
  add_undo(*command, flags.undo, run);
}

}  // namespace ciswatch
