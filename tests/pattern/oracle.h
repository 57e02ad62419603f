#pragma once

// A second reader of filter patterns for the tests: as naive as can be, and nothing of it is shared
// with the first. It takes what the generator writes: terms with = and != of texts, numbers, words and
// wildcards at the ends, EXISTS and IS, && before ||, parentheses. Events are flat: path to text.

#include <cstdlib>
#include <map>
#include <string>

namespace ciswatch::oracle {

struct Value {
  enum Kind { null, boolean, number, text } kind;
  std::string text_of;
};
using Event = std::map<std::string, Value>;  // "a.b" → value

class Reader {
 public:
  Reader(std::string pattern, const Event& event) : rest_(std::move(pattern)), event_(event) {}

  bool read() {
    eat("{");
    const bool result = either();
    eat("}");
    return result;
  }

 private:
  void blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t')) rest_.erase(0, 1);
  }
  bool eat(const std::string& token) {
    blanks();
    if (rest_.compare(0, token.size(), token) != 0) return false;
    rest_.erase(0, token.size());
    return true;
  }
  std::string until(const char* stops) {
    const auto end = rest_.find_first_of(stops);
    auto word = rest_.substr(0, end);
    rest_.erase(0, end);
    return word;
  }
  bool either() {
    bool result = both();
    while (eat("||")) result = both() || result;
    return result;
  }
  bool both() {
    bool result = one();
    while (eat("&&")) result = one() && result;
    return result;
  }
  bool one() {
    if (eat("(")) {
      const bool result = either();
      eat(")");
      return result;
    }
    return term();
  }
  bool term() {
    eat("$.");
    const auto found = event_.find(until(" \n\t=!<>"));
    const bool there = found != event_.end();
    if (eat("NOT EXISTS")) return !there;
    if (eat("EXISTS")) return there;
    if (eat("IS NULL")) return there && found->second.kind == Value::null;
    if (eat("IS TRUE")) return there && found->second.kind == Value::boolean && found->second.text_of == "true";
    if (eat("IS FALSE")) return there && found->second.kind == Value::boolean && found->second.text_of == "false";
    std::string sign;
    for (const auto* candidate : {"!=", "<=", ">=", "=", "<", ">"}) {
      if (eat(candidate)) {
        sign = candidate;
        break;
      }
    }
    blanks();
    std::string operand;
    if (!rest_.empty() && rest_[0] == '"') {
      rest_.erase(0, 1);
      operand = until("\"");
      rest_.erase(0, 1);
    } else {
      operand = until(" )}&|\n\t");
    }
    return there && compare(found->second, sign, operand);
  }
  static bool compare(const Value& value, const std::string& sign, const std::string& operand) {
    if (value.kind == Value::number) {
      const double left = std::strtod(value.text_of.c_str(), nullptr);
      const double right = std::strtod(operand.c_str(), nullptr);
      if (sign == "<") return left < right;
      if (sign == "<=") return left <= right;
      if (sign == ">") return left > right;
      if (sign == ">=") return left >= right;
      return (left == right) == (sign == "=");
    }
    return like(value.text_of, operand) == (sign == "=");
  }
  static bool like(const std::string& text, const std::string& wanted) {
    if (wanted == "*") return true;
    const bool front = wanted[0] == '*', back = wanted.back() == '*';
    const auto middle = wanted.substr(front ? 1 : 0, wanted.size() - (front ? 1 : 0) - (back ? 1 : 0));
    if (front && back) return text.find(middle) != std::string::npos;
    if (back) return text.rfind(middle, 0) == 0;
    if (!front) return text == middle;
    return text.size() >= middle.size() &&
           text.compare(text.size() - middle.size(), middle.size(), middle) == 0;
  }

  std::string rest_;
  const Event& event_;
};

}  // namespace ciswatch::oracle
