#include "rules/waiving.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/crypto.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/report/encoding.h"

namespace ciswatch {
namespace {

constexpr UnixSeconds kDay = 86'400;

// Whole days from the snapshot's to the waiver's last; negative once that is over.
std::int64_t days_left(const WaiverEntry& waiver, UnixSeconds time) {
  const auto past = (time % kDay + kDay) % kDay;
  return (waiver.last_day - (time - past)) / kDay;
}

bool is_wrong_or_unknown(Verdict verdict) {
  return verdict != Verdict::pass && verdict != Verdict::not_applicable;
}

bool has_wrong_or_unknown(const Counts& counts) {
  return counts[Verdict::critical] + counts[Verdict::warn] + counts[Verdict::unknown] > 0;
}

// "" or "s", for one or more.
std::string_view plural(std::int64_t count) { return count == 1 ? "" : "s"; }

// That of a finding holds on although lines move; two waivers of the same are refused.
std::string stable_id(const WaiverEntry& waiver) {
  std::string text(kWaiversCheck);
  for (const auto* part : {&waiver.check, &waiver.account, &waiver.region, &waiver.resource}) {
    text.append(1, '\0').append(*part);
  }
  return hex(bytes_of(sha256(text)).substr(0, 16));
}

CheckText check_text() {
  CheckText text;
  text.id = kWaiversCheck;
  text.title = "Waivers are of use, narrow and not about to expire";
  text.why =
      "A waiver that outlives its reason, or covers more than was meant, hides the next fault.";
  text.remediation = {
      {"text",
       "Take away a waiver that waives nothing. Where one has expired or soon will, mend what it "
       "excuses, or have its owner decide again and write the new day. Name the account, region or "
       "resource where one is too broad."}};
  return text;
}

void add_evidence(Finding& finding, const WaiverEntry& waiver, std::size_t findings) {
  const auto add = [&](std::string name, const std::string& text) {
    if (!text.empty()) finding.evidence.emplace_back(std::move(name), json_quote(text));
  };
  add("check", waiver.check);
  add("account", waiver.account);
  add("region", waiver.region);
  add("resource", waiver.resource);
  add("owner", waiver.waiver.owner);
  add("reason", waiver.waiver.reason);
  add("ticket", waiver.waiver.ticket);
  add("expires", waiver.waiver.expires);
  finding.evidence.emplace_back("findings", std::to_string(findings));
}

}  // namespace

bool in_force(const WaiverEntry& waiver, UnixSeconds time) {
  const auto days = days_left(waiver, time);
  return days >= 0 && days <= waiver.limits.max_days;
}

std::vector<std::string> faults_at(const WaiverEntry& waiver, UnixSeconds time) {
  std::vector<std::string> faults;
  const auto days = days_left(waiver, time);
  const auto& expires = waiver.waiver.expires;
  if (days < 0) {
    faults.push_back(fmt::format("expired with {}: it waives nothing any more", expires));
  } else if (days > waiver.limits.max_days) {
    faults.push_back(fmt::format("expires {}, in {} days, where {} are allowed: it waives nothing",
                                 expires, days, waiver.limits.max_days));
  } else if (days <= waiver.limits.warn_days) {
    faults.push_back(fmt::format("expires {}, in {} day{}", expires, days, plural(days)));
  }
  // Stars alone are no limit.
  const auto is_any = [](const std::string& pattern) {
    return pattern.find_first_not_of('*') == std::string::npos;
  };
  if (is_any(waiver.account) && is_any(waiver.region) && is_any(waiver.resource)) {
    faults.push_back("names no account, region or resource: it waives all of the check, everywhere");
  }
  return faults;
}

Waiving::Waiving(std::span<const WaiverEntry> entries, UnixSeconds time)
    : entries_(entries), time_(time), uses_(entries.size()) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& waiver = entries[i];
    in_force_.push_back(in_force(waiver, time));
    for (const auto& check : waiver.checks) {
      auto& of_check = by_check_[check];
      if (waiver.account.find('*') == std::string::npos) {
        of_check.by_account.emplace(waiver.account, i);
      } else {
        of_check.patterns.push_back(i);
      }
    }
  }
}

