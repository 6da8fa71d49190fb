// JSON to its place.
#include "gimbal/app/json_output.hpp"

#include "gimbal/app/terminal.hpp"
#include "gimbal/host/file_writer.hpp"

namespace gimbal::app {

Result<void> write_json(const JsonOutput& output, std::string_view text) {
  if (!output.wanted) return {};
  if (!output.file.empty()) return host::write_file(output.file, text);
  print(text);
  return {};
}

}  // namespace gimbal::app
