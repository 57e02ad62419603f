#pragma once

// A plan of trails and keys that is applied to a cloud, and undone.

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/remediate/apply.h"
#include "tests/remediate/cloud.h"

namespace ciswatch {

inline constexpr const char* kOff = R"("V":false)";
inline constexpr const char* kOn = R"("V":true)";

class Applied : public testing::Test {
 protected:
  Applied()
      : path_(std::filesystem::path(testing::TempDir()) /
              (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".applied")) {
    remove();
  }
  ~Applied() override { remove(); }
  void remove() {
    for (const auto* end : {"", "-wal"}) std::filesystem::remove(path_.string() + end);
  }

  // "c1 done, c2 skipped: why", in the plan's order.
  std::string apply(const ChangePlan& plan) {
    auto journal = Journal::of_plan(path_, to_json(plan), [] { return UnixSeconds{1'800'000'000}; });
    return in_words(ciswatch::apply(cloud_, journal, options_));
  }
  std::string undo(std::optional<std::set<std::string>> only = {}) {
    auto journal = Journal::open(path_, [] { return UnixSeconds{1'800'000'000}; });
    return in_words(ciswatch::undo(cloud_, journal, only ? *only : done_in(journal), options_));
  }
  static std::string in_words(const std::vector<ChangeStep>& steps) {
    std::string text;
    for (const auto& step : steps) {
      text += fmt::format("{}{} {}{}{}", text.empty() ? "" : ", ", step.change->id, name_of(step.deed),
                          step.why.empty() ? "" : ": ", step.why);
    }
    return text;
  }
  std::string kinds() {
    const auto journal = Journal::open(path_, [] { return UnixSeconds{0}; });
    std::string text;
    for (const auto& event : journal.events()) text += (text.empty() ? "" : " ") + event.kind;
    return text;
  }

  Cloud cloud_;
  ApplyOptions options_;
  std::filesystem::path path_;
};

inline Change key_creation() {
  auto change = change_of("c1", "CreateKey", "", R"("Description":"for t")");
  change.service = "kms";
  change.params = R"({"Description":"for t"})";
  change.lookup = Lookup{"aws_kms_key", {{"description", "for t"}}};
  change.no_undo = "a key is not deleted";
  return change;
}

inline Change key_use() {
  auto change = update_of("c2", "t", R"("KmsKeyId":"")", R"("KmsKeyId":"")");
  const std::string reference = R"({"$result":"c1","pointer":"/KeyMetadata/Arn"})";
  change.params = fmt::format(R"({{"Name":"t","KmsKeyId":{}}})", reference);
  change.rows.front().before = R"({"KmsKeyId":null})";
  change.rows.front().after = fmt::format(R"({{"KmsKeyId":{}}})", reference);
  return change;
}

// A key whose row is named by the answer to its own creation, and that can be deleted.
inline Change named_key() {
  auto change = key_creation();
  const std::string name = R"({"$result":"c1","pointer":"/KeyMetadata/KeyId"})";
  change.rows = {{"aws_kms_key", kRegion, name, name, false, "", R"({"KeyMetadata":{"Description":"for t"}})"}};
  change.no_undo.clear();
  change.undo = UndoCall{"kms", "DeleteKey", fmt::format(R"({{"KeyId":{}}})", name)};
  return change;
}

}  // namespace ciswatch
