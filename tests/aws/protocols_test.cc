#include "core/aws/protocols.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/aws/retry.h"
#include "core/base/error.h"

namespace ciswatch {
namespace {

using Params = std::vector<std::pair<std::string, std::string>>;

const Operation& op(std::string_view service, std::string_view name) {
  const Operation* found = find_operation(service, name);
  if (found == nullptr) throw Error("no such operation");
  return *found;
}

HttpRequest request(std::string_view service, std::string_view name, Params params = {}) {
  ApiCall call{"111111111111", "us-east-1", std::string(service), std::string(name),
               std::move(params)};
  complete(op(service, name), call);
  return build_request(op(service, name), call,
                       endpoint_of(service, call.region, call.account_id, {}));
}

std::string header(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

TEST(Requests, Json) {
  const auto made = request("kms", "DescribeKey", {{"KeyId", "alias/\"ü\\"}});
  EXPECT_EQ(made.method, "POST");
  EXPECT_EQ(url_of(made), "https://kms.us-east-1.amazonaws.com/");
  EXPECT_EQ(made.body, R"({"KeyId":"alias/\"ü\\"})");
  EXPECT_EQ(header(made, "Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(header(made, "X-Amz-Target"), "TrentService.DescribeKey");
  EXPECT_FALSE(made.plain_http);
  EXPECT_EQ(request("kms", "ListKeys").body, R"({"Limit":1000})");
  EXPECT_EQ(request("config", "DescribeDeliveryChannels").body, "{}");
}

TEST(Requests, QueryAndEc2) {
  const auto made =
      request("sts", "AssumeRole", {{"RoleArn", "a:b/c"}, {"ExternalId", "x y&z=+ü"}});
  EXPECT_EQ(
      made.body,
      "Action=AssumeRole&Version=2011-06-15&RoleArn=a%3Ab%2Fc&ExternalId=x+y%26z%3D%2B%C3%BC");
  EXPECT_EQ(header(made, "Content-Type"), "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(request("ec2", "DescribeRegions").body,
            "Action=DescribeRegions&Version=2016-11-15&AllRegions=true");
}

TEST(Requests, RestXml) {
  const auto acl = request("s3", "GetBucketAcl", {{"Bucket", "my.bucket"}});
  EXPECT_EQ(acl.method, "GET");
  EXPECT_EQ(url_of(acl), "https://s3.us-east-1.amazonaws.com/my.bucket?acl");
  EXPECT_EQ(url_of(request("s3", "GetBucketAcl", {{"Bucket", "a/../b?c#d"}})),
            "https://s3.us-east-1.amazonaws.com/a%2F..%2Fb%3Fc%23d?acl");
  EXPECT_EQ(url_of(request("s3", "ListBuckets", {{"ContinuationToken", "a+/="}})),
            "https://s3.us-east-1.amazonaws.com/?max-buckets=10000&continuation-token=a%2B%2F%3D");
  EXPECT_EQ(request("s3", "HeadBucket", {{"Bucket", "b"}}).method, "HEAD");
}

TEST(Requests, S3ControlNamesTheAccountInHostAndHeader) {
  const auto made = request("s3control", "GetPublicAccessBlock");
  EXPECT_EQ(url_of(made),
            "https://111111111111.s3-control.us-east-1.amazonaws.com/v20180820/configuration/"
            "publicAccessBlock");
  EXPECT_EQ(header(made, "x-amz-account-id"), "111111111111");
  EXPECT_EQ(header(request("s3control", "GetPublicAccessBlock", {{"AccountId", "222222222222"}}),
                   "x-amz-account-id"),
            "222222222222");
}

TEST(Requests, RefuseWhatCannotBeSent) {
  EXPECT_THROW(request("s3", "GetBucketAcl"), Error);
  EXPECT_THROW(request("s3", "GetBucketAcl", {{"Bucket", ""}}), Error);
  EXPECT_THROW(request("s3", "GetBucketAcl", {{"Bucket", "b"}, {"Nonsense", "x"}}), Error);
  EXPECT_THROW(request("s3control", "GetPublicAccessBlock", {{"AccountId", "1\r\nX: y"}}), Error);
}

HttpResponse response(std::string body, int status = 200, NameValues headers = {}) {
  return {HttpFailure::none, {}, status, std::move(headers), std::move(body)};
}

std::string decoded(std::string_view service, std::string_view name, std::string body,
                    NameValues headers = {}) {
  const Decoded got =
      decode_response(op(service, name), response(std::move(body), 200, std::move(headers)));
  return got.response ? to_text(*got.response) : got.error.code + ": " + got.error.message;
}

TEST(Answers, JsonWithoutItsNulls) {
  EXPECT_EQ(
      decoded("cloudtrail", "DescribeTrails",
              R"({"trailList":[{"Name":"x","KmsKeyId":null,"n":{"a":null,"b":[{"c":null}]}}]})"),
      R"({"trailList":[{"Name":"x","n":{"b":[{}]}}]})");
}

TEST(Answers, QueryResult) {
  EXPECT_EQ(
      decoded("sts", "GetCallerIdentity",
              "<?xml version='1.0'?><GetCallerIdentityResponse xmlns='https://sts'>"
              "<GetCallerIdentityResult><Arn>arn:aws:iam::1:user/a&amp;b</Arn><UserId>U</UserId>"
              "<Account>012345678901</Account><New>x</New></GetCallerIdentityResult>"
              "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
              "</GetCallerIdentityResponse>"),
      R"({"UserId":"U","Account":"012345678901","Arn":"arn:aws:iam::1:user/a&b"})");
}

TEST(Answers, Ec2Lists) {
  EXPECT_EQ(
      decoded("ec2", "DescribeVpcs",
              "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId><isDefault>true</isDefault>"
              "<tagSet><item><key>k</key><value/></item></tagSet><cidrBlockAssociationSet/></item>"
              "<item><vpcId>vpc-2</vpcId><isDefault>false</isDefault></item></vpcSet>"
              "<nextToken>t</nextToken></DescribeVpcsResponse>"),
      R"({"NextToken":"t","Vpcs":[{"CidrBlockAssociationSet":[],"IsDefault":true,)"
      R"("Tags":[{"Key":"k","Value":""}],"VpcId":"vpc-1"},{"IsDefault":false,"VpcId":"vpc-2"}]})");
  EXPECT_EQ(decoded("ec2", "DescribeFlowLogs",
                    "<DescribeFlowLogsResponse><flowLogSet/></DescribeFlowLogsResponse>"),
            R"({"FlowLogs":[]})");
  EXPECT_EQ(decoded("ec2", "DescribeFlowLogs",
                    "<DescribeFlowLogsResponse><flowLogSet><item><flowLogId>fl</flowLogId>"
                    "<maxAggregationInterval>600</maxAggregationInterval>"
                    "<tagFieldSpecificationSet><item><resourceType>r</resourceType><tagKeySet>"
                    "<item>a</item><item>b</item></tagKeySet></item></tagFieldSpecificationSet>"
                    "</item></flowLogSet></DescribeFlowLogsResponse>"),
            R"({"FlowLogs":[{"FlowLogId":"fl","MaxAggregationInterval":600,)"
            R"("TagFieldSpecifications":[{"ResourceType":"r","TagKeys":["a","b"]}]}]})");
}

TEST(Answers, NumbersThatAreNotWhole) {
  const auto alarms = [](const std::string& threshold) {
    return decoded("cloudwatch", "DescribeAlarms",
                   "<DescribeAlarmsResponse><DescribeAlarmsResult><MetricAlarms><member>"
                   "<AlarmName>a</AlarmName><AlarmActions/>" +
                       threshold +
                       "</member></MetricAlarms></DescribeAlarmsResult></DescribeAlarmsResponse>");
  };
  EXPECT_EQ(alarms("<Threshold> 1.5E0 </Threshold>"),
            R"({"MetricAlarms":[{"AlarmName":"a","AlarmActions":[],"Threshold":1.5}]})");
  for (const char* other : {"", "x", "1,5", "nan", "inf", "1e999"}) {
    EXPECT_TRUE(alarms(fmt::format("<Threshold>{}</Threshold>", other))
                    .starts_with("MalformedResponse: "))
        << other;
  }
}

TEST(Answers, PoliciesOfIamAreEncodedOnceMore) {
  EXPECT_EQ(decoded("iam", "GetRolePolicy",
                    "<GetRolePolicyResponse><GetRolePolicyResult><RoleName>r%20</RoleName>"
                    "<PolicyDocument>%7B%22a%22%3A%22%25%ff%22%7D</PolicyDocument>"
                    "</GetRolePolicyResult></GetRolePolicyResponse>"),
            "{\"RoleName\":\"r%20\",\"PolicyDocument\":\"{\\\"a\\\":\\\"%\xEF\xBF\xBD\\\"}\"}");
}

TEST(Answers, MapsOfText) {
  const auto attributes = [](const std::string& entries) {
    return decoded("sns", "GetTopicAttributes",
                   "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes>" + entries +
                       "</Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>");
  };
  EXPECT_EQ(attributes("<entry><key>TopicArn</key><value>t</value></entry>"
                       "<entry><key>Policy</key><value>{&quot;a&quot;:1}</value></entry>"
                       "<entry><key>Empty</key></entry><other/>"),
            R"({"Attributes":{"TopicArn":"t","Policy":"{\"a\":1}","Empty":""}})");
  EXPECT_TRUE(attributes("").starts_with("MalformedResponse: "));  // not about a topic
}

TEST(Answers, S3Documents) {
  EXPECT_EQ(
      decoded("s3", "GetBucketAcl",
              "<AccessControlPolicy xmlns='http://s3'><Owner><ID>o</ID></Owner>"
              "<AccessControlList><Grant><Grantee xmlns:xsi='http://www.w3.org/2001/XMLSchema-"
              "instance' xsi:type='Group'><URI>http://acs</URI></Grantee><Permission>READ"
              "</Permission></Grant></AccessControlList></AccessControlPolicy>"),
      R"({"Owner":{"ID":"o"},"Grants":[{"Grantee":{"Type":"Group","URI":"http://acs"},)"
      R"("Permission":"READ"}]})");
  EXPECT_EQ(decoded("s3", "GetBucketPolicyStatus",
                    "<PolicyStatus><IsPublic>TRUE</IsPublic></PolicyStatus>"),
            R"({"PolicyStatus":{"IsPublic":true}})");
  EXPECT_EQ(decoded("s3", "GetBucketLogging", "<BucketLoggingStatus xmlns='x'/>"), "{}");
  EXPECT_EQ(
      decoded("s3", "GetBucketLogging",
              "<BucketLoggingStatus><LoggingEnabled><TargetBucket>b</TargetBucket><TargetPrefix/>"
              "<TargetObjectKeyFormat><SimplePrefix/></TargetObjectKeyFormat></LoggingEnabled>"
              "</BucketLoggingStatus>"),
      R"({"LoggingEnabled":{"TargetBucket":"b","TargetPrefix":"",)"
      R"("TargetObjectKeyFormat":{"SimplePrefix":{}}}})");
  EXPECT_EQ(
      decoded("s3", "GetPublicAccessBlock",
              "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>"
              "<IgnorePublicAcls>false</IgnorePublicAcls></PublicAccessBlockConfiguration>"),
      R"({"PublicAccessBlockConfiguration":{"BlockPublicAcls":true,"IgnorePublicAcls":false}})");
  EXPECT_EQ(
      decoded("s3", "GetBucketOwnershipControls",
              "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership>"
              "</Rule></OwnershipControls>"),
      R"({"OwnershipControls":{"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]}})");
}

