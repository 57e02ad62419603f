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
  // Flat request: member name → text. All calls that read take text members only.
  std::vector<std::pair<std::string, std::string>> params;
  // Of calls that change something: a JSON object with the request's members; "" : none. A member
  // that the operation does not have, or of another kind than it has there, makes the call an error
  // (InvalidCall): AWS would pass over many of those.
  std::string document = {};
  // The account whose retries and time it uses up; "" : account_id's. A role is asked for with other
  // credentials than those of the account that it opens.
  std::string for_account = {};
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
  // Those that were answered, also when a later one failed, or an item that the call was about.
  std::vector<ApiPage> pages;
  ApiError error;              // when `end` is error; for not_tried, `message` says why
  std::string region;          // where it was answered: S3 redirects to the bucket's region
  int attempts = 0;            // requests sent, retries and pages included
  UnixSeconds time = 0;        // of the last answer
  // Of calls that change something: an answer was lost (cut off, timed out, 5xx), so that the call may
  // have been done, whatever a later attempt was told; or it failed for some of its items only. Where the last answer was lost, `end` is error
  // and the code is AnswerLost: whoever asked has to look. A call that is not repeatable ends so at
  // once; one that was refused or never left is tried again as any.
  bool may_be_done = false;
};

}  // namespace ciswatch
