#pragma once

#include <string>
#include <string_view>

#include "reporters/reporter.h"

namespace ciswatch {

// Gathers small pieces and hands them on in large ones, so that a report of any length needs
// bounded memory. Call `finish` at the end: what was not handed on is lost, as after an exception
// it should be.
class Output {
 public:
  explicit Output(const Sink& sink) : sink_(sink) { buffer_.reserve(kFull + 4096); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  Output& operator<<(std::string_view bytes) {
    buffer_ += bytes;
    hand_on();
    return *this;
  }
  Output& operator<<(std::size_t number) {
    return *this << std::string_view(std::to_string(number));
  }

  // What was not handed on yet, to append many small pieces to; call `hand_on` after some.
  [[nodiscard]] std::string& tail() { return buffer_; }
  void hand_on() {
    if (buffer_.size() >= kFull) finish();
  }

  void finish() {
    if (!buffer_.empty()) sink_(buffer_);
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kFull = 64 * 1024;

  const Sink& sink_;
  std::string buffer_;
};

}  // namespace ciswatch
