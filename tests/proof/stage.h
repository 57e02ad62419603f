#pragma once

// One test of a check, with its rows in a database that stays: the check, or what was made of it, is
// run on it again and again while rows are changed and put back. One thread.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/judge.h"
#include "rules/source.h"

namespace ciswatch::proof {

class Stage {
 public:
  Stage(const Check& check, const CheckTest& test, const Library& library);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // What the check says, or another SQL in its place. Throws SqlError for SQL that is none.
  std::vector<Finding> run();
  std::vector<Finding> run(const std::string& sql);

  // From now on a shared view is another one.
  void replace_view(const SharedView& view, const std::string& sql);

  // What a statement of the test itself selects, each row as its texts.
  std::vector<std::vector<std::string>> select(const std::string& sql);

  // Changes rows, says what becomes of the findings, and puts the rows back.
  void with(const std::function<void()>& change, const std::function<void()>& look);
  void execute(const std::string& sql);
  void set(const std::string& sql, const Value& value);  // with one value to bind

  [[nodiscard]] const Reads& reads() const { return reads_; }
  [[nodiscard]] const CheckTest& test() const { return test_; }
  [[nodiscard]] const std::vector<SharedView>& views() const { return ground_.views; }

 private:
  const CheckTest& test_;
  SnapshotSource source_;
  EvaluateOptions options_;
  Ground ground_;
  std::vector<Account> again_;  // the accounts once more: a ledger keeps what it read of the same ones
  bool again_next_ = false;
  std::optional<Bench> bench_;
  Check check_;             // with the SQL that is run
  const std::string sql_;  // its own
  std::map<std::string, Value> settings_;
  Reads reads_;
};

}  // namespace ciswatch::proof
