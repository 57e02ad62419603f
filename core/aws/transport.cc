#include "core/aws/transport.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "core/base/error.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

template <auto Free>
struct Deleter {
  void operator()(auto* resource) const noexcept { Free(resource); }
};
using EasyHandle = std::unique_ptr<CURL, Deleter<curl_easy_cleanup>>;
using MultiHandle = std::unique_ptr<CURLM, Deleter<curl_multi_cleanup>>;
using ShareHandle = std::unique_ptr<CURLSH, Deleter<curl_share_cleanup>>;
using HeaderList = std::unique_ptr<curl_slist, Deleter<curl_slist_free_all>>;
using Clock = std::chrono::steady_clock;

// A transfer that brings less than this in ten seconds is given up.
constexpr long kLowSpeedBytes = 1;
constexpr long kLowSpeedSeconds = 20;
constexpr std::size_t kUsualHeaders = 12;  // of an answer

void start_libcurl() {
  static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (kStarted != CURLE_OK) throw Error("libcurl cannot start on this machine");
}

// A curl handle with the buffers of its request and response; used again and again.
struct Exchange {
  EasyHandle easy;
  HttpRequest request;
  HttpResponse response;
  HeaderList headers;
  Transport::Tag tag = nullptr;
  std::size_t place = 0;  // among the busy ones
  std::size_t max_body = 0;
  bool too_large = false;
  std::array<char, CURL_ERROR_SIZE> error_text{};
};

// libcurl is C: nothing may be thrown through it. Taking less than offered ends the transfer.
std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* user) noexcept {
  auto& exchange = *static_cast<Exchange*>(user);
  try {
    if (exchange.response.body.size() + count > exchange.max_body) {
      exchange.too_large = true;
      return 0;
    }
    exchange.response.body.append(bytes, count);
    return count;
  } catch (...) {
    exchange.too_large = true;
    return 0;
  }
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* user) noexcept {
  auto& exchange = *static_cast<Exchange*>(user);
  try {
    const std::string_view line(bytes, count);
    if (line.starts_with("HTTP/")) exchange.response.headers.clear();  // a "100 Continue" before
    if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      exchange.response.headers.emplace_back(to_lower(line.substr(0, colon)),
                                             trim(line.substr(colon + 1)));
    }
    return count;
  } catch (...) {
    exchange.too_large = true;
    return 0;
  }
}

HttpFailure failure_of(CURLcode code, bool too_large) {
  if (too_large) return HttpFailure::too_large;
  switch (code) {
    case CURLE_OK:
      return HttpFailure::none;
    case CURLE_OPERATION_TIMEDOUT:
      return HttpFailure::timeout;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return HttpFailure::tls;
    default:
      return HttpFailure::unreachable;
  }
}

void prepare_headers(Exchange& exchange) {
  curl_slist* list = nullptr;
  const auto add = [&](const char* line) {
    curl_slist* longer = curl_slist_append(list, line);
    if (longer == nullptr) {
      curl_slist_free_all(list);
      throw std::bad_alloc();
    }
    list = longer;
  };
  std::string line;
  for (const auto& [name, value] : exchange.request.headers) {
    add(line.assign(name).append(": ").append(value).c_str());
  }
  add("Expect:");
  add("Accept:");
  // libcurl would call the body of a PUT a form.
  if (exchange.request.method == "PUT") add("Content-Type:");
  exchange.headers.reset(list);
  curl_easy_setopt(exchange.easy.get(), CURLOPT_HTTPHEADER, list);
}

void prepare(Exchange& exchange) {
  CURL* easy = exchange.easy.get();
  const HttpRequest& request = exchange.request;
  exchange.response = {};
  exchange.response.headers.reserve(kUsualHeaders);
  exchange.too_large = false;
  exchange.error_text.fill('\0');
  curl_easy_setopt(easy, CURLOPT_URL, url_of(request).c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, request.plain_http ? "https,http" : "https");
  curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);  // also takes back NOBODY and POST
  if (request.method == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  const bool put = request.method == "PUT";
  const bool named = put || request.method == "DELETE";
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, named ? request.method.c_str() : nullptr);
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request.once ? 1L : 0L);
  if (put || request.method == "POST") {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
  prepare_headers(exchange);
}

