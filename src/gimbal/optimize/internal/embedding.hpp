// The homogeneous embedding of a programme in standard form: an iterate, how far it is from an answer, and the step
// towards one. Scaled by tau the iterate is a solution in the making; as tau vanishes it becomes a proof that there is
// none.
#pragma once

#include <span>
#include <vector>

#include "gimbal/optimize/interior_point.hpp"
#include "gimbal/optimize/internal/newton_system.hpp"
#include "gimbal/optimize/internal/standard_form.hpp"

namespace gimbal::optimize::internal {

/// x; s and z for every side, those of variables first; a multiplier for every equality; tau and kappa.
struct Iterate {
  std::vector<double> x;
  std::vector<double> s;
  std::vector<double> z;
  std::vector<double> equality;  ///< By row; 0 for inequalities.
  double tau = 1.0;
  double kappa = 1.0;
};

/// Residuals in the units of the programme as given, and the worst of them relative to its tolerance.
struct Quality {
  double primal = 0.0;
  double dual = 0.0;
  double gap = 0.0;
  double worst = 0.0;  ///< At most 1 means: every tolerance is met.
};

class Embedding {
 public:
  Embedding(const StandardForm& form, const Settings& settings);

  /// Sets the standard start.
  void start();
  /// Computes all products of the iterate; the functions below read them.
  void evaluate();
  [[nodiscard]] Quality quality();
  /// How far the iterate is from a proof, 1 being within tolerance: of primal and of dual infeasibility.
  [[nodiscard]] double primal_infeasibility() const;
  [[nodiscard]] double dual_infeasibility() const;
  /// One predictor-corrector step. Returns its length; 0 when no step could be computed.
  double step();

  [[nodiscard]] const Iterate& iterate() const { return point_; }
  [[nodiscard]] Iterate& iterate() { return point_; }
  /// Multiplier of each row in P x + A' lambda + ... = 0, from sides and equalities.
  void row_multipliers(const Iterate& point, std::span<double> lambda) const;
  /// The same for the variables' bounds.
  void variable_multipliers(const Iterate& point, std::span<double> zeta) const;
  [[nodiscard]] double complementarity() const;

 private:
  /// A solution of the Newton system: the part of a step that does not depend on the step of tau, or its derivative.
  struct Part {
    std::vector<double> x;
    std::vector<double> lambda;
    std::vector<double> z;
  };
  struct Direction {
    std::vector<double> x, s, z, equality;
    double tau = 0.0;
    double kappa = 0.0;
  };

  [[nodiscard]] const Side& side(std::size_t k) const {
    const std::size_t variables = form_->variable_sides.size();
    return k < variables ? form_->variable_sides[k] : form_->row_sides[k - variables];
  }
  /// sign times the value that a side bounds.
  [[nodiscard]] double side_value(std::size_t k, std::span<const double> x, std::span<const double> rows) const {
    return side(k).sign * (k < form_->variable_sides.size() ? x[side(k).index] : rows[side(k).index]);
  }
  void hessian_times(std::span<const double> x, std::span<double> result);
  void update_weights();
  /// Solves for stationarity rest `base` , side rests rho and the equalities' rests.
  void solve_part(std::span<const double> base, std::span<const double> rho, std::span<const double> equality,
                  Part& part);
  /// Fills fixed_part_, the derivative of a step by the step of tau.
  void find_fixed_part();
  /// Fills direction_ for a residual reduction and the sides' complementarity targets.
  void find_direction(double reduction, std::span<const double> target, double target_kappa);
  /// Corrects direction_ towards equal products of s and z while that lengthens the step. Returns the step's length.
  double centre_direction(double reduction, double goal, double target_kappa);
  [[nodiscard]] double longest_step() const;

  const StandardForm* form_;
  const Settings* settings_;
  NewtonSystem system_;
  Iterate point_;
  Direction direction_;
  Direction earlier_direction_;
  Part fixed_part_;
  Part moving_part_;

  // Products of the iterate.
  std::vector<double> row_values_;  ///< A x
  std::vector<double> curvature_;   ///< P x
  std::vector<double> lambda_;
  std::vector<double> zeta_;
  std::vector<double> pull_;       ///< A' lambda + zeta
  std::vector<double> dual_rest_;  ///< P x + pull + cost tau
  std::vector<double> side_rest_;  ///< s + side value - bound tau
  std::vector<double> equality_rest_;
  double tau_rest_ = 0.0;
  double cost_product_ = 0.0;       ///< cost'x
  double bound_product_ = 0.0;      ///< bounds'z
  double curvature_product_ = 0.0;  ///< x'P x

  // Work space.
  std::vector<double> weights_, variable_weights_, row_weights_, row_rho_;
  std::vector<double> base_, rho_, equality_right_, target_;
  std::vector<double> right_, unknowns_, factor_values_, work_;
  double fixed_curvature_ = 0.0;  ///< |x part of the derivative by tau, less x / tau|^2 in the norm of P.
  std::vector<double> row_terms_, column_terms_;
};

}  // namespace gimbal::optimize::internal
