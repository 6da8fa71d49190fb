// Replays a fuzz target under any compiler: over the empty input, every single byte, and every file of the folders
// given, in order of name. So each input that ever broke a decoder stays an everyday test without libFuzzer. A folder
// that does not exist yet holds nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::is_directory(folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder})
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argument_count, char** arguments) {
  LLVMFuzzerTestOneInput(nullptr, 0);
  for (unsigned byte = 0; byte < 256; ++byte) {
    // On the heap and of exact length, so that the address sanitizer sees a read one past the end.
    const std::vector<std::uint8_t> input(1, static_cast<std::uint8_t>(byte));
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::size_t replayed = 0;
  for (int i = 1; i < argument_count; ++i) {
    for (const auto& path : files_in(arguments[i])) {
      std::printf("%s\n", path.c_str());
      std::fflush(stdout);  // the name of the input that crashes is the last line printed
      std::ifstream file{path, std::ios::binary};
      std::vector<std::uint8_t> input{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
      input.shrink_to_fit();
      LLVMFuzzerTestOneInput(input.data(), input.size());
      ++replayed;
    }
  }
  std::printf("%zu files replayed\n", replayed);
  return 0;
}
