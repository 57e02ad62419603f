#include "cli/accounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "core/aws/caller.h"
#include "core/aws/endpoints.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/collect/organization.h"
#include "core/collect/shard.h"
#include "rules/accounts.h"

namespace ciswatch {
namespace {

using Tags = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kMostSessionTags = 50;
constexpr std::string_view kInSessionNames =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+=,.@_-";

std::string shown(std::string_view text) { return shortened(printable(text), 60); }

Tags tags_in(const std::vector<std::string>& texts, std::string_view flag) {
  Tags tags;
  for (const auto& text : texts) {
    tags.push_back(key_and_value(text, flag));
    const auto twice = std::any_of(tags.begin(), tags.end() - 1, [&](const auto& other) {
      return other.first == tags.back().first;
    });
    if (twice) throw Error(fmt::format("{} {}: the key is there twice", flag, shown(text)));
  }
  return tags;
}

// What a role is taken on with, whatever the account.
Role common_role(const AccountFlags& flags) {
  Role role;
  role.external_id = flags.external_id;
  if (!flags.session_name.empty()) role.session_name = flags.session_name;
  if (role.session_name.size() < 2 || role.session_name.size() > 64 ||
      role.session_name.find_first_not_of(kInSessionNames) != std::string::npos) {
    throw Error("--role-session-name: 2 to 64 letters, digits and characters of +=,.@_-");
  }
  if (flags.duration != 0) role.duration_seconds = std::to_string(flags.duration);
  role.tags = tags_in(flags.session_tags, "--session-tag");
  if (role.tags.size() > kMostSessionTags) {
    throw Error(fmt::format("--session-tag: a session has at most {} tags", kMostSessionTags));
  }
  return role;
}

void refuse_contradictions(const AccountFlags& flags) {
  const bool many = flags.organization || !flags.file.empty();
  if (!flags.tags.empty() && !many) {
    throw Error("--account-tag chooses among the accounts of --accounts or --organization");
  }
  if (flags.role.empty()) {
    const bool about_a_role = !flags.external_id.empty() || !flags.session_name.empty() ||
                              flags.duration != 0 || !flags.session_tags.empty();
    if (about_a_role && flags.file.empty()) {
      throw Error("--external-id, --role-session-name, --role-duration and --session-tag are about a "
                  "role: give --role, too");
    }
    return;
  }
  const bool arn = !account_of_role(flags.role).empty();
  if (!arn && !is_role_name(flags.role)) {
    throw Error(fmt::format("--role: '{}' is neither a role's name nor its ARN", shown(flags.role)));
  }
  if (arn && many) {
    throw Error("--role: an ARN is of one account; with --accounts or --organization give the role's "
                "name, and in the file where an account has another");
  }
  if (arn && flags.only.size() > 1) {
    throw Error(fmt::format("--role: an ARN is of one account, and the plan is of {}; give the role's name",
                            flags.only.size()));
  }
  if (!arn && !many && flags.only.empty()) {
    throw Error("--role: in which account? Give the role's ARN, or the accounts with --accounts or "
                "--organization");
  }
}

std::string named(const std::string& id, const std::string& name) {
  return name.empty() ? id : fmt::format("{} ({})", id, printable(name));
}

// What messages call it.
std::string called(const AccountEntry& entry) {
  const std::string_view between = entry.name.empty() || entry.owner.empty() ? "" : ", ";
  const auto owner = entry.owner.empty() ? "" : "of " + entry.owner;
  return named(entry.id, fmt::format("{}{}{}", entry.name, between, owner));
}

bool is_wanted(const AskingFor& asking, const std::string& id) {
  return !asking.shard || is_of(*asking.shard, id);
}

std::vector<AccountEntry> in_organization(const AccountFlags& flags, const AskingFor& asking) {
  OrganizationRequest request;
  request.region = partition_of(asking.region).first_region;
  request.units = flags.units;
  request.with_tags = !flags.tags.empty();
  request.is_wanted = [&](const std::string& id) { return is_wanted(asking, id); };
  std::vector<AccountEntry> entries;
  for (auto& member : list_organization(asking.client, request)) {
    if (member.is_active()) {
      AccountEntry entry;
      entry.id = std::move(member.id);
      entry.name = std::move(member.name);
      entry.tags = std::move(member.tags);
      entries.push_back(std::move(entry));
    } else {
      fmt::print(stderr, "ciswatch: account {} is left out: it is {}\n", named(member.id, member.name),
                 member.state.empty() ? "in no state that is told" : printable(member.state));
    }
  }
  return entries;
}

std::vector<AccountEntry> entries_of(const AccountFlags& flags, const AskingFor& asking) {
  if (flags.organization) return in_organization(flags, asking);
  if (!flags.file.empty()) return load_accounts(flags.file);
  if (!flags.only.empty()) {
    std::vector<AccountEntry> entries;
    for (const auto& id : flags.only) entries.emplace_back().id = id;
    return entries;
  }
  AccountEntry entry;
  entry.id = account_of_role(flags.role);
  entry.role = flags.role;
  return {std::move(entry)};
}

bool is_of_plan(const AccountFlags& flags, const std::string& id) {
  return flags.only.empty() || std::find(flags.only.begin(), flags.only.end(), id) != flags.only.end();
}

void refuse_missing(const AccountFlags& flags, const ChosenAccounts& chosen) {
  for (const auto& id : flags.only) {
    if (chosen.names.contains(id)) continue;
    throw Error(fmt::format("account {} of the plan is not among the accounts that the flags choose",
                            printable(id)));
  }
}

bool has_tags(const AccountEntry& entry, const Tags& tags) {
  return std::all_of(tags.begin(), tags.end(), [&](const auto& tag) {
    const auto found = entry.tags.find(tag.first);
    return found != entry.tags.end() && found->second == tag.second;
  });
}

// The caller's own account is read with its own credentials, unless the file names a role for it.
std::optional<Role> role_of(const AccountEntry& entry, const AccountFlags& flags, Role role,
                            const Caller& caller) {
  auto name = entry.role;
  // With a role's ARN the caller means that role, whatever account it is itself of.
  const bool own = entry.id == caller.account_id && account_of_role(flags.role) != entry.id;
  if (name.empty() && own) return std::nullopt;
  if (name.empty()) name = flags.role;
  if (name.empty()) {
    throw Error(fmt::format("account {} has no role to take on: give --role NAME{}",
                            named(entry.id, entry.name),
                            flags.file.empty() ? "" : ", or a role in " + flags.file.string()));
  }
  const auto parts = split(caller.arn, ':');
  role.arn = is_role_name(name) ? fmt::format("arn:{}:iam::{}:role/{}",
                                              parts.size() > 1 ? parts[1] : "aws", entry.id, name)
                                : name;
  if (!entry.external_id.empty()) role.external_id = entry.external_id;
  return role;
}

}  // namespace

std::pair<std::string, std::string> key_and_value(const std::string& text, std::string_view flag) {
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    throw Error(fmt::format("{} {}: write it as KEY=VALUE", flag, shown(text)));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

ChosenAccounts choose_accounts(const AccountFlags& flags, const AskingFor& asking,
                               OwnAccount& own) {
  refuse_contradictions(flags);
  ChosenAccounts chosen;
  if (flags.role.empty() && flags.file.empty() && !flags.organization && flags.only.empty()) return chosen;
  const Role role = common_role(flags);
  const auto tags = tags_in(flags.tags, "--account-tag");
  const auto entries = entries_of(flags, asking);
  const Caller caller = caller_in(call_once(
      asking.client, caller_identity_call(partition_of(asking.region).first_region)));
  own.tell(caller.account_id);
  for (const auto& entry : entries) {
    if (!has_tags(entry, tags) || !is_wanted(asking, entry.id) || !is_of_plan(flags, entry.id)) continue;
    chosen.accounts.push_back({entry.id, role_of(entry, flags, role, caller)});
    if (!entry.regions.empty()) chosen.regions.emplace(entry.id, entry.regions);
    chosen.names.emplace(entry.id, called(entry));
  }
  refuse_missing(flags, chosen);
  if (chosen.accounts.empty() && !asking.shard) throw Error("no account is left to be read");
  return chosen;
}

}  // namespace ciswatch
