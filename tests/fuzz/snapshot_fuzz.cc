// Bytes that say they are a snapshot, judged with shipped checks and reported in every format.
// Whatever they are, the end is an Error or reports that are well-formed, soon and in little
// memory. An input is judged with a few of the checks, which its bytes choose: to compile all of
// them for each would leave no time for other inputs.

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/store/snapshot.h"
#include "reporters/reporter.h"
#include "rules/evaluate.h"
#include "rules/library.h"
#include "rules/selection.h"
#include "tests/fuzz/changes.h"
#include "tests/fuzz/pages.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace ciswatch::fuzz {
namespace {

constexpr std::size_t kParts = 42;

struct Shipped {
  Shipped() : library(load_library(CISWATCH_SOURCE_DIR "/checks", Tests::leave_out)) {
    const auto all = choose(library, {}, {});
    parts.assign(kParts, all);
    for (std::size_t i = 0; i < kParts; ++i) {
      parts[i].checks.clear();
      for (auto k = i; k < all.checks.size(); k += kParts) parts[i].checks.push_back(all.checks[k]);
      compiled.push_back(compile(parts[i].checks, library));
    }
  }
  Library library;
  std::vector<Selection> parts;
  std::vector<Compiled> compiled;  // of each
};

const Shipped& shipped() {
  static const Shipped loaded;
  return loaded;
}

[[noreturn]] void fail(std::string_view what) {
  fmt::print(stderr, "snapshot_fuzz: {}\n", what);
  std::abort();
}

void check_json(std::string_view text) {
  try {
    parse_json(text);
  } catch (const JsonError& error) {
    fail(fmt::format("a report is not JSON: {}", error.what()));
  }
}

// No text of a stranger's reaches a report as control characters or broken UTF-8.
void check_report(const Reporter& reporter, const std::string& text) {
  const auto start =
      text.substr(0, text.find('\n', 100'000));  // JSON is looked at to its end below
  if (valid_utf8(start) != start) fail(fmt::format("{}: not UTF-8", reporter.name));
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n') fail(fmt::format("{}: a control character", reporter.name));
  }
  if (reporter.name == "json") check_json(text);
  if (reporter.name != "jsonl") return;
  for (const auto& line : split(trim(text), '\n')) check_json(line);
}

void report_all(const Report& report) {
  for (const auto& reporter : reporters()) {
    std::string text;
    reporter.write(report, {}, [&](std::string_view bytes) { text += bytes; });
    check_report(reporter, text);
  }
  exit_code(report, {});
}

void judge(const ScratchFile& file, const Selection& selection, const Compiled& compiled) {
  EvaluateOptions options;
  options.jobs = 1;
  options.compiled = &compiled;
  options.time_limit = std::chrono::milliseconds(200);
  options.most_rows = 3'000;
  options.slice_cost = 500;
  try {
    const Snapshot snapshot(file.path());
    report_all(evaluate(snapshot, selection, options));
  } catch (const Error& error) {
    if (*error.what() == '\0') fail("an error without words");
  }
}

void change(Bytes& bytes, Dice& dice, std::size_t most) {
  if (bytes.empty() || dice.one_in(50)) {
    bytes.resize(std::max<std::size_t>(bytes.size(), 100));
    bytes.resize(LLVMFuzzerMutate(bytes.data(), bytes.size(), std::min(bytes.size(), most)));
  } else if (dice.one_in(2)) {
    change_contents(bytes, dice);
    if (dice.one_in(4)) change_pages(bytes, dice);
  } else {
    change_pages(bytes, dice);
  }
}

}  // namespace
}  // namespace ciswatch::fuzz

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  ciswatch::fuzz::shipped();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ciswatch::fuzz::ScratchFile file("input");
  file.write({data, size});
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto part = std::hash<std::string_view>()(bytes) % ciswatch::fuzz::kParts;
  const auto& shipped = ciswatch::fuzz::shipped();
  ciswatch::fuzz::judge(file, shipped.parts[part], shipped.compiled[part]);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned int seed) {
  ciswatch::fuzz::Dice dice(seed);
  ciswatch::fuzz::Bytes bytes(data, data + size);
  ciswatch::fuzz::change(bytes, dice, most);
  if (bytes.empty() || bytes.size() > most) return size;
  std::memcpy(data, bytes.data(), bytes.size());
  return bytes.size();
}
