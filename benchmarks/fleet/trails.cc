#include "benchmarks/fleet/trails.h"

#include <fmt/format.h>

#include "benchmarks/fleet/item.h"
#include "benchmarks/fleet/organization.h"

namespace ciswatch::fleet {
namespace {

constexpr Share<Selectors> kSelectors[] = {{Selectors::plain, 640},
                                           {Selectors::data_too, 120},
                                           {Selectors::advanced, 70},
                                           {Selectors::split, 20},
                                           {Selectors::advanced_split, 10},
                                           {Selectors::without_kms, 40},
                                           {Selectors::advanced_without_kms, 20},
                                           {Selectors::write_only, 30},
                                           {Selectors::advanced_read_only, 10},
                                           {Selectors::data_only, 30},
                                           {Selectors::advanced_narrowed, 10}};

// An organization's own trail is looked after better, and one choice is seen in 250 accounts.
constexpr Share<Selectors> kOrganizationSelectors[] = {
    {Selectors::plain, 700},      {Selectors::advanced, 150},  {Selectors::data_too, 80},
    {Selectors::without_kms, 40}, {Selectors::write_only, 15}, {Selectors::data_only, 15}};

constexpr Share<CloudWatch> kCloudWatch[] = {{CloudWatch::none, 340},    {CloudWatch::fresh, 525},
                                             {CloudWatch::late, 50},     {CloudWatch::never, 40},
                                             {CloudWatch::starting, 15}, {CloudWatch::failing, 25},
                                             {CloudWatch::ahead, 5}};

constexpr Share<TrailKey> kKeys[] = {{TrailKey::none, 350},    {TrailKey::own, 460},
                                     {TrailKey::disabled, 30}, {TrailKey::pending_deletion, 20},
                                     {TrailKey::gone, 30},     {TrailKey::foreign, 110}};

// What an account made besides its organization's trail, if it has one.
enum class Own { none, multi_region, two, one_region, every_region, data_besides };
constexpr Share<Own> kStandalone[] = {{Own::none, 60},         {Own::multi_region, 620},
                                      {Own::two, 130},         {Own::one_region, 80},
                                      {Own::every_region, 30}, {Own::data_besides, 80}};
constexpr Share<Own> kMember[] = {
    {Own::none, 800}, {Own::multi_region, 100}, {Own::one_region, 70}, {Own::data_besides, 30}};

std::string trail_arn(std::string_view region, std::string_view account, std::string_view name) {
  return fmt::format("arn:aws:cloudtrail:{}:{}:trail/{}", region, account, name);
}

std::string uuid(const Dice& dice) {
  const std::string digits = dice.hex(32);
  return fmt::format("{}-{}-4{}-a{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                     digits.substr(13, 3), digits.substr(17, 3), digits.substr(20));
}

std::string key_arn(std::string_view region, std::string_view account, const Dice& dice) {
  return fmt::format("arn:aws:kms:{}:{}:key/{}", region, account, uuid(dice));
}

Trail organization_trail(const Account& account) {
  const Organization& org = account.organization;
  const Dice dice = org.dice.at("trail");
  constexpr Share<std::string_view> kNames[] = {{"aws-controltower-BaselineCloudTrail", 600},
                                                {"organization-trail", 250},
                                                {"org-audit", 150}};
  Trail trail{.name = std::string(pick(dice.at("name"), kNames)),
              .arn = {},
              .home = org.home,
              .owner = org.management_id,
              .bucket = trail_bucket_of(org),
              .prefix = organization_id(org),
              .key = {},
              .log_group = {},
              .dice = dice};
  trail.arn = trail_arn(trail.home, trail.owner, trail.name);
  trail.organization = true;
  trail.validation = !dice.at("validation").thousandth(60);
  trail.logging = !dice.at("logging").thousandth(40);
  trail.topic = dice.at("topic").thousandth(500);
  trail.selectors = pick(dice.at("selectors"), kOrganizationSelectors);
  // The key belongs to the management account or to the log archive.
  if (dice.at("key").thousandth(800)) {
    const bool managed = dice.at("key owner").thousandth(500);
    trail.key = key_arn(org.home, managed ? org.management_id : org.archive_id, dice.at("key id"));
    if (account.id == (managed ? org.management_id : org.archive_id)) {
      trail.key_state = TrailKey::own;
    }
  }
  trail.cloudwatch = pick(dice.at("cloudwatch"), kCloudWatch);
  const bool shown = account.is_management || dice.at("group shown").thousandth(600);
  if (trail.cloudwatch != CloudWatch::none && shown) {
    trail.log_group = fmt::format("arn:aws:logs:{}:{}:log-group:aws-controltower/CloudTrailLogs:*",
                                  org.home, org.management_id);
  }
  return trail;
}

void choose_key(const Account& account, Trail& trail) {
  const TrailKey kind = pick(trail.dice.at("key"), kKeys);
  const Dice id = trail.dice.at("key id");
  if (kind == TrailKey::none) return;
  if (kind == TrailKey::foreign) {
    trail.key = key_arn(trail.home, account.organization.archive_id,
                        account.organization.dice.at("shared key"));
    return;
  }
  trail.key = key_arn(trail.home, account.id, id);
  trail.key_state = kind;
}

Trail own_trail(const Account& account, std::uint64_t number, std::string_view region) {
  const Dice dice = account.dice.at("trail", number);
  constexpr Share<std::string_view> kNames[] = {{"default-trail", 300},
                                                {"management-events", 250},
                                                {"cloudtrail", 200},
                                                {"audit", 150},
                                                {"Security-Trail_with.a-longer-name", 100}};
  Trail trail{.name = fmt::format("{}{}", pick(dice.at("name"), kNames),
                                  number == 0 ? "" : fmt::format("-{}", number)),
              .arn = {},
              .home = std::string(region),
              .owner = account.id,
              .bucket = {},
              .prefix = dice.at("prefix").thousandth(150) ? "cloudtrail" : "",
              .key = {},
              .log_group = {},
              .dice = dice};
  trail.arn = trail_arn(region, account.id, trail.name);
  trail.bucket = fmt::format("{}-{}",
                             dice.at("bucket").thousandth(50)    ? "cloudtrail-moved"
                             : dice.at("bucket").thousandth(550) ? "cloudtrail-logs"
                                                                 : "audit",
                             account.id);
  if (dice.at("foreign bucket").thousandth(80))
    trail.bucket = trail_bucket_of(account.organization);
  trail.validation = dice.at("validation").thousandth(790);
  trail.logging = dice.at("logging").thousandth(930);
  trail.topic = dice.at("topic").thousandth(200);
  trail.selectors = pick(dice.at("selectors"), kSelectors);
  choose_key(account, trail);
  trail.cloudwatch = pick(dice.at("cloudwatch"), kCloudWatch);
  if (trail.cloudwatch != CloudWatch::none) {
    trail.log_group =
        fmt::format("arn:aws:logs:{}:{}:log-group:CloudTrail/{}:*", region, account.id, trail.name);
  }
  return trail;
}

void add_own(const Account& account, std::vector<Trail>& trails) {
  const Own own = account.is_member ? pick(account.dice.at("trails"), kMember)
                                    : pick(account.dice.at("trails"), kStandalone);
  if (own == Own::none) return;
  if (own == Own::every_region) {
    std::uint64_t number = 0;
    for (const auto& region : account.regions()) {
      trails.push_back(own_trail(account, number++, region.name));
      trails.back().multi_region = false;
      // Such trails come from one template: what one has, all have.
      trails.back().bucket = fmt::format("cloudtrail-logs-{}", account.id);
      trails.back().logging = true;
      trails.back().selectors = Selectors::plain;
    }
    return;
  }
  trails.push_back(own_trail(account, 0, account.home));
  trails.back().multi_region = own != Own::one_region;
  if (own == Own::multi_region || own == Own::one_region) return;
  trails.push_back(own_trail(account, 1, account.regions().front().name));
  if (own == Own::data_besides) {
    trails.back().multi_region = false;
    trails.back().selectors = Selectors::data_only;
  }
}

// --- answers

JsonValue described(const Trail& trail, Json& document) {
  Item item(document);
  item.add("Name", trail.name).add("S3BucketName", trail.bucket).some("S3KeyPrefix", trail.prefix);
  if (trail.topic) {
    const auto arn =
        fmt::format("arn:aws:sns:{}:{}:cloudtrail-deliveries", trail.home, trail.owner);
    item.add("SnsTopicName", arn).add("SnsTopicARN", arn);
  }
  item.add("IncludeGlobalServiceEvents",
           trail.multi_region || trail.dice.at("global").thousandth(500))
      .add("IsMultiRegionTrail", trail.multi_region)
      .add("HomeRegion", trail.home)
      .add("TrailARN", trail.arn)
      .add("LogFileValidationEnabled", trail.validation)
      .some("CloudWatchLogsLogGroupArn", trail.log_group);
  if (!trail.log_group.empty()) {
    item.add("CloudWatchLogsRoleArn",
             fmt::format("arn:aws:iam::{}:role/CloudTrail_CloudWatchLogs_Role", trail.owner));
  }
  item.some("KmsKeyId", trail.key)
      .add("HasCustomEventSelectors", trail.selectors != Selectors::plain)
      .add("HasInsightSelectors", trail.dice.at("insight").thousandth(100))
      .add("IsOrganizationTrail", trail.organization);
  return item;
}

}  // namespace

std::string trail_bucket_of(const Organization& organization) {
  return fmt::format("aws-controltower-logs-{}-{}", organization.archive_id, organization.home);
}

std::string config_bucket_of(const Organization& organization) {
  return fmt::format("config-records-{}-{}", organization.archive_id, organization.home);
}

std::vector<Trail> trails_of(const Account& account) {
  std::vector<Trail> trails;
  if (account.is_member) trails.push_back(organization_trail(account));
  add_own(account, trails);
  if (account.change == Change::trail) {
    for (auto& trail : trails) {
      if (trail.owner == account.id) {
        trail.logging = !trail.logging;
        break;
      }
    }
  }
  return trails;
}

Json describe_trails(const std::vector<Trail>& trails, std::string_view region) {
  Json answer;
  Items list(answer);
  for (const auto& trail : trails) {
    if (trail.multi_region || trail.home == region) list.add(described(trail, answer));
  }
  set(answer, "trailList", list);
  return answer;
}

}  // namespace ciswatch::fleet
