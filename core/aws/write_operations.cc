#include "core/aws/write_operations.h"

#include "core/aws/requests/governance.h"
#include "core/aws/requests/json.h"
#include "core/aws/requests/query.h"
#include "core/aws/requests/s3.h"
#include "core/aws/services.h"
#include "core/aws/shapes/ec2.h"
#include "core/aws/shapes/iam.h"
#include "core/aws/shapes/sns.h"

namespace ciswatch {
namespace {

using namespace service;
using namespace requests;

constexpr auto kRepeatable = Effect::repeatable;
constexpr auto kOnce = Effect::once;

// `required`: what every answer has; "" : it may be empty.
constexpr Operation json_write(const Service& service, std::string_view name, Effect effect,
                               std::span<const Field> request, std::string_view required = {},
                               Kind required_kind = Kind::text) {
  return {.service = &service,
          .name = name,
          .required = required,
          .required_kind = required_kind,
          .effect = effect,
          .request = request};
}

struct Result {
  std::string_view root;
  std::span<const Field> fields = {};
  std::string_view required = {};
  std::string_view unsuccessful = {};
  Kind required_kind = Kind::text;
};

constexpr Operation form_write(const Service& service, std::string_view name, Effect effect,
                               std::span<const Field> request, const Result& result) {
  return {.service = &service,
          .name = name,
          .root = result.root,
          .fields = result.fields,
          .required = result.required,
          .required_kind = result.required_kind,
          .effect = effect,
          .request = request,
          .unsuccessful = result.unsuccessful};
}

constexpr Operation bucket_put(std::string_view name, std::string_view sub_resource,
                               std::span<const Field> body, std::span<const RestParam> headers) {
  return {.service = &kS3,
          .name = name,
          .method = "PUT",
          .path = "/{Bucket}",
          .sub_resource = sub_resource,
          .rest = headers,
          .answer = Answer::nothing,
          .effect = kRepeatable,
          .request = body,
          .checksum = true};
}

// AWS says nothing; moto says this.
constexpr Operation emulated(std::string_view word, Operation operation) {
  operation.root = word;
  return operation;
}

constexpr Operation bucket_delete(std::string_view name, std::string_view sub_resource) {
  return {.service = &kS3,
          .name = name,
          .method = "DELETE",
          .path = "/{Bucket}",
          .sub_resource = sub_resource,
          .rest = kBucketHeaders,
          .answer = Answer::nothing,
          .effect = kRepeatable};
}

constexpr std::string_view kAccountBlock = "/v20180820/configuration/publicAccessBlock";

constexpr Operation kOperations[] = {
    json_write(kCloudtrail, "CreateTrail", kOnce, kCreateTrail, "/TrailARN"),
    json_write(kCloudtrail, "UpdateTrail", kRepeatable, kUpdateTrail, "/TrailARN"),
    json_write(kCloudtrail, "DeleteTrail", kRepeatable, kTrailName),
    json_write(kCloudtrail, "StartLogging", kRepeatable, kTrailName),
    json_write(kCloudtrail, "StopLogging", kRepeatable, kTrailName),
    json_write(kCloudtrail, "PutEventSelectors", kRepeatable, kPutEventSelectors, "/TrailARN"),

    json_write(kKms, "CreateKey", kOnce, kCreateKey, "/KeyMetadata/Arn"),
    json_write(kKms, "CreateAlias", kOnce, kCreateAlias),
    json_write(kKms, "UpdateAlias", kRepeatable, kCreateAlias),
    json_write(kKms, "DeleteAlias", kRepeatable, kDeleteAlias),
    json_write(kKms, "EnableKeyRotation", kRepeatable, kEnableKeyRotation),
    json_write(kKms, "DisableKeyRotation", kRepeatable, kKeyId),
    json_write(kKms, "EnableKey", kRepeatable, kKeyId),
    json_write(kKms, "DisableKey", kRepeatable, kKeyId),
    json_write(kKms, "CancelKeyDeletion", kRepeatable, kKeyId, "/KeyId"),
    json_write(kKms, "ScheduleKeyDeletion", kOnce, kScheduleKeyDeletion, "/KeyId"),
    json_write(kKms, "PutKeyPolicy", kRepeatable, kPutKeyPolicy),
    json_write(kKms, "UpdateKeyDescription", kRepeatable, kUpdateKeyDescription),
    json_write(kKms, "TagResource", kRepeatable, kTagKey),
    json_write(kKms, "UntagResource", kRepeatable, kUntagKey),

    json_write(kLogs, "CreateLogGroup", kOnce, kCreateLogGroup),
    json_write(kLogs, "DeleteLogGroup", kRepeatable, kLogGroupName),
    json_write(kLogs, "PutRetentionPolicy", kRepeatable, kPutRetentionPolicy),
    json_write(kLogs, "DeleteRetentionPolicy", kRepeatable, kLogGroupName),
    json_write(kLogs, "PutMetricFilter", kRepeatable, kPutMetricFilter),
    json_write(kLogs, "DeleteMetricFilter", kRepeatable, kDeleteMetricFilter),
    json_write(kLogs, "AssociateKmsKey", kRepeatable, kAssociateKmsKey),
    json_write(kLogs, "DisassociateKmsKey", kRepeatable, kDisassociateKmsKey),

    json_write(kConfig, "PutConfigurationRecorder", kRepeatable, kPutConfigurationRecorder),
    json_write(kConfig, "DeleteConfigurationRecorder", kRepeatable, kRecorderName),
    json_write(kConfig, "PutDeliveryChannel", kRepeatable, kPutDeliveryChannel),
    json_write(kConfig, "DeleteDeliveryChannel", kRepeatable, kDeliveryChannelName),
    json_write(kConfig, "StartConfigurationRecorder", kRepeatable, kRecorderName),
    json_write(kConfig, "StopConfigurationRecorder", kRepeatable, kRecorderName),

    json_write(kOrganizations, "CreatePolicy", kOnce, kCreatePolicy, "/Policy/PolicySummary/Id"),
    json_write(kOrganizations, "UpdatePolicy", kRepeatable, kUpdatePolicy,
               "/Policy/PolicySummary/Id"),
    json_write(kOrganizations, "AttachPolicy", kRepeatable, kAttachPolicy),
    json_write(kOrganizations, "DetachPolicy", kRepeatable, kAttachPolicy),
    json_write(kOrganizations, "DeletePolicy", kRepeatable, kPolicyId),
    json_write(kOrganizations, "EnablePolicyType", kRepeatable, kPolicyType, "/Root/Id"),
    json_write(kOrganizations, "DisablePolicyType", kRepeatable, kPolicyType, "/Root/Id"),
    json_write(kOrganizations, "EnableAWSServiceAccess", kRepeatable, kServicePrincipal),
    json_write(kOrganizations, "DisableAWSServiceAccess", kRepeatable, kServicePrincipal),

    form_write(kIam, "CreateRole", kOnce, kCreateRole,
               {"CreateRoleResult", shapes::kRole, "/Role/Arn"}),
    form_write(kIam, "DeleteRole", kRepeatable, kRoleName, {"DeleteRoleResponse"}),
    form_write(kIam, "PutRolePolicy", kRepeatable, kPutRolePolicy, {"PutRolePolicyResponse"}),
    form_write(kIam, "DeleteRolePolicy", kRepeatable, kDeleteRolePolicy,
               {"DeleteRolePolicyResponse"}),
    form_write(kIam, "UpdateAssumeRolePolicy", kRepeatable, kUpdateAssumeRolePolicy,
               {"UpdateAssumeRolePolicyResponse"}),
    form_write(kIam, "CreateServiceLinkedRole", kOnce, kCreateServiceLinkedRole,
               {"CreateServiceLinkedRoleResult", shapes::kRole, "/Role/Arn"}),
    form_write(kIam, "DeleteServiceLinkedRole", kRepeatable, kRoleName,
               {"DeleteServiceLinkedRoleResult", shapes::kRoleDeletion, "/DeletionTaskId"}),
    form_write(kIam, "AttachRolePolicy", kRepeatable, kAttachRolePolicy,
               {"AttachRolePolicyResponse"}),
    form_write(kIam, "DetachRolePolicy", kRepeatable, kAttachRolePolicy,
               {"DetachRolePolicyResponse"}),

    form_write(kSns, "CreateTopic", kOnce, kCreateTopic,
               {"CreateTopicResult", shapes::kTopic, "/TopicArn"}),
    form_write(kSns, "DeleteTopic", kRepeatable, kTopicArn, {"DeleteTopicResponse"}),
    form_write(kSns, "SetTopicAttributes", kRepeatable, kSetTopicAttributes,
               {"SetTopicAttributesResponse"}),
    form_write(kSns, "Subscribe", kOnce, kSubscribe,
               {"SubscribeResult", shapes::kSubscribed, "/SubscriptionArn"}),
    form_write(kSns, "Unsubscribe", kRepeatable, kSubscriptionArn, {"UnsubscribeResponse"}),

    form_write(kCloudwatch, "PutMetricAlarm", kRepeatable, kPutMetricAlarm,
               {"PutMetricAlarmResponse"}),
    form_write(kCloudwatch, "DeleteAlarms", kRepeatable, kAlarmNames, {"DeleteAlarmsResponse"}),
    form_write(kCloudwatch, "EnableAlarmActions", kRepeatable, kAlarmNames,
               {"EnableAlarmActionsResponse"}),
    form_write(kCloudwatch, "DisableAlarmActions", kRepeatable, kAlarmNames,
               {"DisableAlarmActionsResponse"}),

    form_write(kEc2, "CreateFlowLogs", kOnce, kCreateFlowLogs,
               {"CreateFlowLogsResponse", shapes::kCreatedFlowLogs, "/FlowLogIds", "/Unsuccessful",
                Kind::list}),
    form_write(kEc2, "DeleteFlowLogs", kRepeatable, kDeleteFlowLogs,
               {"DeleteFlowLogsResponse", shapes::kDeletedFlowLogs, {}, "/Unsuccessful"}),

    {.service = &kSecurityhub,
     .name = "EnableSecurityHub",
     .path = "/accounts",
     .effect = kRepeatable,
     .request = kEnableSecurityHub},
    {.service = &kSecurityhub,
     .name = "DisableSecurityHub",
     .method = "DELETE",
     .path = "/accounts",
     .effect = kRepeatable},

    {.service = &kS3,
     .name = "CreateBucket",
     .method = "PUT",
     .path = "/{Bucket}",
     .rest = kCreateBucketHeaders,
     .answer = Answer::nothing,
     .root = "CreateBucketResponse",
     .effect = kOnce,
     .request = kCreateBucketBody},
    bucket_delete("DeleteBucket", ""),
    emulated("True", bucket_put("PutBucketPolicy", "policy", kPolicyBody, kPolicyHeaders)),
    bucket_delete("DeleteBucketPolicy", "policy"),
    bucket_put("PutBucketVersioning", "versioning", kVersioningBody, kVersioningHeaders),
    bucket_put("PutBucketLogging", "logging", kLoggingBody, kBucketHeaders),
    bucket_put("PutPublicAccessBlock", "publicAccessBlock", kAccessBlockBody, kBucketHeaders),
    bucket_delete("DeletePublicAccessBlock", "publicAccessBlock"),
    bucket_put("PutBucketAcl", "acl", kAclBody, kAclHeaders),
    bucket_put("PutBucketEncryption", "encryption", kEncryptionBody, kBucketHeaders),
    bucket_delete("DeleteBucketEncryption", "encryption"),
    bucket_put("PutBucketOwnershipControls", "ownershipControls", kOwnershipBody, kBucketHeaders),
    bucket_delete("DeleteBucketOwnershipControls", "ownershipControls"),
    bucket_put("PutBucketLifecycleConfiguration", "lifecycle", kLifecycleBody, kLifecycleHeaders),
    bucket_delete("DeleteBucketLifecycle", "lifecycle"),
    bucket_put("PutObjectLockConfiguration", "object-lock", kObjectLockBody, kObjectLockHeaders),

    {.service = &kS3control,
     .name = "PutPublicAccessBlock",
     .method = "PUT",
     .path = kAccountBlock,
     .rest = kAccountHeaders,
     .answer = Answer::nothing,
     .effect = kRepeatable,
     .request = kAccessBlockBody},
    {.service = &kS3control,
     .name = "DeletePublicAccessBlock",
     .method = "DELETE",
     .path = kAccountBlock,
     .rest = kAccountHeaders,
     .answer = Answer::nothing,
     .effect = kRepeatable},
};

}  // namespace

std::span<const Operation> write_operations() { return kOperations; }

}  // namespace ciswatch
