// The loop around the embedding's steps: when to stop, with what, and the way back to the caller's units.
#include "gimbal/optimize/interior_point.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/optimize/internal/embedding.hpp"
#include "gimbal/optimize/internal/recession.hpp"
#include "gimbal/optimize/internal/standard_form.hpp"

namespace gimbal::optimize {
namespace {

using internal::Embedding;
using internal::Iterate;
using internal::StandardForm;

// Steps shorter than this change nothing that double precision can hold.
constexpr double step_length_min = 1e-8;
// What counts as a gain, and the iterations without one after which none is to be expected: many while the answer is
// far, since relative residuals say little there; few once the iterate would pass as stalled.
constexpr double gain_factor = 0.8;
constexpr int patience_far = 25;
constexpr int patience_near = 4;
// A direction of endless descent has components of at most one; less slope than this is rounding.
constexpr double recession_slope_min = 1e-6;

/// Sum of multipliers times the bounds they point to: what they prove about the objective.
double supported_value(std::span<const double> dual, const std::vector<double>& lower,
                       const std::vector<double>& upper) {
  double total = 0.0;
  for (std::size_t i = 0; i < dual.size(); ++i) {
    if (dual[i] == 0.0) continue;
    const std::vector<double>& bounds = dual[i] > 0.0 ? lower : upper;
    if (bounds.empty() || std::fabs(bounds[i]) >= bound_magnitude_max) return -infinity;
    total = std::fma(dual[i], bounds[i], total);
  }
  return total;
}

double violation_of(double value, const std::vector<double>& lower, const std::vector<double>& upper, std::size_t i) {
  const double below = lower.empty() ? -infinity : lower[i] - value;
  const double above = upper.empty() ? -infinity : value - upper[i];
  return std::max({below, above, 0.0});
}

}  // namespace

Result<void> Settings::validate() const {
  if (!(tolerance_absolute > 0.0) || !(tolerance_relative > 0.0) || !(tolerance_infeasible > 0.0))
    return fail(ErrorCode::invalid_argument, "tolerances must be positive, found {}, {}, {}", tolerance_absolute,
                tolerance_relative, tolerance_infeasible);
  if (!(tolerance_factor_stalled >= 1.0))
    return fail(ErrorCode::invalid_argument, "tolerance_factor_stalled is {}, below 1", tolerance_factor_stalled);
  if (iterations_max < 0 || scaling_rounds < 0)
    return fail(ErrorCode::invalid_argument, "iterations_max {} and scaling_rounds {} must not be negative",
                iterations_max, scaling_rounds);
  return {};
}

class InteriorPoint::State {
 public:
  State(const QuadraticProgram& program, const Settings& settings)
      : program_{program},
        settings_{settings},
        form_{internal::make_standard_form(program_, settings.scaling_rounds)},
        embedding_{form_, settings_},
        row_multipliers_(form_.row_count(), 0.0),
        variable_multipliers_(form_.variable_count(), 0.0) {
    for (Nearest* nearest : {&solution_, &proof_, &direction_}) nearest->point = embedding_.iterate();
  }

  void solve(Solution& solution) {
    solution.x.assign(program_.variable_count, 0.0);
    solution.z.assign(program_.variable_count, 0.0);
    solution.y.assign(program_.rows.row_count(), 0.0);
    solution.iterations = 0;
    if (form_.contradiction) {
      solution.status = SolutionStatus::primal_infeasible;
      solution.y[form_.contradiction->row] = form_.contradiction->upper ? -1.0 : 1.0;
      finish_proof(solution);
      return;
    }
    solution.status = iterate(solution.iterations);
    if (solution.status == SolutionStatus::primal_infeasible) {
      write_multipliers(proof_.point, 1.0, solution);
      finish_proof(solution);
    } else if (solution.status == SolutionStatus::dual_infeasible) {
      write_direction(solution);
    } else if (solution.status == SolutionStatus::optimal || !settle_doubt(solution)) {
      write_solution(solution_.point, solution);
    }
  }

 private:
  /// The nearest to an answer of one kind that the iteration has come: 1 is within tolerance.
  struct Nearest {
    double distance = infinity;
    Iterate point;

    /// Keeps the iterate if it is nearer than all before. Returns whether it is so by enough to go on for.
    bool offer(double candidate, const Iterate& iterate) {
      if (!(candidate < distance)) return false;
      const bool gain = candidate < gain_factor * distance;
      distance = candidate;
      point = iterate;
      return gain;
    }
  };

