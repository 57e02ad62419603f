#pragma once

// The head of a report: totals, requirements and accounts, summed up from its findings.

#include <cstddef>
#include <set>
#include <span>
#include <string>

#include "core/report/report.h"
#include "rules/judge.h"
#include "rules/selection.h"

namespace ciswatch {

// Fills requirement_texts, account_summaries and summary from `report.findings`, waivers included.
void sum_up(Report& report, const Selection& selection, std::span<const Account> accounts);

// Fills what the snapshot and the selection tell: who, when, packs, checks, regions, the ledger.
void describe_source(ReportHead& head, const SnapshotSource& source, const Selection& selection,
                     Database& database);

// How many calls to services of these regions the ledger has that were not answered.
std::size_t unread_in(Database& database, const std::set<std::string>& regions);

}  // namespace ciswatch
