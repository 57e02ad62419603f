#include "benchmarks/fleet/roles.h"

#include <fmt/format.h>

#include "benchmarks/fleet/item.h"
#include "benchmarks/fleet/policies.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kDay = 86'400;
constexpr const char* kInlineName = "deliver-logs";

std::string policy_arn(const Account& account, std::string_view name) {
  return fmt::format("arn:aws:iam::{}:policy/{}", account.id, name);
}

std::string created(const Dice& dice) {
  return iso8601(first_night_end() - dice.at("age").between(40 * kDay, 2'000 * kDay));
}

std::string version_of(const Account& account, std::string_view arn) {
  return fmt::format("v{}", account.dice.at("version", arn).between(1, 4));
}

}  // namespace

std::optional<Role> role_of(const Account& account, std::string_view name) {
  const Dice dice = account.dice.at("role", name);
  if (dice.at("gone").thousandth(20)) return std::nullopt;
  const bool of_trail = name.starts_with("CloudTrail");
  Role role{.name = std::string(name),
            .service = of_trail ? "cloudtrail.amazonaws.com" : "vpc-flow-logs.amazonaws.com",
            .group = of_trail ? "*CloudTrail*" : "/vpc/flow-logs/*",
            .dice = dice};
  if (dice.at("other service").thousandth(15)) role.service = "ec2.amazonaws.com";
  constexpr Share<Grant> kGrants[] = {
      {Grant::inline_policy, 680}, {Grant::managed_policy, 290}, {Grant::nothing, 30}};
  role.grant = pick(dice.at("grant"), kGrants);
  role.has_boundary = dice.at("boundary").thousandth(60);
  return role;
}

Json role_answer(const Role& role, const Account& account) {
  Json answer;
  Item item(answer);
  item.add("Path", "/")
      .add("RoleName", role.name)
      .add("RoleId", "AROA" + role.dice.hex(17))
      .add("Arn", fmt::format("arn:aws:iam::{}:role/{}", account.id, role.name))
      .add("CreateDate", created(role.dice))
      .add("AssumeRolePolicyDocument", trust_policy(role.service))
      .add("Description", "")
      .add("MaxSessionDuration", std::int64_t{3600});
  if (role.has_boundary) {
    item.add("PermissionsBoundary",
             Item(answer)
                 .add("PermissionsBoundaryType", "Policy")
                 .add("PermissionsBoundaryArn", policy_arn(account, "workload-boundary")));
  }
  item.add("RoleLastUsed", Item(answer));
  set(answer, "Role", item);
  return answer;
}

Json inline_list_answer(const Role& role) {
  Json answer;
  Items names(answer);
  if (role.grant == Grant::inline_policy) names.add(kInlineName);
  set(answer, "PolicyNames", names);
  set(answer, "IsTruncated", JsonValue(false));
  return answer;
}

Json inline_answer(const Role& role, const Account& account) {
  Json answer;
  set(answer, "RoleName", json_text(role.name, answer));
  set(answer, "PolicyName", json_text(kInlineName, answer));
  set(answer, "PolicyDocument", json_text(delivery_policy(account, role.dice, role.group), answer));
  return answer;
}

Json attached_answer(const Role& role, const Account& account) {
  Json answer;
  Items list(answer);
  if (role.grant == Grant::managed_policy) {
    const auto name = role.name + "-policy";
    list.add(Item(answer).add("PolicyName", name).add("PolicyArn", policy_arn(account, name)));
  }
  set(answer, "AttachedPolicies", list);
  set(answer, "IsTruncated", JsonValue(false));
  return answer;
}

Json managed_answer(const Account& account, std::string_view arn) {
  const Dice dice = account.dice.at("policy", arn);
  const auto name = arn.substr(arn.rfind('/') + 1);
  Json answer;
  set(answer, "Policy",
      Item(answer)
          .add("PolicyName", name)
          .add("PolicyId", "ANPA" + dice.hex(17))
          .add("Arn", arn)
          .add("Path", "/")
          .add("DefaultVersionId", version_of(account, arn))
          .add("AttachmentCount", std::int64_t{1})
          .add("PermissionsBoundaryUsageCount", std::int64_t{0})
          .add("IsAttachable", true)
          .add("CreateDate", created(dice))
          .add("UpdateDate", created(dice)));
  return answer;
}

Json managed_version_answer(const Account& account, std::string_view arn,
                            std::string_view version) {
  const Dice dice = account.dice.at("policy", arn);
  const bool of_trail = arn.find("CloudTrail") != std::string_view::npos;
  const auto group = arn.ends_with("-boundary") ? "*"
                     : of_trail                 ? "*CloudTrail*"
                                                : "/vpc/flow-logs/*";
  Json answer;
  set(answer, "PolicyVersion",
      Item(answer)
          .add("Document", delivery_policy(account, dice, group))
          .add("VersionId", version)
          .add("IsDefaultVersion", true)
          .add("CreateDate", created(dice)));
  return answer;
}

}  // namespace ciswatch::fleet
