#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kVpc[] = {
    {"vpc_id", Type::text, "/VpcId", "Id of the VPC"},
    {"owner_id", Type::text, "/OwnerId", "The account that owns it; another one where it is shared"},
    {"is_default", Type::boolean, "/IsDefault", "Made by AWS with the region"},
    {"cidr_block", Type::text, "/CidrBlock", "Primary IPv4 range"},
    {"state", Type::text, "/State", "available or pending"},
};

constexpr Column kFlowLog[] = {
    {"flow_log_id", Type::text, "/FlowLogId", "Id of the flow log"},
    {"resource_id", Type::text, "/ResourceId", "The VPC, subnet, interface or gateway it watches"},
    {"flow_log_status", Type::text, "/FlowLogStatus", "ACTIVE when it is on"},
    {"traffic_type", Type::text, "/TrafficType", "ACCEPT, REJECT or ALL"},
    {"deliver_logs_status", Type::text, "/DeliverLogsStatus",
     "SUCCESS or FAILED; '' where nothing is told (S3, or new)", ""},
    {"deliver_logs_error_message", Type::text, "/DeliverLogsErrorMessage",
     "Why the delivery fails; '' for none", ""},
    {"log_destination_type", Type::text, "/LogDestinationType",
     "cloud-watch-logs, s3 or kinesis-data-firehose"},
    {"log_destination", Type::text, "/LogDestination", "ARN that the logs go to"},
    {"log_group_name", Type::text, "/LogGroupName", "CloudWatch Logs group"},
    {"deliver_logs_permission_arn", Type::text, "/DeliverLogsPermissionArn",
     "Role with which the logs are delivered"},
};

constexpr Column kInterface[] = {
    {"network_interface_id", Type::text, "/NetworkInterfaceId", "Id of the interface"},
    {"vpc_id", Type::text, "/VpcId", "The VPC that it is in"},
    {"owner_id", Type::text, "/OwnerId", "The account that owns it"},
    {"interface_type", Type::text, "/InterfaceType", "interface, nat_gateway, lambda, …"},
    {"status", Type::text, "/Status", "in-use or available"},
    {"description", Type::text, "/Description", "Mostly names the service that made it", ""},
};

constexpr Column kSubnet[] = {
    {"subnet_id", Type::text, "/SubnetId", "Id of the subnet"},
    {"vpc_id", Type::text, "/VpcId", "The VPC that it is in"},
    {"owner_id", Type::text, "/OwnerId", "The account that owns it; another one where it is shared"},
    {"cidr_block", Type::text, "/CidrBlock", "IPv4 range"},
};

constexpr TableSpec kTables[] = {
    {.name = "aws_vpc",
     .doc = "VPCs that the account can see in a region",
     .service = "ec2",
     .operation = "DescribeVpcs",
     .permission = "ec2:DescribeVpcs",
     .scope = Scope::region,
     .items = "/Vpcs",
     .key = "vpc_id",
     .columns = kVpc},
    {.name = "aws_vpc_flow_log",
     .doc = "Flow logs of a region",
     .service = "ec2",
     .operation = "DescribeFlowLogs",
     .permission = "ec2:DescribeFlowLogs",
     .scope = Scope::region,
     .items = "/FlowLogs",
     .key = "flow_log_id",
     .columns = kFlowLog},
    {.name = "aws_ec2_network_interface",
     .doc = "Network interfaces of a region: a VPC without any is used by nothing",
     .service = "ec2",
     .operation = "DescribeNetworkInterfaces",
     .permission = "ec2:DescribeNetworkInterfaces",
     .scope = Scope::region,
     .items = "/NetworkInterfaces",
     .key = "network_interface_id",
     .columns = kInterface},
    {.name = "aws_vpc_subnet",
     .doc = "Subnets that the account can see in a region",
     .service = "ec2",
     .operation = "DescribeSubnets",
     .permission = "ec2:DescribeSubnets",
     .scope = Scope::region,
     .items = "/Subnets",
     .key = "subnet_id",
     .columns = kSubnet},
};

}  // namespace

std::span<const TableSpec> vpc_tables() { return kTables; }

}  // namespace ciswatch
