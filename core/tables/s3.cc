#include <array>

#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kBucketName = {"name", Type::text, kTarget, "Name of the bucket"};

constexpr Column kBucketList[] = {
    {"name", Type::text, "/Name", "Name of a bucket that this account owns"},
    {"creation_date", Type::timestamp, "/CreationDate", "When it was made"},
};

// S3 reads a flag that is not given as false, and "not configured" as all four false.
constexpr std::array<Column, 4> kPublicAccessBlock = {{
    {"block_public_acls", Type::boolean, "/PublicAccessBlockConfiguration/BlockPublicAcls",
     "New public ACLs are refused; existing ones stay", "0", "0"},
    {"block_public_policy", Type::boolean, "/PublicAccessBlockConfiguration/BlockPublicPolicy",
     "New public policies are refused; an existing one stays", "0", "0"},
    {"ignore_public_acls", Type::boolean, "/PublicAccessBlockConfiguration/IgnorePublicAcls",
     "Public grants in ACLs have no effect", "0", "0"},
    {"restrict_public_buckets", Type::boolean,
     "/PublicAccessBlockConfiguration/RestrictPublicBuckets",
     "A public policy serves only AWS services and the owner's account", "0", "0"},
}};

constexpr std::array<Column, 5> kBucketPublicAccessBlock = {
    kBucketName, kPublicAccessBlock[0], kPublicAccessBlock[1], kPublicAccessBlock[2],
    kPublicAccessBlock[3]};

constexpr Column kHead[] = {
    kBucketName,
    {"bucket_exists", Type::boolean, kAnswered, "0: there is no bucket of this name"},
    {"bucket_region", Type::text, "/BucketRegion", "Where it lives"},
};

constexpr Column kAcl[] = {
    kBucketName,
    {"owner", Type::json, "/Owner", "The owner's canonical id"},
    {"grants", Type::json, "/Grants", "Who may do what"},
};

constexpr Column kPolicyStatus[] = {
    kBucketName,
    {.name = "is_public",
     .type = Type::boolean,
     .from = "/PolicyStatus/IsPublic",
     .doc = "S3's own judgement of the bucket policy; 0 where there is no policy",
     .absent = "0"},
};

constexpr Column kOwnership[] = {
    kBucketName,
    {.name = "rules",
     .type = Type::json,
     .from = "/OwnershipControls/Rules",
     .doc = "ObjectOwnership: BucketOwnerEnforced switches ACLs off; [] where none is set",
     .absent = "[]"},
};

constexpr Column kLogging[] = {
    kBucketName,
    {"target_bucket", Type::text, "/LoggingEnabled/TargetBucket",
     "Where the access logs go; '' when logging is off", ""},
    {"target_prefix", Type::text, "/LoggingEnabled/TargetPrefix", "Prefix of the access logs", ""},
};

constexpr Column kPolicy[] = {
    kBucketName,
    {.name = "policy",
     .type = Type::document,
     .from = "/Policy",
     .doc = "The bucket policy; '' where there is none",
     .absent = ""},
};

constexpr Column kLifecycle[] = {
    kBucketName,
    {.name = "rules",
     .type = Type::json,
     .from = "/Rules",
     .doc = "When objects are moved and deleted; [] where nothing is set",
     .absent = "[]"},
};

constexpr Column kVersioning[] = {
    kBucketName,
    {"status", Type::text, "/Status", "Enabled or Suspended; '' where it was never on", ""},
    {"mfa_delete", Type::text, "/MFADelete", "Enabled or Disabled; '' where it was never on", ""},
};

constexpr Column kObjectLock[] = {
    kBucketName,
    {.name = "enabled",
     .type = Type::enabled,
     .from = "/ObjectLockConfiguration/ObjectLockEnabled",
     .doc = "Whether objects can be kept from being deleted",
     .absent = "0"},
    {"rule", Type::json, "/ObjectLockConfiguration/Rule",
     "How long each new object is kept (DefaultRetention: Mode, Days or Years); '' for no default", "",
     ""},
};

constexpr std::string_view kNoLifecycle[] = {"NoSuchLifecycleConfiguration"};
constexpr std::string_view kNoLock[] = {"ObjectLockConfigurationNotFoundError"};
constexpr std::string_view kNoBucket[] = {"404", "NoSuchBucket", "NotFound"};
constexpr std::string_view kNoPolicy[] = {"NoSuchBucketPolicy"};
constexpr std::string_view kNoBlock[] = {"NoSuchPublicAccessBlockConfiguration"};
constexpr std::string_view kNoOwnership[] = {"OwnershipControlsNotFoundError"};

constexpr Parent kLogBuckets[] = {
    {.table = "aws_cloudtrail_trail", .key = "s3_bucket_name", .region_column = "home_region"},
    {.table = "aws_config_delivery_channel", .key = "s3_bucket_name"}};

// Asked for every log bucket that may be there, in the region that HeadBucket told.
constexpr std::string_view kYes[] = {"1"};
constexpr Condition kExists[] = {{"bucket_exists", kYes}};
constexpr Parent kPerLogBucket[] = {
    {.table = "aws_s3_bucket_head", .key = "name", .when = kExists, .although_unread = true}};

// What tells who may read a bucket is asked, too, of one that gets the access logs of a log bucket,
// which S3 wants in the same region.
constexpr Parent kPerReadableBucket[] = {
    kPerLogBucket[0], {.table = "aws_s3_bucket_logging", .key = "target_bucket"}};

