#pragma once

// One call on its way through pages, retries and redirects. The decisions only: no clock, no
// network. Used by Client.

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "core/aws/client.h"
#include "core/aws/http.h"
#include "core/aws/operations.h"
#include "core/aws/patience.h"
#include "core/aws/token_bucket.h"

namespace ciswatch {

struct QuotaBucket;

struct Flight {
  ApiCall call;  // of the page that is asked for; its region is where
  Client::Done done;
  const Operation* operation = nullptr;  // nullptr: not in the list
  ApiAnswer answer;
  std::uint64_t place = 0;       // in the order of queueing; 0: not queued yet
  QuotaBucket* bucket = nullptr;  // Governor's, while the request is on the wire
  TokenBucket::Time sent = {};    // when it left
  std::set<std::string> tokens;  // of the pages that were asked for
  int page_attempts = 0;
  int page_throttles = 0;  // of those
  int redirects = 0;
  int generation = 0;         // of the session that signed it
  bool signed_again = false;  // with others, after those had ended
  UnixSeconds signed_at = 0;
  std::optional<UnixSeconds> aws_time;  // told by AWS, which refused the request for its time
  bool clock_set = false;               // was sent again with AWS's time
  RetryBudget* budget = nullptr;        // of its account; nullptr: what bounds retries is the rest
  int retry_cost = 0;                   // what the page's retries took of it
  std::chrono::milliseconds asked_pause{0};  // that the last answer asked for
  std::optional<Patience::Time> begun;       // when it was first to be sent
};

enum class Next {
  ended,     // flight.answer is complete
  page,      // ask for the next page
  redirect,  // ask again in flight.call.region
  retry,     // ask again after a pause
};

// Takes in what came back for the page that was asked for. `now` is AWS's time.
Next advance(Flight& flight, HttpResponse response, const ClientOptions& options, UnixSeconds now);

// Ends the flight with an error of our own.
void fail(Flight& flight, std::string_view code, std::string message);

// Ends the flight as not_tried for this reason, or as AnswerLost where it may be done. What AWS said
// last stays behind it.
void give_up(Flight& flight, std::string_view code, const std::string& why);

}  // namespace ciswatch
