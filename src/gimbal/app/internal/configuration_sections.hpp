// The sections of a configuration that say what is wanted and what is allowed; configuration.cpp joins them to the
// rest.
#pragma once

#include <string_view>

#include "gimbal/allocate/settings.hpp"
#include "gimbal/app/config_table.hpp"
#include "gimbal/govern/limits.hpp"
#include "gimbal/portfolio/target_surface.hpp"

namespace gimbal::app::internal {

/// A required asset code.
[[nodiscard]] market::AssetCode read_code(ConfigTable& table, std::string_view key);

[[nodiscard]] portfolio::TargetSurface read_target(ConfigTable table);
[[nodiscard]] allocate::AllocationSettings read_allocation(ConfigTable table);
[[nodiscard]] forecast::VolatilityForecast read_forecast(ConfigTable table);
[[nodiscard]] govern::Limits read_limits(ConfigTable table);

}  // namespace gimbal::app::internal
