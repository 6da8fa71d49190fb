// A written file is whole or as it was; refusals name file and reason.
#include "gimbal/host/file_writer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gimbal/host/file_reader.hpp"

namespace gimbal::host {
namespace {

class FileWriter : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        std::filesystem::temp_directory_path() / fmt::format("gimbal_file_writer_{}_{}", ::getpid(), test->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{folder_}, {}));
  }
  std::filesystem::path folder_;
};

TEST_F(FileWriter, WritesReplacesAndLeavesNothingElseBehind) {
  const std::string path = folder_ / "result.json";
  ASSERT_TRUE(write_file(path, "old").has_value());
  ASSERT_TRUE(write_file(path, "new and longer").has_value());
  EXPECT_EQ(*read_whole_file(path, 100), "new and longer");
  EXPECT_EQ(files(), 1U);
}

TEST_F(FileWriter, CompressesBySuffixAndReadsBack) {
  const std::string path = folder_ / "market.csv.zst";
  const std::string text(100'000, 'x');
  ASSERT_TRUE(write_file(path, text).has_value());
  EXPECT_LT(std::filesystem::file_size(path), 1000U);
  EXPECT_EQ(*read_whole_file(path, 200'000), text);
}

TEST_F(FileWriter, RefusalsNameTheFileAndLeaveWhatWasThere) {
  const std::string absent = folder_ / "absent" / "result.json";
  EXPECT_EQ(write_file(absent, "x").error().message, absent + ": cannot be created: No such file or directory");
  std::filesystem::create_directories(folder_ / "taken" / "by");
  const std::string taken = folder_ / "taken";
  EXPECT_EQ(write_file(taken, "x").error().message, taken + ": cannot be put in place: Is a directory");
  EXPECT_EQ(files(), 1U);
}

TEST_F(FileWriter, SpecialFilesAreWrittenToDirectly) {
  EXPECT_TRUE(write_file("/dev/null", "gone").has_value());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  const auto full = write_file("/dev/full", "no room");
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().message, "/dev/full: cannot be written: No space left on device");
}

}  // namespace
}  // namespace gimbal::host
