// A recorded market's contents as a JSON document, which docs/formats.md describes key by key.
#pragma once

#include <string>

#include "gimbal/report/data_report.hpp"

namespace gimbal::report {

/// One document; the same market gives the same bytes.
[[nodiscard]] std::string data_json(const DataReport& report);

}  // namespace gimbal::report
