#include "reporters/escape.h"

#include <fmt/format.h>

#include <algorithm>

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

// Takes whole JSON, where such characters stand in strings only and control characters between
// values.
std::string tamed(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    const auto [code, length] = first_character(json.substr(i));
    if (steers(code)) {
      out += fmt::format("\\u{:04x}", code);
    } else if (code < 0x20) {
      out += ' ';
    } else {
      out += json.substr(i, length);
    }
    i += length;
  }
  return out;
}

// Parses without throwing and without recursion: evidence may be nested at will.
bool parses(std::string_view json, Json& document) {
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(
      json.data(), json.size());
  return !document.HasParseError();
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
  Json document;
  if (!parses(json, document) || !document.IsString()) return std::string(json);
  return {document.GetString(), document.GetStringLength()};
}

std::string quoted_json(std::string_view text) {
  const auto plain = [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; };
  if (std::all_of(text.begin(), text.end(), plain)) return '"' + std::string(text) + '"';
  return tamed(json_quote(text));
}

std::string safe_json(std::string_view json) {
  Json document;
  return parses(json, document) ? tamed(json) : quoted_json(json);
}

}  // namespace ciswatch
