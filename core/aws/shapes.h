#pragma once

// The members of the XML answers, after the AWS API models. One list per answer.

#include "core/aws/operations.h"

namespace ciswatch::shapes {

inline constexpr Field kTag[] = {{"key", "Key"}, {"value", "Value"}};

// --- sts

inline constexpr Field kCallerIdentity[] = {
    {"UserId", "UserId"}, {"Account", "Account"}, {"Arn", "Arn"}};

inline constexpr Field kSessionKeys[] = {{"AccessKeyId", "AccessKeyId"},
                                         {"SecretAccessKey", "SecretAccessKey"},
                                         {"SessionToken", "SessionToken"},
                                         {"Expiration", "Expiration"}};
inline constexpr Field kAssumedRoleUser[] = {{"AssumedRoleId", "AssumedRoleId"}, {"Arn", "Arn"}};
inline constexpr Field kAssumedRole[] = {
    {"Credentials", "Credentials", Kind::structure, {}, kSessionKeys},
    {"AssumedRoleUser", "AssumedRoleUser", Kind::structure, {}, kAssumedRoleUser},
    {"PackedPolicySize", "PackedPolicySize", Kind::integer},
    {"SourceIdentity", "SourceIdentity"}};

// --- ec2

inline constexpr Field kGeography[] = {{"name", "Name"}};
inline constexpr Field kRegion[] = {{"optInStatus", "OptInStatus"},
                                    {"geographySet", "Geography", Kind::list, "item", kGeography},
                                    {"regionName", "RegionName"},
                                    {"regionEndpoint", "Endpoint"}};
inline constexpr Field kRegions[] = {{"regionInfo", "Regions", Kind::list, "item", kRegion}};

inline constexpr Field kCidrState[] = {{"state", "State"}, {"statusMessage", "StatusMessage"}};
inline constexpr Field kIpv6Association[] = {
    {"associationId", "AssociationId"},
    {"ipv6CidrBlock", "Ipv6CidrBlock"},
    {"ipv6CidrBlockState", "Ipv6CidrBlockState", Kind::structure, {}, kCidrState},
    {"networkBorderGroup", "NetworkBorderGroup"},
    {"ipv6Pool", "Ipv6Pool"},
    {"ipv6AddressAttribute", "Ipv6AddressAttribute"},
    {"ipSource", "IpSource"}};
inline constexpr Field kCidrAssociation[] = {
    {"associationId", "AssociationId"},
    {"cidrBlock", "CidrBlock"},
    {"cidrBlockState", "CidrBlockState", Kind::structure, {}, kCidrState}};
inline constexpr Field kExclusion[] = {{"state", "State"}, {"stateMessage", "StateMessage"}};
inline constexpr Field kExclusions[] = {
    {"internetGateway", "InternetGateway", Kind::structure, {}, kExclusion},
    {"egressOnlyInternetGateway", "EgressOnlyInternetGateway", Kind::structure, {}, kExclusion},
    {"natGateway", "NatGateway", Kind::structure, {}, kExclusion},
    {"virtualPrivateGateway", "VirtualPrivateGateway", Kind::structure, {}, kExclusion},
    {"vpcPeering", "VpcPeering", Kind::structure, {}, kExclusion},
    {"lambda", "Lambda", Kind::structure, {}, kExclusion},
    {"vpcLattice", "VpcLattice", Kind::structure, {}, kExclusion},
    {"elasticFileSystem", "ElasticFileSystem", Kind::structure, {}, kExclusion}};
inline constexpr Field kEncryptionControl[] = {
    {"vpcId", "VpcId"},
    {"vpcEncryptionControlId", "VpcEncryptionControlId"},
    {"mode", "Mode"},
    {"state", "State"},
    {"stateMessage", "StateMessage"},
    {"resourceExclusions", "ResourceExclusions", Kind::structure, {}, kExclusions},
    {"tagSet", "Tags", Kind::list, "item", kTag}};
inline constexpr Field kBlockPublicAccess[] = {
    {"internetGatewayBlockMode", "InternetGatewayBlockMode"}};
inline constexpr Field kVpc[] = {
    {"ownerId", "OwnerId"},
    {"instanceTenancy", "InstanceTenancy"},
    {"ipv6CidrBlockAssociationSet", "Ipv6CidrBlockAssociationSet", Kind::list, "item",
     kIpv6Association},
    {"cidrBlockAssociationSet", "CidrBlockAssociationSet", Kind::list, "item", kCidrAssociation},
    {"isDefault", "IsDefault", Kind::boolean},
    {"encryptionControl", "EncryptionControl", Kind::structure, {}, kEncryptionControl},
    {"tagSet", "Tags", Kind::list, "item", kTag},
    {"blockPublicAccessStates", "BlockPublicAccessStates", Kind::structure, {}, kBlockPublicAccess},
    {"vpcId", "VpcId"},
    {"state", "State"},
    {"cidrBlock", "CidrBlock"},
    {"dhcpOptionsId", "DhcpOptionsId"}};
inline constexpr Field kVpcs[] = {{"nextToken", "NextToken"},
                                  {"vpcSet", "Vpcs", Kind::list, "item", kVpc}};

inline constexpr Field kDestinationOptions[] = {
    {"fileFormat", "FileFormat"},
    {"hiveCompatiblePartitions", "HiveCompatiblePartitions", Kind::boolean},
    {"perHourPartition", "PerHourPartition", Kind::boolean}};
inline constexpr Field kTagFields[] = {{"resourceType", "ResourceType"},
                                       {"tagKeySet", "TagKeys", Kind::list, "item"}};
inline constexpr Field kFlowLog[] = {
    {"creationTime", "CreationTime"},
    {"deliverLogsErrorMessage", "DeliverLogsErrorMessage"},
    {"deliverLogsPermissionArn", "DeliverLogsPermissionArn"},
    {"deliverCrossAccountRole", "DeliverCrossAccountRole"},
    {"deliverLogsStatus", "DeliverLogsStatus"},
    {"flowLogId", "FlowLogId"},
    {"flowLogStatus", "FlowLogStatus"},
    {"logGroupName", "LogGroupName"},
    {"resourceId", "ResourceId"},
    {"trafficType", "TrafficType"},
    {"logDestinationType", "LogDestinationType"},
    {"logDestination", "LogDestination"},
    {"logFormat", "LogFormat"},
    {"tagSet", "Tags", Kind::list, "item", kTag},
    {"maxAggregationInterval", "MaxAggregationInterval", Kind::integer},
    {"destinationOptions", "DestinationOptions", Kind::structure, {}, kDestinationOptions},
    {"tagFieldSpecificationSet", "TagFieldSpecifications", Kind::list, "item", kTagFields}};
inline constexpr Field kFlowLogs[] = {{"flowLogSet", "FlowLogs", Kind::list, "item", kFlowLog},
                                      {"nextToken", "NextToken"}};

// What tells where an interface is and whose: the rest (addresses, attachment) is much and not asked
// for.
inline constexpr Field kNetworkInterface[] = {
    {"availabilityZone", "AvailabilityZone"},
    {"description", "Description"},
    {"interfaceType", "InterfaceType"},
    {"networkInterfaceId", "NetworkInterfaceId"},
    {"ownerId", "OwnerId"},
    {"requesterId", "RequesterId"},
    {"requesterManaged", "RequesterManaged", Kind::boolean},
    {"status", "Status"},
    {"subnetId", "SubnetId"},
    {"vpcId", "VpcId"}};
inline constexpr Field kNetworkInterfaces[] = {
    {"networkInterfaceSet", "NetworkInterfaces", Kind::list, "item", kNetworkInterface},
    {"nextToken", "NextToken"}};

// --- cloudwatch

inline constexpr Field kDimension[] = {{"Name", "Name"}, {"Value", "Value"}};
inline constexpr Field kMetric[] = {
    {"Namespace", "Namespace"},
    {"MetricName", "MetricName"},
    {"Dimensions", "Dimensions", Kind::list, "member", kDimension}};
inline constexpr Field kMetricStat[] = {{"Metric", "Metric", Kind::structure, {}, kMetric},
                                        {"Period", "Period", Kind::integer},
                                        {"Stat", "Stat"},
                                        {"Unit", "Unit"}};
inline constexpr Field kMetricQuery[] = {
    {"Id", "Id"},
    {"MetricStat", "MetricStat", Kind::structure, {}, kMetricStat},
    {"Expression", "Expression"},
    {"Label", "Label"},
    {"ReturnData", "ReturnData", Kind::boolean},
    {"Period", "Period", Kind::integer},
    {"AccountId", "AccountId"}};
inline constexpr Field kPromQuery[] = {{"Query", "Query"},
                                       {"PendingPeriod", "PendingPeriod", Kind::integer},
                                       {"RecoveryPeriod", "RecoveryPeriod", Kind::integer}};
inline constexpr Field kCriteria[] = {
    {"PromQLCriteria", "PromQLCriteria", Kind::structure, {}, kPromQuery}};
inline constexpr Field kWallClock[] = {{"Timezone", "Timezone"}};
inline constexpr Field kWindow[] = {
    {"WallClockWindow", "WallClockWindow", Kind::structure, {}, kWallClock},
    {"SlidingWindow", "SlidingWindow", Kind::structure}};
inline constexpr Field kWarmUp[] = {
    {"WarmUpPeriodDurationInMinutes", "WarmUpPeriodDurationInMinutes", Kind::integer},
    {"OnlyStartEvaluatingAfterWarmUpPeriodEnds", "OnlyStartEvaluatingAfterWarmUpPeriodEnds",
     Kind::boolean}};
inline constexpr Field kMetricAlarm[] = {
    {"AlarmName", "AlarmName"},
    {"AlarmArn", "AlarmArn"},
    {"AlarmDescription", "AlarmDescription"},
    {"AlarmConfigurationUpdatedTimestamp", "AlarmConfigurationUpdatedTimestamp"},
    {"ActionsEnabled", "ActionsEnabled", Kind::boolean},
    {"OKActions", "OKActions", Kind::list, "member"},
    {"AlarmActions", "AlarmActions", Kind::list, "member"},
    {"InsufficientDataActions", "InsufficientDataActions", Kind::list, "member"},
    {"StateValue", "StateValue"},
    {"StateReason", "StateReason"},
    {"StateReasonData", "StateReasonData"},
    {"StateUpdatedTimestamp", "StateUpdatedTimestamp"},
    {"MetricName", "MetricName"},
    {"Namespace", "Namespace"},
    {"Statistic", "Statistic"},
    {"ExtendedStatistic", "ExtendedStatistic"},
    {"Dimensions", "Dimensions", Kind::list, "member", kDimension},
    {"Period", "Period", Kind::integer},
    {"Unit", "Unit"},
    {"EvaluationPeriods", "EvaluationPeriods", Kind::integer},
    {"DatapointsToAlarm", "DatapointsToAlarm", Kind::integer},
    {"Threshold", "Threshold", Kind::real},
    {"ComparisonOperator", "ComparisonOperator"},
    {"TreatMissingData", "TreatMissingData"},
    {"EvaluateLowSampleCountPercentile", "EvaluateLowSampleCountPercentile"},
    {"Metrics", "Metrics", Kind::list, "member", kMetricQuery},
    {"ThresholdMetricId", "ThresholdMetricId"},
    {"EvaluationState", "EvaluationState"},
    {"StateTransitionedTimestamp", "StateTransitionedTimestamp"},
    {"EvaluationWindow", "EvaluationWindow", Kind::structure, {}, kWindow},
    {"WarmUpConfiguration", "WarmUpConfiguration", Kind::structure, {}, kWarmUp},
    {"EvaluationCriteria", "EvaluationCriteria", Kind::structure, {}, kCriteria},
    {"EvaluationInterval", "EvaluationInterval", Kind::integer}};
inline constexpr Field kAlarms[] = {
    {"MetricAlarms", "MetricAlarms", Kind::list, "member", kMetricAlarm},
    {"NextToken", "NextToken"}};

// --- sns

inline constexpr Field kTopic[] = {{"TopicArn", "TopicArn"}};
inline constexpr Field kTopics[] = {{"Topics", "Topics", Kind::list, "member", kTopic},
                                    {"NextToken", "NextToken"}};
inline constexpr Field kSubscription[] = {{"SubscriptionArn", "SubscriptionArn"},
                                          {"Owner", "Owner"},
                                          {"Protocol", "Protocol"},
                                          {"Endpoint", "Endpoint"},
                                          {"TopicArn", "TopicArn"}};
inline constexpr Field kSubscriptions[] = {
    {"Subscriptions", "Subscriptions", Kind::list, "member", kSubscription},
    {"NextToken", "NextToken"}};
inline constexpr Field kTopicAttributes[] = {{"Attributes", "Attributes", Kind::map, "entry"}};

// --- iam

inline constexpr Field kIamTag[] = {{"Key", "Key"}, {"Value", "Value"}};
inline constexpr Field kBoundary[] = {{"PermissionsBoundaryType", "PermissionsBoundaryType"},
                                      {"PermissionsBoundaryArn", "PermissionsBoundaryArn"}};
inline constexpr Field kLastUsed[] = {{"LastUsedDate", "LastUsedDate"}, {"Region", "Region"}};
inline constexpr Field kRoleTemplate[] = {
    {"TemplateArn", "TemplateArn"}, {"TemplateMinorVersion", "TemplateMinorVersion", Kind::integer}};
inline constexpr Field kRoleMembers[] = {
    {"Path", "Path"},
    {"RoleName", "RoleName"},
    {"RoleId", "RoleId"},
    {"Arn", "Arn"},
    {"CreateDate", "CreateDate"},
    {"AssumeRolePolicyDocument", "AssumeRolePolicyDocument", Kind::encoded},
    {"Description", "Description"},
    {"MaxSessionDuration", "MaxSessionDuration", Kind::integer},
    {"PermissionsBoundary", "PermissionsBoundary", Kind::structure, {}, kBoundary},
    {"Tags", "Tags", Kind::list, "member", kIamTag},
    {"RoleLastUsed", "RoleLastUsed", Kind::structure, {}, kLastUsed},
    {"SourceRoleTemplate", "SourceRoleTemplate", Kind::structure, {}, kRoleTemplate}};
inline constexpr Field kRole[] = {{"Role", "Role", Kind::structure, {}, kRoleMembers}};
inline constexpr Field kRolePolicies[] = {{"PolicyNames", "PolicyNames", Kind::list, "member"},
                                          {"IsTruncated", "IsTruncated", Kind::boolean},
                                          {"Marker", "Marker"}};
inline constexpr Field kRolePolicy[] = {{"RoleName", "RoleName"},
                                        {"PolicyName", "PolicyName"},
                                        {"PolicyDocument", "PolicyDocument", Kind::encoded}};
inline constexpr Field kAttachedPolicy[] = {{"PolicyName", "PolicyName"}, {"PolicyArn", "PolicyArn"}};
inline constexpr Field kAttachedPolicies[] = {
    {"AttachedPolicies", "AttachedPolicies", Kind::list, "member", kAttachedPolicy},
    {"IsTruncated", "IsTruncated", Kind::boolean},
    {"Marker", "Marker"}};
inline constexpr Field kIamPolicyMembers[] = {
    {"PolicyName", "PolicyName"},
    {"PolicyId", "PolicyId"},
    {"Arn", "Arn"},
    {"Path", "Path"},
    {"DefaultVersionId", "DefaultVersionId"},
    {"AttachmentCount", "AttachmentCount", Kind::integer},
    {"PermissionsBoundaryUsageCount", "PermissionsBoundaryUsageCount", Kind::integer},
    {"IsAttachable", "IsAttachable", Kind::boolean},
    {"Description", "Description"},
    {"CreateDate", "CreateDate"},
    {"UpdateDate", "UpdateDate"},
    {"Tags", "Tags", Kind::list, "member", kIamTag}};
inline constexpr Field kIamPolicy[] = {{"Policy", "Policy", Kind::structure, {}, kIamPolicyMembers}};
inline constexpr Field kPolicyVersionMembers[] = {
    {"Document", "Document", Kind::encoded},
    {"VersionId", "VersionId"},
    {"IsDefaultVersion", "IsDefaultVersion", Kind::boolean},
    {"CreateDate", "CreateDate"}};
inline constexpr Field kPolicyVersion[] = {
    {"PolicyVersion", "PolicyVersion", Kind::structure, {}, kPolicyVersionMembers}};

// --- cloudformation

inline constexpr Field kDrift[] = {{"StackResourceDriftStatus", "StackResourceDriftStatus"},
                                   {"LastCheckTimestamp", "LastCheckTimestamp"}};
inline constexpr Field kModule[] = {{"TypeHierarchy", "TypeHierarchy"},
                                    {"LogicalIdHierarchy", "LogicalIdHierarchy"}};
inline constexpr Field kStackResource[] = {
    {"StackName", "StackName"},
    {"StackId", "StackId"},
    {"LogicalResourceId", "LogicalResourceId"},
    {"PhysicalResourceId", "PhysicalResourceId"},
    {"ResourceType", "ResourceType"},
    {"Timestamp", "Timestamp"},
    {"ResourceStatus", "ResourceStatus"},
    {"ResourceStatusReason", "ResourceStatusReason"},
    {"Description", "Description"},
    {"DriftInformation", "DriftInformation", Kind::structure, {}, kDrift},
    {"ModuleInfo", "ModuleInfo", Kind::structure, {}, kModule}};
inline constexpr Field kStackResources[] = {
    {"StackResources", "StackResources", Kind::list, "member", kStackResource}};
inline constexpr Field kTemplate[] = {{"TemplateBody", "TemplateBody"},
                                      {"StagesAvailable", "StagesAvailable", Kind::list, "member"}};

// --- s3

inline constexpr Field kOwner[] = {{"DisplayName", "DisplayName"}, {"ID", "ID"}};
inline constexpr Field kBucket[] = {{"Name", "Name"},
                                    {"CreationDate", "CreationDate"},
                                    {"BucketRegion", "BucketRegion"},
                                    {"BucketArn", "BucketArn"}};
inline constexpr Field kBuckets[] = {{"Buckets", "Buckets", Kind::list, "Bucket", kBucket},
                                     {"Owner", "Owner", Kind::structure, {}, kOwner},
                                     {"ContinuationToken", "ContinuationToken"},
                                     {"Prefix", "Prefix"}};

// Headers, not elements.
inline constexpr Field kBucketHead[] = {
    {"x-amz-bucket-arn", "BucketArn"},
    {"x-amz-bucket-location-type", "BucketLocationType"},
    {"x-amz-bucket-location-name", "BucketLocationName"},
    {"x-amz-bucket-region", "BucketRegion"},
    {"x-amz-access-point-alias", "AccessPointAlias", Kind::boolean}};

inline constexpr Field kGrantee[] = {{"DisplayName", "DisplayName"},
                                     {"EmailAddress", "EmailAddress"},
                                     {"ID", "ID"},
                                     {"xsi:type", "Type", Kind::attribute},
                                     {"URI", "URI"}};
inline constexpr Field kGrant[] = {{"Grantee", "Grantee", Kind::structure, {}, kGrantee},
                                   {"Permission", "Permission"}};
inline constexpr Field kBucketAcl[] = {
    {"Owner", "Owner", Kind::structure, {}, kOwner},
    {"AccessControlList", "Grants", Kind::list, "Grant", kGrant}};

inline constexpr Field kPolicyStatus[] = {{"IsPublic", "IsPublic", Kind::boolean}};

inline constexpr Field kPublicAccessBlock[] = {
    {"BlockPublicAcls", "BlockPublicAcls", Kind::boolean},
    {"IgnorePublicAcls", "IgnorePublicAcls", Kind::boolean},
    {"BlockPublicPolicy", "BlockPublicPolicy", Kind::boolean},
    {"RestrictPublicBuckets", "RestrictPublicBuckets", Kind::boolean}};

inline constexpr Field kOwnershipRule[] = {{"ObjectOwnership", "ObjectOwnership"}};
inline constexpr Field kOwnershipControls[] = {{"Rule", "Rules", Kind::list, {}, kOwnershipRule}};

inline constexpr Field kPartitionedPrefix[] = {{"PartitionDateSource", "PartitionDateSource"}};
inline constexpr Field kKeyFormat[] = {
    {"SimplePrefix", "SimplePrefix", Kind::structure},
    {"PartitionedPrefix", "PartitionedPrefix", Kind::structure, {}, kPartitionedPrefix}};
inline constexpr Field kLoggingEnabled[] = {
    {"TargetBucket", "TargetBucket"},
    {"TargetGrants", "TargetGrants", Kind::list, "Grant", kGrant},
    {"TargetPrefix", "TargetPrefix"},
    {"TargetObjectKeyFormat", "TargetObjectKeyFormat", Kind::structure, {}, kKeyFormat}};
inline constexpr Field kBucketLogging[] = {
    {"LoggingEnabled", "LoggingEnabled", Kind::structure, {}, kLoggingEnabled}};

inline constexpr Field kExpiration[] = {
    {"Date", "Date"},
    {"Days", "Days", Kind::integer},
    {"ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker", Kind::boolean}};
inline constexpr Field kObjectTag[] = {{"Key", "Key"}, {"Value", "Value"}};
inline constexpr Field kFilterAnd[] = {
    {"Prefix", "Prefix"},
    {"Tag", "Tags", Kind::list, {}, kObjectTag},
    {"ObjectSizeGreaterThan", "ObjectSizeGreaterThan", Kind::integer},
    {"ObjectSizeLessThan", "ObjectSizeLessThan", Kind::integer}};
inline constexpr Field kLifecycleFilter[] = {
    {"Prefix", "Prefix"},
    {"Tag", "Tag", Kind::structure, {}, kObjectTag},
    {"ObjectSizeGreaterThan", "ObjectSizeGreaterThan", Kind::integer},
    {"ObjectSizeLessThan", "ObjectSizeLessThan", Kind::integer},
    {"And", "And", Kind::structure, {}, kFilterAnd}};
inline constexpr Field kTransition[] = {
    {"Date", "Date"}, {"Days", "Days", Kind::integer}, {"StorageClass", "StorageClass"}};
inline constexpr Field kOldTransition[] = {
    {"NoncurrentDays", "NoncurrentDays", Kind::integer},
    {"StorageClass", "StorageClass"},
    {"NewerNoncurrentVersions", "NewerNoncurrentVersions", Kind::integer}};
inline constexpr Field kOldExpiration[] = {
    {"NoncurrentDays", "NoncurrentDays", Kind::integer},
    {"NewerNoncurrentVersions", "NewerNoncurrentVersions", Kind::integer}};
inline constexpr Field kAbort[] = {{"DaysAfterInitiation", "DaysAfterInitiation", Kind::integer}};
inline constexpr Field kLifecycleRule[] = {
    {"Expiration", "Expiration", Kind::structure, {}, kExpiration},
    {"ID", "ID"},
    {"Prefix", "Prefix"},
    {"Filter", "Filter", Kind::structure, {}, kLifecycleFilter},
    {"Status", "Status"},
    {"Transition", "Transitions", Kind::list, {}, kTransition},
    {"NoncurrentVersionTransition", "NoncurrentVersionTransitions", Kind::list, {}, kOldTransition},
    {"NoncurrentVersionExpiration", "NoncurrentVersionExpiration", Kind::structure, {},
     kOldExpiration},
    {"AbortIncompleteMultipartUpload", "AbortIncompleteMultipartUpload", Kind::structure, {},
     kAbort}};
inline constexpr Field kLifecycle[] = {{"Rule", "Rules", Kind::list, {}, kLifecycleRule}};

inline constexpr Field kVersioning[] = {{"Status", "Status"}, {"MfaDelete", "MFADelete"}};

inline constexpr Field kEventHold[] = {{"Days", "Days", Kind::integer},
                                       {"Years", "Years", Kind::integer}};
inline constexpr Field kRetention[] = {
    {"Mode", "Mode"},
    {"Days", "Days", Kind::integer},
    {"Years", "Years", Kind::integer},
    {"DefaultEventHold", "DefaultEventHold", Kind::structure, {}, kEventHold}};
inline constexpr Field kLockRule[] = {
    {"DefaultRetention", "DefaultRetention", Kind::structure, {}, kRetention}};
inline constexpr Field kObjectLock[] = {
    {"ObjectLockEnabled", "ObjectLockEnabled"},
    {"Rule", "Rule", Kind::structure, {}, kLockRule}};

}  // namespace ciswatch::shapes
