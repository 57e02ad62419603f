// Changes that do not wait for each other begin first where the fewest are under way.

#include "core/remediate/order.h"

#include <gtest/gtest.h>

#include "tests/remediate/cloud.h"

namespace ciswatch {
namespace {

class Ordered : public testing::Test {
 protected:
  // A change in this region that needs steps and, where `row` is one, changes its row.
  void add(const std::string& region, std::vector<std::size_t> needs = {}, const std::string& row = "") {
    auto& change = changes_.emplace_back(change_of("c", "UpdateTrail", row, ""));
    change.region = region;
    ChangeStep step;
    step.change = &change;
    step.needs = std::move(needs);
    if (!row.empty()) step.rows = update_of("c", row, R"("V":1)", R"("V":2)").rows;
    steps_.push_back(std::move(step));
  }
  // The steps in the order in which they begin, each `lasting` so many later ones.
  std::string in_order(std::size_t lasting) {
    Order order(steps_);
    std::vector<std::size_t> begun;
    std::set<std::size_t> over;
    std::string text;
    while (over.size() < steps_.size()) {
      if (const auto next = order.next([&](std::size_t i) { return over.contains(i); })) {
        begun.push_back(*next);
        text += fmt::format("{} ", *next);
        if (begun.size() < lasting) continue;
      }
      if (begun.empty()) return text + "stuck";
      over.insert(begun.front());
      order.ended(begun.front());
      begun.erase(begun.begin());
    }
    return text;
  }

  std::deque<Change> changes_;
  std::vector<ChangeStep> steps_;
};

TEST_F(Ordered, OneAtATimeItIsThePlans) {
  for (const auto* region : {"a", "a", "b", "a"}) add(region);
  EXPECT_EQ(in_order(1), "0 1 2 3 ");
}

TEST_F(Ordered, RegionsTakeTurns) {
  for (const auto* region : {"a", "a", "a", "a", "b", "b", "c"}) add(region);
  EXPECT_EQ(in_order(4), "0 4 6 1 2 5 3 ");
}

TEST_F(Ordered, NothingBeginsBeforeWhatItNeeds) {
  add("a");
  add("b", {0});
  add("c", {1});
  EXPECT_EQ(in_order(16), "0 1 2 ");
}

TEST_F(Ordered, ChangesOfOneRowKeepTheirOrder) {
  add("a", {}, "t");
  add("a", {}, "t");
  add("a", {}, "u");
  add("a", {}, "t");
  EXPECT_EQ(in_order(16), "0 2 1 3 ");
}

TEST_F(Ordered, WhatIsOverDoesNotBegin) {
  add("a");
  add("a");
  steps_[0].deed = Deed::done;
  Order order(steps_);
  const auto all = [](std::size_t) { return true; };
  EXPECT_EQ(order.next(all), 1U);
  EXPECT_EQ(order.next(all), std::nullopt);
}

}  // namespace
}  // namespace ciswatch
