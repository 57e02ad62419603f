// Faults between a server and the ledger: every call that was due ends as a row with its outcome, and
// an account that is dead takes nothing from the others.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "core/aws/client.h"
#include "core/collect/collector.h"
#include "tests/aws/client_rig.h"

namespace ciswatch {
namespace {

using std::chrono::milliseconds;
using Rows = std::vector<std::string>;

constexpr const char* kIdentity =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{0}:user/a</Arn><UserId>U"
    "</UserId><Account>{0}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
constexpr const char* kRegions =
    "<DescribeRegionsResponse><regionInfo><item><regionName>us-east-1</regionName><optInStatus>"
    "opt-in-not-required</optInStatus></item><item><regionName>eu-west-1</regionName><optInStatus>"
    "opted-in</optInStatus></item></regionInfo></DescribeRegionsResponse>";

// AWS as a client sees it, with these accounts.
class Accounts : public Source {
 public:
  Accounts(Client& client, std::vector<std::string> ids) : client_(client), ids_(std::move(ids)) {}

  [[nodiscard]] std::vector<std::string> accounts() const override { return ids_; }
  [[nodiscard]] std::vector<std::string> known_regions(const std::string&) const override {
    return {"us-east-1", "eu-west-1"};
  }
  void send(ApiCall call, Done done) override { client_.send(std::move(call), std::move(done)); }
  void run(const std::function<void()>& tick) override { client_.run(tick); }

 private:
  Client& client_;
  std::vector<std::string> ids_;
};

bool asks(const ScriptRequest& request, const std::string& operation) {
  return request.body.find("Action=" + operation) != std::string::npos;
}

// Every account's keys have its id: who asks.
std::string account_of(const ScriptRequest& request) {
  const std::string& text = request.headers.at("authorization");
  return text.substr(text.find("Credential=") + 11, 12);
}

std::string region_of(const ScriptRequest& request) {
  return split(request.headers.at("authorization"), '/').at(2);
}

class FaultTest : public testing::Test {
 protected:
  FaultTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~FaultTest() override { std::filesystem::remove_all(folder_); }

  // Reads these tables of the accounts from a server that answers so.
  void collect(const ScriptedServer::Script& script, const std::vector<std::string>& accounts,
               std::vector<const TableSpec*> wanted) {
    ScriptedServer server(script);
    auto options = options_for(server);
    options.attempts = options.max_requests = 2;
    options.total_timeout = milliseconds(3000);
    Client client({accounts.front(), "s", ""}, options);
    for (const auto& id : accounts) client.add_account(id, {id, "s", ""});
    Accounts source(client, accounts);
    SnapshotWriter writer(folder_ / "s.db", Durability::scratch);
    Collector collector(source, writer, {std::move(wanted), {}, "us-east-1"});
    collector.run([] {});
    counted_ = collector.outcomes();
    SnapshotInfo info;
    info.collected_at = "2026-11-22T02:00:00Z";
    writer.finish(info);
  }

  Rows rows(const std::string& sql) {
    auto database = Database::open_immutable((folder_ / "s.db").string());
    auto statement = database.prepare(sql);
    Rows result;
    while (statement.step()) result.push_back(text_of(statement.value(0)));
    return result;
  }

