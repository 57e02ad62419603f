#pragma once

#include <map>
#include <set>
#include <string>

#include "core/tables/table_spec.h"
#include "rules/bundle.h"
#include "rules/fixes.h"
#include "rules/library.h"

namespace ciswatch {

// What the user set, "id.name" → value. Throws Error for a check, fix or part, a name or a value that is
// none, with the nearest right one.
void refuse_wrong_settings(const Library& library, const std::map<std::string, std::string>& set);
void refuse_wrong_settings(const std::vector<Fix>& fixes, const std::map<std::string, std::string>& set);
void refuse_wrong_settings(const std::vector<BundlePart>& parts, const std::map<std::string, std::string>& set);

// The values that setting('name') returns for this query: integers where the default is one, so
// that SQL compares them as numbers.
std::map<std::string, Value> settings_of(const Query& query,
                                         const std::map<std::string, std::string>& set);

// Takes out the tables that the check reads only where a setting has another value.
void leave_out_unread(const Check& check, const std::map<std::string, Value>& settings,
                      std::set<const TableSpec*>& tables);

// "" if the value is allowed for the setting, else what is.
std::string wrong_value(const Setting& setting, const std::string& value);

}  // namespace ciswatch
