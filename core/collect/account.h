#pragma once

// What the collector knows of an account while its calls are under way.

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/collect/decode.h"
#include "core/tables/table_spec.h"

namespace ciswatch {

// Where a call is made, and what about: "" for no resource.
struct CallPlace {
  std::string region;
  std::string target;
};

// What a call has come to, and the calls that follow from it are planned by.
struct Settled {
  std::string region;  // where it was answered
  std::string outcome;
  std::vector<DecodedRow> rows;
};

struct AccountIdentity {
  std::string id;
  std::string first_region;
  bool identified = false;
};

// Of which another account may make a call due.
using OwnedResources = std::vector<std::pair<const TableSpec*, CallPlace>>;

struct OpenAccount : AccountIdentity {
  std::size_t under_way = 0;         // calls
  std::set<std::string> planned;     // one key per call, so that nothing is asked twice
  std::map<std::string, int> depth;  // of a table that is its own parent: levels below the first
  OwnedResources owned;
};

}  // namespace ciswatch
