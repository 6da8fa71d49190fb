// VolSurface and SurfaceSet: implied volatility of every strike and expiry of an underlying at one instant, as
// immutable values that a journal can hold. They answer; fitting them to a market is surface_fit.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gimbal/foundation/bytes.hpp"
#include "gimbal/foundation/time.hpp"
#include "gimbal/market/universe.hpp"
#include "gimbal/surface/surface_certificate.hpp"
#include "gimbal/surface/svi.hpp"

namespace gimbal::surface {

/// On which step of the ladder a slice stands, best first.
enum class Rung : std::uint8_t {
  fit,        ///< Fitted to enough quotes of its own.
  neighbour,  ///< Shape from the nearest fitted expiry, level from its own quotes.
  previous,   ///< The same expiry's slice of an earlier surface. A fit from nothing never stands here.
  flat,       ///< No quotes of its own: level from marks, else a neighbour's; a neighbour's shape, else one volatility.
};
[[nodiscard]] const char* to_string(Rung rung) noexcept;

/// Which family of smiles a surface is made of. Either's slices are raw SVI.
enum class Model : std::uint8_t {
  svi,    ///< Five free parameters an expiry.
  essvi,  ///< Three an expiry, whose conditions against arbitrage are known in closed form.
};
[[nodiscard]] const char* to_string(Model model) noexcept;

/// How a slice came about. Every option of the expiry is in `options`, and every one not used is in one count below.
struct SliceQuality {
  std::uint32_t options = 0;             ///< Rows of this expiry in the snapshot.
  std::uint32_t in_the_money = 0;        ///< Left to their out-of-the-money twins.
  std::uint32_t one_sided = 0;           ///< Out of the money without bid, ask or both.
  std::uint32_t without_forward = 0;     ///< No forward of their own; the expiry's stands in. Counted in addition.
  std::uint32_t without_volatility = 0;  ///< A bid or ask that no volatility gives: below intrinsic, above maximum.
  std::uint32_t wide = 0;                ///< Spread too large to say anything.
  std::uint32_t outliers = 0;            ///< Used at first, then given up by the robust loss. Counted in quotes_used.
  std::uint32_t quotes_two_sided = 0;    ///< Out of the money, bid and ask: without_volatility, wide and used.
  std::uint32_t quotes_used = 0;         ///< That the fit was shown.
  std::uint32_t quotes_judged = 0;       ///< Two-sided with a relative spread under 20 %: what the shares are of.
  double parity_shift = 0.0;             ///< Relative, of the rows' own forwards where put-call parity refuses them.
  double inside_share = 0.0;             ///< Of the judged: premium within bid and ask. Zero where none are judged.
  double near_share = 0.0;               ///< Inside, or at most half a volatility point beyond the nearer side.
  double rmse_volatility = 0.0;          ///< Root mean square of fitted less mid volatility, the judged by their vega.
  friend bool operator==(const SliceQuality&, const SliceQuality&) = default;
};

/// The smile of one expiry.
struct SurfaceSlice {
  UtcTime expiry;
  double years = 0.0;           ///< From the surface's time to expiry, positive.
  double forward = 0.0;         ///< Median of the rows' own forwards, quote per coin.
  double volatility_atm = 0.0;  ///< At log-moneyness zero.
  SviSlice svi;
  Rung rung = Rung::flat;
  SliceQuality quality;
  SliceCertificate certificate;

  [[nodiscard]] TimedSlice timed() const noexcept { return {svi, years}; }
  /// Volatility per square root of a year at ln(K/F). Positive and finite up to a log-moneyness of 1e100.
  [[nodiscard]] double volatility(double log_moneyness) const noexcept;
  friend bool operator==(const SurfaceSlice&, const SurfaceSlice&) = default;
};

/// All smiles of one underlying at one instant.
class VolSurface {
 public:
  /// Slices in ascending order of expiry, at least one, each usable and after `time`; stops the process otherwise.
  VolSurface(market::AssetId underlying, UtcTime time, std::vector<SurfaceSlice> slices, Model model = Model::svi);

  [[nodiscard]] market::AssetId underlying() const { return underlying_; }
  [[nodiscard]] UtcTime time() const { return time_; }
  [[nodiscard]] Model model() const { return model_; }
  [[nodiscard]] std::span<const SurfaceSlice> slices() const { return slices_; }
  /// Whether every slice's certificate says so.
  [[nodiscard]] bool arbitrage_free() const noexcept;
  /// The slice of a quoted expiry, or null. Kernels look it up once per instrument and keep the pointer.
  [[nodiscard]] const SurfaceSlice* slice(UtcTime expiry) const noexcept;

  /// Volatility at ln(K/F) for any expiry. Quoted expiries answer from their slice, expiries between two by
  /// expiry_interpolation.hpp. Before the first volatility is constant in time; after the last the total variance at
  /// the money goes on growing at its rate, and every other strike's by as much.
  [[nodiscard]] double volatility(double log_moneyness, UtcTime expiry) const noexcept;
  /// Forward for any expiry: geometric between quoted ones, constant outside.
  [[nodiscard]] double forward(UtcTime expiry) const noexcept;

  friend bool operator==(const VolSurface&, const VolSurface&) = default;

 private:
  market::AssetId underlying_;
  UtcTime time_;
  std::vector<SurfaceSlice> slices_;
  Model model_;
};

/// The surfaces of every underlying with options at one instant.
class SurfaceSet {
 public:
  SurfaceSet() = default;
  /// Surfaces of one time in ascending order of underlying; stops the process otherwise.
  SurfaceSet(UtcTime time, std::vector<VolSurface> surfaces);

  [[nodiscard]] UtcTime time() const { return time_; }
  [[nodiscard]] std::span<const VolSurface> surfaces() const { return surfaces_; }
  [[nodiscard]] const VolSurface* find(market::AssetId underlying) const noexcept;

  friend bool operator==(const SurfaceSet&, const SurfaceSet&) = default;

 private:
  UtcTime time_;
  std::vector<VolSurface> surfaces_;
};

/// Canonical bytes, for the journal.
void encode(const SurfaceSet& set, ByteWriter& out);
/// Errors    corrupt when the bytes are no surface set: every byte string gives a value or this.
[[nodiscard]] Result<SurfaceSet> decode_surface_set(ByteReader& in);

}  // namespace gimbal::surface
