// A report of any length in bounded memory, all formats at once. What this program allocates is
// counted: what the system says it holds would tell of the other tests too.

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

#include "tests/reporters/rendering.h"
#include "tests/reporters/sample_report.h"

namespace {

std::atomic<std::size_t> held{0};
std::atomic<std::size_t> peak{0};

}  // namespace

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  void* memory = std::malloc(size);
  if (memory == nullptr) return nullptr;
  const std::size_t now = held += ::malloc_usable_size(memory);
  std::size_t seen = peak;
  while (now > seen && !peak.compare_exchange_weak(seen, now)) continue;
  return memory;
}

void* operator new(std::size_t size) {
  void* memory = operator new(size, std::nothrow);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void operator delete(void* memory) noexcept {
  held -= ::malloc_usable_size(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace ciswatch {
namespace {

constexpr std::size_t kFindings = 200'000;
constexpr std::size_t kOfOneAccount = 50'000;

// Two thousand accounts, and one that is as large as five hundred of them.
Report make_fleet() {
  auto parts = sample::parts();
  const auto like = parts.head.account_summaries[0];
  const auto findings = std::move(parts.findings);
  parts.head.account_summaries.clear();
  parts.findings.clear();
  Report report = parts.made();
  std::size_t made = 0;
  for (std::size_t account = 0; made < kFindings; ++account) {
    auto& summary = report.head.account_summaries.emplace_back(like);
    summary.account_id = std::to_string(100'000'000'000 + account);
    const std::size_t end = made + (account == 7 ? kOfOneAccount : 75);
    for (const auto check : {1u, 4u}) {
      Finding finding = findings[check];
      finding.account_id = summary.account_id;
      const std::size_t upto = check == 1 ? made + 2 : end;
      for (; made < upto; ++made) {
        finding.verdict = made % 5 == 0 ? Verdict::warn : Verdict::pass;
        finding.resource = "arn:aws:kms:us-east-1:111111111111:key/" + std::to_string(made);
        report.findings.add(finding);
      }
    }
  }
  return report;
}

TEST(Memory, StaysBoundedWithAllFormatsAtOnce) {
  const std::size_t before = held;
  peak = before;
  const Report report = make_fleet();
  ASSERT_GE(report.findings.size(), kFindings);
  std::vector<std::size_t> bytes(reporters().size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    threads.emplace_back([&, i] {
      reporters()[i].write(report, {}, [&](std::string_view piece) { bytes[i] += piece.size(); });
    });
  }
  for (auto& thread : threads) thread.join();
  std::size_t written = 0;
  for (const auto size : bytes) written += size;
  EXPECT_GT(written, 250u << 20);
  EXPECT_LT(peak - before, 16u << 20);  // of which 4 MB are the spool's
}

}  // namespace
}  // namespace ciswatch
