#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kAccount[] = {
    {"arn", Type::text, "/Arn", "Who collected: the caller's ARN, which also tells the partition"},
    {"user_id", Type::text, "/UserId", "The caller's unique id"},
};

constexpr Column kRegion[] = {
    {"name", Type::text, "/RegionName", "The region's name"},
    {"opt_in_status", Type::text, "/OptInStatus",
     "opt-in-not-required, opted-in or not-opted-in; a region that is not opted in gets no calls"},
};

constexpr TableSpec kTables[] = {
    {.name = "aws_account",
     .doc = "The accounts of the snapshot",
     .service = "sts",
     .operation = "GetCallerIdentity",
     .permission = "",
     .scope = Scope::account,
     .columns = kAccount},
    {.name = "aws_region",
     .doc = "All regions of the partition, with the account's opt-in status",
     .service = "ec2",
     .operation = "DescribeRegions",
     .permission = "ec2:DescribeRegions",
     .scope = Scope::account,
     .items = "/Regions",
     .key = "name",
     .region_from = "/RegionName",
     .columns = kRegion},
};

}  // namespace

std::span<const TableSpec> account_tables() { return kTables; }

}  // namespace ciswatch
