// What the shapes of an underlying's expiries are judged by, as one sum of squares with exact derivatives: quotes under
// a robust loss, priors, and penalties for negative density and for neighbours that cross. Minimising it is
// svi_fit.cpp's.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "gimbal/surface/internal/normal_equations.hpp"
#include "gimbal/surface/internal/smile_curve.hpp"
#include "gimbal/surface/svi_fit.hpp"

namespace gimbal::surface::internal {

[[nodiscard]] ShapeVector vector_of(const SmileShape& shape);
/// The shape nearest to `x` within the bounds of a slice at this total volatility.
[[nodiscard]] SmileShape bounded_shape(const ShapeVector& x, double total_volatility);

class SmileObjective {
 public:
  explicit SmileObjective(std::span<const SmileProblem> problems);

  /// The equations at these shapes, under one stage's loss and penalties.
  void evaluate(std::span<const SmileShape> shapes, const FitStage& stage, NormalEquations& out);

 private:
  /// Quotes in normalised coordinates as columns, filled up to whole lanes with quotes of no weight.
  struct Columns {
    std::size_t first = 0;
    std::size_t end = 0;
  };

  void add_quotes(std::size_t index, const FitStage& stage, NormalEquations& out) const;
  template <class LossSum>
  void add_quotes(std::size_t index, double loss_scale, NormalEquations& out) const;
  void add_prior(std::size_t index, const SmileShape& shape, NormalEquations& out) const;
  void add_density(std::size_t index, double weight, NormalEquations& out) const;
  void add_calendar(std::size_t index, double weight, NormalEquations& out) const;
  void add_wings(std::size_t index, std::span<const SmileShape> shapes, double weight, NormalEquations& out) const;

  std::span<const SmileProblem> problems_;
  std::vector<Columns> columns_;   // One per problem.
  std::vector<double> place_;      // z
  std::vector<double> mid_;        // Total volatility over s.
  std::vector<double> sharpness_;  // s over the half-spread; zero for what fills up.
  std::vector<double> tolerance_;  // Half-spreads off the mid that are as good as none.
  std::vector<double> grids_;      // Of each problem: where its gap to the one before is looked at, in that one's z.
  std::vector<Curve> curves_;
};

}  // namespace gimbal::surface::internal
