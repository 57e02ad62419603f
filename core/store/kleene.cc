#include "core/store/kleene.h"

#include <sqlite3.h>

namespace ciswatch {
namespace {

struct Seen {
  bool one = false;
  bool zero = false;
  bool null = false;
};

void see(sqlite3_context* context, int, sqlite3_value** arguments) {
  auto* seen = static_cast<Seen*>(sqlite3_aggregate_context(context, sizeof(Seen)));
  if (seen == nullptr) return sqlite3_result_error_nomem(context);
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) {
    seen->null = true;
    return;
  }
  const bool integer = sqlite3_value_numeric_type(arguments[0]) == SQLITE_INTEGER;
  const auto value = sqlite3_value_int64(arguments[0]);
  if (!integer || (value != 0 && value != 1)) {
    return sqlite3_result_error(context, "any_ok and all_ok take 1, 0 or NULL", -1);
  }
  (value == 1 ? seen->one : seen->zero) = true;
}

// OR: a 1 decides, else a NULL leaves it open, else 0. AND is the same with 1 and 0 exchanged.
void conclude(sqlite3_context* context, bool Seen::*decisive, int decided, int otherwise) {
  const auto* seen = static_cast<Seen*>(sqlite3_aggregate_context(context, 0));
  if (seen != nullptr && seen->*decisive) {
    sqlite3_result_int(context, decided);
  } else if (seen != nullptr && seen->null) {
    sqlite3_result_null(context);
  } else {
    sqlite3_result_int(context, otherwise);
  }
}

void conclude_any(sqlite3_context* context) { conclude(context, &Seen::one, 1, 0); }
void conclude_all(sqlite3_context* context) { conclude(context, &Seen::zero, 0, 1); }

}  // namespace

void add_kleene_aggregates(sqlite3* database) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  sqlite3_create_function_v2(database, "any_ok", 1, kFlags, nullptr, nullptr, see, conclude_any,
                             nullptr);
  sqlite3_create_function_v2(database, "all_ok", 1, kFlags, nullptr, nullptr, see, conclude_all,
                             nullptr);
}

}  // namespace ciswatch
