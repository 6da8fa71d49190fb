// Files of every kind that the reader meets: plain, zstd, gzip, several frames in one, cut short, damaged, absent.
#include "gimbal/host/file_reader.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/venue/deribit/instrument_name.hpp"

namespace gimbal::host {
namespace {

class FileReader : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        std::filesystem::temp_directory_path() / fmt::format("gimbal_file_reader_{}_{}", ::getpid(), test->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string written(const std::string& name, std::string_view bytes) {
    const std::string path = folder_ / name;
    std::ofstream{path, std::ios::binary} << bytes;
    return path;
  }

 private:
  std::filesystem::path folder_;
};

std::string gzip_compressed(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string compressed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  return compressed;
}

std::string zstd(std::string_view text) { return *zstd_compressed(text, 3); }

// Long enough for several pieces of output, and not too easy to compress.
std::string long_text() {
  std::string text;
  for (std::uint64_t i = 0, x = 1; i < 60'000; ++i) text += std::to_string(x = x * 6364136223846793005U + i) + "\n";
  return text;
}

std::string refusal(const std::string& path) {
  const auto read = read_whole_file(path, 1U << 30U);
  EXPECT_FALSE(read.has_value());
  return read ? "" : read.error().message.substr(path.size());
}

TEST_F(FileReader, EveryCompressionGivesTheSameBytes) {
  const std::string text = long_text();
  const auto read = [](const std::string& path) { return *read_whole_file(path, 1U << 30U); };
  EXPECT_EQ(read(written("plain", text)), text);
  EXPECT_EQ(read(written("one.zst", zstd(text))), text);
  EXPECT_EQ(read(written("one.gz", gzip_compressed(text))), text);
  EXPECT_EQ(read(written("two.zst", zstd(text) + zstd("and more"))), text + "and more");
  EXPECT_EQ(read(written("two.gz", gzip_compressed(text) + gzip_compressed("and more"))), text + "and more");
}

TEST_F(FileReader, EveryTruncationOfACompressedFileIsAnError) {
  for (const std::string& whole : {zstd("a short text"), gzip_compressed("a short text")})
    for (std::size_t length = 5; length < whole.size(); ++length)
      EXPECT_NE(refusal(written("cut", whole.substr(0, length))).find("ends early after " + std::to_string(length)),
                std::string::npos)
          << length;
  const std::string frame = zstd("a short text");
  EXPECT_NE(refusal(written("second_cut", frame + frame.substr(0, 9))).find("zstd stream ends early"),
            std::string::npos);
}

TEST_F(FileReader, DamageIsAnErrorAndNeverOtherBytes) {
  const std::string text = "a text whose checksum tells";
  for (const std::string& whole : {zstd(text), gzip_compressed(text)})
    for (std::size_t at = 4; at < whole.size(); ++at) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
      const auto read = read_whole_file(written("damaged", damaged), 1U << 20U);
      EXPECT_TRUE(!read || *read == text) << "byte " << at << " may only be a stamp in the head";
    }
}

TEST_F(FileReader, WhatCannotBeReadSaysWhy) {
  EXPECT_EQ(refusal("/nowhere/at/all"), ": cannot be opened: No such file or directory");
  EXPECT_EQ(refusal(written("empty", "")), ": is empty");
  EXPECT_EQ(refusal(std::filesystem::temp_directory_path()), ": cannot be read: Is a directory");
  const auto large = read_whole_file(written("large", "12345"), 4);
  ASSERT_FALSE(large.has_value());
  EXPECT_EQ(large.error().code, ErrorCode::limit_exceeded);
}

TEST_F(FileReader, ProgressCountsTheFilesOwnBytes) {
  const std::string path = written("progress", std::string(3'000'000, 'x'));
  std::vector<std::uint64_t> steps;
  const auto taker = [](std::string_view) -> Result<bool> { return true; };
  ASSERT_TRUE(read_file(path, taker, [&](const FileProgress& progress) {
                steps.push_back(progress.bytes_read);
                EXPECT_EQ(progress.bytes_total, 3'000'000U);
              }).has_value());
  EXPECT_EQ(steps, (std::vector<std::uint64_t>{1U << 20U, 2U << 20U, 3'000'000U}));
}

// Builds every snapshot over one growing universe and checks that each quote is in exactly one of the counts.
class CountingSink final : public market::SnapshotSink {
 public:
  bool take(market::RecordedSnapshot&& snapshot) override {
    rows += snapshot.rows;
    times.push_back(snapshot.time);
    for (const market::RecordedQuote& quote : snapshot.quotes)
      EXPECT_EQ("deribit:" + venue::deribit::venue_name(quote.instrument), quote.instrument.name);
    const auto built = market::build_snapshot(snapshot, universe_, market::MarketAssumptions{});
    EXPECT_TRUE(built.has_value()) << built.error().message;
    universe_ = built->snapshot.universe;
    const market::QualityCounts& quality = built->snapshot.quality;
    const std::uint64_t kept =
        quality.two_sided + quality.one_sided + quality.unquoted + quality.crossed + quality.quotes_assumed;
    EXPECT_EQ(kept, quality.instruments);
    EXPECT_EQ(quality.instruments + quality.expired + quality.duplicates, snapshot.quotes.size());
    return true;
  }
  std::uint64_t rows = 0;
  std::vector<UtcTime> times;

