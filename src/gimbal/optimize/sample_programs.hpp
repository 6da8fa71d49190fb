// Programmes made from a seed, for tests and benchmarks: random families that stress one thing each, and the structure
// that portfolio allocation has. Header only, linked into no library.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/numerics/normal_draw.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/optimize/quadratic_program.hpp"

namespace gimbal::optimize::samples {

inline std::vector<double> normals(SeededRandom& random, std::size_t count) {
  std::vector<double> values(count);
  for (double& value : values) value = numerics::normal_draw(random);
  return values;
}

/// What a random programme is made of.
struct Recipe {
  std::size_t variables = 10;
  std::size_t rows = 8;
  double density = 0.5;            ///< Share of non-zeros in a row.
  std::size_t factor_rows = 0;     ///< Rank of the Hessian's factor.
  double diagonal_share = 1.0;     ///< Share of variables with a diagonal Hessian entry.
  double equality_share = 0.2;     ///< Share of rows that are equalities.
  double free_share = 0.2;         ///< Share of variables without bounds.
  double fixed_share = 0.0;        ///< Share of variables fixed.
  double copied_rows_share = 0.0;  ///< Share of rows that repeat an earlier one, times a number.
};

/// Bounds of a row or variable around its value at a point, and the dual that holds it there.
struct Held {
  double lower = -infinity;
  double upper = infinity;
  double dual = 0.0;
};

/// One row of the recipe: what its bounds are, and whether they hold it.
inline Held hold_row(SeededRandom& random, const Recipe& recipe, double activity) {
  const double kind = random.uniform();
  const double slack_below = random.uniform();
  const double slack_above = random.uniform();
  Held held{activity - slack_below, activity + slack_above, 0.0};
  if (kind < recipe.equality_share) {
    held = {activity, activity, numerics::normal_draw(random)};
  } else if (kind < recipe.equality_share + 0.2) {
    held = {activity, held.upper, random.uniform()};
  } else if (kind < recipe.equality_share + 0.4) {
    held = {held.lower, activity, -random.uniform()};
  } else if (kind < recipe.equality_share + 0.5) {
    held.lower = activity;  // degenerate: active without a dual
  } else if (kind < recipe.equality_share + 0.6) {
    held.upper = infinity;
  }
  return held;
}

/// The same for a variable.
inline Held hold_variable(SeededRandom& random, const Recipe& recipe, double value) {
  const double kind = random.uniform();
  const double below = random.uniform();
  const double above = random.uniform();
  const double dual = random.uniform();
  const double decided = recipe.free_share + recipe.fixed_share;
  if (kind < recipe.free_share) return {};
  if (kind < decided) return {value, value, 0.0};
  if (kind < decided + 0.2) return {value, value + above, dual};
  if (kind < decided + 0.4) return {value - below, value, -dual};
  return {value - below, value + above, 0.0};
}

/// The non-zeros of a new row: drawn, or copied from an earlier one times a number.
inline void draw_row(SeededRandom& random, const Recipe& recipe, const SparseRows& earlier,
                     std::vector<std::uint32_t>& columns, std::vector<double>& values) {
  columns.clear();
  values.clear();
  const double copy_draw = random.uniform();
  if (earlier.row_count() > 0 && copy_draw < recipe.copied_rows_share) {
    const std::size_t source = random.below(earlier.row_count());
    const double factor = numerics::normal_draw(random);
    columns.assign(earlier.columns(source).begin(), earlier.columns(source).end());
    for (const double value : earlier.values(source)) values.push_back(factor * value);
    return;
  }
  for (std::uint32_t j = 0; j < recipe.variables; ++j) {
    const double draw = random.uniform();
    const double value = numerics::normal_draw(random);
    if (draw >= recipe.density) continue;
    columns.push_back(j);
    values.push_back(value);
  }
}

/// A feasible programme with a bounded optimum: bounds are laid around a point, and the cost is chosen so that duals
/// drawn for some of them make the point stationary; a share of the bounds is active and degenerate there.
inline QuadraticProgram feasible_program(SeededRandom& random, const Recipe& recipe) {
  QuadraticProgram program;
  const std::size_t n = recipe.variables;
  const std::vector<double> point = normals(random, n);
  for (std::size_t j = 0; j < n; ++j) {
    const double share = random.uniform();
    const double diagonal = share < recipe.diagonal_share ? random.uniform() : 0.0;
    program.add_variable(-infinity, infinity, 0.0, diagonal);
  }
  for (std::size_t k = 0; k < recipe.factor_rows; ++k) program.hessian_factor.add_dense_row(normals(random, n));
  // Stationarity at the point: cost = rows'y + z - P x.
  std::vector<double>& cost = program.linear_cost;
  std::vector<std::uint32_t> columns;
  std::vector<double> values;
  for (std::size_t i = 0; i < recipe.rows; ++i) {
    draw_row(random, recipe, program.rows, columns, values);
    double activity = 0.0;
    for (std::size_t k = 0; k < columns.size(); ++k) activity += values[k] * point[columns[k]];
    const Held held = hold_row(random, recipe, activity);
    program.add_row(columns, values, held.lower, held.upper);
    for (std::size_t k = 0; k < columns.size(); ++k) cost[columns[k]] += held.dual * values[k];
  }
  for (std::size_t j = 0; j < n; ++j) {
    const Held held = hold_variable(random, recipe, point[j]);
    program.variable_lower[j] = held.lower;
    program.variable_upper[j] = held.upper;
    cost[j] += held.dual - program.hessian_diagonal[j] * point[j];
  }
  for (std::size_t k = 0; k < recipe.factor_rows; ++k) {
    const double image = program.hessian_factor.row_dot(k, point);
    for (std::size_t c = 0; c < program.hessian_factor.columns(k).size(); ++c)
      cost[program.hessian_factor.columns(k)[c]] -= image * program.hessian_factor.values(k)[c];
  }
  return program;
}

/// The same programme in other units: x = column_factor x', rows times row_factor, objective times cost_factor.
struct Units {
  std::vector<double> column_factor;
  std::vector<double> row_factor;
  double cost_factor = 1.0;
};

inline Units random_units(SeededRandom& random, const QuadraticProgram& program, double decades) {
  Units units;
  const auto draw = [&] { return numerics::pow(10.0, decades * (2.0 * random.uniform() - 1.0)); };
  for (std::size_t j = 0; j < program.variable_count; ++j) units.column_factor.push_back(draw());
  for (std::size_t i = 0; i < program.rows.row_count(); ++i) units.row_factor.push_back(draw());
  units.cost_factor = draw();
  return units;
}

inline QuadraticProgram in_units(const QuadraticProgram& program, const Units& units) {
  QuadraticProgram scaled;
  for (std::size_t j = 0; j < program.variable_count; ++j) {
    const double factor = units.column_factor[j];
    scaled.add_variable(program.variable_lower[j] / factor, program.variable_upper[j] / factor,
                        program.linear_cost[j] * factor * units.cost_factor,
                        program.hessian_diagonal[j] * factor * factor * units.cost_factor);
  }
  const auto scaled_values = [&](const SparseRows& rows, std::size_t i, double row_factor) {
    std::vector<double> values;
    for (std::size_t k = 0; k < rows.columns(i).size(); ++k)
      values.push_back(rows.values(i)[k] * row_factor * units.column_factor[rows.columns(i)[k]]);
    return values;
  };
  for (std::size_t i = 0; i < program.hessian_factor.row_count(); ++i)
    scaled.hessian_factor.add_row(program.hessian_factor.columns(i),
                                  scaled_values(program.hessian_factor, i, std::sqrt(units.cost_factor)));
  for (std::size_t i = 0; i < program.rows.row_count(); ++i) {
    const double factor = units.row_factor[i];
    scaled.add_row(program.rows.columns(i), scaled_values(program.rows, i, factor), program.row_lower[i] * factor,
                   program.row_upper[i] * factor);
  }
  return scaled;
}

/// Sizes of the allocation structure.
struct PortfolioShape {
  std::size_t positions = 200;
  std::size_t scenario_rows = 300;  ///< Dense floors over all positions.
  std::size_t greek_rows = 40;      ///< Dense two-sided rows over all positions.
  std::size_t budget_rows = 6;      ///< Dense over positions and the private variables of trades and shorts.
  std::size_t factor_rows = 30;     ///< Rank of the covariance.
  bool elastic = false;  ///< Every scenario and Greek row may be broken at a price, by a variable of its own.
};

/// The positions of a portfolio programme: what one contract of each is worth and how many are held.
struct Holdings {
  std::vector<double> unit;  ///< From deep out of the money to a whole coin: four decades.
  std::vector<double> current;
};

/// Adds for every position its private variables, trade cost t >= +-cost (q - q0) and short part n >= -q, with their
/// rows.
inline void add_private_variables(SeededRandom& random, const Holdings& holdings, QuadraticProgram& program) {
  const auto positions = static_cast<std::uint32_t>(holdings.unit.size());
  for (std::uint32_t j = 0; j < positions; ++j) program.add_variable(0.0, infinity, 1.0);
  for (std::uint32_t j = 0; j < positions; ++j) program.add_variable(0.0, infinity, 0.0);
  for (std::uint32_t j = 0; j < positions; ++j) {
    const double cost = holdings.unit[j] * (0.002 + 0.01 * random.uniform());
    const double held = cost * holdings.current[j];
    const std::vector<std::uint32_t> trade{j, positions + j};
    program.add_row(trade, std::vector<double>{-cost, 1.0}, -held, infinity);
    program.add_row(trade, std::vector<double>{cost, 1.0}, held, infinity);
    program.add_row(std::vector<std::uint32_t>{j, 2 * positions + j}, std::vector<double>{1.0, 1.0}, 0.0, infinity);
  }
}

/// Adds a dense row over all positions with a band around 60 % of its present value, so that something has to be done.
struct Band {
  double size = 1.0;
  double below = 1.0;
  double above = infinity;
  bool elastic = false;
};
inline void add_exposure(SeededRandom& random, const Holdings& holdings, const Band& band, QuadraticProgram& program) {
  const std::size_t positions = holdings.unit.size();
  std::vector<double> row = normals(random, positions);
  std::vector<std::uint32_t> columns(positions);
  double held = 0.0;
  for (std::uint32_t j = 0; j < positions; ++j) {
    columns[j] = j;
    row[j] *= band.size * holdings.unit[j];
    held += row[j] * holdings.current[j];
  }
  if (band.elastic) {
    columns.push_back(program.add_variable(0.0, infinity, 1000.0));
    row.push_back(1.0);
  }
  program.add_row(columns, row, 0.6 * held - band.below, 0.6 * held + band.above);
}

/// Adds a budget over positions, trades and short parts.
inline void add_budget(SeededRandom& random, const Holdings& holdings, QuadraticProgram& program) {
  const std::size_t positions = holdings.unit.size();
  std::vector<double> row;
  for (std::size_t j = 0; j < positions; ++j) row.push_back(0.1 * holdings.unit[j] * numerics::normal_draw(random));
  for (std::size_t j = 0; j < positions; ++j) row.push_back(1.0);
  for (std::size_t j = 0; j < positions; ++j) row.push_back(0.1 * holdings.unit[j]);
  std::vector<std::uint32_t> columns(row.size());
  for (std::uint32_t k = 0; k < columns.size(); ++k) columns[k] = k;
  const double scale = 20.0 + 20.0 * random.uniform();
  program.add_row(columns, row, -infinity, scale * std::sqrt(static_cast<double>(positions)));
}

/// Positions q with private variables; scenario floors, Greek bands, budgets; a factor covariance. Costs, payoffs and
/// positions have the spread that real chains have.
inline QuadraticProgram portfolio_program(std::uint64_t seed, const PortfolioShape& shape) {
  SeededRandom random{seed};
  QuadraticProgram program;
  Holdings holdings;
  for (std::size_t j = 0; j < shape.positions; ++j) {
    const double magnitude = 4.0 * random.uniform() - 3.0;
    const double held = random.uniform();
    holdings.unit.push_back(numerics::pow(10.0, magnitude));
    holdings.current.push_back(held < 0.3 ? std::floor(10.0 * numerics::normal_draw(random) + 0.5) : 0.0);
    const double edge = 0.02 * holdings.unit[j] * numerics::normal_draw(random);
    program.add_variable(holdings.current[j] - 50.0, holdings.current[j] + 50.0, -edge,
                         1e-6 * holdings.unit[j] * holdings.unit[j]);
  }
  for (std::size_t k = 0; k < shape.factor_rows; ++k) {
    std::vector<double> row = normals(random, shape.positions);
    for (std::size_t j = 0; j < shape.positions; ++j) row[j] *= 0.002 * holdings.unit[j];
    program.hessian_factor.add_dense_row(row);
  }
  add_private_variables(random, holdings, program);
  for (std::size_t i = 0; i < shape.scenario_rows; ++i) {
    const double size = 0.05 + 0.3 * random.uniform();
    const double below = 0.5 + random.uniform();
    add_exposure(random, holdings, {size, below, infinity, shape.elastic}, program);
  }
  for (std::size_t i = 0; i < shape.greek_rows; ++i)
    add_exposure(random, holdings, {1.0, 1.0, shape.elastic ? infinity : 1.0, shape.elastic}, program);
  for (std::size_t i = 0; i < shape.budget_rows; ++i) add_budget(random, holdings, program);
  return program;
}

}  // namespace gimbal::optimize::samples
