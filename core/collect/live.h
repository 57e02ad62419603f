#pragma once

#include "core/aws/client.h"
#include "core/collect/source.h"

namespace ciswatch {

// AWS itself: one account, that of the client's credentials.
class LiveSource : public Source {
 public:
  // `home` is the region that the configuration names: read where no list of regions can be had.
  LiveSource(Client& client, std::string home) : client_(client), home_(std::move(home)) {}

  [[nodiscard]] std::vector<std::string> accounts() const override { return {}; }
  [[nodiscard]] std::vector<std::string> known_regions(const std::string&) const override {
    return {home_};
  }
  void send(ApiCall call, Done done) override { client_.send(std::move(call), std::move(done)); }
  void run(const std::function<void()>& tick) override { client_.run(tick); }

 private:
  Client& client_;
  std::string home_;
};

}  // namespace ciswatch
