// The smiles of one underlying's expiries on their way from quotes to slices: each alone, thin ones held by their
// neighbours, those without quotes down the ladder, then all against each other. Kept, it is what a refit starts from.
#pragma once

#include <cstddef>
#include <vector>

#include "gimbal/surface/joint_fit.hpp"
#include "gimbal/surface/smile_quotes.hpp"

namespace gimbal::surface {

class ChainFit {
 public:
  /// Fits from nothing but quotes and, for expiries without any, an earlier surface of the same underlying (or null).
  ChainFit(UnderlyingQuotes quotes, const FitSettings& settings, const VolSurface* previous);
  // Problems look into the quotes: moving keeps those where they are, copying would not.
  ChainFit(ChainFit&&) noexcept = default;
  ChainFit& operator=(ChainFit&&) noexcept = default;
  ChainFit(const ChainFit&) = delete;
  ChainFit& operator=(const ChainFit&) = delete;
  ~ChainFit() = default;

  /// Whether anything is known of the underlying's volatility; without it there are no slices.
  [[nodiscard]] bool known() const;
  [[nodiscard]] const UnderlyingQuotes& quotes() const { return quotes_; }
  [[nodiscard]] std::vector<SurfaceSlice> slices() const;

  /// Fits again after the quotes of some expiries (by index) have changed. False when that has to be done from nothing:
  /// what is here then is of no use.
  struct Change {
    std::size_t expiry = 0;
    ExpiryQuotes quotes;
  };
  [[nodiscard]] bool refit(std::vector<Change> changes, const FitSettings& settings);
  /// Time passes: total variances stay.
  void move_to(UtcTime time);

 private:
  void start(const FitSettings& settings);
  void hold_thin_fits();
  void climb_down(const VolSurface* previous);
  void borrow_levels();
  [[nodiscard]] const JointSmile* nearest_fitted(std::size_t to, std::size_t quotes_least) const;
  [[nodiscard]] SurfaceSlice slice(std::size_t index) const;

  UnderlyingQuotes quotes_;
  Model model_;
  std::vector<JointSmile> smiles_;  // One per expiry.
  std::vector<Rung> rungs_;
};

}  // namespace gimbal::surface
