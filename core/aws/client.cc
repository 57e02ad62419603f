#include "core/aws/client.h"

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <unordered_map>
#include <utility>

#include "core/aws/flight.h"
#include "core/aws/lanes.h"
#include "core/aws/protocols.h"
#include "core/aws/session.h"
#include "core/aws/sigv4.h"
#include "core/aws/transport.h"
#include "core/base/error.h"
#include "core/base/files.h"

namespace ciswatch {
namespace {

using Clock = std::chrono::steady_clock;
using FlightPtr = std::unique_ptr<Flight>;

constexpr std::chrono::milliseconds kTick{100};
constexpr std::size_t kLargestBundle = 64u << 20;

double random_jitter() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

ClientOptions completed(ClientOptions options) {
  if (options.user_agent.empty()) options.user_agent = "ciswatch/" CISWATCH_VERSION;
  if (!options.clock) options.clock = now;
  if (!options.jitter) options.jitter = random_jitter;
  // Otherwise every call would tell it, as a failure of the network.
  if (!options.ca_bundle.empty()) read_file(options.ca_bundle, kLargestBundle);
  return options;
}

TransportOptions transport_options(const ClientOptions& options) {
  return {.ca_bundle = options.ca_bundle,
          .user_agent = options.user_agent,
          .max_body = options.max_body,
          .connect_timeout = options.connect_timeout,
          .total_timeout = options.total_timeout};
}

}  // namespace

class Client::Loop {
 public:
  Loop(Session session, ClientOptions options)
      : options_(completed(std::move(options))),
        lanes_(options_.max_per_service),
        session_(std::move(session)),
        transport_(transport_options(options_)) {}

  void add_account(const std::string& account_id, Session session) {
    accounts_.insert_or_assign(account_id, std::move(session));
  }

  void send(ApiCall call, Done done) {
    auto flight = std::make_unique<Flight>();
    flight->operation = find_operation(call.service, call.operation);
    if (flight->operation != nullptr) complete(*flight->operation, call);
    flight->answer.region = call.region;
    flight->call = std::move(call);
    flight->done = std::move(done);
    queue_.push_back(std::move(flight));
  }

  void run(const std::function<void()>& tick) {
    auto ticked = Clock::now();
    while (pending() > 0) {
      resume_waiting();
      launch();
      if (!flying_.empty() || (queue_.empty() && ready_.empty())) {
        transport_.poll(pause(), [this](Transport::Tag tag, HttpResponse response) {
          arrived(static_cast<Flight*>(tag), std::move(response));
        });
      }
      if (tick && Clock::now() - ticked >= kTick / 2) {
        tick();
        ticked = Clock::now();
      }
      if (cancelled_) drain();
    }
  }

  void cancel(std::string reason) {
    if (!cancelled_) cancelled_ = std::move(reason);
  }

  [[nodiscard]] std::size_t pending() const {
    return queue_.size() + ready_.size() + waiting_.size() + flying_.size() + blocked_count_;
  }

  [[nodiscard]] const ClientStats& stats() {
    stats_.connections = transport_.connections();
    return stats_;
  }

 private:
  // Until the next thing is due, but never so long that a tick is missed.
  std::chrono::milliseconds pause() const {
    std::chrono::milliseconds most = kTick / 2;
    if (!waiting_.empty()) {
      const auto until =
          std::chrono::ceil<std::chrono::milliseconds>(waiting_.begin()->first - Clock::now());
      most = std::clamp(until, std::chrono::milliseconds(0), most);
    }
    return most;
  }

  void resume_waiting() {
    const auto due = waiting_.upper_bound(Clock::now());
    for (auto at = waiting_.begin(); at != due; ++at) ready_.push_back(std::move(at->second));
    waiting_.erase(waiting_.begin(), due);
  }

  [[nodiscard]] bool has_room() const {
    return flying_.size() < static_cast<std::size_t>(options_.max_in_flight);
  }

  void launch() {
    while (has_room() && !cancelled_ && !(ready_.empty() && queue_.empty())) {
      auto& from = ready_.empty() ? queue_ : ready_;
      FlightPtr flight = std::move(from.front());
      from.pop_front();
      if (flight->lane.empty() && !enter_lane(flight)) continue;
      depart(std::move(flight));
    }
  }

  // False: the lane is full, and the flight now waits at it.
  bool enter_lane(FlightPtr& flight) {
    const ApiCall& call = flight->call;
    std::string lane = call.account_id + '/' + call.region + '/' + call.service;
    if (!lanes_.enter(lane)) {
      blocked_[lane].push_back(std::move(flight));
      ++blocked_count_;
      return false;
    }
    flight->lane = std::move(lane);
    return true;
  }

  // One that waits may go on to the front of the queue: it was there before.
  void leave_lane(Flight& flight) {
    if (flight.lane.empty()) return;
    lanes_.leave(flight.lane);
    const auto blocked = blocked_.find(flight.lane);
    flight.lane.clear();
    if (blocked == blocked_.end()) return;
    queue_.push_front(std::move(blocked->second.front()));
    blocked->second.pop_front();
    --blocked_count_;
    if (blocked->second.empty()) blocked_.erase(blocked);
  }

  void depart(FlightPtr flight) {
    if (flight->operation == nullptr) {
      fail(*flight, error_code::kUnknownOperation,
           flight->call.service + ' ' + flight->call.operation + " is no known operation");
      return end(std::move(flight));
    }
    HttpRequest request;
    try {
      request = signed_request(*flight);
    } catch (const Error& error) {
      fail(*flight, error_code::kInvalidCall, error.what());
      return end(std::move(flight));
    }
    ++flight->page_attempts;
    ++flight->answer.attempts;
    ++stats_.requests;
    Flight* key = flight.get();
    flying_.emplace(key, std::move(flight));
    transport_.start(std::move(request), key);
  }

