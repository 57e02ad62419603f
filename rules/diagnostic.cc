#include "rules/diagnostic.h"

#include <fmt/format.h>

namespace ciswatch {
namespace {
constexpr std::size_t kShown = 5;
}  // namespace

std::string to_text(const Diagnostic& diagnostic) {
  return fmt::format("{}:{}:{}: {}{}", diagnostic.file, diagnostic.line, diagnostic.column,
                     diagnostic.severity == Severity::warning ? "warning: " : "", diagnostic.text);
}

void throw_on_errors(std::span<const Diagnostic> diagnostics) {
  std::string text;
  std::size_t errors = 0;
  for (const auto& diagnostic : diagnostics) {
    if (diagnostic.severity != Severity::error) continue;
    if (++errors > kShown) continue;
    text += (text.empty() ? "" : "\n") + to_text(diagnostic);
  }
  if (errors > kShown) text += fmt::format("\n… and {} more", errors - kShown);
  if (errors > 0) throw Error(text);
}

}  // namespace ciswatch
