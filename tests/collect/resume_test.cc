// A collection that ended after any of its answers goes on: it asks what was not answered, and its rows and
// ledger are those of one that did not end. (tests/kill does the same with kills and the disk's faults.)

#include <algorithm>
#include <set>

#include "recorded_account.h"

namespace ciswatch {
namespace {

struct Stopped {};

// Ends the run after so many answers, and keeps what was asked.
class StoppingSource : public Source {
 public:
  StoppingSource(Source& inner, std::size_t answers) : inner_(inner), left_(answers) {}
  [[nodiscard]] std::vector<std::string> accounts() const override { return inner_.accounts(); }
  [[nodiscard]] std::vector<std::string> known_regions(const std::string& id) const override {
    return inner_.known_regions(id);
  }
  void send(ApiCall call, Done done) override {
    asked.push_back(fmt::format("{} {} {}", call.account_id, call.operation,
                                call.service == "s3" ? "" : call.region));
    for (const auto& param : call.params) asked.back() += ' ' + param.second;
    inner_.send(std::move(call), [this, done = std::move(done)](ApiAnswer answer) {
      if (left_ == 0) throw Stopped();
      --left_;
      done(std::move(answer));
    });
  }
  void run(const std::function<void()>& tick) override { inner_.run(tick); }

  std::vector<std::string> asked;

 private:
  Source& inner_;
  std::size_t left_;
};

constexpr std::size_t kAll = 1'000'000;
constexpr const char* kTrail =
    R"({"trailList":[{"TrailARN":"arn:aws:cloudtrail:us-east-1:111111111111:trail/t","Name":"t",
        "HomeRegion":"us-east-1","S3BucketName":"logs","IsMultiRegionTrail":true}]})";

class ResumeTest : public RecordedAccount {
 protected:
  // A management account whose trail writes into a bucket of another account, a tree of units, keys;
  // what is refused, throttled, not there and not to be read.
  void answer_much() {
    answer_basics();
    answer("eu-west-1", "s3", "ListBuckets", "{}", R"({"Buckets":[{"Name":"logs"}]})");
    answer("eu-west-1", "s3", "HeadBucket", R"({"Bucket":"logs"})", R"({"BucketRegion":"eu-west-1"})");
    answer("eu-west-1", "s3", "GetBucketLogging", R"({"Bucket":"logs"})", "{}");
    refuse("eu-west-1", "s3", "GetBucketPolicy", R"({"Bucket":"logs"})", "NoSuchBucketPolicy");
    refuse("us-east-1", "kms", "ListKeys", "{}", "ThrottlingException");
    auto other = lines_;
    for (auto at = other.find("111111111111"); at != std::string::npos;
         at = other.find("111111111111", at)) {
      other.replace(at, 12, "222222222222");
    }
    lines_.clear();
    answer_basics();
    for (const auto* region : {"us-east-1", "eu-west-1"}) {
      answer(region, "cloudtrail", "DescribeTrails", "{}", kTrail);
      answer(region, "ec2", "DescribeVpcs", "{}", R"({"Vpcs":[{"VpcId":"vpc-1"},{"VpcId":"vpc-2"}]})");
      answer(region, "kms", "ListKeys", "{}", R"({"Keys":[{"KeyId":"k1"},{"KeyId":"k2"}]})");
      refuse(region, "config", "DescribeConfigurationRecorders", "{}", "AccessDeniedException");
      refuse(region, "securityhub", "DescribeHub", "{}", "SubscriptionRequiredException");
    }
    answer("us-east-1", "kms", "DescribeKey", R"({"KeyId":"k1"})",
           R"({"KeyMetadata":{"KeyId":"k1","Enabled":true,"KeyManager":"CUSTOMER","KeyState":"Enabled",
               "KeySpec":"SYMMETRIC_DEFAULT","Origin":"AWS_KMS","KeyUsage":"ENCRYPT_DECRYPT"}})");
    answer("us-east-1", "kms", "GetKeyRotationStatus", R"({"KeyId":"k1"})",
           R"({"KeyRotationEnabled":true})");
    refuse("us-east-1", "s3", "HeadBucket", R"({"Bucket":"logs"})", "403");
    answer("us-east-1", "organizations", "DescribeOrganization", "{}",
           R"({"Organization":{"Id":"o-1","MasterAccountId":"111111111111","FeatureSet":"ALL"}})");
    answer("us-east-1", "organizations", "ListRoots", "{}",
           R"({"Roots":[{"Id":"r-1","Name":"Root","PolicyTypes":[]}]})");
    std::string above = "r-1";
    for (const std::string unit : {"ou-1", "ou-2", "ou-3", "ou-4", "ou-5", "ou-6"}) {
      answer("us-east-1", "organizations", "ListOrganizationalUnitsForParent",
             fmt::format(R"({{"ParentId":"{}"}})", above),
             fmt::format(R"({{"OrganizationalUnits":[{{"Id":"{}","Name":"n"}}]}})", unit));
      above = unit;
    }
    lines_ += other;
    std::ofstream(folder_ / "r.jsonl") << lines_;
  }

  // Returns what was asked.
  std::vector<std::string> collect(std::size_t answers, bool resume) {
    RecordingSource recording({folder_ / "r.jsonl"});
    StoppingSource source(recording, answers);
    Begun begun;
    begun.at = 1'000'000'000;
    SnapshotWriter writer(folder_ / "s.db", Collection{begun, is_answer, resume, 1});
    const auto all = tables();
    Collector collector(source, writer, {{all.begin(), all.end()}, {}, "us-east-1"});
    try {
      collector.run([] {});
    } catch (const Stopped&) {
      return source.asked;
    }
    SnapshotInfo info;
    info.collected_at = iso8601(collector.latest());
    info.started_at = iso8601(writer.begun_at());
    writer.finish(info);
    ended_ = collector.ended();
    outcomes_ = collector.outcomes();
    return source.asked;
  }

  std::vector<std::string> everything() {
    auto all = rows("select * from api_call order by 1");
    for (const auto* table : {"snapshot", "snapshot_total", "snapshot_table", "account_content order by "
                              "1, 2"}) {
      for (auto& row : rows(fmt::format("select * from {}", table))) all.push_back(row);
    }
    return all;
  }

  std::size_t ended_ = 0;
  std::map<std::string, std::size_t> outcomes_;
};

