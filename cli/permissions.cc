#include "cli/permissions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <vector>

#include "cli/chosen.h"
#include "cli/remediation_permissions.h"
#include "core/base/text.h"
#include "core/store/snapshot.h"
#include "rules/accounts.h"
#include "rules/plan.h"

namespace ciswatch {
namespace {

constexpr std::string_view kTakesOn = "sts:AssumeRole";

// The actions one a line, each with `before` and `after` around it and `between` lines.
std::string lines(const std::set<std::string>& actions, std::string_view before,
                  std::string_view after, std::string_view between) {
  std::string text;
  for (const auto& action : actions) {
    if (!text.empty()) text.append(between);
    text.append(before).append(action).append(after);
  }
  return text;
}

// What stands around the statements, and what one is made of.
struct Template {
  std::string_view head, statement, between, tail;
  std::string_view before, after, between_actions;  // of an action
};

constexpr Template kJson = {R"({
  "Version": "2012-10-17",
  "Statement": [
)",
                            R"(    {{
      "Sid": "{}",
      "Effect": "Allow",
      "Action": [
{}
      ],
      "Resource": "{}"
    }})",
                            ",\n",
                            R"(
  ]
}
)",
                            "        \"", "\"", ",\n"};

constexpr Template kTerraform = {R"(data "aws_iam_policy_document" "ciswatch" {
)",
                                 R"(  statement {{
    sid = "{}"
    actions = [
{}
    ]
    resources = ["{}"]
  }}
)",
                                 "",
                                 R"(}

resource "aws_iam_policy" "ciswatch" {
  name   = "ciswatch-reads"
  policy = data.aws_iam_policy_document.ciswatch.json
}
)",
                                 "      \"", "\",", "\n"};

constexpr Template kCloudformation = {R"(AWSTemplateFormatVersion: "2010-09-09"
Description: What ciswatch has to be allowed to read
Resources:
  CiswatchReads:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
)",
                                      R"(          - Sid: {}
            Effect: Allow
            Action:
{}
            Resource: "{}"
)",
                                      "",
                                      R"(Outputs:
  PolicyArn:
    Value: !Ref CiswatchReads
)",
                                      "              - ", "", "\n"};

const Template& template_of(std::string_view format) {
  if (format == "terraform") return kTerraform;
  return format == "cloudformation" ? kCloudformation : kJson;
}

// What takes on the role in the accounts, and lists them.
std::vector<Grant> caller_grants(const AccountFlags& flags) {
  const bool is_arn = !account_of_role(flags.role).empty();
  if (!is_arn && !is_role_name(flags.role)) {
    throw Error(fmt::format("--role: '{}' is neither a role's name nor its ARN",
                            shortened(printable(flags.role), 60)));
  }
  std::vector<Grant> grants{{"CiswatchTakesOnRoles",
                             {std::string(kTakesOn)},
                             is_arn ? flags.role : "arn:aws:iam::*:role/" + flags.role}};
  if (!flags.session_tags.empty()) grants.front().actions.insert("sts:TagSession");
  if (!flags.organization) return grants;
  Grant lists{"CiswatchListsAccounts", {"organizations:ListAccounts"}};
  if (!flags.units.empty()) {
    lists.actions = {"organizations:ListAccountsForParent",
                     "organizations:ListOrganizationalUnitsForParent"};
  }
  if (!flags.tags.empty()) lists.actions.insert("organizations:ListTagsForResource");
  grants.push_back(std::move(lists));
  return grants;
}

// What a snapshot tells of one action in one account.
struct Use {
  std::int64_t answered = 0, denied = 0, other = 0;
  std::string first_denial;
};

using Uses = std::map<std::string, std::map<std::string, Use>>;  // account → action

void add_row(const Statement& row, Uses& uses) {
  const auto* table = find_table(row.text(1), row.text(2));
  const auto outcome = row.text(3);
  if (table == nullptr) return;
  // Nobody needs a permission to ask who he is: what was denied is the account's role.
  const bool is_role = table->operation == "GetCallerIdentity" && outcome == "denied";
  const auto permission = is_role ? kTakesOn : table->permission;
  if (permission.empty()) return;
  auto& use = uses[std::string(row.text(0))][std::string(permission)];
  const auto calls = row.integer(4);
  if (outcome == "ok" || outcome == "absent") {
    use.answered += calls;
  } else if (outcome == "denied") {
    use.denied += calls;
    if (use.first_denial.empty()) use.first_denial = shortened(printable(row.text(5)), 300);
  } else {
    use.other += calls;
  }
}

