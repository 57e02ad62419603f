#pragma once

// One row of a check's result as a finding, with the verdict that its ok and not_applicable give,
// and the calls that it rests on.

#include "rules/judge.h"

namespace ciswatch {

inline constexpr std::size_t kLongestDetail = 2000;

class RowReader {
 public:
  // `unanswered`: what no call is looked up for that is not among them.
  RowReader(const Job& job, std::span<const Account> accounts, const ResultColumns& columns,
            Ledger& ledger, const UnansweredIds& unanswered)
      : job_(job), accounts_(accounts), columns_(columns), ledger_(ledger), unanswered_(unanswered) {}

  // Throws Error for a row that breaks the contract: an ok that is none, an account that is not in
  // the slice, a call that is not in the ledger, where it is looked up; and after too many calls that
  // were not answered.
  [[nodiscard]] Finding read(const Statement& row);

 private:
  void read_place(const Statement& row, Finding& finding);
  const Account& account_of(std::string_view id);
  [[nodiscard]] Verdict verdict(const Statement& row, Level level) const;
  void read_calls(const Statement& row, Finding& finding);

  const Job& job_;
  std::span<const Account> accounts_;
  const ResultColumns& columns_;
  Ledger& ledger_;
  const UnansweredIds& unanswered_;
  std::size_t found_ = 0;  // calls that were not answered, of all rows so far
  const Account* last_ = nullptr;  // rows of one account mostly follow each other
};

}  // namespace ciswatch
