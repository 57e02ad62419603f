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

}  // namespace ciswatch::shapes
