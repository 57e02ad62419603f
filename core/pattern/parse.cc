#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/base/text.h"
#include "core/pattern/characters.h"
#include "core/pattern/pattern.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestPattern = 1024;  // characters; PutMetricFilter takes no longer one
constexpr std::size_t kMostRegexes = 2;        // in a JSON pattern of a metric filter
constexpr int kDeepest = 100;                  // parentheses in each other
constexpr std::size_t kLargestIndex = 1'000'000;

bool is_member_character(char c) {
  return is_word_character(c) || c == '-' || static_cast<unsigned char>(c) >= 128;
}

// AWS's page lets words of letters and digits go without quotes and shows 123.123.*; what the
// benchmarks write so besides (kms.amazonaws.com, ARNs) has no meaning of its own either.
bool is_bare_character(char c) {
  return is_word_character(c) || std::string_view("-.*:/@+#").find(c) != std::string_view::npos;
}

// Digits with an optional sign, fraction and exponent, and nothing else.
bool read_number(std::string_view text, double& number) {
  std::string_view rest = text;
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) rest.remove_prefix(1);
  if (rest.empty() || !(is_digit(rest[0]) || rest[0] == '.')) return false;
  const bool plus = text[0] == '+';
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + (plus ? 1 : 0), end, number);
  return error == std::errc() && stop == end;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Pattern run() {
    skip_spaces();
    if (at_ == text_.size()) return {};
    if (text_[at_] == '[') {
      throw PatternError("not a JSON pattern: a pattern in [ ] is for space-delimited log events");
    }
    if (text_[at_] != '{') {
      throw PatternError("not a JSON pattern: without { } it looks for words in the text of an event");
    }
    ++at_;
    if (characters_before(text_, text_.size()) > kLongestPattern) {
      throw PatternError("longer than the 1,024 characters that a filter pattern may have");
    }
    any_of(0);
    if (!taken("}")) fail("expected '&&', '||' or '}'");
    skip_spaces();
    if (at_ < text_.size()) fail("text after the closing '}'");
    return std::move(pattern_);
  }

 private:
  [[noreturn]] void fail(std::string_view what) const { fail_at(at_, what); }

  [[noreturn]] void fail_at(std::size_t at, std::string_view what) const {
    throw error_at(at, what);
  }

  PatternError error_at(std::size_t at, std::string_view what) const {
    return PatternError(fmt::format("character {}: {}", characters_before(text_, at) + 1, what));
  }

  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  bool taken(std::string_view token) {
    skip_spaces();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  // A keyword in any case; it ends where its letters do.
  bool taken_word(std::string_view word) {
    skip_spaces();
    const auto here = text_.substr(at_, word.size());
    const auto after = at_ + word.size();
    if (!equal_ignoring_case(here, word)) return false;
    if (after < text_.size() && is_word_character(text_[after])) return false;
    at_ = after;
    return true;
  }

  // && binds before ||; each makes one condition of all its operands.
  void any_of(int depth) {
    std::vector<std::size_t> below;
    do {
      all_of(depth);
      below.push_back(pattern_.conditions.size() - 1);
    } while (taken("||"));
    join(PatternCondition::Kind::any, std::move(below));
  }

  void all_of(int depth) {
    std::vector<std::size_t> below;
    do {
      operand_of_and(depth);
      below.push_back(pattern_.conditions.size() - 1);
    } while (taken("&&"));
    join(PatternCondition::Kind::all, std::move(below));
  }

  void join(PatternCondition::Kind kind, std::vector<std::size_t> below) {
    if (below.size() == 1) return;  // it is the last one already
    pattern_.conditions.push_back({.kind = kind, .term = 0, .below = std::move(below)});
  }

  void operand_of_and(int depth) {
    if (!taken("(")) return term();
    if (depth == kDeepest) fail("too many parentheses in each other");
    const auto opened = at_ - 1;
    any_of(depth + 1);
    if (taken(")")) return;
    if (at_ == text_.size() || text_[at_] == '}') fail_at(opened, "this '(' is not closed");
    fail("expected '&&', '||' or ')'");
  }

  void term() {
    Term term;
    term.selector = selector();
    term.kind = relation();
    if (is_comparison(term)) term.operand = operand(term.kind);
    pattern_.terms.push_back(std::move(term));
    pattern_.conditions.push_back({.kind = PatternCondition::Kind::term, .term = pattern_.terms.size() - 1,
                                   .below = {}});
  }

  std::size_t selector() {
    skip_spaces();
    if (at_ == text_.size() || text_[at_] != '$') fail("expected a selector such as $.eventName");
    ++at_;
    Selector steps;
    while (at_ < text_.size() && (text_[at_] == '.' || text_[at_] == '[')) steps.push_back(step(steps));
    if (steps.empty()) fail("expected '.' and a name after '$'");
    auto& known = pattern_.selectors;
    const auto found = std::find(known.begin(), known.end(), steps);
    if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
    known.push_back(std::move(steps));
    return known.size() - 1;
  }

  // .name, [0], .["name"] or ["name"], with single or double quotes.
  Step step(const Selector& before) {
    const bool dot = text_[at_] == '.';
    if (dot) ++at_;
    if (at_ < text_.size() && text_[at_] == '[') return bracketed(before, dot);
    const auto start = at_;
    while (at_ < text_.size() && is_member_character(text_[at_])) ++at_;
    if (at_ == start) fail("expected a name of letters, digits, '-' and '_'");
    return {.name = std::string(text_.substr(start, at_ - start))};
  }

  Step bracketed(const Selector& before, bool dot) {
    const auto start = at_++;
    Step step;
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      const char quote = text_[at_++];
      const auto end = text_.find(quote, at_);
      if (end == std::string_view::npos || end == at_) fail("expected a name and its closing quote");
      step.name = std::string(text_.substr(at_, end - at_));
      at_ = end + 1;
    } else {
      if (dot || before.empty()) fail_at(start, "an element's number stands after a name");
      step.index = index();
    }
    if (at_ == text_.size() || text_[at_] != ']') fail("expected ']'");
    ++at_;
    return step;
  }

  std::size_t index() {
    std::size_t value = 0;
    const auto start = at_;
    for (; at_ < text_.size() && is_digit(text_[at_]); ++at_) {
      value = value * 10 + static_cast<std::size_t>(text_[at_] - '0');
      if (value > kLargestIndex) fail_at(start, "the number of an element is too large");
    }
    if (at_ == start) fail("expected the number of an element, or a name in quotes");
    return value;
  }

  Term::Kind relation() {
    using Kind = Term::Kind;
    if (taken_word("NOT")) {
      if (!taken_word("EXISTS")) fail("expected EXISTS after NOT");
      return Kind::not_exists;
    }
    if (taken_word("EXISTS")) return Kind::exists;
    if (taken_word("IS")) {
      if (taken_word("NULL")) return Kind::is_null;
      if (taken_word("TRUE")) return Kind::is_true;
      if (taken_word("FALSE")) return Kind::is_false;
      fail("expected NULL, TRUE or FALSE after IS");
    }
    if (taken("!=")) return Kind::differ;
    if (taken("<=")) return Kind::less_equal;
    if (taken(">=")) return Kind::greater_equal;
    if (taken("<")) return Kind::less;
    if (taken(">")) return Kind::greater;
    if (taken("=")) return Kind::equal;
    fail("expected an operator: =, !=, <, <=, >, >=, IS or NOT EXISTS");
  }

  Operand operand(Term::Kind kind) {
    skip_spaces();
    const auto start = at_;
    Operand operand;
    if (at_ < text_.size() && text_[at_] == '"') {
      operand.text = quoted();
    } else if (at_ < text_.size() && text_[at_] == '%') {
      operand.kind = Operand::Kind::regex;
      operand.regex = regex();
    } else {
      while (at_ < text_.size() && is_bare_character(text_[at_])) ++at_;
      operand.text = std::string(text_.substr(start, at_ - start));
      if (at_ == start) fail("expected a value: a word, a number, \"text\" or %expression%");
      if (read_number(operand.text, operand.number)) operand.kind = Operand::Kind::number;
    }
    const bool ordered = kind != Term::Kind::equal && kind != Term::Kind::differ;
    if (ordered && operand.kind != Operand::Kind::number) {
      fail_at(start, "<, <=, > and >= compare with a number");
    }
    return operand;
  }

  // \" and \\ stand for the second character; another backslash for itself.
  std::string quoted() {
    const auto start = at_++;
    std::string value;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      const bool escape = text_[at_] == '\\' && at_ + 1 < text_.size() &&
                          (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
      if (escape) ++at_;
      value += text_[at_];
    }
    if (at_ == text_.size()) fail_at(start, "the quote is not closed");
    ++at_;
    return value;
  }

  std::size_t regex() {
    const auto start = at_++;
    const auto end = text_.find('%', at_);
    if (end == std::string_view::npos) fail_at(start, "the '%' is not closed");
    if (pattern_.regexes.size() == kMostRegexes) {
      fail_at(start, "more than the two regular expressions that a pattern may have");
    }
    const auto from = std::exchange(at_, end + 1);
    try {
      pattern_.regexes.emplace_back(text_.substr(from, end - from));
    } catch (const RegexError& error) {
      throw error_at(from + error.at(), error.what());
    }
    return pattern_.regexes.size() - 1;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Pattern pattern_;
};

}  // namespace

Pattern parse_pattern(std::string_view text) { return Parser(text).run(); }

std::string to_text(const Selector& selector) {
  std::string text;
  for (const auto& step : selector) {
    const bool plain = std::all_of(step.name.begin(), step.name.end(), is_member_character);
    if (step.name.empty()) {
      text += fmt::format("[{}]", step.index);
    } else if (plain) {
      text += (text.empty() ? "" : ".") + step.name;
    } else {
      text += fmt::format("[\"{}\"]", step.name);
    }
  }
  return text;
}

}  // namespace ciswatch
