// Taking out what is decided, then Ruiz's scaling.
#include "gimbal/optimize/internal/standard_form.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace gimbal::optimize::internal {
namespace {

constexpr std::uint32_t dropped = 0xffffffffU;
// A row without variables holds if its constant is this close to its bounds, relative to both.
constexpr double empty_row_tolerance = 1e-9;
// No row or column is stretched by more than this in total: beyond it, noise would be scaled up to look like data.
constexpr double scale_limit = 0x1p20;

double bound_or(const std::vector<double>& bounds, std::size_t i, double missing) {
  if (bounds.empty() || std::fabs(bounds[i]) >= bound_magnitude_max) return missing;
  return bounds[i];
}

/// Collects one row's non-zeros over the kept variables, ascending and each column once.
class RowCollector {
 public:
  explicit RowCollector(const std::vector<std::uint32_t>& place) : place_{place} {}

  /// Returns the share of the fixed variables.
  double collect(const SparseRows& source, std::size_t row, const std::vector<double>& fixed_values) {
    pairs_.clear();
    columns_.clear();
    values_.clear();
    double shift = 0.0;
    for (std::size_t k = 0; k < source.columns(row).size(); ++k) {
      const std::uint32_t column = source.columns(row)[k];
      const double value = source.values(row)[k];
      if (place_[column] == dropped)
        shift += value * fixed_values[column];
      else
        pairs_.push_back({place_[column], value});
    }
    std::stable_sort(pairs_.begin(), pairs_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& pair : pairs_) {
      if (!columns_.empty() && columns_.back() == pair.first) {
        values_.back() += pair.second;
      } else {
        columns_.push_back(pair.first);
        values_.push_back(pair.second);
      }
    }
    return shift;
  }
  [[nodiscard]] const std::vector<std::uint32_t>& columns() const { return columns_; }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }

 private:
  const std::vector<std::uint32_t>& place_;
  std::vector<std::pair<std::uint32_t, double>> pairs_;
  std::vector<std::uint32_t> columns_;
  std::vector<double> values_;
};

std::vector<std::uint32_t> keep_variables(const QuadraticProgram& program, StandardForm& form) {
  std::vector<std::uint32_t> place(program.variable_count, dropped);
  form.fixed_values.assign(program.variable_count, 0.0);
  for (std::uint32_t j = 0; j < program.variable_count; ++j) {
    const double low = bound_or(program.variable_lower, j, -infinity);
    const double high = bound_or(program.variable_upper, j, infinity);
    if (low == high) {
      form.fixed_values[j] = low;
      continue;
    }
    place[j] = static_cast<std::uint32_t>(form.kept_variables.size());
    if (std::isfinite(high)) form.variable_sides.push_back({place[j], 1.0, high});
    if (std::isfinite(low)) form.variable_sides.push_back({place[j], -1.0, -low});
    form.kept_variables.push_back(j);
  }
  return place;
}

void keep_objective(const QuadraticProgram& program, const std::vector<std::uint32_t>& place, StandardForm& form) {
  // With y the fixed values the linear term becomes cost + P y, and what is left is a constant.
  std::vector<double> curvature(program.variable_count, 0.0);
  hessian_product(program, form.fixed_values, curvature);
  for (const std::uint32_t j : form.kept_variables) {
    form.cost.push_back((program.linear_cost.empty() ? 0.0 : program.linear_cost[j]) + curvature[j]);
    form.diagonal.push_back(program.hessian_diagonal.empty() ? 0.0 : program.hessian_diagonal[j]);
  }
  form.factor = RunMatrix{form.kept_variables.size()};
  RowCollector collector{place};
  for (std::size_t row = 0; row < program.hessian_factor.row_count(); ++row) {
    collector.collect(program.hessian_factor, row, form.fixed_values);
    if (!collector.columns().empty()) form.factor.add_row(collector.columns(), collector.values());
  }
  for (const HessianEntry& entry : program.hessian_entries) {
    if (place[entry.row] == dropped || place[entry.column] == dropped || entry.value == 0.0) continue;
    const auto [low, high] = std::minmax(place[entry.row], place[entry.column]);
    form.off_diagonal.push_back({low, high, entry.value});
  }
  auto& pairs = form.off_diagonal;
  const auto key = [](const PairEntry& entry) { return std::pair{entry.row, entry.column}; };
  std::stable_sort(pairs.begin(), pairs.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  std::size_t kept = 0;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    if (kept > 0 && key(pairs[kept - 1]) == key(pairs[k]))
      pairs[kept - 1].value += pairs[k].value;
    else
      pairs[kept++] = pairs[k];
  }
  pairs.resize(kept);
}

