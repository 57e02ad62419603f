// What goes wrong between here and AWS, fault by fault: tried again where that can help, and in the
// end an error that says what it was, never an answer.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <map>

#include "core/aws/http.h"
#include "core/aws/retry.h"
#include "tests/aws/client_rig.h"

namespace ciswatch {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* kTrails = R"({"trailList":[]})";

ApiCall trails() { return call_of("cloudtrail", "DescribeTrails"); }

std::string http_date(UnixSeconds time) {
  std::string text(64, '\0');
  std::tm parts{};
  const std::time_t when = time;
  gmtime_r(&when, &parts);
  text.resize(std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
  return text;
}

// One call of each protocol, and of each way in which its answer is read.
const ApiCall kOfEachKind[] = {
    trails(),
    call_of("apigateway", "GetRestApis"),
    call_of("sts", "GetCallerIdentity"),
    call_of("ec2", "DescribeVpcs"),
    call_of("s3", "ListBuckets"),
    call_of("s3", "GetBucketAcl", {{"Bucket", "logs"}}),
    call_of("s3", "GetBucketPolicy", {{"Bucket", "logs"}}),
};

// --- connections

TEST(Faults, AConnectionThatIsResetIsTriedAgain) {
  const ScriptReply broken[] = {
      {200, "", {}, false, true, {}, true},                     // before a word
      {200, R"({"trailList":[)", {}, true, false, {}, true}};  // amid the body
  for (const auto& reply : broken) {
    ScriptedServer server([&](const ScriptRequest& request) {
      return request.number < 2 ? reply : json(kTrails);
    });
    const auto answer = answer_of(trails(), options_for(server));
    EXPECT_EQ(answer.end, CallEnd::answered) << answer.error.message;
    EXPECT_EQ(answer.attempts, 3);
  }
}

TEST(Faults, ABodyThatIsAlwaysCutIsNoAnswer) {
  for (const auto& call : kOfEachKind) {
    ScriptedServer server([](const auto&) { return ScriptReply{200, "{\"a", {}, true}; });
    auto options = options_for(server);
    options.attempts = 2;
    const auto answer = answer_of(call, options);
    EXPECT_EQ(answer.end, CallEnd::error) << call.operation;
    EXPECT_EQ(answer.error.code, error_code::kUnreachable) << call.operation;
    EXPECT_EQ(answer.attempts, 2) << call.operation;
    EXPECT_TRUE(answer.pages.empty());
  }
}

// A server may close an idle connection just as the next request is under way. Nothing of it was
// answered, so that it is sent once more at once, and is no attempt that failed.
TEST(Faults, ARequestThatMeetsAClosingConnectionIsSentAgainAtOnce) {
  for (const bool reset : {false, true}) {
    std::map<int, int> on_connection;
    ScriptedServer server([&](const ScriptRequest& request) {
      const bool first = ++on_connection[request.connection] == 1;
      return first ? json(kTrails) : ScriptReply{200, "", {}, false, true, {}, reset};
    });
    Client client(kKeys, options_for(server));
    for (int i = 0; i < 4; ++i) {
      const auto answer = call_once(client, trails());
      EXPECT_EQ(answer.end, CallEnd::answered) << answer.error.message;
      EXPECT_EQ(answer.attempts, 1);
    }
    EXPECT_EQ(client.stats().retries, 0U);
    EXPECT_EQ(server.connections(), 4);
    EXPECT_EQ(server.requests().size(), 7U);
  }
}

TEST(Faults, AHostWithoutAnAddressIsToldByName) {
  ClientOptions options;
  options.endpoints.all = "http://aws.invalid:1";
  options.attempts = 2;
  options.backoff = {milliseconds(1), milliseconds(1), milliseconds(1)};
  const auto answer = answer_of(trails(), options);
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.error.code, error_code::kUnreachable);
  EXPECT_NE(answer.error.message.find("aws.invalid"), std::string::npos) << answer.error.message;
  EXPECT_EQ(answer.attempts, 2);
}

TEST(Faults, AServerThatDoesNotSpeakTlsIsAnError) {
  ScriptedServer server([](const auto&) { return json(kTrails); });
  auto options = options_for(server);
  options.endpoints.all = "https" + server.url().substr(4);
  options.attempts = 2;
  options.total_timeout = milliseconds(500);
  const auto answer = answer_of(trails(), options);
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.error.status, 0);
  EXPECT_EQ(outcome_of(answer.error), Outcome::failed);
}

// --- bodies

