#include "rules/net.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "core/base/text.h"
#include "rules/row.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostCauses = 5;

using AccountRegion = std::pair<std::string, std::string>;

bool is_good(const Finding& finding) {
  return finding.verdict == Verdict::pass || finding.verdict == Verdict::not_applicable;
}

bool same_call(const SourceCall& a, const SourceCall& b) {
  return a.account_id == b.account_id && a.region == b.region && a.service == b.service &&
         a.operation == b.operation && a.target == b.target;
}

void make_unknown(Finding& finding) {
  finding.verdict = Verdict::unknown;
  finding.detail += finding.detail.empty() ? "" : ", as far as could be read";
}

// In the order of tables(), so that what is named first does not depend on addresses.
std::vector<const TableSpec*> in_order(const std::set<const TableSpec*>& some) {
  std::vector<const TableSpec*> ordered;
  std::copy_if(tables().begin(), tables().end(), std::back_inserter(ordered),
               [&](const TableSpec* table) { return some.contains(table); });
  return ordered;
}

class Causes {
 public:
  explicit Causes(std::vector<SourceCall>& calls) : calls_(calls) {}

  [[nodiscard]] bool full() const { return added_ >= kMostCauses; }
  [[nodiscard]] bool any() const { return added_ > 0; }

  void add(const SourceCall& call) {
    const auto same = [&](const SourceCall& other) { return same_call(call, other); };
    if (full() || std::any_of(calls_.begin(), calls_.end(), same)) return;
    calls_.push_back(call);
    ++added_;
  }

  template <typename Index>
  void add_all(const Unanswered& from, const Index& index, const AccountRegion& key) {
    const auto [first, last] = index.equal_range(key);
    for (auto it = first; it != last && !full(); ++it) add(from.calls[it->second]);
  }

 private:
  std::vector<SourceCall>& calls_;
  std::size_t added_ = 0;
};

}  // namespace

Net::Net(const Job& job, std::span<const Account> accounts,
         const std::set<const TableSpec*>& tables, Ledger& ledger)
    : job_(job), accounts_(accounts), tables_(in_order(tables)), ledger_(ledger) {}

Finding Net::unknown(const std::string& account, const std::string& region, std::string resource,
                     std::string detail) const {
  Finding finding;
  finding.level = job_.level;
  finding.account_id = account;
  finding.region = region;
  finding.resource = std::move(resource);
  finding.detail = std::move(detail);
  return finding;
}

void Net::add_missing(std::vector<Finding>& findings) const {
  for (auto& finding : findings) {
    if (is_good(finding) && !finding.unanswered.empty()) make_unknown(finding);
  }
  if (job_.check->scope == Scope::account) {
    add_silent_accounts(findings);
  } else {
    add_unread_regions(findings);
  }
}

void Net::add_silent_accounts(std::vector<Finding>& findings) const {
  std::set<std::string> told;
  for (const auto& finding : findings) told.insert(finding.account_id);
  for (const auto& account : accounts_) {
    if (told.contains(account.id)) continue;
    findings.push_back(
        unknown(account.id, account.region, account.id, "the check told nothing of this account"));
  }
}

// A row about the region itself takes the place of the one to add: a good one becomes unknown, a
// failing one already says that the region is not in order.
void Net::add_unread_regions(std::vector<Finding>& findings) const {
  std::map<AccountRegion, std::vector<SourceCall>> unread;
  for (const auto* table : tables_) {
    if (table->scope == Scope::resource) continue;
    for (const auto& call : ledger_.unanswered(*table).calls) {
      unread[{call.account_id, call.region}].push_back(call);
    }
  }
  std::set<AccountRegion> told;
  for (auto& finding : findings) {
    const auto found = unread.find({finding.account_id, finding.region});
    if (found == unread.end()) continue;
    const bool about_region = finding.resource == finding.region;
    if (about_region && is_good(finding)) {
      make_unknown(finding);
      finding.unanswered.insert(finding.unanswered.end(), found->second.begin(),
                                found->second.end());
    }
    if (about_region || finding.verdict == Verdict::unknown) told.insert(found->first);
  }
  for (auto& [place, calls] : unread) {
    if (told.contains(place)) continue;
    auto finding = unknown(place.first, place.second, place.second,
                           place.second == "*" ? "the account's regions could not be read"
                                               : "this region could not be read");
    finding.unanswered = std::move(calls);
    findings.push_back(std::move(finding));
  }
}

void Net::find_causes(Finding& finding) const {
  Causes causes(finding.unanswered);
  for (const auto* table : tables_) {
    const auto& unanswered = ledger_.unanswered(*table);
    causes.add_all(unanswered, unanswered.by_target, {finding.account_id, finding.resource});
  }
  for (const auto* table : tables_) {
    if (table->scope == Scope::resource && causes.any()) continue;
    const auto& unanswered = ledger_.unanswered(*table);
    causes.add_all(unanswered, unanswered.by_region, {finding.account_id, finding.region});
  }
  if (job_.check->scope != Scope::account) return;
  for (const auto* table : tables_) {
    for (const auto& call : ledger_.unanswered(*table).calls) {
      if (causes.full()) return;
      if (call.account_id == finding.account_id) causes.add(call);
    }
  }
}

void Net::say_why(Finding& finding) const {
  if (finding.unanswered.empty()) find_causes(finding);
  if (finding.unanswered.empty()) return;
  auto why = describe(finding.unanswered.front());
  const auto more = finding.unanswered.size() - 1;
  if (more > 0) why += fmt::format("; and {} more", more);
  // The check's own words give way: what to grant must not be cut off.
  const auto room = kLongestDetail > why.size() + 2 ? kLongestDetail - why.size() - 2 : 0;
  const auto told = shortened(finding.detail, room);
  finding.detail = told.empty() ? why : told + "; " + why;
}

}  // namespace ciswatch
