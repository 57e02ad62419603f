#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kOrganization[] = {
    {"id", Type::text, "/Organization/Id", "The organization's id, o-…; '' for no organization",
     std::nullopt, ""},
    {"arn", Type::text, "/Organization/Arn", "Its ARN; '' for no organization", std::nullopt, ""},
    {"master_account_id", Type::text, "/Organization/MasterAccountId",
     "The management account; '' for no organization", std::nullopt, ""},
    {"feature_set", Type::text, "/Organization/FeatureSet",
     "ALL, or CONSOLIDATED_BILLING, which has no policies; '' for no organization", std::nullopt,
     ""},
    {"in_organization", Type::boolean, kAnswered, "0: the account is in no organization"},
};

constexpr Column kOrganizationId = {"organization_id", Type::text, kTarget, "The organization"};

constexpr Column kRoot[] = {
    kOrganizationId,
    {"id", Type::text, "/Id", "The root's id, r-…"},
    {"arn", Type::text, "/Arn", "ARN of the root"},
    {"name", Type::text, "/Name", "Name of the root"},
    {"policy_types", Type::json, "/PolicyTypes", "Kinds of policies that are switched on", "[]"},
};

constexpr Column kUnit[] = {
    {"parent_id", Type::text, kTarget, "The root or unit that it is in"},
    {"id", Type::text, "/Id", "The unit's id, ou-…"},
    {"arn", Type::text, "/Arn", "ARN of the unit"},
    {"name", Type::text, "/Name", "Name of the unit"},
};

// The API retires Status for State, which has the same words: read whichever is there.
constexpr Column kAccount[] = {
    {"parent_id", Type::text, kTarget, "The root or unit that it is in"},
    {"id", Type::text, "/Id", "The account's id"},
    {"arn", Type::text, "/Arn", "ARN of the account in the organization"},
    {"name", Type::text, "/Name", "Name of the account"},
    {"status", Type::text, "/Status", "ACTIVE, SUSPENDED or PENDING_CLOSURE; see also state"},
    {"state", Type::text, "/State", "The same, as newer answers tell it"},
};

constexpr Column kPolicy[] = {
    kOrganizationId,
    {"id", Type::text, "/Id", "The policy's id, p-…"},
    {"arn", Type::text, "/Arn", "ARN of the policy"},
    {"name", Type::text, "/Name", "Name of the policy"},
    {"type", Type::text, "/Type", "SERVICE_CONTROL_POLICY"},
    {"aws_managed", Type::boolean, "/AwsManaged", "Whether it is AWS's own"},
};

constexpr Column kContent[] = {
    {"id", Type::text, kTarget, "The policy's id"},
    {"content", Type::document, "/Policy/Content", "What it allows and denies"},
};

constexpr Column kPolicyTarget[] = {
    {"policy_id", Type::text, kTarget, "The policy"},
    {"target_id", Type::text, "/TargetId", "Root, unit or account that it is attached to"},
    {"type", Type::text, "/Type", "ROOT, ORGANIZATIONAL_UNIT or ACCOUNT"},
    {"name", Type::text, "/Name", "Name of the target"},
};

constexpr Column kServiceAccess[] = {
    kOrganizationId,
    {"service_principal", Type::text, "/ServicePrincipal",
     "A service that may work in all accounts, such as cloudtrail.amazonaws.com"},
    {"date_enabled", Type::timestamp, "/DateEnabled", "Since when"},
};

constexpr Column kDelegated[] = {
    kOrganizationId,
    {"id", Type::text, "/Id", "A member account that manages a service for the organization"},
    {"name", Type::text, "/Name", "Name of the account"},
    {"status", Type::text, "/Status", "ACTIVE, SUSPENDED or PENDING_CLOSURE; see also state"},
    {"state", Type::text, "/State", "The same, as newer answers tell it"},
};

// Only the management account is asked for what follows: others are refused.
constexpr std::string_view kSelf[] = {kOwnAccount};
constexpr Condition kManages[] = {{"master_account_id", kSelf}};
constexpr Parent kManagement[] = {
    {.table = "aws_organizations_organization", .key = "id", .when = kManages}};
constexpr Parent kPerUnit[] = {{.table = "aws_organizations_root", .key = "id"},
                               {.table = "aws_organizations_organizational_unit", .key = "id"}};
