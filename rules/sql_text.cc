#include "rules/sql_text.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "core/base/error.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '$' || byte >= 0x80;
}

// The end of a quoted text that starts at `at`; a doubled quote stands for itself.
std::size_t end_of_quote(std::string_view sql, std::size_t at, char close, std::string& text) {
  for (++at; at < sql.size(); ++at) {
    if (sql[at] == close) {
      const bool doubled = close != ']' && at + 1 < sql.size() && sql[at + 1] == close;
      if (!doubled) return at + 1;
      ++at;
    }
    text += sql[at];
  }
  return at;
}

// The first byte at or after `at` that is neither blank nor comment.
std::size_t skip_blanks(std::string_view sql, std::size_t at) {
  while (at < sql.size()) {
    if (std::isspace(static_cast<unsigned char>(sql[at])) != 0) {
      ++at;
    } else if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql.substr(at, 2) == "/*") {
      const auto end = sql.find("*/", at + 2);
      at = end == std::string_view::npos ? sql.size() : end + 2;
    } else {
      break;
    }
  }
  return at;
}

std::size_t read_token(std::string_view sql, std::size_t at, SqlToken& token) {
  const char c = sql[at];
  if (c == '\'') {
    token.kind = SqlToken::Kind::string;
    return end_of_quote(sql, at, c, token.text);
  }
  if (c == '"' || c == '`' || c == '[') {
    token.kind = SqlToken::Kind::quoted_name;
    return end_of_quote(sql, at, c == '[' ? ']' : c, token.text);
  }
  if (!is_word(c)) {
    token.kind = SqlToken::Kind::symbol;
    token.text = c;
    return at + 1;
  }
  token.kind = SqlToken::Kind::word;
  const auto start = at;
  while (at < sql.size() && is_word(sql[at])) ++at;
  token.text = to_lower(sql.substr(start, at - start));
  return at;
}

}  // namespace

std::vector<SqlToken> sql_tokens(std::string_view sql) {
  std::vector<SqlToken> tokens;
  for (auto at = skip_blanks(sql, 0); at < sql.size(); at = skip_blanks(sql, at)) {
    SqlToken token{SqlToken::Kind::word, "", static_cast<int>(at)};
    at = read_token(sql, at, token);
    tokens.push_back(std::move(token));
  }
  return tokens;
}

int offset_of_word(std::string_view sql, std::string_view word) {
  for (const auto& token : sql_tokens(sql)) {
    const bool name =
        token.kind == SqlToken::Kind::word || token.kind == SqlToken::Kind::quoted_name;
    if (name && equal_ignoring_case(token.text, word)) return token.offset;
  }
  return -1;
}

std::vector<SqlStatement> sql_statements(std::string_view sql) {
  std::vector<SqlStatement> statements;
  int start = -1;
  const auto close = [&](std::size_t end) {
    if (start < 0) return;
    const auto from = static_cast<std::size_t>(start);
    statements.push_back({std::string(sql.substr(from, end - from)), start});
    start = -1;
  };
  for (const auto& token : sql_tokens(sql)) {
    if (token.is(";")) {
      close(static_cast<std::size_t>(token.offset));
    } else if (start < 0) {
      start = token.offset;
    }
  }
  close(sql.size());
  return statements;
}

std::vector<SharedView> shared_views(std::string_view sql, int& offset) {
  constexpr std::string_view kTemp = "temp ";
  std::vector<SharedView> views;
  for (auto& statement : sql_statements(sql)) {
    offset = statement.offset;
    const auto tokens = sql_tokens(statement.text);
    const bool view = tokens.size() > 4 && tokens[0].is("create") && tokens[1].is("view") &&
                      tokens[2].kind == SqlToken::Kind::word &&
                      (tokens[3].is("as") || tokens[3].is("("));
    if (!view) throw Error("a views file holds only 'create view NAME as select …;'");
    statement.text.insert(static_cast<std::size_t>(tokens[1].offset), kTemp);
    views.push_back(
        {tokens[2].text, std::move(statement.text), offset, static_cast<int>(kTemp.size())});
  }
  return views;
}

void add_names(std::string_view sql, std::set<std::string, std::less<>>& names) {
  for (const auto& token : sql_tokens(sql)) {
    if (token.kind != SqlToken::Kind::symbol) names.insert(to_lower(token.text));
  }
}

std::vector<const SharedView*> views_behind(std::set<std::string, std::less<>>& names,
                                            const std::vector<SharedView>& all) {
  std::set<const SharedView*> behind;
  for (bool grew = true; grew;) {
    grew = false;
    for (const auto& view : all) {
      if (!names.contains(to_lower(view.name)) || !behind.insert(&view).second) continue;
      add_names(view.sql, names);
      grew = true;
    }
  }
  std::vector<const SharedView*> ordered;
  for (const auto& view : all) {
    if (behind.contains(&view)) ordered.push_back(&view);
  }
  return ordered;
}

std::vector<const SharedView*> views_behind(std::string_view sql,
                                            const std::vector<SharedView>& all) {
  std::set<std::string, std::less<>> names;
  add_names(sql, names);
  return views_behind(names, all);
}

}  // namespace ciswatch
