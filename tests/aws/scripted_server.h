#pragma once

// A loopback HTTP server that answers as a test says: for what no real service does on demand.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/base/text.h"

namespace ciswatch {

struct ScriptRequest {
  int number = 0;      // from 0, in order of arrival
  int connection = 0;  // from 0
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct ScriptReply {
  int status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool cut = false;   // promise more than is sent, then close
  bool drop = false;  // close without a word
  std::chrono::milliseconds delay{0};
  bool reset = false;  // with `cut` or `drop`: by a reset instead of an orderly end
};

// Handles connections side by side until destroyed; `script` is called by one thread at a time.
class ScriptedServer {
 public:
  using Script = std::function<ScriptReply(const ScriptRequest&)>;

  explicit ScriptedServer(Script script) : script_(std::move(script)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, any, size) != 0 || listen(listener_, 128) != 0 ||
        getsockname(listener_, any, &size) != 0) {
      throw std::runtime_error("no loopback socket");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }

  ~ScriptedServer() {
    stop_ = true;
    acceptor_.join();
    for (auto& worker : workers_) worker.join();
    close(listener_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] int connections() const { return connections_; }
  // What came in; to be read when the client is done.
  [[nodiscard]] std::vector<ScriptRequest> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  bool readable(int socket) const {
    while (!stop_) {
      pollfd wait{socket, POLLIN, 0};
      if (::poll(&wait, 1, 20) > 0) return true;
    }
    return false;
  }

  void accept_all() {
    while (readable(listener_)) {
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      const int number = connections_++;
      workers_.emplace_back([this, client, number] {
        serve(client, number);
        close(client);
      });
    }
  }

  void serve(int client, int connection) {
    std::string buffer;
    ScriptRequest request;
    while (read_request(client, buffer, request)) {
      request.connection = connection;
      ScriptReply reply;
      {
        const std::lock_guard lock(mutex_);
        request.number = static_cast<int>(requests_.size());
        requests_.push_back(request);
        reply = script_(request);
      }
      std::this_thread::sleep_for(reply.delay);
      if (reply.reset) reset_on_close(client);
      if (reply.drop) return;
      send_reply(client, request, reply);
      if (reply.cut) return;
      request = {};
    }
  }

  bool fill(int client, std::string& buffer) const {
    char bytes[65536];
    if (!readable(client)) return false;
    const auto count = recv(client, bytes, sizeof(bytes), 0);
    if (count <= 0) return false;
    buffer.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  bool read_request(int client, std::string& buffer, ScriptRequest& request) const {
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
      if (!fill(client, buffer)) return false;
    }
    const auto lines = split(buffer.substr(0, end), '\n');
    const auto words = split(std::string(trim(lines.front())), ' ');
    request.method = words.at(0);
    request.target = words.at(1);
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const auto colon = lines[i].find(':');
      request.headers[to_lower(lines[i].substr(0, colon))] = trim(lines[i].substr(colon + 1));
    }
    const auto length = request.headers.find("content-length");
    const std::size_t size = length == request.headers.end() ? 0 : std::stoul(length->second);
    while (buffer.size() < end + 4 + size) {
      if (!fill(client, buffer)) return false;
    }
    request.body = buffer.substr(end + 4, size);
    buffer.erase(0, end + 4 + size);
    return true;
  }

  static void reset_on_close(int client) {
    const linger at_once{1, 0};
    setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  }

  static void send_reply(int client, const ScriptRequest& request, const ScriptReply& reply) {
    const std::size_t promised = reply.body.size() + (reply.cut ? 100 : 0);
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) +
                       " X\r\nContent-Length: " + std::to_string(promised) + "\r\n";
    for (const auto& [name, value] : reply.headers) text += name + ": " + value + "\r\n";
    text += "\r\n";
    if (request.method != "HEAD") text += reply.body;
    std::size_t sent = 0;
    while (sent < text.size()) {
      const auto count = ::send(client, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return;
      sent += static_cast<std::size_t>(count);
    }
  }

  Script script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::vector<ScriptRequest> requests_;
  std::thread acceptor_;
  std::vector<std::thread> workers_;
};

}  // namespace ciswatch
