#include "core/aws/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <unordered_map>
#include <utility>

#include "core/aws/flight.h"
#include "core/aws/governor.h"
#include "core/aws/patience.h"
#include "core/aws/protocols.h"
#include "core/aws/session.h"
#include "core/aws/sigv4.h"
#include "core/aws/transport.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/open_files.h"

namespace ciswatch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{100};
constexpr std::size_t kLargestBundle = 64u << 20;
constexpr int kMostInFlight = 512;
constexpr int kMostToOneHost = 16;  // that stands for hundreds
// Kept open for each request on the wire: it goes to another host than the one before it.
constexpr long kConnections = 2;
constexpr std::size_t kOtherFiles = 64;  // the snapshot, a recording, a nested client, …
constexpr std::size_t kShares = 8;  // of the wire; an account has one while others wait
constexpr UnixSeconds kClockTolerance = 60;  // AWS's own is 5 minutes and more

double random_jitter() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

// What the options ask for, as far as this process may have the sockets.
int in_flight_within(const ClientOptions& options) {
  const int usual = options.endpoints.all.empty() ? kMostInFlight : kMostToOneHost;
  const int wanted = options.max_in_flight > 0 ? options.max_in_flight : usual;
  const auto files = allow_open_files(static_cast<std::size_t>(kConnections * wanted) + kOtherFiles);
  const auto most = files > kOtherFiles ? (files - kOtherFiles) / kConnections : 1;
  return std::max(1, static_cast<int>(std::min<std::size_t>(most, static_cast<std::size_t>(wanted))));
}

ClientOptions completed(ClientOptions options) {
  if (options.user_agent.empty()) options.user_agent = "ciswatch/" CISWATCH_VERSION;
  if (!options.clock) options.clock = now;
  if (!options.jitter) options.jitter = random_jitter;
  options.max_in_flight = in_flight_within(options);
  // Otherwise every call would tell it, as a failure of the network.
  if (!options.ca_bundle.empty()) read_file(options.ca_bundle, kLargestBundle);
  return options;
}

TransportOptions transport_options(const ClientOptions& options) {
  return {.ca_bundle = options.ca_bundle,
          .user_agent = options.user_agent,
          .max_body = options.max_body,
          .connections = kConnections * options.max_in_flight,
          .connect_timeout = options.connect_timeout,
          .total_timeout = options.total_timeout};
}

}  // namespace

class Client::Loop {
 public:
  Loop(Session session, ClientOptions options)
      : options_(completed(std::move(options))),
        governor_({options_.max_rate, room() / kShares}),
        patience_(options_),
        session_(std::move(session)),
        transport_(transport_options(options_)) {}

  void add_account(const std::string& account_id, Credentials credentials) {
    accounts_.insert_or_assign(account_id, Signer(std::move(credentials)));
  }

  void remove_account(const std::string& account_id) {
    accounts_.erase(account_id);
    patience_.forget(account_id);
  }

  void send(ApiCall call, Done done) {
    auto flight = std::make_unique<Flight>();
    flight->operation = find_operation(call.service, call.operation);
    if (flight->operation != nullptr) complete(*flight->operation, call);
    flight->answer.region = call.region;
    flight->call = std::move(call);
    flight->done = std::move(done);
    queue(std::move(flight));
  }

  void run(const std::function<void()>& tick) {
    while (pending() > 0) {
      if (!held_.empty() && !session_.is_renewing()) release_held();
      resume_waiting();
      launch();
      if (pending() > 0 && !cancelled_) {
        transport_.poll(pause(), [this](Transport::Tag tag, HttpResponse response) {
          arrived(static_cast<Flight*>(tag), std::move(response));
        });
      }
      if (tick) tick();
      if (cancelled_) drain();
    }
  }

  void cancel(std::string reason, std::string code) {
    if (!cancelled_) cancelled_ = ApiError{std::move(code), std::move(reason), 0};
  }

  [[nodiscard]] std::size_t pending() const {
    return governor_.waiting() + waiting_.size() + held_.size() + flying_.size();
  }

  [[nodiscard]] int max_in_flight() const { return options_.max_in_flight; }
  [[nodiscard]] UnixSeconds time() const { return aws_time(); }

  [[nodiscard]] const ClientStats& stats() {
    stats_.connections = transport_.connections();
    return stats_;
  }

 private:
  [[nodiscard]] std::size_t room() const {
    return static_cast<std::size_t>(options_.max_in_flight);
  }
  [[nodiscard]] bool has_room() const { return flying_.size() < room() && !cancelled_; }

  // Until the next thing is due, but never so long that a tick is missed.
  std::chrono::milliseconds pause() {
    const auto now = Clock::now();
    auto due = now + kTick / 2;
    if (!waiting_.empty()) due = std::min(due, waiting_.begin()->first);
    if (has_room()) due = std::min(due, governor_.due(now));
    return std::chrono::ceil<std::chrono::milliseconds>(std::max(due, now) - now);
  }

