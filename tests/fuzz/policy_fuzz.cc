// A text that says it is a policy, and behind a NUL one that says it is a request. Whatever they are,
// the end is an Error with words, or a decision that agrees with itself.

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/base/text.h"
#include "core/policy/evaluate.h"

namespace ciswatch {
namespace {

[[noreturn]] void fail(std::string_view what) {
  fmt::print(stderr, "policy_fuzz: {}\n", what);
  std::abort();
}

void check(const Decision& decision) {
  if (decision.allowed == Truth::yes && decision.denied != Truth::no) fail("allowed and denied");
  if (decision.denied == Truth::yes && decision.allowed != Truth::no) fail("denied and allowed");
  if (decision.reason.empty() || printable(decision.reason) != decision.reason) {
    fail("a reason that cannot be shown");
  }
}

// What is told without the context stays true with it, whatever it says.
void check_that_knowing_more_changes_nothing(const Policies& policies, Request request) {
  const auto told = decide(policies, request);
  request.context.clear();
  const auto untold = decide(policies, request);
  const auto changed = [](Truth before, Truth after) {
    return before != Truth::unknown && before != after;
  };
  if (changed(untold.allowed, told.allowed)) fail("allowed otherwise once more is known");
  if (changed(untold.denied, told.denied)) fail("denied otherwise once more is known");
}

void judge(const Policies& policies, const Request& request) {
  check(decide(policies, request));
  if (!request.every) check_that_knowing_more_changes_nothing(policies, request);
  auto incomplete = policies;
  incomplete.complete = false;
  if (decide(incomplete, request).allowed == Truth::yes) fail("allowed by what was not read");
}

constexpr std::string_view kRequests[] = {
    R"({"principal":{"Service":"cloudtrail.amazonaws.com"},"action":"s3:PutObject",
        "resource":"arn:aws:s3:::logs/AWSLogs/111111111111/*",
        "context":{"aws:SourceAccount":"111111111111","s3:x-amz-acl":"bucket-owner-full-control"}})",
    R"({"principal":"*","action":"s3:*","resource":"arn:aws:s3:::logs","every":true})",
    R"({"principal":{"AWS":"arn:aws:iam::111111111111:role/r"},"action":"kms:Decrypt","resource":"*"})",
    R"({"action":"sts:AssumeRole"})"};

void judge(std::string_view policy, std::string_view request) {
  try {
    const auto policies = parse_policies(policy);
    for (const auto one : kRequests) judge(policies, parse_request(one));
    judge(policies, parse_request(request));
  } catch (const Error& error) {
    if (*error.what() == '\0') fail("an error without words");
  }
}

}  // namespace
}  // namespace ciswatch

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  const auto end = input.find('\0');
  const auto request = end == std::string::npos ? "" : input.substr(end + 1);
  ciswatch::judge(std::string_view(input).substr(0, end), request);
  return 0;
}
