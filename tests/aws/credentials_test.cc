#include "core/aws/credentials.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "core/aws/credential_process.h"
#include "core/aws/metadata.h"
#include "core/aws/roles.h"
#include "core/aws/session.h"
#include "core/base/error.h"

namespace ciswatch {
namespace {

TEST(ContainerUrl, TheTokenStaysOnThisMachineOrGoesOverTls) {
  for (const auto* good :
       {"http://127.0.0.1/x", "http://127.255.0.9:80/x", "http://[::1]:8/x", "http://localhost/x",
        "http://LOCALHOST:1/x?a=b", "http://169.254.170.2/x",
        "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials",
        "https://example.com/x", "http://127.0.0.1"}) {
    EXPECT_EQ(checked_container_url(good, false), good);
  }
  for (const auto* bad : {"http://example.com/x",
                          "http://127.0.0.1.example.com/x",
                          "http://127.1/x",
                          "http://0x7f.0.0.1/x",
                          "http://2130706433/x",
                          "http://localhost.example.com/x",
                          "http://169.254.169.254/x",
                          "http://169.254.170.2.example.com/x",
                          "http://[fd00:ec2::24]/x",
                          "http://0.0.0.0/x",
                          "http://127.0.0.1@example.com/x",
                          "http://example.com#127.0.0.1/x",
                          "http://example.com?127.0.0.1/",
                          "http:///x",
                          "ftp://127.0.0.1/x",
                          "127.0.0.1/x",
                          "",
                          "https://",
                          "https://a@b/x",
                          "http://127.0.0.1/a b",
                          "http://127.0.0.1/\n",
                          "//127.0.0.1/x",
                          "http://[::1/x",
                          "http://[::1",
                          "http://[::1]example.com/x",
                          "http://127.0.0.1:80:example.com/x",
                          "http://127.0.0.1:x/",
                          "HTTP://127.0.0.1/x"}) {
    EXPECT_THROW(checked_container_url(bad, false), Error) << bad;
  }
}

TEST(ContainerUrl, ARelativeOneIsAPathOfTheContainersHost) {
  EXPECT_EQ(checked_container_url("/v2/credentials/x?id=1", true),
            "http://169.254.170.2/v2/credentials/x?id=1");
  for (const auto* bad : {"@example.com/", ".example.com/", "", "x", ":80/", "/a b", "/a@b"}) {
    EXPECT_THROW(checked_container_url(bad, true), Error) << bad;
  }
}

TEST(CredentialProcess, WordsAreThoseOfAShell) {
  using Words = std::vector<std::string>;
  const std::pair<const char*, Words> cases[] = {
      {"", {}},
      {"  ", {}},
      {"a b\tc", {"a", "b", "c"}},
      {"a 'b c' \"d e\"", {"a", "b c", "d e"}},
      {"a'b'\"c\"d", {"abcd"}},
      {R"(a\ b \'c \\)", {"a b", "'c", "\\"}},
      {R"("a\"b" "a\\b" "a\b")", {"a\"b", "a\\b", "a\\b"}},
      {R"('a\b' 'a"b')", {"a\\b", "a\"b"}},
      {"'' \"\" x", {"", "", "x"}},
      {"$HOME `x` ; | *", {"$HOME", "`x`", ";", "|", "*"}},
  };
  for (const auto& [command, words] : cases) EXPECT_EQ(words_of_command(command), words) << command;
  EXPECT_THROW(words_of_command("a 'b"), Error);
  EXPECT_THROW(words_of_command("a \"b\\\""), Error);
}

std::string refusal_of(const CredentialProcess& process) {
  try {
    fetch(process);
  } catch (const Error& error) {
    EXPECT_EQ(std::string_view(error.what()).find("SHHH"), std::string::npos);
    return error.what();
  }
  return "none";
}

TEST(CredentialProcess, EndsInTimeAndInSize) {
  const auto started = std::chrono::steady_clock::now();
  CredentialProcess slow{"sh -c 'sleep 60' SHHH", "p", std::chrono::milliseconds(200)};
  EXPECT_NE(refusal_of(slow).find("takes too long"), std::string::npos);
  slow.command = "sh -c 'exec >&-; sleep 60'";  // its stdout is closed, and it goes on
  EXPECT_NE(refusal_of(slow).find("takes too long"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(20));
  EXPECT_NE(refusal_of({"yes SHHH", "p"}).find("prints too much"), std::string::npos);
  EXPECT_NE(refusal_of({"sh -c 'kill -9 $$'", "p"}).find("signal 9"), std::string::npos);
  EXPECT_NE(refusal_of({" ", "p"}).find("is empty"), std::string::npos);
}

TEST(ReadCredentials, NothingThatIsMissingOrOddIsTaken) {
  const auto read = [](const char* text, KeyNames names = {}) {
    return read_credentials(parse_json(text), names);
  };
  constexpr auto kWhole =
      R"({"AccessKeyId":"A","SecretAccessKey":"S","SessionToken":"T","Expiration":"2026-01-01T00:00:00Z"})";
  ASSERT_TRUE(read(kWhole));
  EXPECT_EQ(read(kWhole)->expires, parse_iso8601("2026-01-01T00:00:00Z"));
  for (const auto* bad : {"[]", "{}", R"({"AccessKeyId":"A","SecretAccessKey":"S"})",
                          R"({"AccessKeyId":1,"SecretAccessKey":"S","SessionToken":"T"})",
                          R"({"AccessKeyId":"A\nX","SecretAccessKey":"S","SessionToken":"T"})",
                          R"({"AccessKeyId":"A","SecretAccessKey":"S","SessionToken":"T\u0000"})",
                          R"({"AccessKeyId":"A","SecretAccessKey":"","SessionToken":"T"})"}) {
    EXPECT_FALSE(read(bad)) << bad;
  }
  EXPECT_TRUE(read(R"({"AccessKeyId":"A","SecretAccessKey":"S"})", {.needs_token = false}));
  EXPECT_EQ(
      read(R"({"AccessKeyId":"A","SecretAccessKey":"S","SessionToken":"T","Expiration":5000})")
          ->expires,
      5);
}

// The key that signs at a time, when a renewal that begins by then has ended.
std::string key_at(Session& session, UnixSeconds time) {
  session.is_ready(time);
  while (session.is_renewing()) std::this_thread::yield();
  HttpRequest request;
  request.endpoint = "https://x";
  request.path = "/";
  session.sign(request, {time, "us-east-1", "sts"});
  for (const auto& [name, value] : request.headers) {
    if (name == "Authorization") return value.substr(value.find('=') + 1, 2);
  }
  return "none";
}

TEST(Session, IsRenewedBeforeItEndsAndNotSooner) {
  int asked = 0;
  Session session({"K0", "S", "T", 10'000}, [&] {
    ++asked;
    return Credentials{"K" + std::to_string(asked), "S", "T", 10'000 + 3600 * asked};
  });
  EXPECT_EQ(key_at(session, 9'699), "K0");
  EXPECT_EQ(key_at(session, 9'700), "K1");
  EXPECT_EQ(key_at(session, 9'701), "K1");
  EXPECT_EQ(key_at(session, 13'600), "K2");
  EXPECT_EQ(asked, 2);
}

TEST(Session, ARenewalThatFailsIsTriedAgainLater) {
  int asked = 0;
  Session session({"K0", "S", "T", 10'000}, [&]() -> Credentials {
    if (++asked < 3) throw Error("no way");
    return {"K1", "S", "T", 20'000};
  });
  EXPECT_EQ(key_at(session, 9'800), "K0");
  EXPECT_EQ(key_at(session, 9'801), "K0");  // not asked: it has just failed
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(session.trouble(), "no way");
  EXPECT_EQ(key_at(session, 9'830), "K0");
  EXPECT_EQ(key_at(session, 9'860), "K1");
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(session.trouble(), "");
}

TEST(Session, WhatManyCallsAreRefusedForIsRenewedOnce) {
  int asked = 0;
  Session session({"K0", "S", "T"}, [&] {
    ++asked;
    return Credentials{"K1", "S", "T"};
  });
  EXPECT_EQ(key_at(session, 100), "K0");  // no end that is known
  session.refused(0, 100);
  session.refused(0, 100);
  EXPECT_EQ(key_at(session, 100), "K1");
  session.refused(0, 101);  // what the old ones had signed
  session.refused(1, 101);  // the new ones are refused at once: not asked again
  EXPECT_EQ(key_at(session, 101), "K1");
  EXPECT_EQ(asked, 1);
}

// A renewal that lasts until it is let go.
struct SlowRenewal {
  std::promise<Credentials> given;
  Session session;

  explicit SlowRenewal(UnixSeconds expires)
      : session({"K0", "S", "T", expires}, [this] { return given.get_future().get(); }) {}
};

TEST(Session, IsInUseUntilItsEndWhileItIsRenewed) {
  SlowRenewal slow(10'000);
  EXPECT_TRUE(slow.session.is_ready(9'800));
  EXPECT_TRUE(slow.session.is_renewing());
  EXPECT_TRUE(slow.session.is_ready(9'999));
  EXPECT_FALSE(slow.session.is_ready(10'000));
  slow.given.set_value({"K1", "S", "T", 20'000});
  EXPECT_EQ(key_at(slow.session, 10'001), "K1");
  EXPECT_TRUE(slow.session.is_ready(10'001));
}

TEST(Session, IsNotInUseOnceAwsHasRefusedItWhileItIsRenewed) {
  SlowRenewal slow(0);
  EXPECT_TRUE(slow.session.is_ready(100));
  slow.session.refused(0, 100);
  EXPECT_FALSE(slow.session.is_ready(100));
  slow.given.set_value({"K1", "S", "T", 0});
  EXPECT_EQ(key_at(slow.session, 101), "K1");
  slow.session.refused(1, 102);  // too soon to ask again: nothing to wait for
  EXPECT_TRUE(slow.session.is_ready(102));
}

TEST(Session, KeysThatNothingRenewsStayInUse) {
  Session session({"K0", "S", "T", 100}, {});
  EXPECT_EQ(key_at(session, 200), "K0");
  session.refused(0, 200);
  EXPECT_TRUE(session.is_ready(200));
}

TEST(Session, AnonymousRequestsAreNotSigned) {
  Session session({}, {});
  EXPECT_EQ(key_at(session, 100), "none");
}

TEST(Roles, TagsAreNumbered) {
  Role role;
  role.arn = "arn:r";
  role.tags = {{"team", "audit"}, {"run", "7"}};
  role.transitive_tags = {"team"};
  const ApiCall call = assume_role_call(role, "us-east-1");
  const NameValues expected = {{"RoleArn", "arn:r"},
                               {"RoleSessionName", "ciswatch"},
                               {"Tags.member.1.Key", "team"},
                               {"Tags.member.1.Value", "audit"},
                               {"Tags.member.2.Key", "run"},
                               {"Tags.member.2.Value", "7"},
                               {"TransitiveTagKeys.member.1", "team"}};
  EXPECT_EQ(call.params, expected);
}

}  // namespace
}  // namespace ciswatch
