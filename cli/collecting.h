#pragma once

#include <filesystem>
#include <vector>

#include "cli/commands.h"
#include "core/store/snapshot.h"
#include "core/tables/table_spec.h"

namespace ciswatch {

// Reads the tables from AWS into a snapshot at `out` and says on stderr what became of it. Returns 0,
// or 128 + the signal that stopped it; what was read until then is in `<out>.part`.
int collect_live(const LiveFlags& flags, std::vector<const TableSpec*> tables,
                 const std::filesystem::path& out, Durability durability);

}  // namespace ciswatch