constexpr TableSpec kTables[] = {
    {.name = "aws_s3_bucket_list",
     .doc = "The buckets that the account owns; a log bucket that is not here is another account's",
     .service = "s3",
     .operation = "ListBuckets",
     .permission = "s3:ListAllMyBuckets",
     .scope = Scope::account,
     .items = "/Buckets",
     .key = "name",
     .key_before_region = true,
     .columns = kBucketList},
    {.name = "aws_s3_account_settings",
     .doc = "Public Access Block of the whole account",
     .service = "s3control",
     .operation = "GetPublicAccessBlock",
     .permission = "s3:GetAccountPublicAccessBlock",
     .scope = Scope::account,
     .absent = kNoBlock,
     .columns = kPublicAccessBlock},
    {.name = "aws_s3_bucket_head",
     .doc = "Is the bucket that a trail or AWS Config delivers to there, and where? Asked, too, by the "
            "account that lists the bucket where another's trail or channel names it",
     .service = "s3",
     .operation = "HeadBucket",
     .permission = "s3:ListBucket",
     .scope = Scope::resource,
     .parents = kLogBuckets,
     .owned_in = "aws_s3_bucket_list",
     .parameter = "Bucket",
     .key = "name",
     .key_before_region = true,
     .absent = kNoBucket,
     .columns = kHead},
    {.name = "aws_s3_bucket_logging",
     .doc = "Server access logging of a log bucket",
     .service = "s3",
     .operation = "GetBucketLogging",
     .permission = "s3:GetBucketLogging",
     .scope = Scope::resource,
     .parents = kPerLogBucket,
     .parameter = "Bucket",
     .key = "name",
     .key_before_region = true,
     .columns = kLogging},
    {.name = "aws_s3_bucket_acl",
     .doc = "Access control list of a log bucket, or of one that gets its access logs",
     .service = "s3",
     .operation = "GetBucketAcl",
     .permission = "s3:GetBucketAcl",
     .scope = Scope::resource,
     .parents = kPerReadableBucket,
     .parameter = "Bucket",
     .key = "name",
     .key_before_region = true,
     .columns = kAcl},
    {.name = "aws_s3_bucket_policy_status",
     .doc = "Does the policy of a log bucket, or of one that gets its access logs, make it public?",
     .service = "s3",
     .operation = "GetBucketPolicyStatus",
     .permission = "s3:GetBucketPolicyStatus",
     .scope = Scope::resource,
     .parents = kPerReadableBucket,
     .parameter = "Bucket",
     .key = "name",
     .key_before_region = true,
     .absent = kNoPolicy,
     .columns = kPolicyStatus},
    {.name = "aws_s3_bucket_public_access_block",
     .doc = "Public Access Block of a log bucket, or of one that gets its access logs",
     .service = "s3",
     .operation = "GetPublicAccessBlock",
     .permission = "s3:GetBucketPublicAccessBlock",
     .scope = Scope::resource,
     .parents = kPerReadableBucket,
     .parameter = "Bucket",
     .key = "name",
     .key_before_region = true,
     .absent = kNoBlock,
     .columns = kBucketPublicAccessBlock},
    {.name = "aws_s3_bucket_ownership_controls",
     .doc = "Are ACLs in force on a log bucket, or on one that gets its access logs?",
     .service = "s3",
     .operation = "GetBucketOwnershipControls",
     .permission = "s3:GetBucketOwnershipControls",
     .scope = Scope::resource,
     .parents = kPerReadableBucket,
     .parameter = "Bucket",
     .key = "name",
     .key_before_region = true,
     .absent = kNoOwnership,
     .columns = kOwnership},
    {.name = "aws_s3_bucket_policy",
     .doc = "Policy of a log bucket",
     .service = "s3",
     .operation = "GetBucketPolicy",
     .permission = "s3:GetBucketPolicy",
     .scope = Scope::resource,
     .parents = kPerLogBucket,
     .parameter = "Bucket",
     .key = "name",
     .key_before_region = true,
     .absent = kNoPolicy,
     .columns = kPolicy},
    {.name = "aws_s3_bucket_lifecycle",
     .doc = "When the objects of a log bucket are deleted",
     .service = "s3",
     .operation = "GetBucketLifecycleConfiguration",
     .permission = "s3:GetLifecycleConfiguration",
     .scope = Scope::resource,
     .parents = kPerLogBucket,
     .parameter = "Bucket",
     .key = "name",
     .key_before_region = true,
     .absent = kNoLifecycle,
     .columns = kLifecycle},
    {.name = "aws_s3_bucket_versioning",
     .doc = "Does a log bucket keep what is overwritten or deleted?",
     .service = "s3",
     .operation = "GetBucketVersioning",
     .permission = "s3:GetBucketVersioning",
     .scope = Scope::resource,
     .parents = kPerLogBucket,
     .parameter = "Bucket",
     .key = "name",
     .key_before_region = true,
     .columns = kVersioning},
    {.name = "aws_s3_bucket_object_lock",
     .doc = "Can objects of a log bucket be kept from being deleted?",
     .service = "s3",
     .operation = "GetObjectLockConfiguration",
     .permission = "s3:GetBucketObjectLockConfiguration",
     .scope = Scope::resource,
     .parents = kPerLogBucket,
     .parameter = "Bucket",
     .key = "name",
     .key_before_region = true,
     .absent = kNoLock,
     .columns = kObjectLock},
};

}  // namespace

std::span<const TableSpec> s3_tables() { return kTables; }

}  // namespace ciswatch
