#include "core/aws/client.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>

#include "core/aws/credential_process.h"
#include "core/base/error.h"
#include "tests/aws/client_rig.h"

namespace ciswatch {
namespace {

using std::chrono::milliseconds;

TEST(Client, AnswersWithTheDecodedDocument) {
  ScriptedServer server([](const auto&) { return json(R"({"trailList":[],"x":null})"); });
  const auto answer = answer_of(call_of("cloudtrail", "DescribeTrails"), options_for(server));
  ASSERT_EQ(answer.end, CallEnd::answered);
  ASSERT_EQ(answer.pages.size(), 1U);
  EXPECT_EQ(to_text(answer.pages[0].response), R"({"trailList":[]})");
  EXPECT_EQ(answer.attempts, 1);
  EXPECT_EQ(answer.time, 1'800'000'000);
  EXPECT_EQ(answer.region, "us-east-1");
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/");
  EXPECT_EQ(request.body, "{}");
  EXPECT_EQ(request.headers.at("x-amz-target"),
            "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.DescribeTrails");
  EXPECT_TRUE(request.headers.at("authorization").starts_with("AWS4-HMAC-SHA256 Credential="));
}

TEST(Client, RetriesWhatPassesAndSaysHowOften) {
  const ScriptReply passing[] = {
      json(R"({"__type":"ThrottlingException","message":"slow"})", 400),
      json("<html>oops</html>", 500),
      {200, R"({"trailList":[)", {}, true},
      {200, "", {}, false, true},
  };
  for (const auto& first : passing) {
    ScriptedServer server([&](const ScriptRequest& request) {
      return request.number < 2 ? first : json(R"({"trailList":[]})");
    });
    Client client(kKeys, options_for(server));
    const auto answer = call_once(client, call_of("cloudtrail", "DescribeTrails"));
    EXPECT_EQ(answer.end, CallEnd::answered) << answer.error.code << ' ' << answer.error.message;
    EXPECT_TRUE(answer.error.code.empty());
    EXPECT_GE(answer.attempts, 3);
    EXPECT_EQ(client.stats().retries, 2U);
  }
}

TEST(Client, GivesUpAfterTheAttempts) {
  ScriptedServer server([](const auto&) {
    return json(R"({"__type":"InternalFailure","message":"It failed"})", 500);
  });
  auto options = options_for(server);
  options.attempts = 3;
  const auto answer = answer_of(call_of("kms", "ListKeys"), options);
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.error.code, "InternalFailure");
  EXPECT_EQ(answer.attempts, 3);
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST(Client, ARefusalIsNotRetried) {
  ScriptedServer server([](const auto&) {
    return json(R"({"__type":"AccessDeniedException","Message":"no"})", 400);
  });
  const auto answer = answer_of(call_of("kms", "ListKeys"), options_for(server));
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.error.code, "AccessDeniedException");
  EXPECT_EQ(answer.error.message, "no");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Client, ReadsAllPagesAndRecordsTheTokenOfEach) {
  ScriptedServer server([](const ScriptRequest& request) {
    if (request.number == 0)
      return json(R"({"Keys":[{"KeyId":"a"}],"Truncated":true,"NextMarker":"m1"})");
    if (request.number == 1) return json(R"({"__type":"ThrottlingException"})", 400);
    return json(R"({"Keys":[{"KeyId":"b"}],"Truncated":false,"NextMarker":"m1"})");
  });
  const auto answer = answer_of(call_of("kms", "ListKeys"), options_for(server));
  ASSERT_EQ(answer.end, CallEnd::answered);
  ASSERT_EQ(answer.pages.size(), 2U);
  EXPECT_TRUE(answer.pages[0].call.params.empty());
  EXPECT_EQ(answer.pages[1].call.params.at(0), std::pair(std::string("Marker"), std::string("m1")));
  EXPECT_EQ(server.requests().at(0).body, R"({"Limit":1000})");
  EXPECT_EQ(server.requests().at(2).body, R"({"Limit":1000,"Marker":"m1"})");
}

TEST(Client, APagingLoopIsAnErrorThatKeepsThePages) {
  ScriptedServer server(
      [](const auto&) { return json(R"({"Keys":[],"Truncated":true,"NextMarker":"same"})"); });
  const auto answer = answer_of(call_of("kms", "ListKeys"), options_for(server));
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.error.code, error_code::kPagingLoop);
  EXPECT_EQ(answer.pages.size(), 2U);
}

TEST(Client, PagesAreBounded) {
  ScriptedServer server([](const ScriptRequest& request) {
    return json(R"({"Keys":[],"Truncated":true,"NextMarker":")" + std::to_string(request.number) +
                "\"}");
  });
  auto options = options_for(server);
  options.max_pages = 4;
  const auto answer = answer_of(call_of("kms", "ListKeys"), options);
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.pages.size(), 4U);
}

