// A loadable extension: what the checks' SQL calls beyond SQLite's own functions, for the plain
// sqlite3 program. The aggregates are the product's, compiled from its own file. One connection.
//   setting(name)             as in a check: the value that was given
//   use_setting(name, value)  gives it
//   slice_first(), slice_last()  the bounds of a slice that holds every account

#include <sqlite3ext.h>

#include <map>
#include <string>
#include <variant>

#include "core/store/kleene.h"

SQLITE_EXTENSION_INIT1

namespace {

using Text = std::string;
std::map<Text, std::variant<sqlite3_int64, Text>> settings;

Text text_of(sqlite3_value* value) {
  const auto* bytes = sqlite3_value_blob(value);
  return bytes == nullptr ? Text()
                          : Text(static_cast<const char*>(bytes),
                                 static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

void return_text(sqlite3_context* context, const Text& text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void use_setting(sqlite3_context*, int, sqlite3_value** arguments) {
  auto& value = settings[text_of(arguments[0])];
  if (sqlite3_value_type(arguments[1]) == SQLITE_INTEGER) {
    value = sqlite3_value_int64(arguments[1]);
  } else {
    value = text_of(arguments[1]);
  }
}

void setting(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto found = settings.find(text_of(arguments[0]));
  if (found == settings.end()) return sqlite3_result_error(context, "no such setting", -1);
  if (const auto* number = std::get_if<sqlite3_int64>(&found->second)) {
    return sqlite3_result_int64(context, *number);
  }
  return_text(context, std::get<Text>(found->second));
}

void first_account(sqlite3_context* context, int, sqlite3_value**) { return_text(context, ""); }
void last_account(sqlite3_context* context, int, sqlite3_value**) { return_text(context, "~"); }

}  // namespace

extern "C" int sqlite3_extension_init(sqlite3* database, char**, const sqlite3_api_routines* api) {
  SQLITE_EXTENSION_INIT2(api)
  ciswatch::add_kleene_aggregates(database);
  const auto add = [&](const char* name, int arguments, auto* function) {
    sqlite3_create_function_v2(database, name, arguments, SQLITE_UTF8 | SQLITE_INNOCUOUS, nullptr,
                               function, nullptr, nullptr, nullptr);
  };
  add("setting", 1, setting);
  add("use_setting", 2, use_setting);
  add("slice_first", 0, first_account);
  add("slice_last", 0, last_account);
  return SQLITE_OK;
}
