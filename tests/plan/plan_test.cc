#include "core/plan/plan.h"

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace ciswatch {
namespace {

ChangePlan sample() {
  ChangePlan plan;
  plan.tool_version = "1";
  plan.snapshot_id = "s";
  plan.collected_at = "2026-11-22T02:00:00Z";
  Change key;
  key.id = "c1";
  key.fix = "trail-key";
  key.step = "make";
  key.account_id = "111111111111";
  key.region = "us-east-1";
  key.service = "kms";
  key.operation = "CreateKey";
  key.params = R"({"Description":"\"quoted\" 鍵"})";
  key.no_undo = "a key is not deleted";
  key.lookup = Lookup{"aws_kms_key", {{"description", "d"}}};
  key.answer = R"({"KeyMetadata":{"Arn":"a"}})";
  key.findings = {"f1"};
  key.settles = Settles{30, "events arrive"};
  key.permissions = {"kms:CreateKey"};
  Change trail = key;
  trail.settles.reset();
  trail.id = "c2";
  trail.operation = "UpdateTrail";
  trail.params = R"({"KmsKeyId":{"$result":"c1","pointer":"/KeyMetadata/Arn"}})";
  trail.needs = {"c1"};
  trail.rows = {{"aws_cloudtrail_trail", "us-east-1", "", "arn", true, R"({"KmsKeyId":null})",
                 R"({"KmsKeyId":"a"})"}};
  trail.undo = UndoCall{"cloudtrail", "UpdateTrail", R"({"KmsKeyId":""})"};
  plan.changes = {key, trail};
  plan.findings = {{"f1", "cloudtrail-kms-encryption", "111111111111", "us-east-1", "arn", "warn", "d"}};
  plan.unplanned = {{"f2", "nothing mends it"}};
  return plan;
}

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(parse_plan(text, "plan.json"));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Plan, IsTheSameAfterWritingAndReading) {
  const auto text = to_json(sample());
  const ChangePlan read = parse_plan(text, "plan.json");
  EXPECT_EQ(to_json(read), text);
  ASSERT_EQ(read.changes.size(), 2u);
  EXPECT_EQ(read.change("c2")->rows.front().after, R"({"KmsKeyId":"a"})");
  EXPECT_TRUE(read.change("c2")->rows.front().every_region);
  EXPECT_EQ(read.change("c1")->lookup->where.front().second, "d");
  EXPECT_EQ(read.change("c1")->settles->minutes, 30);
  EXPECT_EQ(read.change("c1")->settles->what, "events arrive");
  EXPECT_EQ(read.change("c3"), nullptr);
}

TEST(Plan, TellsWhatAwsFillsInWhereItFillsInAny) {
  auto plan = sample();
  EXPECT_EQ(to_json(plan).find("filled_in"), std::string::npos);  // plans from before are read, and have their hash
  plan.changes[0].filled_in = {{"aws_kms_key", "us-east-1", "k", "", R"({"KeyState":"Enabled"})"}};
  const auto read = parse_plan(to_json(plan), "plan.json");
  ASSERT_EQ(read.change("c1")->filled_in.size(), 1u);
  EXPECT_EQ(read.change("c1")->filled_in.front().target, "k");
  EXPECT_EQ(read.change("c1")->filled_in.front().members, R"({"KeyState":"Enabled"})");
  EXPECT_TRUE(read.change("c2")->filled_in.empty());
  EXPECT_NE(plan_hash(plan), plan_hash(sample()));
}

TEST(Plan, NamesWhatShowsLaterOnlyWhereThereIsSuch) {
  const auto text = to_json(sample());
  EXPECT_EQ(text.find("settles"), text.rfind("settles"));
  for (const std::int64_t wrong : {-1, 1441}) {
    auto plan = sample();
    plan.changes[0].settles->minutes = wrong;
    EXPECT_NE(refusal(to_json(plan)).find("'minutes' is no number"), std::string::npos) << wrong;
  }
}

TEST(Plan, KeepsItsHashWhateverTheWhiteSpace) {
  auto text = to_json(sample());
  text.insert(text.find("\"changes\""), " \n ");
  EXPECT_EQ(plan_hash(parse_plan(text, "plan.json")), plan_hash(sample()));
}

TEST(Plan, ThatWasEditedIsRefused) {
  auto text = to_json(sample());
  text.replace(text.find("us-east-1"), 9, "us-east-2");
  EXPECT_EQ(refusal(text),
            "plan.json: it is not what was planned: its hash is another. Plan again instead of editing");
}

TEST(Plan, WithAMemberMoreIsRefused) {
  auto text = to_json(sample());
  text.insert(1, R"("more":1,)");
  EXPECT_NE(refusal(text), "");
}

TEST(Plan, ThatCannotBeDoneInItsOrderIsRefused) {
  ChangePlan plan = sample();
  std::swap(plan.changes[0], plan.changes[1]);
  EXPECT_EQ(refusal(to_json(plan)),
            "plan.json: the change c2 needs c1, which does not come before it");
  plan = sample();
  plan.changes[1].id = "c1";
  EXPECT_EQ(refusal(to_json(plan)), "plan.json: the change c1 is there twice");
}

TEST(Plan, OfStrangersIsAnErrorAndNoCrash) {
  for (const auto* text : {"", "[]", "{}", "null", R"({"schema_version":2})", R"({"schema_version":1})",
                           R"({"schema_version":1,"hash":1})", "{\"schema_version\":1,"}) {
    EXPECT_TRUE(refusal(text).starts_with("plan.json: ")) << text;
  }
}

}  // namespace
}  // namespace ciswatch
