#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kBalancer[] = {
    {"arn", Type::text, "/LoadBalancerArn", "ARN of the load balancer"},
    {"name", Type::text, "/LoadBalancerName", "Name of the load balancer"},
    {"type", Type::text, "/Type", "application, network or gateway"},
    {"scheme", Type::text, "/Scheme", "internet-facing, or internal; a gateway has none"},
    {"dns_name", Type::text, "/DNSName", "Its name for clients"},
    {"vpc_id", Type::text, "/VpcId", "The VPC that it is in"},
    {"state_code", Type::text, "/State/Code", "active, provisioning, active_impaired or failed"},
    {"created_time", Type::timestamp, "/CreatedTime", "When it was made"},
};

constexpr Column kAttributes[] = {
    {"load_balancer_arn", Type::text, kTarget, "ARN of the load balancer"},
    {"load_balancer_attributes", Type::json, "/Attributes",
     "Its settings, each with Key and Value, such as access_logs.s3.enabled"},
};

constexpr Column kListener[] = {
    {"load_balancer_arn", Type::text, kTarget, "ARN of the load balancer"},
    {"arn", Type::text, "/ListenerArn", "ARN of the listener"},
    {"port", Type::integer, "/Port", "Where it listens"},
    {"protocol", Type::text, "/Protocol", "TLS, TCP, UDP, TCP_UDP, QUIC or TCP_QUIC"},
    {"ssl_policy", Type::text, "/SslPolicy", "What it takes of TLS; '' for no TLS", ""},
};

constexpr Parent kPerBalancer[] = {{.table = "aws_ec2_load_balancer", .key = "arn"}};
constexpr std::string_view kNetwork[] = {"network"};
constexpr Condition kIsNetwork[] = {{"type", kNetwork}};
constexpr Parent kPerNetworkBalancer[] = {
    {.table = "aws_ec2_load_balancer", .key = "arn", .when = kIsNetwork}};

constexpr TableSpec kTables[] = {
    {.name = "aws_ec2_load_balancer",
     .doc = "Application, Network and Gateway Load Balancers of a region",
     .service = "elbv2",
     .operation = "DescribeLoadBalancers",
     .permission = "elasticloadbalancing:DescribeLoadBalancers",
     .scope = Scope::region,
     .items = "/LoadBalancers",
     .key = "arn",
     .columns = kBalancer},
    {.name = "aws_ec2_load_balancer_attributes",
     .doc = "Settings of a load balancer",
     .service = "elbv2",
     .operation = "DescribeLoadBalancerAttributes",
     .permission = "elasticloadbalancing:DescribeLoadBalancerAttributes",
     .scope = Scope::resource,
     .parents = kPerBalancer,
     .parameter = "LoadBalancerArn",
     .key = "load_balancer_arn",
     .columns = kAttributes},
    {.name = "aws_ec2_load_balancer_listener",
     .doc = "Listeners of a Network Load Balancer, of which it logs those of TLS",
     .service = "elbv2",
     .operation = "DescribeListeners",
     .permission = "elasticloadbalancing:DescribeListeners",
     .scope = Scope::resource,
     .parents = kPerNetworkBalancer,
     .parameter = "LoadBalancerArn",
     .items = "/Listeners",
     .key = "arn",
     .columns = kListener},
};

}  // namespace

std::span<const TableSpec> elbv2_tables() { return kTables; }

}  // namespace ciswatch
