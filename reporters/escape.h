#pragma once

// How text from strangers gets into a report. All return valid UTF-8.

#include <string>
#include <string_view>

namespace ciswatch {

// For HTML and XML, in an element or a double-quoted attribute: one line, the five special
// characters escaped, and what `printable` replaces, line separators and non-characters as U+FFFD.
std::string markup(std::string_view text);

// The same with line feeds kept and tabs as spaces: recipes in <pre>, the body of a failure.
std::string markup_lines(std::string_view text);

// The first line, as `printable` makes it.
std::string first_line(std::string_view text);

// The text of a value in JSON, as a person reads it: a string without its quotes and escapes, all
// else as it stands. Text that is no JSON comes back unchanged. Not escaped for any format.
std::string plain_value(std::string_view json);

// Appends `text` as a JSON string that loses nothing and is safe to look at: what `printable`
// replaces stands as \uXXXX escapes.
void append_quoted(std::string& out, std::string_view text);

// Appends `json`, safe to look at and on one line, if it is one JSON value, else a JSON string of
// the text: never breaks the document around it.
void append_json(std::string& out, std::string_view json);

std::string quoted_json(std::string_view text);
std::string safe_json(std::string_view json);

}  // namespace ciswatch