  /// Steps until an answer is found or none can be.
  SolutionStatus iterate(int& iterations) {
    embedding_.start();
    for (Nearest* nearest : {&solution_, &proof_, &direction_}) nearest->distance = infinity;
    int without_gain = 0;
    bool moving = true;
    for (iterations = 0;; ++iterations) {
      embedding_.evaluate();
      const bool nearer_solution = solution_.offer(embedding_.quality().worst, embedding_.iterate());
      const bool nearer_proof = proof_.offer(embedding_.primal_infeasibility(), embedding_.iterate());
      const bool nearer_direction = direction_.offer(embedding_.dual_infeasibility(), embedding_.iterate());
      if (const auto status = answer_within(1.0)) return *status;
      without_gain = nearer_solution || nearer_proof || nearer_direction ? 0 : without_gain + 1;
      const bool near = answer_within(settings_.tolerance_factor_stalled).has_value();
      const bool patient = without_gain <= (near ? patience_near : patience_far);
      if (!moving || !patient || iterations >= settings_.iterations_max) break;
      moving = embedding_.step() > step_length_min;
    }
    if (const auto status = answer_within(settings_.tolerance_factor_stalled)) return *status;
    return iterations >= settings_.iterations_max ? SolutionStatus::iteration_limit : SolutionStatus::numerical_failure;
  }

  /// When the iteration gave up on its way to infinity: asks the two linear programmes that know why. Allocates.
  bool settle_doubt(Solution& solution) {
    const bool to_infinity = embedding_.iterate().kappa > embedding_.iterate().tau;
    const auto positive = [](double value) { return value > 0.0; };
    const bool curved = std::any_of(program_.hessian_diagonal.begin(), program_.hessian_diagonal.end(), positive) ||
                        !program_.hessian_entries.empty() || program_.hessian_factor.nonzero_count() > 0;
    if (!to_infinity || !curved) return false;
    // These have no curvature left, so they cannot come back here.
    const Result<Solution> feasible = optimize::solve(internal::feasibility_program(program_), settings_);
    if (!feasible) return false;
    if (feasible->status == SolutionStatus::primal_infeasible) {
      solution.status = SolutionStatus::primal_infeasible;
      solution.y = feasible->y;
      finish_proof(solution);
      return true;
    }
    const Result<Solution> ray = optimize::solve(internal::recession_program(program_), settings_);
    if (!ray || ray->status != SolutionStatus::optimal || !(ray->objective < -recession_slope_min)) return false;
    solution.status = SolutionStatus::dual_infeasible;
    solution.x = ray->x;
    finish_direction(solution);
    return true;
  }

  [[nodiscard]] std::optional<SolutionStatus> answer_within(double factor) const {
    if (solution_.distance <= factor) return SolutionStatus::optimal;
    if (proof_.distance <= factor) return SolutionStatus::primal_infeasible;
    if (direction_.distance <= factor) return SolutionStatus::dual_infeasible;
    return std::nullopt;
  }

  /// y and z in the caller's units and signs, times share.
  void write_multipliers(const Iterate& point, double share, Solution& solution) {
    embedding_.row_multipliers(point, row_multipliers_);
    embedding_.variable_multipliers(point, variable_multipliers_);
    const double unit = -share / form_.cost_scale;
    for (std::size_t i = 0; i < row_multipliers_.size(); ++i)
      solution.y[form_.kept_rows[i]] = unit * row_multipliers_[i] * form_.row_scale[i];
    for (std::size_t j = 0; j < variable_multipliers_.size(); ++j)
      solution.z[form_.kept_variables[j]] = unit * variable_multipliers_[j] / form_.column_scale[j];
  }

  /// gradient = P x + cost - rows'y, whose parts beside z are the stationarity residual.
  void compute_gradient(const Solution& solution, std::vector<double>& gradient, bool with_objective) const {
    gradient.assign(program_.variable_count, 0.0);
    if (with_objective) {
      internal::hessian_product(program_, solution.x, gradient);
      for (std::size_t j = 0; j < program_.linear_cost.size(); ++j) gradient[j] += program_.linear_cost[j];
    }
    for (std::size_t i = 0; i < program_.rows.row_count(); ++i) {
      if (solution.y[i] == 0.0) continue;
      const auto columns = program_.rows.columns(i);
      const auto values = program_.rows.values(i);
      for (std::size_t k = 0; k < columns.size(); ++k)
        gradient[columns[k]] = std::fma(-solution.y[i], values[k], gradient[columns[k]]);
    }
  }

  void write_solution(const Iterate& point, Solution& solution) {
    const double share = 1.0 / point.tau;
    solution.x = form_.fixed_values;
    for (std::size_t j = 0; j < form_.kept_variables.size(); ++j)
      solution.x[form_.kept_variables[j]] = point.x[j] * share * form_.column_scale[j];
    for (std::size_t j = 0; j < solution.x.size(); ++j) {
      // Bounds of variables hold exactly: what lies beyond by rounding is put back.
      if (!program_.variable_lower.empty()) solution.x[j] = std::max(solution.x[j], program_.variable_lower[j]);
      if (!program_.variable_upper.empty()) solution.x[j] = std::min(solution.x[j], program_.variable_upper[j]);
    }
    write_multipliers(point, share, solution);
    compute_gradient(solution, gradient_, true);
    std::size_t next_kept = 0;
    for (std::size_t j = 0; j < gradient_.size(); ++j) {
      if (next_kept < form_.kept_variables.size() && form_.kept_variables[next_kept] == j)
        ++next_kept;
      else
        solution.z[j] = gradient_[j];
    }
    measure(solution);
  }

