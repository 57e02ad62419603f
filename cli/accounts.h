#pragma once

// From flags and files to the accounts that are read.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "core/aws/client.h"
#include "core/collect/live.h"
#include "core/store/part.h"

namespace ciswatch {

struct ChosenAccounts {
  std::vector<LiveAccount> accounts;  // empty: the one of the credentials
  std::map<std::string, std::vector<std::string>> regions;  // of those that have their own
  std::map<std::string, std::string> names;                 // for people
};

// What is asked with, and for which part of the accounts.
struct AskingFor {
  Client& client;
  std::string region;
  std::optional<Shard> shard;
};

// Asks who is calling, told in `own`, and AWS Organizations where it is to list the accounts.
// Says on stderr which it leaves out because they are not active. Throws Error: a mistake in flags or
// file, a list that was refused, no account left.
ChosenAccounts choose_accounts(const AccountFlags& flags, const AskingFor& asking,
                               OwnAccount& own);

// KEY=VALUE, as `flag` has it. Throws Error.
std::pair<std::string, std::string> key_and_value(const std::string& text, std::string_view flag);

}  // namespace ciswatch
