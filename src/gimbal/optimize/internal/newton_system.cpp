// Assembling the nodes, and iterative refinement.
#include "gimbal/optimize/internal/newton_system.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/numerics/reduction.hpp"

namespace gimbal::optimize::internal {
namespace {

// Added to every pivot in its own direction, so that dependent rows and flat directions factorise. It begins small, to
// leave the preconditioner exact, and grows while pivots come out with the wrong sign: a sign that rounding has won.
constexpr double regularisation_least = 1e-11;
constexpr double regularisation_step = 100.0;
constexpr double regularisation_most = 1e-5;
constexpr double pivot_floor = 1e-13;
constexpr double pivot_replacement = 1e-7;
// Each near-dependency costs GMRES about one direction; more than a dozen at a time are not worth the memory.
constexpr std::size_t search_directions_max = 12;
constexpr int restarts_max = 2;
constexpr double residual_good = 1e-13;

std::vector<NodeKind> node_kinds(const StandardForm& form) {
  std::vector<NodeKind> kinds(form.variable_count(), NodeKind::positive_weak);
  for (std::size_t j = 0; j < form.variable_count(); ++j)
    if (form.diagonal[j] > 0.0) kinds[j] = NodeKind::positive;
  for (const Side& side : form.variable_sides) kinds[side.index] = NodeKind::positive;
  kinds.resize(kinds.size() + form.factor.row_count(), NodeKind::negative_constant);
  for (std::size_t row = 0; row < form.row_count(); ++row)
    kinds.push_back(form.is_equality[row] ? NodeKind::negative_weak : NodeKind::negative);
  return kinds;
}

std::vector<PairEntry> pair_entries(const StandardForm& form) {
  std::vector<PairEntry> entries = form.off_diagonal;
  const auto append = [&](const RunMatrix& matrix, std::size_t first_node) {
    for (std::size_t row = 0; row < matrix.row_count(); ++row)
      matrix.for_each(row, [&](std::size_t column, double value) {
        entries.push_back({static_cast<std::uint32_t>(first_node + row), static_cast<std::uint32_t>(column), value});
      });
  };
  append(form.factor, form.variable_count());
  append(form.rows, form.variable_count() + form.factor.row_count());
  return entries;
}

}  // namespace

NewtonSystem::NewtonSystem(const StandardForm& form) : form_{&form}, factor_{node_kinds(form), pair_entries(form)} {
  const std::size_t count = factor_.size();
  diagonal_.assign(count, -1.0);
  regularised_.assign(count, -1.0);
  right_.assign(count, 0.0);
  residual_.assign(count, 0.0);
  candidate_.assign(count, 0.0);
  best_.assign(count, 0.0);
  basis_.assign(count * search_directions_max, 0.0);
  directions_.assign(count * search_directions_max, 0.0);
}

void NewtonSystem::reset() { regularisation_ = regularisation_least; }

void NewtonSystem::factorise(std::span<const double> variable_weights, std::span<const double> row_weights) {
  for (std::size_t j = 0; j < form_->variable_count(); ++j) diagonal_[j] = form_->diagonal[j] + variable_weights[j];
  for (std::size_t row = 0; row < form_->row_count(); ++row)
    diagonal_[first_row() + row] = form_->is_equality[row] ? -equality_give : -1.0 / row_weights[row];
  for (;;) {
    for (std::size_t j = 0; j < form_->variable_count(); ++j) regularised_[j] = diagonal_[j] + regularisation_;
    for (std::size_t node = first_row(); node < regularised_.size(); ++node)
      regularised_[node] = diagonal_[node] - regularisation_;
    replaced_pivots_ = factor_.factorise(regularised_, {pivot_floor, pivot_replacement});
    if (replaced_pivots_ == 0 || regularisation_ >= regularisation_most) break;
    regularisation_ *= regularisation_step;
  }
}

void NewtonSystem::multiply(std::span<const double> x, std::span<double> result) const {
  const std::size_t variables = form_->variable_count();
  const std::size_t factors = form_->factor.row_count();
  for (std::size_t i = 0; i < x.size(); ++i) result[i] = diagonal_[i] * x[i];
  for (const PairEntry& entry : form_->off_diagonal) {
    result[entry.row] = std::fma(entry.value, x[entry.column], result[entry.row]);
    result[entry.column] = std::fma(entry.value, x[entry.row], result[entry.column]);
  }
  form_->factor.add_transposed(x.subspan(variables, factors), 1.0, result.first(variables));
  form_->rows.add_transposed(x.subspan(variables + factors), 1.0, result.first(variables));
  for (std::size_t row = 0; row < factors; ++row)
    result[variables + row] += form_->factor.row_dot(row, x.first(variables));
  for (std::size_t row = 0; row < form_->row_count(); ++row)
    result[variables + factors + row] += form_->rows.row_dot(row, x.first(variables));
}

double NewtonSystem::compute_residual(std::span<const double> solution) {
  multiply(solution, residual_);
  for (std::size_t i = 0; i < residual_.size(); ++i) residual_[i] = right_[i] - residual_[i];
  return numerics::maximum_absolute(residual_);
}

void NewtonSystem::improve(std::span<double> solution, double target) {
  const std::size_t size = solution.size();
  const auto basis = [&](std::size_t k) { return std::span{basis_}.subspan(k * size, size); };
  const auto direction = [&](std::size_t k) { return std::span{directions_}.subspan(k * size, size); };
  const double start = std::sqrt(numerics::dot(residual_, residual_));
  for (std::size_t i = 0; i < size; ++i) basis(0)[i] = residual_[i] / start;
  // Columns of the Hessenberg matrix, already rotated to upper triangular form, and the rotated right side.
  double triangle[search_directions_max][search_directions_max + 1] = {};
  double cosine[search_directions_max] = {};
  double sine[search_directions_max] = {};
  double rotated[search_directions_max + 1] = {start};
  std::size_t count = 0;
  while (count < search_directions_max && std::fabs(rotated[count]) > target) {
    const std::size_t k = count++;
    std::copy(basis(k).begin(), basis(k).end(), direction(k).begin());
    factor_.solve(direction(k));
    multiply(direction(k), candidate_);
    double* column = triangle[k];
    for (std::size_t i = 0; i <= k; ++i) {
      column[i] = numerics::dot(basis(i), candidate_);
      numerics::add_scaled(-column[i], basis(i), candidate_);
    }
    const double rest = std::sqrt(numerics::dot(candidate_, candidate_));
    if (rest > 0.0 && k + 1 < search_directions_max)
      for (std::size_t i = 0; i < size; ++i) basis(k + 1)[i] = candidate_[i] / rest;
    for (std::size_t i = 0; i < k; ++i) {
      const double upper = std::fma(cosine[i], column[i], sine[i] * column[i + 1]);
      column[i + 1] = std::fma(cosine[i], column[i + 1], -sine[i] * column[i]);
      column[i] = upper;
    }
    const double length = std::sqrt(std::fma(column[k], column[k], rest * rest));
    if (!(length > 0.0) || !std::isfinite(length)) {
      --count;
      break;
    }
    cosine[k] = column[k] / length;
    sine[k] = rest / length;
    column[k] = length;
    rotated[k + 1] = -sine[k] * rotated[k];
    rotated[k] *= cosine[k];
    if (rest == 0.0) break;
  }
  for (std::size_t k = count; k-- > 0;) {
    double share = rotated[k];
    for (std::size_t later = k + 1; later < count; ++later)
      share = std::fma(-triangle[later][k], rotated[later], share);
    rotated[k] = share / triangle[k][k];
  }
  for (std::size_t k = 0; k < count; ++k) numerics::add_scaled(rotated[k], direction(k), solution);
}

double NewtonSystem::solve(std::span<const double> right, std::span<double> solution) {
  std::copy(right.begin(), right.end(), right_.begin());
  const double scale = numerics::maximum_absolute(right_);
  if (scale == 0.0) {
    std::fill(solution.begin(), solution.end(), 0.0);
    return 0.0;
  }
  std::copy(right.begin(), right.end(), solution.begin());
  factor_.solve(solution);
  double error = compute_residual(solution);
  for (int round = 0; round < restarts_max && error > residual_good * scale; ++round) {
    std::copy(solution.begin(), solution.end(), best_.begin());
    improve(solution, residual_good * scale);
    const double improved = compute_residual(solution);
    if (!(improved < error)) {
      std::copy(best_.begin(), best_.end(), solution.begin());
      break;
    }
    error = improved;
  }
  return error / scale;
}

}  // namespace gimbal::optimize::internal
