// A call whose answer was lost is looked for, and not made again.

#include "tests/remediate/applied.h"

namespace ciswatch {
namespace {

// Answers that are lost, with the call made or not.
class Lost : public Applied {
 protected:
  void lose(const std::string& operation, bool made) {
    cloud_.fault = [this, operation, made](const ApiCall& call) -> std::optional<ApiAnswer> {
      if (call.operation != operation) return std::nullopt;
      if (made) cloud_.answer_to(call);
      return Cloud::error("AnswerLost", 0, true);
    };
  }
};

TEST_F(Lost, TheRowsTellThatItWasMade) {
  cloud_.add_trail("t", kOff);
  lose("UpdateTrail", true);
  EXPECT_EQ(apply(plan_of({update_of("c1", "t", kOn, kOff)})), "c1 done");
  EXPECT_EQ(kinds(), "plan intent lost done");
}

TEST_F(Lost, WithoutATraceItIsUnclearAndTheNextRunLooks) {
  cloud_.add_trail("t", kOff);
  lose("UpdateTrail", false);
  const auto plan = plan_of({update_of("c1", "t", kOn, kOff)});
  EXPECT_EQ(apply(plan), "c1 unclear: AnswerLost: no; whether it was done is not known: run it again to look");
  cloud_.fault = nullptr;
  EXPECT_EQ(apply(plan), "c1 done");
  EXPECT_EQ(cloud_.writes.size(), 1U);
}

TEST_F(Lost, TheLookupFindsWhatWasMade) {
  cloud_.add_trail("t");
  lose("CreateKey", true);
  EXPECT_EQ(apply(plan_of({key_creation(), key_use()})), "c1 done, c2 done");
  EXPECT_EQ(cloud_.writes.size(), 2U);
  EXPECT_EQ(cloud_.trail("t"), R"({"TrailARN":"t","Name":"t","KmsKeyId":"arn:key-1"})");
}

TEST_F(Lost, WhatTheLookupFoundCanBeUndone) {
  lose("CreateKey", true);
  EXPECT_EQ(apply(plan_of({named_key()})), "c1 done");
  cloud_.fault = nullptr;
  EXPECT_EQ(undo(), "c1 done");
  EXPECT_TRUE(cloud_.state["keys"].empty());
}

TEST_F(Lost, WhoseNameIsNotKnownIsNotTakenAsGone) {
  auto blind = named_key();
  blind.lookup.reset();
  lose("CreateKey", true);
  apply(plan_of({blind}));
  cloud_.fault = nullptr;
  EXPECT_EQ(undo(), "c1 skipped: aws_kms_key {\"$result\":\"c1\",\"pointer\":\"/KeyMetadata/KeyId\"} could "
                    "not be read: NotKnown: how it is named was not answered");
  EXPECT_EQ(cloud_.state["keys"].size(), 1U);
}

TEST_F(Lost, WithNeitherRowsNorLookupItStaysUnclear) {
  auto blind = key_creation();
  blind.lookup.reset();
  lose("CreateKey", false);
  apply(plan_of({blind}));
  cloud_.fault = nullptr;
  EXPECT_EQ(apply(plan_of({blind})), "c1 unclear: an earlier run may have made the call, and no row tells");
  EXPECT_TRUE(cloud_.writes.empty());
}

}  // namespace
}  // namespace ciswatch
