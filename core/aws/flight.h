#pragma once

// One call on its way through pages, retries and redirects. The decisions only: no clock, no
// network. Used by Client.

#include <set>
#include <string>

#include "core/aws/client.h"
#include "core/aws/http.h"
#include "core/aws/operations.h"

namespace ciswatch {

struct Flight {
  ApiCall call;  // of the page that is asked for; its region is where
  Client::Done done;
  const Operation* operation = nullptr;  // nullptr: not in the list
  ApiAnswer answer;
  std::string lane;              // that it has a place in; "" : none
  std::set<std::string> tokens;  // of the pages that were asked for
  int page_attempts = 0;
  int redirects = 0;
  int generation = 0;         // of the credentials that signed it
  bool signed_again = false;  // with others, after those had ended
};

enum class Next {
  ended,     // flight.answer is complete
  page,      // ask for the next page
  redirect,  // ask again in flight.call.region
  retry,     // ask again after a pause
};

// Takes in what came back for the page that was asked for.
Next advance(Flight& flight, HttpResponse response, const ClientOptions& options, UnixSeconds now);

// Ends the flight with an error of our own.
void fail(Flight& flight, std::string_view code, std::string message);

}  // namespace ciswatch