TEST(Faults, AWebPageIsNoAnswerOfAnyProtocol) {
  const std::string pages[] = {"<html><body>Sign in to the network</body></html>",
                               "<!DOCTYPE html><html><head/></html>", "Sign in", ""};
  for (const auto& page : pages) {
    for (const auto& call : kOfEachKind) {
      ScriptedServer server([&](const auto&) {
        return ScriptReply{200, page, {{"Content-Type", "text/html"}}};
      });
      auto options = options_for(server);
      options.attempts = 2;
      const auto answer = answer_of(call, options);
      EXPECT_EQ(answer.end, CallEnd::error) << call.operation << ": " << page;
      EXPECT_EQ(answer.error.code, error_code::kMalformed) << call.operation << ": " << page;
      EXPECT_TRUE(answer.pages.empty());
      EXPECT_EQ(outcome_of(answer.error), Outcome::failed);
    }
  }
}

TEST(Faults, APageThatGoesAwayIsTriedAgain) {
  ScriptedServer server([](const ScriptRequest& request) {
    const ScriptReply page{200, "<html>wait", {{"Content-Type", "text/html"}}};
    return request.number < 2 ? page : json(kTrails);
  });
  const auto answer = answer_of(trails(), options_for(server));
  EXPECT_EQ(answer.end, CallEnd::answered);
  EXPECT_EQ(answer.attempts, 3);
}

TEST(Faults, TheBodyIsReadWhateverItsTypeIsSaidToBe) {
  for (const auto* type : {"text/html", "application/xml", "image/png", ""}) {
    ScriptedServer server([&](const auto&) {
      return ScriptReply{200, kTrails, {{"Content-Type", type}}};
    });
    EXPECT_EQ(answer_of(trails(), options_for(server)).end, CallEnd::answered) << type;
  }
}

struct ErrorIn200 {
  const char* code;
  int attempts;  // of at most 3
  Outcome outcome;
};

TEST(Faults, AnErrorOfS3WithStatus200IsThatError) {
  const ErrorIn200 cases[] = {{"InternalError", 3, Outcome::failed},
                              {"SlowDown", 3, Outcome::throttled},
                              {"AccessDenied", 1, Outcome::denied}};
  for (const auto& each : cases) {
    for (const auto* operation : {"ListBuckets", "GetBucketAcl", "GetBucketPolicy"}) {
      ScriptedServer server([&](const auto&) {
        return ScriptReply{200, fmt::format("<?xml version='1.0'?>\n<Error><Code>{}</Code></Error>",
                                            each.code),
                           {}};
      });
      auto options = options_for(server);
      options.attempts = options.max_requests = 3;
      auto call = call_of("s3", operation);
      if (call.operation != "ListBuckets") call.params = {{"Bucket", "logs"}};
      const auto answer = answer_of(call, options);
      EXPECT_EQ(answer.end, CallEnd::error);
      EXPECT_EQ(answer.error.code, each.code);
      EXPECT_EQ(answer.attempts, each.attempts) << each.code;
      EXPECT_EQ(outcome_of(answer.error), each.outcome);
    }
  }
}

// --- Retry-After

milliseconds time_of_retry(const NameValues& headers, const ClientOptions& base, ApiAnswer& answer) {
  ScriptedServer server([&](const ScriptRequest& request) {
    return request.number > 0 ? json(kTrails) : ScriptReply{503, "", headers};
  });
  auto options = base;
  options.endpoints.all = server.url();
  const auto begun = steady_clock::now();
  answer = answer_of(trails(), options);
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
}

TEST(Faults, ARetryWaitsAsLongAsTheServerAsks) {
  const ScriptedServer any([](const auto&) { return ScriptReply{}; });
  const NameValues asked[] = {
      {{"Retry-After", "1"}},
      {{"Retry-After", http_date(kTime + 9001)}, {"Date", http_date(kTime + 9000)}}};
  for (const auto& headers : asked) {
    ApiAnswer answer;
    EXPECT_GE(time_of_retry(headers, options_for(any), answer), milliseconds(1000));
    EXPECT_EQ(answer.end, CallEnd::answered);
    EXPECT_EQ(answer.attempts, 2);
  }
}

