#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "core/store/snapshot.h"

namespace ciswatch {

// A folder for one test, removed with it.
class StoreFolder {
 public:
  StoreFolder() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() /
            fmt::format("ciswatch-store-{}-{}", ::getpid(), test->name());
    std::filesystem::create_directories(path_);
  }
  ~StoreFolder() { std::filesystem::remove_all(path_); }
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;

  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

inline LedgerRow ledger_row(const std::string& table, const std::string& region,
                            const std::string& outcome, const std::string& target = "") {
  const auto* spec = find_table(table);
  LedgerRow row;
  row.account_id = "111111111111";
  row.region = region;
  row.service = spec->service;
  row.operation = spec->operation;
  row.target = target;
  row.outcome = outcome;
  row.attempts = 1;
  return row;
}

// All rows, "a|b|NULL" a line.
inline std::string rows_of(Database& database, const std::string& sql) {
  auto rows = database.prepare(sql);
  std::string text;
  while (rows.step()) {
    for (int i = 0; i < rows.columns(); ++i) {
      const auto value = rows.value(i);
      text += (i == 0 ? "" : "|") + (is_null(value) ? "NULL" : std::string(rows.text(i)));
    }
    text += "\n";
  }
  return text;
}

}  // namespace ciswatch
