#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>

#include "core/aws/call.h"
#include "core/aws/credentials.h"
#include "core/aws/endpoints.h"
#include "core/aws/retry.h"

namespace ciswatch {

struct ClientOptions {
  bool may_write = false;  // else operations that change something are errors (ReadOnly), never sent
  EndpointOverrides endpoints;
  std::string ca_bundle;             // "" : the system's certificates
  std::string user_agent;            // "" : "ciswatch/<version>"
  // Requests on the wire at a time; 0: 512, or 16 where one endpoint stands for hundreds.
  int max_in_flight = 0;
  double max_rate = 0;               // requests a second of all accounts; 0: what the quotas allow
  int attempts = 5;                  // of one page, the first included, those that AWS throttled left out
  int throttled_retries = 20;        // of one page: two to three minutes, ever more slowly
  int max_requests = std::numeric_limits<int>::max();  // of one page, throttled ones included
  int max_pages = 10'000;            // of one call
  std::size_t max_body = 64u << 20;  // bytes of one response
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{60'000};  // of one request
  // Nothing is sent any more for a call, or an account, that was begun so long ago: it ends as
  // not_tried. What is on the wire by then may take its total_timeout.
  std::chrono::milliseconds call_deadline{std::chrono::minutes(15)};
  std::chrono::milliseconds account_deadline{std::chrono::minutes(60)};
  Backoff backoff;
  std::function<UnixSeconds()> clock;  // for tests; empty: the system's
  std::function<double()> jitter;      // for tests, in [0, 1]; empty: random
};

struct ClientStats {
  std::uint64_t requests = 0;  // sent, retries and pages included
  std::uint64_t retries = 0;
  std::uint64_t throttled = 0;    // answers that asked to slow down
  std::uint64_t connections = 0;  // opened
  std::uint64_t bytes_in = 0;     // bodies
};

// Makes AWS API calls: signs, pages, retries within a budget of the account's (core/aws/patience.h),
// follows S3 to the bucket's region, decodes to JSON. Where AWS refuses a request for its time, AWS's
// clock is what is signed with from then on.
// One event loop on the calling thread with pooled connections, no thread per call. Owned and used
// by one thread. An answer, a refusal and a network failure are all ApiAnswers; what throws Error
// is only a machine on which nothing can be sent (no TLS, an unreadable CA bundle).
class Client {
 public:
  using Done = std::function<void(ApiAnswer)>;

  // `renew`, if given, is asked for others before the credentials end, and once by a call that AWS
  // refuses for their age: in a thread of its own, one at a time. Meanwhile only those calls wait that
  // need the new ones. The destructor waits for it.
  Client(Credentials credentials, ClientOptions options, Renewal renew = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Calls with this account_id are signed with these from now on; all others with the
  // constructor's.
  void add_account(const std::string& account_id, Credentials credentials);
  // Nothing is known of it any more. None of its calls may be queued or in flight.
  void remove_account(const std::string& account_id);

  // Queues a call; order of sending is order of queueing. `done` is called once, from `run`, and
  // may call `send` again. Fixed parameters of the operation (ListKeys Limit) are added by itself.
  void send(ApiCall call, Done done);

  // Until nothing is queued or in flight. `tick`, if given, is called when all answers that have come
  // in are told, and at least every 100 ms: for progress, and to look at stop_signal() and `cancel`.
  // What `done` or `tick` throws passes through; the client may then only be destroyed.
  void run(const std::function<void()>& tick = {});

  // Everything queued or in flight ends as not_tried with this reason in error.message, pages that
  // were read included; so does what is sent later. Callable from `done` and `tick`. What changes
  // something and is on the wire ends as AnswerLost.
  void cancel(std::string reason, std::string code = {});

  [[nodiscard]] std::size_t pending() const;  // queued, waiting for a retry or in flight
  [[nodiscard]] const ClientStats& stats() const;
  // What the options ask for, or less where this process may not have so many files open.
  [[nodiscard]] int max_in_flight() const;
  [[nodiscard]] UnixSeconds time() const;  // by the clock that it signs with

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

// Sends one call and waits: for set-up (GetCallerIdentity, AssumeRole).
ApiAnswer call_once(Client& client, ApiCall call);

}  // namespace ciswatch