void keep_rows(const QuadraticProgram& program, const std::vector<std::uint32_t>& place, StandardForm& form) {
  form.rows = RunMatrix{form.kept_variables.size()};
  RowCollector collector{place};
  for (std::uint32_t i = 0; i < program.rows.row_count(); ++i) {
    const double low = bound_or(program.row_lower, i, -infinity);
    const double high = bound_or(program.row_upper, i, infinity);
    if (!std::isfinite(low) && !std::isfinite(high)) continue;
    const double shift = collector.collect(program.rows, i, form.fixed_values);
    if (collector.columns().empty()) {
      const auto broken_by = [&](double excess, double bound) {
        return std::isfinite(bound) && excess > empty_row_tolerance * (1.0 + std::fabs(bound) + std::fabs(shift));
      };
      if (broken_by(low - shift, low)) form.contradiction = Contradiction{i, false};
      if (broken_by(shift - high, high)) form.contradiction = Contradiction{i, true};
      continue;
    }
    const auto row = static_cast<std::uint32_t>(form.kept_rows.size());
    form.rows.add_row(collector.columns(), collector.values());
    form.kept_rows.push_back(i);
    form.is_equality.push_back(low == high);
    form.equality.push_back(low == high ? low - shift : 0.0);
    if (low == high) continue;
    if (std::isfinite(high)) form.row_sides.push_back({row, 1.0, high - shift});
    if (std::isfinite(low)) form.row_sides.push_back({row, -1.0, -(low - shift)});
  }
}

double root_step(double norm) { return norm > 0.0 ? 1.0 / std::sqrt(norm) : 1.0; }

/// Diagonal of P as given, the factor's share included: a bound on every entry of a column of a semidefinite matrix.
std::vector<double> full_diagonal(const StandardForm& form) {
  std::vector<double> diagonal = form.diagonal;
  for (std::size_t row = 0; row < form.factor.row_count(); ++row)
    form.factor.for_each(row, [&](std::size_t column, double value) { diagonal[column] += value * value; });
  return diagonal;
}

/// The exponent e of a positive number between 2^(e-1) and 2^e.
int binary_exponent(double value) {
  int exponent = 0;
  static_cast<void>(std::frexp(value, &exponent));
  return exponent;
}

/// 2^exponent for exponents that a normal number can have. Scales are powers of two so that applying them rounds
/// nothing.
double power_of_two(int exponent) {
  constexpr int bias = 1023;
  constexpr int fraction_bits = 52;
  return std::bit_cast<double>(static_cast<std::uint64_t>(bias + exponent) << fraction_bits);
}

/// The factor that brings the objective's typical coefficient, the geometric mean of those that are not zero, near one.
/// The largest would not do: penalties that no solution pays would push the costs that matter below the tolerances.
double typical_objective_scale(const StandardForm& form, const std::vector<double>& curvature) {
  std::int64_t exponents = 0;
  std::int64_t count = 0;
  for (std::size_t j = 0; j < form.variable_count(); ++j) {
    const double scale = form.column_scale[j];
    const double size = std::max(std::fabs(form.cost[j]) * scale, curvature[j] * scale * scale);
    if (size == 0.0) continue;
    exponents += binary_exponent(size);
    ++count;
  }
  if (count == 0) return 1.0;
  // An even exponent, since the factor of the Hessian takes the root.
  const double scale = power_of_two(static_cast<int>(-exponents / (2 * count)) * 2);
  return std::clamp(scale, 1.0 / scale_limit, scale_limit);
}

