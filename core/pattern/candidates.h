#pragma once

// The values of a member that are worth trying against a pattern.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/pattern/match.h"
#include "core/pattern/pattern.h"
#include "core/pattern/required.h"
#include "core/pattern/trail_events.h"

namespace ciswatch {

class Candidates {
 public:
  // All three are borrowed.
  Candidates(const Pattern& pattern, const RequiredEvents& required,
             std::span<const TrailMember> identity)
      : pattern_(pattern), required_(required), identity_(identity) {}

  enum class Which { likely, all };

  // For what the pattern's selector finds in a required event of this caller. Of all, `not_known`
  // stands last where the others may not be what the pattern can tell apart.
  [[nodiscard]] std::vector<EventField> of(std::size_t selector, Which which) const;

  // What a record says of the member; nullptr where that is not known.
  [[nodiscard]] const TrailMember* known(std::string_view path) const;

 private:
  [[nodiscard]] bool has_parts(std::string_view path) const;
  [[nodiscard]] bool is_part_of_a_value(std::string_view path) const;
  void add_operands(std::size_t selector, bool is_text, std::vector<EventField>& fields) const;
  [[nodiscard]] bool tells_apart(std::size_t selector, const std::vector<EventField>& fields) const;

  const Pattern& pattern_;
  const RequiredEvents& required_;
  std::span<const TrailMember> identity_;
};

}  // namespace ciswatch
