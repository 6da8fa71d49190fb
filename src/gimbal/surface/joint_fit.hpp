// All smiles of one underlying, fitted against each other and certified: penalties keep them free of arbitrage, the
// certificate says whether they did, and where they did not margins are widened until they do. What even that leaves
// goes as far as it must towards an eSSVI surface, which is free by its construction, so that the answer always is.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gimbal/surface/surface_certificate.hpp"
#include "gimbal/surface/svi_fit.hpp"

namespace gimbal::surface {

/// One expiry's part in a joint fit.
struct JointSmile {
  SmileProblem problem;
  SmileShape shape;  ///< In units of the problem's total volatility.
  double years = 0.0;
  SliceCertificate certificate;

  [[nodiscard]] SviSlice svi() const noexcept { return slice_of(shape, problem.total_volatility); }
  [[nodiscard]] TimedSlice timed() const noexcept { return {svi(), years}; }
};

/// What a joint fit had to do beyond minimising.
struct JointEffort {
  int rounds = 0;        ///< In which margins were widened.
  double retreat = 0.0;  ///< Share of the way to an eSSVI surface; zero but for markets gone mad.
};

/// Fits smiles in ascending order of time, each known by a start, from scratch.
JointEffort fit_jointly(std::span<JointSmile> smiles);

/// Fits again the smiles whose problem is not held, from where they stand; the certificates of those that are held, and
/// whose neighbour before is held too, must be up to date.
JointEffort refit_jointly(std::span<JointSmile> smiles);

/// Fits an eSSVI slice to each instead.
void fit_jointly_essvi(std::span<JointSmile> smiles);

}  // namespace gimbal::surface
