#include "core/aws/login.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "core/aws/config_file.h"
#include "core/base/error.h"
#include "tests/aws/scripted_server.h"

namespace ciswatch {
namespace {

// A home folder and an environment of a test's own.
class LoginTest : public testing::Test {
 protected:
  void SetUp() override {
    home_ = std::filesystem::temp_directory_path() /
            ("ciswatch-login-" + std::to_string(getpid()) + "-" +
             testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(home_ / ".aws");
    variables_["HOME"] = home_.string();
    variables_["AWS_EC2_METADATA_DISABLED"] = "true";
  }
  void TearDown() override { std::filesystem::remove_all(home_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(home_ / ".aws" / name) << text;
  }
  Login login(const LoginFlags& flags = {}, ClientOptions options = {}) const {
    return log_in(
        flags,
        [this](std::string_view name) -> std::optional<std::string> {
          const auto found = variables_.find(std::string(name));
          return found == variables_.end() ? std::nullopt : std::optional(found->second);
        },
        std::move(options));
  }
  std::string refusal(const LoginFlags& flags = {}) const {
    try {
      login(flags);
    } catch (const Error& error) {
      EXPECT_EQ(std::string_view(error.what()).find("SHHH"), std::string::npos) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "logged in";
    return {};
  }
  void keys_in_environment() {
    variables_["AWS_ACCESS_KEY_ID"] = "AKIDENV";
    variables_["AWS_SECRET_ACCESS_KEY"] = "SHHHENV";
  }

  std::filesystem::path home_;
  std::map<std::string, std::string> variables_;
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

constexpr auto kTwoProfiles =
    "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = SHHHD\n"
    "[audit]\naws_access_key_id=AKIDAUDIT\naws_secret_access_key=SHHH/+=A\n"
    "aws_session_token = TOKENA\n";

TEST_F(LoginTest, PrecedenceIsThatOfTheAwsCli) {
  write("credentials", kTwoProfiles);
  EXPECT_EQ(login().credentials.access_key_id, "AKIDDEFAULT");
  EXPECT_EQ(login().source, "profile 'default'");
  variables_["AWS_PROFILE"] = "audit";
  EXPECT_EQ(login().credentials.access_key_id, "AKIDAUDIT");
  EXPECT_EQ(login().credentials.secret_access_key, "SHHH/+=A");
  EXPECT_EQ(login().credentials.session_token, "TOKENA");
  keys_in_environment();
  EXPECT_EQ(login().credentials.access_key_id, "AKIDENV");
  EXPECT_EQ(login().source, "the environment");
  LoginFlags flags;
  flags.profile = "default";
  EXPECT_EQ(login(flags).credentials.access_key_id, "AKIDDEFAULT");
}

TEST_F(LoginTest, TheTokenOfTheEnvironmentGoesWithItsKeysOnly) {
  write("credentials", kTwoProfiles);
  keys_in_environment();
  variables_["AWS_SESSION_TOKEN"] = "TOKENENV";
  EXPECT_EQ(login().credentials.session_token, "TOKENENV");
  LoginFlags flags;
  flags.profile = "default";
  EXPECT_EQ(login(flags).credentials.session_token, "");
}

TEST_F(LoginTest, RegionPrecedence) {
  keys_in_environment();
  EXPECT_EQ(login().region, "us-east-1");
  write("config", "[default]\nregion = eu-west-3\n[profile audit]\nregion=cn-north-1\n");
  EXPECT_EQ(login().region, "eu-west-3");
  variables_["AWS_PROFILE"] = "audit";
  EXPECT_EQ(login().region, "cn-north-1");
  variables_["AWS_DEFAULT_REGION"] = "us-west-1";
  EXPECT_EQ(login().region, "us-west-1");
  variables_["AWS_REGION"] = "us-west-2";
  EXPECT_EQ(login().region, "us-west-2");
  LoginFlags flags;
  flags.region = "ap-south-1";
  EXPECT_EQ(login(flags).region, "ap-south-1");
}

TEST_F(LoginTest, FilesMayBeElsewhere) {
  write("elsewhere", "[default]\naws_access_key_id=AKIDELSE\naws_secret_access_key=SHHHX\n");
  variables_["AWS_SHARED_CREDENTIALS_FILE"] = "~/.aws/elsewhere";
  write("conf", "[default]\nregion=sa-east-1\n");
  variables_["AWS_CONFIG_FILE"] = (home_ / ".aws/conf").string();
  EXPECT_EQ(login().credentials.access_key_id, "AKIDELSE");
  EXPECT_EQ(login().region, "sa-east-1");
}

TEST_F(LoginTest, NothingFoundTellsWhatWasTriedAndWhyItDidNotServe) {
  const std::string text = refusal();
  EXPECT_TRUE(has(text, "the environment: neither AWS_ACCESS_KEY_ID nor"));
  EXPECT_TRUE(has(text, "profile 'default' in " + (home_ / ".aws/config").string() + " and " +
                            (home_ / ".aws/credentials").string() + ": is not there"));
  EXPECT_TRUE(has(text, "a container: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor"));
  EXPECT_TRUE(has(text, "an EC2 instance: switched off with AWS_EC2_METADATA_DISABLED"));
  write("config", "[profile p]\nregion = eu-west-1\n");
  LoginFlags flags;
  flags.profile = "p";
  EXPECT_TRUE(has(refusal(flags), "the environment: passed over for --profile"));
  EXPECT_TRUE(has(refusal(flags), ": has no credentials"));
}

TEST_F(LoginTest, AnInstanceThatDoesNotAnswerIsTold) {
  ScriptedServer server([](const auto&) {
    ScriptReply late;
    late.delay = std::chrono::milliseconds(1500);
    return late;
  });
  variables_["AWS_EC2_METADATA_DISABLED"] = "false";
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = server.url();
  const std::string text = refusal();
  EXPECT_TRUE(has(text, "an EC2 instance: " + server.url() + ": 127.0.0.1"));
  EXPECT_TRUE(has(text, "hop limit")) << text;
  EXPECT_EQ(server.requests().size(), 1U);  // no keys are asked for without a token
}

TEST_F(LoginTest, AnInstanceIsAskedAsOftenAsIsConfigured) {
  ScriptedServer server([](const auto&) { return ScriptReply{500, "", {}}; });
  variables_["AWS_EC2_METADATA_DISABLED"] = "";
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = server.url();
  variables_["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "3";
  EXPECT_TRUE(has(refusal(), "HTTP status 500"));
  EXPECT_EQ(server.requests().size(), 3U);
  variables_["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "many";
  EXPECT_TRUE(has(refusal(), "AWS_METADATA_SERVICE_NUM_ATTEMPTS is no whole number"));
}

TEST_F(LoginTest, AContainersAnswerIsTakenWholeOrNotAtAll) {
  std::string body;
  ScriptedServer server([&](const auto&) { return ScriptReply{200, body, {}}; });
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = server.url() + "/x";
  const std::string rest = R"(","Expiration":"2026-11-22T03:00:00Z","Token":"SHHHT)";
  body = R"({"AccessKeyId":"ASIAC","SecretAccessKey":"SHHHC)" + rest + "\"}";
  EXPECT_EQ(login().credentials.access_key_id, "ASIAC");
  EXPECT_EQ(login().source, "the container");
  for (const std::string& bad :
       {R"({"AccessKeyId":"ASIAC","SecretAccessKey":"SHHHC)" + rest + "\\nX-Other: 1\"}",
        R"({"AccessKeyId":"ASIAC)" + rest + "\"}",
        R"({"AccessKeyId":"ASIAC","SecretAccessKey":")" + rest, std::string("[\"SHHH\"]"),
        std::string(100'000, '[')}) {
    body = bad;
    EXPECT_TRUE(has(refusal(), "the container: http://127.0.0.1")) << refusal();
  }
}

TEST_F(LoginTest, WhatIsNotSupportedIsNamed) {
  const std::pair<const char*, const char*> profiles[] = {
      {"role_arn = r\nsource_profile = keys\nmfa_serial = m\n", "mfa_serial"},
      {"login_session = x\n", "login_session"},
  };
  for (const auto& [text, named] : profiles) {
    write("config", std::string("[profile p]\n") + text +
                        "[profile keys]\naws_access_key_id=A\naws_secret_access_key=SHHH\n");
    LoginFlags flags;
    flags.profile = "p";
    const std::string told = refusal(flags);
    EXPECT_TRUE(has(told, named)) << told;
    EXPECT_TRUE(has(told, "export-credentials")) << told;
  }
}

TEST_F(LoginTest, TwoVariablesThatNameDifferentProfilesAreRefused) {
  write("credentials", kTwoProfiles);
  variables_["AWS_PROFILE"] = "audit";
  variables_["AWS_DEFAULT_PROFILE"] = "default";
  EXPECT_TRUE(has(refusal(), "unset one of them"));
  variables_["AWS_DEFAULT_PROFILE"] = "audit";
  EXPECT_EQ(login().credentials.access_key_id, "AKIDAUDIT");
}

TEST_F(LoginTest, KeysOfTheEnvironmentAreNotAskedForAgain) {
  keys_in_environment();
  EXPECT_FALSE(login().renew);
}

TEST_F(LoginTest, ARenewalReadsTheFilesAnew) {
  write("credentials", kTwoProfiles);
  const Login got = login();
  write("credentials", "[default]\naws_access_key_id=AKIDNEW\naws_secret_access_key=SHHHN\n");
  EXPECT_EQ(got.renew().access_key_id, "AKIDNEW");
  write("credentials", "");
  EXPECT_THROW(got.renew(), Error);
}

TEST_F(LoginTest, AttemptsAreConfigured) {
  keys_in_environment();
  EXPECT_EQ(login().options.attempts, ClientOptions().attempts);
  EXPECT_EQ(login().options.max_requests, ClientOptions().max_requests);
  write("config", "[default]\nmax_attempts = 7\n");
  EXPECT_EQ(login().options.attempts, 7);
  EXPECT_EQ(login().options.max_requests, 7);
  variables_["AWS_MAX_ATTEMPTS"] = "2";
  EXPECT_EQ(login().options.attempts, 2);
  variables_["AWS_MAX_ATTEMPTS"] = "0";
  EXPECT_TRUE(has(refusal(), "AWS_MAX_ATTEMPTS"));
}

TEST_F(LoginTest, AnUnknownProfileIsAnErrorWithAProposal) {
  write("credentials", kTwoProfiles);
  keys_in_environment();
  LoginFlags flags;
  flags.profile = "audti";
  EXPECT_TRUE(has(refusal(flags), "did you mean 'audit'"));
}

TEST_F(LoginTest, HalfAPairIsAnError) {
  variables_["AWS_ACCESS_KEY_ID"] = "AKID";
  EXPECT_TRUE(has(refusal(), "the environment has aws_access_key_id but no aws_secret_access_key"));
  variables_.erase("AWS_ACCESS_KEY_ID");
  write("credentials", "[default]\naws_secret_access_key = SHHH\n");
  EXPECT_TRUE(has(refusal(), "no aws_access_key_id"));
  write("credentials", "[default]\naws_access_key_id = A\naws_secret_access_key = SHHH x\n");
  EXPECT_TRUE(has(refusal(), "characters"));
}

TEST_F(LoginTest, EndpointPrecedence) {
  keys_in_environment();
  write("config",
        "[default]\nendpoint_url = http://profile\nservices = dev\n"
        "[services dev]\ns3 =\n  endpoint_url = http://section-s3\nconfig_service=\n"
        "  endpoint_url = http://section-config\n");
  auto endpoints = login().options.endpoints;
  EXPECT_EQ(endpoints.all, "http://profile");
  EXPECT_EQ(endpoints.services.at("s3"), "http://section-s3");
  EXPECT_EQ(endpoints.services.at("config"), "http://section-config");
  variables_["AWS_ENDPOINT_URL"] = "http://all/";
  variables_["AWS_ENDPOINT_URL_CONFIG_SERVICE"] = "http://config";
  endpoints = login().options.endpoints;
  EXPECT_EQ(endpoints.all, "http://all");
  EXPECT_EQ(endpoints.services.size(), 1U);
  EXPECT_EQ(endpoints.services.at("config"), "http://config");
  variables_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "TRUE";
  endpoints = login().options.endpoints;
  EXPECT_EQ(endpoints.all, "");
  EXPECT_TRUE(endpoints.services.empty());
  LoginFlags flags;
  flags.endpoint_url = "http://flag:5000";
  endpoints = login(flags).options.endpoints;
  EXPECT_EQ(endpoints.all, "http://flag:5000");
  EXPECT_TRUE(endpoints.services.empty());
  flags.endpoint_url = "flag";
  EXPECT_TRUE(has(refusal(flags), "--endpoint-url"));
}

TEST_F(LoginTest, FipsAndDualStackOfEnvironmentAndProfile) {
  keys_in_environment();
  EXPECT_FALSE(login().options.endpoints.fips);
  EXPECT_FALSE(login().options.endpoints.dual_stack);
  write("config", "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = True\n");
  EXPECT_TRUE(login().options.endpoints.fips);
  EXPECT_TRUE(login().options.endpoints.dual_stack);
  variables_["AWS_USE_FIPS_ENDPOINT"] = "false";
  EXPECT_FALSE(login().options.endpoints.fips);
}

TEST_F(LoginTest, CaBundleOfEnvironmentAndProfile) {
  keys_in_environment();
  write("config", "[default]\nca_bundle = /p.pem\n");
  EXPECT_EQ(login().options.ca_bundle, "/p.pem");
  variables_["AWS_CA_BUNDLE"] = "/e.pem";
  EXPECT_EQ(login().options.ca_bundle, "/e.pem");
}

TEST_F(LoginTest, AMissingCaBundleIsToldAtOnce) {
  ClientOptions options;
  options.ca_bundle = (home_ / "none.pem").string();
  EXPECT_THROW(Client({"A", "S", ""}, options), Error);
}

ScriptReply role_keys(const ScriptRequest& request) {
  const std::string number = std::to_string(request.number);
  return {200,
          "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA" + number +
              "</AccessKeyId><SecretAccessKey>SHHH" + number +
              "</SecretAccessKey><SessionToken>TOKEN" + number +
              "</SessionToken><Expiration>2026-11-22T03:00:00Z</Expiration></Credentials>"
              "</AssumeRoleResult></AssumeRoleResponse>",
          {}};
}

TEST_F(LoginTest, RolesAreTakenOnAlongTheChain) {
  ScriptedServer server(role_keys);
  variables_["AWS_ENDPOINT_URL_STS"] = server.url();
  variables_["AWS_PROFILE"] = "far";
  write("config",
        "[profile far]\nrole_arn = arn:aws:iam::333333333333:role/far\nsource_profile = near\n"
        "external_id = an id&x\nrole_session_name = night\nduration_seconds = 900\n"
        "[profile near]\nrole_arn = arn:aws:iam::222222222222:role/near\nsource_profile=keys\n");
  write("credentials", "[keys]\naws_access_key_id = AKIDKEYS\naws_secret_access_key = SHHHK\n");
  const Login got = login();
  EXPECT_EQ(got.credentials.access_key_id, "ASIA1");
  EXPECT_EQ(got.credentials.expires, parse_iso8601("2026-11-22T03:00:00Z"));
  EXPECT_EQ(got.credentials.session_token, "TOKEN1");
  EXPECT_EQ(got.source, "profile 'far'");
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_TRUE(has(requests[0].headers.at("authorization"), "AKIDKEYS/"));
  EXPECT_TRUE(has(requests[0].body, "RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2Fnear"));
  EXPECT_TRUE(has(requests[0].body, "RoleSessionName=ciswatch"));
  EXPECT_TRUE(has(requests[1].headers.at("authorization"), "ASIA0/"));
  EXPECT_EQ(requests[1].headers.at("x-amz-security-token"), "TOKEN0");
  EXPECT_TRUE(has(requests[1].body, "ExternalId=an+id%26x"));
  EXPECT_TRUE(has(requests[1].body, "RoleSessionName=night"));
  EXPECT_TRUE(has(requests[1].body, "DurationSeconds=900"));
}

TEST_F(LoginTest, ARoleMayHaveItsOwnKeysAsSource) {
  ScriptedServer server(role_keys);
  variables_["AWS_ENDPOINT_URL"] = server.url();
  write("credentials",
        "[default]\naws_access_key_id = AKIDSELF\naws_secret_access_key = SHHHS\n"
        "role_arn = arn:r\nsource_profile = default\n");
  EXPECT_EQ(login().credentials.access_key_id, "ASIA0");
  EXPECT_TRUE(has(server.requests().at(0).headers.at("authorization"), "AKIDSELF/"));
}

TEST_F(LoginTest, ARefusedRoleIsTold) {
  ScriptedServer server([](const auto&) {
    return ScriptReply{403,
                       "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User is not "
                       "authorized</Message></Error></ErrorResponse>",
                       {}};
  });
  variables_["AWS_ENDPOINT_URL"] = server.url();
  write("config", "[default]\nrole_arn = arn:the-role\nsource_profile = keys\n");
  write("credentials", "[keys]\naws_access_key_id = A\naws_secret_access_key = SHHHK\n");
  const std::string text = refusal();
  EXPECT_TRUE(has(text, "arn:the-role"));
  EXPECT_TRUE(has(text, "AccessDenied: User is not authorized"));
}

TEST_F(LoginTest, ChainsThatLeadNowhereAreErrors) {
  write("config",
        "[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\n"
        "source_profile = c\n[profile c]\nrole_arn = r\nsource_profile = a\n"
        "[profile self]\nrole_arn = r\nsource_profile = self\n"
        "[profile lost]\nrole_arn = r\nsource_profile = nobody\n"
        "[profile bare]\nrole_arn = r\n[profile empty]\nregion = x\n"
        "[profile poor]\nrole_arn = r\nsource_profile = empty\n");
  const std::pair<const char*, const char*> cases[] = {
      {"a", "a → b → c → a"},
      {"self", "no credentials"},
      {"lost", "'nobody', which is not in"},
      {"bare", "no source_profile"},
      {"poor", "'empty', which has no credentials"}};
  for (const auto& [profile, told] : cases) {
    LoginFlags flags;
    flags.profile = profile;
    EXPECT_TRUE(has(refusal(flags), told)) << refusal(flags);
  }
}

TEST(ConfigFile, ReadsTheDialect) {
  const auto file = parse_config(
      "\xEF\xBB\xBF# comment\n; another\n\n[default]\r\nRegion = eu-west-1\r\n"
      "[ profile  \"my team\" ]\nkey=a=b # kept\n"
      "s3 =\n  max = 2\n  # a comment\n\tendpoint_url: http://x\nafter = 1\n[empty] # ok\n",
      "x");
  EXPECT_EQ(file.at("default").at("region"), "eu-west-1");
  const ConfigSection& team = file.at("profile my team");
  EXPECT_EQ(team.at("key"), "a=b # kept");
  EXPECT_EQ(team.at("s3.max"), "2");
  EXPECT_EQ(team.at("s3.endpoint_url"), "http://x");
  EXPECT_EQ(team.at("after"), "1");
  EXPECT_TRUE(file.at("empty").empty());
}

TEST(ConfigFile, TellsFileAndLineOfWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"[a]\nSHHH\n", "conf:2: neither"},
      {"key = SHHH\n", "conf:1: a setting before"},
      {"\n[a\n", "conf:2: a section title"},
      {"[a]\n[a]\n", "conf:2: the section [a]"},
      {"[a]\nx=SHHH\nx=2\n", "conf:3: the setting 'x'"},
      {"[]\n", "conf:1: a section without"},
      {"[a] b\n", "conf:1: text behind"},
      {"[a]\n=SHHH\n", "conf:2: neither"}};
  for (const auto& [text, told] : cases) {
    try {
      parse_config(text, "conf");
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_TRUE(has(error.what(), told)) << error.what();
      EXPECT_FALSE(has(error.what(), "SHHH")) << error.what();
    }
  }
}

}  // namespace
}  // namespace ciswatch
