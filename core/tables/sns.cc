#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kTopic[] = {{"topic_arn", Type::text, "/TopicArn", "ARN of the topic"}};

constexpr Column kSubscription[] = {
    {"topic_arn", Type::text, kTarget, "ARN of the topic"},
    {"subscription_arn", Type::text, "/SubscriptionArn",
     "ARN of the subscription; PendingConfirmation until the subscriber has agreed"},
    {"protocol", Type::text, "/Protocol", "email, https, sqs, lambda, …"},
    {"endpoint", Type::text, "/Endpoint", "Who is told; '' where the API does not say", ""},
    {"owner", Type::text, "/Owner", "Account of the subscription"},
};

constexpr Column kAttributes[] = {
    {"topic_arn", Type::text, kTarget, "ARN of the topic"},
    {"policy", Type::document, "/Attributes/Policy", "Who may publish and subscribe"},
    {"kms_master_key_id", Type::text, "/Attributes/KmsMasterKeyId",
     "Key that encrypts messages; '' for none", ""},
    {"subscriptions_confirmed", Type::digits, "/Attributes/SubscriptionsConfirmed",
     "How many subscriptions are confirmed"},
    {"subscriptions_pending", Type::digits, "/Attributes/SubscriptionsPending",
     "How many wait for the subscriber"},
    {"owner", Type::text, "/Attributes/Owner", "Account of the topic"},
};

constexpr Parent kPerTopic[] = {{.table = "aws_sns_topic", .key = "topic_arn"}};
// All that are pending have the same ARN.
constexpr std::string_view kSubscriber[] = {"subscription_arn", "protocol", "endpoint"};

constexpr TableSpec kTables[] = {
    {.name = "aws_sns_topic",
     .doc = "Topics of a region",
     .service = "sns",
     .operation = "ListTopics",
     .permission = "sns:ListTopics",
     .scope = Scope::region,
     .items = "/Topics",
     .key = "topic_arn",
     .columns = kTopic},
    {.name = "aws_sns_topic_subscription",
     .doc = "Who is told of what a topic gets",
     .service = "sns",
     .operation = "ListSubscriptionsByTopic",
     .permission = "sns:ListSubscriptionsByTopic",
     .scope = Scope::resource,
     .parents = kPerTopic,
     .parameter = "TopicArn",
     .items = "/Subscriptions",
     .key = "topic_arn",
     .also_key = kSubscriber,
     .columns = kSubscription},
    {.name = "aws_sns_topic_attributes",
     .doc = "Policy, key and number of subscriptions of a topic",
     .service = "sns",
     .operation = "GetTopicAttributes",
     .permission = "sns:GetTopicAttributes",
     .scope = Scope::resource,
     .parents = kPerTopic,
     .parameter = "TopicArn",
     .key = "topic_arn",
     .columns = kAttributes},
};

}  // namespace

std::span<const TableSpec> sns_tables() { return kTables; }

}  // namespace ciswatch
