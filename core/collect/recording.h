#pragma once

// API calls as a file: JSON Lines, one call or one page of a call a line (docs/recording.md).

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/collect/source.h"
#include "core/store/part.h"

namespace ciswatch {

// Answers calls from recordings. A call that no line tells of ends as not_tried; lines that nothing
// asks for are ignored. Keeps the text of the lines in memory, with `shard` those of its accounts.
// Throws Error "file:line: what" for a line that is no call.
class RecordingSource : public Source {
 public:
  explicit RecordingSource(const std::vector<std::filesystem::path>& files,
                           std::optional<Shard> shard = {});

  [[nodiscard]] std::vector<std::string> accounts() const override;
  [[nodiscard]] std::vector<std::string> known_regions(
      const std::string& account_id) const override;
  void send(ApiCall call, Done done) override;
  void run(const std::function<void()>& tick) override;

  // Ends `run` early, with the rest unanswered. Callable from `tick`.
  void stop() { queue_.clear(); }

  // The earliest and the latest time of the lines; 0 where no line has one.
  [[nodiscard]] UnixSeconds earliest() const { return earliest_; }
  [[nodiscard]] UnixSeconds latest() const { return latest_; }

 private:
  struct Line {
    std::string text;
    std::string region;
    UnixSeconds time = 0;
  };

  void read(const std::filesystem::path& file);
  void add_line(const std::string& text);
  ApiAnswer answer(const ApiCall& call) const;

  std::map<std::string, std::vector<Line>> calls_;  // by what identifies a call
  std::map<std::string, std::set<std::string>> regions_;  // account → regions of its lines
  std::deque<std::pair<ApiCall, Done>> queue_;
  std::optional<Shard> shard_;
  UnixSeconds earliest_ = 0;
  UnixSeconds latest_ = 0;
};

// Passes calls on to another source and writes each answer that AWS gave to a file. What was not
// tried is not written. Credentials are no part of any call that goes through here.
class RecordingTap : public Source {
 public:
  RecordingTap(Source& inner, const std::filesystem::path& file) : inner_(inner), file_(file) {}

  [[nodiscard]] std::vector<std::string> accounts() const override { return inner_.accounts(); }
  [[nodiscard]] std::vector<std::string> known_regions(
      const std::string& account_id) const override {
    return inner_.known_regions(account_id);
  }
  void send(ApiCall call, Done done) override;
  void run(const std::function<void()>& tick) override { inner_.run(tick); }

  void finish() { file_.commit(); }  // the file appears whole; throws Error

 private:
  void write(const ApiCall& call, const ApiAnswer& answer);

  Source& inner_;
  AsideFile file_;
};

}  // namespace ciswatch
