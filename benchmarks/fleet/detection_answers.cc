#include <fmt/format.h>

#include "benchmarks/fleet/detection.h"
#include "benchmarks/fleet/item.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kDay = 86'400;

std::int64_t created_ms(const Dice& dice) {
  return (first_night_end() - dice.at("age").between(20 * kDay, 1'800 * kDay)) * 1'000 + 417;
}

std::string updated(const Dice& dice) {
  return iso8601(first_night_end() - dice.at("updated").between(kDay, 900 * kDay));
}

JsonValue transformation(const MetricFilter& filter, Json& document) {
  Item item(document);
  item.add("metricName", filter.metric)
      .add("metricNamespace", filter.metric_namespace)
      .add("metricValue", filter.counts_nothing ? "0" : "1");
  if (filter.has_dimensions) {
    item.add("dimensions", Item(document).add("Region", "$.awsRegion"));
  } else if (filter.has_default) {
    item.add("defaultValue", JsonValue(0.0));
  }
  return item;
}

const char* state_of(const Alarm& alarm) {
  constexpr Share<const char*> kStates[] = {
      {"OK", 900}, {"INSUFFICIENT_DATA", 70}, {"ALARM", 30}};
  return pick(alarm.dice.at("state"), kStates);
}

JsonValue alarm_item(const Alarm& alarm, const Account& account, std::string_view region,
                     Json& document) {
  const char* state = state_of(alarm);
  Items actions(document);
  if (!alarm.topic.empty()) actions.add(alarm.topic);
  Items dimensions(document);
  if (!alarm.dimension.empty()) {
    dimensions.add(Item(document).add("Name", "InstanceId").add("Value", alarm.dimension));
  }
  const bool counts = alarm.dimension.empty();
  return Item(document)
      .add("AlarmName", alarm.name)
      .add("AlarmArn",
           fmt::format("arn:aws:cloudwatch:{}:{}:alarm:{}", region, account.id, alarm.name))
      .add("AlarmConfigurationUpdatedTimestamp", updated(alarm.dice))
      .add("ActionsEnabled", alarm.enabled)
      .add("OKActions", Items(document))
      .add("AlarmActions", actions)
      .add("InsufficientDataActions", Items(document))
      .add("StateValue", state)
      .add("StateReason", fmt::format("The state became {} at the last evaluation.", state))
      .add("StateUpdatedTimestamp", updated(alarm.dice.at("state")))
      .add("MetricName", alarm.metric)
      .add("Namespace", alarm.metric_namespace)
      .add("Statistic", counts ? "Sum" : "Average")
      .add("Dimensions", dimensions)
      .add("Period", std::int64_t{300})
      .add("EvaluationPeriods", std::int64_t{1})
      .add("Threshold", JsonValue(static_cast<double>(alarm.threshold)))
      .add("ComparisonOperator",
           counts ? "GreaterThanOrEqualToThreshold" : "GreaterThanThreshold")
      .add("TreatMissingData", alarm.missing_data)
      .add("StateTransitionedTimestamp", updated(alarm.dice.at("state")));
}

JsonValue subscription(const Topic& topic, const Account& account, std::string_view protocol,
                       bool confirmed, Json& document) {
  const auto endpoint =
      protocol == "email" ? fmt::format("alarms+{}@example.com", account.id)
                          : fmt::format("https://hooks.example.com/{}", topic.dice.hex(12));
  return Item(document)
      .add("SubscriptionArn", confirmed ? fmt::format("{}:{}", topic.arn,
                                                      topic.dice.at(protocol).hex(32))
                                        : "PendingConfirmation")
      .add("Owner", account.id)
      .add("Protocol", protocol)
      .add("Endpoint", endpoint)
      .add("TopicArn", topic.arn);
}

std::string topic_policy(const Topic& topic, const Account& account) {
  return fmt::format(
      R"({{"Version":"2008-10-17","Statement":[{{"Sid":"owner","Effect":"Allow","Principal":)"
      R"({{"AWS":"arn:aws:iam::{0}:root"}},"Action":["SNS:Publish","SNS:Subscribe",)"
      R"("SNS:SetTopicAttributes"],"Resource":"{1}"}},{{"Sid":"service","Effect":"Allow",)"
      R"("Principal":{{"Service":"{2}"}},"Action":"SNS:Publish","Resource":"{1}"{3}}}]}})",
      account.id, topic.arn, topic.publisher,
      topic.dice.at("condition").thousandth(500)
          ? fmt::format(R"(,"Condition":{{"StringEquals":{{"aws:SourceAccount":"{}"}}}})",
                        account.id)
          : "");
}

struct Counts {
  int confirmed = 0, pending = 0;
};

Counts counts_of(Subscribers subscribers) {
  switch (subscribers) {
    case Subscribers::confirmed:
      return {1, 0};
    case Subscribers::pending:
      return {0, 1};
    case Subscribers::several:
      return {2, 1};
    case Subscribers::none:
      break;
  }
  return {};
}

}  // namespace

Json log_groups_answer(const RegionalDetection& there, const Account& account,
                       std::string_view region) {
  Json answer;
  Items list(answer);
  for (const auto& group : there.groups) {
    const auto arn = fmt::format("arn:aws:logs:{}:{}:log-group:{}", region, account.id, group.name);
    std::int64_t filters = 0;
    for (const auto& filter : there.filters) filters += filter.group == group.name ? 1 : 0;
    Item item(answer);
    item.add("logGroupName", group.name).add("creationTime", created_ms(group.dice));
    if (group.retention > 0) item.add("retentionInDays", group.retention);
    item.add("metricFilterCount", filters)
        .add("arn", arn + ":*")
        .add("storedBytes", group.dice.at("bytes").between(0, 40'000'000));
    if (group.dice.at("key").thousandth(120)) {
      item.add("kmsKeyId", fmt::format("arn:aws:kms:{}:{}:key/{}", region, account.id,
                                       "00000000-0000-4000-8000-000000000000"));
    }
    item.add("logGroupClass", "STANDARD").add("logGroupArn", arn);
    list.add(item);
  }
  set(answer, "logGroups", list);
  return answer;
}

Json filters_answer(const RegionalDetection& there) {
  Json answer;
  Items list(answer);
  for (const auto& filter : there.filters) {
    list.add(Item(answer)
                 .add("filterName", filter.name)
                 .add("filterPattern", filter.pattern)
                 .add("metricTransformations", Items(answer).add(transformation(filter, answer)))
                 .add("creationTime", created_ms(filter.dice))
                 .add("logGroupName", filter.group)
                 .add("applyOnTransformedLogs", false));
  }
  set(answer, "metricFilters", list);
  return answer;
}

Json alarms_answer(const RegionalDetection& there, const Account& account,
                   std::string_view region) {
  Json answer;
  Items list(answer);
  for (const auto& alarm : there.alarms) list.add(alarm_item(alarm, account, region, answer));
  set(answer, "MetricAlarms", list);
  return answer;
}

Json topics_answer(const RegionalDetection& there) {
  Json answer;
  Items list(answer);
  for (const auto& topic : there.topics) list.add(Item(answer).add("TopicArn", topic.arn));
  set(answer, "Topics", list);
  return answer;
}

Json subscriptions_answer(const Topic& topic, const Account& account) {
  Json answer;
  Items list(answer);
  const Counts counts = counts_of(topic.subscribers);
  if (counts.confirmed > 0) list.add(subscription(topic, account, "email", true, answer));
  if (counts.confirmed > 1) list.add(subscription(topic, account, "https", true, answer));
  if (counts.pending > 0) list.add(subscription(topic, account, "email", false, answer));
  set(answer, "Subscriptions", list);
  return answer;
}

Json topic_attributes_answer(const Topic& topic, const Account& account) {
  Json answer;
  const Counts counts = counts_of(topic.subscribers);
  Item item(answer);
  item.add("Policy", topic_policy(topic, account))
      .add("Owner", account.id)
      .add("SubscriptionsPending", std::to_string(counts.pending))
      .add("TopicArn", topic.arn)
      .add("EffectiveDeliveryPolicy",
           R"({"http":{"defaultHealthyRetryPolicy":{"numRetries":3},"disableOverrides":false}})")
      .add("SubscriptionsConfirmed", std::to_string(counts.confirmed))
      .add("DisplayName", "")
      .add("SubscriptionsDeleted", "0");
  if (topic.dice.at("key").thousandth(250)) item.add("KmsMasterKeyId", "alias/aws/sns");
  set(answer, "Attributes", item);
  return answer;
}

}  // namespace ciswatch::fleet
