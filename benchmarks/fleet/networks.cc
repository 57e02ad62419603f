#include "benchmarks/fleet/networks.h"

#include <fmt/format.h>

#include "benchmarks/fleet/item.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kDay = 86'400;

// VPCs a region besides the default one.
constexpr Share<std::uint64_t> kMore[] = {{0, 680}, {1, 180}, {2, 80}, {3, 40}, {4, 20}};

// How much of an account somebody looked after, in thousandths of its VPCs.
constexpr Share<std::uint64_t> kCoverage[] = {{1000, 300}, {850, 250}, {400, 200}, {0, 250}};

constexpr Share<FlowLogs> kFlowLogs[] = {{FlowLogs::to_group, 500},
                                         {FlowLogs::to_bucket, 390},
                                         {FlowLogs::failing, 40},
                                         {FlowLogs::accept_only, 40},
                                         {FlowLogs::subnet_only, 30}};

// Interfaces in a VPC. Most default VPCs are used by nothing.
constexpr Share<std::int64_t> kInDefault[] = {{0, 900}, {1, 50}, {4, 50}};
constexpr Share<std::int64_t> kInOthers[] = {{0, 120}, {2, 280}, {6, 350}, {14, 200}, {50, 50}};

struct Use {
  std::string_view type, description;
};
constexpr Share<Use> kUses[] = {{{"interface", ""}, 420},
                                {{"lambda", "AWS Lambda VPC ENI-orders"}, 200},
                                {{"interface", "ELB app/web/0a1b2c3d4e5f6a7b"}, 130},
                                {{"vpc_endpoint", "VPC Endpoint Interface"}, 120},
                                {{"interface", "RDSNetworkInterface"}, 80},
                                {{"nat_gateway", "Interface for NAT Gateway"}, 50}};

constexpr std::string_view kNames[] = {"prod", "staging", "dev", "shared-services", "sandbox"};

std::string cidr_of(const Dice& dice) {
  return fmt::format("10.{}.{}.0/20", dice.at("second").below(256),
                     dice.at("third").below(16) * 16);
}

Vpc make_vpc(const Account& account, const Dice& dice) {
  Vpc vpc{.id = account.made_up_id("vpc-", dice.at("id")),
          .owner = account.id,
          .cidr = cidr_of(dice),
          .dice = dice};
  const auto coverage = pick(account.dice.at("flow logs"), kCoverage);
  if (dice.at("logged").thousandth(coverage)) vpc.flow_logs = pick(dice.at("flow logs"), kFlowLogs);
  return vpc;
}

// A VPC of the organization's network account, of which this account only has subnets.
void share_out(const Account& account, Vpc& vpc) {
  if (!account.is_member || !vpc.dice.at("shared").thousandth(120)) return;
  vpc.owner = account.organization.management_id == account.id ? account.organization.archive_id
                                                               : account.organization.management_id;
  vpc.flow_logs = FlowLogs::none;  // the owner's, which this account is not shown
}

JsonValue tags(const Vpc& vpc, Json& document) {
  Items list(document);
  if (!vpc.is_default) {
    const auto name = kNames[vpc.dice.at("name").below(std::size(kNames))];
    list.add(Item(document).add("Key", "Name").add("Value", name));
    if (vpc.dice.at("more tags").thousandth(400)) {
      list.add(Item(document).add("Key", "team").add("Value", "platform"))
          .add(Item(document).add("Key", "cost-center").add("Value", "4711"));
    }
  }
  return list;
}

std::string subnet_of(const Vpc& vpc, const Account& account) {
  return account.made_up_id("subnet-", vpc.dice.at("subnet"));
}

