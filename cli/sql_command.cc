// ciswatch sql: what a check's author sees, to try things out.

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>

// Editing and history of a line are a library's: people expect both of a shell.
#include <editline/readline.h>

#include "cli/chosen.h"
#include "cli/table_text.h"
#include "core/base/stop.h"
#include "core/base/text.h"
#include "core/store/snapshot.h"
#include "rules/compile.h"

namespace ciswatch {
namespace {

constexpr std::string_view kHelp =
    "A statement ends with ';'. A table's name shows its rows and, as a row of NULLs, each call that\n"
    "was not answered; api_call is the ledger of calls, snapshot says when it was made.\n"
    "  .tables         tables and the views that checks share\n"
    "  .schema NAME    the columns of a table, or the SQL of a view\n"
    "  .help  .quit\n";

void print_out(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

class Shell {
 public:
  Shell(const SqlFlags& flags, const Library& library)
      : snapshot_(flags.snapshot),
        sandbox_(snapshot_.open(), Slice::any, everything(read_views(library.views.sql())),
                 [this](std::string_view table) { return snapshot_.holds(table); }),
        json_(flags.format == "json") {}

  // Statements. Returns whether all could be run; says on stderr why not.
  bool run(const std::string& text) {
    bool all_ran = true;
    for (const auto& statement : sql_statements(text)) {
      all_ran = run_one(text, statement) && all_ran;
    }
    return all_ran;
  }

  // ".tables" and its kin. Returns false for .quit.
  bool command(const std::string& line) {
    const auto words = split(line, ' ');
    if (words[0] == ".quit" || words[0] == ".exit") return false;
    if (words[0] == ".tables") {
      for (const auto& name : names()) fmt::print("{}\n", name);
    } else if (words[0] == ".schema" && words.size() == 2) {
      print_schema(words[1]);
    } else {
      print_out(kHelp);
    }
    return true;
  }

  // Tables, then views.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all{"api_call", "snapshot"};
    for (const auto* table : tables()) all.emplace_back(table->name);
    for (const auto& view : sandbox_.views()) all.push_back(view.name);
    return all;
  }

 private:
  bool run_one(const std::string& text, const SqlStatement& statement) {
    try {
      auto rows = sandbox_.prepare(statement.text);
      const auto count = json_ ? print_json_lines(rows, print_out) : print_table(rows, print_out);
      if (!json_ && ::isatty(STDOUT_FILENO) != 0) fmt::print("({} rows)\n", count);
      return true;
    } catch (const SqlError& error) {
      const int offset = error.offset() < 0 ? statement.offset : statement.offset + error.offset();
      const auto place = place_in_text(text, offset);
      fmt::print(stderr, "ciswatch: {}:{}: {}\n", place.line, place.column, error.what());
    } catch (const DatabaseError& error) {
      if (stop_signal() != 0) throw;
      fmt::print(stderr, "ciswatch: {}\n", error.what());
    }
    return false;
  }

  void print_schema(const std::string& name) const {
    if (const auto* table = find_table(name)) {
      fmt::print("{}: {} {}\n  account_id, region\n", table->name, table->service,
                 table->operation);
      for (const auto& column : table->columns) fmt::print("  {:<36} {}\n", column.name, column.doc);
      fmt::print("  call_id, doc\n");
      return;
    }
    for (const auto& view : sandbox_.views()) {
      if (equal_ignoring_case(view.name, name)) return fmt::print("{}\n", view.sql);
    }
    fmt::print(stderr, "ciswatch: there is no table '{}'{}\n", shortened(printable(name), 80),
               did_you_mean(name, names()));
  }

  Snapshot snapshot_;
  Sandbox sandbox_;
  bool json_;
};

bool is_complete(const std::string& text) {
  const auto tokens = sql_tokens(text);
  return !tokens.empty() && tokens.back().is(";");
}

// The next line, or false at the end of the input.
bool read_line(bool terminal, const char* prompt, std::string& line) {
  if (!terminal) return static_cast<bool>(std::getline(std::cin, line));
  const std::unique_ptr<char, decltype(&std::free)> read(::readline(prompt), &std::free);
  if (!read) return false;
  line = read.get();
  if (!line.empty()) ::add_history(read.get());
  return true;
}

// Until the end of the input. Returns whether all could be run.
bool converse(Shell& shell, bool terminal) {
  if (terminal) fmt::print(stderr, "ciswatch sql: read-only; .help tells more, .quit ends\n");
  bool all_ran = true;
  std::string text, line;
  while (stop_signal() == 0 &&
         read_line(terminal, text.empty() ? "ciswatch> " : "     ...> ", line)) {
    if (text.empty() && line.starts_with('.')) {
      if (!shell.command(std::string(trim(line)))) break;
      continue;
    }
    text += line + '\n';
    if (trim(text).empty()) text.clear();
    if (!is_complete(text)) continue;
    if (!shell.run(text)) all_ran = false;
    text.clear();
  }
  if (!trim(text).empty() && stop_signal() == 0) all_ran = shell.run(text) && all_ran;
  return all_ran;
}

}  // namespace

int sql_command(const SqlFlags& flags) {
  const auto library = load_checks(flags.library, Tests::leave_out);
  Shell shell(flags, *library);
  const bool terminal = ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0;
  const bool ran = flags.statement.empty() ? converse(shell, terminal) : shell.run(flags.statement);
  return ran || terminal ? 0 : kExitUsage;
}

}  // namespace ciswatch
