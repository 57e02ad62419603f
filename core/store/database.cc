#include "core/store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <bit>
#include <cstring>
#include <list>
#include <map>
#include <vector>

#include "core/base/text.h"
#include "core/store/kleene.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestMessage = 1000;  // bytes
constexpr int kStepsBetweenInterruptChecks = 2000;  // one of which may parse 64 MB of JSON

// SQLite's messages quote names from the file: in one line, without control characters.
std::string message_of(sqlite3* handle) {
  if (handle == nullptr) return "out of memory";
  return shortened(printable(sqlite3_errmsg(handle)), kLongestMessage);
}

[[noreturn]] void fail(sqlite3* handle, int code) {
  const int offset = sqlite3_error_offset(handle);
  throw DatabaseError(message_of(handle), code & 0xFF, offset);
}

void check(sqlite3* handle, int code) {
  if (code != SQLITE_OK) fail(handle, code);
}

// An existing file as an SQLite URI: '?', '#' and '%' in its name are not the URI's.
std::string immutable_uri(const std::string& path) {
  return "file:" + percent_encode(path, true) + "?mode=ro&immutable=1";
}

Access::Kind kind_of(int action) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return Access::Kind::select;
    case SQLITE_READ: return Access::Kind::read;
    case SQLITE_FUNCTION: return Access::Kind::function;
    default: return Access::Kind::other;
  }
}

std::string_view view(const char* text) { return text == nullptr ? "" : text; }

Value to_value(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_NULL: return {};
    case SQLITE_INTEGER: return sqlite3_value_int64(value);
    default: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      if (text == nullptr) return {};
      return std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
    }
  }
}

void call_function(sqlite3_context* context, int count, sqlite3_value** arguments) noexcept {
  const auto* function = static_cast<const Database::Function*>(sqlite3_user_data(context));
  try {
    std::vector<Value> values;
    for (int i = 0; i < count; ++i) values.push_back(to_value(arguments[i]));
    const Value result = (*function)(values);
    if (const auto* text = std::get_if<std::string>(&result)) {
      sqlite3_result_text(context, text->data(), static_cast<int>(text->size()), SQLITE_TRANSIENT);
    } else if (const auto* number = std::get_if<std::int64_t>(&result)) {
      sqlite3_result_int64(context, *number);
    } else {
      sqlite3_result_null(context);
    }
  } catch (const std::exception& error) {
    sqlite3_result_error(context, error.what(), -1);
  }
}

void bind_text(sqlite3_stmt* statement, int position, std::string_view text,
               sqlite3_destructor_type whose) {
  const char* bytes = text.data() == nullptr ? "" : text.data();
  check(sqlite3_db_handle(statement),
        sqlite3_bind_text64(statement, position, bytes, text.size(), whose, SQLITE_UTF8));
}

// How a value begins that save() has written. The number is the value itself, the bits of a real, or how
// many bytes follow.
struct Saved {
  std::int64_t type = SQLITE_NULL;
  std::int64_t number = 0;
};

bool has_bytes(const Saved& value) {
  return value.type == SQLITE_TEXT || value.type == SQLITE_BLOB;
}

int bind_one(sqlite3_stmt* statement, int position, const Saved& value, const char* bytes) {
  const auto size = static_cast<sqlite3_uint64>(value.number);
  switch (value.type) {
    case SQLITE_INTEGER: return sqlite3_bind_int64(statement, position, value.number);
    case SQLITE_FLOAT:
      return sqlite3_bind_double(statement, position, std::bit_cast<double>(value.number));
    case SQLITE_TEXT:
      return sqlite3_bind_text64(statement, position, bytes, size, SQLITE_STATIC, SQLITE_UTF8);
    case SQLITE_BLOB: return sqlite3_bind_blob64(statement, position, bytes, size, SQLITE_STATIC);
    default: return sqlite3_bind_null(statement, position);
  }
}

}  // namespace

struct Database::Handle {
  sqlite3* sqlite = nullptr;
  std::function<bool(const Access&)> allow;
  std::function<bool()> stop;
  // Addresses stay valid: SQLite points at them.
  std::list<Function> functions;
  std::map<std::string, std::string> constants;

  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { sqlite3_close_v2(sqlite); }
};

