#pragma once

// The members of S3 and S3 Control's XML answers, after the AWS API model.

#include "core/aws/operations.h"

namespace ciswatch::shapes {

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
