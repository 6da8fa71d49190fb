// POSIX reading, decompression in between, decoders at the end.
#include "gimbal/host/file_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "gimbal/venue/format_detection.hpp"

namespace gimbal::host {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 20U;

// An open file that closes itself.
class File {
 public:
  explicit File(const std::string& path) : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

Unexpected refused_by_system(std::string_view action) {
  return fail(ErrorCode::io, "{}: {}", action, std::generic_category().message(errno));
}

std::uint64_t size_of(const File& file) {
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  return static_cast<std::uint64_t>(status.st_size);
}

// Fills the buffer unless the file ends before; returns how many bytes it holds.
Result<std::size_t> fill(const File& file, std::vector<char>& buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const auto count = ::read(file.descriptor(), buffer.data() + filled, buffer.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return refused_by_system("cannot be read");
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  return filled;
}

Result<void> stream(const std::string& path, const BytesTaker& taker, const FileProgressCallback& progress) {
  const File file{path};
  if (file.descriptor() < 0) return refused_by_system("cannot be opened");
  FileProgress come{0, size_of(file)};
  std::vector<char> buffer(chunk_bytes);
  std::unique_ptr<Decompressor> decompressor;
  while (true) {
    const auto filled = fill(file, buffer);
    if (!filled) return Unexpected{filled.error()};
    const std::string_view bytes{buffer.data(), *filled};
    if (!decompressor) {
      if (bytes.empty()) return fail(ErrorCode::missing_data, "is empty");
      decompressor = decompressor_for(bytes);
    }
    const auto more = decompressor->feed(bytes, taker);
    if (!more) return Unexpected{more.error()};
    come.bytes_read += bytes.size();
    if (progress) progress(come);
    if (!*more) return {};
    if (bytes.size() < buffer.size()) return decompressor->finish();
  }
}

// Holds back the first bytes until there are enough to tell the format.
class MarketFeed {
 public:
  MarketFeed(venue::SnapshotWindow window, market::SnapshotSink& sink) : window_{window}, sink_{sink} {}

  Result<bool> take(std::string_view bytes) {
    if (!decoder_) {
      first_bytes_.append(bytes);
      if (first_bytes_.size() < venue::detection_bytes) return true;
      if (const auto begun = begin(); !begun) return Unexpected{begun.error()};
      return decoder_->wants_more();
    }
    if (const auto fed = decoder_->feed(bytes, sink_); !fed) return Unexpected{fed.error()};
    return decoder_->wants_more();
  }

  Result<void> finish() {
    if (!decoder_) {
      if (const auto begun = begin(); !begun) return begun;
    }
    return decoder_->finish(sink_);
  }

  [[nodiscard]] venue::MarketFormat format() const { return format_; }

 private:
  Result<void> begin() {
    if (first_bytes_.empty()) return fail(ErrorCode::missing_data, "holds nothing once it is decompressed");
    const auto format = venue::market_format(first_bytes_);
    if (!format) return Unexpected{format.error()};
    format_ = *format;
    decoder_ = venue::market_decoder(format_, window_);
    const std::string bytes = std::move(first_bytes_);
    return decoder_->feed(bytes, sink_);
  }

  venue::SnapshotWindow window_;
  market::SnapshotSink& sink_;
  std::string first_bytes_;
  venue::MarketFormat format_{};
  std::unique_ptr<market::SnapshotDecoder> decoder_;
};

}  // namespace

Result<void> read_file(const std::string& path, const BytesTaker& taker, const FileProgressCallback& progress) {
  if (const auto read = stream(path, taker, progress); !read) return with_context(read.error(), path);
  return {};
}

Result<std::string> read_whole_file(const std::string& path, std::size_t bytes_max) {
  std::string whole;
  const auto take = [&](std::string_view bytes) -> Result<bool> {
    if (whole.size() + bytes.size() > bytes_max)
      return fail(ErrorCode::limit_exceeded, "holds more than {} bytes", bytes_max);
    whole.append(bytes);
    return true;
  };
  if (const auto read = read_file(path, take); !read) return Unexpected{read.error()};
  return whole;
}

Result<venue::MarketFormat> read_market_file(const std::string& path, venue::SnapshotWindow window,
                                             market::SnapshotSink& sink, const FileProgressCallback& progress) {
  MarketFeed feed{window, sink};
  const auto take = [&feed](std::string_view bytes) { return feed.take(bytes); };
  if (const auto read = read_file(path, take, progress); !read) return Unexpected{read.error()};
  if (const auto finished = feed.finish(); !finished) return with_context(finished.error(), path);
  return feed.format();
}

}  // namespace gimbal::host
