#include "rules/fill.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/json.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr std::string_view kOpen = "{{", kClose = "}}";

// What stands between the braces.
StepPlaceholder parse(std::string_view inside) {
  StepPlaceholder placeholder;
  const auto words = split(trim(inside), ' ');
  if (words.size() == 1) {
    placeholder.column = words[0];
  } else if (words.size() == 2 && words[0] == "json") {
    placeholder.json = true;
    placeholder.column = words[1];
  } else if (words[0] == "result" && words.size() <= 3 && words.back().starts_with('/')) {
    placeholder.step = words.size() == 3 ? words[1] : "";
    placeholder.pointer = words.back();
  }
  return placeholder;
}

struct Piece {
  std::string_view text;  // what stands before the placeholder
  std::optional<StepPlaceholder> placeholder;
};

std::vector<Piece> pieces_of(std::string_view text) {
  const bool alone = text.starts_with(kOpen) && text.find(kClose) + 2 == text.size();
  std::vector<Piece> pieces;
  while (!text.empty()) {
    const auto open = text.find(kOpen);
    if (open == std::string_view::npos) {
      pieces.push_back({text, std::nullopt});
      break;
    }
    const auto close = text.find(kClose, open);
    const auto end = std::min(close, text.size());
    StepPlaceholder placeholder;
    if (close != std::string_view::npos) placeholder = parse(text.substr(open + 2, end - open - 2));
    placeholder.alone = alone;
    pieces.push_back({text.substr(0, open), std::move(placeholder)});
    text.remove_prefix(close == std::string_view::npos ? text.size() : close + 2);
  }
  return pieces;
}

const Value& value_of(const StepPlaceholder& placeholder, const FixRow& row) {
  const auto found = row.values.find(placeholder.column);
  if (found == row.values.end()) {
    throw Error(fmt::format("the SQL has no column '{}'", placeholder.column));
  }
  return found->second;
}

std::string text_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const auto* number = std::get_if<std::int64_t>(&value);
  return number == nullptr ? "" : std::to_string(*number);
}

std::string reference(const StepPlaceholder& placeholder, const FixRow& row) {
  return fmt::format(R"({{"$result":{},"pointer":{}}})", json_quote(row.change_of(placeholder.step)),
                     json_quote(placeholder.pointer));
}

// Fills the value; false: it is to be left out.
class Filler {
 public:
  Filler(Json& document, const FixRow& row) : document_(document), row_(row) {}

  bool fill(JsonValue& value) {
    if (value.IsString()) return fill_string(value);
    if (value.IsArray()) {
      for (auto* item = value.Begin(); item != value.End();) {
        item = fill(*item) ? item + 1 : value.Erase(item);
      }
    } else if (value.IsObject()) {
      for (auto member = value.MemberBegin(); member != value.MemberEnd();) {
        member = fill(member->value) ? member + 1 : value.EraseMember(member);
      }
    }
    return true;
  }

 private:
  bool fill_string(JsonValue& value) {
    const std::string text(value.GetString(), value.GetStringLength());
    const auto pieces = pieces_of(text);
    const auto placeholder = pieces.empty() ? std::nullopt : pieces.front().placeholder;
    if (!placeholder || !placeholder->alone) {
      value = json_text(fill_text(text, row_), document_);
      return true;
    }
    if (placeholder->column.empty()) {
      put(value, reference(*placeholder, row_));
      return true;
    }
    const auto& column = value_of(*placeholder, row_);
    if (is_null(column)) return false;
    if (const auto* number = std::get_if<std::int64_t>(&column)) {
      value.SetInt64(*number);
    } else if (placeholder->json) {
      put(value, std::get<std::string>(column));
    } else {
      value = json_text(valid_utf8(std::get<std::string>(column)), document_);
    }
    return true;
  }

  void put(JsonValue& value, std::string_view json) {
    value.CopyFrom(parse_json(json), document_.GetAllocator());
  }

  Json& document_;
  const FixRow& row_;
};

}  // namespace

std::string fill_text(std::string_view text, const FixRow& row) {
  std::string filled;
  for (const auto& piece : pieces_of(text)) {
    filled += piece.text;
    if (!piece.placeholder) continue;
    filled += piece.placeholder->column.empty() ? reference(*piece.placeholder, row)
                                                : text_of(value_of(*piece.placeholder, row));
  }
  return valid_utf8(filled);
}

std::string fill_document(std::string_view document, const FixRow& row) {
  if (document.empty()) return "";
  Json json = parse_json(document);
  Filler(json, row).fill(json);
  return to_text(json);
}

std::vector<StepPlaceholder> placeholders_in(std::string_view text) {
  std::vector<StepPlaceholder> placeholders;
  for (auto& piece : pieces_of(text)) {
    if (piece.placeholder) placeholders.push_back(std::move(*piece.placeholder));
  }
  return placeholders;
}

namespace {

void visit(const JsonValue& value, const std::function<void(std::string_view)>& take) {
  if (value.IsString()) take({value.GetString(), value.GetStringLength()});
  if (value.IsArray()) {
    for (const auto& item : value.GetArray()) visit(item, take);
  } else if (value.IsObject()) {
    for (const auto& member : value.GetObject()) visit(member.value, take);
  }
}

}  // namespace

void for_each_text(std::string_view document, const std::function<void(std::string_view)>& take) {
  if (!document.empty()) visit(parse_json(document), take);
}

}  // namespace ciswatch
