#pragma once

// Faults after which a better verdict is right, each with its reason. Everything else is a bug.

#include <array>
#include <string_view>

namespace ciswatch::proof {

struct Exception {
  std::string_view check;  // "" for any
  std::string_view test;   // part of the test's name; "" for any
  std::string_view fault;  // part of what was done
  std::string_view reason;
};

inline constexpr std::array kExceptions = {
    Exception{"cloudtrail-multi-region", "no custom ones", "GetEventSelectors",
              "DescribeTrails says that there are no custom selectors, which tells that all is recorded"},
    Exception{"cloudtrail-multi-region", "no custom ones", "event_selector",
              "DescribeTrails says that there are no custom selectors, which tells that all is recorded"},
    Exception{"cloudtrail-multi-region", "without custom selectors", "GetEventSelectors",
              "DescribeTrails says that there are no custom selectors, which tells that all is recorded"},
    Exception{"cloudtrail-multi-region", "without custom selectors", "event_selector",
              "DescribeTrails says that there are no custom selectors, which tells that all is recorded"},
    Exception{"cloudtrail-multi-region", "whatever its owner tells", "GetTrailStatus",
              "the owner of an organization trail tells what a member cannot read"},
    Exception{"cloudtrail-multi-region", "whatever its owner tells", "is_logging",
              "the owner of an organization trail tells what a member cannot read"},
    Exception{"cloudtrail-multi-region", "is judged by them", "GetEventSelectors",
              "the owner of an organization trail tells what a member cannot read"},
    Exception{"", "organization for bills alone", "feature_set",
              "there are SCPs attached, which only an organization with all features has"},
    Exception{"", "another list as theirs", "ListBuckets",
              "without the list of one of them nothing contradicts the other"},
    Exception{"", "is gone", "HeadBucket",
              "without the answer that it is gone nothing contradicts who lists it"},
    Exception{"", "is gone", "bucket_exists",
              "without the answer that it is gone nothing contradicts who lists it"},
    Exception{"", "not there any more", "HeadBucket",
              "without the answer that it is gone nothing contradicts who lists it"},
    Exception{"", "not there any more", "bucket_exists",
              "without the answer that it is gone nothing contradicts who lists it"},
    Exception{"", "", "/AccountId is null", "a metric that names no account is the alarm's own"},
    Exception{"cloudtrail-log-file-validation", "shadows count once", "DescribeTrails",
              "on AWS a shadow says what the home region says: it is as good a witness"},
    Exception{"cloudtrail-multi-region", "by NotEquals", "/NotEquals is null",
              "an operator that is null is not there, as AWS reads JSON"},
    Exception{"vpc-flow-log-role", "Firehose", "deliver_logs_permission_arn",
              "EC2 leaves the role out where Firehose delivers without one"},
    Exception{"", "", "/NotStartsWith is null",
              "an operator that is null is not there, as AWS reads JSON"},
    Exception{"", "", "/recordingStrategy is null",
              "recorders from before strategies have none, and their flags tell"},
    Exception{"", "", "/recordingModeOverrides is null", "AWS leaves it out where there are none"},
    Exception{"", "switched on", "organizations",
              "AWS detaches every SCP where they are switched off: one that is attached tells"},
    Exception{"", "two accounts list", "ListBuckets",
              "without the list of one of them nothing contradicts the other"},
};

}  // namespace ciswatch::proof
