#pragma once

// Credentials that a program prints (credential_process).

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/aws/credentials.h"

namespace ciswatch {

struct CredentialProcess {
  std::string command;  // as configured; never told, it may hold secrets
  std::string profile;
  std::chrono::milliseconds most{60'000};
};

// The words of a command line, with the quotes and backslashes of a POSIX shell and nothing else of
// it. Throws Error where a quote is not closed.
std::vector<std::string> words_of_command(std::string_view command);

// Runs it, without a shell and without input; what it says on stderr goes to ours. Waits; a signal
// that stops us ends it, too. Throws Error: it cannot be started, fails, takes too long, or prints
// no credentials.
Credentials fetch(const CredentialProcess& process);

}  // namespace ciswatch
