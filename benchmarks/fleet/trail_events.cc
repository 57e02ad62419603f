// What CloudTrail tells of one trail: whether it works, and which events it records.

#include <fmt/format.h>

#include "benchmarks/fleet/item.h"
#include "benchmarks/fleet/trails.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kHour = 3'600;
constexpr UnixSeconds kDay = 86'400;

// --- the state

struct Times {
  UnixSeconds started = 0, stopped = 0, delivered = 0, to_cloudwatch = 0, digest = 0;  // 0: never
};

Times times_of(const Trail& trail, UnixSeconds night) {
  const Dice& dice = trail.dice;
  Times times;
  times.started = first_night_end() - dice.at("age").between(40, 2'000) * kDay;
  times.delivered = night - dice.at("delivered").between(70, 900);
  if (!trail.logging) {
    times.stopped = first_night_end() - dice.at("stopped").between(1, 30) * kDay;
    times.delivered = times.stopped;
  }
  times.digest = times.delivered - dice.at("digest").between(60, kHour);
  switch (trail.cloudwatch) {
    case CloudWatch::none:
    case CloudWatch::never:
      break;
    case CloudWatch::fresh:
      times.to_cloudwatch = times.delivered - 30;
      break;
    case CloudWatch::ahead:
      times.to_cloudwatch = night + 2 * kHour;
      break;  // a clock is wrong
    case CloudWatch::failing:
    case CloudWatch::late:
      times.to_cloudwatch = times.delivered - dice.at("late").between(2, 30) * kDay;
      break;
    case CloudWatch::starting:
      if (trail.logging) times.started = night - dice.at("age").between(60, kHour - 60);
      break;
  }
  return times;
}

std::string text(UnixSeconds time) { return time == 0 ? "" : iso8601(time); }

// --- classic selectors

JsonValue classic(Json& document, const char* mode, bool management, const char* data,
                  std::initializer_list<std::string_view> excluded = {}) {
  Items resources(document);
  if (data != nullptr) {
    resources.add(
        Item(document).add("Type", "AWS::S3::Object").add("Values", texts(document, {data})));
  }
  return Item(document)
      .add("ReadWriteType", mode)
      .add("IncludeManagementEvents", management)
      .add("DataResources", resources)
      .add("ExcludeManagementEventSources", texts(document, excluded));
}

JsonValue classic_selectors(Selectors kind, Json& document) {
  constexpr const char* kEveryObject = "arn:aws:s3";
  Items list(document);
  switch (kind) {
    case Selectors::data_too:
      return list.add(classic(document, "All", true, kEveryObject));
    case Selectors::split:
      return list.add(classic(document, "ReadOnly", true, nullptr))
          .add(classic(document, "WriteOnly", true, kEveryObject));
    case Selectors::without_kms:
      return list.add(classic(document, "All", true, nullptr, {"kms.amazonaws.com"}));
    case Selectors::write_only:
      return list.add(classic(document, "WriteOnly", true, nullptr));
    case Selectors::data_only:
      return list.add(classic(document, "All", false, kEveryObject));
    default:
      return list.add(classic(document, "All", true, nullptr));
  }
}

// --- advanced selectors

using Field = std::pair<const char*, const char*>;  // "readOnly" equals "true"

JsonValue advanced(Json& document, const char* name, std::initializer_list<Field> fields,
                   const char* excluded_source = nullptr) {
  Items list(document);
  for (const auto& [field, value] : fields) {
    list.add(Item(document).add("Field", field).add("Equals", texts(document, {value})));
  }
  if (excluded_source != nullptr) {
    list.add(Item(document)
                 .add("Field", "eventSource")
                 .add("NotEquals", texts(document, {excluded_source})));
  }
  return Item(document).add("Name", name).add("FieldSelectors", list);
}

JsonValue advanced_selectors(Selectors kind, Json& document) {
  constexpr Field kManagement = {"eventCategory", "Management"};
  Items list(document);
  switch (kind) {
    case Selectors::advanced_split:
      return list.add(advanced(document, "Reads", {kManagement, {"readOnly", "true"}}))
          .add(advanced(document, "Writes", {kManagement, {"readOnly", "false"}}));
    case Selectors::advanced_without_kms:
      return list.add(
          advanced(document, "Management events selector", {kManagement}, "kms.amazonaws.com"));
    case Selectors::advanced_read_only:
      return list.add(advanced(document, "Reads", {kManagement, {"readOnly", "true"}}));
    case Selectors::advanced_narrowed:
      return list.add(advanced(document, "", {kManagement, {"eventSource", "iam.amazonaws.com"}}));
    default:
      return list.add(advanced(document, "Management events selector", {kManagement}))
          .add(advanced(document, "S3 objects",
                        {{"eventCategory", "Data"}, {"resources.type", "AWS::S3::Object"}}));
  }
}

bool is_advanced(Selectors kind) {
  return kind == Selectors::advanced || kind == Selectors::advanced_split ||
         kind == Selectors::advanced_without_kms || kind == Selectors::advanced_read_only ||
         kind == Selectors::advanced_narrowed;
}

}  // namespace

Json trail_status(const Trail& trail, const Options& options) {
  const UnixSeconds night = options.moving_deliveries ? night_end(options) : first_night_end();
  const Times times = times_of(trail, night);
  Json answer(rapidjson::kObjectType);
  Item status(answer);
  status.add("IsLogging", trail.logging);
  status.time("LatestDeliveryTime", times.delivered, 381);
  if (trail.topic) status.time("LatestNotificationTime", times.delivered, 640);
  status.time("StartLoggingTime", times.started, 25);
  if (times.stopped != 0) status.time("StopLoggingTime", times.stopped, 711);
  if (trail.cloudwatch == CloudWatch::failing) {
    status.add("LatestCloudWatchLogsDeliveryError", "AccessDenied");
  }
  if (times.to_cloudwatch != 0) {
    status.time("LatestCloudWatchLogsDeliveryTime", times.to_cloudwatch, 60);
  }
  if (trail.validation) status.time("LatestDigestDeliveryTime", times.digest, 904);
  const std::string told = trail.topic ? text(times.delivered) : "";
  status.add("LatestDeliveryAttemptTime", text(times.delivered))
      .add("LatestNotificationAttemptTime", told)
      .add("LatestNotificationAttemptSucceeded", told)
      .add("LatestDeliveryAttemptSucceeded", text(times.delivered))
      .add("TimeLoggingStarted", text(times.started))
      .add("TimeLoggingStopped", text(times.stopped));
  static_cast<JsonValue&>(answer) = status.done();
  return answer;
}

Json event_selectors(const Trail& trail) {
  Json answer;
  set(answer, "TrailARN", json_text(trail.arn, answer));
  if (is_advanced(trail.selectors)) {
    set(answer, "AdvancedEventSelectors", advanced_selectors(trail.selectors, answer));
  } else {
    set(answer, "EventSelectors", classic_selectors(trail.selectors, answer));
  }
  return answer;
}

}  // namespace ciswatch::fleet