namespace {

// SQLite's own file access but for the clock, which fails: SQLite then reads 'now' as NULL.
const char* timeless_files() {
  // Counting memory takes a lock of all threads at each of SQLite's many allocations. To be set
  // before SQLite starts; where it has started already, it counts and all else is the same.
  static const int counted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(counted);
  static sqlite3_vfs files = [] {
    sqlite3_vfs copy = *sqlite3_vfs_find(nullptr);
    copy.pNext = nullptr;
    copy.zName = "ciswatch-timeless";
    copy.xCurrentTime = [](sqlite3_vfs*, double*) -> int { return SQLITE_ERROR; };
    copy.xCurrentTimeInt64 = [](sqlite3_vfs*, sqlite3_int64*) -> int { return SQLITE_ERROR; };
    return copy;
  }();
  static const int registered = sqlite3_vfs_register(&files, 0);
  return registered == SQLITE_OK ? files.zName : nullptr;
}

sqlite3* open(const std::string& path, int flags) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, timeless_files());
  if (code != SQLITE_OK) {
    const DatabaseError error(message_of(handle), code & 0xFF, -1);
    sqlite3_close_v2(handle);
    throw error;
  }
  return handle;
}

}  // namespace

Database::Database(sqlite3* handle) : handle_(std::make_unique<Handle>()) {
  handle_->sqlite = handle;
  add_kleene_aggregates(handle);
}

Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Database Database::create(const std::string& path) {
  return Database(open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
}

Database Database::open_to_write(const std::string& path) {
  return Database(open(path, SQLITE_OPEN_READWRITE));
}

Database Database::open_immutable(const std::string& path) {
  return Database(open(immutable_uri(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI));
}

Database Database::in_memory() {
  return Database(open(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
}

void Database::execute(const std::string& sql) {
  check(handle_->sqlite, sqlite3_exec(handle_->sqlite, sql.c_str(), nullptr, nullptr, nullptr));
}

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  check(handle_->sqlite,
        sqlite3_prepare_v3(handle_->sqlite, sql.data(), static_cast<int>(sql.size()), 0, &statement,
                           nullptr));
  return Statement(statement);
}

void Database::authorize(std::function<bool(const Access&)> allow) {
  handle_->allow = std::move(allow);
  const auto ask = [](void* self, int action, const char* first, const char* second,
                      const char* database, const char* through) -> int {
    const Access access{kind_of(action), view(first), view(second), view(database), view(through)};
    return static_cast<Handle*>(self)->allow(access) ? SQLITE_OK : SQLITE_DENY;
  };
  const bool any = static_cast<bool>(handle_->allow);
  sqlite3_set_authorizer(handle_->sqlite, any ? +ask : nullptr, handle_.get());
}

void Database::interrupt_when(std::function<bool()> stop) {
  handle_->stop = std::move(stop);
  const auto ask = [](void* self) -> int { return static_cast<Handle*>(self)->stop() ? 1 : 0; };
  const bool any = static_cast<bool>(handle_->stop);
  sqlite3_progress_handler(handle_->sqlite, kStepsBetweenInterruptChecks, any ? +ask : nullptr,
                           handle_.get());
}

void Database::harden(int bytes) {
  sqlite3* db = handle_->sqlite;
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, bytes);
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
}

void Database::set_constant(const std::string& name, std::string text) {
  const auto [constant, fresh] = handle_->constants.insert_or_assign(name, std::move(text));
  if (!fresh) return;
  const auto tell = [](sqlite3_context* context, int, sqlite3_value**) {
    const auto* value = static_cast<const std::string*>(sqlite3_user_data(context));
    sqlite3_result_text(context, value->data(), static_cast<int>(value->size()), SQLITE_TRANSIENT);
  };
  // Deterministic: SQLite asks once for each run of a statement.
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  check(handle_->sqlite,
        sqlite3_create_function_v2(handle_->sqlite, name.c_str(), 0, kFlags, &constant->second, tell,
                                   nullptr, nullptr, nullptr));
}

void Database::set_cache(int kilobytes) {
  execute(fmt::format("pragma cache_size = -{}", kilobytes));
}

void Database::add_function(const std::string& name, int arguments, Function function) {
  handle_->functions.push_back(std::move(function));
  // Not deterministic across connections but constant on one: SQLite may fold it within a statement.
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  check(handle_->sqlite,
        sqlite3_create_function_v2(handle_->sqlite, name.c_str(), arguments, kFlags,
                                   &handle_->functions.back(), call_function, nullptr, nullptr,
                                   nullptr));
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

void Statement::bind(int position, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    bind(position, std::string_view(*text));
  } else {
    lend(position, value);
  }
}

void Statement::bind(int position, std::string_view text) {
  bind_text(statement_.get(), position, text, SQLITE_TRANSIENT);
}

void Statement::lend(int position, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    lend(position, std::string_view(*text));
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    bind(position, *number);
  } else {
    check(sqlite3_db_handle(statement_.get()), sqlite3_bind_null(statement_.get(), position));
  }
}

void Statement::lend(int position, std::string_view text) {
  bind_text(statement_.get(), position, text, SQLITE_STATIC);
}

void Statement::bind(int position, std::int64_t number) {
  check(sqlite3_db_handle(statement_.get()),
        sqlite3_bind_int64(statement_.get(), position, number));
}

void Statement::bind_saved(std::string_view row) {
  for (int position = 1; !row.empty(); ++position) {
    Saved value;
    std::memcpy(&value, row.data(), sizeof value);
    row.remove_prefix(sizeof value);
    check(sqlite3_db_handle(statement_.get()), bind_one(statement_.get(), position, value, row.data()));
    if (has_bytes(value)) row.remove_prefix(static_cast<std::size_t>(value.number));
  }
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail(sqlite3_db_handle(statement_.get()), code);
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

int Statement::parameters() const { return sqlite3_bind_parameter_count(statement_.get()); }

int Statement::columns() const { return sqlite3_column_count(statement_.get()); }

std::string_view Statement::name(int column) const {
  return view(sqlite3_column_name(statement_.get(), column));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

bool Statement::is_integer(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_INTEGER;
}

Value Statement::value(int column) const {
  switch (sqlite3_column_type(statement_.get(), column)) {
    case SQLITE_NULL: return {};
    case SQLITE_INTEGER: return integer(column);
    default: return std::string(text(column));
  }
}

std::string_view Statement::text(int column) const {
  const auto* text =
      reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

void Statement::save(std::string& to) const {
  for (int column = 0; column < columns(); ++column) {
    Saved value{sqlite3_column_type(statement_.get(), column), 0};
    const char* bytes = nullptr;
    if (value.type == SQLITE_FLOAT) {
      value.number = std::bit_cast<std::int64_t>(sqlite3_column_double(statement_.get(), column));
    } else if (value.type == SQLITE_TEXT) {
      bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    } else if (value.type == SQLITE_BLOB) {
      bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    } else {
      value.number = integer(column);
    }
    if (has_bytes(value)) value.number = sqlite3_column_bytes(statement_.get(), column);
    to.append(reinterpret_cast<const char*>(&value), sizeof value);
    if (bytes != nullptr) to.append(bytes, static_cast<std::size_t>(value.number));
  }
}

bool is_damage(const DatabaseError& error) {
  return is_no_database(error) || error.code() == SQLITE_IOERR;
}

bool is_no_database(const DatabaseError& error) {
  return error.code() == SQLITE_CORRUPT || error.code() == SQLITE_NOTADB;
}

DatabaseError damage(const std::string& what) { return {what, SQLITE_CORRUPT, -1}; }

bool is_constraint(const DatabaseError& error) { return error.code() == SQLITE_CONSTRAINT; }

bool is_busy(const DatabaseError& error) { return error.code() == SQLITE_BUSY; }

bool is_interrupt(const DatabaseError& error) { return error.code() == SQLITE_INTERRUPT; }

}  // namespace ciswatch
