#pragma once

#include "benchmarks/fleet/account.h"
#include "benchmarks/fleet/buckets.h"
#include "benchmarks/fleet/detection.h"
#include "benchmarks/fleet/keys.h"
#include "benchmarks/fleet/trails.h"

namespace ciswatch::fleet {

// What an account has and more than one answer tells of, made once.
struct Model {
  Model(const Options& options, std::uint64_t index);

  Account account;
  std::vector<Trail> trails;
  Keyring keys;
  LogBuckets buckets;
  Detection detection;

  // nullptr if the account is shown no such trail.
  [[nodiscard]] const Trail* find_trail(std::string_view arn) const;
};

}  // namespace ciswatch::fleet
