#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace ciswatch {

// How far long work is, on stderr: a bar on a terminal, else a line every few seconds. Short work
// shows nothing. One thread.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `total` may grow while the work goes on. `note`: a few words more.
  void show(std::size_t done, std::size_t total, std::string_view note = {});
  void clear();  // takes the bar away, before something else is printed

 private:
  using Clock = std::chrono::steady_clock;

  std::string what_;
  bool terminal_;
  bool drawn_ = false;
  Clock::time_point started_ = Clock::now();
  Clock::time_point shown_ = started_;
};

// Colours on stdout: on a terminal, unless NO_COLOR is set or TERM is dumb; CLICOLOR_FORCE wins over
// the terminal, NO_COLOR over all (https://no-color.org, https://bixense.com/clicolors).
bool colour_wanted();

}  // namespace ciswatch
