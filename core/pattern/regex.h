#pragma once

// The regular expressions of CloudWatch Logs filter patterns (%…%): what AWS documents under
// "Supported regular expressions (regex) syntax" and no more. Alternatives, one repetition per
// element, classes and anchors; no groups. Run as a set of states, so that the time is linear in the
// text whatever the expression. A const Regex may be used from any thread.

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace ciswatch {

// An expression outside the subset; `at` is the byte in the expression that is at fault.
class RegexError : public Error {
 public:
  RegexError(const std::string& text, std::size_t at) : Error(text), at_(at) {}
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  std::size_t at_;
};

class Regex {
 public:
  // `text` is what stands between the percent signs. Throws RegexError.
  explicit Regex(std::string_view text);

  // True when some part of `text` matches; ^ and $ are its ends. Characters are Unicode's.
  [[nodiscard]] bool found_in(std::string_view text) const;

  // For each alternative a short text that it was made to match. Anchors in odd places can make it
  // fail, so that a caller who needs a match has to try.
  [[nodiscard]] const std::vector<std::string>& samples() const { return samples_; }

 private:
  friend class RegexCompiler;
  struct Characters {
    std::bitset<128> ascii;
    bool others = false;  // all that is not ASCII
  };
  struct Instruction {
    enum class Kind : std::uint8_t { character, split, begin, end, match } kind;
    std::size_t next = 0;   // character, split, begin, end: where it goes on
    std::size_t other = 0;  // split: the other way; character: which set
  };

  [[nodiscard]] bool takes(const Instruction& instruction, char32_t character) const;
  struct States;
  bool add(States& states, std::size_t start, bool at_begin, bool at_end) const;

  std::vector<Characters> sets_;
  std::vector<Instruction> program_;
  std::vector<std::string> samples_;
};

}  // namespace ciswatch