  void queue(FlightPtr flight) { governor_.add(std::move(flight), Clock::now()); }

  void resume_waiting() {
    const auto due = waiting_.upper_bound(Clock::now());
    for (auto at = waiting_.begin(); at != due; ++at) queue(std::move(at->second));
    waiting_.erase(waiting_.begin(), due);
  }

  void launch() {
    while (has_room()) {
      FlightPtr flight = governor_.next(Clock::now());
      if (!flight) return;
      depart(std::move(flight));
    }
  }

  void depart(FlightPtr flight) {
    if (flight->operation == nullptr) {
      return refuse(std::move(flight), error_code::kUnknownOperation, "is no known operation");
    }
    if (flight->operation->writes() && !options_.may_write) {
      return refuse(std::move(flight), error_code::kReadOnly,
                    "it changes something, and this client only reads");
    }
    if (is_too_late(*flight, Clock::now())) {
      governor_.landed(*flight, false, Clock::now());
      return end(std::move(flight));
    }
    if (!has_own_keys(flight->call) && !session_.is_ready(aws_time())) {
      governor_.landed(*flight, false, Clock::now());
      held_.push_back(std::move(flight));
      return;
    }
    HttpRequest request;
    try {
      request = signed_request(*flight);
    } catch (const Error& error) {
      return refuse(std::move(flight), error_code::kInvalidCall, error.what());
    }
    ++flight->page_attempts;
    ++flight->answer.attempts;
    ++stats_.requests;
    Flight* key = flight.get();
    flying_.emplace(key, std::move(flight));
    transport_.start(std::move(request), key);
  }

  // Ends a call that cannot be sent.
  void refuse(FlightPtr flight, std::string_view code, const std::string& why) {
    const ApiCall& call = flight->call;
    const bool known = flight->operation != nullptr;
    fail(*flight, code, known ? why : call.service + ' ' + call.operation + ' ' + why);
    governor_.landed(*flight, false, Clock::now());
    end(std::move(flight));
  }

  // True: the flight ends, since a deadline is over by `time`.
  bool is_too_late(Flight& flight, Clock::time_point time) {
    if (!flight.begun) flight.begun = time;
    const ApiCall& call = flight.call;
    const std::string& account = call.for_account.empty() ? call.account_id : call.for_account;
    flight.budget = &patience_.budget(account);
    const std::string why = patience_.too_late(account, *flight.begun, time);
    if (why.empty()) return false;
    if (is_throttling(flight.answer.error)) {  // to the end
      flight.answer.end = CallEnd::error;
      flight.answer.error.message += " (not tried again: " + why + ")";
    } else {
      give_up(flight, error_code::kDeadline, why);
    }
    return true;
  }

  // AWS's time, as far as AWS has told it.
  [[nodiscard]] UnixSeconds aws_time() const { return options_.clock() + clock_offset_; }

  HttpRequest signed_request(Flight& flight) {
    const ApiCall& call = flight.call;
    const Operation& operation = *flight.operation;
    const Endpoint endpoint =
        endpoint_of(call.service, call.region, call.account_id, options_.endpoints);
    HttpRequest request = build_request(operation, call, endpoint);
    flight.signed_at = aws_time();
    const SigningScope scope{flight.signed_at, endpoint.region,
                             std::string(operation.service->signing_name)};
    if (const auto account = accounts_.find(call.account_id); account != accounts_.end()) {
      account->second.sign(request, scope);
    } else {
      session_.sign(request, scope);
      flight.generation = session_.generation();
    }
    return request;
  }

  [[nodiscard]] bool has_own_keys(const ApiCall& call) const {
    return accounts_.contains(call.account_id);
  }

  // True: the call was refused for its time, and AWS's is known now.
  bool set_clock(Flight& flight) {
    if (flight.answer.end != CallEnd::error || !is_clock_problem(flight.answer.error)) return false;
    if (!flight.aws_time || flight.clock_set) return false;
    if (std::abs(*flight.aws_time - flight.signed_at) < kClockTolerance) return false;
    flight.clock_set = true;
    const bool first = clock_offset_ == 0;
    clock_offset_ = *flight.aws_time - options_.clock();
    if (first) {
      warn(fmt::format("this machine's clock is {} s {} that of AWS: signing with AWS's time",
                       std::abs(clock_offset_), clock_offset_ > 0 ? "behind" : "ahead of"));
    }
    flight.answer.end = CallEnd::not_tried;
    return true;
  }

  // True: the call was refused for the age of the session, and is to be held until it is known whether
  // there is another.
  bool is_to_be_signed_again(Flight& flight) {
    if (flight.answer.end != CallEnd::error || !is_expired(flight.answer.error)) return false;
    if (has_own_keys(flight.call) || std::exchange(flight.signed_again, true)) return false;
    session_.refused(flight.generation, aws_time());
    return true;
  }