TEST(Answers, ThePolicyStaysText) {
  const std::string policy = "{ \"Version\" : \"2012-10-17\",\n \"Statement\":[] }";
  const Decoded got = decode_response(op("s3", "GetBucketPolicy"), response(policy));
  ASSERT_TRUE(got.response);
  EXPECT_EQ(text_or_empty(*got.response, "Policy"), policy);
}

TEST(Answers, HeadersOfHeadBucket) {
  EXPECT_EQ(decoded("s3", "HeadBucket", "",
                    {{"x-amz-bucket-region", "eu-west-1"}, {"x-amz-access-point-alias", "false"}}),
            R"({"BucketRegion":"eu-west-1","AccessPointAlias":false})");
}

TEST(Answers, A200ThatIsNoAnswerIsAnErrorAndNeverEmpty) {
  const struct {
    const char *service, *name, *body;
    bool cut_off;
  } cases[] = {
      {"cloudtrail", "DescribeTrails", "", true},
      {"cloudtrail", "DescribeTrails", "{\"trailList\":[", true},
      {"cloudtrail", "DescribeTrails", "{}", false},
      {"cloudtrail", "DescribeTrails", "[]", false},
      {"cloudtrail", "DescribeTrails", "{\"trailList\":null}", false},
      {"cloudtrail", "DescribeTrails", "{\"trailList\":{}}", false},
      {"cloudtrail", "DescribeTrails", "<html></html>", true},
      {"kms", "GetKeyRotationStatus", "{\"KeyRotationEnabled\":\"true\"}", false},
      {"ec2", "DescribeVpcs", "", true},
      {"ec2", "DescribeVpcs", "<DescribeVpcsResponse><vpcSet>", true},
      {"ec2", "DescribeVpcs", "<DescribeVpcsResponse/>", false},
      {"ec2", "DescribeVpcs", "<DescribeRegionsResponse><vpcSet/></DescribeRegionsResponse>",
       false},
      {"ec2", "DescribeVpcs",
       "<DescribeVpcsResponse><vpcSet><item><isDefault>maybe</isDefault></item></vpcSet>"
       "</DescribeVpcsResponse>",
       false},
      {"s3", "GetBucketPolicyStatus", "<ListBucketResult/>", false},
      {"s3", "GetBucketPolicyStatus", "<PolicyStatus/>", false},
      {"s3", "GetBucketPolicyStatus", "<PolicyStatus><IsPublic/></PolicyStatus>", false},
      {"s3", "GetBucketAcl", "<AccessControlPolicy><Owner/></AccessControlPolicy>", false},
      {"s3", "GetBucketPolicy", "  ", false},
      {"s3", "GetBucketPolicy", "<html></html>", true},
      {"s3", "GetBucketPolicy", "Sign in to the network", true},
      {"s3", "GetBucketPolicy", "{\"Version\":\"2012-10-17\",\"Statement\":[", true},
      {"s3", "GetBucketPolicy", "{\"message\":null}", false},
      {"s3", "GetBucketAcl",
       "<AccessControlPolicy><Owner><ID>o\x9e</ID></Owner><AccessControlList/></AccessControlPolicy>",
       true},
      {"s3", "ListBuckets", "<ListAllMyBucketsResult/>", false},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(std::string(each.name) + " " + each.body);
    const Decoded got = decode_response(op(each.service, each.name), response(each.body));
    EXPECT_FALSE(got.response);
    EXPECT_EQ(got.error.code, error_code::kMalformed);
    EXPECT_EQ(got.error.status, 200);
    EXPECT_EQ(got.cut_off, each.cut_off);
  }
}

