// zstd through libzstd, gzip through zlib.
#include "gimbal/host/decompression.hpp"

#include <zlib.h>
#include <zstd.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace gimbal::host {
namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 18U;

class PlainBytes final : public Decompressor {
 public:
  Result<bool> feed(std::string_view bytes, const BytesTaker& taker) override { return taker(bytes); }
  Result<void> finish() override { return {}; }
};

struct ZstdContextDeleter {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class ZstdStream final : public Decompressor {
 public:
  ZstdStream() : context_{ZSTD_createDCtx()}, piece_(piece_bytes) { GIMBAL_ASSERT(context_ != nullptr); }

  Result<bool> feed(std::string_view bytes, const BytesTaker& taker) override {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    // A full output may leave more inside the stream, so it is asked again even when all input is consumed.
    bool output_full = false;
    while (input.pos < input.size || output_full) {
      ZSTD_outBuffer output{piece_.data(), piece_.size(), 0};
      const std::size_t status = ZSTD_decompressStream(context_.get(), &output, &input);
      if (ZSTD_isError(status) != 0)
        return fail(ErrorCode::corrupt, "zstd stream is damaged after {} bytes: {}", consumed_ + input.pos,
                    ZSTD_getErrorName(status));
      in_frame_ = status != 0;
      output_full = output.pos == output.size && in_frame_;
      if (output.pos == 0) continue;
      const auto taken = taker(std::string_view{piece_.data(), output.pos});
      if (!taken || !*taken) return taken;
    }
    consumed_ += bytes.size();
    return true;
  }

  Result<void> finish() override {
    if (in_frame_) return fail(ErrorCode::corrupt, "zstd stream ends early after {} bytes", consumed_);
    return {};
  }

 private:
  std::unique_ptr<ZSTD_DCtx, ZstdContextDeleter> context_;
  std::vector<char> piece_;
  std::uint64_t consumed_ = 0;
  bool in_frame_ = true;
};

class GzipStream final : public Decompressor {
 public:
  GzipStream() : piece_(piece_bytes) {
    constexpr int gzip_only = 16;  // added to the window size it asks zlib for gzip's frame and none other
    const int status = inflateInit2(&stream_, MAX_WBITS + gzip_only);
    GIMBAL_ASSERT(status == Z_OK);
  }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;
  ~GzipStream() override { inflateEnd(&stream_); }

  Result<bool> feed(std::string_view bytes, const BytesTaker& taker) override {
    GIMBAL_ASSERT(bytes.size() <= std::numeric_limits<uInt>::max());
    // zlib's interface takes a pointer to bytes that it does not change.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    bool output_full = false;
    while (stream_.avail_in > 0 || output_full) {
      if (!in_member_) {
        inflateReset(&stream_);
        in_member_ = true;
      }
      stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
      stream_.avail_out = static_cast<uInt>(piece_.size());
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        return fail(ErrorCode::corrupt, "gzip stream is damaged after {} bytes: {}",
                    consumed_ + bytes.size() - stream_.avail_in, stream_.msg != nullptr ? stream_.msg : "no gzip data");
      in_member_ = status != Z_STREAM_END;
      output_full = stream_.avail_out == 0 && in_member_;
      const std::size_t made = piece_.size() - stream_.avail_out;
      if (made == 0) continue;
      const auto taken = taker(std::string_view{piece_.data(), made});
      if (!taken || !*taken) return taken;
    }
    consumed_ += bytes.size();
    return true;
  }

  Result<void> finish() override {
    if (in_member_) return fail(ErrorCode::corrupt, "gzip stream ends early after {} bytes", consumed_);
    return {};
  }

 private:
  z_stream stream_{};
  std::vector<char> piece_;
  std::uint64_t consumed_ = 0;
  bool in_member_ = true;
};

}  // namespace

std::unique_ptr<Decompressor> decompressor_for(std::string_view first_bytes) {
  constexpr std::string_view zstd_magic = "\x28\xB5\x2F\xFD";
  constexpr std::string_view gzip_magic = "\x1F\x8B";
  if (first_bytes.substr(0, zstd_magic.size()) == zstd_magic) return std::make_unique<ZstdStream>();
  if (first_bytes.substr(0, gzip_magic.size()) == gzip_magic) return std::make_unique<GzipStream>();
  return std::make_unique<PlainBytes>();
}

Result<std::string> zstd_compressed(std::string_view text, int level) {
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context{ZSTD_createCCtx(), ZSTD_freeCCtx};
  GIMBAL_ASSERT(context != nullptr);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string compressed(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size =
      ZSTD_compress2(context.get(), compressed.data(), compressed.size(), text.data(), text.size());
  if (ZSTD_isError(size) != 0)
    return fail(ErrorCode::io, "zstd cannot compress {} bytes: {}", text.size(), ZSTD_getErrorName(size));
  compressed.resize(size);
  return compressed;
}

}  // namespace gimbal::host
