#pragma once

namespace ciswatch {

// How many threads can run at once: the cores that this process may use, at most what the limits of
// its control group (v2 or v1) amount to, rounded up; 1 at least.
unsigned available_cores();

}  // namespace ciswatch
