#include "rules/kept.h"

#include <fmt/format.h>

#include "core/base/crypto.h"
#include "core/base/files.h"
#include "core/report/encoding.h"

namespace ciswatch {
namespace {

constexpr int kApplicationId = 0x43495346;  // "CISF"
constexpr int kLongest = 512 << 20;         // bytes of the findings of one check in one account

constexpr std::string_view kFind =
    "select findings, digest from kept where account_id = ?1 and check_id = ?2"
    " and fingerprint = ?3";
constexpr std::string_view kFindAny =
    "select findings, digest from kept where account_id = ?1 and check_id = ?2";

std::string digest_of(std::string_view bytes) { return hex(sha256(bytes)).substr(0, 32); }

Database open_file(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) {
    throw Error(fmt::format("no findings are kept in {}", file.string()));
  }
  auto database = Database::open_immutable(file.string());
  database.harden(kLongest);
  return database;
}

// What the findings count up to. Throws Error for bytes that are none.
Tally tally_of(std::string_view bytes) {
  Tally tally;
  Finding finding;
  while (!bytes.empty()) {
    bytes.remove_prefix(decode(bytes, finding));
    tally.add(finding);
  }
  return tally;
}

Database create(const std::filesystem::path& file) {
  std::filesystem::remove(file);
  auto database = Database::create(file.string());
  database.execute(fmt::format(
      "pragma journal_mode = off; pragma synchronous = off; pragma page_size = 16384;"
      "pragma application_id = {}; begin;"
      "create table kept (account_id text not null, check_id text not null,"
      " fingerprint text not null, digest text not null, findings text not null,"
      " primary key (account_id, check_id)) strict, without rowid;",
      kApplicationId));
  return database;
}

// As they were before waivers marked them.
std::string bytes_of(const FindingRange& range) {
  if (range.tally().counts.waived == 0) return range.bytes();
  std::string bytes;
  for (auto finding : range) {
    finding.waived.reset();
    encode(finding, bytes);
  }
  return bytes;
}

void insert_all(Database& database, const Findings& findings, const Fingerprints& fingerprints) {
  auto insert = database.prepare("insert into kept values (?1, ?2, ?3, ?4, ?5)");
  for (const auto& range : findings.ranges()) {
    const auto fingerprint = fingerprints.find(range.check());
    if (fingerprint == fingerprints.end() || range.failed()) continue;
    const auto bytes = bytes_of(range);
    insert.reset();
    insert.bind(1, range.account_id());
    insert.bind(2, range.check());
    insert.bind(3, std::string_view(fingerprint->second));
    insert.bind(4, std::string_view(digest_of(bytes)));
    insert.bind(5, std::string_view(bytes));
    insert.step();
  }
}

}  // namespace

std::filesystem::path kept_beside(const std::filesystem::path& snapshot) {
  return snapshot.string() + ".findings";
}

void keep_findings(const Findings& findings, const Fingerprints& fingerprints,
                   const std::filesystem::path& file) {
  const std::filesystem::path part = file.string() + ".part";
  try {
    auto database = create(part);
    insert_all(database, findings, fingerprints);
    database.execute("commit");
  } catch (const DatabaseError& error) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    throw Error(fmt::format("cannot write {}: {}", file.string(), error.what()));
  }
  publish(part, file);
}

KeptFindings::KeptFindings(const std::filesystem::path& file) try
    : file_(file.string()), database_(open_file(file)), find_(database_.prepare(kFind)),
      find_any_(database_.prepare(kFindAny)) {
} catch (const DatabaseError& error) {
  throw Error(fmt::format("{} is no file of kept findings ({}); remove it", file.string(),
                          error.what()));
}

std::optional<FindingBatch> KeptFindings::find(const std::string& account_id,
                                               const std::string& check,
                                               std::string_view fingerprint) {
  try {
    find_.reset();
    find_.bind(3, fingerprint);
    return batch(find_, account_id, check);
  } catch (const Error& error) {
    throw_damaged(error);
  }
}

std::set<std::string, std::less<>> KeptFindings::critical_ids(const std::string& account_id,
                                                              const std::string& check) {
  std::set<std::string, std::less<>> ids;
  try {
    find_any_.reset();
    const auto kept = batch(find_any_, account_id, check);
    std::string_view bytes;
    if (kept) bytes = kept->bytes;
    for (Finding finding; !bytes.empty();) {
      bytes.remove_prefix(decode(bytes, finding));
      if (finding.verdict == Verdict::critical) ids.insert(finding.id);
    }
  } catch (const Error& error) {
    throw_damaged(error);
  }
  return ids;
}

std::optional<FindingBatch> KeptFindings::batch(Statement& find, const std::string& account_id,
                                                const std::string& check) {
  find.bind(1, std::string_view(account_id));
  find.bind(2, std::string_view(check));
  if (!find.step()) return std::nullopt;
  FindingBatch batch{account_id, check, std::string(find.text(0)), {}, false};
  if (find.text(1) != digest_of(batch.bytes)) throw Error("their digest is another");
  batch.tally = tally_of(batch.bytes);
  return batch;
}

void KeptFindings::throw_damaged(const Error& error) const {
  throw Error(fmt::format("the findings kept in {} are damaged ({}); remove the file", file_,
                          error.what()));
}

}  // namespace ciswatch