TEST_F(ResumeTest, AfterEachAnswerItGoesOnAsIfItHadNotEnded) {
  answer_much();
  const auto asked = collect(kAll, false);
  const auto whole = everything();
  const auto count = ended_;
  const auto outcomes = outcomes_;
  ASSERT_EQ(rows("select target from api_call where code = 'TooDeep'"), Rows{"ou-6"});
  ASSERT_GT(asked.size(), 100U);
  for (std::size_t answers = 0; answers < asked.size(); answers += 4) {
    std::filesystem::remove(folder_ / "s.db");
    auto first = collect(answers, false);
    first.resize(std::min(first.size(), answers));
    const auto second = collect(kAll, true);
    ASSERT_EQ(everything(), whole) << answers;
    EXPECT_EQ(ended_, count) << answers;
    EXPECT_EQ(outcomes_, outcomes) << answers;
    EXPECT_LE(second.size(), asked.size()) << answers;
  }
}

TEST_F(ResumeTest, AsksNothingAgainThatWasAnsweredButWhoIsAsking) {
  answer_much();
  const auto asked = collect(kAll, false);
  const std::set<std::string> unanswered = [&] {
    std::set<std::string> calls;
    for (auto& row : rows("select account_id || ' ' || operation || ' ' || iif(service = 's3', '', region)"
                          " || iif(target = '', '', ' ' || target) from api_call"
                          " where outcome not in ('ok', 'absent', 'denied', 'disabled')")) {
      calls.insert(row);
    }
    return calls;
  }();
  std::filesystem::remove(folder_ / "s.db");
  collect(asked.size() - 1, false);
  for (const auto& call : collect(kAll, true)) {
    // Some are made once per row of a parent and do not name it.
    const auto found = unanswered.lower_bound(call);
    EXPECT_TRUE((found != unanswered.end() && found->starts_with(call)) || call == asked.back() ||
                call.find("GetCallerIdentity") != std::string::npos)
        << call;
  }
}

TEST_F(ResumeTest, ASessionThatHasRunOutIsNoAnswer) {
  EXPECT_FALSE(is_answer("denied", "ExpiredToken"));
  EXPECT_FALSE(is_answer("denied", "InvalidClientTokenId"));
  EXPECT_TRUE(is_answer("denied", "AccessDenied"));
  EXPECT_TRUE(is_answer("disabled", "InvalidClientTokenId"));  // by a region of a working account
  for (const auto* outcome : {"throttled", "failed", "not_tried"}) EXPECT_FALSE(is_answer(outcome, ""));
  for (const auto* outcome : {"ok", "absent"}) EXPECT_TRUE(is_answer(outcome, ""));
}

}  // namespace
}  // namespace ciswatch
