// What the journal costs beside the least that durability can cost: the same bytes by a bare write and fdatasync.
// Records of 128 bytes, the size of a fill or a quote, in groups of 1 (an order that may not wait), 64 and 4096 (a busy
// engine). The difference is framing, two hashes a record, and the head that each commit replaces. Counter "records":
// per second made durable; "p50_ms" and "p99_ms": of the wait for one group; "checksum": the chain's first four bytes
// after the first group. A regression here is a longer wait before every order.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "gimbal/host/journal_file.hpp"

namespace {

using gimbal::Bytes;
using gimbal::engine::JournalEncoder;
using gimbal::host::JournalWriter;

constexpr std::size_t record_bytes = 128;

Bytes record_of(std::size_t number) {
  Bytes record(record_bytes, 0);
  for (std::size_t i = 0; i < record.size(); ++i) record[i] = static_cast<std::uint8_t>(number + i);
  return record;
}

std::string fresh_place() {
  const auto place = std::filesystem::temp_directory_path() / fmt::format("gimbal_journal_bench_{}", ::getpid());
  std::filesystem::remove_all(place);
  return place;
}

class Waits {
 public:
  void start() { started_ = std::chrono::steady_clock::now(); }
  void stop() { waits_.push_back(std::chrono::steady_clock::now() - started_); }
  void report(benchmark::State& state) {
    std::sort(waits_.begin(), waits_.end());
    state.counters["p50_ms"] = milliseconds_at(0.50);
    state.counters["p99_ms"] = milliseconds_at(0.99);
  }

 private:
  double milliseconds_at(double fraction) const {
    const auto index = static_cast<std::size_t>(fraction * static_cast<double>(waits_.size() - 1));
    return std::chrono::duration<double, std::milli>(waits_[index]).count();
  }
  std::chrono::steady_clock::time_point started_;
  std::vector<std::chrono::steady_clock::duration> waits_;
};

void append_and_commit(benchmark::State& state) {
  const auto group = static_cast<std::size_t>(state.range(0));
  const std::string place = fresh_place();
  const Bytes record = record_of(7);
  Waits waits;
  std::uint32_t checksum = 0;
  {
    auto writer = JournalWriter::open(place, "bench");
    GIMBAL_ASSERT(writer.has_value());
    for (auto _ : state) {
      for (std::size_t i = 0; i < group; ++i) GIMBAL_ASSERT(writer->append(record).has_value());
      waits.start();
      const auto head = writer->commit();
      waits.stop();
      GIMBAL_ASSERT(head.has_value());
      if (head->count == group)
        for (std::size_t i = 0; i < 4; ++i) checksum = checksum << 8U | head->digest[i];
    }
  }
  waits.report(state);
  state.counters["checksum"] = checksum;
  state.counters["records"] =
      benchmark::Counter(static_cast<double>(group), benchmark::Counter::kIsIterationInvariantRate);
  std::filesystem::remove_all(place);
}
BENCHMARK(append_and_commit)->Arg(1)->Arg(64)->Arg(4096)->UseRealTime();

void bare_write_and_fdatasync(benchmark::State& state) {
  const auto group = static_cast<std::size_t>(state.range(0));
  const std::string place = fresh_place();
  const std::vector<char> bytes(group * (record_bytes + gimbal::engine::journal_frame_overhead_bytes), 'x');
  const int file = ::open(place.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  GIMBAL_ASSERT(file >= 0);
  Waits waits;
  for (auto _ : state) {
    waits.start();
    GIMBAL_ASSERT(::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    GIMBAL_ASSERT(::fdatasync(file) == 0);
    waits.stop();
  }
  ::close(file);
  waits.report(state);
  state.counters["records"] =
      benchmark::Counter(static_cast<double>(group), benchmark::Counter::kIsIterationInvariantRate);
  std::filesystem::remove_all(place);
}
BENCHMARK(bare_write_and_fdatasync)->Arg(1)->Arg(64)->Arg(4096)->UseRealTime();

// The processor's share alone: frames and hashes into memory.
void append_in_memory(benchmark::State& state) {
  const Bytes record = record_of(7);
  Bytes out;
  const auto start = gimbal::engine::encode_journal_header("bench", out);
  GIMBAL_ASSERT(start.has_value());
  JournalEncoder encoder{*start};
  constexpr std::size_t bytes_max = std::size_t{16} << 20U;
  for (auto _ : state) {
    if (out.size() > bytes_max) out.clear();
    GIMBAL_ASSERT(encoder.append(record, out).has_value());
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["records"] = benchmark::Counter(1.0, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(append_in_memory);

}  // namespace

BENCHMARK_MAIN();
