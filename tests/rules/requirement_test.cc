// The monitoring requirements, as shipped, against wordings whose meaning is known by construction:
// right ones in any dress let nothing slip through, broken ones always do.

#include <gtest/gtest.h>

#include "core/pattern/slip.h"
#include "rules/library.h"

namespace ciswatch {
namespace {

struct Wording {
  std::string check, source, condition;  // what the benchmark asks for, without { }
};

std::string names(std::initializer_list<const char*> all) {
  std::string text;
  for (const auto* name : all) text += (text.empty() ? "" : " || ") + ("($.eventName = " + std::string(name) + ")");
  return text;
}

std::vector<Wording> benchmark() {
  return {
      {"alarm-unauthorized-api-calls", "", "($.errorCode = \"*UnauthorizedOperation\") || ($.errorCode = \"AccessDenied*\")"},
      {"alarm-console-login-without-mfa", "signin.amazonaws.com", "($.eventName = \"ConsoleLogin\") && ($.additionalEventData.MFAUsed != \"Yes\")"},
      {"alarm-root-use", "", "$.userIdentity.type = \"Root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\""},
      {"alarm-iam-policy-changes", "iam.amazonaws.com", names({"DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy", "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion", "AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy"})},
      {"alarm-cloudtrail-changes", "cloudtrail.amazonaws.com", names({"CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"})},
      {"alarm-console-login-failures", "signin.amazonaws.com", "($.eventName = ConsoleLogin) && ($.errorMessage = \"Failed authentication\")"},
      {"alarm-kms-key-disable-or-delete", "kms.amazonaws.com", names({"DisableKey", "ScheduleKeyDeletion"})},
      {"alarm-s3-bucket-policy-changes", "s3.amazonaws.com", names({"PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication", "DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication"})},
      {"alarm-config-changes", "config.amazonaws.com", names({"StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder"})},
      {"alarm-security-group-changes", "ec2.amazonaws.com", names({"AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup"})},
      {"alarm-network-acl-changes", "ec2.amazonaws.com", names({"CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry", "ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation"})},
      {"alarm-gateway-changes", "ec2.amazonaws.com", names({"CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"})},
      {"alarm-route-table-changes", "ec2.amazonaws.com", names({"CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation", "DeleteRouteTable", "DeleteRoute", "DisassociateRouteTable"})},
      {"alarm-vpc-changes", "ec2.amazonaws.com", names({"CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection", "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection", "AttachClassicLinkVpc", "DetachClassicLinkVpc", "DisableVpcClassicLink", "EnableVpcClassicLink"})},
      {"alarm-organizations-changes", "organizations.amazonaws.com", names({"AcceptHandshake", "AttachPolicy", "CreateAccount", "CreateOrganizationalUnit", "CreatePolicy", "DeclineHandshake", "DeleteOrganization", "DeleteOrganizationalUnit", "DeletePolicy", "DetachPolicy", "DisablePolicyType", "EnablePolicyType", "InviteAccountToOrganization", "LeaveOrganization", "MoveAccount", "RemoveAccountFromOrganization", "UpdatePolicy", "UpdateOrganizationalUnit"})},
  };
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// The terms in the opposite order, each in parentheses of its own.
std::string reversed(std::string rest, std::string_view sign) {
  std::string text;
  const auto separator = " " + std::string(sign) + " ";
  while (true) {
    const auto at = rest.find(separator);
    const auto term = "(" + rest.substr(0, at) + ")";
    text = text.empty() ? term : term + separator + text;
    if (at == std::string::npos) return text;
    rest = rest.substr(at + separator.size());
  }
}

class Requirement : public testing::Test {
 protected:
  std::string slip(const Wording& wording, const std::string& condition) {
    const auto* check = library_.check(wording.check);
    if (check == nullptr) return "there is no check " + wording.check;
    for (const auto& setting : check->settings) {
      if (setting.name != "events") continue;
      const auto found = find_slip(parse_pattern("{ " + condition + " }"), parse_required(setting.default_value));
      return found ? *found : "?";
    }
    return "the check has no events";
  }

  Library library_ = load_library(CISWATCH_SOURCE_DIR "/checks", Tests::leave_out);
};

TEST_F(Requirement, EveryWordingOfTheRightFilterLetsNothingThrough) {
  int tried = 0;
  for (const auto& wording : benchmark()) {
    const auto& right = wording.condition;
    std::vector<std::string> same{
        right,
        replaced(replaced(right, " &", "\n  &"), " |", "\n\t|"),
        "((" + right + "))",
        "(" + right + ") || ($.eventName = SomethingElse)",
        "(" + right + ") && ($.eventVersion EXISTS)",
        "($.awsRegion = \"*\") && (" + right + ")",
        reversed(right, right.find("||") != std::string::npos ? "||" : "&&"),
    };
    const bool needs_spaces = right.find("Failed auth") != std::string::npos || right.find("NOT EXISTS") != std::string::npos;
    if (!needs_spaces) same.push_back(replaced(right, " ", ""));
    if (!wording.source.empty()) {
      same.push_back("($.eventSource = " + wording.source + ") && (" + right + ")");
      same.push_back("(" + right + ") && ($.eventSource = %^" + replaced(wording.source, ".", "\\.") + "$%)");
    }
    if (right.find("Name = ") != std::string::npos && right.find("&&") == std::string::npos) {
      auto regex = replaced(replaced(right, "($.eventName = ", "^"), ")", "$");
      same.push_back("$.eventName = %" + replaced(regex, " || ", "|") + "%");
    }
    for (const auto& condition : same) {
      EXPECT_EQ(slip(wording, condition), "") << wording.check << "\n" << condition;
      ++tried;
    }
  }
  EXPECT_GE(tried, 130);
}

TEST_F(Requirement, NoBrokenFilterPasses) {
  int tried = 0;
  for (const auto& wording : benchmark()) {
    const auto& right = wording.condition;
    std::vector<std::string> broken{
        "(" + right + ") && ($.eventName = \"zzzNever\")",
        "($.eventSource = sqs.amazonaws.com) && (" + right + ")",
        "(" + right + ") && ($.awsRegion = eu-west-1)",
        "(" + right + ") && ($.awsRegion != eu-west-1)",
        "(" + right + ") && ($.userIdentity.sessionContext.sessionIssuer.arn != \"arn:aws:iam::111111111111:role/Admin\")",
        "(" + right + ") && ($.userIdentity.arn != \"arn:aws:sts::111111111111:assumed-role/Admin/*\")",
        "(" + right + ") && ($.sourceIPAddress != \"10.0.*\")",
        "(" + right + ") && ($.requestParameters.dryRun IS TRUE)",
        "$.eventName = \"" + replaced(right, "\"", "\\\"") + "\"",
        replaced(right, "$.e", "$.x"),
    };
    if (right.find("||") != std::string::npos) broken.push_back(replaced(right, "||", "&&"));
    if (right.find("||") != std::string::npos) broken.push_back(right.substr(0, right.rfind(" || ")));
    for (const auto& condition : broken) {
      EXPECT_NE(slip(wording, condition), "") << wording.check << "\n" << condition;
      EXPECT_NE(slip(wording, condition), "?") << wording.check << "\n" << condition;
      ++tried;
    }
  }
  EXPECT_GE(tried, 160);
}

}  // namespace
}  // namespace ciswatch
