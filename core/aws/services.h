#pragma once

// The AWS services of the lists of operations: how each is addressed. Names and versions are those of
// the AWS API models.

#include "core/aws/operations.h"

namespace ciswatch::service {

inline constexpr Service kSts{.name = "sts",
                       .protocol = Protocol::query,
                       .host = "sts",
                       .signing_name = "sts",
                       .version = "2011-06-15"};
// IAM Identity Center; asked with a token, not with a signature.
inline constexpr Service kSso{.name = "sso",
                       .protocol = Protocol::rest_json,
                       .host = "portal.sso",
                       .signing_name = "awsssoportal"};
inline constexpr Service kEc2{.name = "ec2",
                       .protocol = Protocol::ec2,
                       .host = "ec2",
                       .signing_name = "ec2",
                       .version = "2016-11-15"};
inline constexpr Service kCloudtrail{
    .name = "cloudtrail",
    .protocol = Protocol::json_1_1,
    .host = "cloudtrail",
    .signing_name = "cloudtrail",
    .target_prefix = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"};
inline constexpr Service kConfig{.name = "config",
                          .protocol = Protocol::json_1_1,
                          .host = "config",
                          .signing_name = "config",
                          .target_prefix = "StarlingDoveService"};
inline constexpr Service kKms{.name = "kms",
                       .protocol = Protocol::json_1_1,
                       .host = "kms",
                       .signing_name = "kms",
                       .target_prefix = "TrentService"};
inline constexpr Service kS3{
    .name = "s3",
    .protocol = Protocol::rest_xml,
    .host = "s3",
    .signing_name = "s3",
    .xml_namespace = "http://s3.amazonaws.com/doc/2006-03-01/"};
inline constexpr Service kS3control{.name = "s3control",
                             .protocol = Protocol::rest_xml,
                             .host = "s3-control",
                             .signing_name = "s3",
                             .xml_namespace = "http://awss3control.amazonaws.com/doc/2018-08-20/"};

inline constexpr Service kLogs{.name = "logs",
                        .protocol = Protocol::json_1_1,
                        .host = "logs",
                        .signing_name = "logs",
                        .target_prefix = "Logs_20140328"};
// Of the protocols that CloudWatch offers the one that is not binary and that all emulators know.
inline constexpr Service kCloudwatch{.name = "cloudwatch",
                              .protocol = Protocol::query,
                              .host = "monitoring",
                              .signing_name = "monitoring",
                              .version = "2010-08-01"};
inline constexpr Service kSns{.name = "sns",
                       .protocol = Protocol::query,
                       .host = "sns",
                       .signing_name = "sns",
                       .version = "2010-03-31"};
inline constexpr Service kIam{.name = "iam",
                       .protocol = Protocol::query,
                       .host = "iam",
                       .signing_name = "iam",
                       .version = "2010-05-08"};
inline constexpr Service kOrganizations{.name = "organizations",
                                 .protocol = Protocol::json_1_1,
                                 .host = "organizations",
                                 .signing_name = "organizations",
                                 .target_prefix = "AWSOrganizationsV20161128"};
inline constexpr Service kCloudformation{.name = "cloudformation",
                                  .protocol = Protocol::query,
                                  .host = "cloudformation",
                                  .signing_name = "cloudformation",
                                  .version = "2010-05-15"};
inline constexpr Service kSecurityhub{.name = "securityhub",
                               .protocol = Protocol::rest_json,
                               .host = "securityhub",
                               .signing_name = "securityhub"};

}  // namespace ciswatch::service
