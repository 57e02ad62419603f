#include "benchmarks/fleet/fronts.h"

#include <fmt/format.h>

#include "benchmarks/fleet/answers.h"
#include "benchmarks/fleet/item.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kDay = 86'400;

constexpr Share<std::uint64_t> kDistributions[] = {{0, 700}, {1, 150}, {3, 100}, {12, 50}};
constexpr Share<std::uint64_t> kBalancers[] = {{0, 800}, {1, 100}, {2, 60}, {6, 40}};
constexpr Share<std::uint64_t> kApis[] = {{0, 900}, {1, 60}, {4, 40}};
constexpr Share<std::string_view> kTypes[] = {{"application", 750}, {"network", 220}, {"gateway", 30}};
constexpr std::string_view kStages[] = {"live", "test"};

// How something writes its access logs, in a fleet of which a third does not.
enum class Logs { none, own, delivered };
constexpr Share<Logs> kLogs[] = {{Logs::none, 330}, {Logs::own, 520}, {Logs::delivered, 150}};

Logs logs_of(const Account& account, std::string_view name) {
  return pick(account.dice.at("access logs", name), kLogs);
}

std::string made(const Dice& dice) {
  return iso8601(first_night_end() - dice.at("age").between(kDay, 1'200 * kDay));
}

std::uint64_t number_of_distributions(const Account& account) {
  return pick(account.dice.at("distributions"), kDistributions);
}

std::string distribution_id(const Account& account, std::uint64_t number) {
  return fmt::format("E{}", account.dice.at("distribution", number).hex(13));
}

std::string distribution_arn(const Account& account, std::string_view id) {
  return fmt::format("arn:aws:cloudfront::{}:distribution/{}", account.id, id);
}

bool is_enabled(const Account& account, std::string_view id) {
  return !account.dice.at("disabled", id).thousandth(60);
}

struct Balancer {
  std::string name, arn;
  std::string_view type;
};

std::vector<Balancer> balancers_of(const Account& account, std::string_view region) {
  const Dice dice = account.dice.at("load balancers", region);
  std::vector<Balancer> balancers;
  for (std::uint64_t i = 0; i < pick(dice, kBalancers); ++i) {
    const auto type = pick(dice.at(i), kTypes);
    const auto name = fmt::format("web-{}", i);
    balancers.push_back(
        {name,
         fmt::format("arn:aws:elasticloadbalancing:{}:{}:loadbalancer/{}/{}/{}", region, account.id,
                     type == "application" ? "app" : type == "network" ? "net" : "gwy", name,
                     dice.at("id", i).hex(16)),
         type});
  }
  return balancers;
}

JsonValue attribute(std::string_view key, std::string_view value, Json& document) {
  return Item(document).add("Key", key).add("Value", value);
}

std::string api_id(const Account& account, std::string_view region, std::string_view kind,
                   std::uint64_t number) {
  return account.dice.at(kind, region, number).hex(10);
}

std::string log_group(const Account& account, std::string_view region, std::string_view id) {
  return fmt::format("arn:aws:logs:{}:{}:log-group:/api/{}", region, account.id, id);
}

// What CloudWatch Logs delivers in a region: the name of each source, its resource and its logs.
struct Delivered {
  std::string name, resource;
  std::string_view service, log_type;
};

std::vector<Delivered> delivered_in(const Account& account, std::string_view region) {
  std::vector<Delivered> sources;
  for (std::uint64_t i = 0; region == "us-east-1" && i < number_of_distributions(account); ++i) {
    const auto id = distribution_id(account, i);
    if (logs_of(account, id) != Logs::delivered) continue;
    sources.push_back({id, distribution_arn(account, id), "cloudfront", "ACCESS_LOGS"});
  }
  for (const auto& balancer : balancers_of(account, region)) {
    if (balancer.type == "gateway" || logs_of(account, balancer.arn) != Logs::delivered) continue;
    sources.push_back({balancer.name, balancer.arn, "elasticloadbalancing",
                       balancer.type == "network" ? "NLB_ACCESS_LOGS" : "ALB_ACCESS_LOGS"});
  }
  return sources;
}

// --- the answers

Json distributions_answer(const Account& account) {
  Json answer;
  Items list(answer);
  const auto number = number_of_distributions(account);
  for (std::uint64_t i = 0; i < number; ++i) {
    const auto id = distribution_id(account, i);
    list.add(Item(answer)
                 .add("Id", id)
                 .add("ARN", distribution_arn(account, id))
                 .add("Status", "Deployed")
                 .add("LastModifiedTime", made(account.dice.at(id)))
                 .add("DomainName", fmt::format("d{}.cloudfront.net", account.dice.at(id).hex(13)))
                 .add("Comment", "")
                 .add("Enabled", is_enabled(account, id))
                 .add("Staging", false));
  }
  Item whole(answer);
  whole.add("Marker", "").add("MaxItems", std::int64_t{100}).add("IsTruncated", false);
  whole.add("Quantity", static_cast<std::int64_t>(number));
  if (number > 0) whole.add("Items", list);
  set(answer, "DistributionList", whole);
  return answer;
}

Json distribution_config_answer(const Account& account, std::string_view id) {
  Json answer;
  const bool logs = logs_of(account, id) == Logs::own;
  Item behavior(answer);
  behavior.add("TargetOriginId", "origin").add("ViewerProtocolPolicy", "redirect-to-https");
  if (account.dice.at("real-time", id).thousandth(30)) {
    behavior.add("RealtimeLogConfigArn",
                 fmt::format("arn:aws:cloudfront::{}:realtime-log-config/watch", account.id));
  }
  const auto bucket = logs ? fmt::format("web-logs-{}.s3.amazonaws.com", account.id) : "";
  set(answer, "DistributionConfig",
      Item(answer)
          .add("CallerReference", id)
          .add("DefaultCacheBehavior", behavior)
          .add("Comment", "")
          .add("Logging", Item(answer)
                              .add("Enabled", logs)
                              .add("IncludeCookies", false)
                              .add("Bucket", bucket)
                              .add("Prefix", ""))
          .add("Enabled", is_enabled(account, id)));
  return answer;
}

Json load_balancers_answer(const Account& account, std::string_view region) {
  Json answer;
  Items list(answer);
  for (const auto& balancer : balancers_of(account, region)) {
    list.add(Item(answer)
                 .add("LoadBalancerArn", balancer.arn)
                 .add("DNSName", fmt::format("{}.{}.elb.amazonaws.com", balancer.name, region))
                 .add("CreatedTime", made(account.dice.at(balancer.arn)))
                 .add("LoadBalancerName", balancer.name)
                 .add("Scheme", "internet-facing")
                 .add("VpcId", account.made_up_id("vpc-", account.dice.at("vpcs", region)))
                 .add("State", Item(answer).add("Code", "active"))
                 .add("Type", balancer.type)
                 .add("IpAddressType", "ipv4"));
  }
  set(answer, "LoadBalancers", list);
  return answer;
}

Json load_balancer_attributes_answer(const Account& account, std::string_view arn) {
  Json answer;
  Items list(answer);
  list.add(attribute("deletion_protection.enabled", "true", answer));
  if (arn.find("/gwy/") == std::string_view::npos) {
    const bool logs = logs_of(account, arn) == Logs::own;
    list.add(attribute("access_logs.s3.enabled", logs ? "true" : "false", answer));
    list.add(attribute("access_logs.s3.bucket", logs ? "web-logs-" + account.id : "", answer));
    list.add(attribute("access_logs.s3.prefix", "", answer));
  }
  set(answer, "Attributes", list);
  return answer;
}

Json listeners_answer(const Account& account, std::string_view arn) {
  Json answer;
  Items list(answer);
  const bool tls = account.dice.at("listener", arn).thousandth(500);
  const auto listener = fmt::format("{}/{}", arn, account.dice.at("listener id", arn).hex(16));
  list.add(Item(answer)
               .add("ListenerArn", listener)
               .add("LoadBalancerArn", arn)
               .add("Port", std::int64_t{443})
               .add("Protocol", tls ? "TLS" : "TCP"));
  set(answer, "Listeners", list);
  return answer;
}

Json rest_apis_answer(const Account& account, std::string_view region) {
  Json answer;
  Items list(answer);
  for (std::uint64_t i = 0; i < pick(account.dice.at("REST APIs", region), kApis); ++i) {
    Item item(answer);
    item.add("id", api_id(account, region, "REST", i)).add("name", fmt::format("orders-{}", i));
    item.time("createdDate", first_night_end() - 100 * kDay);
    list.add(item.add("endpointConfiguration",
                      Item(answer).add("types", texts(answer, {"REGIONAL"}))));
  }
  set(answer, "items", list);
  return answer;
}

Json rest_stages_answer(const Account& account, std::string_view region, std::string_view id) {
  Json answer;
  Items list(answer);
  for (const auto name : kStages) {
    Item item(answer);
    item.add("deploymentId", account.dice.at("deployment", id).hex(6)).add("stageName", name);
    if (logs_of(account, fmt::format("{}/{}", id, name)) != Logs::none) {
      item.add("accessLogSettings", Item(answer)
                                        .add("format", "$context.requestId")
                                        .add("destinationArn", log_group(account, region, id)));
    }
    list.add(item);
  }
  set(answer, "item", list);
  return answer;
}

Json apis_answer(const Account& account, std::string_view region) {
  Json answer;
  Items list(answer);
  for (std::uint64_t i = 0; i < pick(account.dice.at("APIs", region), kApis); ++i) {
    const auto id = api_id(account, region, "API", i);
    const bool http = account.dice.at("protocol", id).thousandth(850);
    list.add(Item(answer)
                 .add("ApiEndpoint", fmt::format("{}://{}.execute-api.{}.amazonaws.com",
                                                 http ? "https" : "wss", id, region))
                 .add("ApiId", id)
                 .add("CreatedDate", made(account.dice.at(id)))
                 .add("Name", fmt::format("shop-{}", i))
                 .add("ProtocolType", http ? "HTTP" : "WEBSOCKET")
                 .add("RouteSelectionExpression", "$request.method $request.path"));
  }
  set(answer, "Items", list);
  return answer;
}

Json api_stages_answer(const Account& account, std::string_view region, std::string_view id) {
  Json answer;
  Items list(answer);
  Item item(answer);
  item.add("StageName", "$default").add("AutoDeploy", true);
  if (logs_of(account, id) != Logs::none) {
    item.add("AccessLogSettings", Item(answer)
                                      .add("DestinationArn", log_group(account, region, id))
                                      .add("Format", "$context.requestId"));
  }
  list.add(item);
  set(answer, "Items", list);
  return answer;
}

Json delivery_sources_answer(const Account& account, std::string_view region) {
  Json answer;
  Items list(answer);
  for (const auto& source : delivered_in(account, region)) {
    Items resources(answer);
    resources.add(source.resource);
    list.add(Item(answer)
                 .add("name", source.name)
                 .add("arn", fmt::format("arn:aws:logs:{}:{}:delivery-source:{}", region, account.id,
                                         source.name))
                 .add("resourceArns", resources)
                 .add("service", source.service)
                 .add("logType", source.log_type));
  }
  set(answer, "deliverySources", list);
  return answer;
}

Json deliveries_answer(const Account& account, std::string_view region) {
  Json answer;
  Items list(answer);
  for (const auto& source : delivered_in(account, region)) {
    if (account.dice.at("not delivered", source.resource).thousandth(80)) continue;
    const auto id = account.dice.at("delivery", source.resource).hex(16);
    const auto arn = [&](std::string_view kind, std::string_view name) {
      return fmt::format("arn:aws:logs:{}:{}:{}:{}", region, account.id, kind, name);
    };
    list.add(Item(answer)
                 .add("id", id)
                 .add("arn", arn("delivery", id))
                 .add("deliverySourceName", source.name)
                 .add("deliveryDestinationArn", arn("delivery-destination", "web-logs"))
                 .add("deliveryDestinationType", "S3"));
  }
  set(answer, "deliveries", list);
  return answer;
}

std::optional<Json> api_answer(const Account& account, const ApiCall& call) {
  const bool rest = call.service == "apigateway";
  if (call.operation == "GetRestApis") return rest_apis_answer(account, call.region);
  if (call.operation == "GetApis") return apis_answer(account, call.region);
  return rest ? rest_stages_answer(account, call.region, param(call))
              : api_stages_answer(account, call.region, param(call));
}

}  // namespace

std::optional<Json> front_answer(const Account& account, const ApiCall& call) {
  const std::string_view operation = call.operation;
  if (call.service.starts_with("apigateway")) return api_answer(account, call);
  if (operation == "ListDistributions") return distributions_answer(account);
  if (operation == "GetDistributionConfig") return distribution_config_answer(account, param(call));
  if (operation == "DescribeLoadBalancers") return load_balancers_answer(account, call.region);
  if (operation == "DescribeLoadBalancerAttributes") {
    return load_balancer_attributes_answer(account, param(call));
  }
  if (operation == "DescribeListeners") return listeners_answer(account, param(call));
  if (operation == "DescribeDeliverySources") return delivery_sources_answer(account, call.region);
  if (operation == "DescribeDeliveries") return deliveries_answer(account, call.region);
  return std::nullopt;
}

}  // namespace ciswatch::fleet
