#pragma once

// The formats' functions, for the list in reporters.cc alone.

#include "reporters/reporter.h"

namespace ciswatch {

void write_text(const Report& report, const ReportStyle& style, const Sink& sink);
void write_json(const Report& report, const ReportStyle& style, const Sink& sink);
void write_jsonl(const Report& report, const ReportStyle& style, const Sink& sink);
void write_html(const Report& report, const ReportStyle& style, const Sink& sink);
void write_junit(const Report& report, const ReportStyle& style, const Sink& sink);

}  // namespace ciswatch
