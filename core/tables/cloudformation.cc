#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kResource[] = {
    {"physical_resource_id", Type::text, kTarget, "The bucket's name or the key's id"},
    {"stack_name", Type::text, "/StackName", "The stack that made it"},
    {"stack_id", Type::text, "/StackId", "ARN of the stack"},
    {"logical_resource_id", Type::text, "/LogicalResourceId", "Its name in the stack's template"},
    {"resource_type", Type::text, "/ResourceType", "AWS::S3::Bucket, AWS::KMS::Key"},
};

constexpr Column kTemplate[] = {
    {"stack_name", Type::text, kTarget, "The stack"},
    {"template_body", Type::document, "/TemplateBody", "The template as it was given: JSON or YAML"},
};

// In the wrong region CloudFormation knows no stack: only buckets whose region is known are asked for.
constexpr std::string_view kYes[] = {"1"};
constexpr Condition kExists[] = {{"bucket_exists", kYes}};
constexpr std::string_view kCustomer[] = {"CUSTOMER"};
constexpr Condition kOwn[] = {{"key_manager", kCustomer}};
constexpr Parent kPerResource[] = {
    {.table = "aws_s3_bucket_head", .key = "name", .when = kExists},
    {.table = "aws_kms_key", .key = "id", .when = kOwn}};
constexpr Parent kPerStack[] = {
    {.table = "aws_cloudformation_stack_resource", .key = "stack_name"}};

// The code alone may mean anything that is wrong with the request, and a stack that does not exist
// may be another one than the resource's.
constexpr std::string_view kNoStack[] = {"ValidationError: Stack for "};

constexpr TableSpec kTables[] = {
    {.name = "aws_cloudformation_stack_resource",
     .doc = "The stack that owns a log bucket or a customer's key; no row: no stack does",
     .service = "cloudformation",
     .operation = "DescribeStackResources",
     .permission = "cloudformation:DescribeStackResources",
     .scope = Scope::resource,
     .parents = kPerResource,
     .parameter = "PhysicalResourceId",
     .items = "/StackResources",
     .only = "/PhysicalResourceId",
     .key = "physical_resource_id",
     .absent = kNoStack,
     .columns = kResource},
    {.name = "aws_cloudformation_template",
     .doc = "Template of a stack that owns a log bucket or a customer's key",
     .service = "cloudformation",
     .operation = "GetTemplate",
     .permission = "cloudformation:GetTemplate",
     .scope = Scope::resource,
     .parents = kPerStack,
     .parameter = "StackName",
     .key = "stack_name",
     .columns = kTemplate},
};

}  // namespace

std::span<const TableSpec> cloudformation_tables() { return kTables; }

}  // namespace ciswatch
