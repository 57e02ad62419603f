#pragma once

// The snapshot in memory that a check's test describes.

#include <functional>
#include <string_view>

#include "core/store/snapshot.h"
#include "rules/library.h"

namespace ciswatch {

SnapshotInfo given_info(const CheckTest& test);

// Every table counts as collected. Rows of aws_account and aws_region that the
// test leaves out are made up for what occurs in its other rows. Throws Error for rows that do not
// fit the schema.
Database given_database(const CheckTest& test);

// Its rows alone, into empty tables.
void insert_given(const CheckTest& test, const std::function<Statement(std::string_view)>& prepare);

}  // namespace ciswatch
