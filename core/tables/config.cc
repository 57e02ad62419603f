#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kRecorder[] = {
    {"name", Type::text, "/name", "Name; 'default' in most regions"},
    {"role_arn", Type::text, "/roleARN", "Role with which AWS Config reads"},
    {"recording_group", Type::json, "/recordingGroup", "Which resource types are recorded"},
    {"recording_mode", Type::json, "/recordingMode", "CONTINUOUS or DAILY"},
    {"recording_scope", Type::text, "/recordingScope",
     "INTERNAL for a recorder that one AWS service keeps for itself; '' where not told", ""},
    {"service_principal", Type::text, "/servicePrincipal",
     "The AWS service that owns the recorder; '' for the customer's own", ""},
    {"connector_arn", Type::text, "/connectorArn",
     "Set for a recorder of another cloud; '' for the customer's own", ""},
};

constexpr Column kRecorderStatus[] = {
    {"name", Type::text, "/name", "Name of the recorder"},
    {"recording", Type::boolean, "/recording", "Whether it records now"},
    {"last_status", Type::text, "/lastStatus",
     "SUCCESS, PENDING or FAILURE, in whatever case the API says it"},
    {"last_error_code", Type::text, "/lastErrorCode", "Error of the last recording; '' for none",
     ""},
    {"last_error_message", Type::text, "/lastErrorMessage",
     "Its message; '' for none", ""},
    {"last_start_time", Type::timestamp, "/lastStartTime", "When it was last started"},
};

constexpr Column kChannel[] = {
    {"name", Type::text, "/name", "Name; 'default' in most regions"},
    {"s3_bucket_name", Type::text, "/s3BucketName", "Where the records go; '' for nowhere", ""},
    {"s3_key_prefix", Type::text, "/s3KeyPrefix", "Prefix in the bucket", ""},
    {"sns_topic_arn", Type::text, "/snsTopicARN", "Topic told of changes; '' for none", ""},
};

// Members that are left out stay NULL: a kind of delivery that was never tried says so itself
// (Not_Applicable).
constexpr Column kChannelStatus[] = {
    {"name", Type::text, "/name", "Name of the delivery channel"},
    {"snapshot_status", Type::text, "/configSnapshotDeliveryInfo/lastStatus",
     "Last snapshot to the bucket: SUCCESS, FAILURE or NOT_APPLICABLE, in whatever case"},
    {"snapshot_error", Type::text, "/configSnapshotDeliveryInfo/lastErrorCode",
     "Its error; '' for none", ""},
    {"history_status", Type::text, "/configHistoryDeliveryInfo/lastStatus",
     "Last history file to the bucket"},
    {"history_error", Type::text, "/configHistoryDeliveryInfo/lastErrorCode",
     "Its error; '' for none", ""},
    {"stream_status", Type::text, "/configStreamDeliveryInfo/lastStatus",
     "Last message to the SNS topic; NOT_APPLICABLE without a topic"},
    {"stream_error", Type::text, "/configStreamDeliveryInfo/lastErrorCode",
     "Its error; '' for none", ""},
};

constexpr TableSpec kTables[] = {
    {.name = "aws_config_configuration_recorder",
     .doc = "What AWS Config records in a region",
     .service = "config",
     .operation = "DescribeConfigurationRecorders",
     .permission = "config:DescribeConfigurationRecorders",
     .scope = Scope::region,
     .items = "/ConfigurationRecorders",
     .key = "name",
     .columns = kRecorder},
    {.name = "aws_config_configuration_recorder_status",
     .doc = "Does AWS Config record in a region?",
     .service = "config",
     .operation = "DescribeConfigurationRecorderStatus",
     .permission = "config:DescribeConfigurationRecorderStatus",
     .scope = Scope::region,
     .items = "/ConfigurationRecordersStatus",
     .key = "name",
     .columns = kRecorderStatus},
    {.name = "aws_config_delivery_channel",
     .doc = "Where AWS Config delivers in a region",
     .service = "config",
     .operation = "DescribeDeliveryChannels",
     .permission = "config:DescribeDeliveryChannels",
     .scope = Scope::region,
     .items = "/DeliveryChannels",
     .key = "name",
     .columns = kChannel},
    {.name = "aws_config_delivery_channel_status",
     .doc = "Does what AWS Config records in a region arrive?",
     .service = "config",
     .operation = "DescribeDeliveryChannelStatus",
     .permission = "config:DescribeDeliveryChannelStatus",
     .scope = Scope::region,
     .items = "/DeliveryChannelsStatus",
     .key = "name",
     .columns = kChannelStatus},
};

}  // namespace

std::span<const TableSpec> config_tables() { return kTables; }

}  // namespace ciswatch
