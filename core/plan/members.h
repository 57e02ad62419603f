#pragma once

// Members of an API's item, as plans name them: a JSON object in which an object goes on into the item's
// member, a null is a member that is not there, and all else is the member's value. Pure functions of
// JSON texts; a text that is none throws JsonError.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace ciswatch {

// {"$result": CHANGE, "pointer": POINTER}: what stands for a member of the answer to a change.
struct Reference {
  std::string change, pointer;
};
std::optional<Reference> reference_in(const JsonValue& value);  // nullopt: it is none

// Whether the item has the members with these values. What a text holds as JSON, such as a policy, is
// compared as a document, in which one text and a list of this one text are the same.
bool has_members(std::string_view item, std::string_view members);

// A member that differs, in words: "LoggingEnabled/TargetBucket is "a" instead of "b""; "" for none.
std::string first_difference(std::string_view item, std::string_view members);

// The members that `names` names, with the values of `over` where that names them, too. What it does
// not name stays as in `names`, or is left out.
enum class Rest { stays, left_out };
std::string with_values(std::string_view names, std::string_view over, Rest rest);

// The members that `names` names as the item has them: null for those that are not there.
std::string members_of(std::string_view item, std::string_view names);

// "A/B: 1 → 2" for each member in one of both; a side that is "" has none.
std::vector<std::string> changes_in_words(std::string_view before, std::string_view after);

// What stands for {"$result": CHANGE, "pointer": POINTER}, as JSON; nullopt: it is not known.
using ResultOf =
    std::function<std::optional<std::string>(const std::string& change, const std::string& pointer)>;

struct Resolved {
  std::string json;     // or the text
  std::string missing;  // "" or the first reference that is not known, for people
};
Resolved resolve(std::string_view json, const ResultOf& result_of);

// The same in a text that is no JSON, such as a row's key: a reference in it becomes the value's text.
Resolved resolve_text(std::string_view text, const ResultOf& result_of);

// The value at the pointer in the first document, an answer; in the others, which are items of tables,
// at its longest tail that names something, or where it is of a list, what is named like one of its items:
// "/FlowLogIds/0" is an item's FlowLogId.
std::optional<std::string> value_in(const std::vector<std::string>& documents, std::string_view pointer);

}  // namespace ciswatch
