#pragma once

// What do checks read, and which tables does a collection for them need?

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/tables/table_spec.h"
#include "rules/compile.h"
#include "rules/selection.h"

namespace ciswatch {

// "check-id.name" → value: what the user sets beside the library's own.
using SetValues = std::map<std::string, std::string>;

// The tables that the check reads with the library's settings. Throws what compile() does.
std::set<const TableSpec*> tables_read(const Check& check, const Library& library);

// The tables that a collection for these checks needs, in the order of tables(): those they read and
// the parents that these are asked for. Of several parents those count that the checks read anyway,
// all of them if they read none: a run without AWS Config checks does not call AWS Config.
std::vector<const TableSpec*> required_tables(const Selection& selection, const Compiled& compiled,
                                              const SetValues& set);
std::vector<const TableSpec*> required_tables(const Selection& selection, const SetValues& set = {});

}  // namespace ciswatch
