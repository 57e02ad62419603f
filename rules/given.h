#pragma once

// The snapshot in memory that a check's test describes.

#include <functional>
#include <span>
#include <string_view>

#include "core/store/snapshot.h"
#include "rules/library.h"

namespace ciswatch {

SnapshotInfo given_info(const CheckTest& test);

// With these tables and those that the test gives rows of; all count as collected. Rows of aws_account
// and aws_region that the test leaves out are made up for what occurs in its other rows. Throws Error
// for rows that do not fit the schema.
Database given_database(const CheckTest& test,
                        std::span<const TableSpec* const> shown = tables());

// Its rows alone, into empty tables.
void insert_given(const CheckTest& test, const std::function<Statement(std::string_view)>& prepare);

}  // namespace ciswatch
