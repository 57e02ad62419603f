#include <fmt/format.h>

#include <filesystem>

#include "cli/chosen.h"
#include "cli/planned.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/plan/shell_script.h"
#include "rules/bundle.h"
#include "rules/loader.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, const std::string& text, bool runs = false) {
  AsideFile file(path);
  file.write(text);
  file.commit();
  if (runs) fs::permissions(path, fs::perms::owner_exec, fs::perm_options::add);
}

void write_scripts(const ChangePlan& plan, const fs::path& folder) {
  for (const auto& account : changed_accounts(plan)) {
    write_file(folder / (account + ".sh"), apply_script(plan, account), true);
    write_file(folder / ("undo-" + account + ".sh"), undo_script(plan, account), true);
  }
  write_file(folder / "plan.json", to_json(plan));
}

constexpr std::string_view kReadme = R"(# Stacks

Each template is deployed as a stack, or as a stack set of many accounts, where the tables say, in their order: what comes first makes
what the others use. Look at the other parameters of the templates before: they have defaults. For one place:

```sh
aws cloudformation create-stack --stack-name PART --region REGION --capabilities CAPABILITY_NAMED_IAM \
  --template-body file://PART.yaml --parameters file://parameters/PART.ACCOUNT.REGION.json
```
)";

std::string parameters_json(const Deployment& deployment) {
  std::vector<std::string> items;
  for (const auto& [name, value] : deployment.parameters) {
    items.push_back(fmt::format("{{\"ParameterKey\": {}, \"ParameterValue\": {}}}", json_quote(name), json_quote(value)));
  }
  return '[' + join(items, ",\n ") + "]\n";
}

// The templates that are asked for, as they are, and what differs from place to place beside them.
void write_stacks(const std::vector<BundlePart>& parts, const Snapshot& snapshot, const ChangePlan& plan,
                  const RemediationBundleFlags& flags) {
  const auto& folder = flags.plan.out;
  const auto library = load_checks(flags.plan.selection.library, Tests::leave_out);
  std::string readme(kReadme);
  for (const auto& part : parts) {
    const auto deployments = deployments_of(part, snapshot, *library, plan.findings);
    if (deployments.empty()) continue;
    const auto file = part.id + ".yaml";
    write_file(folder / file, read_file(part.file.parent_path() / "cloudformation" / file, kLongestFile));
    fs::create_directories(folder / "parameters");
    readme += fmt::format("\n## {}\n\n{}\n\n| account | region |\n|---|---|\n", file, part.title);
    for (const auto& each : deployments) {
      const auto name = fmt::format("{}.{}.{}.json", part.id, each.account_id, each.region);
      write_file(folder / "parameters" / name, parameters_json(each));
      readme += fmt::format("| {} | {} |\n", each.account_id, each.region);
    }
  }
  write_file(folder / "README.md", readme);
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
  const auto plan = planned(flags.plan, snapshot);
  make_folder(flags.plan.out);
  if (flags.format == "cloudformation") {
    write_stacks(load_bundle_parts(checks_folder()), snapshot, plan, flags);
  } else {
    write_scripts(plan, flags.plan.out);
    say(plan);
  }
  return 0;
}

}  // namespace ciswatch
