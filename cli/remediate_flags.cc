#include "cli/flags.h"

namespace ciswatch {
namespace {

void add_plan(CLI::App& app, RemediationPlanFlags& flags, Run& run) {
  auto* command = app.add_subcommand("plan", "the exact calls that mend what a snapshot shows; calls nothing");
  command->add_option("--snapshot", flags.snapshot, "what was collected")->type_name("FILE")->required();
  command->add_option("-o,--output", flags.out, "the plan to write; without it, to stdout")
      ->type_name("FILE");
  command->add_option("--account", flags.accounts, "only findings of this account; repeatable")
      ->type_name("ID");
  command->add_option("--set", flags.settings, "a setting of a fix; repeatable")
      ->type_name("FIX.NAME=VALUE");
  command->add_option("--waivers", flags.waivers, "what is waived is not planned for; repeatable")
      ->type_name("FILE");
  add_selection(*command, flags.selection);
  command->callback([&] { run = [&] { return remediation_plan_command(flags); }; });
}

}  // namespace

void add_remediate(CLI::App& app, RemediateFlags& flags, Run& run) {
  auto* command = app.add_subcommand("remediate", "mend what was found: plan, approve, apply, undo");
  command->require_subcommand(1);
  add_plan(*command, flags.plan, run);
}

}  // namespace ciswatch
