// An open file that closes itself, and the few calls on files that must be durable or whole. Errors carry the path and
// the operating system's reason.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "gimbal/foundation/bytes.hpp"
#include "gimbal/foundation/result.hpp"

namespace gimbal::host::internal {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_{descriptor} {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileDescriptor();

  [[nodiscard]] int raw() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// `cannot VERB PATH: REASON`, with the reason that `errno` holds; missing_data when there is no such file, else io.
[[nodiscard]] Unexpected system_failure(const char* verb, const std::string& path);

/// Opens a folder for the calls below.
[[nodiscard]] Result<FileDescriptor> open_folder(const std::string& path);
/// Opens a regular file in a folder; `flags` as of open(2). `path` is for messages.
[[nodiscard]] Result<FileDescriptor> open_in(const FileDescriptor& folder, const char* name, int flags,
                                             const std::string& path);

/// Writes all bytes at an offset. `path` is for messages, here and below.
[[nodiscard]] Result<void> write_at(const FileDescriptor& file, std::span<const std::uint8_t> bytes,
                                    std::uint64_t offset, const std::string& path);
/// Reads on from where the file stands into `into`, which is filled except at the end of the file. Returns bytes read.
[[nodiscard]] Result<std::size_t> read_on(const FileDescriptor& file, std::span<std::uint8_t> into,
                                          const std::string& path);
/// fdatasync: the contents are on the device when this returns.
[[nodiscard]] Result<void> make_durable(const FileDescriptor& file, const std::string& path);

/// fsync of a folder: files created, renamed and removed in it stay so through a power cut.
[[nodiscard]] Result<void> make_names_durable(const FileDescriptor& folder, const std::string& path);

/// Replaces the file `name` of a folder by `bytes`, through `name`.new, so that a reader sees the old bytes or the new
/// ones, after a crash too; which of them a power cut leaves is settled by make_names_durable. On an error the old file
/// stands and no new one is left behind.
[[nodiscard]] Result<void> replace_file(const FileDescriptor& folder, const std::string& name,
                                        std::span<const std::uint8_t> bytes, const std::string& path);

}  // namespace gimbal::host::internal
