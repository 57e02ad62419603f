#pragma once

// What a check's own tests that fail say of how to mend it: for the programs that read those texts.

#include <string>
#include <vector>

#include "rules/library.h"

namespace ciswatch::proof {

// The first few that differ, each as {"check","test","resource","remediation":{form: text}}.
std::vector<std::string> recipes_of(const Check& check, const Library& library);

}  // namespace ciswatch::proof
