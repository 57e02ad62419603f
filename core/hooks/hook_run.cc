#include "core/hooks/hook_run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "core/base/stop.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// Closed when it goes.
class Descriptor {
 public:
  Descriptor() = default;
  // Never 0, 1 or 2, which the program gets: where one of ours is closed, a new one would take its place.
  explicit Descriptor(int number) : number_(number) {
    if (number_ < 0 || number_ > STDERR_FILENO) return;
    number_ = fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    ::close(number);
  }
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_ = -1;
};

// The document as a file in memory that nobody can change any more: with a pipe, a program that does
// not read would have to be waited for. Not open where it cannot be made; errno tells why.
Descriptor document_file(std::string_view json) {
  Descriptor file(memfd_create("hook", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  while (file.is_open() && !json.empty()) {
    const ssize_t count = write(file.get(), json.data(), json.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return {};
    json.remove_prefix(static_cast<std::size_t>(count));
  }
  if (!file.is_open() || lseek(file.get(), 0, SEEK_SET) != 0) return {};
  fcntl(file.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
  return file;
}

std::vector<std::string> environment_of(const Hook& hook) {
  std::vector<std::string> names(std::begin(kHookEnvironment), std::end(kHookEnvironment));
  names.insert(names.end(), hook.environment.begin(), hook.environment.end());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<std::string> variables;
  for (const auto& name : names) {
    if (const char* value = std::getenv(name.c_str())) variables.push_back(name + "=" + value);
  }
  return variables;
}

// As exec takes them; valid as long as the words.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// What the new process does before it becomes the program.
class SpawnPlan {
 public:
  SpawnPlan(int in, int out, const fs::path& directory) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, out, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigfillset(&signals);  // what we ignore, it need not
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // An errno, or 0. A program without a slash is looked for in PATH.
  int spawn(pid_t& process, std::vector<std::string> words, std::vector<std::string> variables) {
    const auto argv = pointers_to(words), environment = pointers_to(variables);
    return posix_spawnp(&process, argv.front(), &actions_, &attributes_, argv.data(),
                        environment.data());
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace

// One run, from its start to its result.
class HookRuns::Running {
 public:
  Running(const Hook& hook, std::string name, std::string_view json)
      : hook_(hook), name_(std::move(name)), begun_(Clock::now()), until_(begun_ + hook.limit) {
    start(json);
  }
  ~Running() {
    if (process_ < 0) return;
    kill(-process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const HookResult& result() const { return result_; }
  // -1 when it has closed its stdout.
  [[nodiscard]] int output() const { return output_.get(); }

  // Takes what it has said and does what is due, without waiting. True when it has ended.
  bool step() {
    if (process_ < 0) return true;
    read_output();
    siginfo_t ended{};
    if (waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        ended.si_pid == process_) {
      finish();
      return true;
    }
    const bool is_stopped = told_ == 0 && stop_signal() != 0;
    if (!is_stopped && Clock::now() < until_) return false;
    if (told_ == 0) result_.end = is_stopped ? HookResult::End::stopped : HookResult::End::timed_out;
    // Not even SIGKILL ends who waits in the kernel for a disk: it is left alone then.
    if (told_ == 2) return leave();
    kill(-process_, told_++ == 0 ? SIGTERM : SIGKILL);
    until_ = Clock::now() + hook_.grace;
    return false;
  }

 private:
  void start(std::string_view json) {
    const fs::path folder = hook_.folder.empty() ? fs::path(".") : hook_.folder;
    const fs::path directory = folder / hook_.directory;
    std::error_code error;
    if (!fs::is_directory(directory, error)) {
      result_.why = fmt::format("there is no directory {}", directory.string());
      return;
    }
    auto words = hook_.run;
    if (words.front().find('/') != std::string::npos) {
      words.front() = fs::absolute(folder / words.front(), error).lexically_normal().string();
    }
    const auto document = document_file(json);
    int ends[2] = {-1, -1};
    if (!document.is_open() || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
      result_.why = std::strerror(errno);
      return;
    }
    output_ = Descriptor(ends[0]);
    const Descriptor far_end(ends[1]);
    fcntl(far_end.get(), F_SETFL, 0);  // only our end does not wait
    const int fault = SpawnPlan(document.get(), far_end.get(), directory)
                          .spawn(process_, std::move(words), environment_of(hook_));
    if (fault == 0) return;
    process_ = -1;
    result_.why = std::strerror(fault);
  }

  // At most so much at a time that the clock is looked at in between.
  void read_output() {
    for (int i = 0; i < 16 && output_.is_open(); ++i) {
      char bytes[64 * 1024];
      const ssize_t count = read(output_.get(), bytes, sizeof(bytes));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return;
      if (count <= 0) {
        output_.close();
        return;
      }
      const auto size = static_cast<std::size_t>(count);
      const auto room = kMostHookOutput - result_.output.size();
      result_.output.append(bytes, std::min(size, room));
      result_.cut = result_.cut || size > room;
    }
  }

  // Until waitpid has taken it, its number is nobody else's, its group's neither.
  void finish() {
    kill(-process_, SIGKILL);
    read_output();  // what stood in the pipe
    int status = 0;
    const pid_t ended = waitpid(process_, &status, 0);
    leave();
    if (told_ > 0 || ended < 0) return;
    const bool signalled = WIFSIGNALED(status);
    result_.end = signalled ? HookResult::End::signalled : HookResult::End::exited;
    result_.code = signalled ? WTERMSIG(status) : WEXITSTATUS(status);
  }

  bool leave() {
    process_ = -1;
    output_.close();
    result_.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun_);
    return true;
  }

  const Hook& hook_;
  std::string name_;
  Clock::time_point begun_, until_;
  int told_ = 0;  // how often it was told to end
  pid_t process_ = -1;
  Descriptor output_;
  HookResult result_;
};

HookRuns::HookRuns(const Hook& hook, Ended ended) : hook_(hook), ended_(std::move(ended)) {}
HookRuns::~HookRuns() = default;

void HookRuns::start(std::string name, std::string_view json) {
  wait_below(std::max<std::size_t>(hook_.at_once, 1));
  running_.push_back(std::make_unique<Running>(hook_, std::move(name), json));
}

void HookRuns::finish() { wait_below(1); }

void HookRuns::wait_below(std::size_t running) {
  while (running_.size() >= running) {
    std::vector<pollfd> waits;
    for (const auto& each : running_) {
      if (each->output() >= 0) waits.push_back({each->output(), POLLIN, 0});
    }
    // Who ends without a word, or has closed its stdout, wakes nobody.
    poll(waits.data(), waits.size(), waits.size() == running_.size() ? 20 : 2);
    const auto ended = std::stable_partition(running_.begin(), running_.end(),
                                             [](const auto& each) { return !each->step(); });
    for (auto at = ended; at != running_.end(); ++at) ended_((*at)->name(), (*at)->result());
    running_.erase(ended, running_.end());
  }
}

HookResult run_hook(const Hook& hook, std::string_view json) {
  HookResult result;
  HookRuns runs(hook, [&](const std::string&, const HookResult& ended) { result = ended; });
  runs.start("", json);
  runs.finish();
  return result;
}

std::string in_words(const HookResult& result) {
  std::string words;
  switch (result.end) {
    case HookResult::End::exited:
      words = fmt::format("exit code {}", result.code);
      break;
    case HookResult::End::signalled:
      words = fmt::format("ended by signal {}", result.code);
      break;
    case HookResult::End::timed_out:
      words = fmt::format("its time was up, ended after {:.1f} s",
                          std::chrono::duration<double>(result.took).count());
      break;
    case HookResult::End::stopped:
      words = "stopped by a signal";
      break;
    case HookResult::End::not_started:
      return "cannot be started: " + shortened(printable(result.why), 300);
  }
  for (const auto& line : split(result.output, '\n')) {
    const auto text = trim(line);
    if (!text.empty()) return words + ": " + shortened(printable(text), 300);
  }
  return words;
}

}  // namespace ciswatch
