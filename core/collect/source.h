#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/aws/call.h"

namespace ciswatch {

// Where answers come from: AWS itself or a recording. The collector does not know which; there is
// one path from an answer to a row. Used by one thread.
class Source {
 public:
  using Done = std::function<void(ApiAnswer)>;

  virtual ~Source() = default;

  // The accounts that can be asked; empty: one, whose id GetCallerIdentity tells.
  [[nodiscard]] virtual std::vector<std::string> accounts() const = 0;

  // Regions to read where DescribeRegions was not answered.
  [[nodiscard]] virtual std::vector<std::string> known_regions(
      const std::string& account_id) const = 0;

  // Queues a call; `done` is called once, from `run`, and may send again.
  virtual void send(ApiCall call, Done done) = 0;

  // Until every call has ended. `tick` is called when the answers that have come in are told, and now
  // and then.
  virtual void run(const std::function<void()>& tick) = 0;
};

}  // namespace ciswatch
