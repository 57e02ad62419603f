#pragma once

// The findings of a report in their final order, as many as there are: a few in memory, more in a
// temporary file without a name. Written on one thread; then read by any number of threads, each
// range through a window of its own.

#include <cstddef>
#include <deque>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/report/finding.h"

namespace ciswatch {

// What the exit code and the totals need of many findings.
struct Tally {
  Counts counts;
  std::size_t unknown_critical = 0;  // unknown, not waived, and critical if it failed
  std::size_t lacking = 0;           // that lack an answer, waived or not

  void add(const Finding& finding);
  void add(const Tally& other);
  [[nodiscard]] std::size_t all() const;
};

// The findings of one check in one account, as bytes. A value; any thread.
struct FindingBatch {
  std::string account_id, check;
  std::string bytes;
  Tally tally;
  bool failed = false;  // the check could not be run: another time it may

  void add(const Finding& finding);  // of this account and check
};

// Bytes that are appended, then read. Throws Error when the temporary file cannot be written.
class Spool {
 public:
  Spool() = default;
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  void append(std::string_view bytes);
  [[nodiscard]] std::size_t size() const { return in_file_ + memory_.size(); }
  // Fills `out` with `size` bytes from `offset`, which must be there.
  void read(std::size_t offset, std::size_t size, std::string& out) const;

 private:
  void write(std::string_view bytes);

  std::string memory_;       // the end of it, or all
  std::size_t in_file_ = 0;  // bytes before those
  int file_ = -1;
};

// Consecutive findings of one check in one account. Copies are cheap; each iteration reads anew.
class FindingRange {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Finding;
    using difference_type = std::ptrdiff_t;
    using pointer = const Finding*;
    using reference = const Finding&;

    Iterator() = default;
    explicit Iterator(const FindingRange& range);
    // Valid until the iterator, or a copy of it, moves on.
    const Finding& operator*() const;
    const Finding* operator->() const { return &**this; }
    Iterator& operator++();
    void operator++(int) { ++*this; }
    // Equal when as many findings lie ahead.
    bool operator==(const Iterator& other) const { return left_ == other.left_; }

   private:
    struct Window;
    std::shared_ptr<Window> window_;
    std::size_t left_ = 0;
  };

  [[nodiscard]] Iterator begin() const { return Iterator(*this); }
  [[nodiscard]] Iterator end() const { return {}; }
  [[nodiscard]] std::size_t size() const { return tally_.all(); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::string_view account_id() const { return account_id_; }
  [[nodiscard]] std::string_view check() const { return check_; }
  [[nodiscard]] const Tally& tally() const { return tally_; }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::string bytes() const;  // as a batch has them

 private:
  friend class Findings;
  const Spool* spool_ = nullptr;
  std::string_view account_id_, check_;
  std::size_t offset_ = 0, bytes_ = 0;
  Tally tally_;
  bool failed_ = false;
};

class Findings {
 public:
  void add(const FindingBatch& batch);  // joins the last range when it continues it
  void add(const Finding& finding);     // a batch of one

  // In order; those of one account follow each other.
  [[nodiscard]] const std::deque<FindingRange>& ranges() const { return ranges_; }
  [[nodiscard]] const Tally& tally() const { return tally_; }
  [[nodiscard]] std::size_t size() const { return tally_.all(); }

 private:
  std::string_view kept(const std::string& name);

  std::unique_ptr<Spool> spool_ = std::make_unique<Spool>();  // ranges point at it
  std::unique_ptr<std::set<std::string, std::less<>>> names_ =
      std::make_unique<std::set<std::string, std::less<>>>();
  std::deque<FindingRange> ranges_;
  Tally tally_;
};

}  // namespace ciswatch
