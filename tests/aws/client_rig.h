#pragma once

// A client whose calls go to a scripted server, and that loses no time between its attempts.

#include <string>
#include <utility>
#include <vector>

#include "core/aws/client.h"
#include "tests/aws/scripted_server.h"

namespace ciswatch {

inline const Credentials kKeys{"AKIDEXAMPLE", "very-secret", ""};
inline constexpr UnixSeconds kTime = 1'800'000'000;  // Fri, 15 Jan 2027 08:00:00 GMT

inline ClientOptions options_for(const ScriptedServer& server) {
  using std::chrono::milliseconds;
  ClientOptions options;
  options.endpoints.all = server.url();
  options.backoff = {milliseconds(1), milliseconds(1), milliseconds(5)};
  options.clock = [] { return kTime; };
  options.jitter = [] { return 1.0; };
  return options;
}

inline ApiCall call_of(std::string service, std::string operation,
                       std::vector<std::pair<std::string, std::string>> params = {}) {
  return {"111111111111", "us-east-1", std::move(service), std::move(operation), std::move(params)};
}

inline ApiAnswer answer_of(const ApiCall& call, const ClientOptions& options) {
  Client client(kKeys, options);
  return call_once(client, call);
}

inline ScriptReply json(std::string body, int status = 200) {
  return {status, std::move(body), {}};
}

}  // namespace ciswatch
