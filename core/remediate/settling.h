#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <vector>

#include "core/aws/call.h"

namespace ciswatch {

// What was just made is not known everywhere at once: IAM says of its writes that other services may
// see them seconds later (IAM User Guide, "Changes that I make are not always immediately visible"), and
// refuse a role until then. One thread.
class Settling {
 public:
  using Clock = std::chrono::steady_clock;

  // A refusal within `limit` of what the call rests on may be early; it is asked again each `pause`.
  Settling(std::chrono::milliseconds limit, std::chrono::milliseconds pause)
      : limit_(limit), pause_(pause) {}

  void made(std::size_t step) { made_[step] = Clock::now(); }

  // Whether the refusal of a step may be for what it needs. A denial is not: that role is not new.
  [[nodiscard]] bool may_be_early(const std::vector<std::size_t>& needs, const ApiAnswer& answer) const;

  void wait(std::size_t step) { waiting_.emplace(Clock::now() + pause_, step); }
  [[nodiscard]] bool is_anything_waiting() const { return !waiting_.empty(); }
  // Those whose pause is over, with `all` every one: they wait no more.
  std::vector<std::size_t> take(bool all);

 private:
  std::chrono::milliseconds limit_, pause_;
  std::map<std::size_t, Clock::time_point> made_;
  std::multimap<Clock::time_point, std::size_t> waiting_;
};

}  // namespace ciswatch
