#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/bundle_parts.h"
#include "cli/terraform_root.h"
#include "core/base/files.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReadme = R"(# Terraform

Each folder named by an account is a root: its provider refuses other accounts, and its calls use what is in `modules/`. Nothing of
what they make was there in the snapshot, so nothing is imported. In the order of the table, with the account's credentials
or with a role to take on there:

```sh
terraform -chdir=ACCOUNT init
terraform -chdir=ACCOUNT plan -out=plan.tfplan        # -var assume_role_arn=ARN
terraform -chdir=ACCOUNT apply plan.tfplan
```

`terraform.tfvars.json` has what the snapshot gives. The modules' other variables have defaults, for you to set in `main.tf`. Without a
backend the state is a file beside `main.tf`: name your own. Buckets of logs and keys are kept from being destroyed by `prevent_destroy`.

| account | module | regions |
|---|---|---|
)";

void copy_module(const BundlePart& part, const fs::path& folder) {
  const auto to = folder / "modules" / part.id;
  fs::create_directories(to);
  for (const auto& entry : fs::directory_iterator(part.terraform_module())) {
    write_bundle_file(to / entry.path().filename(), read_file(entry.path(), kLongestBundleFile));
  }
}

struct Root {
  std::string account_id;
  std::vector<ModuleUse> modules;
};

std::vector<Root>::iterator root_of(std::vector<Root>& roots, const Deployment& place) {
  return std::find_if(roots.begin(), roots.end(), [&](const Root& one) { return one.account_id == place.account_id; });
}

// Puts the accounts of `first` before those of `then`, where they come behind.
void put_before(const AskedPart& first, const AskedPart& then, std::vector<Root>& roots) {
  for (const auto& place : then.places) {
    for (const auto& earlier : first.places) {
      const auto to = root_of(roots, place), from = root_of(roots, earlier);
      if (to < from) std::rotate(to, from, from + 1);
    }
  }
}

// In the order in which the parts come to the accounts, but an account after those that make what its parts use.
std::vector<Root> roots_of(std::span<const AskedPart> parts) {
  std::vector<Root> roots;
  for (const auto& asked : parts) {
    for (const auto& place : asked.places) {
      auto root = root_of(roots, place);
      if (root == roots.end()) root = roots.insert(roots.end(), Root{place.account_id, {}});
      if (root->modules.empty() || root->modules.back().part != &asked.part) root->modules.push_back({&asked.part, {}});
      root->modules.back().places.push_back(&place);
    }
  }
  for (const auto& then : parts) {
    for (const auto& first : parts) {
      const auto& after = then.part.after;
      if (std::find(after.begin(), after.end(), first.part.id) != after.end()) put_before(first, then, roots);
    }
  }
  return roots;
}

std::string rows(const Root& root) {
  std::string text;
  for (const auto& use : root.modules) {
    std::vector<std::string> regions;
    for (const auto* place : use.places) regions.push_back(place->region);
    text += fmt::format("| {} | {} | {} |\n", root.account_id, use.part->id, join(regions, ", "));
  }
  return text;
}

}  // namespace

void write_terraform(std::span<const AskedPart> parts, const std::string& left, const fs::path& folder) {
  std::string readme(kReadme);
  for (const auto& root : roots_of(parts)) {
    fs::create_directories(folder / root.account_id);
    for (const auto& [name, text] : terraform_root(root.account_id, root.modules)) {
      write_bundle_file(folder / root.account_id / name, text);
    }
    readme += rows(root);
  }
  readme += "\n";
  for (const auto& asked : parts) {
    copy_module(asked.part, folder);
    const auto& [part, places] = asked;
    readme += fmt::format("* `{}`: {}{}\n", part.id, part.title, part.before.empty() ? "" : ". Before it: " + part.before);
  }
  write_bundle_file(folder / "README.md", readme + left);
}

}  // namespace ciswatch
