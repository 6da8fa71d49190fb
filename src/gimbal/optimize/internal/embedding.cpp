// The arithmetic of one iteration. Letters follow Goulart and Chen (2024), section 3, with W^2 = diag(s / z).
#include "gimbal/optimize/internal/embedding.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/numerics/reduction.hpp"

namespace gimbal::optimize::internal {
namespace {

// A step goes this part of the way to the boundary, where the next step would have no room.
constexpr double boundary_fraction = 0.99;

// Gondzio's centrality correctors: how far beyond the present step to look, the band of products around the goal that
// is left alone, and the gain of step length that makes another solve worth while.
constexpr int centring_rounds_max = 2;
constexpr double step_length_good = 0.9;
constexpr double trial_factor = 1.08;
constexpr double trial_extra = 0.08;
constexpr double band_lower = 0.1;
constexpr double band_upper = 10.0;
constexpr double step_gain_min = 0.02;

// Where the iteration starts: room to every bound, and the product of room and multiplier. The scaled programme's
// numbers are about one; ten of them leave space to move.
constexpr double start_slack_min = 10.0;
constexpr double start_product = 10.0;

/// Largest t with value + t change >= 0.
double room(double value, double change) { return change < 0.0 ? -value / change : infinity; }

}  // namespace

Embedding::Embedding(const StandardForm& form, const Settings& settings)
    : form_{&form}, settings_{&settings}, system_{form} {
  const std::size_t n = form.variable_count();
  const std::size_t m = form.row_count();
  const std::size_t sides = form.side_count();
  for (auto* list : {&point_.x, &direction_.x, &fixed_part_.x, &moving_part_.x, &curvature_, &zeta_, &pull_,
                     &dual_rest_, &variable_weights_, &base_, &work_, &column_terms_})
    list->assign(n, 0.0);
  for (auto* list : {&point_.equality, &direction_.equality, &fixed_part_.lambda, &moving_part_.lambda, &row_values_,
                     &lambda_, &equality_rest_, &row_weights_, &row_rho_, &equality_right_, &row_terms_})
    list->assign(m, 0.0);
  for (auto* list : {&point_.s, &point_.z, &direction_.s, &direction_.z, &fixed_part_.z, &moving_part_.z, &side_rest_,
                     &weights_, &rho_, &target_})
    list->assign(sides, 0.0);
  earlier_direction_ = direction_;
  right_.assign(system_.size(), 0.0);
  unknowns_.assign(system_.size(), 0.0);
  factor_values_.assign(form.factor.row_count(), 0.0);
}

void Embedding::hessian_times(std::span<const double> x, std::span<double> result) {
  for (std::size_t j = 0; j < x.size(); ++j) result[j] = form_->diagonal[j] * x[j];
  form_->factor.multiply(x, factor_values_);
  form_->factor.add_transposed(factor_values_, 1.0, result);
  for (const PairEntry& entry : form_->off_diagonal) {
    result[entry.row] = std::fma(entry.value, x[entry.column], result[entry.row]);
    result[entry.column] = std::fma(entry.value, x[entry.row], result[entry.column]);
  }
}

void Embedding::row_multipliers(const Iterate& point, std::span<double> lambda) const {
  std::copy(point.equality.begin(), point.equality.end(), lambda.begin());
  const std::size_t variables = form_->variable_sides.size();
  for (std::size_t k = variables; k < form_->side_count(); ++k) lambda[side(k).index] += side(k).sign * point.z[k];
}

void Embedding::variable_multipliers(const Iterate& point, std::span<double> zeta) const {
  std::fill(zeta.begin(), zeta.end(), 0.0);
  for (std::size_t k = 0; k < form_->variable_sides.size(); ++k) zeta[side(k).index] += side(k).sign * point.z[k];
}

void Embedding::evaluate() {
  const double tau = point_.tau;
  form_->rows.multiply(point_.x, row_values_);
  hessian_times(point_.x, curvature_);
  row_multipliers(point_, lambda_);
  variable_multipliers(point_, zeta_);
  std::copy(zeta_.begin(), zeta_.end(), pull_.begin());
  form_->rows.add_transposed(lambda_, 1.0, pull_);
  for (std::size_t j = 0; j < pull_.size(); ++j)
    dual_rest_[j] = std::fma(form_->cost[j], tau, curvature_[j] + pull_[j]);
  bound_product_ = 0.0;
  for (std::size_t k = 0; k < point_.s.size(); ++k) {
    side_rest_[k] = std::fma(-side(k).bound, tau, point_.s[k] + side_value(k, point_.x, row_values_));
    bound_product_ = std::fma(side(k).bound, point_.z[k], bound_product_);
  }
  for (std::size_t row = 0; row < row_values_.size(); ++row) {
    equality_rest_[row] = form_->is_equality[row] ? std::fma(-form_->equality[row], tau, row_values_[row]) : 0.0;
    bound_product_ = std::fma(form_->equality[row], point_.equality[row], bound_product_);
  }
  cost_product_ = numerics::dot(form_->cost, point_.x);
  curvature_product_ = numerics::dot(curvature_, point_.x);
  tau_rest_ = point_.kappa + cost_product_ + bound_product_ + curvature_product_ / tau;
}

Quality Embedding::quality() {
  const Settings& set = *settings_;
  const double share = 1.0 / point_.tau;
  Quality result;
  const auto judge = [&](double rest, double term, double unit) {
    const double allowed = set.tolerance_absolute + set.tolerance_relative * term * unit;
    result.worst = std::max(result.worst, rest * unit / allowed);
    return rest * unit;
  };
  // The largest term of each row and column is what its residual can be judged by.
  std::fill(column_terms_.begin(), column_terms_.end(), 0.0);
  for (std::size_t row = 0; row < row_terms_.size(); ++row) {
    double largest = 0.0;
    const double multiplier = std::fabs(lambda_[row]);
    form_->rows.for_each(row, [&](std::size_t column, double value) {
      largest = std::max(largest, std::fabs(value * point_.x[column]));
      column_terms_[column] = std::max(column_terms_[column], std::fabs(value) * multiplier);
    });
    row_terms_[row] = largest;
  }
  const std::size_t variables = form_->variable_sides.size();
  for (std::size_t k = 0; k < point_.s.size(); ++k) {
    const std::uint32_t index = side(k).index;
    const double unit = k < variables ? form_->column_scale[index] : 1.0 / form_->row_scale[index];
    const double term = share * (k < variables ? std::fabs(point_.x[index]) : row_terms_[index]);
    const double excess = std::max(side_value(k, point_.x, row_values_) * share - side(k).bound, 0.0);
    result.primal = std::max(result.primal, judge(excess, std::max(term, std::fabs(side(k).bound)), unit));
  }
  for (std::size_t row = 0; row < row_terms_.size(); ++row) {
    if (!form_->is_equality[row]) continue;
    const double term = std::max(row_terms_[row] * share, std::fabs(form_->equality[row]));
    result.primal =
        std::max(result.primal, judge(std::fabs(equality_rest_[row]) * share, term, 1.0 / form_->row_scale[row]));
  }
  for (std::size_t j = 0; j < dual_rest_.size(); ++j) {
    const double term = std::max({std::fabs(curvature_[j]) * share, column_terms_[j] * share, std::fabs(form_->cost[j]),
                                  std::fabs(zeta_[j]) * share});
    const double unit = 1.0 / (form_->column_scale[j] * form_->cost_scale);
    result.dual = std::max(result.dual, judge(std::fabs(dual_rest_[j]) * share, term, unit));
  }
  const double half = 0.5 * curvature_product_ * share * share;
  const double primal = half + cost_product_ * share;
  const double dual = -half - bound_product_ * share;
  result.gap =
      judge(std::fabs(primal - dual), std::max({std::fabs(primal), std::fabs(dual), half}), 1.0 / form_->cost_scale);
  if (!std::isfinite(result.worst + result.gap + result.dual)) result.worst = infinity;
  return result;
}

double Embedding::primal_infeasibility() const {
  if (!(bound_product_ < 0.0)) return infinity;
  return numerics::maximum_absolute(pull_) / -bound_product_ / settings_->tolerance_infeasible;
}

double Embedding::dual_infeasibility() const {
  if (!(cost_product_ < 0.0)) return infinity;
  double worst = numerics::maximum_absolute(curvature_);
  for (std::size_t k = 0; k < point_.s.size(); ++k) worst = std::max(worst, side_value(k, point_.x, row_values_));
  for (std::size_t row = 0; row < row_values_.size(); ++row)
    if (form_->is_equality[row]) worst = std::max(worst, std::fabs(row_values_[row]));
  return worst / -cost_product_ / settings_->tolerance_infeasible;
}

double Embedding::complementarity() const {
  const double total = std::fma(point_.tau, point_.kappa, numerics::dot(point_.s, point_.z));
  return total / static_cast<double>(point_.s.size() + 1);
}

void Embedding::update_weights() {
  std::fill(variable_weights_.begin(), variable_weights_.end(), 0.0);
  std::fill(row_weights_.begin(), row_weights_.end(), 0.0);
  for (std::size_t k = 0; k < weights_.size(); ++k) {
    weights_[k] = point_.z[k] / point_.s[k];
    (k < form_->variable_sides.size() ? variable_weights_ : row_weights_)[side(k).index] += weights_[k];
  }
  system_.factorise(variable_weights_, row_weights_);
}

void Embedding::solve_part(std::span<const double> base, std::span<const double> rho, std::span<const double> equality,
                           Part& part) {
  const std::size_t variables = form_->variable_sides.size();
  const std::size_t first_row = system_.first_row();
  std::fill(right_.begin(), right_.end(), 0.0);
  std::copy(base.begin(), base.end(), right_.begin());
  std::fill(row_rho_.begin(), row_rho_.end(), 0.0);
  for (std::size_t k = 0; k < rho.size(); ++k) {
    double& sum = k < variables ? right_[side(k).index] : row_rho_[side(k).index];
    sum = std::fma(side(k).sign * weights_[k], rho[k], sum);
  }
  for (std::size_t row = 0; row < row_rho_.size(); ++row) {
    if (!form_->is_equality[row]) row_rho_[row] /= row_weights_[row];
    right_[first_row + row] = form_->is_equality[row] ? equality[row] : row_rho_[row];
  }
  system_.solve(right_, unknowns_);
  std::copy_n(unknowns_.begin(), part.x.size(), part.x.begin());
  std::copy_n(unknowns_.begin() + static_cast<std::ptrdiff_t>(first_row), part.lambda.size(), part.lambda.begin());
  for (std::size_t k = 0; k < rho.size(); ++k) {
    const std::uint32_t index = side(k).index;
    // What the side's own equation says of a'x: for rows from the multiplier, so that lower and upper add up to it.
    const double value = k < variables ? part.x[index] : part.lambda[index] / row_weights_[index] + row_rho_[index];
    part.z[k] = weights_[k] * (side(k).sign * value - rho[k]);
  }
}

void Embedding::start() {
  system_.reset();
  // The point that balances the objective against the square of each side's miss, counted in units of its bound: a
  // bound far away must not draw the start towards it.
  std::fill(variable_weights_.begin(), variable_weights_.end(), 0.0);
  std::fill(row_weights_.begin(), row_weights_.end(), 0.0);
  for (std::size_t k = 0; k < weights_.size(); ++k) {
    const double unit = 1.0 + std::fabs(side(k).bound);
    weights_[k] = 1.0 / (unit * unit);
    (k < form_->variable_sides.size() ? variable_weights_ : row_weights_)[side(k).index] += weights_[k];
  }
  system_.factorise(variable_weights_, row_weights_);
  for (std::size_t k = 0; k < rho_.size(); ++k) rho_[k] = side(k).bound;
  for (std::size_t j = 0; j < base_.size(); ++j) base_[j] = -form_->cost[j];
  solve_part(base_, rho_, form_->equality, moving_part_);
  point_.x = moving_part_.x;
  for (std::size_t row = 0; row < point_.equality.size(); ++row)
    point_.equality[row] = form_->is_equality[row] ? moving_part_.lambda[row] : 0.0;
  form_->rows.multiply(point_.x, row_values_);
  // Every product s z starts alike, so that near and far bounds are equally central; multipliers that the balance has
  // shown to be needed come on top.
  for (std::size_t k = 0; k < point_.s.size(); ++k) {
    point_.s[k] = std::max(side(k).bound - side_value(k, point_.x, row_values_), start_slack_min);
    point_.z[k] = start_product / point_.s[k] + std::max(moving_part_.z[k], 0.0);
  }
  point_.tau = 1.0;
  point_.kappa = 1.0;
}

void Embedding::find_fixed_part() {
  // The derivative of the step by tau's solves K u = (-cost, bounds). The iterate over tau nearly does, with a rest
  // that is small where s is; solving for the difference avoids multiplying whole bounds by z / s and subtracting them
  // again.
  const double share = 1.0 / point_.tau;
  for (std::size_t j = 0; j < base_.size(); ++j) base_[j] = -dual_rest_[j] * share;
  for (std::size_t k = 0; k < rho_.size(); ++k) rho_[k] = std::fma(2.0, point_.s[k], -side_rest_[k]) * share;
  for (std::size_t row = 0; row < equality_right_.size(); ++row)
    equality_right_[row] = std::fma(equality_give, lambda_[row], -equality_rest_[row]) * share;
  solve_part(base_, rho_, equality_right_, fixed_part_);
  hessian_times(fixed_part_.x, work_);
  fixed_curvature_ = numerics::dot(fixed_part_.x, work_);
  numerics::add_scaled(share, point_.x, fixed_part_.x);
  numerics::add_scaled(share, point_.z, fixed_part_.z);
  numerics::add_scaled(share, lambda_, fixed_part_.lambda);
}

void Embedding::find_direction(double reduction, std::span<const double> target, double target_kappa) {
  const double tau = point_.tau;
  for (std::size_t j = 0; j < base_.size(); ++j) base_[j] = -reduction * dual_rest_[j];
  for (std::size_t k = 0; k < rho_.size(); ++k) rho_[k] = std::fma(-reduction, side_rest_[k], target[k] / point_.z[k]);
  for (std::size_t row = 0; row < equality_right_.size(); ++row)
    equality_right_[row] = -reduction * equality_rest_[row];
  solve_part(base_, rho_, equality_right_, moving_part_);

  // The step of tau, from the last equation of the embedding.
  double numerator = reduction * tau_rest_ - target_kappa / tau;
  numerator += numerics::dot(form_->cost, moving_part_.x) + 2.0 / tau * numerics::dot(curvature_, moving_part_.x);
  for (std::size_t k = 0; k < rho_.size(); ++k) numerator = std::fma(side(k).bound, moving_part_.z[k], numerator);
  for (std::size_t row = 0; row < equality_right_.size(); ++row)
    if (form_->is_equality[row]) numerator = std::fma(form_->equality[row], moving_part_.lambda[row], numerator);
  // Written as a sum of squares: the direct form cancels near the end.
  double denominator = point_.kappa / tau + fixed_curvature_;
  for (std::size_t k = 0; k < rho_.size(); ++k)
    denominator = std::fma(fixed_part_.z[k] / weights_[k], fixed_part_.z[k], denominator);
  for (std::size_t row = 0; row < equality_right_.size(); ++row)
    if (form_->is_equality[row])
      denominator = std::fma(equality_give * fixed_part_.lambda[row], fixed_part_.lambda[row], denominator);
  direction_.tau = numerator / denominator;

  for (std::size_t j = 0; j < direction_.x.size(); ++j)
    direction_.x[j] = std::fma(direction_.tau, fixed_part_.x[j], moving_part_.x[j]);
  for (std::size_t row = 0; row < direction_.equality.size(); ++row)
    direction_.equality[row] =
        form_->is_equality[row] ? std::fma(direction_.tau, fixed_part_.lambda[row], moving_part_.lambda[row]) : 0.0;
  for (std::size_t k = 0; k < direction_.z.size(); ++k) {
    direction_.z[k] = std::fma(direction_.tau, fixed_part_.z[k], moving_part_.z[k]);
    direction_.s[k] = -(target[k] + point_.s[k] * direction_.z[k]) / point_.z[k];
  }
  direction_.kappa = -(target_kappa + point_.kappa * direction_.tau) / tau;
}

double Embedding::longest_step() const {
  double length = std::min(room(point_.tau, direction_.tau), room(point_.kappa, direction_.kappa));
  for (std::size_t k = 0; k < point_.s.size(); ++k)
    length = std::min({length, room(point_.s[k], direction_.s[k]), room(point_.z[k], direction_.z[k])});
  return std::min(1.0, boundary_fraction * length);
}

double Embedding::centre_direction(double reduction, double goal, double target_kappa) {
  double length = longest_step();
  for (int round = 0; round < centring_rounds_max && length < step_length_good; ++round) {
    // Where a slightly longer step would lead: products that end far from the goal are pulled back into a band around
    // it.
    const double trial = std::min(1.0, trial_factor * length + trial_extra);
    const auto pull = [&](double s, double ds, double z, double dz) {
      const double product = std::fma(trial, ds, s) * std::fma(trial, dz, z);
      if (product < band_lower * goal) return band_lower * goal - product;
      if (product > band_upper * goal) return std::max(band_upper * goal - product, -band_upper * goal);
      return 0.0;
    };
    for (std::size_t k = 0; k < target_.size(); ++k)
      target_[k] -= pull(point_.s[k], direction_.s[k], point_.z[k], direction_.z[k]);
    target_kappa -= pull(point_.tau, direction_.tau, point_.kappa, direction_.kappa);
    std::swap(direction_, earlier_direction_);
    find_direction(reduction, target_, target_kappa);
    const double longer = longest_step();
    if (!(longer >= length + step_gain_min)) {
      std::swap(direction_, earlier_direction_);
      break;
    }
    length = longer;
  }
  return length;
}

double Embedding::step() {
  const double mu = complementarity();
  update_weights();
  find_fixed_part();

  for (std::size_t k = 0; k < target_.size(); ++k) target_[k] = point_.s[k] * point_.z[k];
  find_direction(1.0, target_, point_.tau * point_.kappa);
  const double predicted = longest_step();
  const double centring = (1.0 - predicted) * (1.0 - predicted) * (1.0 - predicted);

  for (std::size_t k = 0; k < target_.size(); ++k)
    target_[k] = std::fma(direction_.s[k], direction_.z[k], target_[k]) - centring * mu;
  const double target_kappa = std::fma(direction_.kappa, direction_.tau, point_.tau * point_.kappa) - centring * mu;
  find_direction(1.0 - centring, target_, target_kappa);
  const double length = centre_direction(1.0 - centring, centring * mu, target_kappa);
  if (!std::isfinite(direction_.tau) || !(length > 0.0)) return 0.0;

  numerics::add_scaled(length, direction_.x, point_.x);
  numerics::add_scaled(length, direction_.s, point_.s);
  numerics::add_scaled(length, direction_.z, point_.z);
  numerics::add_scaled(length, direction_.equality, point_.equality);
  point_.tau = std::fma(length, direction_.tau, point_.tau);
  point_.kappa = std::fma(length, direction_.kappa, point_.kappa);
  return length;
}

}  // namespace gimbal::optimize::internal
