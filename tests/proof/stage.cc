#include "tests/proof/stage.h"

#include <algorithm>
#include <memory>

#include "rules/compile.h"
#include "rules/given.h"
#include "rules/settings.h"
#include "rules/slices.h"

namespace ciswatch::proof {
namespace {

std::map<std::string, Value> settings_for(const Check& check, const CheckTest& test) {
  std::map<std::string, std::string> set;
  for (const auto& [name, value] : test.settings) set[check.id + '.' + name] = value;
  return settings_of(check, set);
}

}  // namespace

Stage::Stage(std::span<const Check* const> checks, const Library& library)
    : source_{"the test's snapshot", "", {}, [](std::string_view) { return true; },
              [] { return empty_database(); }},
      check_(*checks.front()),
      sql_(check_.sql) {
  options_.verify_calls = true;
  options_.retry_accounts = false;
  ground_.source = &source_;
  ground_.options = &options_;
  ground_.library = &library;
  const std::string_view sql = sql_;
  ground_.shown = named_by({&sql, 1}, read_views(library.views.sql()));
  bench_.emplace(ground_, Slice::any);
  check_.tests.clear();
  for (const auto* check : checks) {
    for (const auto& test : check->tests) owners_.emplace(&test, check);
  }
}

// All but the SQL, by whose place in memory what is compiled is known.
void Stage::become(const Check& check) {
  if (check_.id == check.id) return;
  if (reads_by_setting()) bench_->forget();
  check_.id = check.id;
  check_.level = check.level;
  check_.scope = check.scope;
  check_.settings = check.settings;
  if (reads_by_setting()) bench_->forget();
}

bool Stage::reads_by_setting() const {
  return std::any_of(check_.settings.begin(), check_.settings.end(),
                     [](const Setting& setting) { return !setting.reads.empty(); });
}

// A transaction holds the rows, so that what is compiled stays.
void Stage::show(const CheckTest& test) {
  leave();
  become(*owners_.at(&test));
  auto found = tests_.find(&test);
  if (found == tests_.end()) found = tests_.emplace(&test, make_shown(test)).first;
  shown_ = &found->second;
  ground_.accounts = shown_->accounts;
  execute("begin");
  insert_given(test, [&](std::string_view sql) { return bench_->sandbox().prepare_trusted(sql); });
}

void Stage::leave() {
  if (shown_ == nullptr) return;
  execute("rollback");
  shown_ = nullptr;
}

Stage::Shown Stage::make_shown(const CheckTest& test) {
  Shown shown{&test, settings_for(check_, test), {}, {}, {}};
  shown.reads = reads_with(shown.settings);
  auto database = given_database(test);
  shown.accounts = shown.again = read_accounts(database, shown.reads.tables);
  return shown;
}

// What is read may hang on the settings: what was compiled with others says nothing of it.
const Reads& Stage::reads_with(const std::map<std::string, Value>& settings) {
  const auto key = reads_by_setting() ? std::pair(check_.id, settings)
                                      : std::pair(std::string(), std::map<std::string, Value>());
  const auto found = reads_.find(key);
  if (found != reads_.end()) return found->second;
  bench_->forget();
  auto check = check_;
  check.sql = sql_;
  auto reads = bench_->prepare({&check, check.level, settings}).reads;
  bench_->forget();
  return reads_.emplace(key, std::move(reads)).first->second;
}

std::vector<Finding> Stage::run() { return run(sql_); }

std::vector<Finding> Stage::run(const std::string& sql) {
  const bool other_settings = settings_ != shown_->settings;
  if (check_.sql != sql || (other_settings && reads_by_setting())) bench_->forget();
  check_.sql = sql;
  settings_ = shown_->settings;
  const Job job{&check_, check_.level, settings_};
  bench_->prepare(job);
  again_ = !again_;
  std::atomic<std::int64_t> time{std::chrono::nanoseconds(std::chrono::seconds(10)).count()};
  const auto& accounts = again_ ? shown_->again : shown_->accounts;
  Findings findings;
  for (const auto& batch : run_check(job, ground_, {accounts, false, 1}, *bench_, time)) {
    findings.add(batch);
  }
  std::vector<Finding> all;
  for (const auto& range : findings.ranges()) all.insert(all.end(), range.begin(), range.end());
  return all;
}

// The sandbox has the names of all accounts' tables as org_<table>.
void Stage::replace_view(const SharedView& view, const std::string& sql) {
  leave();
  std::string text = sql;
  for (auto at = text.find("org."); at != std::string::npos; at = text.find("org.", at)) text[at + 3] = '_';
  execute("drop view if exists temp." + view.name);
  execute(text);
  // SQLite compiles anew what stands, the ledger's own statement under the guard that it was let past.
  std::destroy_at(&bench_->ledger());
  std::construct_at(&bench_->ledger(), bench_->sandbox(), source_);
  bench_->forget();
}

std::vector<std::vector<std::string>> Stage::select(const std::string& sql) {
  auto rows = bench_->sandbox().prepare_trusted(sql);
  std::vector<std::vector<std::string>> all;
  while (rows.step()) {
    auto& row = all.emplace_back();
    for (int i = 0; i < rows.columns(); ++i) row.emplace_back(rows.text(i));
  }
  return all;
}

void Stage::execute(const std::string& sql) { bench_->sandbox().prepare_trusted(sql).step(); }

void Stage::set(const std::string& sql, const Value& value) {
  auto statement = bench_->sandbox().prepare_trusted(sql);
  statement.bind(1, value);
  statement.step();
}

void Stage::with(const std::function<void()>& change, const std::function<void()>& look) {
  execute("savepoint before");
  change();
  look();
  execute("rollback to before");
  execute("release before");
}

}  // namespace ciswatch::proof