std::vector<std::size_t> Waiving::naming(std::string_view check, std::string_view account) const {
  std::vector<std::size_t> found;
  const auto of_check = by_check_.find(check);
  if (of_check == by_check_.end()) return found;
  const auto [first, last] = of_check->second.by_account.equal_range(account);
  for (auto at = first; at != last; ++at) found.push_back(at->second);
  for (const auto i : of_check->second.patterns) {
    if (matches_glob(entries_[i].account, account)) found.push_back(i);
  }
  std::sort(found.begin(), found.end());
  return found;
}

void Waiving::mark(Finding& finding, std::span<const std::size_t> waivers) {
  for (const auto i : waivers) {
    const auto& entry = entries_[i];
    if (matches_glob(entry.region, finding.region) && matches_glob(entry.resource, finding.resource)) {
      ++uses_[i].findings;
      if (in_force_[i] && !finding.waived) finding.waived = entry.waiver;
    } else if (finding.verdict == Verdict::unknown) {
      uses_[i].unclear = true;
    }
  }
}

void Waiving::mark(FindingBatch& batch) {
  if (!has_wrong_or_unknown(batch.tally.counts)) return;
  const auto waivers = naming(batch.check, batch.account_id);
  if (waivers.empty()) return;
  if (batch.failed) {
    for (const auto i : waivers) uses_[i].unclear = true;
    return;
  }
  FindingBatch marked{batch.account_id, batch.check, "", {}, false};
  Finding finding;
  for (std::string_view bytes = batch.bytes; !bytes.empty();) {
    bytes.remove_prefix(decode(bytes, finding));
    if (is_wrong_or_unknown(finding.verdict)) mark(finding, waivers);
    marked.add(finding);
  }
  batch = std::move(marked);
}

// A scan of other accounts or checks cannot tell whether it is of use.
bool Waiving::is_judged(const WaiverEntry& waiver, const Selection& selection,
                        std::span<const Account> accounts) const {
  const auto was_run = [&](const std::string& id) {
    return std::any_of(selection.checks.begin(), selection.checks.end(),
                       [&](const Check* check) { return check->id == id; });
  };
  return std::all_of(waiver.checks.begin(), waiver.checks.end(), was_run) &&
         std::any_of(accounts.begin(), accounts.end(), [&](const Account& account) {
           return matches_glob(waiver.account, account.id);
         });
}

Finding Waiving::judge(std::size_t i, bool judged) const {
  const auto& waiver = entries_[i];
  const auto count = uses_[i].findings.load();
  auto faults = faults_at(waiver, time_);
  if (in_force_[i] && count > waiver.limits.max_findings) {
    faults.push_back(fmt::format("waives {}, more than {}", counted(count, "finding"),
                                 waiver.limits.max_findings));
  }
  if (!in_force_[i] && count > 0) faults.push_back(counted(count, "finding") + " would be waived by it");
  const bool unused = count == 0 && judged && !uses_[i].unclear;
  if (in_force_[i] && unused) {
    faults.push_back("waives nothing: no finding that is wrong or unknown is what it names");
  }
  Finding finding;
  finding.id = stable_id(waiver);
  finding.check = kWaiversCheck;
  finding.resource = name_of(waiver);
  add_evidence(finding, waiver, count);
  if (!faults.empty()) {
    finding.verdict = Verdict::warn;
    finding.detail = join(faults, "; ");
  } else if (count > 0) {
    finding.verdict = Verdict::pass;
    finding.detail = fmt::format("waives {} until {}", counted(count, "finding"), waiver.waiver.expires);
  } else if (judged) {
    finding.verdict = Verdict::unknown;
    finding.detail = "waives nothing, but of what it names not all could be judged";
  } else {
    finding.verdict = Verdict::not_applicable;
    finding.detail = "of accounts or checks that this scan does not judge";
  }
  return finding;
}

void Waiving::report(Report& report, const Selection& selection,
                     std::span<const Account> accounts) const {
  if (entries_.empty()) return;
  FindingBatch batch{"", std::string(kWaiversCheck), "", {}, false};
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    batch.add(judge(i, is_judged(entries_[i], selection, accounts)));
  }
  report.findings.add(batch);
  report.head.checks.push_back(check_text());
  auto& summary = report.head.account_summaries.emplace_back();
  summary.findings = batch.tally.counts;
  Verdict worst = Verdict::not_applicable;
  for (const auto verdict : kVerdicts) {
    if (summary.findings[verdict] > 0) worst = std::min(worst, verdict);
  }
  ++summary.judgements[worst];
  ++report.head.summary[worst];
}

}  // namespace ciswatch
