// The configuration file of a lap, in TOML: what is wanted of the book, what may be held, what is assumed. Every key is
// described in docs/configuration.md; this is where keys become the values that rooms take.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/allocate/allocation.hpp"
#include "gimbal/engine/state.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/portfolio/starting_book.hpp"
#include "gimbal/portfolio/target_surface.hpp"
#include "gimbal/surface/surface_fit.hpp"

namespace gimbal::app {

/// What the account holds at the start where no portfolio file says otherwise.
struct StartingBook {
  struct Cash {
    market::AssetCode asset;
    Decimal amount;
  };
  std::vector<Cash> cash;
  std::vector<portfolio::StartSelector> positions;
};

struct Configuration {
  std::string name;  ///< `vol_arbitrage`
  std::shared_ptr<const engine::Configuration> engine;
  market::MarketAssumptions assumptions;
  surface::FitSettings fit;
  StartingBook start;
  portfolio::TargetSurface target;
  allocate::AllocationSettings allocation;
};

/// Reads a configuration out of its text; `file` names it in errors.
/// Errors    parse or invalid_argument with file, line, key, what was found and what was expected.
[[nodiscard]] Result<Configuration> read_configuration(const std::string& file, const std::string& text);

/// The starting book in the market that it is opened in.
/// Errors    missing_data or invalid_argument for a selector that finds nothing or a size that is no multiple of its
/// lot.
[[nodiscard]] Result<engine::PortfolioOpened> open_starting_book(const StartingBook& start,
                                                                 const market::MarketSnapshot& snapshot,
                                                                 const surface::SurfaceSet& surfaces);

}  // namespace gimbal::app