TEST(Client, MorePagesWithoutATokenIsNoCompleteAnswer) {
  ScriptedServer server([](const auto&) { return json(R"({"Keys":[],"Truncated":true})"); });
  const auto answer = answer_of(call_of("kms", "ListKeys"), options_for(server));
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.error.code, error_code::kMalformed);
}

TEST(Client, FollowsS3ToTheBucketsRegionAndSignsForIt) {
  ScriptedServer server([](const ScriptRequest& request) {
    const bool there =
        request.headers.at("authorization").find("/eu-west-1/s3/") != std::string::npos;
    if (there)
      return ScriptReply{200, "<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>", {}};
    return ScriptReply{301,
                       "<Error><Code>PermanentRedirect</Code></Error>",
                       {{"x-amz-bucket-region", "eu-west-1"}, {"Location", "http://127.0.0.1:1/"}}};
  });
  const auto answer =
      answer_of(call_of("s3", "GetBucketPolicyStatus", {{"Bucket", "logs"}}), options_for(server));
  ASSERT_EQ(answer.end, CallEnd::answered) << answer.error.code;
  EXPECT_EQ(answer.region, "eu-west-1");
  EXPECT_EQ(answer.attempts, 2);
  EXPECT_EQ(to_text(answer.pages[0].response), R"({"PolicyStatus":{"IsPublic":true}})");
  EXPECT_EQ(answer.pages[0].call.region, "eu-west-1");
}

TEST(Client, FollowsARefusedHeadByItsHeader) {
  for (const int status : {301, 400, 403}) {
    ScriptedServer server([status](const ScriptRequest& request) {
      const ScriptReply here{200, "", {{"x-amz-bucket-region", "eu-west-1"}}};
      return request.number > 0 ? here : ScriptReply{status, "", here.headers};
    });
    const auto answer =
        answer_of(call_of("s3", "HeadBucket", {{"Bucket", "logs"}}), options_for(server));
    ASSERT_EQ(answer.end, CallEnd::answered) << status;
    EXPECT_EQ(to_text(answer.pages[0].response), R"({"BucketRegion":"eu-west-1"})");
  }
}

TEST(Client, DoesNotFollowS3RoundInACircleNorToAnotherPartition) {
  std::atomic<int> count{0};
  ScriptedServer circle([&](const auto&) {
    const char* where = ++count % 2 == 0 ? "us-east-1" : "eu-west-1";
    return ScriptReply{301, "", {{"x-amz-bucket-region", where}}};
  });
  auto call = call_of("s3", "HeadBucket", {{"Bucket", "logs"}});
  auto answer = answer_of(call, options_for(circle));
  EXPECT_EQ(answer.error.code, "301");
  EXPECT_EQ(answer.attempts, 3);
  for (const auto* where : {"cn-north-1", "evil.example/", "", "US-EAST-1"}) {
    ScriptedServer odd([where](const auto&) {
      return ScriptReply{301, "", {{"x-amz-bucket-region", where}}};
    });
    answer = answer_of(call, options_for(odd));
    EXPECT_EQ(answer.error.code, "301") << where;
    EXPECT_EQ(answer.attempts, 1) << where;
    EXPECT_EQ(answer.region, "us-east-1") << where;
  }
}