TEST(Faults, APauseBeyondTheCallsDeadlineIsNotWaitedFor) {
  const ScriptedServer any([](const auto&) { return ScriptReply{}; });
  auto options = options_for(any);
  options.call_deadline = milliseconds(20'000);
  ApiAnswer answer;
  EXPECT_LT(time_of_retry({{"Retry-After", "3600"}}, options, answer), milliseconds(5000));
  EXPECT_EQ(answer.end, CallEnd::not_tried);
  EXPECT_EQ(answer.error.code, error_code::kDeadline);
  EXPECT_EQ(answer.error.message,
            "a call may take 20 s, its pages and retries included; last 503: HTTP 503 without an "
            "explanation");
}

// --- deadlines

TEST(Faults, ACallOfEndlessPagesEndsAtItsDeadlineAndKeepsThePages) {
  ScriptedServer server([](const ScriptRequest& request) {
    const auto token = std::to_string(request.number);
    return ScriptReply{200, R"({"Keys":[],"Truncated":true,"NextMarker":")" + token + "\"}", {}, false,
                       false, milliseconds(10)};
  });
  auto options = options_for(server);
  options.call_deadline = milliseconds(200);
  const auto answer = answer_of(call_of("kms", "ListKeys"), options);
  EXPECT_EQ(answer.end, CallEnd::not_tried);
  EXPECT_EQ(answer.error.message, "a call may take 0.2 s, its pages and retries included");
  EXPECT_GE(answer.pages.size(), 2U);
  EXPECT_LE(answer.pages.size(), 20U);
}

TEST(Faults, WhatIsThrottledUntilItsDeadlineEndsAsThrottled) {
  ScriptedServer server([](const auto&) {
    return json(R"({"__type":"ThrottlingException","message":"Rate exceeded"})", 400);
  });
  auto options = options_for(server);
  options.call_deadline = milliseconds(1500);
  const auto answer = answer_of(call_of("kms", "ListKeys"), options);
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(outcome_of(answer.error), Outcome::throttled);
  EXPECT_EQ(answer.error.message,
            "Rate exceeded (not tried again: a call may take 1.5 s, its pages and retries included)");
  EXPECT_GE(answer.attempts, 2);
}

TEST(Faults, AnAccountPastItsDeadlineIsLeftAndTheNextHasItsOwn) {
  ScriptedServer server([](const auto&) {
    return ScriptReply{200, kTrails, {}, false, false, milliseconds(20)};
  });
  auto options = options_for(server);
  options.max_in_flight = 1;
  options.account_deadline = milliseconds(200);
  Client client(kKeys, options);
  std::map<std::string, std::map<CallEnd, int>> ends;
  for (const auto* account : {"111111111111", "222222222222"}) {
    for (int i = 0; i < (*account == '1' ? 40 : 3); ++i) {
      auto call = trails();
      call.account_id = account;
      call.region = fmt::format("eu-west-{}", i % 10);  // each with a quota of its own
      client.send(call, [&ends, account](const ApiAnswer& answer) { ++ends[account][answer.end]; });
    }
  }
  client.run();
  EXPECT_GE(ends["111111111111"][CallEnd::answered], 1);
  EXPECT_GE(ends["111111111111"][CallEnd::not_tried], 29);
  EXPECT_EQ(ends["222222222222"][CallEnd::answered], 3);
}