constexpr Parent kPerPolicy[] = {{.table = "aws_organizations_policy", .key = "id"}};

constexpr std::string_view kNoOrganization[] = {"AWSOrganizationsNotInUseException"};
constexpr std::string_view kTargetId[] = {"target_id"};

constexpr TableSpec kTables[] = {
    {.name = "aws_organizations_organization",
     .doc = "The organization that an account is in, asked of every account",
     .service = "organizations",
     .operation = "DescribeOrganization",
     .permission = "organizations:DescribeOrganization",
     .scope = Scope::account,
     .absent = kNoOrganization,
     .columns = kOrganization},
    {.name = "aws_organizations_root",
     .doc = "The root of the organization's tree; asked of the management account",
     .service = "organizations",
     .operation = "ListRoots",
     .permission = "organizations:ListRoots",
     .scope = Scope::resource,
     .parents = kManagement,
     .items = "/Roots",
     .key = "id",
     .key_before_region = true,
     .global = true,
     .columns = kRoot},
    {.name = "aws_organizations_organizational_unit",
     .doc = "Organizational units, asked of each root and unit",
     .service = "organizations",
     .operation = "ListOrganizationalUnitsForParent",
     .permission = "organizations:ListOrganizationalUnitsForParent",
     .scope = Scope::resource,
     .parents = kPerUnit,
     .parameter = "ParentId",
     .deepest = 5,
     .items = "/OrganizationalUnits",
     .key = "id",
     .key_before_region = true,
     .global = true,
     .columns = kUnit},
    {.name = "aws_organizations_account",
     .doc = "Accounts of the organization and where they are in its tree, asked of each root and "
            "unit",
     .service = "organizations",
     .operation = "ListAccountsForParent",
     .permission = "organizations:ListAccountsForParent",
     .scope = Scope::resource,
     .parents = kPerUnit,
     .parameter = "ParentId",
     .items = "/Accounts",
     .key = "id",
     .key_before_region = true,
     .global = true,
     .columns = kAccount},
    {.name = "aws_organizations_policy",
     .doc = "Service control policies of the organization",
     .service = "organizations",
     .operation = "ListPolicies",
     .permission = "organizations:ListPolicies",
     .scope = Scope::resource,
     .parents = kManagement,
     .items = "/Policies",
     .key = "id",
     .key_before_region = true,
     .global = true,
     .columns = kPolicy},
    {.name = "aws_organizations_policy_content",
     .doc = "What a service control policy says",
     .service = "organizations",
     .operation = "DescribePolicy",
     .permission = "organizations:DescribePolicy",
     .scope = Scope::resource,
     .parents = kPerPolicy,
     .parameter = "PolicyId",
     .key = "id",
     .key_before_region = true,
     .global = true,
     .columns = kContent},
    {.name = "aws_organizations_policy_target",
     .doc = "What a service control policy is attached to",
     .service = "organizations",
     .operation = "ListTargetsForPolicy",
     .permission = "organizations:ListTargetsForPolicy",
     .scope = Scope::resource,
     .parents = kPerPolicy,
     .parameter = "PolicyId",
     .items = "/Targets",
     .key = "policy_id",
     .also_key = kTargetId,
     .key_before_region = true,
     .global = true,
     .columns = kPolicyTarget},
    {.name = "aws_organizations_service_access",
     .doc = "Services that the organization trusts (trusted access)",
     .service = "organizations",
     .operation = "ListAWSServiceAccessForOrganization",
     .permission = "organizations:ListAWSServiceAccessForOrganization",
     .scope = Scope::resource,
     .parents = kManagement,
     .items = "/EnabledServicePrincipals",
     .key = "service_principal",
     .key_before_region = true,
     .global = true,
     .columns = kServiceAccess},
    {.name = "aws_organizations_delegated_administrator",
     .doc = "Member accounts that manage a service for the whole organization",
     .service = "organizations",
     .operation = "ListDelegatedAdministrators",
     .permission = "organizations:ListDelegatedAdministrators",
     .scope = Scope::resource,
     .parents = kManagement,
     .items = "/DelegatedAdministrators",
     .key = "id",
     .key_before_region = true,
     .global = true,
     .columns = kDelegated},
};

}  // namespace

std::span<const TableSpec> organizations_tables() { return kTables; }

}  // namespace ciswatch
