#include "benchmarks/fleet/detection.h"

#include <fmt/format.h>

#include <algorithm>

#include "benchmarks/fleet/networks.h"
#include "benchmarks/fleet/recorders.h"

namespace ciswatch::fleet {
namespace {

constexpr Share<std::int64_t> kRetention[] = {{0, 480},  {365, 150}, {90, 130}, {30, 100},
                                              {14, 60},  {400, 40},  {731, 20}, {3653, 20}};

// Log groups of what runs there, and alarms about it. Most is in the home region.
constexpr Share<std::int64_t> kGroupsAtHome[] = {{2, 300}, {6, 300}, {14, 220}, {30, 130}, {90, 50}};
constexpr Share<std::int64_t> kGroupsElsewhere[] = {{0, 800}, {1, 120}, {3, 60}, {8, 20}};
constexpr Share<std::int64_t> kAlarmsAtHome[] = {{0, 380}, {3, 280}, {8, 200}, {20, 110}, {60, 30}};
constexpr Share<std::int64_t> kAlarmsElsewhere[] = {{0, 930}, {2, 50}, {6, 20}};

constexpr Share<AlarmFault> kAlarmFaults[] = {
    {AlarmFault::none, 790},      {AlarmFault::missing, 60},  {AlarmFault::other_namespace, 20},
    {AlarmFault::other_metric, 15}, {AlarmFault::too_high, 25}, {AlarmFault::disabled, 25},
    {AlarmFault::no_action, 30},  {AlarmFault::topic_gone, 20}, {AlarmFault::breaching, 15}};

constexpr Share<Subscribers> kSubscribers[] = {{Subscribers::confirmed, 640},
                                               {Subscribers::several, 140},
                                               {Subscribers::pending, 120},
                                               {Subscribers::none, 100}};

constexpr std::string_view kServices[] = {"/aws/lambda", "/ecs", "/aws/rds/instance",
                                          "/aws/apigateway", "/aws/codebuild"};
constexpr std::string_view kWork[] = {"orders", "billing", "search", "thumbnails", "import",
                                      "notify"};

std::string topic_arn(const Account& account, std::string_view region, std::string_view name) {
  return fmt::format("arn:aws:sns:{}:{}:{}", region, account.id, name);
}

// The name in a log group's ARN, which has ":*" at its end.
std::string group_name(std::string_view arn) {
  const auto begin = arn.find(":log-group:") + 11;
  return std::string(arn.substr(begin, arn.size() - begin - 2));
}

void add_group(RegionalDetection& there, std::string name, const Dice& dice) {
  there.groups.push_back({std::move(name), dice, pick(dice.at("retention"), kRetention)});
}

void add_topic(const Account& account, std::string_view region, std::string_view name,
               std::string_view publisher, RegionalDetection& there) {
  Topic topic{topic_arn(account, region, name), account.dice.at("topic", region, name), publisher};
  topic.subscribers = pick(topic.dice.at("subscribers"), kSubscribers);
  there.topics.push_back(std::move(topic));
}

void add_alarm(const MetricFilter& filter, const std::string& topic, RegionalDetection& there) {
  const AlarmFault fault = pick(filter.dice.at("alarm"), kAlarmFaults);
  if (fault == AlarmFault::missing) return;
  Alarm alarm{.name = fmt::format("{}-alarm", filter.name),
              .metric = filter.metric,
              .metric_namespace = filter.metric_namespace,
              .dimension = {},
              .topic = topic,
              .dice = filter.dice.at("its alarm")};
  if (fault == AlarmFault::other_namespace) alarm.metric_namespace = "LogMetrics";
  if (fault == AlarmFault::other_metric) alarm.metric += "Count";
  if (fault == AlarmFault::too_high) alarm.threshold = 100;
  if (fault == AlarmFault::no_action) alarm.topic.clear();
  if (fault == AlarmFault::topic_gone) alarm.topic += "-old";
  if (fault == AlarmFault::breaching) alarm.missing_data = "breaching";
  alarm.enabled = fault != AlarmFault::disabled;
  there.alarms.push_back(std::move(alarm));
}

// A trail's log group, what watches it, and who is told.
void watch(const Account& account, const Trail& trail, RegionalDetection& there) {
  const auto name = group_name(trail.log_group);
  const bool is_gone =
      trail.cloudwatch == CloudWatch::failing && trail.dice.at("group gone").thousandth(500);
  if (is_gone) return;  // its filters went with it
  add_group(there, name, trail.dice.at("log group"));
  const auto filters = trail_filters(name, trail.dice.at("filters"));
  for (const auto& filter : filters) {
    add_alarm(filter, topic_arn(account, trail.home, "security-alarms"), there);
    there.filters.push_back(filter);
  }
  const auto arn = topic_arn(account, trail.home, "security-alarms");
  const bool has_topic = std::any_of(there.topics.begin(), there.topics.end(),
                                     [&](const Topic& topic) { return topic.arn == arn; });
  if (!filters.empty() && !has_topic) {
    add_topic(account, trail.home, "security-alarms", "cloudwatch.amazonaws.com", there);
  }
}

void add_flow_log_groups(const Account& account, std::string_view region,
                         RegionalDetection& there) {
  for (const auto& vpc : vpcs_of(account, region)) {
    if (vpc.flow_logs == FlowLogs::none || vpc.flow_logs == FlowLogs::to_bucket) continue;
    if (vpc.flow_logs == FlowLogs::failing && vpc.dice.at("group gone").thousandth(400)) continue;
    add_group(there, fmt::format("/vpc/flow-logs/{}", vpc.id), vpc.dice.at("log group"));
  }
}

// What has nothing to do with the audit: most of what an account has.
void add_other(const Account& account, std::string_view region, RegionalDetection& there) {
  const Dice dice = account.dice.at("work", region);
  const bool is_home = region == account.home;
  const auto groups = is_home ? pick(dice.at("groups"), kGroupsAtHome)
                              : pick(dice.at("groups"), kGroupsElsewhere);
  for (std::int64_t i = 0; i < groups; ++i) {
    const Dice own = dice.at("group", static_cast<std::uint64_t>(i));
    const auto name = fmt::format("{}/{}-{}", kServices[own.at("service").below(5)],
                                  kWork[own.at("work").below(6)], own.at("name").hex(6));
    add_group(there, name, own);
    if (!own.at("filter").thousandth(120)) continue;
    there.filters.push_back({.group = name,
                             .name = "errors",
                             .pattern = own.at("json").thousandth(400) ? R"({$.level="error"})"
                                                                       : "?ERROR ?Exception",
                             .metric = "Errors",
                             .metric_namespace = "Application",
                             .dice = own});
  }
  const auto alarms = is_home ? pick(dice.at("alarms"), kAlarmsAtHome)
                              : pick(dice.at("alarms"), kAlarmsElsewhere);
  for (std::int64_t i = 0; i < alarms; ++i) {
    const Dice own = dice.at("alarm", static_cast<std::uint64_t>(i));
    there.alarms.push_back({.name = fmt::format("{}-cpu-{}", kWork[own.below(6)], i),
                            .metric = "CPUUtilization",
                            .metric_namespace = "AWS/EC2",
                            .dimension = fmt::format("i-{}", own.at("instance").hex(17)),
                            .topic = topic_arn(account, region, "ops-alerts"),
                            .dice = own,
                            .enabled = !own.at("disabled").thousandth(80),
                            .threshold = 80,
                            .missing_data = "missing"});
  }
  if (alarms > 0) add_topic(account, region, "ops-alerts", "cloudwatch.amazonaws.com", there);
}

void add_config_topic(const Account& account, std::string_view region, RegionalDetection& there) {
  const auto channel = config_of(account, region).channel;
  const auto own = topic_arn(account, region, "config-topic");
  if (account.is_archive || (channel && channel->topic == own)) {
    add_topic(account, region, "config-topic", "config.amazonaws.com", there);
  }
}

}  // namespace

Detection::Detection(const Account& account, const std::vector<Trail>& trails) {
  for (const auto& region : account.regions()) {
    auto& there = regions_[std::string(region.name)];
    bool is_told = false;
    for (const auto& trail : trails) {
      if (trail.owner != account.id || trail.home != region.name) continue;
      if (!trail.log_group.empty()) watch(account, trail, there);
      is_told = is_told || trail.topic;
    }
    if (is_told) {
      add_topic(account, region.name, "cloudtrail-deliveries", "cloudtrail.amazonaws.com", there);
    }
    add_config_topic(account, region.name, there);
    add_flow_log_groups(account, region.name, there);
    add_other(account, region.name, there);
  }
}

const RegionalDetection& Detection::in(std::string_view region) const {
  static const RegionalDetection none;
  const auto found = regions_.find(region);
  return found == regions_.end() ? none : found->second;
}

const Topic* Detection::find_topic(std::string_view region, std::string_view arn) const {
  const auto& topics = in(region).topics;
  const auto found = std::find_if(topics.begin(), topics.end(),
                                  [&](const Topic& topic) { return topic.arn == arn; });
  return found == topics.end() ? nullptr : &*found;
}

}  // namespace ciswatch::fleet
