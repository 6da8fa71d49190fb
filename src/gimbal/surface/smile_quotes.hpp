// What a market snapshot says about each expiry's smile: forwards, and the quotes out of the money as volatilities,
// each option counted in exactly one place. The fit (surface_fit.hpp) starts from here.
#pragma once

#include <vector>

#include "gimbal/market/snapshot.hpp"
#include "gimbal/surface/surface_fit.hpp"
#include "gimbal/surface/svi_fit.hpp"

namespace gimbal::surface {

/// One expiry of one underlying.
struct ExpiryQuotes {
  UtcTime expiry;
  double years = 0.0;
  double forward = 0.0;            ///< Median of the rows' own.
  std::vector<SmileQuote> quotes;  ///< Two-sided and not too wide, by log-moneyness against each row's own forward.
  std::vector<bool> judged;        ///< Per quote: relative spread under 20 %.
  std::vector<SmileQuote> marks;   ///< The venue's mark volatilities out of the money; bid and ask are equal.
  SliceQuality quality;            ///< The counts; figures of fit are still zero.
};

struct UnderlyingQuotes {
  market::AssetId underlying{};
  std::vector<ExpiryQuotes> expiries;  ///< Ascending; each with a forward, live, possibly without any quote.
};

/// The rows of a snapshot that hold one expiry's live options, and those of its future where it is listed.
struct ExpiryRows {
  market::AssetId underlying{};
  UtcTime expiry;
  std::vector<std::size_t> options;
  std::vector<std::size_t> futures;
};

/// Ascending by underlying, then expiry.
[[nodiscard]] std::vector<ExpiryRows> live_options(const market::MarketSnapshot& snapshot);

/// What one expiry's rows say; a forward of zero where none can be had from anywhere.
[[nodiscard]] ExpiryQuotes read_quotes(const market::MarketSnapshot& snapshot, const ExpiryRows& rows,
                                       const FitSettings& settings);

/// Reads every live option row. Underlyings ascend. Expiries for which no forward can be had from anywhere are left
/// out.
[[nodiscard]] std::vector<UnderlyingQuotes> collect_quotes(const market::MarketSnapshot& snapshot,
                                                           const FitSettings& settings);

}  // namespace gimbal::surface
