#include "core/pattern/trail_events.h"

namespace ciswatch {
namespace {

using Members = std::vector<TrailMember>;

TrailMember fixed(std::string_view path, std::string_view value) { return {path, {value}, false, false}; }
TrailMember some(std::string_view path, std::string_view value) { return {path, {value}}; }
TrailMember perhaps(std::string_view path, std::string_view value) { return {path, {value}, true}; }

TrailMember mfa() {
  return {"userIdentity.sessionContext.attributes.mfaAuthenticated", {"false", "true"}, true, false};
}

TrailMember through_a_service() { return perhaps("userIdentity.invokedBy", "cloudformation.amazonaws.com"); }

}  // namespace

std::span<const TrailMember> trail_members() {
  static const Members members = {
      {"eventSource", {"ec2.amazonaws.com", "s3.amazonaws.com", "iam.amazonaws.com"}},
      {"eventName", {"RunInstances", "GetObject", "DescribeInstances", "AssumeRole"}},
      {"awsRegion",
       {"us-east-1", "eu-west-1", "ap-northeast-1", "us-west-2", "sa-east-1", "af-south-1"}},
      {"sourceIPAddress",
       {"203.0.113.7", "10.0.0.5", "2001:db8::7", "AWS Internal", "cloudformation.amazonaws.com"}},
      {"userAgent", {"aws-cli/2.15.0", "console.amazonaws.com"}, true},
      {"errorCode", {"AccessDenied", "ValidationException"}, true},
      {"errorMessage", {"Access Denied"}, true},
      {"eventType", {"AwsApiCall"}, false, false},
      {"eventCategory", {"Management"}, false, false},
      some("eventVersion", "1.11"),
      some("eventTime", "2026-11-22T00:00:00Z"),
      some("eventID", "0f6a2d1c-4e7b-4c39-9a55-3f0c9b7d2e18"),
      perhaps("requestID", "6b0d3f5e-91c2-4a7e-8d14-b2c7e0a95f36"),
      some("recipientAccountId", "111111111111"),
  };
  return members;
}

std::span<const std::vector<TrailMember>> trail_identities() {
  constexpr auto kType = "userIdentity.type";
  constexpr auto kArn = "userIdentity.arn";
  constexpr auto kAccount = "userIdentity.accountId";
  constexpr auto kName = "userIdentity.userName";
  constexpr auto kIssuer = "userIdentity.sessionContext.sessionIssuer.arn";
  constexpr auto kIssuerType = "userIdentity.sessionContext.sessionIssuer.type";
  constexpr auto kIssuerName = "userIdentity.sessionContext.sessionIssuer.userName";
  static const std::vector<Members> identities = {
      {fixed(kType, "IAMUser"), some(kArn, "arn:aws:iam::111111111111:user/alice"),
       some(kAccount, "111111111111"), some(kName, "alice"), mfa(), through_a_service()},
      {fixed(kType, "AssumedRole"), some(kArn, "arn:aws:sts::111111111111:assumed-role/Admin/alice"),
       some(kAccount, "111111111111"), some(kIssuer, "arn:aws:iam::111111111111:role/Admin"),
       fixed(kIssuerType, "Role"), some(kIssuerName, "Admin"), mfa(), through_a_service()},
      {fixed(kType, "Root"), some(kArn, "arn:aws:iam::111111111111:root"),
       some(kAccount, "111111111111"), perhaps(kName, "company"), mfa(), through_a_service()},
      {fixed(kType, "FederatedUser"), some(kArn, "arn:aws:sts::111111111111:federated-user/alice"),
       some(kAccount, "111111111111"), some(kIssuer, "arn:aws:iam::111111111111:user/broker"),
       fixed(kIssuerType, "IAMUser"), some(kIssuerName, "broker"), mfa(), through_a_service()},
      {fixed(kType, "AWSAccount"), some(kAccount, "999999999999"), through_a_service()},
      {fixed(kType, "AWSService"), some("userIdentity.invokedBy", "cloudformation.amazonaws.com")},
  };
  return identities;
}

}  // namespace ciswatch
