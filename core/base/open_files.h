#pragma once

#include <cstddef>

namespace ciswatch {

// Lets this process have so many files and sockets open, as far as its hard limit allows. Returns how
// many it may have. For the whole process.
std::size_t allow_open_files(std::size_t wanted);

}  // namespace ciswatch
