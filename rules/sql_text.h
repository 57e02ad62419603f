#pragma once

// SQL as a row of tokens, for what SQLite's own compiler does not tell: where a word stands, how
// many statements there are, and habits that lose NULL.

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ciswatch {

struct SqlToken {
  enum class Kind { word, quoted_name, string, symbol } kind;
  std::string text;  // without quotes; a word in lower case
  int offset;        // in bytes

  [[nodiscard]] bool is(std::string_view word_or_symbol) const {
    return text == word_or_symbol && (kind == Kind::word || kind == Kind::symbol);
  }
};

// Comments and blanks are left out. Never fails: an open quote reaches to the end.
std::vector<SqlToken> sql_tokens(std::string_view sql);

// The first word or quoted name equal to `word`, ignoring case, as a byte offset; -1 if none.
int offset_of_word(std::string_view sql, std::string_view word);

// The statements between semicolons, empty ones left out.
struct SqlStatement {
  std::string text;
  int offset;
};
std::vector<SqlStatement> sql_statements(std::string_view sql);

// "create view NAME as …" of a views file.
struct SharedView {
  std::string name;
  std::string sql;  // as a TEMP view
  int offset;       // of the statement in the file
  int added;        // bytes that `sql` has more than the file's text, in front
};

// Throws Error for a statement of another kind; `offset` is then where it starts.
std::vector<SharedView> shared_views(std::string_view sql, int& offset);

// What may be a name in the SQL, in lower case: SQLite takes a string for one, too.
void add_names(std::string_view sql, std::set<std::string, std::less<>>& names);

// Those that are among the names, and those that these name, in the order of `all`. What they name
// is added to the names.
std::vector<const SharedView*> views_behind(std::set<std::string, std::less<>>& names,
                                            const std::vector<SharedView>& all);
std::vector<const SharedView*> views_behind(std::string_view sql, const std::vector<SharedView>& all);

}  // namespace ciswatch
