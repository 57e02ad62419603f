#include "tests/proof/mutants.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <map>
#include <set>

#include "core/base/text.h"
#include "rules/sql_text.h"

namespace ciswatch::proof {
namespace {

using Kind = SqlToken::Kind;

// What ends a condition that stands at the same depth.
constexpr std::array<std::string_view, 24> kEnds = {
    "and",   "or",    "then",  "else",   "when",  "end",  "group",  "order", "limit",     "union", "where", "join",
    "left",  "cross", "inner", "having", "from",  ",",    "window", "as",    "intersect", "on",    "except", ";"};

class Maker {
 public:
  Maker(std::string_view sql, bool of_check) : sql_(sql) {
    for (auto& token : sql_tokens(sql)) {
      if (!continues(token)) tokens_.push_back(std::move(token));
    }
    mark_words(of_check);
    mark_calls();
  }

  std::vector<Mutant> make() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (spared_.contains(i)) continue;
      flip(i);
      change_constant(i);
      drop_condition(i);
    }
    return std::move(mutants_);
  }

 private:
  // A symbol of several characters comes in single ones: "<>", "->>", "||".
  bool continues(const SqlToken& token) {
    if (tokens_.empty() || token.kind != Kind::symbol || tokens_.back().kind != Kind::symbol) return false;
    auto& last = tokens_.back();
    const bool adjacent = last.offset + static_cast<int>(last.text.size()) == token.offset;
    const auto joined = last.text + token.text;
    static const std::set<std::string> kSymbols = {"<>", "<=", ">=", "!=", "||", "->", "->>", "=="};
    if (!adjacent || !kSymbols.contains(joined)) return false;
    last.text = joined;
    return true;
  }

  [[nodiscard]] bool is(std::size_t i, std::string_view word) const {
    return i < tokens_.size() && tokens_[i].is(word);
  }
  [[nodiscard]] std::size_t begin_of(std::size_t i) const {
    return i < tokens_.size() ? static_cast<std::size_t>(tokens_[i].offset) : sql_.size();
  }
  // Where the text of token i ends: a word or symbol is as long as its text.
  [[nodiscard]] std::size_t end_of(std::size_t i) const {
    return begin_of(i) + tokens_[i].text.size();
  }
  void replace(std::size_t from, std::size_t to, std::string with) {
    mutants_.push_back({from, to - from, std::move(with)});
  }

