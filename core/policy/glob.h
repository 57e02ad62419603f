#pragma once

// Texts with wildcards, and how one stands to all the texts that another stands for.

#include <string>
#include <string_view>

#include "core/base/truth.h"

namespace ciswatch {

// Characters of Unicode and the marks below.
using Glob = std::u32string;
inline constexpr char32_t kRun = 0x110000;   // any characters, also none: '*'
inline constexpr char32_t kOne = 0x110001;   // any one character: '?'
inline constexpr char32_t kOpen = 0x110002;  // characters that are not known: a policy variable

Glob plain_text(std::string_view utf8);      // '*' and '?' stand for themselves
Glob wildcard_text(std::string_view utf8);   // they stand for others
Glob lower_case(Glob text);                  // of ASCII

// What holds for each of the things that are asked about, and what for at least one of them. They are
// the same where one thing is asked about.
struct Extent {
  Truth each = Truth::no;
  Truth any = Truth::no;
  bool operator==(const Extent&) const = default;
};
inline constexpr Extent kNone = {Truth::no, Truth::no};
inline constexpr Extent kAll = {Truth::yes, Truth::yes};
inline constexpr Extent kSome = {Truth::no, Truth::yes};
inline constexpr Extent kUnknown = {Truth::unknown, Truth::unknown};

Extent both(Extent a, Extent b);   // of two that do not hang on each other
Extent all_but(Extent extent);

// Of several, any of which is enough. Two of which each is true of some may be true of all together.
class Union {
 public:
  void add(Extent extent);
  [[nodiscard]] Extent extent() const;

 private:
  Extent widest_;
  int some_ = 0;
};

// True where `pattern` stands for every text that `subject` stands for; false where it has kOpen.
bool covers(std::u32string_view pattern, std::u32string_view subject);

// True where there is a text that both stand for. Time and room: the product of both lengths.
bool meets(std::u32string_view a, std::u32string_view b);

// How many of the subject's texts the pattern stands for.
Extent extent_of(const Glob& pattern, const Glob& subject);

// The same for ARNs, whose wildcards stay within a segment (the parts between colons) unless a '*' is
// at a segment's end: IAM's user guide, "Resource". Where it leaves open what a pattern means, unknown.
Extent arn_extent_of(const Glob& pattern, const Glob& subject);

// Whether an ARN is such as ArnLike wants it, which compares each of the six segments by itself.
Truth arn_is_like(const Glob& pattern, const Glob& arn);

}  // namespace ciswatch
