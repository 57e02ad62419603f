#pragma once

// Short forms for the members of requests, which have the same name on the wire as in the model but
// where a protocol wants another. Items of lists are `member` elements, those of maps `entry`, as in the
// query protocol; JSON does not name them.

#include "core/aws/operations.h"

namespace ciswatch::requests {

constexpr Field text(std::string_view name) { return {name, name}; }
constexpr Field flag(std::string_view name) { return {name, name, Kind::boolean}; }
constexpr Field whole(std::string_view name) { return {name, name, Kind::integer}; }
constexpr Field real(std::string_view name) { return {name, name, Kind::real}; }
constexpr Field texts(std::string_view name) { return {name, name, Kind::list, "member"}; }
constexpr Field map(std::string_view name) { return {name, name, Kind::map, "entry"}; }
constexpr Field list(std::string_view name, std::span<const Field> fields) {
  return {name, name, Kind::list, "member", fields};
}
constexpr Field structure(std::string_view name, std::span<const Field> fields) {
  return {name, name, Kind::structure, {}, fields};
}

inline constexpr Field kTags[] = {text("Key"), text("Value")};

}  // namespace ciswatch::requests