  // The expression of an item "… as detail", from the comma or "select" before it.
  void mark_words(bool evidence_too) {
    int depth = 0;
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i) {
      if (is(i, "(")) ++depth;
      if (is(i, ")")) --depth;
      if (!is(i, "as") || is(i + 1, "(") || is(i + 1, "materialized")) continue;
      const auto& name = tokens_[i + 1].text;
      if (is_told_only(name) || (evidence_too && depth == 0 && !is_judged(name))) spare_item(i);
    }
  }

  // What a finding says and names, beside what it is.
  static bool is_told_only(const std::string& name) {
    static const std::set<std::string> kWords = {"detail", "what", "note", "owner_note", "hint"};
    return kWords.contains(name) || name.ends_with("call_id") || name.ends_with("call_ids") ||
           name.ends_with("calls");
  }
  static bool is_judged(const std::string& name) {
    static const std::set<std::string> kColumns = {"account_id", "region", "resource",
                                                   "ok",         "level",  "not_applicable"};
    return kColumns.contains(name);
  }

  // Tables of calls, "X as (select …, … as call_ids from api_call …)", where X is but joined, and joins
  // with them.
  void mark_calls() {
    for (std::size_t i = 1; i + 1 < tokens_.size(); ++i) {
      const bool of_calls = is(i - 1, "from") && is(i, "api_call") && is(i + 1, "where") &&
                            spared_.contains(i - 4) && is_but_joined(table_around(i));
      const bool joined = is(i - 1, "join") && holds_calls(tokens_[i].text);
      if (!of_calls && !joined) continue;
      int depth = 0;
      for (std::size_t at = i; at < tokens_.size(); ++at) {
        if (is(at, "(")) ++depth;
        if (is(at, ")") && --depth < 0) break;
        if (joined && depth == 0 && at > i && (is(at, "where") || is(at, "left") || is(at, "join") || is(at, "group"))) break;
        spared_.insert(at);
      }
    }
  }

  // Nothing but ids of calls is read of it where it is joined.
  static bool holds_calls(const std::string& table) {
    return table.ends_with("_call") || table.ends_with("calls");
  }

  // The name of "X as (" or "X as materialized (" around a token; "" for none.
  [[nodiscard]] std::string table_around(std::size_t i) const {
    int depth = 0;
    while (i > 0 && depth >= 0) {
      --i;
      depth += is(i, ")") - is(i, "(");
    }
    if (depth >= 0 || i < 3) return "";
    return is(i - 1, "as") ? tokens_[i - 2].text : is(i - 1, "materialized") ? tokens_[i - 3].text : "";
  }

  [[nodiscard]] bool is_but_joined(const std::string& table) const {
    if (!holds_calls(table)) return false;
    for (std::size_t i = 1; i < tokens_.size(); ++i) {
      if (is(i - 1, "from") && tokens_[i].text == table && !spared_.contains(i)) return false;
    }
    return true;
  }

  void spare_item(std::size_t as) {
    int depth = 0;
    for (std::size_t at = as; at-- > 0;) {
      if (is(at, ")")) ++depth;
      if (is(at, "(") && --depth < 0) return;
      if (depth == 0 && (is(at, ",") || is(at, "select"))) return;
      spared_.insert(at);
    }
  }

  void flip(std::size_t i) {
    static const std::map<std::string_view, std::string_view> kFlips = {
        {"=", "<>"}, {"<>", "="},   {"<", ">="},          {">=", "<"},          {">", "<="},
        {"<=", ">"}, {"and", "or"}, {"or", "and"},        {"any_ok", "all_ok"}, {"all_ok", "any_ok"},
        {"+", "-"},  {"-", "+"},    {"union", "intersect"}};
    const auto& token = tokens_[i];
    if (token.kind != Kind::word && token.kind != Kind::symbol) return;
    if (token.is("and") && is_of_between(i)) return;
    if (token.is("union") && is(i + 1, "all")) return;
    if (const auto flipped = kFlips.find(token.text); flipped != kFlips.end()) {
      replace(begin_of(i), end_of(i), std::string(flipped->second));
    }
    if (token.is("is")) {
      const bool negated = is(i + 1, "not");
      replace(begin_of(i), negated ? end_of(i + 1) : end_of(i), negated ? "is" : "is not");
    } else if (token.is("not") && !is(i - 1, "is")) {
      replace(begin_of(i), end_of(i), "");
    } else if (token.is("left") && is(i + 1, "join")) {
      replace(begin_of(i), end_of(i), "");
    }
  }

  [[nodiscard]] bool is_of_between(std::size_t i) const {
    int depth = 0;
    for (std::size_t at = i; at-- > 0;) {
      if (is(at, ")")) ++depth;
      if (is(at, "(") && --depth < 0) return false;
      if (depth > 0) continue;
      if (is(at, "between")) return true;
      if (is(at, "and") || is(at, "or") || is(at, "when") || is(at, "where")) return false;
    }
    return false;
  }

  // A number, or a text that something is compared with.
  void change_constant(std::size_t i) {
    const auto& token = tokens_[i];
    const bool number = token.kind == Kind::word && !token.text.empty() &&
                        std::all_of(token.text.begin(), token.text.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
    if (number && !is(i - 1, "limit") && !is(i - 1, "by") && !is_any_value(i)) {
      replace(begin_of(i), end_of(i), other_number(i));
    }
    if (token.kind != Kind::string || !is_compared(i)) return;
    replace(begin_of(i) + 1, begin_of(i) + 1, "~");
  }

  // Of places in an order, "select 1 as place … union all select 2 …": one that changes the order.
  [[nodiscard]] std::string other_number(std::size_t i) const {
    if (is(i + 1, "as") && is(i + 2, "place")) return tokens_[i].text + "1";
    if (is(i - 1, "select") && is(i - 2, "all")) return "0";
    return tokens_[i].is("0") ? "1" : tokens_[i].is("1") ? "0" : tokens_[i].text + "1";
  }

  // The 1 of "exists (select 1 …)" and "(select 1 …) is null": any value says the same.
  [[nodiscard]] bool is_any_value(std::size_t i) const {
    if (!is(i - 1, "select") || !is(i - 2, "(")) return false;
    if (is(i - 3, "exists")) return true;
    for (int depth = 1; i < tokens_.size() && depth > 0; ++i) depth += is(i, "(") - is(i, ")");
    return is(i, "is");
  }

  [[nodiscard]] bool is_compared(std::size_t i) const {
    for (const auto* word : {"=", "<>", "like", "glob", "is", "not", "collate"}) {
      if (is(i - 1, word)) return true;
    }
    if (is(i + 1, "=") || is(i + 1, "<>")) return true;
    std::size_t at = i;
    while (at > 0 && (is(at - 1, ",") || (at != i && tokens_[at].kind == Kind::string && !is(at - 1, "(")))) --at;
    return at > 1 && is(at - 1, "(") && is(at - 2, "in");
  }

  // "and CONDITION" and "or CONDITION" go; so does "CONDITION and" behind where, on and when.
  void drop_condition(std::size_t i) {
    const bool joint = (is(i, "and") && !is_of_between(i)) || is(i, "or");
    const bool head = is(i, "where") || is(i, "on") || is(i, "when");
    if (!joint && !head) return;
    const auto end = condition_end(i + 1);
    // Rows hold JSON or NULL: the guard is against a file that somebody else has made, which no test is.
    if (is(i, "when") && is(i + 1, "json_valid") && is(i + 2, "(") && is(end, "then")) return;
    if (joint) {
      replace(begin_of(i), begin_of(end), " ");
    } else if (is(end, "and") || is(end, "or")) {
      replace(begin_of(i + 1), end_of(end), " ");
    } else {
      replace(begin_of(i + 1), begin_of(end), "1 ");
    }
  }

  [[nodiscard]] std::size_t condition_end(std::size_t i) const {
    int depth = 0;
    bool between = false;
    for (; i < tokens_.size(); ++i) {
      if (is(i, "(") || is(i, "case")) ++depth;
      if (depth == 0 && is(i, ")")) return i;
      if (depth > 0 && (is(i, ")") || is(i, "end"))) {
        --depth;
        continue;
      }
      if (depth > 0) continue;
      if (is(i, "between")) between = true;
      if (is(i, "and") && std::exchange(between, false)) continue;
      const auto& token = tokens_[i];
      const bool ends = token.kind != Kind::string && token.kind != Kind::quoted_name &&
                        std::find(kEnds.begin(), kEnds.end(), token.text) != kEnds.end();
      if (ends) return i;
    }
    return i;
  }

  std::string_view sql_;
  std::vector<SqlToken> tokens_;
  std::set<std::size_t> spared_;
  std::vector<Mutant> mutants_;
};

}  // namespace

std::vector<Mutant> mutants_of(std::string_view sql, bool of_check) {
  return Maker(sql, of_check).make();
}

std::vector<Mutant> sample(const std::vector<Mutant>& all, Share share) {
  std::vector<Mutant> some;
  const auto first = (all.size() + share.number - 1) % share.count;
  for (std::size_t i = first; i < all.size(); i += share.count) some.push_back(all[i]);
  return some;
}

std::string mutated(std::string_view sql, const Mutant& mutant) {
  return std::string(sql.substr(0, mutant.offset)) + mutant.with +
         std::string(sql.substr(mutant.offset + mutant.length));
}

std::string describe(std::string_view sql, const Mutant& mutant) {
  const auto start = sql.rfind('\n', mutant.offset);
  const auto from = start == std::string_view::npos ? 0 : start + 1;
  const auto end = std::min(sql.find('\n', mutant.offset + mutant.length), sql.size());
  return fmt::format("'{}' becomes '{}' in: {}", sql.substr(mutant.offset, mutant.length), mutant.with,
                     trim(sql.substr(from, end - from)));
}

}  // namespace ciswatch::proof
