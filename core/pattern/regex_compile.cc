#include "core/pattern/regex.h"

#include <fmt/format.h>

#include <optional>

#include "core/pattern/characters.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostInstructions = 1000;  // repetitions are written out
constexpr std::size_t kMostRepetitions = 1000;

bool is_quantifier(char c) { return c == '?' || c == '*' || c == '+' || c == '{'; }

}  // namespace

// Reads an expression from left to right and writes the program beside it.
class RegexCompiler {
 public:
  RegexCompiler(std::string_view text, Regex& regex) : text_(text), regex_(regex) {}

  void run() {
    if (text_.empty()) throw RegexError("an empty regular expression", 0);
    alternatives();
    const auto end = emit({.kind = Kind::match});
    for (const auto jump : jumps_) regex_.program_[jump].next = regex_.program_[jump].other = end;
  }

 private:
  using Kind = Regex::Instruction::Kind;
  struct Repetition {
    std::size_t least = 1;
    std::optional<std::size_t> most = 1;  // none: without end
  };

  // a|b: before each alternative a split to the next one, after it a jump to the end. A jump is a
  // split whose ways are the same.
  void alternatives() {
    while (true) {
      const auto split = emit({.kind = Kind::split});
      regex_.program_[split].next = regex_.program_[split].other = split + 1;
      sample_.clear();
      concatenation();
      regex_.samples_.push_back(sample_);
      if (at_ == text_.size()) return;
      ++at_;  // '|'
      jumps_.push_back(emit({.kind = Kind::split}));
      regex_.program_[split].other = regex_.program_.size();
    }
  }

  void concatenation() {
    while (at_ < text_.size() && text_[at_] != '|') {
      const char c = text_[at_];
      if (c == '^' || c == '$') {
        ++at_;
        const auto anchor = emit({.kind = c == '^' ? Kind::begin : Kind::end});
        regex_.program_[anchor].next = anchor + 1;
        if (at_ < text_.size() && is_quantifier(text_[at_])) {
          throw RegexError("an anchor cannot be repeated", at_);
        }
        continue;
      }
      const auto set = element();
      repeat(set, repetition());
    }
  }

  std::size_t element() {
    Regex::Characters set;
    const char c = text_[at_];
    if (c == '.') {
      ++at_;
      set.ascii.set();
      set.ascii.reset('\n');
      set.others = true;
    } else if (c == '[') {
      set = characters_in_brackets();
    } else if (c == '\\') {
      set = escaped();
    } else {
      literal(c);
      ++at_;
      set.ascii.set(static_cast<unsigned char>(c));
    }
    regex_.sets_.push_back(set);
    return regex_.sets_.size() - 1;
  }

  void literal(char c) const {
    if (is_quantifier(c)) throw RegexError(fmt::format("nothing before '{}' to repeat", c), at_);
    if (c == '(' || c == ')') {
      throw RegexError("parentheses are not supported in a regular expression", at_);
    }
    if (!is_word_character(c) && std::string_view(":_#=@/;,-").find(c) == std::string_view::npos) {
      throw RegexError("a character that a regular expression does not support", at_);
    }
  }

  // \d and its kin, \xhh, or the character itself.
  Regex::Characters escaped() {
    const auto start = at_++;
    if (at_ == text_.size()) throw RegexError("nothing after the backslash", start);
    const char c = text_[at_++];
    Regex::Characters set;
    const auto lower = static_cast<char>(c | 0x20);
    if (lower == 'd' || lower == 'w' || lower == 's') {
      for (int i = 0; i < 128; ++i) set.ascii[static_cast<std::size_t>(i)] = is_kind(lower, i);
      if (c != lower) {
        set.ascii.flip();
        set.others = true;
      }
    } else if (c == 'x') {
      set.ascii.set(hexadecimal(start));
    } else if (is_alphanumeric(c) || static_cast<unsigned char>(c) >= 128) {
      throw RegexError("an escape that is not supported", start);
    } else {
      set.ascii.set(static_cast<unsigned char>(c));
    }
    return set;
  }

