#include "core/aws/lanes.h"

#include <algorithm>

namespace ciswatch {

Lanes::Lane& Lanes::at(const std::string& lane) {
  return lanes_.try_emplace(lane, Lane{0, static_cast<double>(widest_)}).first->second;
}

bool Lanes::enter(const std::string& lane) {
  Lane& found = at(lane);
  if (found.inside >= static_cast<int>(found.width)) return false;
  ++found.inside;
  return true;
}

void Lanes::leave(const std::string& lane) { --at(lane).inside; }

void Lanes::throttled(const std::string& lane) {
  Lane& found = at(lane);
  found.width = std::max(1.0, found.width / 2);
}

void Lanes::answered(const std::string& lane) {
  constexpr double kWidening = 0.25;
  Lane& found = at(lane);
  found.width = std::min<double>(widest_, found.width + kWidening);
}

int Lanes::width(const std::string& lane) const {
  const auto found = lanes_.find(lane);
  return found == lanes_.end() ? widest_ : static_cast<int>(found->second.width);
}

}  // namespace ciswatch
