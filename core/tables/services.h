#pragma once

// The tables of each service, one file a service. Read through tables.cc's list.

#include <span>

#include "core/tables/table_spec.h"

namespace ciswatch {

std::span<const TableSpec> account_tables();  // sts, ec2 DescribeRegions
std::span<const TableSpec> cloudtrail_tables();
std::span<const TableSpec> s3_tables();
std::span<const TableSpec> config_tables();
std::span<const TableSpec> kms_tables();
std::span<const TableSpec> vpc_tables();
std::span<const TableSpec> logs_tables();
std::span<const TableSpec> cloudwatch_tables();
std::span<const TableSpec> sns_tables();
std::span<const TableSpec> iam_tables();
std::span<const TableSpec> organizations_tables();
std::span<const TableSpec> cloudformation_tables();
std::span<const TableSpec> securityhub_tables();
std::span<const TableSpec> cloudfront_tables();
std::span<const TableSpec> elbv2_tables();
std::span<const TableSpec> apigateway_tables();

}  // namespace ciswatch
