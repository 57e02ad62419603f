#include "core/tables/services.h"

namespace ciswatch {
namespace {

// An alarm has either one metric (name, namespace, period, statistic) or `metrics`: what it has not
// is '' or [], and the numbers are NULL.
constexpr Column kAlarm[] = {
    {"name", Type::text, "/AlarmName", "Name of the alarm"},
    {"arn", Type::text, "/AlarmArn", "ARN of the alarm"},
    {"metric_name", Type::text, "/MetricName", "The metric; '' for an alarm on an expression", ""},
    {"namespace", Type::text, "/Namespace", "Namespace of the metric; '' likewise", ""},
    {"statistic", Type::text, "/Statistic",
     "SampleCount, Average, Sum, Minimum or Maximum; '' where a percentile or an expression counts",
     ""},
    {"extended_statistic", Type::text, "/ExtendedStatistic", "Percentile such as p99; '' for none",
     ""},
    {"period", Type::integer, "/Period", "Seconds that one value sums up"},
    {"evaluation_periods", Type::integer, "/EvaluationPeriods", "How many values it looks at"},
    {"datapoints_to_alarm", Type::integer, "/DatapointsToAlarm",
     "How many of them must be breaching; NULL: all, evaluation_periods", kNullIsNone},
    {"threshold", Type::real, "/Threshold", "The value that it compares with"},
    {"threshold_metric_id", Type::text, "/ThresholdMetricId",
     "Anomaly detection band that stands for the threshold; '' for none", ""},
    {"comparison_operator", Type::text, "/ComparisonOperator",
     "GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanThreshold, …"},
    {"treat_missing_data", Type::text, "/TreatMissingData",
     "breaching, notBreaching, ignore or missing; '' acts as missing", ""},
    {"actions_enabled", Type::boolean, "/ActionsEnabled", "Whether it does anything when it fires"},
    {"alarm_actions", Type::json, "/AlarmActions", "ARNs told when it goes to ALARM; [] for none",
     "[]"},
    {"dimensions", Type::json, "/Dimensions", "Dimensions of the metric; [] for none", "[]"},
    {"metrics", Type::json, "/Metrics", "Metrics and expressions of the alarm; [] for one metric",
     "[]"},
    {"state_value", Type::text, "/StateValue", "OK, ALARM or INSUFFICIENT_DATA"},
};

constexpr TableSpec kTables[] = {
    {.name = "aws_cloudwatch_alarm",
     .doc = "Metric alarms of a region; composite alarms are not listed",
     .service = "cloudwatch",
     .operation = "DescribeAlarms",
     .permission = "cloudwatch:DescribeAlarms",
     .scope = Scope::region,
     .items = "/MetricAlarms",
     .key = "name",
     .columns = kAlarm},
};

}  // namespace

std::span<const TableSpec> cloudwatch_tables() { return kTables; }

}  // namespace ciswatch
