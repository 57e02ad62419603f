// Calls that change something: who may send them, and what becomes of them when an answer is lost.

#include <gtest/gtest.h>

#include "core/aws/retry.h"
#include "tests/aws/client_rig.h"

namespace ciswatch {
namespace {

using std::chrono::milliseconds;

constexpr const char* kMadeKey = R"({"KeyMetadata":{"Arn":"a"}})";

ClientOptions writing_to(const ScriptedServer& server) {
  ClientOptions options = options_for(server);
  options.may_write = true;
  return options;
}

ApiCall write_of(std::string service, std::string operation, std::string document = {}) {
  ApiCall call = call_of(std::move(service), std::move(operation));
  call.document = std::move(document);
  return call;
}

const ApiCall kCreateKey = write_of("kms", "CreateKey", R"({"Description":"x"})");
const ApiCall kEnableKey = write_of("kms", "EnableKey", R"({"KeyId":"k"})");

TEST(Writes, AreRefusedByAClientThatIsNotToldThatItMay) {
  ScriptedServer server([](const auto&) { return json(kMadeKey); });
  const ApiAnswer answer = answer_of(kCreateKey, options_for(server));
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.error.code, error_code::kReadOnly);
  EXPECT_FALSE(answer.may_be_done);
  EXPECT_TRUE(server.requests().empty());
}

TEST(Writes, SendTheDocument) {
  ScriptedServer server([](const auto&) { return json(kMadeKey); });
  const ApiAnswer answer = answer_of(kCreateKey, writing_to(server));
  ASSERT_EQ(answer.end, CallEnd::answered);
  EXPECT_EQ(to_text(answer.pages.at(0).response), kMadeKey);
  EXPECT_EQ(server.requests().at(0).body, R"({"Description":"x"})");
}

TEST(Writes, AreAnsweredByNothing) {
  ScriptedServer server([](const auto& request) {
    return ScriptReply{request.method == "DELETE" ? 204 : 200, "", {}};
  });
  EXPECT_EQ(answer_of(kEnableKey, writing_to(server)).end, CallEnd::answered);
  const auto gone = write_of("s3", "DeleteBucket", R"({"Bucket":"b"})");
  EXPECT_EQ(answer_of(gone, writing_to(server)).end, CallEnd::answered);
  EXPECT_EQ(server.requests().at(1).method, "DELETE");
  EXPECT_EQ(server.requests().at(1).target, "/b");
  // But where something was made, it has to be told what.
  EXPECT_EQ(answer_of(kCreateKey, writing_to(server)).error.code, error_code::kAnswerLost);
}

TEST(Writes, APageInThePlaceOfTheAnswerIsNoSuccess) {
  ScriptedServer server([](const auto&) { return json("<html>Sign in</html>"); });
  const auto put = write_of("s3", "PutBucketPolicy", R"({"Bucket":"b","Policy":"{}"})");
  for (const ApiCall& call : {kEnableKey, put, write_of("iam", "DeleteRole", R"({"RoleName":"r"})")}) {
    const ApiAnswer answer = answer_of(call, writing_to(server));
    EXPECT_EQ(answer.error.code, error_code::kAnswerLost) << call.operation;
    EXPECT_TRUE(answer.may_be_done);
  }
}

const ScriptReply kLost[] = {
    json(R"({"__type":"KMSInternalException"})", 500),
    json("<html>oops</html>", 503),
    {200, R"({"KeyMetadata":)", {}, true},                     // amid the body
    {200, "", {}, false, true},                                // before a word
    {200, "", {}, false, true, milliseconds(0), true},         // by a reset
    {200, kMadeKey, {}, false, false, milliseconds(600)},      // too late
};

TEST(Writes, ThatMakeSomethingAreSentOnceWhenTheAnswerIsLost) {
  for (const ScriptReply& lost : kLost) {
    ScriptedServer server([&](const auto&) { return lost; });
    auto options = writing_to(server);
    options.total_timeout = milliseconds(300);
    const ApiAnswer answer = answer_of(kCreateKey, options);
    EXPECT_EQ(answer.end, CallEnd::error);
    EXPECT_EQ(answer.error.code, error_code::kAnswerLost);
    EXPECT_TRUE(answer.may_be_done);
    EXPECT_EQ(answer.attempts, 1);
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

// libcurl sends again by itself what a connection that was used before has lost.
TEST(Writes, ThatMakeSomethingAreNotSentAgainByTheTransportEither) {
  ScriptedServer server([](const ScriptRequest& request) {
    return request.number == 0 ? json(R"({"Keys":[]})") : ScriptReply{200, "", {}, false, true};
  });
  Client client(kKeys, writing_to(server));
  EXPECT_EQ(call_once(client, call_of("kms", "ListKeys")).end, CallEnd::answered);
  EXPECT_EQ(call_once(client, kCreateKey).error.code, error_code::kAnswerLost);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(Writes, ThatTheTransportLosesAreKnownToBeLost) {
  ScriptedServer server([](const ScriptRequest& request) {
    if (request.number == 0) return json(R"({"Keys":[]})");
    if (request.number == 1) return ScriptReply{200, "", {}, false, true};
    return json(R"({"__type":"NotFoundException"})", 400);
  });
  Client client(kKeys, writing_to(server));
  EXPECT_EQ(call_once(client, call_of("kms", "ListKeys")).end, CallEnd::answered);
  const ApiAnswer answer =
      call_once(client, write_of("kms", "DeleteAlias", R"({"AliasName":"alias/a"})"));
  EXPECT_EQ(answer.error.code, "NotFoundException");
  EXPECT_TRUE(answer.may_be_done);
  EXPECT_EQ(answer.attempts, 2);
}

TEST(Writes, ThatAreRepeatableAreSentAgainAndSayThatAnAnswerWasLost) {
  for (const ScriptReply& lost : kLost) {
    ScriptedServer server([&](const ScriptRequest& request) {
      return request.number == 0 ? lost : json("");
    });
    auto options = writing_to(server);
    options.total_timeout = milliseconds(300);
    const ApiAnswer answer = answer_of(kEnableKey, options);
    EXPECT_EQ(answer.end, CallEnd::answered);
    EXPECT_TRUE(answer.may_be_done);
    EXPECT_EQ(server.requests().size(), 2U);
  }
}

TEST(Writes, ThatFailAfterALostAnswerSaySo) {
  ScriptedServer server([](const ScriptRequest& request) {
    return request.number == 0 ? json("", 500) : json(R"({"__type":"TrailNotFoundException"})", 400);
  });
  const auto answer =
      answer_of(write_of("cloudtrail", "DeleteTrail", R"({"Name":"t"})"), writing_to(server));
  EXPECT_EQ(answer.error.code, "TrailNotFoundException");
  EXPECT_TRUE(answer.may_be_done);
}

TEST(Writes, ThatLoseEveryAnswerEndSo) {
  ScriptedServer server([](const auto&) { return json("", 500); });
  auto options = writing_to(server);
  options.attempts = 3;
  const auto answer = answer_of(kEnableKey, options);
  EXPECT_EQ(answer.error.code, error_code::kAnswerLost);
  EXPECT_EQ(answer.attempts, 3);
}

TEST(Writes, ThatAreThrottledAreSentAgain) {
  const ScriptReply throttles[] = {json(R"({"__type":"ThrottlingException"})", 400), json("", 429),
                                   json(R"({"__type":"SlowDown"})", 503)};
  for (const ScriptReply& throttle : throttles) {
    ScriptedServer server([&](const ScriptRequest& request) {
      return request.number == 0 ? throttle : json(kMadeKey);
    });
    const auto answer = answer_of(kCreateKey, writing_to(server));
    EXPECT_EQ(answer.end, CallEnd::answered);
    EXPECT_FALSE(answer.may_be_done);
  }
}

TEST(Writes, ThatNeverLeftAreTriedAgainAndNotCalledLost) {
  auto server = std::make_unique<ScriptedServer>([](const auto&) { return json(kMadeKey); });
  auto options = writing_to(*server);
  server.reset();  // nobody listens any more
  options.attempts = 3;
  const auto answer = answer_of(kCreateKey, options);
  EXPECT_EQ(answer.error.code, error_code::kUnreachable);
  EXPECT_FALSE(answer.may_be_done);
  EXPECT_EQ(answer.attempts, 3);
}

TEST(Writes, ThatAreStoppedOnTheWireMayBeDone) {
  ScriptedServer server([](const auto&) {
    return ScriptReply{200, kMadeKey, {}, false, false, milliseconds(500)};
  });
  auto options = writing_to(server);
  options.max_in_flight = 1;
  Client client(kKeys, options);
  std::vector<ApiAnswer> answers;
  for (int i = 0; i < 2; ++i) {
    client.send(kEnableKey, [&](ApiAnswer got) { answers.push_back(std::move(got)); });
  }
  client.run([&] { client.cancel("stopped", "Stopped"); });
  ASSERT_EQ(answers.size(), 2U);
  const bool first = answers[0].may_be_done;
  EXPECT_EQ(answers[first ? 0 : 1].error.code, error_code::kAnswerLost);
  EXPECT_EQ(answers[first ? 0 : 1].end, CallEnd::error);
  EXPECT_EQ(answers[first ? 1 : 0].error.code, "Stopped");
  EXPECT_EQ(answers[first ? 1 : 0].end, CallEnd::not_tried);
}

TEST(Writes, OfWhichAnItemFailedAreErrors) {
  ScriptedServer server([](const auto&) {
    return json("<CreateFlowLogsResponse><flowLogIdSet><item>fl-1</item></flowLogIdSet><unsuccessful>"
                "<item><error><code>FlowLogAlreadyExists</code><message>there is one</message>"
                "</error><resourceId>vpc-2</resourceId></item></unsuccessful>"
                "</CreateFlowLogsResponse>");
  });
  const auto answer = answer_of(
      write_of("ec2", "CreateFlowLogs",
               R"({"ResourceIds":["vpc-1","vpc-2"],"ResourceType":"VPC"})"),
      writing_to(server));
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.error.code, "FlowLogAlreadyExists");
  EXPECT_EQ(answer.error.message, "vpc-2: there is one");
  EXPECT_TRUE(answer.may_be_done);  // for the other
  EXPECT_EQ(to_text(*find(answer.pages.at(0).response, "/FlowLogIds")), R"(["fl-1"])");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Writes, OfWhichTheOnlyItemFailedAreNotDone) {
  ScriptedServer server([](const ScriptRequest& request) {
    const std::string root =
        request.body.find("CreateFlowLogs") == std::string::npos ? "Delete" : "Create";
    return json("<" + root + "FlowLogsResponse><flowLogIdSet/><unsuccessful><item><resourceId>r"
                "</resourceId></item></unsuccessful></" + root + "FlowLogsResponse>");
  });
  for (const ApiCall& call :
       {write_of("ec2", "CreateFlowLogs", R"({"ResourceIds":["r"],"ResourceType":"VPC"})"),
        write_of("ec2", "DeleteFlowLogs", R"({"FlowLogIds":["r"]})")}) {
    const auto answer = answer_of(call, writing_to(server));
    EXPECT_EQ(answer.end, CallEnd::error);
    EXPECT_EQ(answer.error.code, "Unsuccessful");
    EXPECT_FALSE(answer.may_be_done);
  }
}

TEST(Writes, FollowABucketToItsRegion) {
  ScriptedServer server([](const ScriptRequest& request) {
    if (request.headers.at("authorization").find("/eu-west-1/") != std::string::npos) {
      return ScriptReply{200, "", {}};
    }
    return ScriptReply{301, "<Error><Code>PermanentRedirect</Code></Error>",
                       {{"x-amz-bucket-region", "eu-west-1"}}};
  });
  const auto answer = answer_of(
      write_of("s3", "PutBucketVersioning",
               R"({"Bucket":"b","VersioningConfiguration":{"Status":"Enabled"}})"),
      writing_to(server));
  EXPECT_EQ(answer.end, CallEnd::answered);
  EXPECT_EQ(answer.region, "eu-west-1");
  EXPECT_FALSE(answer.may_be_done);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].body, requests[1].body);
  EXPECT_EQ(requests[1].method, "PUT");
  EXPECT_EQ(requests[1].headers.at("x-amz-sdk-checksum-algorithm"), "SHA256");
}

TEST(Writes, AreSignedAgainWithNewCredentialsEvenIfTheyMakeSomething) {
  ScriptedServer server([](const ScriptRequest& request) {
    const bool old = request.headers.at("authorization").find("KOLD") != std::string::npos;
    return old ? json(R"({"__type":"ExpiredTokenException"})", 400) : json(kMadeKey);
  });
  Client client({"KOLD", "s", "t"}, writing_to(server), [] { return Credentials{"KNEW", "s", "t"}; });
  const ApiAnswer answer = call_once(client, kCreateKey);
  EXPECT_EQ(answer.end, CallEnd::answered);
  EXPECT_FALSE(answer.may_be_done);
}

TEST(Writes, ThatAreNotWhatTheOperationTakesAreNotSent) {
  ScriptedServer server([](const auto&) { return json("{}"); });
  const ApiCall wrong[] = {
      write_of("cloudtrail", "UpdateTrail", R"({"Name":"t","EnableLogFileValidaton":true})"),
      write_of("cloudtrail", "UpdateTrail", R"({"Name":"t","EnableLogFileValidation":"true"})"),
      write_of("cloudtrail", "UpdateTrail", R"({"Name":"t","KmsKeyId":null})"),
      write_of("cloudtrail", "UpdateTrail", R"({"Name":"t","Name":"u"})"),
      write_of("cloudtrail", "UpdateTrail", R"(["t"])"),
      write_of("cloudtrail", "UpdateTrail", R"({"Name":)"),
      write_of("sns", "CreateTopic", R"({"Name":"t","Tags":[{"Key":"k","Valu":"v"}]})"),
      write_of("sns", "CreateTopic", R"({"Name":"t","Attributes":{"Policy":{}}})"),
      write_of("s3", "PutBucketVersioning", R"({"VersioningConfiguration":{"Status":"Enabled"}})"),
      write_of("s3", "PutBucketAcl", R"({"Bucket":"b","ACL":"private\r\nx: y"})"),
      write_of("s3", "PutBucketLogging",
               R"({"Bucket":"b","BucketLoggingStatus":{"LoggingEnabled":{"TargetPrefix":"\u0001"}}})"),
      write_of("kms", "ListKeys", R"({"Limit":"1"})"),
      call_of("cloudtrail", "UpdateTrail", {{"Name", "t"}}),
  };
  for (const ApiCall& call : wrong) {
    SCOPED_TRACE(call.document);
    EXPECT_EQ(answer_of(call, writing_to(server)).error.code, error_code::kInvalidCall);
  }
  EXPECT_TRUE(server.requests().empty());
}

}  // namespace
}  // namespace ciswatch
