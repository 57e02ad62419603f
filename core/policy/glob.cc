#include "core/policy/glob.h"

#include <algorithm>
#include <vector>

namespace ciswatch {
namespace {

using View = std::u32string_view;

constexpr std::size_t kSegments = 6;  // of an ARN; the last one has what colons there are besides

bool is_run(char32_t c) { return c == kRun || c == kOpen; }

// The texts come from parsed JSON: they are valid UTF-8.
Glob decoded(std::string_view utf8, bool wildcards) {
  Glob text;
  for (const char byte : utf8) {
    const auto value = static_cast<unsigned char>(byte);
    if ((value & 0xC0) == 0x80 && !text.empty()) {
      text.back() = (text.back() << 6) | (value & 0x3FU);
    } else if (wildcards && (byte == '*' || byte == '?')) {
      text += byte == '*' ? kRun : kOne;
    } else {
      text += value < 0x80 ? value : value & (value < 0xE0 ? 0x1FU : value < 0xF0 ? 0x0FU : 0x07U);
    }
  }
  return text;
}

// At most `most` parts; the last has the rest.
std::vector<View> segments(View text, std::size_t most) {
  std::vector<View> parts;
  while (parts.size() + 1 < most && text.find(U':') != View::npos) {
    const auto end = text.find(U':');
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

bool by_segments(View pattern, View subject, bool (*compare)(View, View)) {
  const auto wanted = segments(pattern, kSegments);
  const auto told = segments(subject, wanted.size());
  return std::equal(wanted.begin(), wanted.end(), told.begin(), told.end(), compare);
}

// True where every wildcard is a '*' at the end of its segment: such a one may go beyond the colon.
bool runs_end_segments(View pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == kOne || pattern[i] == kOpen) return false;
    if (pattern[i] == kRun && i + 1 < pattern.size() && pattern[i + 1] != U':') return false;
  }
  return true;
}

}  // namespace

Glob plain_text(std::string_view utf8) { return decoded(utf8, false); }
Glob wildcard_text(std::string_view utf8) { return decoded(utf8, true); }

Glob lower_case(Glob text) {
  for (auto& c : text) {
    if (c >= U'A' && c <= U'Z') c += U'a' - U'A';
  }
  return text;
}

Extent both(Extent a, Extent b) { return {std::min(a.each, b.each), std::min(a.any, b.any)}; }
Extent all_but(Extent extent) { return {opposite(extent.any), opposite(extent.each)}; }

void Union::add(Extent extent) {
  widest_ = {std::max(widest_.each, extent.each), std::max(widest_.any, extent.any)};
  some_ += extent.any != Truth::no;
}

Extent Union::extent() const {
  const bool together = widest_.each == Truth::no && some_ > 1;
  return {together ? Truth::unknown : widest_.each, widest_.any};
}

bool covers(View pattern, View subject) {
  std::size_t p = 0, s = 0;
  std::size_t run = View::npos, resume = 0;
  while (s < subject.size()) {
    const char32_t wanted = p < pattern.size() ? pattern[p] : kOpen;
    if (wanted == kRun) {
      run = p++;
      resume = s;
    } else if (wanted != kOpen &&
               (wanted == subject[s] || (wanted == kOne && !is_run(subject[s])))) {
      ++p;
      ++s;
    } else if (run != View::npos) {
      p = run + 1;
      s = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == kRun) ++p;
  return p == pattern.size();
}

bool meets(View a, View b) {
  const auto literal = [](char32_t c) { return c < kRun; };
  while (!a.empty() && !b.empty() && literal(a[0]) && literal(b[0])) {
    if (a[0] != b[0]) return false;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  // row[j]: the rest of a from i on and the rest of b from j on have a text in common.
  std::vector<char> row(b.size() + 1), below;
  for (std::size_t i = a.size() + 1; i-- > 0;) {
    below.swap(row);
    row.assign(b.size() + 1, 0);
    for (std::size_t j = b.size() + 1; j-- > 0;) {
      const bool a_left = i < a.size(), b_left = j < b.size();
      bool meet = !a_left && !b_left;
      if (a_left && is_run(a[i])) meet = below[j] || (b_left && row[j + 1]);
      if (!meet && b_left && is_run(b[j])) meet = row[j + 1] || (a_left && below[j]);
      if (!meet && a_left && b_left && !is_run(a[i]) && !is_run(b[j])) {
        meet = (a[i] == b[j] || a[i] == kOne || b[j] == kOne) && below[j + 1];
      }
      row[j] = meet;
    }
  }
  return row[0];
}

Extent extent_of(const Glob& pattern, const Glob& subject) {
  if (covers(pattern, subject)) return kAll;
  if (!meets(pattern, subject)) return kNone;
  return pattern.find(kOpen) == Glob::npos ? kSome : kUnknown;
}

Extent arn_extent_of(const Glob& pattern, const Glob& subject) {
  const auto whole = extent_of(pattern, subject);
  if (whole == kNone || whole == kUnknown || runs_end_segments(pattern)) return whole;
  const Extent narrow = {truth(by_segments(pattern, subject, covers)),
                         truth(by_segments(pattern, subject, meets))};
  // Read either way it says the same, or it cannot be told.
  return {narrow.each == whole.each ? whole.each : Truth::unknown,
          narrow.any == whole.any ? whole.any : Truth::unknown};
}

Truth arn_is_like(const Glob& pattern, const Glob& arn) {
  const auto whole = extent_of(pattern, arn);
  if (whole.any == Truth::no) return Truth::no;
  if (segments(pattern, kSegments).size() < kSegments || whole == kUnknown) return Truth::unknown;
  return truth(segments(arn, kSegments).size() == kSegments && by_segments(pattern, arn, covers));
}

}  // namespace ciswatch
