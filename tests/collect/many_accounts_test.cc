// How many accounts are under way at a time, and that each of them is read to its end.

#include <set>

#include "recorded_account.h"

namespace ciswatch {
namespace {

// Answers nothing that it is asked, in its order; the first accounts, as many as `hang`, only after long
// patience. Without such it takes no time, and never ticks.
class SilentSource : public Source {
 public:
  SilentSource(std::size_t accounts, std::size_t hang) : hang_(hang) {
    for (std::size_t i = 0; i < accounts; ++i) ids_.push_back(fmt::format("{:012}", 1000 + i));
  }
  [[nodiscard]] std::vector<std::string> accounts() const override { return ids_; }
  [[nodiscard]] std::vector<std::string> known_regions(const std::string&) const override {
    return {"us-east-1"};
  }
  void send(ApiCall call, Done done) override {
    open_.insert(call.account_id);
    most_open = std::max(most_open, open_.size());
    const bool hangs = call.account_id < ids_.at(hang_);
    (hangs ? hanging_ : queue_).emplace_back(std::move(call), std::move(done));
  }
  void run(const std::function<void()>& tick) override {
    for (int idle = 0; !queue_.empty() || !hanging_.empty();) {
      if (hang_ > 0) tick();
      if (!queue_.empty()) {
        answer(queue_);
      } else if (++idle >= kPatience) {
        if (begun_first == 0) begun_first = ended_.size() + open_.size();
        answer(hanging_);
      }
    }
  }

  std::size_t most_open = 0;
  std::size_t begun_first = 0;  // accounts, before one that hangs was answered

 private:
  using Calls = std::deque<std::pair<ApiCall, Done>>;
  static constexpr int kPatience = 1'000;

  void answer(Calls& calls) {
    auto [call, done] = std::move(calls.front());
    calls.pop_front();
    ApiAnswer answer;
    answer.region = call.region;
    answer.error = {"Silence", "not answered", 0};
    done(std::move(answer));
    const auto is_of = [&](const auto& other) { return other.first.account_id == call.account_id; };
    if (std::none_of(queue_.begin(), queue_.end(), is_of) &&
        std::none_of(hanging_.begin(), hanging_.end(), is_of)) {
      open_.erase(call.account_id);
      ended_.insert(call.account_id);
    }
  }

  std::size_t hang_;
  std::vector<std::string> ids_;
  std::set<std::string> open_, ended_;
  Calls queue_, hanging_;
};

class ManyAccounts : public RecordedAccount {
 protected:
  void collect(Source& source) {
    SnapshotWriter writer(folder_ / "s.db");
    const TableSpec* tables[] = {find_table("sts", "GetCallerIdentity"), find_table("aws_region"),
                                 find_table("aws_vpc")};
    CollectRequest request{{std::begin(tables), std::end(tables)}, {}, "us-east-1"};
    request.between_accounts = {};
    Collector collector(source, writer, std::move(request));
    collector.run([] {});
    EXPECT_EQ(collector.ended(), collector.planned());
    SnapshotInfo info;
    info.collected_at = "2026-11-22T02:00:00Z";
    writer.finish(info);
    EXPECT_EQ(rows("select count(distinct account_id), sum(operation = 'DescribeRegions'), count(*)"
                   " from api_call"),
              std::vector<std::string>{"300|300|1200"});
  }
};

TEST_F(ManyAccounts, AreBegunAsOthersEnd) {
  SilentSource source(300, 0);
  collect(source);
  EXPECT_EQ(source.most_open, 64U + 1U) << "the next one begins in the last answer of another";
}

TEST_F(ManyAccounts, ThatHangHoldUpNoOther) {
  SilentSource source(300, 100);
  collect(source);
  EXPECT_EQ(source.begun_first, 300U);
}

}  // namespace
}  // namespace ciswatch