  std::filesystem::path folder_;
  std::map<std::string, std::size_t> counted_;
};

std::vector<const TableSpec*> all_tables() {
  const auto all = tables();
  return {all.begin(), all.end()};
}

// Answers who and where; everything else by `other`.
ScriptedServer::Script known_account(const ScriptedServer::Script& other) {
  return [other](const ScriptRequest& request) {
    if (asks(request, "GetCallerIdentity")) return json(fmt::format(kIdentity, account_of(request)));
    return asks(request, "DescribeRegions") ? json(kRegions) : other(request);
  };
}

struct Fault {
  const char* name;
  ScriptReply reply;
  const char* outcome;  // of a call to a region
  const char* outcome_of_account;
};

const std::string kScp = "not authorized with an explicit deny in a service control policy";

const Fault kFaults[] = {
    {"denied", json(R"({"__type":"AccessDenied","message":"no"})", 403), "denied", "denied"},
    {"throttled", json(R"({"__type":"ThrottlingException"})", 400), "throttled", "throttled"},
    {"slow down", json("{}", 429), "throttled", "throttled"},
    {"not subscribed", json(R"({"__type":"OptInRequired"})", 403), "disabled", "disabled"},
    {"region off", json(R"({"__type":"UnrecognizedClientException"})", 400), "disabled", "denied"},
    {"closed by an SCP", json(R"({"__type":"AccessDenied","message":")" + kScp + "\"}", 403),
     "disabled", "denied"},
    {"not allowed by an SCP",
     json(R"({"__type":"AccessDenied","message":"because no service control policy allows it"})", 403),
     "disabled", "denied"},
    {"internal error", json("oops", 500), "failed", "failed"},
    {"unavailable", {503, "", {{"Retry-After", "0"}}}, "failed", "failed"},
    {"reset", {200, "", {}, false, true, {}, true}, "failed", "failed"},
    {"cut", {200, "{\"a", {}, true}, "failed", "failed"},
    {"web page", {200, "<html>Sign in", {{"Content-Type", "text/html"}}}, "failed", "failed"},
    {"redirect", {302, "", {{"Location", "http://127.0.0.1:1/"}}}, "failed", "failed"},
    {"another error", json(R"({"__type":"SomethingNew"})", 400), "failed", "failed"},
};

TEST_F(FaultTest, EveryCallThatWasDueEndsAsARowWithItsOutcome) {
  const std::string calls = "select account_id || region || service || operation || target from"
                            " api_call order by 1";
  const std::string others = " from api_call where operation not in ('GetCallerIdentity', "
                             "'DescribeRegions') and ";
  const std::string regional =
      "service not in ('s3', 's3control', 'sts', 'iam', 'organizations', 'cloudfront')";
  Rows due;
  for (const auto& fault : kFaults) {
    SCOPED_TRACE(fault.name);
    collect(known_account([&](const auto&) { return fault.reply; }), {"111111111111"}, all_tables());
    if (due.empty()) due = rows(calls);
    EXPECT_GT(due.size(), 40U);
    EXPECT_EQ(rows(calls), due);
    EXPECT_EQ(rows("select distinct outcome" + others + regional), Rows{fault.outcome});
    EXPECT_EQ(rows("select distinct outcome" + others + "not " + regional),
              Rows{fault.outcome_of_account});
    std::size_t counted = 0;
    for (const auto& [outcome, count] : counted_) counted += count;
    EXPECT_EQ(counted, due.size());
    EXPECT_EQ(rows("select sum(number) from snapshot_total where name = '" +
                   std::string(fault.outcome) + "'"),
              Rows{std::to_string(counted_[fault.outcome])});
  }
}

// --- what an SCP closes

TEST_F(FaultTest, ARegionIsClosedOnlyWhereAnScpDeniesEveryCall) {
  const auto some = {find_table("sts", "GetCallerIdentity"), find_table("aws_region"),
                     find_table("aws_vpc"), find_table("aws_kms_key_list")};
  const std::string outcomes = "select region || ' ' || operation || ' ' || outcome from api_call where"
                               " operation in ('DescribeVpcs', 'ListKeys') order by 1";
  const ScriptReply closed = kFaults[5].reply;
  const ScriptReply vpcs = json("<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>");
  // All of eu-west-1 is denied, of us-east-1 the keys alone.
  collect(known_account([&](const ScriptRequest& request) {
            return region_of(request) == "us-east-1" && asks(request, "DescribeVpcs") ? vpcs : closed;
          }),
          {"111111111111"}, some);
  EXPECT_EQ(rows(outcomes), (Rows{"eu-west-1 DescribeVpcs disabled", "eu-west-1 ListKeys disabled",
                                  "us-east-1 DescribeVpcs ok", "us-east-1 ListKeys denied"}));
  // That another call failed, or was denied by another policy, leaves open what the region is.
  for (const auto& other : {kFaults[0].reply, kFaults[7].reply}) {
    collect(known_account([&](const ScriptRequest& request) {
              return asks(request, "DescribeVpcs") ? other : closed;
            }),
            {"111111111111"}, some);
    EXPECT_EQ(rows("select distinct outcome from api_call where operation = 'ListKeys'"),
              Rows{"denied"});
  }
}

// --- dead accounts

constexpr const char* kDead = "222222222222";

// Its calls fail so; the others have nothing in them.
ScriptedServer::Script with_dead(const ScriptReply& fault, bool knows_who) {
  const auto healthy = known_account([](const ScriptRequest& request) {
    return asks(request, "DescribeVpcs") ? json("<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>")
                                         : json(R"({"trailList":[]})");
  });
  return [=](const ScriptRequest& request) {
    const bool fails = account_of(request) == kDead && !(knows_who && asks(request, "GetCallerIdentity"));
    return fails ? fault : healthy(request);
  };
}

TEST_F(FaultTest, ADeadAccountTakesNothingFromTheOthers) {
  const auto some = {find_table("sts", "GetCallerIdentity"), find_table("aws_region"),
                     find_table("aws_vpc"), find_table("aws_cloudtrail_trail")};
  const std::string of_others =
      "select account_id || region || operation || outcome || attempts from api_call where account_id"
      " <> '222222222222' order by 1";
  collect(with_dead(json("{}"), true), {"111111111111", "333333333333"}, some);
  const auto undisturbed = rows(of_others);
  ASSERT_EQ(undisturbed.size(), 12U);
  for (const auto& fault : kFaults) {
    for (const bool knows_who : {false, true}) {
      SCOPED_TRACE(fault.name);
      collect(with_dead(fault.reply, knows_who), {"111111111111", kDead, "333333333333"}, some);
      EXPECT_EQ(rows(of_others), undisturbed);
      EXPECT_EQ(rows("select operation || ' ' || region || ' ' || (outcome in ('ok', 'absent')) from"
                     " api_call where account_id = '222222222222' order by 1"),
                (Rows{"DescribeRegions us-east-1 0", "DescribeTrails * 0", "DescribeTrails eu-west-1 0",
                      "DescribeTrails us-east-1 0", "DescribeVpcs * 0", "DescribeVpcs eu-west-1 0",
                      "DescribeVpcs us-east-1 0",
                      fmt::format("GetCallerIdentity us-east-1 {}", knows_who ? 1 : 0)}));
    }
  }
}

}  // namespace
}  // namespace ciswatch
