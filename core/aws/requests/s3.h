#pragma once

// The members of S3's and S3 Control's requests that change something, after the AWS API models: of each
// the one that is the body, and those that are headers. What is read in the same words has its shape in
// core/aws/shapes/s3.h.

#include "core/aws/requests/members.h"
#include "core/aws/shapes/s3.h"

namespace ciswatch::requests {

inline constexpr Field kNewBucket[] = {text("LocationConstraint"),
                                       {"Tags", "Tags", Kind::list, "Tag", kTags}};
inline constexpr Field kCreateBucketBody[] = {structure("CreateBucketConfiguration", kNewBucket)};
inline constexpr Field kPolicyBody[] = {text("Policy")};
inline constexpr Field kVersioningBody[] = {
    structure("VersioningConfiguration", shapes::kVersioning)};
inline constexpr Field kLoggingBody[] = {structure("BucketLoggingStatus", shapes::kBucketLogging)};
inline constexpr Field kAccessBlockBody[] = {
    structure("PublicAccessBlockConfiguration", shapes::kPublicAccessBlock)};
inline constexpr Field kAclBody[] = {structure("AccessControlPolicy", shapes::kBucketAcl)};
inline constexpr Field kOwnershipBody[] = {
    structure("OwnershipControls", shapes::kOwnershipControls)};
inline constexpr Field kLifecycleBody[] = {
    structure("LifecycleConfiguration", shapes::kLifecycle)};
inline constexpr Field kObjectLockBody[] = {
    structure("ObjectLockConfiguration", shapes::kObjectLock)};

inline constexpr Field kByDefault[] = {text("SSEAlgorithm"), text("KMSMasterKeyID")};
inline constexpr Field kBlockedTypes[] = {{"EncryptionType", "EncryptionType", Kind::list}};
inline constexpr Field kEncryptionRule[] = {
    structure("ApplyServerSideEncryptionByDefault", kByDefault), flag("BucketKeyEnabled"),
    structure("BlockedEncryptionTypes", kBlockedTypes)};
inline constexpr Field kEncryption[] = {{"Rule", "Rules", Kind::list, {}, kEncryptionRule}};
inline constexpr Field kEncryptionBody[] = {
    structure("ServerSideEncryptionConfiguration", kEncryption)};

constexpr RestParam header(std::string_view member, std::string_view name,
                           Kind kind = Kind::text) {
  return {member, name, true, kind};
}
inline constexpr RestParam kExpectedOwner =
    header("ExpectedBucketOwner", "x-amz-expected-bucket-owner");

inline constexpr RestParam kBucketHeaders[] = {kExpectedOwner};
inline constexpr RestParam kCreateBucketHeaders[] = {
    header("ACL", "x-amz-acl"), header("ObjectOwnership", "x-amz-object-ownership"),
    header("ObjectLockEnabledForBucket", "x-amz-bucket-object-lock-enabled", Kind::boolean)};
inline constexpr RestParam kAclHeaders[] = {kExpectedOwner, header("ACL", "x-amz-acl")};
inline constexpr RestParam kPolicyHeaders[] = {
    kExpectedOwner, header("ConfirmRemoveSelfBucketAccess",
                           "x-amz-confirm-remove-self-bucket-access", Kind::boolean)};
inline constexpr RestParam kVersioningHeaders[] = {kExpectedOwner, header("MFA", "x-amz-mfa")};
inline constexpr RestParam kLifecycleHeaders[] = {
    kExpectedOwner, header("TransitionDefaultMinimumObjectSize",
                           "x-amz-transition-default-minimum-object-size")};
inline constexpr RestParam kObjectLockHeaders[] = {
    kExpectedOwner, header("Token", "x-amz-bucket-object-lock-token")};
inline constexpr RestParam kAccountHeaders[] = {header("AccountId", "x-amz-account-id")};

}  // namespace ciswatch::requests
