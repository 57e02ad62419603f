#include "core/base/log.h"

#include <cstdio>
#include <string>

#include "core/base/text.h"

namespace ciswatch {

void warn(std::string_view text) {
  const std::string line = "ciswatch: warning: " + printable(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace ciswatch