TEST(Client, ADeniedBucketStillTellsItsRegion) {
  ScriptedServer server([](const auto&) {
    return ScriptReply{403,
                       "<Error><Code>AccessDenied</Code><Message>no</Message></Error>",
                       {{"x-amz-bucket-region", "eu-north-1"}}};
  });
  const auto answer =
      answer_of(call_of("s3", "GetBucketAcl", {{"Bucket", "logs"}}), options_for(server));
  EXPECT_EQ(answer.error.code, "AccessDenied");
  EXPECT_EQ(answer.region, "eu-north-1");
  EXPECT_EQ(answer.attempts, 1);
}

TEST(Client, TellsByHowMuchTheClockIsWrong) {
  ScriptedServer server([](const auto&) {
    return ScriptReply{400,
                       R"({"__type":"InvalidSignatureException","message":"Signature expired: …"})",
                       {{"Date", "Fri, 15 Jan 2027 09:00:00 GMT"}}};
  });
  const auto answer = answer_of(call_of("kms", "ListKeys"), options_for(server));
  EXPECT_EQ(answer.error.code, "InvalidSignatureException");
  EXPECT_NE(answer.error.message.find("3600 s behind"), std::string::npos) << answer.error.message;
  EXPECT_NE(answer.error.message.find("set the clock"), std::string::npos);
  EXPECT_TRUE(is_credential_problem(answer.error));
}

TEST(Client, NobodyListeningIsAnErrorAfterTheAttempts) {
  std::string url;
  {
    url = ScriptedServer([](const auto&) { return ScriptReply{}; }).url();
  }
  ClientOptions options;
  options.endpoints.all = url;
  options.attempts = 2;
  options.backoff = {milliseconds(1), milliseconds(1), milliseconds(1)};
  Client client(kKeys, options);
  const auto answer = call_once(client, call_of("kms", "ListKeys"));
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.error.code, error_code::kUnreachable);
  EXPECT_EQ(answer.error.status, 0);
  EXPECT_EQ(answer.attempts, 2);
}

TEST(Client, ASlowServerIsATimeout) {
  ScriptedServer server(
      [](const auto&) { return ScriptReply{200, "{}", {}, false, false, milliseconds(400)}; });
  auto options = options_for(server);
  options.total_timeout = milliseconds(60);
  options.attempts = 1;
  const auto answer = answer_of(call_of("kms", "ListKeys"), options);
  EXPECT_EQ(answer.error.code, error_code::kTimeout);
}

TEST(Client, ABodyBeyondTheBoundIsAnError) {
  ScriptedServer server([](const auto&) { return json(std::string(5000, ' ')); });
  auto options = options_for(server);
  options.max_body = 4096;
  const auto answer = answer_of(call_of("kms", "ListKeys"), options);
  EXPECT_EQ(answer.error.code, error_code::kTooLarge);
  EXPECT_EQ(answer.attempts, 1);
}

TEST(Client, ConnectionsAreUsedAgain) {
  ScriptedServer server([](const auto&) { return json(R"({"Keys":[]})"); });
  Client client(kKeys, options_for(server));
  for (int i = 0; i < 20; ++i) call_once(client, call_of("kms", "ListKeys"));
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(client.stats().connections, 1U);
  EXPECT_EQ(client.stats().requests, 20U);
}

TEST(Client, KeepsWithinTheBoundsOfWhatIsUnderWay) {
  ScriptedServer server([](const auto&) {
    return ScriptReply{200, R"({"Keys":[]})", {}, false, false, milliseconds(5)};
  });
  auto options = options_for(server);
  options.max_in_flight = 5;
  Client client(kKeys, options);
  int done = 0;
  for (const auto* region : {"us-east-1", "us-west-1", "us-west-2", "eu-west-1"}) {
    for (int i = 0; i < 10; ++i) {
      auto call = call_of("kms", "ListKeys");
      call.region = region;
      client.send(call, [&](const ApiAnswer& answer) { done += answer.end == CallEnd::answered; });
    }
  }
  client.run();
  EXPECT_EQ(done, 40);
  EXPECT_LE(server.connections(), 5);
  EXPECT_GE(server.connections(), 2);
}

