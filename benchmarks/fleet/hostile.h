#pragma once

#include <map>
#include <string>
#include <string_view>

#include "benchmarks/fleet/source.h"

namespace ciswatch::fleet {

// An account of the fleet in which every text is an enemy's: names, ARNs, ids, regions, tags,
// descriptions, messages, now and then also a state, a type or a shape. The same text is spoiled in
// the same way everywhere in an account, so that what belongs together still does and the checks
// get far. Some texts are not UTF-8, which no answer of AWS can be: a snapshot is a file and may
// come from anyone.
class HostileSource : public Source {
 public:
  HostileSource(const Options& options, std::uint64_t index)
      : inner_(options, index), dice_(inner_.account().dice.at("hostile")) {}

  [[nodiscard]] std::vector<std::string> accounts() const override;
  [[nodiscard]] std::vector<std::string> known_regions(const std::string&) const override;
  void send(ApiCall call, Done done) override;
  void run(const std::function<void()>& tick) override { inner_.run(tick); }

 private:
  std::string spoiled(std::string_view text) const;
  const std::string& plain(const std::string& text) const;
  void spoil(const ApiCall& call, ApiAnswer& answer) const;
  void spoil(JsonValue& value, std::string_view name, const Dice& dice, Json& document) const;

  FleetSource inner_;
  Dice dice_;
  mutable std::map<std::string, std::string> plain_;  // by what they became
};

}  // namespace ciswatch::fleet
