// Where JSON goes: nowhere, standard output, or a file that appears whole or not at all.
#pragma once

#include <string_view>

#include "gimbal/app/commands.hpp"

namespace gimbal::app {

/// Writes what `--json` asked for, if it did. Errors: io with the path and the system's reason.
[[nodiscard]] Result<void> write_json(const JsonOutput& output, std::string_view text);

/// Whether standard output belongs to JSON, so that nothing else may be written there.
[[nodiscard]] inline bool to_standard_output(const JsonOutput& output) { return output.wanted && output.file.empty(); }

}  // namespace gimbal::app
