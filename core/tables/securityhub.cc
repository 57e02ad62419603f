#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kHub[] = {
    {"enabled", Type::boolean, kAnswered, "0: Security Hub is off in the region"},
    {"hub_arn", Type::text, "/HubArn", "ARN of the hub; '' where it is off", std::nullopt, ""},
    {"subscribed_at", Type::timestamp, "/SubscribedAt", "Since when it is on"},
    {"auto_enable_controls", Type::boolean, "/AutoEnableControls",
     "Whether new controls are switched on by themselves"},
};

// InvalidAccessException also stands for a lack of permission.
constexpr std::string_view kOff[] = {"InvalidAccessException: is not subscribed to"};

constexpr TableSpec kTables[] = {
    {.name = "aws_securityhub_hub",
     .doc = "Is Security Hub on in a region?",
     .service = "securityhub",
     .operation = "DescribeHub",
     .permission = "securityhub:DescribeHub",
     .scope = Scope::region,
     .absent = kOff,
     .columns = kHub},
};

}  // namespace

std::span<const TableSpec> securityhub_tables() { return kTables; }

}  // namespace ciswatch
