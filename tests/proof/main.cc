// check_proof faults|mutants [K/N] [CHECK…]: what the shipped checks' own tests prove; of the mutants,
// the Kth of N shares. The last line counts. `check_proof recipes`: how those tests' findings are mended;
// `check_proof fixes [K/N] [FIX…]`: mutants of the fixes.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "core/base/cores.h"
#include "core/base/error.h"
#include "rules/self_test.h"
#include "tests/proof/equivalents.h"
#include "tests/proof/faults.h"
#include "tests/proof/fixes.h"
#include "tests/proof/mutants.h"
#include "tests/proof/recipes.h"
#include "tests/proof/stage.h"

namespace ciswatch::proof {
namespace {

std::vector<const Check*> chosen(const Library& library, std::span<char*> ids) {
  std::vector<const Check*> checks;
  for (const auto& check : library.checks) {
    const auto named = [&](const char* id) { return check.id == id; };
    if (ids.empty() || std::any_of(ids.begin(), ids.end(), named)) checks.push_back(&check);
  }
  if (!ids.empty() && checks.size() != ids.size()) {
    throw Error("not every word after the mode is the id of a check");
  }
  // The longest work first; what lives in a view is then soon left to the few tests that are special.
  std::stable_sort(checks.begin(), checks.end(), [](const Check* a, const Check* b) {
    return a->tests.size() > b->tests.size();
  });
  return checks;
}

// Each item once, on all cores.
template <typename Item>
void for_each(const std::vector<Item>& items, const std::function<void(const Item&)>& work) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < available_cores(); ++i) {
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < items.size(); at = next++) work(items[at]);
    });
  }
}

int faults(const Library& library, const std::vector<const Check*>& checks) {
  Faults all;
  std::mutex mutex;
  for_each<const Check*>(checks, [&](const Check* check) {
    const auto found = try_faults(*check, library);
    const std::lock_guard lock(mutex);
    all.calls += found.calls;
    all.fields += found.fields;
    all.members += found.members;
    for (const auto& wrong : found.wrong) fmt::print("{}\n", wrong);
    all.wrong.insert(all.wrong.end(), found.wrong.begin(), found.wrong.end());
  });
  fmt::print("{} faults tried on {} checks ({} of calls, {} of fields, {} inside documents): {} made "
             "something look better\n",
             all.calls + all.fields + all.members, checks.size(), all.calls, all.fields, all.members,
             all.wrong.size());
  return all.wrong.empty() ? 0 : 1;
}

int recipes(const Library& library, const std::vector<const Check*>& checks) {
  std::mutex mutex;
  for_each<const Check*>(checks, [&](const Check* check) {
    const auto found = recipes_of(*check, library);
    const std::lock_guard lock(mutex);
    for (const auto& line : found) fmt::print("{}\n", line);
  });
  return 0;
}

enum Fate { untried, lives, killed, wrong_sql };

// What is done with each mutant of the SQL of a view, by whichever check's tests come to it first.
struct ViewMutants {
  std::string sql;
  Diagnostic place;
  std::vector<Mutant> mutants;
  std::vector<std::atomic<int>> fate;  // of each: see Fate
};

// Checks of the same SQL, with the tests of all of them.
using Alike = std::vector<const Check*>;

std::vector<Alike> alike(const std::vector<const Check*>& checks) {
  std::vector<Alike> groups;
  for (const auto* check : checks) {
    if (check->tests.empty()) continue;
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Alike& group) {
      return group.front()->sql == check->sql;
    });
    (same == groups.end() ? groups.emplace_back() : *same).push_back(check);
  }
  return groups;
}

Fate fate_of(const std::vector<const CheckTest*>& tests, Stage& stage, const std::string& sql) {
  try {
    for (const auto* test : tests) {
      stage.show(*test);
      if (!difference(test->expect, stage.run(sql)).empty()) return killed;
    }
  } catch (const SqlError&) {
    return wrong_sql;
  } catch (const DatabaseError&) {
    return wrong_sql;
  }
  return lives;
}

std::optional<Share> share_of(std::string_view word) {
  const auto slash = word.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view text) {
    std::size_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return std::max<std::size_t>(1, value);
  };
  return Share{number(word.substr(0, slash)), number(word.substr(slash + 1))};
}

class Mutation {
 public:
  Mutation(const Library& library, Share share) : library_(library), share_(share) {
    for (const auto& view : read_views(library.views.sql())) {
      auto& entry = views_[view.name];
      entry.sql = view.sql;
      entry.place = library.views.at(view.offset, "");
      entry.mutants = sample(mutants_of(view.sql, false), share_);
      entry.fate = std::vector<std::atomic<int>>(entry.mutants.size());
    }
  }

  void try_checks(const Alike& checks) {
    const auto& check = *checks.front();
    Stage stage(checks, library_);
    std::vector<const CheckTest*> tests;
    for (const auto* each : checks) {
      for (const auto& test : each->tests) tests.push_back(&test);
    }
    for (const auto* test : tests) expect_good(*test, stage);
    for (const auto& mutant : sample(mutants_of(check.sql, true), share_)) {
      const auto sql = mutated(check.sql, mutant);
      const auto place = place_in_sql(check, static_cast<int>(mutant.offset));
      count(fate_of(tests, stage, sql), fmt::format("{}:{}", check.file.string(), place.line), check.id,
            describe(check.sql, mutant));
    }
    for (const auto* view : views_behind(check.sql, stage.views())) try_view(tests, *view, stage);
  }

