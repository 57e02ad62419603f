#pragma once

// A check, or several of the same SQL, on the rows of its tests, one test after the other: compiled
// once, it, or what was made of it, is run again and again while rows are changed and put back. One
// thread.

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/judge.h"
#include "rules/source.h"

namespace ciswatch::proof {

class Stage {
 public:
  // Checks of the same SQL, one at least. They outlive this.
  Stage(std::span<const Check* const> checks, const Library& library);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // From now on the rows are those of this test of one of the checks.
  void show(const CheckTest& test);

  // What the check says of them, or another SQL in its place. Throws SqlError for SQL that is none.
  std::vector<Finding> run();
  std::vector<Finding> run(const std::string& sql);

  // From now on a shared view is another one. A test has to be shown after it.
  void replace_view(const SharedView& view, const std::string& sql);

  // What a statement of the test itself selects, each row as its texts.
  std::vector<std::vector<std::string>> select(const std::string& sql);

  // Changes rows, says what becomes of the findings, and puts the rows back.
  void with(const std::function<void()>& change, const std::function<void()>& look);
  void execute(const std::string& sql);
  void set(const std::string& sql, const Value& value);  // with one value to bind

  [[nodiscard]] const std::string& sql() const { return sql_; }  // the checks' own
  [[nodiscard]] const Reads& reads() const { return shown_->reads; }
  [[nodiscard]] const CheckTest& test() const { return *shown_->test; }
  [[nodiscard]] const std::vector<SharedView>& views() const { return ground_.shown.views; }

 private:
  struct Shown {
    const CheckTest* test = nullptr;
    std::map<std::string, Value> settings;
    Reads reads;
    std::vector<Account> accounts, again;  // twice: a ledger keeps what it read of the same ones
  };

  Shown make_shown(const CheckTest& test);
  const Reads& reads_with(const std::map<std::string, Value>& settings);
  void become(const Check& check);
  [[nodiscard]] bool reads_by_setting() const;
  void leave();

  SnapshotSource source_;
  EvaluateOptions options_;
  Ground ground_;
  std::optional<Bench> bench_;
  std::map<const CheckTest*, const Check*> owners_;
  Check check_;            // the owner of the test that is shown, with the SQL that is run
  const std::string sql_;  // its own
  std::map<std::string, Value> settings_;  // that it was compiled with
  std::map<std::pair<std::string, std::map<std::string, Value>>, Reads> reads_;  // by check
  std::map<const CheckTest*, Shown> tests_;
  const Shown* shown_ = nullptr;
  bool again_ = false;
};

}  // namespace ciswatch::proof
