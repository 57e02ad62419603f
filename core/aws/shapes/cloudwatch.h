#pragma once

// The members of CloudWatch's XML answers, after the AWS API model.

#include "core/aws/operations.h"

namespace ciswatch::shapes {

inline constexpr Field kDimension[] = {{"Name", "Name"}, {"Value", "Value"}};
inline constexpr Field kMetric[] = {
    {"Namespace", "Namespace"},
    {"MetricName", "MetricName"},
    {"Dimensions", "Dimensions", Kind::list, "member", kDimension}};
inline constexpr Field kMetricStat[] = {{"Metric", "Metric", Kind::structure, {}, kMetric},
                                        {"Period", "Period", Kind::integer},
                                        {"Stat", "Stat"},
                                        {"Unit", "Unit"}};
inline constexpr Field kMetricQuery[] = {
    {"Id", "Id"},
    {"MetricStat", "MetricStat", Kind::structure, {}, kMetricStat},
    {"Expression", "Expression"},
    {"Label", "Label"},
    {"ReturnData", "ReturnData", Kind::boolean},
    {"Period", "Period", Kind::integer},
    {"AccountId", "AccountId"}};
inline constexpr Field kPromQuery[] = {{"Query", "Query"},
                                       {"PendingPeriod", "PendingPeriod", Kind::integer},
                                       {"RecoveryPeriod", "RecoveryPeriod", Kind::integer}};
inline constexpr Field kCriteria[] = {
    {"PromQLCriteria", "PromQLCriteria", Kind::structure, {}, kPromQuery}};
inline constexpr Field kWallClock[] = {{"Timezone", "Timezone"}};
inline constexpr Field kWindow[] = {
    {"WallClockWindow", "WallClockWindow", Kind::structure, {}, kWallClock},
    {"SlidingWindow", "SlidingWindow", Kind::structure}};
inline constexpr Field kWarmUp[] = {
    {"WarmUpPeriodDurationInMinutes", "WarmUpPeriodDurationInMinutes", Kind::integer},
    {"OnlyStartEvaluatingAfterWarmUpPeriodEnds", "OnlyStartEvaluatingAfterWarmUpPeriodEnds",
     Kind::boolean}};
inline constexpr Field kMetricAlarm[] = {
    {"AlarmName", "AlarmName"},
    {"AlarmArn", "AlarmArn"},
    {"AlarmDescription", "AlarmDescription"},
    {"AlarmConfigurationUpdatedTimestamp", "AlarmConfigurationUpdatedTimestamp"},
    {"ActionsEnabled", "ActionsEnabled", Kind::boolean},
    {"OKActions", "OKActions", Kind::list, "member"},
    {"AlarmActions", "AlarmActions", Kind::list, "member"},
    {"InsufficientDataActions", "InsufficientDataActions", Kind::list, "member"},
    {"StateValue", "StateValue"},
    {"StateReason", "StateReason"},
    {"StateReasonData", "StateReasonData"},
    {"StateUpdatedTimestamp", "StateUpdatedTimestamp"},
    {"MetricName", "MetricName"},
    {"Namespace", "Namespace"},
    {"Statistic", "Statistic"},
    {"ExtendedStatistic", "ExtendedStatistic"},
    {"Dimensions", "Dimensions", Kind::list, "member", kDimension},
    {"Period", "Period", Kind::integer},
    {"Unit", "Unit"},
    {"EvaluationPeriods", "EvaluationPeriods", Kind::integer},
    {"DatapointsToAlarm", "DatapointsToAlarm", Kind::integer},
    {"Threshold", "Threshold", Kind::real},
    {"ComparisonOperator", "ComparisonOperator"},
    {"TreatMissingData", "TreatMissingData"},
    {"EvaluateLowSampleCountPercentile", "EvaluateLowSampleCountPercentile"},
    {"Metrics", "Metrics", Kind::list, "member", kMetricQuery},
    {"ThresholdMetricId", "ThresholdMetricId"},
    {"EvaluationState", "EvaluationState"},
    {"StateTransitionedTimestamp", "StateTransitionedTimestamp"},
    {"EvaluationWindow", "EvaluationWindow", Kind::structure, {}, kWindow},
    {"WarmUpConfiguration", "WarmUpConfiguration", Kind::structure, {}, kWarmUp},
    {"EvaluationCriteria", "EvaluationCriteria", Kind::structure, {}, kCriteria},
    {"EvaluationInterval", "EvaluationInterval", Kind::integer}};
inline constexpr Field kAlarms[] = {
    {"MetricAlarms", "MetricAlarms", Kind::list, "member", kMetricAlarm},
    {"NextToken", "NextToken"}};

}  // namespace ciswatch::shapes
