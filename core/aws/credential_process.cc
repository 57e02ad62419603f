#include "core/aws/credential_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <optional>

#include "core/base/error.h"
#include "core/base/stop.h"
#include "core/base/text.h"

extern char** environ;

namespace ciswatch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLargestOutput = 64 * 1024;

// A program in a process group of its own, with a pipe from its stdout. Ended when destroyed.
class Child {
 public:
  explicit Child(const std::vector<std::string>& words) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw Error(std::strerror(errno));
    out_ = ends[0];
    std::vector<char*> argv;
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);  // ignored by us; a program of its own wants it
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    const int fault =
        posix_spawnp(&process_, argv.front(), &actions, &attributes, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    if (fault == 0) return;
    close(out_);
    throw Error(fmt::format("cannot be started: {}", std::strerror(fault)));
  }

  ~Child() {
    close(out_);
    if (status_) return;
    kill(-process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // All that it prints, until it closes its stdout. Throws Error.
  std::string output(Clock::time_point until) {
    std::string text;
    while (true) {
      check(until);
      pollfd wait{out_, POLLIN, 0};
      if (poll(&wait, 1, 50) <= 0) continue;
      char bytes[4096];
      const ssize_t count = read(out_, bytes, sizeof(bytes));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return text;
      text.append(bytes, static_cast<std::size_t>(count));
      if (text.size() > kLargestOutput) throw Error("prints too much");
    }
  }

  // The exit status as waitpid has it.
  int status(Clock::time_point until) {
    while (!status_) {
      int status = 0;
      const pid_t ended = waitpid(process_, &status, WNOHANG);
      if (ended == process_) {
        status_ = status;
      } else {
        check(until);
        usleep(2000);
      }
    }
    return *status_;
  }

 private:
  static void check(Clock::time_point until) {
    if (stop_signal() != 0) throw Error("stopped by a signal");
    if (Clock::now() > until) throw Error("takes too long");
  }

  pid_t process_ = -1;
  int out_ = -1;
  std::optional<int> status_;
};

Credentials parse_output(const std::string& text) {
  try {
    const Json document = parse_json(text);
    const JsonValue* version = find(document, "/Version");
    if (version == nullptr || !version->IsInt() || version->GetInt() != 1) {
      throw Error("prints another Version than 1");
    }
    if (auto credentials = read_credentials(document, {.needs_token = false})) {
      return std::move(*credentials);
    }
  } catch (const JsonError&) {
    throw Error("prints no JSON");
  }
  throw Error("prints no AccessKeyId and SecretAccessKey");
}

Credentials run(const CredentialProcess& process) {
  const std::vector<std::string> words = words_of_command(process.command);
  if (words.empty()) throw Error("is empty");
  const auto until = Clock::now() + process.most;
  Child child(words);
  const std::string text = child.output(until);
  const int status = child.status(until);
  if (WIFSIGNALED(status)) throw Error(fmt::format("was ended by signal {}", WTERMSIG(status)));
  if (WEXITSTATUS(status) != 0) {
    throw Error(fmt::format("failed with exit code {}", WEXITSTATUS(status)));
  }
  return parse_output(text);
}

}  // namespace

std::vector<std::string> words_of_command(std::string_view command) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = 0;
  for (std::size_t at = 0; at < command.size(); ++at) {
    const char c = command[at];
    const char next = at + 1 < command.size() ? command[at + 1] : '\0';
    if (quote == 0 && (c == ' ' || c == '\t')) {
      if (word) words.push_back(std::move(*word));
      word.reset();
      continue;
    }
    if (!word) word.emplace();
    const bool escapes = c == '\\' && next != '\0' &&
                         (quote == 0 || (quote == '"' && (next == '"' || next == '\\')));
    if (escapes) {
      *word += next;
      ++at;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else {
      *word += c;
    }
  }
  if (quote != 0) throw Error("has a quote that is not closed");
  if (word) words.push_back(std::move(*word));
  return words;
}

Credentials fetch(const CredentialProcess& process) {
  try {
    return run(process);
  } catch (const Error& error) {
    throw Error(fmt::format("the credential_process of profile '{}' {}", printable(process.profile),
                            error.what()));
  }
}

}  // namespace ciswatch
