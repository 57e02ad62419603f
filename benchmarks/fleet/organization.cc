#include "benchmarks/fleet/organization.h"

#include <fmt/format.h>

#include <algorithm>

#include "benchmarks/fleet/item.h"
#include "benchmarks/fleet/trails.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kDay = 86'400;

// The tree: three units below the root, two below one of them.
struct Unit {
  std::string_view name, parent;  // "": the root
};
constexpr Unit kUnits[] = {
    {"Security", ""}, {"Workloads", ""}, {"Sandbox", ""}, {"Prod", "Workloads"}, {"Test", "Workloads"}};

// Service control policies besides AWS's own.
struct Guard {
  std::string_view name;
  std::uint64_t thousandths;  // how many organizations have it
};
constexpr Guard kGuards[] = {{"protect-trails", 600}, {"protect-log-bucket", 450},
                             {"protect-keys", 250},   {"closed-regions", 400}};

std::string root_id(const Organization& org) { return "r-" + org.dice.at("root").hex(4); }

std::string unit_id(const Organization& org, std::string_view name) {
  if (name.empty()) return root_id(org);
  return fmt::format("ou-{}-{}", org.dice.at("root").hex(4), org.dice.at("unit", name).hex(8));
}

std::string policy_id(const Organization& org, std::string_view name) {
  return "p-" + org.dice.at("policy", name).hex(8);
}

bool has(const Organization& org, const Guard& guard) {
  return org.dice.at("guard", guard.name).thousandth(guard.thousandths);
}

std::string arn(const Organization& org, std::string_view kind, std::string_view id) {
  return fmt::format("arn:aws:organizations::{}:{}/{}/{}", org.management_id, kind,
                     organization_id(org), id);
}

// Where an account is: the management account below the root, the log archive in Security.
std::string_view unit_of(const Account& account) {
  if (account.is_management) return "";
  if (account.is_archive) return "Security";
  constexpr Share<std::string_view> kPlaces[] = {
      {"Prod", 400}, {"Test", 350}, {"Sandbox", 200}, {"", 50}};
  return pick(account.dice.at("unit"), kPlaces);
}

