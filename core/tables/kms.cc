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
};

}  // namespace

std::span<const TableSpec> kms_tables() { return kTables; }

}  // namespace ciswatch
