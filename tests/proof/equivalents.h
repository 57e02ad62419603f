#pragma once

// Mutants that say the same of every input, each with the reason. They are tried like the others: one
// that a test notices stands here wrongly.

#include <array>
#include <string_view>

namespace ciswatch::proof {

struct Equivalent {
  std::string_view of;      // a check or a view
  std::string_view mutant;  // part of what describes it
  std::string_view reason;
};

inline constexpr std::array kEquivalents = {
    Equivalent{"aws_organizations_account_scp",
               "'account_id in (select management_id from member)' becomes '1 '",
               "bounds what is read; what is read is joined by management_id"},
};

}  // namespace ciswatch::proof
