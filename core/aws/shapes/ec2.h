#pragma once

// The members of EC2's XML answers, after the AWS API model.

#include "core/aws/operations.h"

namespace ciswatch::shapes {

inline constexpr Field kTag[] = {{"key", "Key"}, {"value", "Value"}};

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

inline constexpr Field kItemError[] = {{"code", "Code"}, {"message", "Message"}};
inline constexpr Field kUnsuccessful[] = {
    {"error", "Error", Kind::structure, {}, kItemError}, {"resourceId", "ResourceId"}};
inline constexpr Field kCreatedFlowLogs[] = {
    {"clientToken", "ClientToken"},
    {"flowLogIdSet", "FlowLogIds", Kind::list, "item"},
    {"unsuccessful", "Unsuccessful", Kind::list, "item", kUnsuccessful}};
inline constexpr Field kDeletedFlowLogs[] = {
    {"unsuccessful", "Unsuccessful", Kind::list, "item", kUnsuccessful}};

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

// What tells where a subnet is and whose.
inline constexpr Field kSubnet[] = {{"availabilityZone", "AvailabilityZone"},
                                    {"cidrBlock", "CidrBlock"},
                                    {"ownerId", "OwnerId"},
                                    {"state", "State"},
                                    {"subnetArn", "SubnetArn"},
                                    {"subnetId", "SubnetId"},
                                    {"vpcId", "VpcId"}};
inline constexpr Field kSubnets[] = {{"subnetSet", "Subnets", Kind::list, "item", kSubnet},
                                     {"nextToken", "NextToken"}};

}  // namespace ciswatch::shapes
