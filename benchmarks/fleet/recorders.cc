#include "benchmarks/fleet/recorders.h"

#include <fmt/format.h>

#include "benchmarks/fleet/item.h"
#include "benchmarks/fleet/trails.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kDay = 86'400;

// Where an account has recorders.
enum class Spread { every_region, some_regions, home_only, nowhere };
constexpr Share<Spread> kSpreads[] = {{Spread::every_region, 800},
                                      {Spread::some_regions, 100},
                                      {Spread::home_only, 50},
                                      {Spread::nowhere, 50}};

constexpr Share<RecorderState> kStates[] = {{RecorderState::recording, 930},
                                            {RecorderState::stopped, 35},
                                            {RecorderState::failing, 20},
                                            {RecorderState::pending, 15}};

constexpr Share<Recorded> kRecorded[] = {{Recorded::everything, 0},
                                         {Recorded::without_iam, 930},
                                         {Recorded::iam_excluded, 30},
                                         {Recorded::some_excluded, 20},
                                         {Recorded::some_types, 20}};

bool has_recorder(const Account& account, std::string_view region) {
  switch (pick(account.dice.at("recorders"), kSpreads)) {
    case Spread::every_region:
      return true;
    case Spread::some_regions:
      return account.dice.at("recorder", region).thousandth(500);
    case Spread::home_only:
      return region == account.home;
    case Spread::nowhere:
      return false;
  }
  return false;
}

Recorder own_recorder(const Account& account, std::string_view region) {
  const Dice dice = account.dice.at("recorder", region);
  Recorder recorder{.name = dice.at("name").thousandth(60)
                                ? "aws-controltower-BaselineConfigRecorder"
                                : "default",
                    .region = std::string(region),
                    .dice = dice};
  recorder.state = pick(dice.at("state"), kStates);
  recorder.recorded = pick(dice.at("recorded"), kRecorded);
  // The global types are recorded once, at home; not by everyone.
  if (region == account.home && account.dice.at("iam recorded").thousandth(900)) {
    recorder.recorded = Recorded::everything;
  }
  recorder.daily = account.dice.at("daily").thousandth(80);
  recorder.own_role = account.dice.at("config role").thousandth(150);
  return recorder;
}

Channel own_channel(const Account& account, std::string_view region) {
  Channel channel;
  const bool central = account.is_member && account.dice.at("config bucket").thousandth(850);
  channel.bucket = central ? config_bucket_of(account.organization)
                           : fmt::format("config-records-{}", account.id);
  // A bucket that was deleted under the recorder: the API answers without its name.
  if (account.dice.at("no config bucket", region).thousandth(5)) channel.bucket.clear();
  channel.failing = account.dice.at("config delivery", region).thousandth(25);
  if (account.dice.at("config topic").thousandth(780)) {
    channel.topic = fmt::format("arn:aws:sns:{}:{}:config-topic", region,
                                central ? account.organization.archive_id : account.id);
  }
  return channel;
}

JsonValue delivery(const char* status, Json& document) {
  Item item(document);
  item.add("lastStatus", status);
  if (std::string_view(status) == "Failure") {
    item.add("lastErrorCode", "AccessDenied")
        .add("lastErrorMessage", "The bucket's policy does not let AWS Config write.");
  }
  return item;
}

std::string recorder_arn(const Recorder& recorder, const Account& account) {
  return fmt::format("arn:aws:config:{}:{}:configuration-recorder/{}/{}", recorder.region,
                     account.id, recorder.name, recorder.dice.at("arn").hex(16));
}

std::string role_arn(const Recorder& recorder, const Account& account) {
  if (recorder.of_service) return {};
  return fmt::format("arn:aws:iam::{}:role/{}", account.id,
                     recorder.own_role
                         ? "config-recorder"
                         : "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig");
}

const char* strategy_of(Recorded recorded) {
  switch (recorded) {
    case Recorded::everything:
    case Recorded::without_iam:
      return "ALL_SUPPORTED_RESOURCE_TYPES";
    case Recorded::some_types:
      return "INCLUSION_BY_RESOURCE_TYPES";
    default:
      return "EXCLUSION_BY_RESOURCE_TYPES";
  }
}

JsonValue recording_group(const Recorder& recorder, Json& document) {
  const Recorded recorded = recorder.recorded;
  const bool all = recorded == Recorded::everything || recorded == Recorded::without_iam;
  Items types(document);
  if (recorded == Recorded::some_types) {
    types.add("AWS::EC2::Instance").add("AWS::EC2::SecurityGroup").add("AWS::S3::Bucket");
  }
  Items excluded(document);
  if (recorded == Recorded::some_excluded) excluded.add("AWS::EC2::NetworkInterface");
  if (recorded == Recorded::iam_excluded) {
    excluded.add("AWS::IAM::User")
        .add("AWS::IAM::Group")
        .add("AWS::IAM::Role")
        .add("AWS::IAM::Policy");
  }
  return Item(document)
      .add("allSupported", all)
      .add("includeGlobalResourceTypes", recorded == Recorded::everything)
      .add("resourceTypes", types)
      .add("exclusionByResourceTypes", Item(document).add("resourceTypes", excluded))
      .add("recordingStrategy", Item(document).add("useOnly", strategy_of(recorded)));
}

