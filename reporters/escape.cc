#include "reporters/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_plain(char c) {
  return c >= 0x20 && c < 0x7F && c != '<' && c != '>' && c != '&' && c != '"' && c != '\'';
}

bool all_plain(std::string_view text) { return std::all_of(text.begin(), text.end(), is_plain); }

std::string_view entity(char c) {
  switch (c) {
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '&':
      return "&amp;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

// Characters that `printable` lets through and that markup cannot hold: U+2028 and U+2029 end a
// line in some readers, U+FFFE and U+FFFF are no XML characters.
bool is_unfit(std::string_view three) {
  return three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9" || three == "\xEF\xBF\xBE" ||
         three == "\xEF\xBF\xBF";
}

struct Character {
  unsigned code;
  std::size_t length;
};

// The character at the front of valid UTF-8 that is not empty.
Character first_character(std::string_view text) {
  const unsigned lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  Character found{length == 1 ? lead : lead & (0xFFu >> (length + 1)), 1};
  for (; found.length < std::min(length, text.size()); ++found.length) {
    found.code = found.code << 6 | (static_cast<unsigned char>(text[found.length]) & 0x3Fu);
  }
  return found;
}

// Does it steer a terminal or turn the reading direction, though JSON lets it stand?
bool steers(unsigned code) {
  constexpr std::pair<unsigned, unsigned> kRanges[] = {
      {0x7F, 0x9F}, {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFFFE, 0xFFFF}};
  return std::any_of(std::begin(kRanges), std::end(kRanges), [&](const auto& range) {
    return code >= range.first && code <= range.second;
  });
}

// Stands for itself in a JSON string and on a terminal. The rest is looked at more closely.
bool is_plain_in_json(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

// Eight bytes at once: is each of them plain? Bytes from 0x80 on have their highest bit set; of the
// others a subtraction or an addition that passes that bit tells that they are out of range. What
// a neighbour carries over can only make a plain word look as if it were not.
bool are_plain_in_json(std::uint64_t eight) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighest = 0x80 * kOnes;
  const std::uint64_t quote = eight ^ ('"' * kOnes);
  const std::uint64_t backslash = eight ^ ('\\' * kOnes);
  return ((eight | (eight - 0x20 * kOnes) | (eight + kOnes) | (quote - kOnes) |
           (backslash - kOnes)) &
          kHighest) == 0;
}

// How many bytes from the start of `text` are plain: most texts are, to their end.
std::size_t plain_run(std::string_view text) {
  std::size_t size = 0;
  for (std::uint64_t eight = 0; size + sizeof(eight) <= text.size(); size += sizeof(eight)) {
    std::memcpy(&eight, text.data() + size, sizeof(eight));
    if (!are_plain_in_json(eight)) break;
  }
  while (size < text.size() && is_plain_in_json(text[size])) ++size;
  return size;
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// Valid UTF-8 without ASCII, escaped where it steers.
void append_foreign(std::string& out, std::string_view valid) {
  while (!valid.empty()) {
    const auto [code, length] = first_character(valid);
    if (steers(code)) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
    } else {
      out += valid.substr(0, length);
    }
    valid.remove_prefix(length);
  }
}

// Appends the bytes before the next ASCII byte; what is no UTF-8 in them becomes U+FFFD.
std::size_t append_foreign_run(std::string& out, std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(), is_ascii);
  const auto size = static_cast<std::size_t>(end - text.begin());
  append_foreign(out, valid_utf8(text.substr(0, size)));
  return size;
}

// `c` is ASCII and not plain.
void append_escape(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\x7F': out += "\\u007f"; return;
    default: fmt::format_to(std::back_inserter(out), "\\u{:04X}", static_cast<unsigned char>(c));
  }
}

// Takes whole JSON, where such characters stand in strings only and control characters between
// values.
void append_tamed(std::string& out, std::string_view json) {
  for (std::size_t i = 0; i < json.size();) {
    const char c = json[i];
    if (!is_ascii(c)) {
      i += append_foreign_run(out, json.substr(i));
      continue;
    }
    if (c == 0x7F) {
      out += "\\u007f";
    } else {
      out += c < 0x20 ? ' ' : c;
    }
    ++i;
  }
}

// Reads without throwing and without recursion, since evidence may be nested at will, and keeps
// nothing of it. A NUL would end the text for the parser, though not for us.
bool parses(std::string_view json) {
  if (json.find('\0') != std::string_view::npos) return false;
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  rapidjson::MemoryStream bytes(json.data(), json.size());
  rapidjson::Reader reader;
  rapidjson::BaseReaderHandler<> nothing;
  return !reader.Parse<kFlags>(bytes, nothing).IsError();
}

// null, a whole number, or a string without escapes: most evidence is, and needs no parser.
bool is_simple_json(std::string_view json) {
  if (json == "null") return true;
  if (json.size() >= 2 && json.front() == '"' && json.back() == '"') {
    return plain_run(json.substr(1)) == json.size() - 2;
  }
  if (json.starts_with('-')) json.remove_prefix(1);
  if (json.empty() || json.size() > 18) return false;
  if (json.front() == '0') return json.size() == 1;
  return std::all_of(json.begin(), json.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string markup(std::string_view text) {
  if (all_plain(text)) return std::string(text);
  const std::string clean = printable(text);
  std::string out;
  out.reserve(clean.size() + clean.size() / 8);
  for (std::size_t i = 0; i < clean.size(); ++i) {
    if (const auto name = entity(clean[i]); !name.empty()) {
      out += name;
    } else if (is_unfit(std::string_view(clean).substr(i, 3))) {
      out += kReplacement;
      i += 2;
    } else {
      out += clean[i];
    }
  }
  return out;
}

std::string markup_lines(std::string_view text) {
  std::string out;
  for (const auto& line : split(text, '\n')) {
    std::string flat;
    for (const char c : line) {
      if (c == '\t') {
        flat += "    ";
      } else if (c != '\r') {
        flat += c;
      }
    }
    out += markup(flat);
    out += '\n';
  }
  out.pop_back();
  return out;
}

std::string first_line(std::string_view text) {
  text = trim(text);
  return printable(trim(text.substr(0, text.find('\n'))));
}

std::string plain_value(std::string_view json) {
  if (json.empty() || json.front() != '"') return std::string(json);
  if (is_simple_json(json)) return std::string(json.substr(1, json.size() - 2));
  if (!parses(json)) return std::string(json);
  Json document;
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (!document.IsString()) return std::string(json);
  return {document.GetString(), document.GetStringLength()};
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (;;) {
    const std::size_t plain = plain_run(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    if (is_ascii(text.front())) {
      append_escape(out, text.front());
      text.remove_prefix(1);
    } else {
      text.remove_prefix(append_foreign_run(out, text));
    }
  }
  out += '"';
}

void append_json(std::string& out, std::string_view json) {
  if (is_simple_json(json)) {
    out += json;
  } else if (parses(json)) {
    append_tamed(out, json);
  } else {
    append_quoted(out, json);
  }
}

std::string quoted_json(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

std::string safe_json(std::string_view json) {
  std::string out;
  append_json(out, json);
  return out;
}

}  // namespace ciswatch
