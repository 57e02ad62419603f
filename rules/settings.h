#pragma once

#include <map>
#include <string>

#include "rules/library.h"

namespace ciswatch {

// What the user set, "check-id.name" → value. Throws Error for a check, a name or a value that is
// none, with the nearest right one.
void refuse_wrong_settings(const Library& library, const std::map<std::string, std::string>& set);

// The values that setting('name') returns for this check: integers where the default is one, so
// that SQL compares them as numbers.
std::map<std::string, Value> settings_of(const Check& check,
                                         const std::map<std::string, std::string>& set);

// "" if the value is allowed for the setting, else what is.
std::string wrong_value(const Setting& setting, const std::string& value);

}  // namespace ciswatch
