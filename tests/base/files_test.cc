#include "core/base/files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/base/crypto.h"
#include "core/base/error.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() : folder_(fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Files() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(Files, AppearWholeOnCommitAndNotBefore) {
  const auto path = folder_ / "report.json";
  AsideFile file(path);
  file.write("half");
  EXPECT_FALSE(fs::exists(path));
  file.commit();
  EXPECT_EQ(read_file(path, 100), "half");
  EXPECT_FALSE(fs::exists(folder_ / "report.json.part"));
}

TEST_F(Files, LeaveTheOldOneWhereTheNewOneIsAbandoned) {
  const auto path = folder_ / "report.json";
  std::ofstream(path) << "old";
  { AsideFile(path).write("new"); }
  EXPECT_EQ(read_file(path, 100), "old");
  EXPECT_FALSE(fs::exists(folder_ / "report.json.part"));
}

TEST_F(Files, NameThePathInErrors) {
  try {
    AsideFile file(folder_ / "no" / "such");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("no/such"), std::string::npos);
  }
  EXPECT_THROW(read_file(folder_ / "missing", 10), Error);
  EXPECT_THROW(read_file(folder_, 10), Error);
}

TEST_F(Files, BoundWhatIsRead) {
  std::ofstream(folder_ / "big") << std::string(1000, 'x');
  EXPECT_THROW(read_file(folder_ / "big", 999), Error);
  EXPECT_EQ(read_file(folder_ / "big", 1000).size(), 1000u);
}

TEST_F(Files, AFullDiskIsAnError) {
  AsideFile file("/dev/full");
  file.write("x");
  EXPECT_THROW(file.commit(), Error);
}

TEST(Crypto, MatchesThePublishedValues) {
  // FIPS 180-4's "abc", RFC 4231 test case 2, RFC 4648 section 10.
  EXPECT_EQ(hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64(""), "");
}

}  // namespace
}  // namespace ciswatch