/// Scales rows and columns until the largest element of each is near one.
void find_scales(StandardForm& form, int rounds) {
  const std::size_t columns = form.variable_count();
  form.column_scale.assign(columns, 1.0);
  form.row_scale.assign(form.row_count(), 1.0);
  const std::vector<double> curvature = full_diagonal(form);
  std::vector<double> column_norm(columns);
  for (int round = 0; round < rounds; ++round) {
    form.cost_scale = typical_objective_scale(form, curvature);
    for (std::size_t j = 0; j < columns; ++j)
      column_norm[j] = form.cost_scale * curvature[j] * form.column_scale[j] * form.column_scale[j];
    for (std::size_t i = 0; i < form.row_count(); ++i) {
      double row_norm = 0.0;
      form.rows.for_each(i, [&](std::size_t column, double value) {
        const double magnitude = std::fabs(value) * form.row_scale[i] * form.column_scale[column];
        row_norm = std::max(row_norm, magnitude);
        column_norm[column] = std::max(column_norm[column], magnitude);
      });
      form.row_scale[i] = std::clamp(form.row_scale[i] * root_step(row_norm), 1.0 / scale_limit, scale_limit);
    }
    for (std::size_t j = 0; j < columns; ++j)
      form.column_scale[j] =
          std::clamp(form.column_scale[j] * root_step(column_norm[j]), 1.0 / scale_limit, scale_limit);
  }
  for (double& scale : form.column_scale) scale = power_of_two(binary_exponent(scale));
  for (double& scale : form.row_scale) scale = power_of_two(binary_exponent(scale));
}

void apply_scales(StandardForm& form) {
  const std::vector<double>& column_scale = form.column_scale;
  for (std::size_t j = 0; j < form.variable_count(); ++j) {
    form.cost[j] *= form.cost_scale * column_scale[j];
    form.diagonal[j] *= form.cost_scale * column_scale[j] * column_scale[j];
  }
  const double factor_scale = std::sqrt(form.cost_scale);
  for (std::size_t row = 0; row < form.factor.row_count(); ++row)
    form.factor.for_each(row, [&](std::size_t column, double& value) { value *= factor_scale * column_scale[column]; });
  for (PairEntry& entry : form.off_diagonal)
    entry.value *= form.cost_scale * column_scale[entry.row] * column_scale[entry.column];
  for (std::size_t row = 0; row < form.row_count(); ++row) {
    form.rows.for_each(row,
                       [&](std::size_t column, double& value) { value *= form.row_scale[row] * column_scale[column]; });
    form.equality[row] *= form.row_scale[row];
  }
  for (Side& side : form.variable_sides) side.bound /= column_scale[side.index];
  for (Side& side : form.row_sides) side.bound *= form.row_scale[side.index];
}

}  // namespace

void hessian_product(const QuadraticProgram& program, std::span<const double> x, std::span<double> result) {
  for (std::size_t j = 0; j < program.variable_count; ++j)
    result[j] = program.hessian_diagonal.empty() ? 0.0 : program.hessian_diagonal[j] * x[j];
  for (std::size_t row = 0; row < program.hessian_factor.row_count(); ++row) {
    const double image = program.hessian_factor.row_dot(row, x);
    if (image == 0.0) continue;
    const auto columns = program.hessian_factor.columns(row);
    const auto values = program.hessian_factor.values(row);
    for (std::size_t k = 0; k < columns.size(); ++k)
      result[columns[k]] = std::fma(image, values[k], result[columns[k]]);
  }
  for (const HessianEntry& entry : program.hessian_entries) {
    result[entry.row] = std::fma(entry.value, x[entry.column], result[entry.row]);
    result[entry.column] = std::fma(entry.value, x[entry.row], result[entry.column]);
  }
}

StandardForm make_standard_form(const QuadraticProgram& program, int scaling_rounds) {
  StandardForm form;
  const std::vector<std::uint32_t> place = keep_variables(program, form);
  keep_objective(program, place, form);
  keep_rows(program, place, form);
  find_scales(form, scaling_rounds);
  apply_scales(form);
  return form;
}

}  // namespace gimbal::optimize::internal
