#include "core/hooks/hooks.h"

#include "core/base/json.h"
#include "tests/hooks/rig.h"

namespace ciswatch {
namespace {

ChangePlan sample() {
  ChangePlan plan;
  Change change;
  change.id = "c1";
  change.title = "</script>\n\"; rm -rf /";
  change.params = R"({"Name":"t"})";
  change.findings = {"f1"};
  plan.changes = {change};
  plan.findings = {{"f1", "trail-check", "111111111111", "us-east-1", "arn", "warn", "d"}};
  return plan;
}

std::vector<Hook> of(HookEvent event, Hook hook) {
  hook.event = event;
  return {hook};
}

TEST(Hooks, AChangeIsVetoedByAnythingButExitCode0) {
  const rig::Folder folder;
  const auto plan = sample();
  const auto veto = [&](std::string_view script) {
    auto hook = folder.hook(script);
    hook.limit = hook.grace = std::chrono::milliseconds(200);
    return Hooks(of(HookEvent::before_apply, hook), plan).veto(plan.changes[0]);
  };
  EXPECT_EQ(veto("echo fine"), std::nullopt);
  EXPECT_EQ(veto("echo 'not in a freeze'; exit 1"), "./hook: exit code 1: not in a freeze");
  EXPECT_EQ(veto("kill -9 $$"), "./hook: ended by signal 9");
  EXPECT_EQ(veto("exec sleep 60")->substr(0, 23), "./hook: its time was up");
  auto missing = folder.hook("");
  missing.run = {"./missing"};
  EXPECT_TRUE(Hooks(of(HookEvent::before_apply, missing), plan).veto(plan.changes[0]));
}

TEST(Hooks, TheFirstVetoIsTold) {
  const rig::Folder folder;
  const auto plan = sample();
  auto first = folder.hook(R"(echo "$1" >> asked; exit "$1")");
  first.event = HookEvent::before_apply;
  auto second = first, third = first;
  first.run.push_back("0");
  second.run.push_back("5");
  third.run.push_back("6");
  EXPECT_EQ(Hooks({first, second, third}, plan).veto(plan.changes[0]), "./hook: exit code 5");
  EXPECT_EQ(folder.read("asked"), "0\n5\n");
}

TEST(Hooks, OnlyThoseOfTheEventAndOfTheChecksAreAsked) {
  const rig::Folder folder;
  const auto plan = sample();
  auto hook = folder.hook("exit 1");
  EXPECT_EQ(Hooks(of(HookEvent::after_apply, hook), plan).veto(plan.changes[0]), std::nullopt);
  EXPECT_TRUE(Hooks(of(HookEvent::before_apply, hook), plan).tell(plan.changes[0], "done", "").empty());
  hook.checks = {"another-check"};
  EXPECT_EQ(Hooks(of(HookEvent::before_apply, hook), plan).veto(plan.changes[0]), std::nullopt);
  hook.checks = {"another-check", "trail-check"};
  EXPECT_TRUE(Hooks(of(HookEvent::before_apply, hook), plan).veto(plan.changes[0]));
}

TEST(Hooks, TellWhatHasBecomeOfTheChange) {
  const rig::Folder folder;
  const auto plan = sample();
  const Hooks hooks(of(HookEvent::after_apply, folder.hook("cat > told; exit 2")), plan);
  EXPECT_EQ(hooks.tell(plan.changes[0], "failed", "no \"permission\""),
            std::vector<std::string>{"./hook: exit code 2"});
  const auto told = parse_json(folder.read("told"));
  EXPECT_EQ(text_or_empty(told, "event"), "after_apply");
  EXPECT_EQ(text_or_empty(told["plan"], "hash"), plan_hash(plan));
  EXPECT_EQ(text_or_empty(told["change"], "title"), plan.changes[0].title);
  EXPECT_EQ(text_or_empty(told["change"]["params"], "Name"), "t");
  EXPECT_EQ(text_or_empty(told, "outcome"), "failed");
  EXPECT_EQ(text_or_empty(told, "why"), "no \"permission\"");
  EXPECT_EQ(text_or_empty(told["tool"], "name"), "ciswatch");
}

}  // namespace
}  // namespace ciswatch
