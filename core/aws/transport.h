#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/aws/http.h"

namespace ciswatch {

struct TransportOptions {
  std::string ca_bundle;  // "" : the system's
  std::string user_agent;
  bool direct = false;  // past the proxies of the environment
  std::size_t max_body = 64u << 20;
  long connections = 512;  // kept open for the next request
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{60'000};
};

// Sends HTTP requests side by side over kept-alive connections: the only user of libcurl. Follows
// no redirect, speaks https only unless the request allows plain http, takes proxies from the
// environment. Owned and used by one thread.
class Transport {
 public:
  using Tag = void*;
  using Arrived = std::function<void(Tag, HttpResponse)>;

  explicit Transport(TransportOptions options);  // throws Error when libcurl cannot start
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // Begins a request; its end is told by `poll` with the tag. Tags in flight differ.
  void start(HttpRequest request, Tag tag);

  // Moves bytes, waits for at most `timeout`, then tells what ended. `arrived` may call `start`.
  void poll(std::chrono::milliseconds timeout, const Arrived& arrived);

  // Drops what is in flight without telling.
  void abort_all();

  [[nodiscard]] std::size_t in_flight() const;
  [[nodiscard]] std::uint64_t connections() const;  // opened so far

 private:
  class Curl;
  std::unique_ptr<Curl> curl_;
};

}  // namespace ciswatch
