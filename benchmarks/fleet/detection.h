#pragma once

// What makes somebody hear of an event in the synthetic fleet: log groups, metric filters, alarms,
// topics and who subscribes to them.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/fleet/account.h"
#include "benchmarks/fleet/trails.h"
#include "core/base/json.h"

namespace ciswatch::fleet {

struct LogGroup {
  std::string name;
  Dice dice;
  std::int64_t retention = 0;  // days; 0: for ever
};

// How a filter is worded, and what is wrong with it.
enum class Wording { right, other_words, event_missing, one_region, never, tautology };

struct MetricFilter {
  std::string group, name, pattern, metric, metric_namespace;
  Dice dice;
  bool counts_nothing = false, has_default = false, has_dimensions = false;
};

enum class AlarmFault {
  none,
  missing,
  other_namespace,
  other_metric,
  too_high,
  disabled,
  no_action,
  topic_gone,
  breaching,  // no data counts as an alarm
};

struct Alarm {
  std::string name, metric, metric_namespace, dimension, topic;  // topic: ARN, "" for none
  Dice dice;
  bool enabled = true;
  std::int64_t threshold = 1;
  std::string_view missing_data = "notBreaching";
};

enum class Subscribers { confirmed, pending, none, several };

struct Topic {
  std::string arn;
  Dice dice;
  std::string_view publisher;  // the service that may publish
  Subscribers subscribers = Subscribers::none;
};

struct RegionalDetection {
  std::vector<LogGroup> groups;
  std::vector<MetricFilter> filters;
  std::vector<Alarm> alarms;
  std::vector<Topic> topics;
};

class Detection {
 public:
  Detection(const Account& account, const std::vector<Trail>& trails);

  [[nodiscard]] const RegionalDetection& in(std::string_view region) const;
  // nullptr if the account has no such topic.
  [[nodiscard]] const Topic* find_topic(std::string_view region, std::string_view arn) const;

 private:
  std::map<std::string, RegionalDetection, std::less<>> regions_;
};

// The metric filters of a trail's log group: those of CIS, with the faults that occur.
std::vector<MetricFilter> trail_filters(const std::string& group, const Dice& dice);

Json log_groups_answer(const RegionalDetection& there, const Account& account,
                       std::string_view region);
Json filters_answer(const RegionalDetection& there);
Json alarms_answer(const RegionalDetection& there, const Account& account, std::string_view region);
Json topics_answer(const RegionalDetection& there);
Json subscriptions_answer(const Topic& topic, const Account& account);
Json topic_attributes_answer(const Topic& topic, const Account& account);

}  // namespace ciswatch::fleet
