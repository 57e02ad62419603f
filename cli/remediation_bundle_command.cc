#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/bundle_parts.h"
#include "cli/chosen.h"
#include "cli/planned.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/plan/shell_script.h"
#include "rules/settings.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

void write_scripts(const ChangePlan& plan, const fs::path& folder) {
  const auto write = [&](const std::string& name, const std::string& text) {
    write_bundle_file(folder / name, text);
    fs::permissions(folder / name, fs::perms::owner_exec, fs::perm_options::add);
  };
  for (const auto& account : changed_accounts(plan)) {
    write(account + ".sh", apply_script(plan, account));
    write("undo-" + account + ".sh", undo_script(plan, account));
  }
  write_bundle_file(folder / "plan.json", to_json(plan));
}

constexpr std::string_view kReadme = R"(# Stacks

Each template is deployed where its table says, with the credentials of that account. Go through the templates and through the rows of
their tables in this order: what comes first makes what the others use. Look at the other parameters of the templates before: they have
defaults. For one place:

```sh
aws cloudformation create-stack --stack-name PART --region REGION --capabilities CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND \
  --template-body file://PART.yaml --parameters file://parameters/PART.ACCOUNT.REGION.json
aws cloudformation wait stack-create-complete --stack-name PART --region REGION
```

For many places as one stack set, the set with the parameters of any place, and each place with its own:

```sh
aws cloudformation create-stack-set --stack-set-name PART --capabilities CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND \
  --template-body file://PART.yaml --parameters file://parameters/PART.ACCOUNT.REGION.json
aws cloudformation create-stack-instances --stack-set-name PART --accounts ACCOUNT --regions REGION \
  --parameter-overrides file://parameters/PART.ACCOUNT.REGION.json
```

Later changes go by the same template and file (`update-stack`), never by `--use-previous-template`: a template with a loop is not stored as
it is here. Then collect and bundle again: what is there now can ask for more, as the log group of a trail does for alarms.
)";

std::string parameters_json(const Deployment& deployment) {
  std::vector<std::string> items;
  for (const auto& [name, value] : deployment.parameters) {
    items.push_back(fmt::format("{{\"ParameterKey\": {}, \"ParameterValue\": {}}}", json_quote(name), json_quote(value)));
  }
  return '[' + join(items, ",\n ") + "]\n";
}

// The templates that are asked for, as they are, and what differs from place to place beside them.
void write_stacks(std::span<const AskedPart> parts, const std::string& left, const fs::path& folder) {
  std::string readme(kReadme);
  for (const auto& [part, places] : parts) {
    const auto file = part.id + ".yaml";
    write_bundle_file(folder / file, read_file(part.stack_template(), kLongestBundleFile));
    fs::create_directories(folder / "parameters");
    readme += fmt::format("\n## {}\n\n{}.{}\n\n| account | region |\n|---|---|\n", file, part.title,
                          part.before.empty() ? "" : " Before it: " + part.before);
    for (const auto& each : places) {
      const auto name = fmt::format("{}.{}.{}.json", part.id, each.account_id, each.region);
      write_bundle_file(folder / "parameters" / name, parameters_json(each));
      readme += fmt::format("| {} | {} |\n", each.account_id, each.region);
    }
  }
  write_bundle_file(folder / "README.md", readme + left);
}

// Those that the findings ask for and that `made_by` of the part is there for.
std::vector<AskedPart> asked_parts(std::vector<BundlePart>&& parts, const BundleGround& ground,
                                   fs::path (BundlePart::*made_by)() const) {
  std::vector<AskedPart> asked;
  for (auto& part : parts) {
    if (!fs::exists((part.*made_by)())) continue;
    auto places = deployments_of(part, ground);
    if (!places.empty()) asked.push_back({std::move(part), std::move(places)});
  }
  return asked;
}

// Takes the settings of parts out of `set`. Throws Error for a wrong one.
std::map<std::string, std::string> take_part_settings(const std::vector<BundlePart>& parts,
                                                      std::vector<std::string>& set) {
  const auto of_parts = std::stable_partition(set.begin(), set.end(), [&](const std::string& each) {
    return std::none_of(parts.begin(), parts.end(),
                        [&](const BundlePart& part) { return each.starts_with(part.id + '.'); });
  });
  auto taken = values_set(std::vector(of_parts, set.end()), "PART");
  set.erase(of_parts, set.end());
  refuse_wrong_settings(parts, taken);
  return taken;
}

// Throws Error where there is something in it: a bundle's files are all that it holds.
void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(fmt::format("cannot make {}: {}", folder.string(), error.message()));
  if (!fs::is_empty(folder, error) || error) {
    throw Error(fmt::format("{} is not empty: a bundle gets a folder of its own", folder.string()));
  }
}

}  // namespace

int remediation_bundle_command(const RemediationBundleFlags& flags) {
  const Snapshot snapshot(flags.plan.snapshot);
  const auto chosen = choose_checks(flags.plan.selection);
  auto parts = load_bundle_parts(checks_folder());
  auto fixing = flags.plan;
  auto settings = take_part_settings(parts, fixing.settings);
  const auto plan = planned(fixing, snapshot, chosen);
  const auto& folder = flags.plan.out;
  make_folder(folder);
  if (flags.format == "cli") {
    write_scripts(plan, folder);
    say(plan);
    return 0;
  }
  const bool stacks = flags.format == "cloudformation";
  const auto asked = asked_parts(std::move(parts), {snapshot, *chosen.library, plan.findings, std::move(settings)},
                                 stacks ? &BundlePart::stack_template : &BundlePart::terraform_module);
  (stacks ? write_stacks : write_terraform)(asked, left_findings(asked, plan, *chosen.library), folder);
  return 0;
}

}  // namespace ciswatch
