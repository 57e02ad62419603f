#pragma once

// The part of the list of operations that change something: what remediation calls. Read through
// operations.h. A client sends none of them unless it is told that it may (ClientOptions). Static data;
// any thread.

#include <span>

#include "core/aws/operations.h"

namespace ciswatch {

std::span<const Operation> write_operations();

}  // namespace ciswatch