TEST(Answers, DepthIsBounded) {
  std::string xml = "<DescribeVpcsResponse>";
  for (int i = 0; i < 100'000; ++i) xml += "<a>";
  for (int i = 0; i < 100'000; ++i) xml += "</a>";
  xml += "<vpcSet/></DescribeVpcsResponse>";
  EXPECT_EQ(decode_response(op("ec2", "DescribeVpcs"), response(xml)).error.code,
            error_code::kMalformed);
  EXPECT_EQ(decode_response(op("ec2", "DescribeVpcs"), response(xml, 400)).error.code, "400");
  EXPECT_EQ(decode_response(op("kms", "ListKeys"), response(std::string(100'000, '['))).error.code,
            error_code::kMalformed);
}

TEST(Answers, EntitiesOfADtdAreNotExpanded) {
  const std::string text =
      decoded("sts", "GetCallerIdentity",
              "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><GetCallerIdentityResponse>"
              "<GetCallerIdentityResult><Account>&e;</Account></GetCallerIdentityResult>"
              "</GetCallerIdentityResponse>");
  EXPECT_EQ(text, R"({"Account":"&e;"})");
}

struct ErrorCase {
  int status;
  const char* body;
  NameValues headers;
  const char* code;
  const char* message;
};

TEST(Errors, OfAllKinds) {
  const ErrorCase cases[] = {
      {400,
       R"({"__type":"AccessDeniedException","Message":"no"})",
       {},
       "AccessDeniedException",
       "no"},
      {400,
       R"({"__type":"com.amazonaws.kms#NotFoundException","message":"gone"})",
       {},
       "NotFoundException",
       "gone"},
      {400,
       R"({"message":"m"})",
       {{"x-amzn-errortype", "ValidationException:http://x/"}},
       "ValidationException",
       "m"},
      {400,
       R"({"__type":"A"})",
       {{"x-amzn-errortype", "ns#B"}},
       "B",
       "HTTP 400 without an explanation"},
      {403,
       "<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>s"
       "</Message></Error></ErrorResponse>",
       {},
       "SignatureDoesNotMatch",
       "s"},
      {403,
       "<?xml version='1.0'?><Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>"
       "u</Message></Error></Errors></Response>",
       {},
       "UnauthorizedOperation",
       "u"},
      {403,
       "<?xml version='1.0'?>\n<ErrorResponse><Errors><Error><Code>InvalidClientTokenId</Code>"
       "<Message>i</Message></Error></Errors></ErrorResponse>",
       {},
       "InvalidClientTokenId",
       "i"},
      {403,
       "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
       {},
       "AccessDenied",
       "Access Denied"},
      {500,
       "<!doctype html><html><h1>Internal Server Error</h1></html>",
       {},
       "500",
       "HTTP 500 without an explanation"},
      {500, "<html><Error>x</html>", {}, "500", "HTTP 500 without an explanation"},
      {503, "", {}, "503", "HTTP 503 without an explanation"},
      {404, "", {}, "404", "HTTP 404 without an explanation"},
      {400, "{\"__type\":", {}, "400", "HTTP 400 without an explanation"},
      {400, "[1]", {}, "400", "HTTP 400 without an explanation"},
      {400, R"({"__type":5,"message":{}})", {}, "400", "HTTP 400 without an explanation"},
      {204, "", {}, "204", "HTTP 204 without an explanation"},
  };
  for (const ErrorCase& each : cases) {
    SCOPED_TRACE(each.body);
    for (const auto* service : {"kms", "ec2", "s3"}) {
      const Operation& operation = service == std::string_view("kms")   ? op("kms", "ListKeys")
                                   : service == std::string_view("ec2") ? op("ec2", "DescribeVpcs")
                                                                        : op("s3", "GetBucketAcl");
      const Decoded got =
          decode_response(operation, response(each.body, each.status, each.headers));
      EXPECT_FALSE(got.response);
      EXPECT_EQ(got.error.code, each.code);
      EXPECT_EQ(got.error.message, each.message);
      EXPECT_EQ(got.error.status, each.status);
    }
  }
}

TEST(Errors, AnS3ErrorMayComeWithA200) {
  const auto got = decode_response(
      op("s3", "GetBucketAcl"),
      response(
          "<?xml version='1.0'?>\n<Error><Code>InternalError</Code><Message>m</Message></Error>"));
  EXPECT_FALSE(got.response);
  EXPECT_EQ(got.error.code, "InternalError");
  EXPECT_EQ(got.error.status, 200);
  EXPECT_TRUE(worth_retrying(got.error));
}

TEST(Errors, TellTheBucketsRegionFromHeaderOrBody) {
  const Operation& operation = op("s3", "GetBucketAcl");
  const char* body =
      "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>";
  EXPECT_EQ(decode_response(operation, response(body, 400)).region, "eu-west-1");
  EXPECT_EQ(decode_response(operation, response(body, 400, {{"x-amz-bucket-region", "us-west-2"}}))
                .region,
            "us-west-2");
}

TEST(Errors, AreShortenedAndValidUtf8) {
  const std::string body = "{\"message\":\"" + std::string(100'000, 'x') + "\"}";
  EXPECT_LT(decode_response(op("kms", "ListKeys"), response(body, 400)).error.message.size(),
            2100U);
  const auto got =
      decode_response(op("s3", "GetBucketAcl"), response("<Error><Code>A\xff</Code></Error>", 400));
  EXPECT_EQ(got.error.code, "A\xEF\xBF\xBD");
}

TEST(Errors, OfTheNetwork) {
  const std::pair<HttpFailure, std::string_view> cases[] = {
      {HttpFailure::unreachable, error_code::kUnreachable},
      {HttpFailure::timeout, error_code::kTimeout},
      {HttpFailure::tls, error_code::kTls},
      {HttpFailure::too_large, error_code::kTooLarge}};
  for (const auto& [failure, code] : cases) {
    const Decoded got =
        decode_response(op("kms", "ListKeys"), {failure, "host: why", 200, {}, "{}"});
    EXPECT_FALSE(got.response);
    EXPECT_EQ(got.error.code, code);
    EXPECT_EQ(got.error.message, "host: why");
    EXPECT_EQ(got.error.status, 0);
  }
}

}  // namespace
}  // namespace ciswatch
