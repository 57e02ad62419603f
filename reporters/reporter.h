#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "core/report/report.h"

namespace ciswatch {

enum class Language { en, ja };

struct ReportStyle {
  bool colour = false;  // the text report only
  Language language = Language::en;
};

using Sink = std::function<void(std::string_view)>;

// A format is one function, which reads the report once from front to back and writes bytes.
// It has no state, asks for no time, and escapes every text: all of them come from strangers.
struct Reporter {
  std::string_view name;  // --report NAME[=PATH]
  std::string_view doc;
  void (*write)(const Report&, const ReportStyle&, const Sink&);
};

std::span<const Reporter> reporters();

// nullptr if there is no such format.
const Reporter* find_reporter(std::string_view name);

}  // namespace ciswatch
