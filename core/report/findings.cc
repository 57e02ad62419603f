#include "core/report/findings.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/base/error.h"
#include "core/report/encoding.h"

namespace ciswatch {
namespace {

constexpr std::size_t kMostInMemory = 4 << 20;
constexpr std::size_t kWindow = 128 << 10;

// Not std::filesystem's, which throws for a TMPDIR that is not there.
std::string temporary_folder() {
  const char* named = std::getenv("TMPDIR");
  return named != nullptr && *named != '\0' ? named : "/tmp";
}

[[noreturn]] void cannot(std::string_view what) {
  const int error = errno;
  throw Error(fmt::format("cannot {} a temporary file in {}: {}; set TMPDIR to a folder with room",
                          what, temporary_folder(), std::strerror(error)));
}

// Gone with its last descriptor, whatever ends the program.
int open_nameless_file() {
  std::string name = temporary_folder() + "/ciswatch-XXXXXX";
  const int file = ::mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) cannot("make");
  ::unlink(name.c_str());
  return file;
}

}  // namespace

void Tally::add(const Finding& finding) {
  if (!finding.unanswered.empty()) ++lacking;
  if (finding.waived) {
    ++counts.waived;
    return;
  }
  ++counts[finding.verdict];
  if (finding.verdict == Verdict::unknown && finding.level == Level::critical) ++unknown_critical;
}

void Tally::add(const Tally& other) {
  for (const auto verdict : kVerdicts) counts[verdict] += other.counts[verdict];
  counts.waived += other.counts.waived;
  unknown_critical += other.unknown_critical;
  lacking += other.lacking;
}

std::size_t Tally::all() const {
  std::size_t sum = counts.waived;
  for (const auto verdict : kVerdicts) sum += counts[verdict];
  return sum;
}

void FindingBatch::add(const Finding& finding) {
  encode(finding, bytes);
  tally.add(finding);
}

Spool::~Spool() {
  if (file_ >= 0) ::close(file_);
}

void Spool::append(std::string_view bytes) {
  if (memory_.size() + bytes.size() < kMostInMemory) {
    memory_ += bytes;
    return;
  }
  if (file_ < 0) file_ = open_nameless_file();
  write(memory_);
  memory_.clear();
  write(bytes);
}

void Spool::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) cannot("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
    in_file_ += static_cast<std::size_t>(written);
  }
}

void Spool::read(std::size_t offset, std::size_t size, std::string& out) const {
  out.resize(size);
  std::size_t done = 0;
  while (done < size && offset + done < in_file_) {
    const std::size_t wanted = std::min(size - done, in_file_ - offset - done);
    const ssize_t got =
        ::pread(file_, out.data() + done, wanted, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) cannot("read");
    done += static_cast<std::size_t>(got);
  }
  if (done < size) memory_.copy(out.data() + done, size - done, offset + done - in_file_);
}

// What one pass over a range has of it: some bytes, and the finding at its head.
struct FindingRange::Iterator::Window {
  explicit Window(const FindingRange& range) : range_(range) {
    finding.account_id = range.account_id_;
    finding.check = range.check_;
  }

  void next() {
    std::string_view rest = std::string_view(bytes_).substr(used_);
    if (const auto size = encoded_size(rest); size == 0 || size > rest.size()) {
      fill(std::max(size, kWindow));
      rest = bytes_;
    }
    used_ += decode(rest, finding);
  }

  Finding finding;

 private:
  void fill(std::size_t wanted) {
    at_ += used_;
    used_ = 0;
    range_.spool_->read(range_.offset_ + at_, std::min(wanted, range_.bytes_ - at_), bytes_);
    // A finding longer than the window.
    const auto size = encoded_size(bytes_);
    if (size > bytes_.size()) range_.spool_->read(range_.offset_ + at_, size, bytes_);
  }

  FindingRange range_;
  std::string bytes_;     // from at_ of the range
  std::size_t at_ = 0;
  std::size_t used_ = 0;  // of bytes_
};

FindingRange::Iterator::Iterator(const FindingRange& range) : left_(range.size()) {
  if (left_ == 0) return;
  window_ = std::make_shared<Window>(range);
  window_->next();
}

const Finding& FindingRange::Iterator::operator*() const { return window_->finding; }

FindingRange::Iterator& FindingRange::Iterator::operator++() {
  if (--left_ > 0) window_->next();
  return *this;
}

std::string FindingRange::bytes() const {
  std::string all;
  if (spool_ != nullptr) spool_->read(offset_, bytes_, all);
  return all;
}

std::string_view Findings::kept(const std::string& name) { return *names_->insert(name).first; }

void Findings::add(const FindingBatch& batch) {
  if (batch.bytes.empty()) return;
  if (ranges_.empty() || ranges_.back().account_id_ != batch.account_id ||
      ranges_.back().check_ != batch.check) {
    auto& range = ranges_.emplace_back();
    range.spool_ = spool_.get();
    range.account_id_ = kept(batch.account_id);
    range.check_ = kept(batch.check);
    range.offset_ = spool_->size();
  }
  spool_->append(batch.bytes);
  ranges_.back().bytes_ += batch.bytes.size();
  ranges_.back().tally_.add(batch.tally);
  ranges_.back().failed_ = ranges_.back().failed_ || batch.failed;
  tally_.add(batch.tally);
}

void Findings::add(const Finding& finding) {
  FindingBatch batch{finding.account_id, finding.check, "", {}, false};
  batch.add(finding);
  add(batch);
}

}  // namespace ciswatch