  /// Residuals and objectives of what is about to be returned.
  void measure(Solution& solution) const {
    solution.primal_residual = 0.0;
    solution.dual_residual = 0.0;
    double quadratic = 0.0;
    for (std::size_t j = 0; j < solution.x.size(); ++j)
      solution.dual_residual = std::max(solution.dual_residual, std::fabs(gradient_[j] - solution.z[j]));
    for (std::size_t i = 0; i < solution.y.size(); ++i)
      solution.primal_residual =
          std::max(solution.primal_residual,
                   violation_of(program_.rows.row_dot(i, solution.x), program_.row_lower, program_.row_upper, i));
    solution.objective = program_.objective(solution.x);
    double linear = program_.constant_cost;
    for (std::size_t j = 0; j < program_.linear_cost.size(); ++j)
      linear = std::fma(program_.linear_cost[j], solution.x[j], linear);
    quadratic = solution.objective - linear;
    solution.dual_objective = program_.constant_cost - quadratic +
                              supported_value(solution.y, program_.row_lower, program_.row_upper) +
                              supported_value(solution.z, program_.variable_lower, program_.variable_upper);
    solution.gap = std::fabs(solution.objective - solution.dual_objective);
  }

  /// Completes y to a proof of infeasibility: z takes up the rest wherever a bound allows, then all is scaled to
  /// value 1.
  void finish_proof(Solution& solution) {
    compute_gradient(solution, gradient_, false);
    for (std::size_t j = 0; j < gradient_.size(); ++j) {
      const std::vector<double>& bounds = gradient_[j] > 0.0 ? program_.variable_lower : program_.variable_upper;
      const bool held = !bounds.empty() && std::fabs(bounds[j]) < bound_magnitude_max;
      solution.z[j] = held ? gradient_[j] : 0.0;
    }
    const double value = supported_value(solution.y, program_.row_lower, program_.row_upper) +
                         supported_value(solution.z, program_.variable_lower, program_.variable_upper);
    for (double& dual : solution.y) dual /= value;
    for (double& dual : solution.z) dual /= value;
    solution.objective = infinity;
    solution.dual_objective = infinity;
    solution.primal_residual = solution.dual_residual = solution.gap = infinity;
  }

  void write_direction(Solution& solution) {
    for (std::size_t j = 0; j < form_.kept_variables.size(); ++j)
      solution.x[form_.kept_variables[j]] = direction_.point.x[j] * form_.column_scale[j];
    finish_direction(solution);
  }

  /// Scales x to a slope of -1.
  void finish_direction(Solution& solution) {
    double slope = 0.0;
    for (std::size_t j = 0; j < program_.linear_cost.size(); ++j)
      slope = std::fma(program_.linear_cost[j], solution.x[j], slope);
    for (double& value : solution.x) value /= std::fabs(slope);
    solution.objective = -infinity;
    solution.dual_objective = -infinity;
    solution.primal_residual = solution.dual_residual = solution.gap = infinity;
  }

  QuadraticProgram program_;
  Settings settings_;
  StandardForm form_;
  Embedding embedding_;
  std::vector<double> row_multipliers_;
  std::vector<double> variable_multipliers_;
  std::vector<double> gradient_;
  Nearest solution_;
  Nearest proof_;
  Nearest direction_;
};

InteriorPoint::InteriorPoint(std::unique_ptr<State> state) : state_{std::move(state)} {}
InteriorPoint::InteriorPoint(InteriorPoint&&) noexcept = default;
InteriorPoint& InteriorPoint::operator=(InteriorPoint&&) noexcept = default;
InteriorPoint::~InteriorPoint() = default;

Result<InteriorPoint> InteriorPoint::set_up(const QuadraticProgram& program, const Settings& settings) {
  if (auto good = settings.validate(); !good) return with_context(good.error(), "settings");
  if (auto good = program.validate(); !good) return with_context(good.error(), "quadratic programme");
  return InteriorPoint{std::make_unique<State>(program, settings)};
}

void InteriorPoint::solve(Solution& solution) {
  GIMBAL_ASSERT(state_ != nullptr);
  state_->solve(solution);
}

Result<Solution> solve(const QuadraticProgram& program, const Settings& settings) {
  Result<InteriorPoint> solver = InteriorPoint::set_up(program, settings);
  if (!solver) return Unexpected{solver.error()};
  Solution solution;
  solver->solve(solution);
  return solution;
}

}  // namespace gimbal::optimize
