// A folder of its own for every test of a command, empty before it and gone after it.
#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "gimbal/host/file_reader.hpp"
#include "gimbal/host/file_writer.hpp"

namespace gimbal::app {

class CommandFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        std::filesystem::path{testing::TempDir()} / fmt::format("gimbal_{}_{}", info->test_suite_name(), info->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string in_folder(const std::string& name) const { return (folder_ / name).string(); }

  std::string write(const std::string& name, const std::string& text) const {
    EXPECT_TRUE(host::write_file(in_folder(name), text));
    return in_folder(name);
  }

  [[nodiscard]] static std::string text_of(const std::string& path) {
    const auto text = host::read_whole_file(path, std::size_t{64} << 20U);
    EXPECT_TRUE(text) << text.error().message;
    return text ? *text : "";
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace gimbal::app
