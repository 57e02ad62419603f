#pragma once

// One AWS API call and its answer, in the members of the AWS API model (as boto3 shows them).

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/time.h"

namespace ciswatch {

struct ApiCall {
  std::string account_id;  // whose credentials to use; "" before the account is known
  std::string region;
  std::string service;    // boto3's client name: "cloudtrail"
  std::string operation;  // "DescribeTrails"
  // Flat request: member name → text. All calls that are made take text members only.
  std::vector<std::pair<std::string, std::string>> params;
};

struct ApiError {
  std::string code;     // AWS's code ("AccessDenied"); HeadBucket's are "403" and "404"
  std::string message;  // from the network: print it through `printable`
  int status = 0;       // HTTP status; 0 when there was no HTTP answer
};

struct ApiPage {
  ApiCall call;  // as sent for this page, continuation token included
  Json response;
};

enum class CallEnd { answered, error, not_tried };

struct ApiAnswer {
  CallEnd end = CallEnd::not_tried;
  std::vector<ApiPage> pages;  // those that were answered, also when a later one failed
  ApiError error;              // when `end` is error; for not_tried, `message` says why
  std::string region;          // where it was answered: S3 redirects to the bucket's region
  int attempts = 0;            // requests sent, retries and pages included
  UnixSeconds time = 0;        // of the last answer
};

}  // namespace ciswatch
