// Programmes made from a seed, for tests and benchmarks: random families that stress one thing each, and the structure
// that portfolio allocation has. Header only, linked into no library.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/optimize/quadratic_program.hpp"

namespace gimbal::optimize::samples {

inline std::vector<double> normals(SeededRandom& random, std::size_t count) {
  std::vector<double> values(count);
  for (double& value : values) value = random.normal();
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
  double scale_decades = 0.0;      ///< Rows, columns and cost are scaled by 10^(+- this).
};

/// A feasible programme with a bounded optimum: bounds are laid around a point, and the cost is a combination of
/// gradients and rows that makes this point's duals feasible; a share of the bounds is active and degenerate there.
inline QuadraticProgram feasible_program(SeededRandom& random, const Recipe& recipe) {
  QuadraticProgram program;
  const std::size_t n = recipe.variables;
  const std::vector<double> point = normals(random, n);
  for (std::size_t j = 0; j < n; ++j) {
    const double diagonal_draw = random.uniform();
    const double diagonal = diagonal_draw < recipe.diagonal_share ? random.uniform() : 0.0;
    program.add_variable(-infinity, infinity, 0.0, diagonal);
  }
  for (std::size_t k = 0; k < recipe.factor_rows; ++k) program.hessian_factor.add_dense_row(normals(random, n));
  std::vector<double> gradient(n, 0.0);  // of rows and bounds at the point
  for (std::size_t i = 0; i < recipe.rows; ++i) {
    std::vector<std::uint32_t> columns;
    std::vector<double> values;
    const double copy_draw = random.uniform();
    if (i > 0 && copy_draw < recipe.copied_rows_share) {
      const std::size_t source = random.below(i);
      const double factor = random.normal();
      columns.assign(program.rows.columns(source).begin(), program.rows.columns(source).end());
      for (const double value : program.rows.values(source)) values.push_back(factor * value);
    } else {
      for (std::uint32_t j = 0; j < n; ++j) {
        const double draw = random.uniform();
        const double value = random.normal();
        if (draw >= recipe.density) continue;
        columns.push_back(j);
        values.push_back(value);
      }
    }
    double activity = 0.0;
    for (std::size_t k = 0; k < columns.size(); ++k) activity += values[k] * point[columns[k]];
    const double kind = random.uniform();
    const double slack_below = random.uniform();
    const double slack_above = random.uniform();
    double lower = activity - slack_below;
    double upper = activity + slack_above;
    double dual = 0.0;
    if (kind < recipe.equality_share) {
      lower = upper = activity;
      dual = random.normal();
    } else if (kind < recipe.equality_share + 0.2) {
      lower = activity;
      dual = random.uniform();
    } else if (kind < recipe.equality_share + 0.4) {
      upper = activity;
      dual = -random.uniform();
    } else if (kind < recipe.equality_share + 0.5) {
      lower = activity;  // degenerate: active without a dual
    } else if (kind < recipe.equality_share + 0.6) {
      upper = infinity;
    }
    program.add_row(columns, values, lower, upper);
    for (std::size_t k = 0; k < columns.size(); ++k) gradient[columns[k]] += dual * values[k];
  }
  for (std::size_t j = 0; j < n; ++j) {
    const double kind = random.uniform();
    const double below = random.uniform();
    const double above = random.uniform();
    const double dual = random.uniform();
    if (kind < recipe.free_share) continue;
    program.variable_lower[j] = point[j] - below;
    program.variable_upper[j] = point[j] + above;
    if (kind < recipe.free_share + recipe.fixed_share) {
      program.variable_lower[j] = program.variable_upper[j] = point[j];
    } else if (kind < recipe.free_share + recipe.fixed_share + 0.2) {
      program.variable_lower[j] = point[j];
      gradient[j] += dual;
    } else if (kind < recipe.free_share + recipe.fixed_share + 0.4) {
      program.variable_upper[j] = point[j];
      gradient[j] -= dual;
    }
  }
  // Stationarity at the point: cost = rows'y + z - P x.
  std::vector<double> curvature(n, 0.0);
  for (std::size_t j = 0; j < n; ++j) curvature[j] = program.hessian_diagonal[j] * point[j];
  for (std::size_t k = 0; k < recipe.factor_rows; ++k) {
    const double image = program.hessian_factor.row_dot(k, point);
    for (std::size_t c = 0; c < program.hessian_factor.columns(k).size(); ++c)
      curvature[program.hessian_factor.columns(k)[c]] += image * program.hessian_factor.values(k)[c];
  }
  for (std::size_t j = 0; j < n; ++j) program.linear_cost[j] = gradient[j] - curvature[j];
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
  const auto draw = [&] { return std::pow(10.0, decades * (2.0 * random.uniform() - 1.0)); };
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

/// Positions q, for each a trade cost t >= +-cost (q - q0) and a short part n >= -q, n >= 0; scenario floors, Greek
/// bands, budgets over t and n; a factor covariance. Costs, payoffs and positions have the spread that real chains
/// have.
inline QuadraticProgram portfolio_program(std::uint64_t seed, const PortfolioShape& shape) {
  SeededRandom random{seed};
  QuadraticProgram program;
  const auto positions = static_cast<std::uint32_t>(shape.positions);
  std::vector<double> current(shape.positions);
  std::vector<double> unit(shape.positions);  // value of a contract, from deep out of the money to a whole coin
  std::vector<double> edge(shape.positions);
  for (std::uint32_t j = 0; j < positions; ++j) {
    const double magnitude = 4.0 * random.uniform() - 3.0;
    unit[j] = std::pow(10.0, magnitude);
    current[j] = random.uniform() < 0.3 ? std::round(10.0 * random.normal()) : 0.0;
    edge[j] = 0.02 * unit[j] * random.normal();
    program.add_variable(current[j] - 50.0, current[j] + 50.0, -edge[j], 1e-6 * unit[j] * unit[j]);
  }
  for (std::size_t k = 0; k < shape.factor_rows; ++k) {
    std::vector<double> row = normals(random, positions);
    for (std::uint32_t j = 0; j < positions; ++j) row[j] *= 0.002 * unit[j];
    program.hessian_factor.add_dense_row(row);
  }
  std::vector<std::uint32_t> trade(positions);
  std::vector<std::uint32_t> sold(positions);
  for (std::uint32_t j = 0; j < positions; ++j) trade[j] = program.add_variable(0.0, infinity, 1.0);
  for (std::uint32_t j = 0; j < positions; ++j) sold[j] = program.add_variable(0.0, infinity, 0.0);
  for (std::uint32_t j = 0; j < positions; ++j) {
    const double cost = unit[j] * (0.002 + 0.01 * random.uniform());
    program.add_row(std::vector<std::uint32_t>{j, trade[j]}, std::vector<double>{-cost, 1.0}, -cost * current[j],
                    infinity);
    program.add_row(std::vector<std::uint32_t>{j, trade[j]}, std::vector<double>{cost, 1.0}, cost * current[j],
                    infinity);
    program.add_row(std::vector<std::uint32_t>{j, sold[j]}, std::vector<double>{1.0, 1.0}, 0.0, infinity);
  }
  std::vector<std::uint32_t> all(positions);
  for (std::uint32_t j = 0; j < positions; ++j) all[j] = j;
  const auto add_exposure = [&](double size, double below, double above, bool one_sided) {
    std::vector<double> row = normals(random, positions);
    double held = 0.0;
    for (std::uint32_t j = 0; j < positions; ++j) {
      row[j] *= size * unit[j];
      held += row[j] * current[j];
    }
    std::vector<std::uint32_t> columns = all;
    if (shape.elastic) {
      columns.push_back(program.add_variable(0.0, infinity, 1000.0));
      row.push_back(1.0);
    }
    // A third of what is held is outside its band, so that something has to be done.
    program.add_row(columns, row, 0.6 * held - below, one_sided ? infinity : 0.6 * held + above);
  };
  for (std::size_t i = 0; i < shape.scenario_rows; ++i) {
    const double size = 0.05 + 0.3 * random.uniform();
    const double below = 0.5 + random.uniform();
    add_exposure(size, below, 0.0, true);
  }
  for (std::size_t i = 0; i < shape.greek_rows; ++i) add_exposure(1.0, 1.0, 1.0, shape.elastic);
  for (std::size_t i = 0; i < shape.budget_rows; ++i) {
    std::vector<std::uint32_t> columns = all;
    std::vector<double> row(positions);
    for (std::uint32_t j = 0; j < positions; ++j) row[j] = 0.1 * unit[j] * random.normal();
    for (std::uint32_t j = 0; j < positions; ++j) {
      columns.push_back(trade[j]);
      row.push_back(1.0);
    }
    for (std::uint32_t j = 0; j < positions; ++j) {
      columns.push_back(sold[j]);
      row.push_back(0.1 * unit[j]);
    }
    const double scale = 20.0 + 20.0 * random.uniform();
    program.add_row(columns, row, -infinity, scale * std::sqrt(static_cast<double>(positions)));
  }
  return program;
}

}  // namespace gimbal::optimize::samples
