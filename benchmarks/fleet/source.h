#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/fleet/model.h"
#include "core/collect/source.h"

namespace ciswatch::fleet {

// One account of the synthetic fleet, which answers the collector's calls as AWS would: with all
// the members that the APIs answer, so that rows have the size of real ones. Holds the model of
// that account only.
class FleetSource : public Source {
 public:
  FleetSource(const Options& options, std::uint64_t index);

  [[nodiscard]] std::vector<std::string> accounts() const override { return {model_.account.id}; }
  [[nodiscard]] std::vector<std::string> known_regions(const std::string&) const override {
    return {model_.account.home};
  }
  void send(ApiCall call, Done done) override {
    queue_.emplace_back(std::move(call), std::move(done));
  }
  void run(const std::function<void()>& tick) override;

  [[nodiscard]] const Account& account() const { return model_.account; }

 private:
  std::pair<ApiCall, Done> next();
  ApiAnswer answer(const ApiCall& call);
  void answer_normally(const ApiCall& call, ApiAnswer& answer) const;

  Model model_;
  std::deque<std::pair<ApiCall, Done>> queue_;
  std::size_t answered_ = 0;
  UnixSeconds started_;
};

}  // namespace ciswatch::fleet
