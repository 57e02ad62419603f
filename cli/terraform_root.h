#pragma once

// A root of Terraform for one account: a provider for each region, the calls of the modules of its parts,
// and what the snapshot gives them. That stands in terraform.tfvars.json, whose texts Terraform takes as
// they are: in its other files "${" and "%{" are templates, and the names in a snapshot are strangers'.
// Pure functions; what they are given of places has been looked at by deployments_of.

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rules/bundle.h"

namespace ciswatch {

struct ModuleUse {
  const BundlePart* part;
  std::vector<const Deployment*> places;  // of the account; the others wait for the first
};

// Name and text of each file.
std::vector<std::pair<std::string, std::string>> terraform_root(const std::string& account_id,
                                                                std::span<const ModuleUse> modules);

// A parameter's name as a variable of a module: "KMSKeyId" is "kms_key_id".
std::string terraform_name(std::string_view name);

}  // namespace ciswatch
