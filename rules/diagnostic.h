#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace ciswatch {

enum class Severity { error, warning };

// What is wrong with a file that someone wrote, and where; lines and columns count from 1, columns
// in bytes.
struct Diagnostic {
  std::string file;
  int line = 1;
  int column = 1;
  std::string text;
  Severity severity = Severity::error;
};

// "file:line:column: text", with "warning: " before the text of a warning.
std::string to_text(const Diagnostic& diagnostic);

// Throws Error with the first few errors when there are any; warnings alone pass.
void throw_on_errors(std::span<const Diagnostic> diagnostics);

}  // namespace ciswatch
