#pragma once

// The part of the list of operations that is about web front ends: CloudFront, load balancers, API
// Gateway. Read through operations.h. Static data; any thread.

#include <span>

#include "core/aws/operations.h"

namespace ciswatch {

std::span<const Operation> web_operations();
std::span<const Service> web_services();

}  // namespace ciswatch
