#pragma once

// One row of a check's result as a finding, with the verdict that its ok, not_applicable and
// provenance give.

#include "rules/judge.h"

namespace ciswatch {

inline constexpr std::size_t kLongestDetail = 2000;

class RowReader {
 public:
  RowReader(const Job& job, const Ground& ground, ResultColumns columns, Ledger& ledger)
      : job_(job), ground_(ground), columns_(std::move(columns)), ledger_(ledger) {}

  // Throws Error for a row that breaks the contract: an ok that is none, an account that is not in
  // the snapshot, a call that is not in the ledger.
  [[nodiscard]] Finding read(const Statement& row) const;

 private:
  void read_place(const Statement& row, Finding& finding) const;
  [[nodiscard]] Verdict verdict(const Statement& row, Level level) const;
  [[nodiscard]] std::vector<SourceCall> calls(const Statement& row) const;

  const Job& job_;
  const Ground& ground_;
  ResultColumns columns_;
  Ledger& ledger_;
};

}  // namespace ciswatch
