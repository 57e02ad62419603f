#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/plan/members.h"
#include "core/remediate/steps.h"

namespace ciswatch {

// What changes that were done have answered, and then shown of their rows: {"$result": …} refers to it.
class Answers {
 public:
  // `grows`: what is told from now on is kept, too; what undoing calls answer is nobody's.
  Answers(const std::map<std::string, Made>& made, bool grows) : grows_(grows) {
    for (const auto& [id, each] : made) documents_[id] = each.documents;
  }

  void begin(const std::string& change, std::string answer) {
    if (grows_) documents_[change] = {std::move(answer)};
  }
  void add(const std::string& change, std::string item) {
    if (grows_) documents_[change].push_back(std::move(item));
  }

  [[nodiscard]] std::optional<std::string> find(const std::string& change, const std::string& pointer) const {
    const auto found = documents_.find(change);
    return found == documents_.end() ? std::nullopt : value_in(found->second, pointer);
  }

 private:
  bool grows_;
  std::map<std::string, std::vector<std::string>> documents_;
};

}  // namespace ciswatch
