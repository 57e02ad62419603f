#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/accounts.h"
#include "cli/commands.h"
#include "core/aws/client.h"
#include "core/aws/login.h"
#include "core/collect/live.h"

namespace ciswatch {

enum class Writes { no, yes };

// The accounts that the flags choose, reached with the credentials that they name. One thread. Throws
// Error where credentials or accounts cannot be had; which account the credentials are of has been
// asked by then.
class Connection {
 public:
  Connection(const LiveFlags& flags, Writes writes);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] Source& source() { return *source_; }
  [[nodiscard]] const std::string& caller() const { return caller_; }  // ARN of who takes on the roles
  [[nodiscard]] std::map<std::string, std::string> roles() const { return roles_; }  // by account

 private:
  Login login_;
  OwnAccount own_;
  std::string caller_;
  std::optional<Client> client_;
  std::map<std::string, std::string> roles_;
  std::optional<LiveSource> source_;
};

}  // namespace ciswatch