TEST(Client, DoneMaySendMore) {
  ScriptedServer server([](const auto&) { return json(R"({"Keys":[]})"); });
  Client client(kKeys, options_for(server));
  int left = 10;
  std::function<void(ApiAnswer)> done = [&](const ApiAnswer&) {
    if (--left > 0) client.send(call_of("kms", "ListKeys"), done);
  };
  client.send(call_of("kms", "ListKeys"), done);
  client.run();
  EXPECT_EQ(left, 0);
  EXPECT_EQ(client.pending(), 0U);
}

TEST(Client, CancelEndsAllThatIsUnderWayWithItsReason) {
  ScriptedServer server([](const ScriptRequest& request) {
    if (request.number == 0) return json(R"({"Keys":[],"Truncated":true,"NextMarker":"x"})");
    return ScriptReply{200, "{}", {}, false, false, milliseconds(300)};
  });
  auto options = options_for(server);
  options.max_in_flight = 3;
  Client client(kKeys, options);
  int not_tried = 0;
  std::size_t pages = 0;
  for (int i = 0; i < 30; ++i) {
    client.send(call_of("kms", "ListKeys"), [&](const ApiAnswer& answer) {
      not_tried += answer.end == CallEnd::not_tried && answer.error.message == "stopped";
      pages += answer.pages.size();
      if (not_tried == 1)
        client.send(call_of("kms", "ListKeys"),
                    [&](const ApiAnswer& late) { not_tried += late.end == CallEnd::not_tried; });
    });
  }
  client.run([&] {
    if (server.requests().size() == 4) client.cancel("stopped");  // the first call's second page is asked for
  });
  EXPECT_EQ(not_tried, 31);
  EXPECT_EQ(pages, 1U);
  EXPECT_LE(server.requests().size(), 4U);
}

TEST(Client, TicksWhileItWaits) {
  ScriptedServer server([](const auto&) {
    return ScriptReply{
        200, R"({"Keys":[],"Truncated":false})", {}, false, false, milliseconds(450)};
  });
  Client client(kKeys, options_for(server));
  int ticks = 0;
  client.send(call_of("kms", "ListKeys"), {});
  client.run([&] { ++ticks; });
  EXPECT_GE(ticks, 4);
}

TEST(Client, WhatCannotBeSentIsAnErrorOfTheCall) {
  ScriptedServer server([](const auto&) { return json("{}"); });
  const auto options = options_for(server);
  EXPECT_EQ(answer_of(call_of("kms", "DeleteEverything"), options).error.code,
            error_code::kUnknownOperation);
  EXPECT_EQ(answer_of(call_of("s3", "GetBucketAcl"), options).error.code, error_code::kInvalidCall);
  EXPECT_EQ(answer_of(call_of("s3", "GetBucketAcl", {{"Bucket", "a\r\nb"}}), options).error.code,
            error_code::kInvalidCall);
  auto elsewhere = call_of("kms", "ListKeys");
  elsewhere.region = "x.evil.example/";
  EXPECT_EQ(answer_of(elsewhere, options).error.code, error_code::kInvalidCall);
  EXPECT_TRUE(server.requests().empty());
}

TEST(Client, SignsWithTheAccountsOwnCredentials) {
  ScriptedServer server([](const auto&) { return json(R"({"trailList":[]})"); });
  Client client(kKeys, options_for(server));
  client.add_account("222222222222", {"ASIAOTHER", "other-secret", "token"});
  auto call = call_of("cloudtrail", "DescribeTrails");
  call_once(client, call);
  call.account_id = "222222222222";
  call_once(client, call);
  const auto requests = server.requests();
  EXPECT_NE(requests.at(0).headers.at("authorization").find("AKIDEXAMPLE/"), std::string::npos);
  EXPECT_NE(requests.at(1).headers.at("authorization").find("ASIAOTHER/"), std::string::npos);
  EXPECT_EQ(requests.at(1).headers.at("x-amz-security-token"), "token");
}

