#pragma once

// SQLite behind three small types; the only headers of ours that speak for sqlite3.h. A Database and
// its Statements belong to one thread at a time. SQL cannot learn the time of day: 'now' and
// CURRENT_TIMESTAMP are NULL, since what a snapshot says must not depend on when it is asked.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace ciswatch {

class DatabaseError : public Error {
 public:
  DatabaseError(const std::string& text, int code, int offset)
      : Error(text), code_(code), offset_(offset) {}
  [[nodiscard]] int code() const { return code_; }      // SQLite's primary result code
  [[nodiscard]] int offset() const { return offset_; }  // byte in the SQL that is at fault, or -1

 private:
  int code_;
  int offset_;
};

// A database value: SQL's NULL, an integer or a text. Reals are read as text.
using Value = std::variant<std::monostate, std::int64_t, std::string>;

inline bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }

class Statement {
 public:
  // Positions count from 1, as SQL's ?1.
  void bind(int position, const Value& value);
  void bind(int position, std::string_view text);
  void bind(int position, std::int64_t number);
  // The same, and a text is not copied: it has to stay until the statement has run.
  void lend(int position, const Value& value);
  void lend(int position, std::string_view text);
  // What save() has added, from the first position on; it has to stay until the statement has run.
  void bind_saved(std::string_view row);

  bool step();  // false at the end; throws DatabaseError
  void reset();

  [[nodiscard]] int parameters() const;  // how many values there are to bind
  [[nodiscard]] int columns() const;
  [[nodiscard]] std::string_view name(int column) const;  // columns count from 0
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] bool is_integer(int column) const;
  [[nodiscard]] Value value(int column) const;
  [[nodiscard]] std::string_view text(int column) const;  // "" for NULL; valid until the next step
  [[nodiscard]] std::int64_t integer(int column) const;
  void save(std::string& to) const;  // adds the row, values of any type

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// What a statement wants to do, as SQLite's authorizer tells it while preparing.
struct Access {
  enum class Kind { select, read, function, other } kind;
  std::string_view table;     // read: the table or view
  std::string_view name;      // read: the column; function: the function
  std::string_view database;  // main, temp, …; "" for what has no table behind it
  std::string_view through;   // the view or common table expression that asks; "" for the statement
};

class Database {
 public:
  static Database create(const std::string& path);          // a new, empty file
  static Database open_to_write(const std::string& path);   // one that is there
  static Database open_immutable(const std::string& path);  // nobody may change it meanwhile
  static Database in_memory();

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  void execute(const std::string& sql);  // any number of statements
  Statement prepare(std::string_view sql);

  // Asked for each access while statements are prepared; false refuses. Replaces an earlier one; an
  // empty function lifts it.
  void authorize(std::function<bool(const Access&)> allow);

  // Asked every few thousand steps of the virtual machine; true stops the statement with a
  // DatabaseError (interrupted). Replaces an earlier one.
  void interrupt_when(std::function<bool()> stop);

  // Refuses values longer than `bytes` and everything that reaches outside the file: loading of
  // extensions, ATTACH, unsafe functions of the schema. For databases and SQL of strangers.
  void harden(int bytes);

  // An SQL function without arguments that returns this text from the next run of a statement on.
  // Statements are to be compiled after the first call for this name.
  void set_constant(const std::string& name, std::string text);

  // Keeps up to `kilobytes` of the file in memory; SQLite's default is 2,000.
  void set_cache(int kilobytes);

  // A scalar SQL function of so many arguments, whose result depends on them alone. What it throws
  // fails the statement with the words of the exception.
  using Function = std::function<Value(std::span<const Value>)>;
  void add_function(const std::string& name, int arguments, Function function);

 private:
  explicit Database(sqlite3* handle);
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

// True for the errors that mean "this file is not, or no longer, a sound SQLite database".
bool is_damage(const DatabaseError& error);
// The part of those that says so of the bytes, and not that they could not be read.
bool is_no_database(const DatabaseError& error);
// An error of that kind, for what SQLite takes as sound.
DatabaseError damage(const std::string& what);
// True when a row with the same key is there already, or a value is not allowed.
bool is_constraint(const DatabaseError& error);
// True when another process is at work on the file.
bool is_busy(const DatabaseError& error);
// True when interrupt_when stopped the statement.
bool is_interrupt(const DatabaseError& error);

}  // namespace ciswatch
