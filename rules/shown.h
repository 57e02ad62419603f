#pragma once

// What statements can name: views, and the tables that these and the statements show.

#include <span>
#include <string_view>
#include <vector>

#include "core/tables/table_spec.h"
#include "rules/sql_text.h"

namespace ciswatch {

// To make all of it takes longer than to judge a small account, so that where the statements are known,
// it is no more than they name.
struct Shown {
  std::vector<SharedView> views;
  std::vector<const TableSpec*> tables;
};

// The views and every table.
Shown everything(std::vector<SharedView> views = {});

// What these statements name, and what views name that they do. More may be shown than is read.
Shown named_by(std::span<const std::string_view> statements, const std::vector<SharedView>& views);

}  // namespace ciswatch