std::string signer_of(const ScriptRequest& request) {
  const std::string& text = request.headers.at("authorization");
  const auto begin = text.find("Credential=") + 11;
  return text.substr(begin, text.find('/') - begin);
}

// As AWS does with a session that has ended; which keys it takes is the test's.
ScriptedServer::Script taking(const std::string& key) {
  return [key](const ScriptRequest& request) {
    if (signer_of(request) != key) return json(R"({"__type":"ExpiredTokenException"})", 400);
    const bool first = request.body.find("Marker") == std::string::npos;
    return json(first ? R"({"Keys":[],"Truncated":true,"NextMarker":"m"})" : R"({"Keys":[]})");
  };
}

TEST(Client, ASessionThatHasEndedIsRenewedOnceForAllCalls) {
  ScriptedServer server(taking("KNEW"));
  int asked = 0;
  Client client({"KOLD", "s", "t"}, options_for(server), [&] {
    ++asked;
    return Credentials{"KNEW", "s", "t"};
  });
  std::vector<ApiAnswer> answers;
  for (int i = 0; i < 5; ++i) {
    client.send(call_of("kms", "ListKeys"),
                [&](ApiAnswer got) { answers.push_back(std::move(got)); });
  }
  client.run();
  ASSERT_EQ(answers.size(), 5U);
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.end, CallEnd::answered);
    EXPECT_EQ(answer.pages.size(), 2U);
  }
  EXPECT_EQ(asked, 1);
}

TEST(Client, ASessionThatEndsBetweenTwoPagesLosesNone) {
  std::atomic<bool> ended = false;
  ScriptedServer server([&](const ScriptRequest& request) {
    if (ended && signer_of(request) == "KOLD") {
      return json(R"({"__type":"ExpiredTokenException"})", 400);
    }
    ended = true;
    const bool first = request.body.find("Marker") == std::string::npos;
    return json(first ? R"({"Keys":[{"KeyId":"a"}],"Truncated":true,"NextMarker":"m"})"
                      : R"({"Keys":[{"KeyId":"b"}]})");
  });
  Client client({"KOLD", "s", "t"}, options_for(server), [] {
    return Credentials{"KNEW", "s", "t"};
  });
  const ApiAnswer answer = call_once(client, call_of("kms", "ListKeys"));
  ASSERT_EQ(answer.end, CallEnd::answered);
  ASSERT_EQ(answer.pages.size(), 2U);
  EXPECT_EQ(to_text(answer.pages[1].response), R"({"Keys":[{"KeyId":"b"}]})");
}

TEST(Client, ASessionThatCannotBeRenewedSaysWhy) {
  ScriptedServer server(taking("KNEW"));
  Client client({"KOLD", "s", "t"}, options_for(server),
                []() -> Credentials { throw Error("the token has ended"); });
  const ApiAnswer answer = call_once(client, call_of("kms", "ListKeys"));
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.error.code, "ExpiredTokenException");
  EXPECT_TRUE(answer.error.message.ends_with(" (and cannot be renewed: the token has ended)"));
  EXPECT_EQ(answer.attempts, 1);
}

TEST(Client, ARenewalThatDoesNotHelpIsNotRepeated) {
  ScriptedServer server(taking("KOTHER"));
  int asked = 0;
  Client client({"KOLD", "s", "t"}, options_for(server), [&] {
    ++asked;
    return Credentials{"KNEW", "s", "t"};
  });
  const ApiAnswer answer = call_once(client, call_of("kms", "ListKeys"));
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.attempts, 2);
  EXPECT_EQ(asked, 1);
}

// A program that gives credentials once a file is there.
class SlowProgram {
 public:
  SlowProgram() : go_(std::filesystem::temp_directory_path() / fmt::format("go-{}", getpid())) {}
  ~SlowProgram() { std::filesystem::remove(go_); }
  SlowProgram(const SlowProgram&) = delete;
  SlowProgram& operator=(const SlowProgram&) = delete;

