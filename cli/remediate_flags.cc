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

}  // namespace

void add_remediate(CLI::App& app, RemediateFlags& flags, Run& run) {
  auto* command = app.add_subcommand("remediate", "mend what was found: plan, approve, apply, undo");
  command->require_subcommand(1);
  add_plan(*command, flags.plan, run);
  add_simulate(*command, flags.simulate, run);
}

}  // namespace ciswatch
