#pragma once

// The accounts that people name in a file, CSV or YAML (docs/fleet.md; kAccountsFileForm in
// rules/forms.h). Plain values. Files are hostile: bounded like those of checks.

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "rules/diagnostic.h"

namespace ciswatch {

inline constexpr std::size_t kLongestAccountsFile = 16u << 20;  // bytes

struct AccountEntry {
  std::string id;
  std::string role;  // its name, with its path if it has one, or its ARN; "" : nothing is said
  std::string external_id;
  std::vector<std::string> regions;  // to read; empty: nothing is said
  std::string name, owner;           // for people
  std::map<std::string, std::string> tags;
};

// Whether a role can be called so: a name, with a path in front or without.
bool is_role_name(std::string_view text);

// The account that a role's ARN is of; "" where it is no ARN of a role.
std::string account_of_role(std::string_view arn);

// The accounts of the file in their order, each once. It is YAML where it is called .yaml or .yml, else
// CSV. Every mistake is a diagnostic. Throws Error for a file that cannot be read.
std::vector<AccountEntry> read_accounts(const std::filesystem::path& file,
                                        std::vector<Diagnostic>& diagnostics);

// The same; throws Error with the first few mistakes.
std::vector<AccountEntry> load_accounts(const std::filesystem::path& file);

}  // namespace ciswatch
