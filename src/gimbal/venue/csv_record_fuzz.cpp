// Fuzz target of the table core: lines and fields for any split of the bytes are those of the whole.
#include <cstddef>
#include <cstdint>

#include "gimbal/venue/csv_record.hpp"

namespace {

using namespace gimbal;

// Every field of every line, each behind a byte that no field holds by itself.
std::string fields_of(std::string_view text, std::size_t piece) {
  venue::CsvLines lines;
  venue::CsvFields fields;
  std::string seen;
  const auto drain = [&] {
    while (true) {
      const auto line = lines.next();
      if (!line || !line->has_value()) return;
      seen += fmt::format("\n{}", (*line)->number);
      if (!fields.split(**line)) return;
      for (const std::string_view field : fields.all()) seen.append("\x1f").append(field);
    }
  };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    lines.feed(text.substr(at, piece));
    drain();
  }
  lines.finish();
  drain();
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  static_cast<void>(venue::parse_real(text));
  // A line that is refused ends the reading at a place that depends on the split, so only texts of short lines compare.
  if (size < venue::CsvLines::line_bytes_max && text.find('"') == std::string_view::npos)
    GIMBAL_ASSERT(fields_of(text, size + 1) == fields_of(text, 3));
  else
    static_cast<void>(fields_of(text, 3));
  return 0;
}
