#pragma once

// Makes each call that a check reads fail in each way, and each field of what it reads null or of
// another type, and sees to it that nothing looks better for it.

#include <cstddef>
#include <string>
#include <vector>

#include "rules/library.h"

namespace ciswatch::proof {

struct Faults {
  std::size_t calls = 0, fields = 0, members = 0;  // how many were tried
  std::vector<std::string> wrong;                  // a verdict that got better, and by what
};

// On the rows of each of the check's own tests.
Faults try_faults(const Check& check, const Library& library);

}  // namespace ciswatch::proof