Uses uses_in(const Snapshot& snapshot) {
  auto database = snapshot.open();
  auto rows = database.prepare(
      "select account_id, service, operation, outcome, count(*), min(region || iif(coalesce(target,"
      " '') = '', '', ' of ' || target) || ': ' || coalesce(code, '') || ': ' ||"
      " coalesce(message, '')) from api_call group by 1, 2, 3, 4 order by 1, 2, 3, 4");
  Uses uses;
  while (rows.step()) add_row(rows, uses);
  return uses;
}

std::string calls(std::int64_t count) { return counted(static_cast<std::size_t>(count), "call"); }

// Returns whether the account's role lacked anything.
bool print_difference(const std::map<std::string, Use>& uses, std::set<std::string> needed) {
  bool lacked = false;
  if (uses.contains(std::string(kTakesOn))) needed.emplace(kTakesOn);
  for (const auto& action : needed) {
    const auto found = uses.find(action);
    const Use use = found == uses.end() ? Use{} : found->second;
    if (use.denied > 0) {
      lacked = true;
      fmt::print("  lacked    {:<44} {} denied, first in {}\n", action, calls(use.denied),
                 use.first_denial);
    } else if (use.answered == 0) {
      fmt::print("  not told  {:<44} {}\n", action,
                 use.other == 0 ? "no call of this snapshot needed it"
                                : fmt::format("{} failed in other ways", calls(use.other)));
    }
  }
  for (const auto& [action, use] : uses) {
    if (use.answered == 0 || needed.contains(action)) continue;
    fmt::print("  too much  {:<44} {} answered, which the chosen checks do not need\n", action,
               calls(use.answered));
  }
  return lacked;
}

int print_differences(const Snapshot& snapshot, const std::set<std::string>& needed) {
  bool lacked = false;
  for (const auto& [account, uses] : uses_in(snapshot)) {
    fmt::print("{}\n", printable(account));
    if (print_difference(uses, needed)) lacked = true;
  }
  return lacked ? 1 : 0;
}

}  // namespace

std::set<std::string> actions_of(std::span<const TableSpec* const> tables) {
  std::set<std::string> actions;
  for (const auto* table : tables) {
    if (!table->permission.empty()) actions.emplace(table->permission);
  }
  return actions;
}

std::string policy_text(std::span<const Grant> all, std::string_view format) {
  std::vector<Grant> grants;  // a statement without an action is none
  std::copy_if(all.begin(), all.end(), std::back_inserter(grants),
               [](const Grant& grant) { return !grant.actions.empty(); });
  const auto& parts = template_of(format);
  std::string text(parts.head);
  for (const auto& grant : grants) {
    if (&grant != grants.data()) text += parts.between;
    text += fmt::format(fmt::runtime(parts.statement), grant.sid,
                        lines(grant.actions, parts.before, parts.after, parts.between_actions),
                        grant.resource);
  }
  return text.append(parts.tail);
}

int permissions_command(const PermissionsFlags& flags) {
  if (!flags.accounts.role.empty()) {
    fmt::print("{}", policy_text(caller_grants(flags.accounts), flags.format));
    return 0;
  }
  if (flags.accounts.organization) {
    throw Error("--organization: give --role, too, for the policy of who takes it on");
  }
  if (!flags.plan.empty()) {
    fmt::print("{}", policy_text(remediation_grants(flags.plan), flags.format));
    return 0;
  }
  const Chosen chosen = choose_checks(flags.selection, Tests::leave_out, Others::leave_out);
  if (flags.remediate) {
    fmt::print("{}", policy_text(remediation_grants(chosen), flags.format));
    return 0;
  }
  const auto needed = actions_of(required_tables(chosen.selection));
  if (!flags.snapshot.empty()) return print_differences(Snapshot(flags.snapshot), needed);
  const Grant reads{"CiswatchReads", needed};
  fmt::print("{}", policy_text({&reads, 1}, flags.format));
  return 0;
}

}  // namespace ciswatch