JsonValue account_item(const Account& account, Json& document) {
  const char* status = account.dice.at("suspended").thousandth(20) ? "SUSPENDED" : "ACTIVE";
  return Item(document)
      .add("Id", account.id)
      .add("Arn", arn(account.organization, "account", account.id))
      .add("Email", fmt::format("aws+{}@example.com", account.index))
      .add("Name", fmt::format("account-{}", account.index))
      .add("Status", status)
      .add("State", status)
      .add("JoinedMethod", account.is_management ? "INVITED" : "CREATED")
      .time("JoinedTimestamp",
            first_night_end() - account.dice.at("joined").between(10 * kDay, 2'000 * kDay));
}

std::string denial(const Organization& org, std::string_view guard) {
  const auto bucket = trail_bucket_of(org);
  if (guard == "protect-trails") {
    return R"("Action":["cloudtrail:StopLogging","cloudtrail:DeleteTrail","cloudtrail:UpdateTrail",)"
           R"("cloudtrail:PutEventSelectors"],"Resource":"*")";
  }
  if (guard == "protect-log-bucket") {
    // One in three names the bucket only, so that its objects are not protected.
    const bool objects = !org.dice.at("bucket only").thousandth(330);
    return fmt::format(
        R"("Action":["s3:DeleteBucket","s3:DeleteBucketPolicy","s3:DeleteObject",)"
        R"("s3:DeleteObjectVersion","s3:PutBucketPolicy","s3:PutLifecycleConfiguration",)"
        R"("s3:PutBucketVersioning"],"Resource":["arn:aws:s3:::{0}"{1}])",
        bucket, objects ? fmt::format(R"(,"arn:aws:s3:::{}/*")", bucket) : "");
  }
  if (guard == "protect-keys") {
    return R"("Action":["kms:ScheduleKeyDeletion","kms:DisableKey","kms:PutKeyPolicy"],)"
           R"("Resource":"*")";
  }
  return R"("NotAction":["iam:*","sts:*","organizations:*","cloudfront:*"],"Resource":"*",)"
         R"("Condition":{"StringNotEquals":{"aws:RequestedRegion":["us-east-1","eu-central-1"]}})";
}

JsonValue summary(const Organization& org, std::string_view name, Json& document) {
  const bool aws = name == "FullAWSAccess";
  const auto id = aws ? "p-FullAWSAccess" : policy_id(org, name);
  return Item(document)
      .add("Id", id)
      .add("Arn", aws ? "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
                      : arn(org, "policy", fmt::format("service_control_policy/{}", id)))
      .add("Name", name)
      .add("Description", "")
      .add("Type", "SERVICE_CONTROL_POLICY")
      .add("AwsManaged", aws);
}

const Guard* guard_of(const Organization& org, std::string_view id) {
  const auto* found = std::find_if(std::begin(kGuards), std::end(kGuards), [&](const Guard& guard) {
    return policy_id(org, guard.name) == id;
  });
  return found == std::end(kGuards) ? nullptr : found;
}

}  // namespace

std::string organization_id(const Organization& organization) {
  return fmt::format("o-{}", organization.dice.at("id").hex(10));
}

Json organization_answer(const Account& account) {
  const Organization& org = account.organization;
  Json answer;
  JsonValue type = Item(answer).add("Type", "SERVICE_CONTROL_POLICY").add("Status", "ENABLED");
  set(answer, "Organization",
      Item(answer)
          .add("Id", organization_id(org))
          .add("Arn", fmt::format("arn:aws:organizations::{}:organization/{}", org.management_id,
                                  organization_id(org)))
          .add("FeatureSet", "ALL")
          .add("MasterAccountArn", arn(org, "account", org.management_id))
          .add("MasterAccountId", org.management_id)
          .add("MasterAccountEmail", "aws@example.com")
          .add("AvailablePolicyTypes", Items(answer).add(std::move(type))));
  return answer;
}

Json roots_answer(const Account& account) {
  const Organization& org = account.organization;
  Json answer;
  Items types(answer);
  if (!org.dice.at("no policies").thousandth(40)) {
    types.add(Item(answer).add("Type", "SERVICE_CONTROL_POLICY").add("Status", "ENABLED"));
  }
  JsonValue root = Item(answer)
                       .add("Id", root_id(org))
                       .add("Arn", arn(org, "root", root_id(org)))
                       .add("Name", "Root")
                       .add("PolicyTypes", types);
  set(answer, "Roots", Items(answer).add(std::move(root)));
  return answer;
}

Json units_answer(const Account& account, std::string_view parent) {
  const Organization& org = account.organization;
  Json answer;
  Items list(answer);
  for (const auto& unit : kUnits) {
    if (unit_id(org, unit.parent) != parent) continue;
    const auto id = unit_id(org, unit.name);
    list.add(Item(answer).add("Id", id).add("Arn", arn(org, "ou", id)).add("Name", unit.name));
  }
  set(answer, "OrganizationalUnits", list);
  return answer;
}

Json accounts_answer(const Account& account, std::string_view parent) {
  Json answer;
  Items list(answer);
  const auto first = account.organization.number * kOrganizationSize;
  for (auto index = first; index < first + kOrganizationSize; ++index) {
    const Account other(account.options, index);
    if (other.is_member && unit_id(other.organization, unit_of(other)) == parent) {
      list.add(account_item(other, answer));
    }
  }
  set(answer, "Accounts", list);
  return answer;
}

Json policies_answer(const Account& account) {
  Json answer;
  Items list(answer);
  list.add(summary(account.organization, "FullAWSAccess", answer));
  for (const auto& guard : kGuards) {
    if (has(account.organization, guard)) {
      list.add(summary(account.organization, guard.name, answer));
    }
  }
  set(answer, "Policies", list);
  return answer;
}

Json policy_answer(const Account& account, std::string_view id) {
  const Organization& org = account.organization;
  const Guard* guard = guard_of(org, id);
  const auto name = guard == nullptr ? "FullAWSAccess" : guard->name;
  const auto content = guard == nullptr ? R"("Effect":"Allow","Action":"*","Resource":"*")"
                                        : fmt::format(R"("Effect":"Deny",{})", denial(org, name));
  Json answer;
  set(answer, "Policy",
      Item(answer)
          .add("PolicySummary", summary(org, name, answer))
          .add("Content",
               fmt::format(R"({{"Version":"2012-10-17","Statement":[{{{}}}]}})", content)));
  return answer;
}

Json policy_targets_answer(const Account& account, std::string_view id) {
  const Organization& org = account.organization;
  Json answer;
  Items list(answer);
  const auto add = [&](std::string_view unit) {
    const auto target = unit_id(org, unit);
    list.add(Item(answer)
                 .add("TargetId", target)
                 .add("Arn", arn(org, unit.empty() ? "root" : "ou", target))
                 .add("Name", unit.empty() ? "Root" : unit)
                 .add("Type", unit.empty() ? "ROOT" : "ORGANIZATIONAL_UNIT"));
  };
  const Guard* guard = guard_of(org, id);
  if (guard == nullptr) {
    add("");
    for (const auto& unit : kUnits) add(unit.name);
  } else if (!org.dice.at("detached", guard->name).thousandth(80)) {
    add(guard->name == "protect-log-bucket" ? "Security" : "");
  }
  set(answer, "Targets", list);
  return answer;
}

Json service_access_answer(const Account& account) {
  const Organization& org = account.organization;
  Json answer;
  Items list(answer);
  for (const char* service : {"cloudtrail.amazonaws.com", "config.amazonaws.com",
                              "member.org.stacksets.cloudformation.amazonaws.com",
                              "sso.amazonaws.com"}) {
    if (org.dice.at("no access", service).thousandth(120)) continue;
    Item item(answer);
    item.add("ServicePrincipal", service);
    item.time("DateEnabled", first_night_end() - org.dice.at("age").between(100, 1'500) * kDay);
    list.add(item);
  }
  set(answer, "EnabledServicePrincipals", list);
  return answer;
}

Json delegated_answer(const Account& account) {
  const Organization& org = account.organization;
  Json answer;
  Items list(answer);
  if (org.dice.at("delegated").thousandth(600)) {
    const Account archive(account.options, org.number * kOrganizationSize + 1);
    list.add(account_item(archive, answer));
  }
  set(answer, "DelegatedAdministrators", list);
  return answer;
}

}  // namespace ciswatch::fleet
