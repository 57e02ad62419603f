#pragma once

// A connection on which the SQL of strangers runs: it reads the snapshot's tables and the shared
// views, calls harmless functions, and nothing else. A table's name shows the accounts of a slice,
// org.<table> all of them. One thread.

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/database.h"
#include "core/store/schema.h"
#include "core/tables/table_spec.h"
#include "rules/shown.h"

namespace ciswatch {

// SQL that does not compile, or wants more than it may; `offset` is a byte in it, or -1.
class SqlError : public Error {
 public:
  SqlError(const std::string& text, int offset) : Error(text), offset_(offset) {}
  [[nodiscard]] int offset() const { return offset_; }

 private:
  int offset_;
};

struct Reads {
  std::set<const TableSpec*> tables;
  bool slice = false;          // a table by its name: the accounts of the slice
  bool every_account = false;  // org.<table>
  bool ledger = false;         // api_call
  bool time = false;           // when the snapshot was made, or one of its calls
};

class Sandbox {
 public:
  // `stored` tells which tables the database holds. Throws SqlError for views that do not compile,
  // with the offset in the text that they were read from.
  Sandbox(Database database, Slice slice, Shown shown, const Stored& stored);
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // One statement that only reads. Throws SqlError.
  Statement prepare(std::string_view sql);

  // What the last prepared statement reads, through views too.
  [[nodiscard]] const Reads& reads() const { return reads_; }
  [[nodiscard]] const std::set<const TableSpec*>& tables_read() const { return reads_.tables; }

  // Which accounts the tables show from the next run of a statement on, both ends included.
  void show_accounts(const std::string& first, const std::string& last);

  // A statement of our own, which may read everything.
  Statement prepare_trusted(std::string_view sql);

  // What setting('name') returns from now on; of another name it is an SQL error.
  void use_settings(std::map<std::string, Value> settings) { settings_ = std::move(settings); }

  // Statements end with an interrupt after this time, or when a signal asked to stop.
  void start_clock(std::chrono::nanoseconds limit);
  [[nodiscard]] bool out_of_time() const { return std::chrono::steady_clock::now() > deadline_; }

  [[nodiscard]] const std::vector<SharedView>& views() const { return shown_.views; }

 private:
  void add_views();
  bool allow(const Access& access);
  bool allow_read(const Access& access);
  void note_read(const Access& access, std::string_view table);
  bool refuse(std::string reason, std::string_view word);
  void refuse_text(std::string_view sql);
  [[noreturn]] void explain(const DatabaseError& error, std::string_view sql) const;

  Database database_;
  Shown shown_;
  Reads reads_;
  std::map<std::string, Value> settings_;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  std::string refusal_, refused_word_;
  bool watched_ = false;  // by the clock
  bool trusted_ = false;  // while a statement of our own is prepared
};

// The statements of a views file. Throws SqlError for one that is no view, or reads stored rows.
std::vector<SharedView> read_views(const std::string& sql);

// The SQL with org.<table> as the name of the view behind it, org_<table>, which is as long.
std::string with_org_views(std::string_view sql);

// "", or what SQLite's message means to an author: the same words with the nearest right name.
std::string with_hint(std::string_view message, const std::vector<std::string>& names);

}  // namespace ciswatch
