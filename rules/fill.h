#pragma once

// The texts of a fix's steps, with the values of a row of its SQL in the place of placeholders:
//   {{column}}                within a text: the column's text ("" for NULL)
//   {{column}}                alone: the column's value; the member is left out for NULL
//   {{json column}}           alone: the column's text, which is JSON; left out for NULL
//   {{result STEP /pointer}}  alone: a member of the answer to an earlier step of the row
//   {{result /pointer}}       alone: of the answer to the step's own call (in its undo)
// What is put in is not looked at again: a name that holds braces is a name.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/database.h"

namespace ciswatch {

struct FixRow {
  std::map<std::string, Value, std::less<>> values;
  // The change that a step of the row has become; "" for its own step. Throws Error for one that has
  // become none.
  std::function<std::string(std::string_view step)> change_of;
};

// A JSON document. Throws Error for a placeholder that cannot be filled.
std::string fill_document(std::string_view document, const FixRow& row);

// A text; a result is the text of {"$result": …}.
std::string fill_text(std::string_view text, const FixRow& row);

// A placeholder of a text, for lint. One without an end has neither name.
struct StepPlaceholder {
  std::string column;          // "" for a result
  std::string step, pointer;   // of a result
  bool json = false;
  bool alone = false;  // the whole text
};
std::vector<StepPlaceholder> placeholders_in(std::string_view text);

// Calls `take` with each text of a JSON document.
void for_each_text(std::string_view document, const std::function<void(std::string_view)>& take);

}  // namespace ciswatch
