#pragma once

// Parts of a bundle as data: checks/bundles/ID.yaml says which failing checks ask for the part, and its SQL
// in which account and region it is deployed and with which parameters. What makes it is a template,
// checks/bundles/cloudformation/ID.yaml, a module of Terraform, checks/bundles/terraform/ID/*.tf, or both:
// nothing is put into either, so that names of strangers stay values.

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/plan/plan.h"
#include "core/store/snapshot.h"
#include "rules/library.h"

namespace ciswatch {

struct BundlePart : Query {
  std::vector<std::string> checks;
  std::string before;              // what must be done before it is deployed, for a README; "": nothing
  std::vector<std::string> lists;  // parameters that are lists, separated by commas
  std::vector<std::string> after;  // parts that make what this one uses, in another account

  [[nodiscard]] std::filesystem::path stack_template() const;  // there may be none there
  [[nodiscard]] std::filesystem::path terraform_module() const;
};

struct Deployment {
  std::string account_id, region;
  std::vector<std::pair<std::string, std::string>> parameters;  // other columns of the SQL but NULL
};

// Those of the library's folder, in the order of names. Throws Error with the mistakes.
std::vector<BundlePart> load_bundle_parts(const std::filesystem::path& folder);

// What parts are asked about.
struct BundleGround {
  const Snapshot& snapshot;
  const Library& library;
  std::span<const PlannedFinding> findings;
  std::map<std::string, std::string> settings;  // "part-id.name" → value
};

// None where none of its checks fails. In the order of the SQL. Throws Error for SQL that does not compile,
// for an account or a region that is none, and for a place that comes twice.
std::vector<Deployment> deployments_of(const BundlePart& part, const BundleGround& ground);

}  // namespace ciswatch