  Credentials ask() {
    is_asked = true;
    const auto script = fmt::format(R"(until [ -e {} ]; do sleep 0.01; done; cat <<\END
{{"Version":1,"AccessKeyId":"KNEW","SecretAccessKey":"s"}}
END)", go_.string());
    return fetch(CredentialProcess{"sh -c '" + script + "'", "slow", std::chrono::seconds(20)});
  }
  void let_go() const { std::ofstream{go_}; }

  std::atomic<bool> is_asked = false;

 private:
  std::filesystem::path go_;
};

TEST(Client, WhileTheSessionIsRenewedOtherAccountsGoOn) {
  ScriptedServer server([](const ScriptRequest& request) {
    if (signer_of(request) == "KOLD") return json(R"({"__type":"ExpiredTokenException"})", 400);
    return json(R"({"Keys":[]})");
  });
  SlowProgram program;
  Client client({"KOLD", "s", "t"}, options_for(server), [&] { return program.ask(); });
  client.add_account("222222222222", {"KROLE", "s", "t"});
  std::vector<std::string> ends;
  const auto keep = [&](const std::string& what, const ApiAnswer& got) {
    ends.push_back(what + (got.end == CallEnd::answered ? "" : " " + got.error.message));
  };
  for (int i = 0; i < 2; ++i) {
    client.send(call_of("kms", "ListKeys"), [&](const ApiAnswer& got) { keep("own", got); });
  }
  auto other = call_of("kms", "ListKeys");
  other.account_id = "222222222222";
  int asked = 0;
  // One after the other, and the program ends after the last.
  const std::function<void()> ask = [&] {
    if (++asked > 20) return program.let_go();
    client.send(other, [&](const ApiAnswer& got) {
      keep("other", got);
      ask();
    });
  };
  client.run([&] {
    if (program.is_asked && asked == 0) ask();
  });
  std::vector<std::string> expected(20, "other");
  expected.insert(expected.end(), 2, "own");
  EXPECT_EQ(ends, expected);
}

TEST(Client, ASessionThatHasEndedIsWaitedForAndNotUsed) {
  ScriptedServer server(taking("KNEW"));
  auto options = options_for(server);
  Client client({"KOLD", "s", "t", options.clock() - 1}, options,
                [] { return Credentials{"KNEW", "s", "t"}; });
  EXPECT_EQ(call_once(client, call_of("kms", "ListKeys")).end, CallEnd::answered);
  EXPECT_EQ(server.requests().size(), 2U);  // none was sent with the old keys
}

TEST(Client, WhatWaitsForARenewalEndsWhenTheRunDoes) {
  ScriptedServer server(taking("KNEW"));
  SlowProgram program;
  Client client({"KOLD", "s", "t"}, options_for(server), [&] { return program.ask(); });
  ApiAnswer answer;
  client.send(call_of("kms", "ListKeys"), [&](ApiAnswer got) { answer = std::move(got); });
  client.run([&] {
    if (program.is_asked) client.cancel("stopped");
  });
  program.let_go();
  EXPECT_EQ(answer.end, CallEnd::not_tried);
  EXPECT_TRUE(answer.error.message.starts_with("stopped")) << answer.error.message;
}

TEST(Client, SecretsAreNeverSent) {
  ScriptedServer server([](const auto&) { return json(R"({"trailList":[]})"); });
  answer_of(call_of("cloudtrail", "DescribeTrails"), options_for(server));
  for (const auto& request : server.requests()) {
    for (const auto& [name, value] : request.headers) {
      EXPECT_EQ(value.find(kKeys.secret_access_key), std::string::npos) << name;
    }
  }
}

TEST(Client, RedirectsOfOtherServicesAreErrors) {
  ScriptedServer server([](const auto&) {
    return ScriptReply{
        302, "", {{"Location", "http://127.0.0.1:1/"}, {"x-amz-bucket-region", "eu-west-1"}}};
  });
  const auto answer = answer_of(call_of("kms", "ListKeys"), options_for(server));
  EXPECT_EQ(answer.error.code, "302");
  EXPECT_EQ(answer.attempts, 1);
}

}  // namespace
}  // namespace ciswatch