JsonValue flow_log(const Vpc& vpc, const Account& account, Json& document) {
  const bool to_bucket = vpc.flow_logs == FlowLogs::to_bucket;
  const Dice dice = vpc.dice.at("flow log");
  Item item(document);
  item.add("CreationTime", iso8601(first_night_end() - dice.at("age").between(kDay, 1'200 * kDay)));
  if (vpc.flow_logs == FlowLogs::failing) {
    item.add("DeliverLogsErrorMessage",
             dice.at("error").thousandth(500) ? "Access error" : "Rate limited");
  }
  if (!to_bucket) {
    item.add("DeliverLogsPermissionArn",
             fmt::format("arn:aws:iam::{}:role/vpc-flow-logs", account.id))
        .add("DeliverLogsStatus", vpc.flow_logs == FlowLogs::failing ? "FAILED" : "SUCCESS");
  }
  item.add("FlowLogId", account.made_up_id("fl-", dice.at("id"))).add("FlowLogStatus", "ACTIVE");
  if (!to_bucket) item.add("LogGroupName", fmt::format("/vpc/flow-logs/{}", vpc.id));
  item.add("ResourceId", vpc.flow_logs == FlowLogs::subnet_only
                             ? subnet_of(vpc, account)
                             : vpc.id)
      .add("TrafficType", vpc.flow_logs == FlowLogs::accept_only ? "ACCEPT"
                          : dice.at("traffic").thousandth(300)   ? "REJECT"
                                                                 : "ALL")
      .add("LogDestinationType", to_bucket ? "s3" : "cloud-watch-logs");
  if (to_bucket) {
    item.add("LogDestination", fmt::format("arn:aws:s3:::flow-logs-{}/{}/", account.id, vpc.id));
  }
  item.add("LogFormat",
           "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
           "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}")
      .add("Tags", Items(document))
      .add("MaxAggregationInterval", std::int64_t{600});
  if (to_bucket) {
    item.add("DestinationOptions", Item(document)
                                       .add("FileFormat", "plain-text")
                                       .add("HiveCompatiblePartitions", false)
                                       .add("PerHourPartition", false));
  }
  return item;
}

JsonValue interface(const Dice& dice, const Vpc& vpc, const Account& account,
                    std::string_view region, Json& document) {
  const Use use = pick(dice.at("use"), kUses);
  const bool own = !use.description.empty();
  return Item(document)
      .add("AvailabilityZone", fmt::format("{}{}", region, dice.thousandth(500) ? 'a' : 'b'))
      .add("Description", use.description)
      .add("InterfaceType", use.type)
      .add("NetworkInterfaceId", account.made_up_id("eni-", dice))
      .add("OwnerId", account.id)
      .add("RequesterManaged", own)
      .add("Status", dice.at("unused").thousandth(30) ? "available" : "in-use")
      .add("SubnetId", subnet_of(vpc, account))
      .add("VpcId", vpc.id);
}

}  // namespace

std::vector<Vpc> vpcs_of(const Account& account, std::string_view region) {
  const Dice dice = account.dice.at("vpcs", region);
  std::vector<Vpc> vpcs;
  vpcs.push_back(make_vpc(account, dice.at("default")));
  vpcs.back().is_default = true;
  vpcs.back().cidr = "172.31.0.0/16";
  for (std::uint64_t i = 0; i < pick(dice.at("more"), kMore); ++i) {
    vpcs.push_back(make_vpc(account, dice.at(i)));
    share_out(account, vpcs.back());
  }
  if (account.change == Change::vpc && region == account.home) {
    vpcs.push_back(make_vpc(account, dice.at("new")));
  }
  return vpcs;
}

Json vpcs_answer(const std::vector<Vpc>& vpcs, const Account& account, std::string_view region) {
  Json answer;
  Items list(answer);
  for (const auto& vpc : vpcs) {
    JsonValue association =
        Item(answer)
            .add("AssociationId", account.made_up_id("vpc-cidr-assoc-", vpc.dice.at("association")))
            .add("CidrBlock", vpc.cidr)
            .add("CidrBlockState", Item(answer).add("State", "associated"));
    list.add(
        Item(answer)
            .add("OwnerId", vpc.owner)
            .add("InstanceTenancy", "default")
            .add("CidrBlockAssociationSet", Items(answer).add(std::move(association)))
            .add("IsDefault", vpc.is_default)
            .add("Tags", tags(vpc, answer))
            .add("BlockPublicAccessStates", Item(answer).add("InternetGatewayBlockMode", "off"))
            .add("VpcId", vpc.id)
            .add("State", "available")
            .add("CidrBlock", vpc.cidr)
            .add("DhcpOptionsId", account.made_up_id("dopt-", account.dice.at("dhcp", region))));
  }
  set(answer, "Vpcs", list);
  return answer;
}

Json flow_logs_answer(const std::vector<Vpc>& vpcs, const Account& account) {
  Json answer;
  Items list(answer);
  for (const auto& vpc : vpcs) {
    if (vpc.flow_logs != FlowLogs::none) list.add(flow_log(vpc, account, answer));
  }
  set(answer, "FlowLogs", list);
  return answer;
}

// One for each VPC.
Json subnets_answer(const std::vector<Vpc>& vpcs, const Account& account, std::string_view region) {
  Json answer;
  Items list(answer);
  for (const auto& vpc : vpcs) {
    list.add(Item(answer)
                 .add("AvailabilityZone", fmt::format("{}a", region))
                 .add("CidrBlock", vpc.cidr)
                 .add("OwnerId", vpc.owner)
                 .add("State", "available")
                 .add("SubnetId", subnet_of(vpc, account))
                 .add("VpcId", vpc.id));
  }
  set(answer, "Subnets", list);
  return answer;
}

Json interfaces_answer(const std::vector<Vpc>& vpcs, const Account& account,
                       std::string_view region) {
  Json answer;
  Items list(answer);
  for (const auto& vpc : vpcs) {
    const Dice dice = vpc.dice.at("interfaces");
    const auto count = vpc.is_default ? pick(dice, kInDefault) : pick(dice, kInOthers);
    for (std::int64_t i = 0; i < count; ++i) {
      list.add(interface(dice.at(static_cast<std::uint64_t>(i)), vpc, account, region, answer));
    }
  }
  set(answer, "NetworkInterfaces", list);
  return answer;
}

}  // namespace ciswatch::fleet