  Score finish() {
    for (auto& [name, view] : views_) {
      for (std::size_t i = 0; i < view.mutants.size(); ++i) {
        count(view.fate[i], fmt::format("{}:{}", view.place.file, view.place.line), name,
              describe(view.sql, view.mutants[i]));
      }
    }
    return std::move(score_);
  }

 private:
  // Where a test fails as it is, every mutant would seem to be killed by it.
  static void expect_good(const CheckTest& test, Stage& stage) {
    stage.show(test);
    const auto differs = difference(test.expect, stage.run());
    if (!differs.empty()) throw Error(test.name + ":\n" + differs);
  }

  void try_view(const std::vector<const CheckTest*>& tests, const SharedView& view, Stage& stage) {
    auto& entry = views_.at(view.name);
    stage.replace_view(view, entry.sql);
    expect_good(*tests.front(), stage);
    for (std::size_t i = 0; i < entry.mutants.size(); ++i) {
      if (entry.fate[i] == killed || entry.fate[i] == wrong_sql) continue;
      try {
        stage.replace_view(view, mutated(entry.sql, entry.mutants[i]));
      } catch (const DatabaseError&) {
        entry.fate[i] = wrong_sql;
        continue;
      }
      entry.fate[i] = fate_of(tests, stage, stage.sql());
    }
    stage.replace_view(view, entry.sql);
  }

  // `of`: the check or the view.
  void count(int fate, const std::string& where, const std::string& of, const std::string& mutant) {
    if (fate == untried || fate == wrong_sql) return;
    const std::lock_guard lock(mutex_);
    const auto what = fmt::format("{}: {}: {}", where, of, mutant);
    if (is_equivalent(of, mutant)) {
      ++score_.equivalent;
      if (fate == killed) score_.wrong.push_back(what);
      return;
    }
    ++score_.made;
    score_.killed += fate == killed ? 1 : 0;
    if (fate == lives) score_.living.push_back(what);
  }

  const Library& library_;
  const Share share_;
  std::map<std::string, ViewMutants> views_;
  std::mutex mutex_;
  Score score_;
};

// Percent; the aim is 95 of all of them. A sample strays by a few.
constexpr double kLeastKilled = 92;

// `what`: whose they are.
int tell(Score score, const std::string& what) {
  std::sort(score.living.begin(), score.living.end());
  for (const auto& each : score.living) fmt::print("{}\n", each);
  for (const auto& each : score.wrong) fmt::print("{}: noticed, though it is listed as equivalent\n", each);
  const auto share = score.made == 0 ? 0.0 : 100.0 * static_cast<double>(score.killed) / static_cast<double>(score.made);
  fmt::print("{} of {} mutants of {} killed, beside {} that say the same of every input: {:.1f} %\n",
             score.killed, score.made, what, score.equivalent, share);
  return share >= kLeastKilled && score.wrong.empty() ? 0 : 1;
}

int mutants(const Library& library, const std::vector<const Check*>& checks, Share part) {
  Mutation mutation(library, part);
  for_each<Alike>(alike(checks), [&](const Alike& group) { mutation.try_checks(group); });
  return tell(mutation.finish(), fmt::format("{} checks and their views", checks.size()));
}

int fixes(const Library& library, std::span<char*> ids, Share part) {
  std::vector<Fix> all = load_fixes(library);
  if (!ids.empty()) {
    std::erase_if(all, [&](const Fix& fix) {
      return std::none_of(ids.begin(), ids.end(), [&](const char* id) { return fix.id == id; });
    });
  }
  Score score;
  std::mutex mutex;
  for_each<Fix>(all, [&](const Fix& fix) {
    auto found = try_fix(fix, library, part);
    const std::lock_guard lock(mutex);
    score.made += found.made;
    score.killed += found.killed;
    score.equivalent += found.equivalent;
    for (auto& each : found.living) score.living.push_back(std::move(each));
    for (auto& each : found.wrong) score.wrong.push_back(std::move(each));
  });
  return tell(std::move(score), fmt::format("{} fixes", all.size()));
}

}  // namespace
}  // namespace ciswatch::proof

int main(int argc, char** argv) {
  using namespace ciswatch;
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  const std::string_view mode = words.size() > 1 ? words[1] : "";
  const auto library = load_library(CISWATCH_SOURCE_DIR "/checks");
  std::size_t first = std::min<std::size_t>(2, words.size());
  const auto share = first < words.size() ? proof::share_of(words[first]) : std::nullopt;
  if (share) ++first;
  try {
    if (mode == "fixes") return proof::fixes(library, words.subspan(first), share.value_or(proof::Share()));
    const auto checks = proof::chosen(library, words.subspan(first));
    if (mode == "faults") return proof::faults(library, checks);
    if (mode == "recipes") return proof::recipes(library, checks);
    if (mode == "mutants") return proof::mutants(library, checks, share.value_or(proof::Share()));
  } catch (const Error& error) {
    fmt::print(stderr, "check_proof: {}\n", error.what());
    return 2;
  }
  fmt::print(stderr, "usage: check_proof faults|recipes|mutants|fixes [K/N] [ID...]\n");
  return 2;
}
