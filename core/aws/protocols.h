#pragma once

// Between an ApiCall and HTTP, for the five protocols. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "core/aws/call.h"
#include "core/aws/endpoints.h"
#include "core/aws/http.h"
#include "core/aws/operations.h"

namespace ciswatch {

// Adds the parameters that follow from the call itself: s3control's AccountId.
void complete(const Operation& operation, ApiCall& call);

// The unsigned request of one page; `call.params` has the token of the page. Throws Error when a
// parameter is missing, unknown or cannot be sent.
HttpRequest build_request(const Operation& operation, const ApiCall& call,
                          const Endpoint& endpoint);

struct Decoded {
  std::optional<Json> response;  // an object
  ApiError error;                // without a response; with one: of an item that failed
  bool cut_off = false;          // the error: broken in transit, worth asking again
  std::string region;            // where S3 says that the bucket is; "" if it says nothing
};

// Whatever came back, a network failure included. A 200 that is no answer of the operation is the
// error MalformedResponse, never an empty response.
Decoded decode_response(const Operation& operation, const HttpResponse& response);

}  // namespace ciswatch
