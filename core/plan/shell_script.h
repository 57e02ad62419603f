#pragma once

// A plan as shell scripts for the AWS CLI: one that makes the calls of an account, one that takes them
// back. Pure functions of the plan. What comes from the plan stands in the scripts only as words in
// single quotes, or in comments of one line.
//
// Both keep in a file beside them, `calls.HASH`, what is done and the members of answers that other calls
// need, so that they can be run again after a failure, and the second takes back only what the first has
// done. Unlike `apply` they do not look whether something has changed since the plan.
// Parameters are given as --cli-input-json: exactly the plan's, and no value of theirs is a flag, a
// file:// or shorthand to the CLI.

#include <string>
#include <string_view>
#include <vector>

#include "core/plan/plan.h"

namespace ciswatch {

// The accounts in which the plan changes something, each once, in the plan's order.
std::vector<std::string> changed_accounts(const ChangePlan& plan);

// Throw Error for an account that is not one.
std::string apply_script(const ChangePlan& plan, const std::string& account_id);
std::string undo_script(const ChangePlan& plan, const std::string& account_id);

// One word of a shell, in single quotes where it needs them.
std::string shell_word(std::string_view text);

// An API's name as the AWS CLI has it: "PutBucketPolicy" is "put-bucket-policy".
std::string cli_name(std::string_view name);

}  // namespace ciswatch
