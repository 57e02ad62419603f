#include "tests/proof/recipes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/base/json.h"
#include "core/report/recipes.h"
#include "tests/proof/stage.h"

namespace ciswatch::proof {

namespace {
constexpr std::size_t kMost = 2;  // of a check: more show nothing new, and take their time
}

std::vector<std::string> recipes_of(const Check& check, const Library& library) {
  const std::array alone = {&check};
  Stage stage(alone, library);
  CheckText text;
  text.remediation = check.remediation;
  const Recipes recipes(text);
  std::set<std::string> seen;
  std::vector<std::string> all;
  for (const auto& test : check.tests) {
    const auto fails = [](const ExpectedFinding& expected) { return has_failed(expected.verdict); };
    if (all.size() >= kMost || std::none_of(test.expect.begin(), test.expect.end(), fails)) continue;
    stage.show(test);
    for (const auto& finding : stage.run()) {
      if (!has_failed(finding.verdict)) continue;
      std::string forms;
      for (const auto& [form, fitted] : recipes.fit(finding)) {
        forms += fmt::format("{}{}:{}", forms.empty() ? "" : ",", json_quote(form), json_quote(fitted));
      }
      if (!seen.insert(forms).second) continue;
      all.push_back(fmt::format(R"({{"check":{},"test":{},"resource":{},"remediation":{{{}}}}})",
                                json_quote(check.id), json_quote(test.name), json_quote(finding.resource),
                                forms));
    }
  }
  return all;
}

}  // namespace ciswatch::proof
