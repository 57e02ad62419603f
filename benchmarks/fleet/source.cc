#include "benchmarks/fleet/source.h"

#include <fmt/format.h>

#include <algorithm>

#include "benchmarks/fleet/faults.h"
#include "benchmarks/fleet/item.h"
#include "benchmarks/fleet/networks.h"
#include "benchmarks/fleet/recorders.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kCollection = 1'800;  // seconds that a night's collection takes
constexpr std::size_t kCallsPerSecond = 40;

Json caller_identity(const Account& account) {
  Json answer;
  set(answer, "UserId", json_text("AROA" + account.dice.at("role").hex(17) + ":nightly", answer));
  set(answer, "Account", json_text(account.id, answer));
  set(answer, "Arn", json_text(auditor_arn(account), answer));
  return answer;
}

Json regions_answer(const Account& account) {
  Json answer;
  Items list(answer);
  const auto enabled = account.regions().size();
  for (std::size_t i = 0; i < all_regions().size(); ++i) {
    const Region& region = all_regions()[i];
    // A region left out by --regions is one that this fleet does not have.
    if (!region.opt_in && i >= enabled) continue;
    const char* status = !region.opt_in ? "opt-in-not-required"
                         : i < enabled  ? "opted-in"
                                        : "not-opted-in";
    list.add(Item(answer)
                 .add("OptInStatus", status)
                 .add("RegionName", region.name)
                 .add("Endpoint", fmt::format("ec2.{}.amazonaws.com", region.name)));
  }
  set(answer, "Regions", list);
  return answer;
}

// Whether the account has what changes in it.
bool shows_change(const Account& account) {
  const auto trails = trails_of(account);
  switch (account.change) {
    case Change::trail:
      return std::any_of(trails.begin(), trails.end(),
                         [&](const Trail& trail) { return trail.owner == account.id; });
    case Change::rotation: {
      const Keyring keyring(account, trails);
      const auto& keys = keyring.in(account.home);
      return std::any_of(keys.begin(), keys.end(), can_rotate);
    }
    case Change::access_logging: {
      const LogBuckets buckets(account, trails);
      return std::any_of(buckets.all().begin(), buckets.all().end(),
                         [](const auto& entry) { return entry.second.own && entry.second.exists; });
    }
    default:
      return true;
  }
}

Account make_account(const Options& options, std::uint64_t index) {
  Account account(options, index);
  if (account.change != Change::none && !shows_change(account)) account.change = Change::vpc;
  return account;
}

void fail(ApiAnswer& answer, ApiError error) {
  answer.end = CallEnd::error;
  answer.error = std::move(error);
}

// The first half of a list, and a promise of more that was not kept.
void lose_pages(ApiAnswer& answer) {
  Json& page = answer.pages.front().response;
  for (auto& member : page.GetObject()) {
    if (!member.value.IsArray()) continue;
    for (auto half = member.value.Size() / 2; half > 0; --half) member.value.PopBack();
  }
  fail(answer, {"InternalFailure", "An internal error occurred.", 500});
  answer.attempts = 6;
}

}  // namespace

FleetSource::FleetSource(const Options& options, std::uint64_t index)
    : account_(make_account(options, index)),
      trails_(trails_of(account_)),
      keys_(account_, trails_),
      buckets_(account_, trails_),
      started_(night_end(options) - kCollection +
               account_.dice.at(options.next_night ? "started" : "started before")
                   .between(0, kCollection - 300)) {}

void FleetSource::run(const std::function<void()>& tick) {
  while (!queue_.empty()) {
    auto [call, done] = next();
    done(answer(call));
    if (answered_ % 100 == 0) tick();
  }
}

// Answers come in no certain order: in half of the accounts another one on another night.
std::pair<ApiCall, Source::Done> FleetSource::next() {
  const bool from_front = !account_.options.next_night || depends_on_order(account_) ||
                          account_.dice.at("order").thousandth(500) ||
                          account_.dice.at("order", answered_).thousandth(700);
  auto taken = std::move(from_front ? queue_.front() : queue_.back());
  if (from_front) {
    queue_.pop_front();
  } else {
    queue_.pop_back();
  }
  return taken;
}

ApiAnswer FleetSource::answer(const ApiCall& call) {
  ApiAnswer answer;
  answer.region = call.region;
  answer.attempts = 1;
  answer.time = std::min(started_ + static_cast<UnixSeconds>(answered_ / kCallsPerSecond),
                         night_end(account_.options));
  if (auto refused = refusal(account_, call, answered_++)) {
    answer.end = refused->end;
    answer.error = std::move(refused->error);
    answer.attempts = refused->attempts;
    return answer;
  }
  answer.end = CallEnd::answered;
  answer_normally(call, answer);
  if (answer.end == CallEnd::answered && loses_pages(account_, call)) lose_pages(answer);
  return answer;
}