JsonValue status_of(const Recorder& recorder, const Account& account, Json& document) {
  const Dice& dice = recorder.dice;
  const UnixSeconds started = first_night_end() - dice.at("age").between(20, 1'500) * kDay;
  const UnixSeconds changed = first_night_end() - dice.at("last").between(kDay, 3 * kDay);
  const bool stopped = recorder.state == RecorderState::stopped;
  Item item(document);
  item.add("arn", recorder_arn(recorder, account)).add("name", recorder.name);
  item.time("lastStartTime", started, 118);
  if (stopped) item.time("lastStopTime", changed, 402);
  item.add("recording", !stopped);
  if (recorder.state == RecorderState::failing) {
    item.add("lastStatus", "FAILURE")
        .add("lastErrorCode", "AccessDenied")
        .add("lastErrorMessage", "The recorder's role may not describe the account's resources.");
  } else {
    item.add("lastStatus", recorder.state == RecorderState::pending ? "PENDING" : "SUCCESS");
  }
  item.time("lastStatusChangeTime", changed, 733);
  if (recorder.of_service) item.add("servicePrincipal", "securityhub.amazonaws.com");
  return item;
}

}  // namespace

ConfigRegion config_of(const Account& account, std::string_view region) {
  ConfigRegion config;
  const Dice dice = account.dice.at("config", region);
  if (has_recorder(account, region)) {
    config.recorders.push_back(own_recorder(account, region));
    if (!dice.at("no channel").thousandth(12)) config.channel = own_channel(account, region);
  }
  if (account.change == Change::recorder && region == account.home) {
    if (config.recorders.empty()) {
      config.recorders.push_back(own_recorder(account, region));
    } else {
      auto& state = config.recorders.front().state;
      state = state == RecorderState::stopped ? RecorderState::recording : RecorderState::stopped;
    }
  }
  if (account.dice.at("security hub").thousandth(40)) {
    Recorder recorder{.name = "AWSConfigurationRecorderForSecurityHubAssets",
                      .region = std::string(region),
                      .dice = dice.at("service's")};
    recorder.recorded = Recorded::some_types;
    recorder.of_service = true;
    config.recorders.push_back(std::move(recorder));
  }
  return config;
}

Json recorders_answer(const ConfigRegion& config, const Account& account) {
  Json answer;
  Items list(answer);
  for (const auto& recorder : config.recorders) {
    Item item(answer);
    item.add("arn", recorder_arn(recorder, account)).add("name", recorder.name);
    item.some("roleARN", role_arn(recorder, account))
        .add("recordingGroup", recording_group(recorder, answer))
        .add("recordingMode",
             Item(answer).add("recordingFrequency", recorder.daily ? "DAILY" : "CONTINUOUS"))
        .add("recordingScope", recorder.of_service ? "INTERNAL" : "PAID");
    if (recorder.of_service) item.add("servicePrincipal", "securityhub.amazonaws.com");
    list.add(item);
  }
  set(answer, "ConfigurationRecorders", list);
  return answer;
}

Json recorder_status_answer(const ConfigRegion& config, const Account& account) {
  Json answer;
  Items list(answer);
  for (const auto& recorder : config.recorders) list.add(status_of(recorder, account, answer));
  set(answer, "ConfigurationRecordersStatus", list);
  return answer;
}

Json channels_answer(const ConfigRegion& config) {
  Json answer;
  Items list(answer);
  if (config.channel) {
    Item item(answer);
    item.add("name", "default")
        .some("s3BucketName", config.channel->bucket)
        .some("snsTopicARN", config.channel->topic)
        .add("configSnapshotDeliveryProperties",
             Item(answer).add("deliveryFrequency", "TwentyFour_Hours"));
    list.add(item);
  }
  set(answer, "DeliveryChannels", list);
  return answer;
}

Json channel_status_answer(const ConfigRegion& config) {
  Json answer;
  Items list(answer);
  if (config.channel) {
    const char* to_bucket = config.channel->failing ? "Failure" : "Success";
    list.add(Item(answer)
                 .add("name", "default")
                 .add("configSnapshotDeliveryInfo", delivery(to_bucket, answer))
                 .add("configHistoryDeliveryInfo", delivery(to_bucket, answer))
                 .add("configStreamDeliveryInfo",
                      delivery(config.channel->topic.empty() ? "Not_Applicable" : "Success",
                               answer)));
  }
  set(answer, "DeliveryChannelsStatus", list);
  return answer;
}

bool has_hub(const Account& account, std::string_view region) {
  constexpr Share<Spread> kHubs[] = {{Spread::every_region, 480},
                                     {Spread::some_regions, 120},
                                     {Spread::home_only, 100},
                                     {Spread::nowhere, 300}};
  switch (pick(account.dice.at("hubs"), kHubs)) {
    case Spread::every_region:
      return true;
    case Spread::some_regions:
      return account.dice.at("hub", region).thousandth(500);
    case Spread::home_only:
      return region == account.home;
    case Spread::nowhere:
      break;
  }
  return false;
}

Json hub_answer(const Account& account, std::string_view region) {
  Json answer;
  set(answer, "HubArn",
      json_text(fmt::format("arn:aws:securityhub:{}:{}:hub/default", region, account.id), answer));
  set(answer, "SubscribedAt",
      json_text(iso8601(first_night_end() -
                        account.dice.at("hub since", region).between(kDay, 1'500 * kDay)),
                answer));
  set(answer, "AutoEnableControls", JsonValue(true));
  set(answer, "ControlFindingGenerator", json_text("SECURITY_CONTROL", answer));
  return answer;
}

}  // namespace ciswatch::fleet
