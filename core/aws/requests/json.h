#pragma once

// The members of requests that change something, of the services that speak JSON, after the AWS API
// models.

#include "core/aws/requests/members.h"

namespace ciswatch::requests {

// CloudTrail

inline constexpr Field kTrailName[] = {text("Name")};
inline constexpr Field kUpdateTrail[] = {text("Name"),
                                         text("S3BucketName"),
                                         text("S3KeyPrefix"),
                                         text("SnsTopicName"),
                                         flag("IncludeGlobalServiceEvents"),
                                         flag("IsMultiRegionTrail"),
                                         flag("EnableLogFileValidation"),
                                         text("CloudWatchLogsLogGroupArn"),
                                         text("CloudWatchLogsRoleArn"),
                                         text("KmsKeyId"),
                                         flag("IsOrganizationTrail"),
                                         flag("RecursiveLogging")};
inline constexpr Field kCreateTrail[] = {text("Name"),
                                         text("S3BucketName"),
                                         text("S3KeyPrefix"),
                                         text("SnsTopicName"),
                                         flag("IncludeGlobalServiceEvents"),
                                         flag("IsMultiRegionTrail"),
                                         flag("EnableLogFileValidation"),
                                         text("CloudWatchLogsLogGroupArn"),
                                         text("CloudWatchLogsRoleArn"),
                                         text("KmsKeyId"),
                                         flag("IsOrganizationTrail"),
                                         flag("RecursiveLogging"),
                                         list("TagsList", kTags)};
inline constexpr Field kDataResource[] = {text("Type"), texts("Values")};
inline constexpr Field kEventSelector[] = {
    text("ReadWriteType"), flag("IncludeManagementEvents"), list("DataResources", kDataResource),
    texts("ExcludeManagementEventSources")};
inline constexpr Field kFieldSelector[] = {text("Field"),         texts("Equals"),
                                           texts("StartsWith"),   texts("EndsWith"),
                                           texts("NotEquals"),    texts("NotStartsWith"),
                                           texts("NotEndsWith")};
inline constexpr Field kAdvancedSelector[] = {text("Name"), list("FieldSelectors", kFieldSelector)};
inline constexpr Field kPutEventSelectors[] = {text("TrailName"),
                                               list("EventSelectors", kEventSelector),
                                               list("AdvancedEventSelectors", kAdvancedSelector)};

// KMS

inline constexpr Field kKeyId[] = {text("KeyId")};
inline constexpr Field kKeyTag[] = {text("TagKey"), text("TagValue")};
inline constexpr Field kCreateKey[] = {text("Policy"),
                                       text("Description"),
                                       text("KeyUsage"),
                                       text("CustomerMasterKeySpec"),
                                       text("KeySpec"),
                                       text("Origin"),
                                       text("CustomKeyStoreId"),
                                       flag("BypassPolicyLockoutSafetyCheck"),
                                       list("Tags", kKeyTag),
                                       flag("MultiRegion"),
                                       text("XksKeyId")};
inline constexpr Field kCreateAlias[] = {text("AliasName"), text("TargetKeyId")};
inline constexpr Field kUntagKey[] = {text("KeyId"), texts("TagKeys")};
inline constexpr Field kDeleteAlias[] = {text("AliasName")};
inline constexpr Field kEnableKeyRotation[] = {text("KeyId"), whole("RotationPeriodInDays")};
inline constexpr Field kScheduleKeyDeletion[] = {text("KeyId"), whole("PendingWindowInDays")};
inline constexpr Field kPutKeyPolicy[] = {text("KeyId"), text("PolicyName"), text("Policy"),
                                          flag("BypassPolicyLockoutSafetyCheck")};
inline constexpr Field kUpdateKeyDescription[] = {text("KeyId"), text("Description")};
inline constexpr Field kTagKey[] = {text("KeyId"), list("Tags", kKeyTag)};

// CloudWatch Logs

inline constexpr Field kLogGroupName[] = {text("logGroupName")};
inline constexpr Field kCreateLogGroup[] = {text("logGroupName"), text("kmsKeyId"), map("tags"),
                                            text("logGroupClass"),
                                            flag("deletionProtectionEnabled")};
inline constexpr Field kPutRetentionPolicy[] = {text("logGroupName"), whole("retentionInDays")};
inline constexpr Field kTransformation[] = {text("metricName"),   text("metricNamespace"),
                                            text("metricValue"),  real("defaultValue"),
                                            map("dimensions"),    text("unit")};
inline constexpr Field kPutMetricFilter[] = {text("logGroupName"),
                                             text("filterName"),
                                             text("filterPattern"),
                                             list("metricTransformations", kTransformation),
                                             flag("applyOnTransformedLogs"),
                                             text("fieldSelectionCriteria"),
                                             texts("emitSystemFieldDimensions")};
inline constexpr Field kDeleteMetricFilter[] = {text("logGroupName"), text("filterName")};
inline constexpr Field kDisassociateKmsKey[] = {text("logGroupName"), text("resourceIdentifier")};
inline constexpr Field kAssociateKmsKey[] = {text("logGroupName"), text("kmsKeyId"),
                                             text("resourceIdentifier")};

}  // namespace ciswatch::requests
