#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/aws/call.h"
#include "core/store/database.h"
#include "core/tables/table_spec.h"

namespace ciswatch {

// One row of a table, from one item of an answer.
struct DecodedRow {
  std::string region;
  std::vector<Value> values;  // in the order of the spec's columns
  std::string doc;            // the item as JSON
};

// Thrown for an answer that lacks what makes it an answer: the list of items, an item's key.
// Half an answer is not judged.
class UnexpectedShape : public Error {
 public:
  using Error::Error;
};

// The rows in one page of a table's call. `region` and `target` are the call's. A member of the wrong
// type is NULL (unknown), as is one that is missing and has no `omitted` value in the spec.
std::vector<DecodedRow> decode_page(const TableSpec& table, const JsonValue& response,
                                    std::string_view region, std::string_view target);

// The row that stands for "it is not there" in a table of one row per call.
DecodedRow absent_row(const TableSpec& table, std::string_view region, std::string_view target);

// The value's text as conditions compare it: "" for NULL.
std::string text_of(const Value& value);

}  // namespace ciswatch