TEST(Faults, WhatIsCancelledSaysWhyAndWhatWasLast) {
  ScriptedServer server([](const auto&) { return json(R"({"__type":"ThrottlingException"})", 400); });
  auto options = options_for(server);
  options.backoff = {milliseconds(60'000), milliseconds(60'000), milliseconds(60'000)};
  Client client(kKeys, options);
  ApiAnswer answer;
  client.send(trails(), [&](ApiAnswer got) { answer = std::move(got); });
  client.run([&] {
    if (!server.requests().empty()) client.cancel("too late", "Why");
  });
  EXPECT_EQ(answer.end, CallEnd::not_tried);
  EXPECT_EQ(answer.error.code, "Why");
  EXPECT_EQ(answer.error.message.substr(0, 34), "too late; last ThrottlingException");
}

// --- retries of an account

TEST(Faults, AnOutageDoesNotMultiplyTheCallsNorTakeTheRetriesOfOtherAccounts) {
  constexpr int kCalls = 40;  // four retries each would be 160
  int of_other = 0;
  ScriptedServer server([&](const ScriptRequest& request) {
    const bool dead = request.headers.at("authorization").find("=DEAD/") != std::string::npos;
    return dead || ++of_other < 5 ? json("{}", 503) : json(kTrails);
  });
  Client client(kKeys, options_for(server));
  client.add_account("222222222222", {"DEAD", "s", ""});
  std::map<CallEnd, int> ends;
  std::string told;
  auto call = trails();
  call.account_id = "222222222222";
  for (int i = 0; i < kCalls; ++i) {
    call.region = fmt::format("eu-west-{}", i % 10);  // each with a quota of its own
    client.send(call, [&](const ApiAnswer& answer) {
      ++ends[answer.end];
      EXPECT_EQ(outcome_of(answer.error), Outcome::failed);
      told = answer.error.message;
    });
  }
  client.run();
  EXPECT_EQ(ends[CallEnd::error], kCalls);
  EXPECT_EQ(server.requests().size(), kCalls + 100U);
  EXPECT_NE(told.find("(not tried again: too much of this account fails)"), std::string::npos) << told;
  const auto other = call_once(client, trails());
  EXPECT_EQ(other.end, CallEnd::answered);
  EXPECT_EQ(other.attempts, 5);
}

// --- the clock

// As AWS does: refuses what is signed for another time than its own.
ScriptedServer::Script with_clock(UnixSeconds aws, ScriptReply refusal, std::string answer) {
  return [aws, refusal, answer](const ScriptRequest& request) {
    const auto signed_at = parse_iso8601(request.headers.at("x-amz-date")).value_or(0);
    ScriptReply reply = std::abs(signed_at - aws) > 300 ? refusal : ScriptReply{200, answer, {}};
    reply.headers.emplace_back("Date", http_date(aws));
    return reply;
  };
}

struct ClockCase {
  ApiCall call;
  ScriptReply refusal;
  const char* answer;
};

const ClockCase kClockCases[] = {
    {trails(), {400, R"({"__type":"InvalidSignatureException","message":"Signature expired: x"})", {}},
     kTrails},
    {trails(),
     {400, R"({"__type":"InvalidSignatureException","message":"Signature not yet current: x"})", {}},
     kTrails},
    {call_of("s3", "ListBuckets"),
     {403, "<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>", {}},
     "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"},
    {call_of("ec2", "DescribeVpcs"),
     {400, "<Response><Errors><Error><Code>RequestExpired</Code></Error></Errors></Response>", {}},
     "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"}};

TEST(Faults, WithAWrongClockAwsTimeIsSignedFromTheFirstRefusalOn) {
  for (const auto& each : kClockCases) {
    for (const UnixSeconds off : {-86'400, -1200, 1200, 86'400}) {
      ScriptedServer server(with_clock(kTime + off, each.refusal, each.answer));
      Client client(kKeys, options_for(server));
      const auto first = call_once(client, each.call);
      EXPECT_EQ(first.end, CallEnd::answered) << each.call.operation << ' ' << first.error.message;
      EXPECT_EQ(first.attempts, 2);
      EXPECT_EQ(first.time, kTime + off);
      EXPECT_EQ(call_once(client, each.call).attempts, 1);
    }
  }
}

TEST(Faults, CallsOnTheWireWhenTheClockIsFoundWrongAreAllSignedAgain) {
  ScriptedServer server(with_clock(kTime + 3600, kClockCases[0].refusal, kTrails));
  Client client(kKeys, options_for(server));
  int answered = 0;
  for (int i = 0; i < 10; ++i) {
    client.send(trails(), [&](const ApiAnswer& answer) { answered += answer.end == CallEnd::answered; });
  }
  client.run();
  EXPECT_EQ(answered, 10);
}

TEST(Faults, AClockThatSettingDoesNotHelpIsSetOnce) {
  ScriptedServer server([](const auto&) {
    auto reply = kClockCases[0].refusal;
    reply.headers.emplace_back("Date", http_date(kTime + 3600));
    return reply;
  });
  const auto answer = answer_of(trails(), options_for(server));
  EXPECT_EQ(answer.end, CallEnd::error);
  EXPECT_EQ(answer.attempts, 2);
}

TEST(Faults, ARefusalForTheTimeWithoutAnotherTimeIsNoWrongClock) {
  for (const auto* date : {"", "yesterday", "Fri, 15 Jan 2027 08:00:30 GMT"}) {
    ScriptedServer server([&](const auto&) {
      auto reply = kClockCases[0].refusal;
      reply.headers.emplace_back("Date", date);
      return reply;
    });
    EXPECT_EQ(answer_of(trails(), options_for(server)).attempts, 1) << date;
  }
}

TEST(Faults, ASessionThatEndedBesideARightClockIsRenewed) {
  ScriptedServer server([](const ScriptRequest& request) {
    const bool fresh = request.headers.at("authorization").find("=KNEW/") != std::string::npos;
    auto reply = fresh ? ScriptReply{200, kClockCases[3].answer, {}} : kClockCases[3].refusal;
    reply.headers.emplace_back("Date", http_date(kTime));
    return reply;
  });
  Client client({"KOLD", "s", "t"}, options_for(server), [] { return Credentials{"KNEW", "s", "t"}; });
  EXPECT_EQ(call_once(client, call_of("ec2", "DescribeVpcs")).end, CallEnd::answered);
}

}  // namespace
}  // namespace ciswatch
