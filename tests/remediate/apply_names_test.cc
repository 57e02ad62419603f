// What AWS names is used by what comes after it, and found again.

#include "tests/remediate/applied.h"

namespace ciswatch {
namespace {

TEST_F(Applied, WhatAWSNamesIsUsedByWhatComesAfter) {
  cloud_.add_trail("t");
  EXPECT_EQ(apply(plan_of({key_creation(), key_use()})), "c1 done, c2 done");
  EXPECT_EQ(cloud_.trail("t"), R"({"TrailARN":"t","Name":"t","KmsKeyId":"arn:key-1"})");
  EXPECT_EQ(undo(), "c2 done, c1 stays: it cannot be undone: a key is not deleted");
  EXPECT_EQ(cloud_.trail("t"), R"({"TrailARN":"t","Name":"t"})");
}

TEST_F(Applied, WhatIsThereByTheLookupIsNotMadeAgain) {
  cloud_.add_trail("t");
  cloud_.put("keys", "KeyId",
             R"({"KeyId":"k9","KeyArn":"arn:k9","Arn":"arn:k9","Description":"for t"})");
  EXPECT_EQ(apply(plan_of({key_creation(), key_use()})), "c1 already, c2 done");
  EXPECT_EQ(cloud_.trail("t"), R"({"TrailARN":"t","Name":"t","KmsKeyId":"arn:k9"})");
}

TEST_F(Applied, AnAnswerThatIsNotKnownIsNotUsed) {
  cloud_.add_trail("t");
  auto use = key_use();
  use.params = R"({"Name":"t","KmsKeyId":{"$result":"c1","pointer":"/No"}})";
  EXPECT_EQ(apply(plan_of({key_creation(), use})),
            "c1 done, c2 skipped: what it refers to is not known: /No of the answer to c1");
}

TEST_F(Applied, ARowThatAWSNamesIsFoundByTheAnswer) {
  EXPECT_EQ(apply(plan_of({named_key()})), "c1 done");
  EXPECT_EQ(kinds(), "plan intent done seen");
  EXPECT_EQ(undo(), "c1 done");
  EXPECT_TRUE(cloud_.state["keys"].empty());
  EXPECT_EQ(cloud_.writes.back(), R"(DeleteKey {"KeyId":"key-1"})");
}

}  // namespace
}  // namespace ciswatch