void FleetSource::answer_normally(const ApiCall& call, ApiAnswer& answer) const {
  const std::string target = call.params.empty() ? "" : call.params.front().second;
  if (call.service == "s3" && call.operation != "ListBuckets") {
    const Bucket* bucket = buckets_.find(target);
    if (bucket == nullptr || !bucket->exists) {
      return fail(answer,
                  call.operation == "HeadBucket"
                      ? ApiError{"404", "HTTP 404 without an explanation", 404}
                      : ApiError{"NoSuchBucket", "The specified bucket does not exist", 404});
    }
    answer.region = bucket->region;
    if (!bucket->readable) return fail(answer, denied(account_, call));
    Json response = respond_on_bucket(call, *bucket, answer);
    if (answer.end == CallEnd::answered) answer.pages.push_back({call, std::move(response)});
    return;
  }
  if (call.service == "s3control" && account_block(account_) == Block::none) {
    return fail(answer, {"NoSuchPublicAccessBlockConfiguration",
                         "The public access block configuration was not found", 404});
  }
  const bool about_trail =
      call.operation == "GetTrailStatus" || call.operation == "GetEventSelectors";
  if (about_trail && find_trail(target) == nullptr) {
    return fail(answer, {"TrailNotFoundException", "Unknown trail: " + target, 400});
  }
  const bool about_key =
      call.operation == "DescribeKey" || call.operation == "GetKeyRotationStatus";
  if (about_key && keys_.find(call.region, target) == nullptr) {
    return fail(answer, {"NotFoundException", fmt::format("Key '{}' does not exist", target), 400});
  }
  answer.pages.push_back({call, respond(call, target)});
}

Json FleetSource::respond(const ApiCall& call, const std::string& target) const {
  const std::string_view asked = call.operation;
  const std::string_view region = call.region;
  if (asked == "DescribeKey") return describe_key(*keys_.find(region, target), account_.id, region);
  if (asked == "GetKeyRotationStatus") return rotation_status(*keys_.find(region, target));
  if (asked == "ListKeys") return list_keys(keys_.in(region));
  if (asked == "DescribeTrails") return describe_trails(trails_, region);
  if (asked == "GetTrailStatus") return trail_status(*find_trail(target), account_.options);
  if (asked == "GetEventSelectors") return event_selectors(*find_trail(target));
  if (asked == "DescribeVpcs") return vpcs_answer(vpcs_of(account_, region), account_, region);
  if (asked == "DescribeFlowLogs") return flow_logs_answer(vpcs_of(account_, region), account_);
  if (asked == "DescribeConfigurationRecorders") {
    return recorders_answer(config_of(account_, region), account_);
  }
  if (asked == "DescribeConfigurationRecorderStatus") {
    return recorder_status_answer(config_of(account_, region), account_);
  }
  if (asked == "DescribeDeliveryChannels") return channels_answer(config_of(account_, region));
  if (asked == "ListBuckets") return list_buckets(account_, buckets_);
  if (asked == "GetPublicAccessBlock") return public_access_block(account_block(account_));
  if (asked == "DescribeRegions") return regions_answer(account_);
  if (asked == "GetCallerIdentity") return caller_identity(account_);
  throw Error(fmt::format("the synthetic fleet has no answer to {} {}", call.service, asked));
}

Json FleetSource::respond_on_bucket(const ApiCall& call, const Bucket& bucket,
                                    ApiAnswer& answer) const {
  const std::string_view asked = call.operation;
  if (asked == "HeadBucket") return head_bucket(bucket);
  if (asked == "GetBucketAcl") return bucket_acl(bucket, account_);
  if (asked == "GetBucketLogging") return bucket_logging(bucket, account_);
  if (asked == "GetBucketPolicyStatus") {
    if (bucket.has_policy) return bucket_policy_status(bucket);
    fail(answer, {"NoSuchBucketPolicy", "The bucket policy does not exist", 404});
  } else if (asked == "GetPublicAccessBlock") {
    if (bucket.block != Block::none) return public_access_block(bucket.block);
    fail(answer, {"NoSuchPublicAccessBlockConfiguration",
                  "The public access block configuration was not found", 404});
  } else if (asked == "GetBucketOwnershipControls") {
    if (bucket.ownership != Ownership::none) return bucket_ownership(bucket);
    fail(answer,
         {"OwnershipControlsNotFoundError", "The bucket ownership controls were not found", 404});
  } else {
    throw Error(fmt::format("the synthetic fleet has no answer to s3 {}", asked));
  }
  return {};
}

const Trail* FleetSource::find_trail(std::string_view arn) const {
  const auto found = std::find_if(trails_.begin(), trails_.end(),
                                  [&](const Trail& trail) { return trail.arn == arn; });
  return found == trails_.end() ? nullptr : &*found;
}

}  // namespace ciswatch::fleet
