// System calls on files, each repeated when a signal interrupts it.
#include "gimbal/host/internal/file_descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace gimbal::host::internal {
namespace {

constexpr mode_t file_mode = 0666;  // less what the user's umask takes away

template <class Call>
auto repeated(Call call) {
  auto answer = call();
  while (answer < 0 && errno == EINTR) answer = call();
  return answer;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Unexpected system_failure(const char* verb, const std::string& path) {
  const int reason = errno;
  const ErrorCode code = reason == ENOENT ? ErrorCode::missing_data : ErrorCode::io;
  return fail(code, "cannot {} {}: {}", verb, path, std::generic_category().message(reason));
}

Result<FileDescriptor> open_folder(const std::string& path) {
  FileDescriptor folder{repeated([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); })};
  if (!folder.is_open()) return system_failure("open", path);
  return folder;
}

Result<FileDescriptor> open_in(const FileDescriptor& folder, const char* name, int flags, const std::string& path) {
  // O_NONBLOCK, so that a pipe that somebody put in the file's place is refused below instead of waited for.
  FileDescriptor file{
      repeated([&] { return ::openat(folder.raw(), name, flags | O_CLOEXEC | O_NONBLOCK, file_mode); })};
  if (!file.is_open()) return system_failure("open", path);
  struct stat status = {};
  if (::fstat(file.raw(), &status) != 0) return system_failure("look at", path);
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::io, "cannot open {}: it is not a regular file", path);
  return file;
}

Result<void> write_at(const FileDescriptor& file, std::span<const std::uint8_t> bytes, std::uint64_t offset,
                      const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written =
        repeated([&] { return ::pwrite(file.raw(), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
    if (written < 0) return system_failure("write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<std::size_t> read_on(const FileDescriptor& file, std::span<std::uint8_t> into, const std::string& path) {
  std::size_t total = 0;
  while (total < into.size()) {
    const ssize_t got = repeated([&] { return ::read(file.raw(), into.data() + total, into.size() - total); });
    if (got < 0) return system_failure("read", path);
    if (got == 0) break;
    total += static_cast<std::size_t>(got);
  }
  return total;
}

Result<void> make_durable(const FileDescriptor& file, const std::string& path) {
  if (repeated([&] { return ::fdatasync(file.raw()); }) != 0) return system_failure("make durable", path);
  return {};
}

Result<void> make_names_durable(const FileDescriptor& folder, const std::string& path) {
  if (repeated([&] { return ::fsync(folder.raw()); }) != 0) return system_failure("make durable", path);
  return {};
}

Result<void> replace_file(const FileDescriptor& folder, const std::string& name, std::span<const std::uint8_t> bytes,
                          const std::string& path) {
  const std::string name_new = name + ".new";
  const auto replaced = [&]() -> Result<void> {
    const Result<FileDescriptor> file = open_in(folder, name_new.c_str(), O_WRONLY | O_CREAT | O_TRUNC, path + ".new");
    if (!file) return Unexpected{file.error()};
    if (const Result<void> written = write_at(*file, bytes, 0, path + ".new"); !written) return written;
    // The contents before the name: else a power cut can leave the new name on an empty file.
    if (const Result<void> durable = make_durable(*file, path + ".new"); !durable) return durable;
    if (::renameat(folder.raw(), name_new.c_str(), folder.raw(), name.c_str()) != 0)
      return system_failure("replace", path);
    return {};
  }();
  if (!replaced) ::unlinkat(folder.raw(), name_new.c_str(), 0);
  return replaced;
}

}  // namespace gimbal::host::internal
