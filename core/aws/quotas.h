#pragma once

// How many requests AWS takes from one account, as data. AWS counts in token buckets: a full bucket
// holds `burst` requests, and `rate` of them come back in a second.

#include <span>
#include <string>
#include <string_view>

namespace ciswatch {

struct Quota {
  std::string_view service;    // boto3's client name
  std::string_view operation;  // "" : all of the service that have no row of their own
  double rate;
  double burst;
  bool published;             // else a cautious number of ours, since AWS tells none
  std::string_view source;    // where the number stands, or why there is none
  bool each = false;          // each such operation has a bucket of its own
  bool global = false;        // one bucket for all regions
  std::string_view bucket = {};  // the name of one that several rows share
};

// Every service of operations() has a row with operation ""; the last row is for any other.
std::span<const Quota> quotas();

// The row that an operation falls under.
const Quota& quota_of(std::string_view service, std::string_view operation);

// The bucket's name inside an account and region: "ec2:DescribeVpcs", "cloudtrail".
std::string bucket_name(const Quota& quota, std::string_view operation);

}  // namespace ciswatch
