// Temporary name, fsync, rename, fsync of the folder.
#include "gimbal/host/file_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "gimbal/host/decompression.hpp"

namespace gimbal::host {
namespace {

Unexpected refused_by_system(std::string_view action) {
  return fail(ErrorCode::io, "{}: {}", action, std::generic_category().message(errno));
}

Result<void> write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return refused_by_system("cannot be written");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

bool is_special(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

Result<void> write_directly(const std::string& path, std::string_view bytes) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return refused_by_system("cannot be opened");
  const auto written = write_all(descriptor, bytes);
  ::close(descriptor);
  return written;
}

// A rename is durable once the folder that holds the name is.
void sync_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;  // a folder may be written to without being readable
  ::fsync(descriptor);
  ::close(descriptor);
}

Result<void> write_beside(const std::string& path, std::string_view bytes) {
  const std::string beside = fmt::format("{}.part-{}", path, ::getpid());
  constexpr mode_t mode = 0666;  // less what the user's mask takes away
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (descriptor < 0) return refused_by_system("cannot be created");
  auto written = write_all(descriptor, bytes);
  if (written && ::fsync(descriptor) != 0) written = refused_by_system("cannot be synced");
  if (::close(descriptor) != 0 && written) written = refused_by_system("cannot be closed");
  if (written && std::rename(beside.c_str(), path.c_str()) != 0) written = refused_by_system("cannot be put in place");
  if (!written) {
    ::unlink(beside.c_str());
    return written;
  }
  sync_folder(path);
  return {};
}

Result<void> write_bytes(const std::string& path, std::string_view bytes) {
  if (const auto written = is_special(path) ? write_directly(path, bytes) : write_beside(path, bytes); !written)
    return with_context(written.error(), path);
  return {};
}

}  // namespace

Result<void> write_file(const std::string& path, std::string_view text) {
  constexpr std::string_view compressed_suffix = ".zst";
  constexpr int level = 19;
  if (path.size() <= compressed_suffix.size() || !path.ends_with(compressed_suffix)) return write_bytes(path, text);
  const auto compressed = zstd_compressed(text, level);
  if (!compressed) return with_context(compressed.error(), path);
  return write_bytes(path, *compressed);
}

}  // namespace gimbal::host
