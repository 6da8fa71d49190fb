// What a volatility desk reads off a surface: the level at the money, risk reversals and butterflies by delta,
// volatility at a fixed time to expiry and between two expiries, and smiles by strike and by delta. Where a figure does
// not exist there is none; nothing here is extrapolated.
//
// Formula   d1,2 = -k/s +- s/2,  k = ln(K/F),  s = sigma(k) sqrt(T): the volatility is the smile's at that very strike
// Source    D. Reiswich and U. Wystup, "FX volatility smile construction", Wilmott (2012), on deltas and at-the-money;
//           M. Fukasawa, "The normalizing transformation of the implied volatility smile", Mathematical Finance 22
//           (2012) 753-762: without a butterfly d1 and d2 fall as the strike rises, whatever the smile.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gimbal/market/instrument.hpp"
#include "gimbal/surface/surface.hpp"

namespace gimbal::surface {

/// Which hedge ratio is called delta. Volatilities at equal deltas differ between the two.
enum class DeltaConvention : std::uint8_t {
  /// By the forward, premium not included: N(d1) for calls, N(d1) - 1 for puts.
  forward,
  /// Less the premium in coin: (K/F) N(d2) for calls, -(K/F) N(-d2) for puts. What a venue that settles in coin shows
  /// as net delta.
  premium_adjusted,
};
[[nodiscard]] const char* to_string(DeltaConvention convention) noexcept;

/// A place on a smile.
struct SmilePoint {
  double log_moneyness = 0.0;
  double strike = 0.0;      ///< Quote per coin.
  double volatility = 0.0;  ///< Per square root of a year.
  friend bool operator==(const SmilePoint&, const SmilePoint&) = default;
};

/// Delta of one option, coins: positive for calls, negative for puts.
/// Domain    |log_moneyness| at most 40.
[[nodiscard]] double delta_at(const SurfaceSlice& slice, market::OptionRight right, double log_moneyness,
                              DeltaConvention convention) noexcept;

/// Whose strike is asked for: `{put, 0.25}` is the put with a delta of -0.25.
struct DeltaTarget {
  market::OptionRight right = market::OptionRight::call;
  double size = 0.0;  ///< Positive.
};

/// The strike at which an option has a delta, to its last digits; the only one where the slice has no butterfly.
///
/// A call's premium-adjusted delta rises with the strike to a peak and falls from there on, so that two strikes have
/// it. The market's, and this function's, is the one out of the money: above the strike of the peak.
///
/// Returns   nothing where no strike has that delta (a premium-adjusted call's above its peak), or none nearer to the
///           forward than a factor of exp(40).
[[nodiscard]] std::optional<SmilePoint> point_at_delta(const SurfaceSlice& slice, const DeltaTarget& target,
                                                       DeltaConvention convention) noexcept;

/// Skew and curvature between a call and a put of one delta, volatility units (0.01 is a point).
struct DeltaSpread {
  double risk_reversal = 0.0;  ///< The call's volatility less the put's.
  double butterfly = 0.0;      ///< Their mean less the volatility at the forward: the smile's, not a broker's strangle.
  friend bool operator==(const DeltaSpread&, const DeltaSpread&) = default;
};
/// Nothing where either strike does not exist.
[[nodiscard]] std::optional<DeltaSpread> delta_spread(const SurfaceSlice& slice, double delta,
                                                      DeltaConvention convention) noexcept;

/// Volatility at the forward for a time to expiry; nothing before the first quoted expiry and after the last.
[[nodiscard]] std::optional<double> constant_maturity_volatility(const VolSurface& surface, Duration maturity) noexcept;

/// The constant volatility between two expiries that takes the total variance at the forward from one to the other,
/// sqrt((w2 - w1) / (t2 - t1)); nothing where it falls.
/// Domain    earlier.years < later.years.
[[nodiscard]] std::optional<double> forward_volatility(const SurfaceSlice& earlier, const SurfaceSlice& later) noexcept;

/// Why a row is in a grid.
enum class GridKind : std::uint8_t { strike, delta, atm };
[[nodiscard]] const char* to_string(GridKind kind) noexcept;

/// A line of a smile written out. Deltas are signed: negative is a put's.
struct GridRow {
  GridKind kind = GridKind::strike;
  double delta = 0.0;
  std::optional<SmilePoint> point;  ///< Absent where no strike has that delta.
  friend bool operator==(const GridRow&, const GridRow&) = default;
};

/// The smile at given strikes, each with the delta of its option out of the money: a put's below the forward, a call's
/// from it on.
/// Domain    strikes positive, within a factor of exp(40) of the forward.
[[nodiscard]] std::vector<GridRow> grid_by_strike(const SurfaceSlice& slice, std::span<const double> strikes,
                                                  DeltaConvention convention);

/// The deltas of a grid, for puts and calls alike.
inline constexpr double grid_deltas[] = {0.05, 0.10, 0.15, 0.20, 0.25, 0.35, 0.45};

/// The smile by delta: puts 5 to 45, at the forward (with the call's delta), calls 45 to 5.
[[nodiscard]] std::vector<GridRow> grid_by_delta(const SurfaceSlice& slice, DeltaConvention convention);

}  // namespace gimbal::surface