  static bool is_kind(char kind, int character) {
    const auto c = static_cast<char>(character);
    if (kind == 'd') return c >= '0' && c <= '9';
    if (kind == 'w') return is_word_character(c);
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  std::size_t hexadecimal(std::size_t start) {
    std::size_t value = 0;
    for (int i = 0; i < 2; ++i) {
      const auto digit = at_ < text_.size() ? hex_digit(text_[at_++]) : -1;
      if (digit < 0) throw RegexError("two hexadecimal digits belong after \\x", start);
      value = value * 16 + static_cast<std::size_t>(digit);
    }
    if (value >= 128) throw RegexError("\\x names no ASCII character", start);
    return value;
  }

  Regex::Characters characters_in_brackets() {
    const auto start = at_++;
    const bool negated = at_ < text_.size() && text_[at_] == '^';
    if (negated) ++at_;
    Regex::Characters all;
    bool any = false;
    while (at_ < text_.size() && text_[at_] != ']') {
      range(all);
      any = true;
    }
    if (at_ == text_.size()) throw RegexError("the '[' is not closed", start);
    if (!any) throw RegexError("nothing between the brackets", start);
    ++at_;
    if (negated) {
      all.ascii.flip();
      all.others = !all.others;
    }
    return all;
  }

  // One character of a class, or from-to.
  void range(Regex::Characters& all) {
    const auto start = at_;
    const auto from = member();
    all.ascii |= from.ascii;
    all.others |= from.others;
    const bool has_end = at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']';
    if (!has_end) return;
    ++at_;
    const auto to = member();
    if (from.ascii.count() != 1 || to.ascii.count() != 1 || from.others || to.others) {
      throw RegexError("a range between things that are no characters", start);
    }
    const auto first = first_of(from.ascii), last = first_of(to.ascii);
    if (first > last) throw RegexError("a range that ends before it begins", start);
    for (auto i = first; i <= last; ++i) all.ascii.set(i);
  }

  Regex::Characters member() {
    const char c = text_[at_];
    if (c == '\\') return escaped();
    if (static_cast<unsigned char>(c) >= 128) {
      throw RegexError("a character that a regular expression does not support", at_);
    }
    ++at_;
    Regex::Characters set;
    set.ascii.set(static_cast<unsigned char>(c));
    return set;
  }

  static std::size_t first_of(const std::bitset<128>& set) {
    std::size_t i = 0;
    while (i < 127 && !set[i]) ++i;
    return i;
  }

  Repetition repetition() {
    Repetition times;
    if (at_ == text_.size() || !is_quantifier(text_[at_])) return times;
    const char c = text_[at_++];
    if (c == '?') times = {0, 1};
    if (c == '*') times = {0, {}};
    if (c == '+') times = {1, {}};
    if (c == '{') times = counted(at_ - 1);
    if (at_ < text_.size() && is_quantifier(text_[at_])) {
      throw RegexError("a repetition of a repetition", at_);
    }
    return times;
  }

  Repetition counted(std::size_t start) {
    Repetition times;
    times.least = number(start);
    times.most = times.least;
    if (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
      times.most.reset();
      if (at_ < text_.size() && text_[at_] != '}') times.most = number(start);
    }
    if (at_ == text_.size() || text_[at_] != '}') throw RegexError("the '{' is not closed", start);
    ++at_;
    if (times.most && *times.most < times.least) {
      throw RegexError("a repetition whose most is below its least", start);
    }
    return times;
  }

  std::size_t number(std::size_t start) {
    std::size_t value = 0;
    const auto first = at_;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      value = value * 10 + static_cast<std::size_t>(text_[at_] - '0');
      if (value > kMostRepetitions) throw RegexError("too many repetitions", start);
    }
    if (at_ == first) throw RegexError("a number of repetitions belongs after '{'", start);
    return value;
  }

  void repeat(std::size_t set, Repetition times) {
    for (std::size_t i = 0; i < times.least; ++i) character(set);
    sample_.append(times.least, example_of(regex_.sets_[set]));
    if (!times.most) {
      const auto split = emit({.kind = Kind::split});
      character(set);
      regex_.program_.back().next = split;
      regex_.program_[split].next = split + 1;
      regex_.program_[split].other = regex_.program_.size();
      return;
    }
    for (auto i = times.least; i < *times.most; ++i) {
      const auto split = emit({.kind = Kind::split});
      character(set);
      regex_.program_[split].next = split + 1;
      regex_.program_[split].other = regex_.program_.size();
    }
  }

  static char example_of(const Regex::Characters& set) {
    for (char c = 'a'; c <= 'z'; ++c) {
      if (set.ascii[static_cast<std::size_t>(c)]) return c;
    }
    for (std::size_t c = ' '; c < 127; ++c) {
      if (set.ascii[c]) return static_cast<char>(c);
    }
    return static_cast<char>(first_of(set.ascii));
  }

  void character(std::size_t set) {
    const auto here = emit({.kind = Kind::character, .other = set});
    regex_.program_[here].next = here + 1;
  }

  std::size_t emit(Regex::Instruction instruction) {
    if (regex_.program_.size() >= kMostInstructions) {
      throw RegexError("a regular expression with too many repetitions", at_);
    }
    regex_.program_.push_back(instruction);
    return regex_.program_.size() - 1;
  }

  std::string_view text_;
  Regex& regex_;
  std::size_t at_ = 0;
  std::string sample_;
  std::vector<std::size_t> jumps_;
};

Regex::Regex(std::string_view text) { RegexCompiler(text, *this).run(); }

}  // namespace ciswatch
