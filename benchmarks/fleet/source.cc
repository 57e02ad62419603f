#include "benchmarks/fleet/source.h"

#include <algorithm>

#include "benchmarks/fleet/answers.h"
#include "benchmarks/fleet/faults.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kCollection = 1'800;  // seconds that a night's collection takes
constexpr std::size_t kCallsPerSecond = 40;

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
    : model_(options, index),
      started_(night_end(options) - kCollection +
               model_.account.dice.at(options.next_night ? "started" : "started before")
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
  const bool from_front = !model_.account.options.next_night || depends_on_order(model_.account) ||
                          model_.account.dice.at("order").thousandth(500) ||
                          model_.account.dice.at("order", answered_).thousandth(700);
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
                         night_end(model_.account.options));
  if (auto refused = refusal(model_.account, call, answered_++)) {
    answer.end = refused->end;
    answer.error = std::move(refused->error);
    answer.attempts = refused->attempts;
    return answer;
  }
  answer.end = CallEnd::answered;
  answer_normally(call, answer);
  if (answer.end == CallEnd::answered && loses_pages(model_.account, call)) lose_pages(answer);
  return answer;
}

void FleetSource::answer_normally(const ApiCall& call, ApiAnswer& answer) const {
  if (call.service == "s3" && call.operation != "ListBuckets") {
    const Bucket* bucket = model_.buckets.find(param(call));
    if (bucket != nullptr && bucket->exists) {
      answer.region = bucket->region;
      if (!bucket->readable) return fail(answer, denied(model_.account, call));
    }
  }
  auto said = reply(model_, call);
  if (auto* refused = std::get_if<ApiError>(&said)) return fail(answer, std::move(*refused));
  answer.pages.push_back({call, std::move(std::get<Json>(said))});
}

}  // namespace ciswatch::fleet
