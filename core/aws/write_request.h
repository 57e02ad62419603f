#pragma once

// The request of an operation that changes something, from the call's document: nested members, as the
// operation's `request` has them, to what its protocol sends. Pure functions; any thread.

#include <string>
#include <string_view>

#include "core/aws/call.h"
#include "core/aws/http.h"
#include "core/aws/operations.h"
#include "core/base/json.h"

namespace ciswatch {

struct WriteRequest {
  NameValues rest;  // REST: the members of path, query and headers, as text
  std::string body;
};

// Throws Error for a document that is no JSON object, has a member twice, one that the operation does
// not have, one of another kind, or a text that its place cannot hold.
WriteRequest encode_document(const Operation& operation, const ApiCall& call);

// A name or value of a form, as botocore writes it: a blank is a '+'.
std::string form_encode(std::string_view text);

// Whether a value is what members of that kind are in JSON.
bool is_of_kind(const JsonValue& value, Kind kind);

}  // namespace ciswatch
