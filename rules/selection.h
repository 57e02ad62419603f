#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "rules/library.h"

namespace ciswatch {

// Which checks run, in order, and which packs map their findings. Points into the library, which
// must outlive it unchanged.
struct Selection {
  const Library* library = nullptr;
  std::vector<const Check*> checks;
  std::vector<Pack> packs;   // with the requirements that were chosen
  bool whole_packs = false;  // packs were chosen: each of their requirements gets its row
};

// The checks of the packs in the packs' order, then the checks named by id. "PACK:SECTION" are the
// requirements of a pack that are numbered SECTION or SECTION.… . Without packs, the library's packs
// map the findings, and only a requirement whose checks are all chosen gets a row. With neither,
// everything that there is. Throws Error for an id or a section that is not there.
Selection choose(const Library& library, std::span<const std::string> packs,
                 std::span<const std::string> check_ids);

// The ids of the checks that choose() looks for; of packs that are not there, none.
std::set<std::string, std::less<>> ids_chosen(const std::vector<Pack>& packs,
                                              std::span<const std::string> wanted_packs,
                                              std::span<const std::string> check_ids);

// What a fault of the check is: as a user has set it, else the worst that chosen packs make of it.
Level level_of(const Check& check, const Selection& selection);

}  // namespace ciswatch