  HttpRequest signed_request(Flight& flight) {
    const ApiCall& call = flight.call;
    const Operation& operation = *flight.operation;
    const Endpoint endpoint =
        endpoint_of(call.service, call.region, call.account_id, options_.endpoints);
    HttpRequest request = build_request(operation, call, endpoint);
    const SigningScope scope{options_.clock(), endpoint.region,
                             std::string(operation.service->signing_name)};
    Session& session = session_of(call);
    session.sign(request, scope);
    flight.generation = session.generation();
    return request;
  }

  Session& session_of(const ApiCall& call) {
    const auto account = accounts_.find(call.account_id);
    return account == accounts_.end() ? session_ : account->second;
  }

  // True: the call was refused for the age of its credentials, and there are others now.
  bool is_worth_signing_again(Flight& flight) {
    if (flight.answer.end != CallEnd::error || !is_expired(flight.answer.error)) return false;
    if (flight.signed_again) return false;
    Session& session = session_of(flight.call);
    flight.signed_again = session.replaced(flight.generation, options_.clock());
    if (flight.signed_again) {
      flight.answer.end = CallEnd::not_tried;
    } else if (!session.trouble().empty()) {
      flight.answer.error.message += " (and cannot be renewed: " + session.trouble() + ")";
    }
    return flight.signed_again;
  }

  void arrived(Flight* key, HttpResponse response) {
    const auto at = flying_.find(key);
    FlightPtr flight = std::move(at->second);
    flying_.erase(at);
    stats_.bytes_in += response.body.size();
    const Next next = advance(*flight, std::move(response), options_, options_.clock());
    const bool refused = next == Next::retry || flight->answer.end == CallEnd::error;
    const bool throttled = refused && is_throttling(flight->answer.error);
    if (throttled) {
      ++stats_.throttled;
      lanes_.throttled(flight->lane);
    } else if (!refused) {
      lanes_.answered(flight->lane);
    }
    switch (next) {
      case Next::ended:
        if (is_worth_signing_again(*flight)) return ready_.push_back(std::move(flight));
        return end(std::move(flight));
      case Next::page:
        return ready_.push_back(std::move(flight));
      case Next::redirect:
        leave_lane(*flight);
        return queue_.push_front(std::move(flight));
      case Next::retry:
        break;
    }
    ++stats_.retries;
    const auto wait =
        pause_before_retry(flight->page_attempts, throttled, options_.jitter(), options_.backoff);
    waiting_.emplace(Clock::now() + wait, std::move(flight));
  }

  void end(FlightPtr flight) {
    leave_lane(*flight);
    if (flight->answer.end == CallEnd::answered) flight->answer.error = {};
    const Done done = std::move(flight->done);
    ApiAnswer answer = std::move(flight->answer);
    flight.reset();
    if (done) done(std::move(answer));
  }

  // Ends all that is under way; `done` may send more, which the next turn of `run` ends.
  void drain() {
    transport_.abort_all();
    std::vector<FlightPtr> all;
    const auto take = [&](FlightPtr& flight) { all.push_back(std::move(flight)); };
    for (auto& [key, flight] : flying_) take(flight);
    for (auto& [time, flight] : waiting_) take(flight);
    for (auto& flight : ready_) take(flight);
    for (auto& [lane, flights] : blocked_) {
      for (auto& flight : flights) take(flight);
    }
    for (auto& flight : queue_) take(flight);
    flying_.clear();
    waiting_.clear();
    ready_.clear();
    blocked_.clear();
    blocked_count_ = 0;
    queue_.clear();
    for (auto& flight : all) {
      flight->answer.end = CallEnd::not_tried;
      flight->answer.error = {"", *cancelled_, 0};
      end(std::move(flight));
    }
  }

  ClientOptions options_;
  ClientStats stats_;
  Lanes lanes_;
  Session session_;
  std::map<std::string, Session> accounts_;
  Transport transport_;
  std::deque<FlightPtr> queue_;                          // not begun
  std::deque<FlightPtr> ready_;                          // begun, have their place in a lane
  std::multimap<Clock::time_point, FlightPtr> waiting_;  // for their retry
  std::unordered_map<Flight*, FlightPtr> flying_;
  std::map<std::string, std::deque<FlightPtr>> blocked_;  // by lane
  std::size_t blocked_count_ = 0;
  std::optional<std::string> cancelled_;
};

Client::Client(Credentials credentials, ClientOptions options, Renewal renew)
    : loop_(std::make_unique<Loop>(Session(std::move(credentials), std::move(renew)),
                                   std::move(options))) {}
Client::~Client() = default;

void Client::add_account(const std::string& account_id, Credentials credentials, Renewal renew) {
  loop_->add_account(account_id, Session(std::move(credentials), std::move(renew)));
}
void Client::send(ApiCall call, Done done) { loop_->send(std::move(call), std::move(done)); }
void Client::run(const std::function<void()>& tick) { loop_->run(tick); }
void Client::cancel(std::string reason) { loop_->cancel(std::move(reason)); }
std::size_t Client::pending() const { return loop_->pending(); }
const ClientStats& Client::stats() const { return loop_->stats(); }

ApiAnswer call_once(Client& client, ApiCall call) {
  ApiAnswer answer;
  client.send(std::move(call), [&](ApiAnswer got) { answer = std::move(got); });
  client.run();
  return answer;
}

}  // namespace ciswatch