  // No renewal is under way any more. `end` may hold further ones.
  void release_held() {
    for (auto& flight : std::exchange(held_, {})) {
      const bool is_refused = flight->answer.end == CallEnd::error;
      if (is_refused && flight->generation == session_.generation()) {
        const std::string& why = session_.trouble();
        if (!why.empty()) flight->answer.error.message += " (and cannot be renewed: " + why + ")";
        end(std::move(flight));
      } else {
        flight->answer.end = CallEnd::not_tried;
        queue(std::move(flight));
      }
    }
  }

  void arrived(Flight* key, HttpResponse response) {
    const auto at = flying_.find(key);
    FlightPtr flight = std::move(at->second);
    flying_.erase(at);
    stats_.bytes_in += response.body.size();
    const Next next = advance(*flight, std::move(response), options_, aws_time());
    const bool refused = next == Next::retry || flight->answer.end == CallEnd::error;
    const bool throttled = refused && is_throttling(flight->answer.error);
    if (throttled) ++stats_.throttled;
    governor_.landed(*flight, throttled, Clock::now());
    switch (next) {
      case Next::ended:
        if (set_clock(*flight)) return queue(std::move(flight));
        if (!is_to_be_signed_again(*flight)) return end(std::move(flight));
        held_.push_back(std::move(flight));
        return;
      case Next::page:
      case Next::redirect:
        return queue(std::move(flight));
      case Next::retry:
        break;
    }
    const auto wait =
        pause_before_retry(flight->page_attempts, throttled, options_.jitter(), options_.backoff);
    const auto due = Clock::now() + std::max(wait, flight->asked_pause);
    if (is_too_late(*flight, due)) return end(std::move(flight));
    ++stats_.retries;
    waiting_.emplace(due, std::move(flight));
  }

  void end(FlightPtr flight) {
    if (flight->answer.end == CallEnd::answered) flight->answer.error = {};
    const Done done = std::move(flight->done);
    ApiAnswer answer = std::move(flight->answer);
    flight.reset();
    if (done) done(std::move(answer));
  }

  // Ends all that is under way; `done` may send more, which the next turn of `run` ends.
  void drain() {
    transport_.abort_all();
    std::vector<FlightPtr> all = governor_.take_all(Clock::now());
    for (auto& [key, flight] : flying_) {
      governor_.landed(*flight, false, Clock::now());
      flight->answer.may_be_done = flight->answer.may_be_done || flight->operation->writes();
      all.push_back(std::move(flight));
    }
    for (auto& [time, flight] : waiting_) all.push_back(std::move(flight));
    for (auto& flight : held_) all.push_back(std::move(flight));
    flying_.clear();
    waiting_.clear();
    held_.clear();
    for (auto& flight : all) {
      give_up(*flight, cancelled_->code, cancelled_->message);
      end(std::move(flight));
    }
  }

  ClientOptions options_;
  ClientStats stats_;
  Governor governor_;  // of those that wait for their turn
  Patience patience_;
  UnixSeconds clock_offset_ = 0;  // AWS's time less this machine's
  Session session_;
  std::map<std::string, Signer> accounts_;  // all others are signed by the session
  Transport transport_;
  std::multimap<Clock::time_point, FlightPtr> waiting_;  // for their retry
  std::vector<FlightPtr> held_;  // until the session is renewed
  std::unordered_map<Flight*, FlightPtr> flying_;
  std::optional<ApiError> cancelled_;
};

Client::Client(Credentials credentials, ClientOptions options, Renewal renew)
    : loop_(std::make_unique<Loop>(Session(std::move(credentials), std::move(renew)),
                                   std::move(options))) {}
Client::~Client() = default;

void Client::add_account(const std::string& account_id, Credentials credentials) {
  loop_->add_account(account_id, std::move(credentials));
}
void Client::remove_account(const std::string& account_id) { loop_->remove_account(account_id); }
void Client::send(ApiCall call, Done done) { loop_->send(std::move(call), std::move(done)); }
void Client::run(const std::function<void()>& tick) { loop_->run(tick); }
void Client::cancel(std::string reason, std::string code) {
  loop_->cancel(std::move(reason), std::move(code));
}
std::size_t Client::pending() const { return loop_->pending(); }
const ClientStats& Client::stats() const { return loop_->stats(); }
int Client::max_in_flight() const { return loop_->max_in_flight(); }
UnixSeconds Client::time() const { return loop_->time(); }

ApiAnswer call_once(Client& client, ApiCall call) {
  ApiAnswer answer;
  client.send(std::move(call), [&](ApiAnswer got) { answer = std::move(got); });
  client.run();
  return answer;
}

}  // namespace ciswatch
