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

// The length of the character at the front if it steers a terminal or turns the reading direction
// and JSON would let it stand, else 0; `code` is what it is.
std::size_t steering(std::string_view text, unsigned& code) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  code = byte(0);
  if (code == 0x7F) return 1;
  if (code == 0xC2 && text.size() > 1) {
    code = byte(1);
    return code < 0xA0 ? 2 : 0;
  }
  if (code < 0xE0 || code > 0xEF || text.size() < 3) return 0;
  code = (code & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
  const bool direction = (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return direction || code >= 0xFFFE ? 3 : 0;
}

// Takes whole JSON, where such characters stand in strings only and control characters between
// values.
std::string tamed(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    unsigned code = 0;
    const std::size_t length = steering(json.substr(i), code);
    if (length > 0) {
      out += fmt::format("\\u{:04x}", code);
    } else {
      const bool control = static_cast<unsigned char>(json[i]) < 0x20;
      out += control ? ' ' : json[i];
    }
    i += std::max<std::size_t>(length, 1);
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
