// What was done is undone where it still is as it was left.

#include "tests/remediate/applied.h"

namespace ciswatch {
namespace {

TEST_F(Applied, UndoneIsWhatIsStillAsItWasLeft) {
  cloud_.add_trail("t", kOff);
  cloud_.add_trail("u", kOff);
  const auto plan = plan_of({update_of("c1", "t", kOn, kOff), update_of("c2", "u", kOn, kOff)});
  apply(plan);
  cloud_.add_trail("t", R"("V":"other")");
  EXPECT_EQ(undo(), "c2 done, c1 skipped: changed since it was done: aws_cloudtrail_trail t V is \"other\" "
                    "instead of true");
  EXPECT_EQ(cloud_.trail("u"), R"({"TrailARN":"u","Name":"u","V":false})");
  EXPECT_EQ(apply(plan), "c1 done, c2 undone: it was undone; plan again to do it again");
}

TEST_F(Applied, UndoGoesBackwardsThroughWhatNeedsEachOther) {
  auto second = creation_of("c2", "u");
  second.needs = {"c1"};
  apply(plan_of({creation_of("c1", "t"), second}));
  cloud_.writes.clear();
  EXPECT_EQ(undo(), "c2 done, c1 done");
  EXPECT_EQ(cloud_.writes, (std::vector<std::string>{R"(DeleteTrail {"Name":"u"})", R"(DeleteTrail {"Name":"t"})"}));
  EXPECT_EQ(undo(), "");
}

TEST_F(Applied, WhatIsNeededByWhatStaysIsNotUndone) {
  auto second = creation_of("c2", "u");
  second.needs = {"c1"};
  second.undo.reset();
  second.no_undo = "it stays";
  apply(plan_of({creation_of("c1", "t"), second}));
  EXPECT_EQ(undo(), "c2 stays: it cannot be undone: it stays, c1 stays: c2, which stays, needs it");
  EXPECT_NE(cloud_.trail("t"), "");
}

TEST_F(Applied, WhatHelpedNothingIsFoundForUndo) {
  auto shared = creation_of("c1", "t");
  shared.findings = {"f-1", "f-2"};
  auto second = creation_of("c2", "u");
  second.needs = {"c1"};
  second.findings = {"f-2"};
  auto third = creation_of("c3", "v");
  third.findings = {"f-3"};
  auto fourth = creation_of("c4", "w");
  fourth.needs = {"c3"};
  fourth.findings = {"f-1"};
  apply(plan_of({shared, second, third, fourth}));
  const auto journal = Journal::open(path_, [] { return UnixSeconds{0}; });
  EXPECT_EQ(useless_in(journal, {"f-1"}), (std::set<std::string>{"c2"}));
  EXPECT_EQ(useless_in(journal, {"f-2"}), (std::set<std::string>{"c3", "c4"}));
  EXPECT_EQ(useless_in(journal, {"f-3"}), (std::set<std::string>{"c1", "c2", "c4"}));
  EXPECT_TRUE(useless_in(journal, {"f-1", "f-2"}).empty());
}

}  // namespace
}  // namespace ciswatch
