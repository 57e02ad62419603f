#pragma once

// XML to JSON and back, after an operation's fields. The only place that uses pugixml. Entities of a
// DTD are not expanded and nothing outside the text is read; nesting is bounded.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/aws/operations.h"
#include "core/base/error.h"
#include "core/base/json.h"

namespace ciswatch {

// The answer is not what the operation answers with.
class MalformedAnswer : public Error {
 public:
  // `cut_off`: not even well-formed, as when the connection broke; worth asking again.
  MalformedAnswer(const std::string& text, bool cut_off) : Error(text), cut_off_(cut_off) {}
  [[nodiscard]] bool cut_off() const { return cut_off_; }

 private:
  bool cut_off_;
};

// The members in the element `root`: the document's own, or (query protocol) the child of it.
// Throws MalformedAnswer for text that is not XML, another root, a boolean or integer that is none.
Json decode_xml(std::string_view text, std::string_view root, std::span<const Field> fields);

// The inverse, for what is sent: `value` as the element `field`, whose fields have all of its members.
// Throws Error for a text that XML cannot hold.
std::string encode_xml(const JsonValue& value, const Field& field, std::string_view name_space);

struct XmlError {
  std::string code;
  std::string message;
  std::string region;  // S3: where the bucket is
};

// What S3 (<Error>), query (<ErrorResponse><Error>) and EC2 (<Response><Errors><Error>) tell;
// nullopt when the text is none of them.
std::optional<XmlError> decode_xml_error(std::string_view text);

}  // namespace ciswatch
