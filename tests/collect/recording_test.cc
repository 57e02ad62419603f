#include "recorded_account.h"

namespace ciswatch {
namespace {

using RecordingTest = RecordedAccount;

TEST_F(RecordingTest, PagesOfOneCallAreOneAnswer) {
  answer_basics();
  answer("us-east-1", "kms", "ListKeys", "{}",
         R"({"Keys":[{"KeyId":"a"}],"Truncated":true,"NextMarker":"m"})");
  answer("us-east-1", "kms", "ListKeys", R"({"Marker":"m"})",
         R"({"Keys":[{"KeyId":"b"}],"Truncated":false})");
  import();
  EXPECT_EQ(rows("select id from aws_kms_key_list"), (Rows{"a", "b"}));
  EXPECT_EQ(ledger("ListKeys"), (Rows{"eu-west-1 not_tried ", "us-east-1 ok "}));
}

TEST_F(RecordingTest, AMissingPageIsAFailedCall) {
  answer_basics();
  answer("us-east-1", "kms", "ListKeys", "{}",
         R"({"Keys":[{"KeyId":"a"}],"Truncated":true,"NextMarker":"m"})");
  import();
  EXPECT_EQ(rows("select outcome, code from api_call where operation = 'ListKeys'"
                 " and region = 'us-east-1'"),
            (Rows{"failed|IncompleteRecording"}));
  EXPECT_EQ(rows("select id from aws_kms_key_list"), (Rows{"a"}));  // what was read is kept
}

TEST_F(RecordingTest, OfAnAnswerAndAnErrorTheErrorCounts) {
  answer_basics();
  answer("us-east-1", "ec2", "DescribeVpcs", "{}", R"({"Vpcs":[{"VpcId":"vpc-1"}]})");
  refuse("us-east-1", "ec2", "DescribeVpcs", "{}", "UnauthorizedOperation");
  import();
  EXPECT_EQ(ledger("DescribeVpcs"), (Rows{"eu-west-1 not_tried ", "us-east-1 denied "}));
}

TEST_F(RecordingTest, LinesThatNoTableNeedsAreIgnored) {
  answer_basics();
  answer("us-east-1", "iam", "ListUsers", "{}", R"({"Users":[]})");
  import();
  EXPECT_EQ(ledger("ListUsers"), Rows{});
}

TEST_F(RecordingTest, ABrokenLineIsToldByFileAndLine) {
  const std::vector<std::pair<std::string, std::string>> kBroken = {
      {"{", "not JSON"},
      {"[]", "no JSON object"},
      {R"({"account":"1","service":"s3","operation":"ListBuckets","region":"r"})", "either"},
      {R"({"account":"1","service":"s3","operation":"ListBuckets","region":"r","response":[]})",
       "no object"},
      {R"({"account":7,"service":"s3","operation":"ListBuckets","region":"r","response":{}})",
       "'account'"},
      {R"({"account":"1","service":"s3","operation":"ListBuckets","region":"r","response":{},"time":"noon"})",
       "'time'"},
      {R"({"account":"1","service":"s3","operation":"ListBuckets","region":"r","response":{},"params":3})",
       "'params'"}};
  answer_basics();
  const std::string good = lines_;
  for (const auto& [line, what] : kBroken) {
    lines_ = good + line + "\n";
    try {
      import();
      ADD_FAILURE() << line;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("r.jsonl:3: "), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find(what), std::string::npos) << error.what();
    }
  }
}

TEST_F(RecordingTest, AFailedImportLeavesTheOldSnapshot) {
  answer_basics();
  import();
  const auto before = rows("select id from snapshot");
  lines_ += "broken\n";
  EXPECT_THROW(import(), Error);
  EXPECT_EQ(rows("select id from snapshot"), before);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "s.db.part"));
}

}  // namespace
}  // namespace ciswatch
