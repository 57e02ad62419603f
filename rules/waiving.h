#pragma once

// The waivers of one scan: they mark findings, and are judged themselves by what they marked.

#include <atomic>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/report/report.h"
#include "rules/selection.h"
#include "rules/slices.h"
#include "rules/waivers.h"

namespace ciswatch {

// The check that findings about waivers belong to; no author's check may be named so.
inline constexpr std::string_view kWaiversCheck = "waivers";

// What is wrong with a waiver at a time, whatever it waives: expired, too far ahead, about to
// expire, of everything. A line each.
std::vector<std::string> faults_at(const WaiverEntry& waiver, UnixSeconds time);

// Whether it waives at that time: not expired, and not further ahead than it may be.
bool in_force(const WaiverEntry& waiver, UnixSeconds time);

class Waiving {
 public:
  // `entries` must outlive it; `time` is the snapshot's.
  Waiving(std::span<const WaiverEntry> entries, UnixSeconds time);

  // Marks the findings that are wrong or unknown and that a waiver in force names: of several the
  // first. Once for each batch of a scan; any thread. A check that could not be run is no state of an
  // account that somebody could accept.
  void mark(FindingBatch& batch);

  // When all batches are marked: adds a finding of no account for each waiver, in their order.
  // `accounts` and `selection` are what was judged.
  void report(Report& report, const Selection& selection, std::span<const Account> accounts) const;

 private:
  struct Use {
    std::atomic<std::size_t> findings = 0;  // wrong or unknown, that it names
    std::atomic<bool> unclear = false;      // what it names may be among what is unknown
  };
  // Of a check: waivers by their account, where that is no pattern, and the others.
  struct OfCheck {
    std::multimap<std::string_view, std::size_t> by_account;
    std::vector<std::size_t> patterns;
  };

  [[nodiscard]] std::vector<std::size_t> naming(std::string_view check,
                                                std::string_view account) const;
  void mark(Finding& finding, std::span<const std::size_t> waivers);
  [[nodiscard]] bool is_judged(const WaiverEntry& waiver, const Selection& selection,
                               std::span<const Account> accounts) const;
  [[nodiscard]] Finding judge(std::size_t waiver, bool judged) const;

  const std::span<const WaiverEntry> entries_;
  const UnixSeconds time_;
  std::vector<bool> in_force_;  // by waiver
  std::vector<Use> uses_;       // by waiver
  std::map<std::string_view, OfCheck> by_check_;
};

}  // namespace ciswatch
