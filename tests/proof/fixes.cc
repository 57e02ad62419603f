#include "tests/proof/fixes.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>

#include "core/base/error.h"
#include "rules/fix_self_test.h"
#include "tests/proof/equivalents.h"

namespace ciswatch::proof {
namespace {

// nullopt: it is no SQL.
std::optional<bool> is_noticed(const std::deque<FixBench>& tests, const std::string& sql) {
  try {
    return std::any_of(tests.begin(), tests.end(),
                       [&](const FixBench& test) { return !test.unexpected(sql).empty(); });
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

Score try_fix(const Fix& fix, const Library& library, Share share) {
  std::deque<FixBench> tests;
  for (const auto& test : fix.tests) {
    const auto differs = tests.emplace_back(fix, test, library).unexpected(fix.sql);
    if (!differs.empty()) throw Error(test.given.name + ":\n" + differs);
  }
  Score score;
  for (const auto& mutant : sample(mutants_of(fix.sql, false), share)) {
    const auto noticed = is_noticed(tests, mutated(fix.sql, mutant));
    if (!noticed) continue;
    const auto place = place_in_sql(fix, static_cast<int>(mutant.offset));
    const auto said = describe(fix.sql, mutant);
    const auto what = fmt::format("{}:{}: {}: {}", fix.file.string(), place.line, fix.id, said);
    if (is_equivalent(fix.id, said)) {
      ++score.equivalent;
      if (*noticed) score.wrong.push_back(what);
      continue;
    }
    ++score.made;
    if (*noticed) ++score.killed;
    if (!*noticed) score.living.push_back(what);
  }
  return score;
}

}  // namespace ciswatch::proof
