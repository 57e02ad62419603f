#pragma once

// The net below the checks: what was not read is said, also where the SQL did not carry it.

#include <set>
#include <vector>

#include "rules/judge.h"

namespace ciswatch {

class Net {
 public:
  // `tables` are those that the check's SQL reads.
  Net(const Job& job, std::span<const Account> accounts, const std::set<const TableSpec*>& tables,
      Ledger& ledger);

  // Turns findings that rest on unanswered calls into unknown and adds the unknown findings that
  // are missing: for an account without a row, for an account × region that was not read.
  void add_missing(std::vector<Finding>& findings) const;

  // Adds to an unknown finding what was not answered, and to its calls those that explain it.
  void say_why(Finding& finding) const;

 private:
  void add_silent_accounts(std::vector<Finding>& findings) const;
  void add_unread_regions(std::vector<Finding>& findings) const;
  void find_causes(Finding& finding) const;
  [[nodiscard]] Finding unknown(const std::string& account, const std::string& region,
                                std::string resource, std::string detail) const;

  const Job& job_;
  std::span<const Account> accounts_;
  std::vector<const TableSpec*> tables_;
  Ledger& ledger_;
};

}  // namespace ciswatch