// The sockets that libcurl wants to hear of, and when it wants to be called without one. Asking the
// kernel for what has happened costs as much as has happened, however many requests are on the wire.
class Watch {
 public:
  explicit Watch(CURLM* multi) : multi_(multi), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) throw Error("this machine gives no epoll descriptor");
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &Watch::on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &Watch::on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
  }
  ~Watch() { close(epoll_); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Waits for at most `timeout`, then lets libcurl do what is due.
  void act(std::chrono::milliseconds timeout) {
    std::array<epoll_event, 256> events{};
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(bounded(timeout).count()));
    int running = 0;
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      int what = 0;
      if ((event.events & (EPOLLIN | EPOLLHUP)) != 0) what |= CURL_CSELECT_IN;
      if ((event.events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
      if ((event.events & EPOLLERR) != 0) what |= CURL_CSELECT_ERR;
      curl_multi_socket_action(multi_, event.data.fd, what, &running);
    }
    if (!alarm_ || Clock::now() < *alarm_) return;
    alarm_.reset();
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  }

 private:
  [[nodiscard]] std::chrono::milliseconds bounded(std::chrono::milliseconds timeout) const {
    if (!alarm_) return timeout;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*alarm_ - Clock::now());
    return std::clamp(left, std::chrono::milliseconds(0), timeout);
  }

  // `known`: what was assigned to a socket that is watched already.
  static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void* known) noexcept {
    auto* watch = static_cast<Watch*>(user);
    if (what == CURL_POLL_REMOVE) {
      epoll_ctl(watch->epoll_, EPOLL_CTL_DEL, socket, nullptr);
      return 0;
    }
    epoll_event event{};
    event.data.fd = socket;
    if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
    curl_multi_assign(watch->multi_, socket, watch);
    return epoll_ctl(watch->epoll_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket,
                     &event);
  }

  static int on_timer(CURLM*, long milliseconds, void* user) noexcept {
    auto& alarm = static_cast<Watch*>(user)->alarm_;
    alarm.reset();
    if (milliseconds >= 0) alarm = Clock::now() + std::chrono::milliseconds(milliseconds);
    return 0;
  }

  CURLM* multi_;
  int epoll_;
  std::optional<Clock::time_point> alarm_;
};

}  // namespace

