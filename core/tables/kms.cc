#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kKeyList[] = {
    {"id", Type::text, "/KeyId", "The key's id"},
    {"arn", Type::text, "/KeyArn", "ARN of the key"},
};

constexpr Column kKey[] = {
    {"id", Type::text, kTarget, "The key's id"},
    {"arn", Type::text, "/KeyMetadata/Arn", "ARN of the key"},
    {"key_manager", Type::text, "/KeyMetadata/KeyManager", "CUSTOMER or AWS"},
    {"key_state", Type::text, "/KeyMetadata/KeyState",
     "Enabled, Disabled, PendingDeletion, PendingImport, Unavailable, …"},
    {"key_spec", Type::text, "/KeyMetadata/KeySpec", "SYMMETRIC_DEFAULT or another kind"},
    {"key_usage", Type::text, "/KeyMetadata/KeyUsage", "ENCRYPT_DECRYPT, SIGN_VERIFY, …"},
    {"origin", Type::text, "/KeyMetadata/Origin",
     "AWS_KMS; EXTERNAL (imported), AWS_CLOUDHSM, EXTERNAL_KEY_STORE"},
    {"multi_region", Type::boolean, "/KeyMetadata/MultiRegion",
     "Whether it has replicas or is one"},
    {"multi_region_key_type", Type::text,
     "/KeyMetadata/MultiRegionConfiguration/MultiRegionKeyType",
     "PRIMARY or REPLICA; '' for a single-region key", ""},
    {"primary_key_arn", Type::text, "/KeyMetadata/MultiRegionConfiguration/PrimaryKey/Arn",
     "ARN of the primary; '' for a single-region key", ""},
    {"description", Type::text, "/KeyMetadata/Description", "The owner's description", ""},
    {"creation_date", Type::timestamp, "/KeyMetadata/CreationDate", "When it was made"},
    {"deletion_date", Type::timestamp, "/KeyMetadata/DeletionDate", "When it will be deleted"},
    {"valid_to", Type::timestamp, "/KeyMetadata/ValidTo",
     "When imported material expires; NULL where it does not", kNullIsNone},
    {"expiration_model", Type::text, "/KeyMetadata/ExpirationModel",
     "KEY_MATERIAL_EXPIRES or KEY_MATERIAL_DOES_NOT_EXPIRE; '' where none was imported", ""},
    {"custom_key_store_id", Type::text, "/KeyMetadata/CustomKeyStoreId",
     "Key store outside of KMS; '' for none", ""},
};

constexpr Column kAlias[] = {
    {"alias_name", Type::text, "/AliasName", "alias/…"},
    {"target_key_id", Type::text, "/TargetKeyId",
     "Id of the key; '' for an alias of AWS that has no key yet", ""},
};

constexpr Column kKeyPolicy[] = {
    {"id", Type::text, kTarget, "The key's id"},
    {"policy", Type::document, "/Policy", "Who may administer and use the key"},
};

constexpr Column kRotation[] = {
    {"id", Type::text, kTarget, "The key's id"},
    {"key_rotation_enabled", Type::boolean, "/KeyRotationEnabled",
     "Whether AWS renews the key material"},
    {"rotation_period_in_days", Type::integer, "/RotationPeriodInDays", "How often"},
};

constexpr Parent kPerKey[] = {{.table = "aws_kms_key_list", .key = "id"}};

// Only these keys can rotate by themselves (cis.md 2.8: "eligible").
constexpr std::string_view kCustomer[] = {"CUSTOMER"};
constexpr std::string_view kSymmetric[] = {"SYMMETRIC_DEFAULT"};
constexpr std::string_view kEncrypt[] = {"ENCRYPT_DECRYPT"};
constexpr std::string_view kAwsMaterial[] = {"AWS_KMS"};
constexpr std::string_view kUsable[] = {"Enabled", "Updating"};
constexpr Condition kCanRotate[] = {{"key_manager", kCustomer},
                                    {"key_spec", kSymmetric},
                                    {"key_usage", kEncrypt},
                                    {"origin", kAwsMaterial},
                                    {"key_state", kUsable}};
constexpr Parent kPerRotatingKey[] = {{.table = "aws_kms_key", .key = "id", .when = kCanRotate}};

constexpr Condition kIsCustomers[] = {{"key_manager", kCustomer}};
constexpr Parent kPerCustomerKey[] = {{.table = "aws_kms_key", .key = "id", .when = kIsCustomers}};

constexpr TableSpec kTables[] = {
    {.name = "aws_kms_key_list",
     .doc = "The keys of a region by id",
     .service = "kms",
     .operation = "ListKeys",
     .permission = "kms:ListKeys",
     .scope = Scope::region,
     .items = "/Keys",
     .key = "id",
     .columns = kKeyList},
    {.name = "aws_kms_key",
     .doc = "What a key is and which state it is in",
     .service = "kms",
     .operation = "DescribeKey",
     .permission = "kms:DescribeKey",
     .scope = Scope::resource,
     .parents = kPerKey,
     .parameter = "KeyId",
     .key = "id",
     .columns = kKey},
    {.name = "aws_kms_key_rotation_status",
     .doc = "Does a key rotate? Asked for customer keys that can: symmetric, made by KMS, enabled",
     .service = "kms",
     .operation = "GetKeyRotationStatus",
     .permission = "kms:GetKeyRotationStatus",
     .scope = Scope::resource,
     .parents = kPerRotatingKey,
     .parameter = "KeyId",
     .key = "id",
     .columns = kRotation},
    {.name = "aws_kms_alias",
     .doc = "Aliases of the keys of a region",
     .service = "kms",
     .operation = "ListAliases",
     .permission = "kms:ListAliases",
     .scope = Scope::region,
     .items = "/Aliases",
     .key = "alias_name",
     .columns = kAlias},
    {.name = "aws_kms_key_policy",
     .doc = "Policy of a customer's key",
     .service = "kms",
     .operation = "GetKeyPolicy",
     .permission = "kms:GetKeyPolicy",
     .scope = Scope::resource,
     .parents = kPerCustomerKey,
     .parameter = "KeyId",
     .key = "id",
     .columns = kKeyPolicy},
};

}  // namespace

std::span<const TableSpec> kms_tables() { return kTables; }

}  // namespace ciswatch
