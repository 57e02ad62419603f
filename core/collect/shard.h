#pragma once

// Which accounts are whose, where several machines share them.

#include <string_view>

#include "core/aws/credentials.h"
#include "core/store/part.h"

namespace ciswatch {

// Whether the account is of that part: the first eight bytes of the SHA-256 of its id, as one number
// (big-endian), modulo the count, plus 1. It does not depend on what other accounts there are.
bool is_of(const Shard& shard, std::string_view account_id);

// "3/8"; "auto/8", whose number the scheduler tells in the environment: JOB_COMPLETION_INDEX (Kubernetes)
// or AWS_BATCH_JOB_ARRAY_INDEX, which count from 0, or SLURM_ARRAY_TASK_ID, of an array from 1; or "auto",
// whose count it tells too: AWS_BATCH_JOB_ARRAY_SIZE, SLURM_ARRAY_TASK_COUNT. Throws Error for anything
// else, and where the environment says nothing, or is of two schedulers.
Shard read_shard(std::string_view text, const Environment& environment);

}  // namespace ciswatch