class Transport::Curl {
 public:
  explicit Curl(TransportOptions options) : options_(std::move(options)) {
    start_libcurl();
    multi_.reset(curl_multi_init());
    share_.reset(curl_share_init());
    if (!multi_ || !share_) throw Error("libcurl cannot start on this machine");
    watch_.emplace(multi_.get());
    // A further connection to a host resumes its TLS session: half the work of a new one.
    curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    // The default keeps four connections an easy handle; a scan returns to its hosts.
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, options_.connections);
  }

  ~Curl() { abort_all(); }
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;

  void start(HttpRequest request, Tag tag) {
    if (idle_.empty()) idle_.push_back(make_exchange());
    std::unique_ptr<Exchange> exchange = std::move(idle_.back());
    idle_.pop_back();
    exchange->request = std::move(request);
    exchange->tag = tag;
    prepare(*exchange);
    if (curl_multi_add_handle(multi_.get(), exchange->easy.get()) != CURLM_OK) {
      throw Error("libcurl refuses another request");
    }
    exchange->place = busy_.size();
    busy_.push_back(std::move(exchange));
  }

  void poll(std::chrono::milliseconds timeout, const Arrived& arrived) {
    watch_->act(timeout);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result, arrived);
    }
  }

  void abort_all() {
    for (auto& exchange : busy_) {
      curl_multi_remove_handle(multi_.get(), exchange->easy.get());
    }
    busy_.clear();
  }

  [[nodiscard]] std::size_t in_flight() const { return busy_.size(); }
  [[nodiscard]] std::uint64_t connections() const { return connections_; }

 private:
  std::unique_ptr<Exchange> make_exchange() {
    auto exchange = std::make_unique<Exchange>();
    exchange->easy.reset(curl_easy_init());
    CURL* easy = exchange->easy.get();
    if (easy == nullptr) throw Error("libcurl cannot make a handle");
    exchange->max_body = options_.max_body;
    curl_easy_setopt(easy, CURLOPT_SHARE, share_.get());
    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange.get());
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->error_text.data());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // what was signed is what is sent
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    const long connect_timeout = options_.connect_timeout.count();
    const long total_timeout = options_.total_timeout.count();
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, total_timeout);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, kLowSpeedBytes);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, kLowSpeedSeconds);
    if (options_.direct) curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange.get());
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange.get());
    trust(easy);
    return exchange;
  }

  // One file of certificates and no folder: only then does libcurl read them once and not for every
  // connection (30 ms of work each). A bundle that the user names is all that is trusted.
  void trust(CURL* easy) const {
    const auto* built = curl_version_info(CURLVERSION_NOW);
    if (!options_.ca_bundle.empty()) {
      curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_bundle.c_str());
    } else if (built->cainfo == nullptr) {
      return;  // this libcurl finds its certificates in another way
    }
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  }

  std::unique_ptr<Exchange> take_busy(CURL* easy) {
    char* owner = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
    const std::size_t place = reinterpret_cast<Exchange*>(owner)->place;
    std::unique_ptr<Exchange> exchange = std::move(busy_[place]);
    if (place + 1 < busy_.size()) {
      busy_[place] = std::move(busy_.back());
      busy_[place]->place = place;
    }
    busy_.pop_back();
    return exchange;
  }

  void finish(CURL* easy, CURLcode code, const Arrived& arrived) {
    std::unique_ptr<Exchange> exchange = take_busy(easy);
    curl_multi_remove_handle(multi_.get(), easy);
    long connects = 0;
    long status = 0;
    long sent = 0;
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
    connections_ += static_cast<std::uint64_t>(connects);
    HttpResponse response = std::move(exchange->response);
    response.status = static_cast<int>(status);
    response.sent = sent > 0;
    response.failure = failure_of(code, exchange->too_large);
    if (response.failure != HttpFailure::none) {
      const std::string detail =
          exchange->error_text[0] == '\0' ? curl_easy_strerror(code) : exchange->error_text.data();
      response.failure_text = fmt::format("{}: {}", host_of(exchange->request.endpoint),
                                          exchange->too_large ? "the answer is too large" : detail);
    }
    const Tag tag = exchange->tag;
    idle_.push_back(std::move(exchange));
    arrived(tag, std::move(response));
  }

  TransportOptions options_;
  ShareHandle share_;  // these two outlive the handles that use them
  std::optional<Watch> watch_;
  MultiHandle multi_;
  std::vector<std::unique_ptr<Exchange>> busy_;
  std::vector<std::unique_ptr<Exchange>> idle_;
  std::uint64_t connections_ = 0;
};

Transport::Transport(TransportOptions options)
    : curl_(std::make_unique<Curl>(std::move(options))) {}
Transport::~Transport() = default;

void Transport::start(HttpRequest request, Tag tag) { curl_->start(std::move(request), tag); }

void Transport::poll(std::chrono::milliseconds timeout, const Arrived& arrived) {
  curl_->poll(timeout, arrived);
}

void Transport::abort_all() { curl_->abort_all(); }
std::size_t Transport::in_flight() const { return curl_->in_flight(); }
std::uint64_t Transport::connections() const { return curl_->connections(); }

}  // namespace ciswatch
