#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "rules/bundle.h"

namespace ciswatch {

// A part that failing findings ask for, and where.
struct AskedPart {
  BundlePart part;
  std::vector<Deployment> places;  // never none
};

// Shipped files are no longer than this.
inline constexpr std::size_t kLongestBundleFile = 1 << 20;

// Throws Error.
void write_bundle_file(const std::filesystem::path& path, const std::string& text);

// For a README: what is found and no part here is for. It exists and is set wrongly, or has no part; "" for none.
std::string left_findings(std::span<const AskedPart> parts, const ChangePlan& plan, const Library& library);

// README.md, modules/ID with the files of each part's module, and for each account a root that uses them
// (cli/terraform_root.h). Parts without a module are told in the README. Throws Error.
void write_terraform(std::span<const AskedPart> parts, const std::string& left, const std::filesystem::path& folder);

}  // namespace ciswatch