 private:
  std::shared_ptr<const market::Universe> universe_ = std::make_shared<market::Universe>();
};

TEST_F(FileReader, UnknownMarketFormatListsTheKnownOnes) {
  CountingSink sink;
  const std::string path = written("notes.txt", "Dear reader,\nthis is no market.\n");
  const auto read = read_market_file(path, {}, sink);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().message.rfind(path + ": not a market file: it begins with 'Dear reader,'", 0), 0U);
  EXPECT_NE(read.error().message.find("get_book_summary_by_currency"), std::string::npos);
}

TEST_F(FileReader, ReadsTheExampleMarket) {
  CountingSink sink;
  const auto read = read_market_file("examples/market.csv.zst", {}, sink);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(sink.times.size(), 12U);
  CountingSink from_noon;
  const venue::SnapshotWindow window{*parse_utc("2026-01-07T12:00:00Z")};
  ASSERT_TRUE(read_market_file("examples/market.csv.zst", window, from_noon).has_value());
  ASSERT_EQ(from_noon.times.size(), 3U);
  EXPECT_EQ(format_utc(from_noon.times.front()), "2026-01-07T08:00:00Z");
}

TEST_F(FileReader, ReadsAWholeRealMonth) {
  const char* data = std::getenv("GIMBAL_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIMBAL_DATA is not set";
  const std::string path = std::string{data} + "/deribit_chain/deribit_chain_202602.csv.zst";
  // Counted here without the decoder: lines, and changes of the first field.
  std::uint64_t lines = 0;
  std::map<std::string, std::uint64_t> lines_by_time;
  std::string line;
  const auto count = [&](std::string_view bytes) -> Result<bool> {
    for (const char c : bytes) {
      if (c != '\n') {
        line.push_back(c);
        continue;
      }
      if (lines++ > 0) ++lines_by_time[line.substr(0, line.find(','))];
      line.clear();
    }
    return true;
  };
  ASSERT_TRUE(read_file(path, count).has_value());
  CountingSink sink;
  const auto read = read_market_file(path, {}, sink);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(sink.rows, lines - 1);
  EXPECT_EQ(sink.rows, 180'516U);  // the folder's PROVENANCE.md says so too
  EXPECT_EQ(sink.times.size(), lines_by_time.size());
  CountingSink last;
  const venue::SnapshotWindow window{*parse_utc("2100-01-01")};
  ASSERT_TRUE(read_market_file(path, window, last).has_value());
  EXPECT_EQ(last.times, std::vector<UtcTime>{sink.times.back()});
}

}  // namespace
}  // namespace gimbal::host
