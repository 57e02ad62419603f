#pragma once

// The findings of a scan, kept in a file beside its snapshot, so that the next scan need not judge
// again what has not changed.

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/report/findings.h"
#include "core/store/database.h"

namespace ciswatch {

// "<snapshot>.findings".
std::filesystem::path kept_beside(const std::filesystem::path& snapshot);

// By check: a hash of all that its findings depend on beside the snapshot's content. Findings of
// other checks, and of a check that could not be run, are not kept.
using Fingerprints = std::map<std::string, std::string, std::less<>>;

// Replaces the file. Waivers are left out: another time there may be others. Throws Error (disk full, …).
void keep_findings(const Findings& findings, const Fingerprints& fingerprints,
                   const std::filesystem::path& file);

// One thread. The file may come from anywhere: what does not fit is not found.
class KeptFindings {
 public:
  // Throws Error for a file that is not there, or is none of kept findings.
  explicit KeptFindings(const std::filesystem::path& file);

  // Throws Error for findings that are damaged.
  std::optional<FindingBatch> find(const std::string& account_id, const std::string& check,
                                   std::string_view fingerprint);

  // The ids of those that were critical, whatever they depended on. Throws Error as above.
  std::set<std::string, std::less<>> critical_ids(const std::string& account_id,
                                                  const std::string& check);

 private:
  std::optional<FindingBatch> batch(Statement& find, const std::string& account_id,
                                    const std::string& check);
  [[noreturn]] void throw_damaged(const Error& error) const;

  std::string file_;
  Database database_;
  Statement find_, find_any_;
};

}  // namespace ciswatch
