// What AWS shows later is waited for only where all that was to be done is done, and not for ever.

#include "core/remediate/settles.h"

#include "tests/remediate/applied.h"

namespace ciswatch {
namespace {

constexpr UnixSeconds kDone = 1'800'000'000;  // of Applied's journals

class SettlesLater : public Applied {
 protected:
  SettlesLater() {
    cloud_.add_trail("t", kOff);
    cloud_.add_trail("u", kOff);
  }
  // Of both changes one finding, which shows later, as does another of the second.
  static ChangePlan plan() {
    auto first = update_of("c1", "t", kOn, kOff);
    first.settles = {{30, "events arrive"}};
    auto second = update_of("c2", "u", kOn, kOff);
    second.findings = {"f-c1", "f-c2"};
    second.settles = first.settles;
    return plan_of({first, second});
  }
  std::string settling(UnixSeconds now) {
    std::string text;
    for (const auto& [finding, why] : settling_findings(Journal::open(path_, [] { return kDone; }), now)) {
      text += fmt::format("{} {} ", finding, why);
    }
    return text;
  }
};

TEST_F(SettlesLater, AFindingWaitsUntilItsTimeIsOver) {
  apply(plan());
  EXPECT_EQ(settling(kDone + 30 * 60 - 1),
            "f-c1 done; events arrive, which AWS shows by about 2027-01-15T08:30:00Z: scan again then "
            "f-c2 done; events arrive, which AWS shows by about 2027-01-15T08:30:00Z: scan again then ");
  EXPECT_EQ(settling(kDone + 30 * 60), "");
}

TEST_F(SettlesLater, NotWhereACallOfItIsMissing) {
  cloud_.add_trail("u", R"("V":"third")");
  apply(plan());
  EXPECT_EQ(settling(kDone), "");
}

TEST_F(SettlesLater, NotWhereItIsNotReadBackAsPlanned) {
  cloud_.after = [this](const ApiCall& call) {
    if (call.operation == "UpdateTrail") cloud_.add_trail("u", R"("V":"third")");
  };
  options_.side_by_side = 1;
  apply(plan());
  EXPECT_EQ(settling(kDone), "");
}

TEST_F(SettlesLater, NotWhereNothingWasCalled) {
  cloud_.add_trail("t", kOn);
  cloud_.add_trail("u", kOn);
  apply(plan());
  EXPECT_EQ(settling(kDone), "");
}

TEST_F(SettlesLater, NotWhereAChangeOfItShowsAtOnce) {
  auto changes = plan().changes;
  changes[0].settles.reset();
  apply(plan_of(changes));
  EXPECT_EQ(settling(kDone).find("f-c1"), std::string::npos);
  EXPECT_NE(settling(kDone).find("f-c2"), std::string::npos);
}

TEST_F(SettlesLater, NotWhenItIsUndone) {
  apply(plan());
  undo();
  EXPECT_EQ(settling(kDone), "");
}

TEST_F(SettlesLater, ACallWhoseAnswerWasLostAndThatIsFoundToBeDoneCounts) {
  cloud_.fault = [this](const ApiCall& call) -> std::optional<ApiAnswer> {
    if (call.operation != "UpdateTrail") return std::nullopt;
    cloud_.answer_to(call);
    return Cloud::error("AnswerLost", 0, true);
  };
  apply(plan());
  EXPECT_NE(settling(kDone), "");
}

}  // namespace
}  // namespace ciswatch
