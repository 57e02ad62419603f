#include "rules/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <tuple>

#include "core/base/files.h"
#include "core/base/text.h"
#include "rules/compile.h"
#include "rules/fixes.h"
#include "rules/lint_fix.h"
#include "rules/lint_sql.h"
#include "rules/loader.h"
#include "rules/settings.h"

namespace ciswatch {
namespace {

bool same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code error;
  return std::filesystem::weakly_canonical(a, error) == std::filesystem::weakly_canonical(b, error);
}

template <typename Item>
std::vector<std::string> ids_of(const std::vector<Item>& items) {
  std::vector<std::string> ids;
  for (const auto& item : items) ids.push_back(item.id);
  return ids;
}

class Linter {
 public:
  explicit Linter(const Library& library) : library_(library), views_(library.views) {}

  void read(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) {
      throw Error(fmt::format("cannot read {}: there is no such file", path.string()));
    }
    if (!std::filesystem::is_directory(path)) return read_single(path);
    const auto files = find_files(path);
    for (const auto& file : files.checks) add(file, checks_, read_check);
    for (const auto& file : files.packs) add(file, packs_, read_pack);
    for (const auto& file : files.fixes) add(file, fixes_, read_fix);
    add_views(views_, files.views);
    own_views_ = own_views_ || !files.views.empty();
  }

  std::vector<Diagnostic> judge() && {
    if (const auto sandbox = make_sandbox()) {
      for (const auto& check : checks_) {
        Problems problems(check.file.string(), found_);
        lint_sql(check, *sandbox, problems);
      }
      for (const auto& fix : fixes_) {
        Problems problems(fix.file.string(), found_);
        lint_fix(fix, views_, problems);
      }
    }
    for (const auto& check : checks_) {
      Problems problems(check.file.string(), found_);
      lint_tests(check, problems);
      lint_action(check, problems);
    }
    refuse_taken_ids(checks_, library_.checks);
    refuse_taken_ids(packs_, library_.packs);
    refuse_taken_ids(fixes_, shipped_);
    for (const auto& pack : packs_) lint_pack(pack);
    std::stable_sort(found_.begin(), found_.end(), [](const Diagnostic& a, const Diagnostic& b) {
      return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
    });
    return std::move(found_);
  }

 private:
  // A pack lies in a folder "packs", a fix in "fixes".
  void read_single(const std::filesystem::path& file) {
    const auto folder = file.parent_path().filename();
    if (folder == "packs") return add(file, packs_, read_pack);
    if (folder == "fixes") return add(file, fixes_, read_fix);
    add(file, checks_, read_check);
  }

  template <typename Item, typename Read>
  void add(const std::filesystem::path& file, std::vector<Item>& items, Read read_item) {
    const auto read_already = [&](const Item& item) { return same_file(item.file, file); };
    if (std::any_of(items.begin(), items.end(), read_already)) return;
    std::string text;
    try {
      text = read_file(file, kLongestFile);
    } catch (const Error& error) {
      found_.push_back({file.string(), 1, 1, error.what(), Severity::error});
      return;
    }
    auto item = read_item(file, text, found_);
    if (item) items.push_back(std::move(*item));
  }

  // nullptr when the views do not compile: all SQL would fail for that one reason.
  std::unique_ptr<Sandbox> make_sandbox() {
    try {
      auto sandbox = empty_sandbox(everything(read_views(views_.sql())));
      if (own_views_) lint_views(views_, *sandbox, found_);
      return sandbox;
    } catch (const SqlError& error) {
      found_.push_back(views_.at(error.offset(), error.what()));
      return nullptr;
    }
  }

  template <typename Item>
  void refuse_taken_ids(const std::vector<Item>& items, const std::vector<Item>& others) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto taken = [&](const Item& other) {
        return !items[i].id.empty() && other.id == items[i].id &&
               !same_file(other.file, items[i].file);
      };
      const auto before = items.begin() + static_cast<std::ptrdiff_t>(i);
      auto found = std::find_if(items.begin(), before, taken);
      const Item* other = found == before ? nullptr : &*found;
      if (other == nullptr) {
        const auto shipped = std::find_if(others.begin(), others.end(), taken);
        other = shipped == others.end() ? nullptr : &*shipped;
      }
      if (other == nullptr) continue;
      Problems problems(items[i].file.string(), found_);
      problems.error(
          {}, fmt::format("the id '{}' is also that of {}", items[i].id, other->file.string()));
    }
  }

  void lint_tests(const Check& check, Problems& problems) {
    bool pass = false;
    bool fail = false;
    bool unknown = false;
    for (const auto& test : check.tests) {
      for (const auto& expected : test.expect) {
        pass = pass || expected.verdict == Verdict::pass;
        unknown = unknown || expected.verdict == Verdict::unknown;
        fail = fail || expected.verdict == Verdict::warn || expected.verdict == Verdict::critical;
      }
      lint_test_settings(check, test, problems);
    }
    const Place place = check.tests.empty() ? Place{} : check.tests.front().place;
    if (!pass) problems.error(place, "no test expects a pass");
    if (!fail) problems.error(place, "no test expects a fault (warn or critical)");
    if (!unknown) problems.error(place, "no test expects an unknown: what if a call is denied?");
  }

  static void lint_test_settings(const Check& check, const CheckTest& test, Problems& problems) {
    std::vector<std::string> names;
    for (const auto& setting : check.settings) names.push_back(setting.name);
    for (const auto& [name, value] : test.settings) {
      const auto at = std::find(names.begin(), names.end(), name);
      if (at == names.end()) {
        problems.error(test.place,
                       fmt::format("the check has no setting '{}'{}",
                                   shortened(printable(name), 60), did_you_mean(name, names)));
        continue;
      }
      const auto& setting = check.settings[static_cast<std::size_t>(at - names.begin())];
      const auto wrong = wrong_value(setting, value);
      if (!wrong.empty()) problems.error(test.place, fmt::format("setting {}: {}", name, wrong));
    }
  }

  void lint_action(const Check& check, Problems& problems) {
    if (check.action.empty()) return;
    auto known = ids_of(fixes_);
    for (auto& id : ids_of(shipped_)) known.push_back(std::move(id));
    if (std::find(known.begin(), known.end(), check.action) != known.end()) return;
    problems.error(check.action_place,
                   fmt::format("there is no fix '{}'{}", shortened(printable(check.action), 60),
                               did_you_mean(check.action, known)));
  }

  void lint_pack(const Pack& pack) {
    Problems problems(pack.file.string(), found_);
    auto known = ids_of(checks_);
    for (auto& id : ids_of(library_.checks)) known.push_back(std::move(id));
    for (const auto& requirement : pack.requirements) {
      for (const auto& id : requirement.checks) {
        if (std::find(known.begin(), known.end(), id) != known.end()) continue;
        problems.error(requirement.place,
                       fmt::format("there is no check '{}'{}", shortened(printable(id), 60),
                                   did_you_mean(id, known)));
      }
    }
  }

  const Library& library_;
  ViewsText views_;
  bool own_views_ = false;
  std::vector<Check> checks_;
  std::vector<Pack> packs_;
  std::vector<Fix> fixes_;
  const std::vector<Fix> shipped_ = load_fixes(library_);
  std::vector<Diagnostic> found_;
};

}  // namespace

std::vector<Diagnostic> lint(std::span<const std::filesystem::path> paths, const Library& library) {
  Linter linter(library);
  for (const auto& path : paths) linter.read(path);
  return std::move(linter).judge();
}

}  // namespace ciswatch
