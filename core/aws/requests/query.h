#pragma once

// The members of requests that change something, of the services that are asked with forms, after the
// AWS API models.

#include "core/aws/requests/members.h"
#include "core/aws/shapes/cloudwatch.h"

namespace ciswatch::requests {

// IAM

inline constexpr Field kRoleName[] = {text("RoleName")};
inline constexpr Field kCreateRole[] = {text("Path"),
                                        text("RoleName"),
                                        text("AssumeRolePolicyDocument"),
                                        text("Description"),
                                        whole("MaxSessionDuration"),
                                        text("PermissionsBoundary"),
                                        list("Tags", kTags)};
inline constexpr Field kPutRolePolicy[] = {text("RoleName"), text("PolicyName"),
                                           text("PolicyDocument")};
inline constexpr Field kDeleteRolePolicy[] = {text("RoleName"), text("PolicyName")};
inline constexpr Field kUpdateAssumeRolePolicy[] = {text("RoleName"), text("PolicyDocument")};
inline constexpr Field kCreateServiceLinkedRole[] = {text("AWSServiceName"), text("Description"),
                                                     text("CustomSuffix")};
inline constexpr Field kAttachRolePolicy[] = {text("RoleName"), text("PolicyArn")};

// SNS

inline constexpr Field kTopicArn[] = {text("TopicArn")};
inline constexpr Field kCreateTopic[] = {text("Name"), map("Attributes"), list("Tags", kTags),
                                         text("DataProtectionPolicy")};
inline constexpr Field kSetTopicAttributes[] = {text("TopicArn"), text("AttributeName"),
                                                text("AttributeValue")};
inline constexpr Field kSubscribe[] = {text("TopicArn"), text("Protocol"), text("Endpoint"),
                                       map("Attributes"), flag("ReturnSubscriptionArn")};
inline constexpr Field kSubscriptionArn[] = {text("SubscriptionArn")};

// CloudWatch

inline constexpr Field kAlarmNames[] = {texts("AlarmNames")};
inline constexpr Field kPutMetricAlarm[] = {text("AlarmName"),
                                            text("AlarmDescription"),
                                            flag("ActionsEnabled"),
                                            texts("OKActions"),
                                            texts("AlarmActions"),
                                            texts("InsufficientDataActions"),
                                            text("MetricName"),
                                            text("Namespace"),
                                            text("Statistic"),
                                            text("ExtendedStatistic"),
                                            list("Dimensions", shapes::kDimension),
                                            whole("Period"),
                                            text("Unit"),
                                            whole("EvaluationPeriods"),
                                            whole("DatapointsToAlarm"),
                                            real("Threshold"),
                                            text("ComparisonOperator"),
                                            text("TreatMissingData"),
                                            text("EvaluateLowSampleCountPercentile"),
                                            list("Metrics", shapes::kMetricQuery),
                                            list("Tags", kTags),
                                            text("ThresholdMetricId"),
                                            structure("EvaluationWindow", shapes::kWindow),
                                            structure("WarmUpConfiguration", shapes::kWarmUp),
                                            structure("EvaluationCriteria", shapes::kCriteria),
                                            whole("EvaluationInterval")};

// EC2, whose lists have no name for their items

inline constexpr Field kFlowLogTags[] = {text("ResourceType"),
                                         {"Tag", "Tags", Kind::list, {}, kTags}};
inline constexpr Field kFlowLogDestination[] = {text("FileFormat"), flag("HiveCompatiblePartitions"),
                                                flag("PerHourPartition")};
inline constexpr Field kFlowLogTagFields[] = {text("ResourceType"),
                                             {"TagKey", "TagKeys", Kind::list}};
inline constexpr Field kCreateFlowLogs[] = {
    text("ClientToken"),
    text("DeliverLogsPermissionArn"),
    text("DeliverCrossAccountRole"),
    text("LogGroupName"),
    {"ResourceId", "ResourceIds", Kind::list},
    text("ResourceType"),
    text("TrafficType"),
    text("LogDestinationType"),
    text("LogDestination"),
    text("LogFormat"),
    {"TagSpecification", "TagSpecifications", Kind::list, {}, kFlowLogTags},
    whole("MaxAggregationInterval"),
    structure("DestinationOptions", kFlowLogDestination),
    {"TagFieldSpecification", "TagFieldSpecifications", Kind::list, {}, kFlowLogTagFields}};
inline constexpr Field kDeleteFlowLogs[] = {{"FlowLogId", "FlowLogIds", Kind::list}};

}  // namespace ciswatch::requests
