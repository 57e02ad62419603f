#pragma once

// Small mistakes, put into the SQL of checks and of the views that they share: operators flipped,
// clauses dropped, constants changed. A mutant lives if no test of any check notices.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ciswatch::proof {

struct Mutant {
  std::size_t offset = 0, length = 0;  // what of the SQL is replaced
  std::string with;
};

// Of a statement that selects. What only words a finding, or names the calls behind it, is left alone:
// it decides nothing. Of a check's own SQL that are also the columns of evidence.
std::vector<Mutant> mutants_of(std::string_view sql, bool of_check);

// One of `count` shares of all mutants.
struct Share {
  std::size_t number = 1, count = 1;
};
std::vector<Mutant> sample(const std::vector<Mutant>& all, Share share);

std::string mutated(std::string_view sql, const Mutant& mutant);

// What became of them.
struct Score {
  std::size_t made = 0, killed = 0, equivalent = 0;
  std::vector<std::string> living, wrong;  // wrong: noticed, though it is listed as equivalent
};

// "and a = 1 → and", for people.
std::string describe(std::string_view sql, const Mutant& mutant);

}  // namespace ciswatch::proof
