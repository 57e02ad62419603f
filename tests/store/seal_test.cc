// The checksum that a snapshot carries.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/store/database.h"
#include "core/store/seal.h"
#include "tests/store/store_rig.h"

namespace ciswatch {
namespace {

class Seal : public ::testing::Test {
 protected:
  Seal() {
    auto database = Database::create(path_.string());
    database.execute("pragma page_size = 512; create table t (a); insert into t values ('one')");
  }

  [[nodiscard]] std::string bytes() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  void write(std::string_view bytes) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }

  void execute(const std::string& sql) { Database::create(path_.string()).execute(sql); }

  StoreFolder folder_;
  std::filesystem::path path_ = folder_ / "s.db";
};

TEST_F(Seal, HoldsForTheFileAsItWasWritten) {
  seal(path_);
  EXPECT_TRUE(is_intact(path_));
}

TEST_F(Seal, IsBrokenByAnyFlippedBitButOfTheCountOfChanges) {
  seal(path_);
  const auto whole = bytes();
  const auto trailer = whole.size() - 20;
  for (std::size_t bit = 0; bit < whole.size() * 8; bit += bit < 100 * 8 || bit > trailer * 8 ? 3 : 31) {
    auto damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    write(damaged);
    const auto byte = bit / 8;
    const bool counts = (byte >= 24 && byte < 28) || (byte >= trailer + 8 && byte < trailer + 12);
    EXPECT_EQ(is_intact(path_), counts) << "bit " << bit;
  }
}

TEST_F(Seal, IsLiftedByAProgramThatChangesTheFile) {
  seal(path_);
  execute("insert into t values ('two')");
  EXPECT_TRUE(is_intact(path_));
}

TEST_F(Seal, IsLiftedByAProgramThatMakesTheFileLonger) {
  seal(path_);
  execute("insert into t values (zeroblob(20000))");
  EXPECT_TRUE(is_intact(path_));
}

TEST_F(Seal, IsNotMissedWhereThereIsNone) { EXPECT_TRUE(is_intact(path_)); }

TEST_F(Seal, DoesNotHinderSqlite) {
  seal(path_);
  auto database = Database::open_immutable(path_.string());
  auto row = database.prepare("pragma integrity_check");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.text(0), "ok");
}

}  // namespace
}  // namespace ciswatch
