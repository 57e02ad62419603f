#pragma once

#include <map>
#include <string>

namespace ciswatch {

// How many calls each service of an account and region may have under way. AWS counts requests per
// account, region and service, so a throttled answer halves that lane and answers widen it again.
// A call keeps its place through retries and pages: waiting is what relieves the service.
class Lanes {
 public:
  explicit Lanes(int widest) : widest_(widest) {}

  bool enter(const std::string& lane);  // false: full
  void leave(const std::string& lane);
  void throttled(const std::string& lane);
  void answered(const std::string& lane);
  [[nodiscard]] int width(const std::string& lane) const;

 private:
  struct Lane {
    int inside = 0;
    double width = 0;
  };
  Lane& at(const std::string& lane);

  int widest_;
  std::map<std::string, Lane> lanes_;
};

}  // namespace ciswatch
