// Claims about the sparse factorisation: every phase of it gives the solution of the system as written.
#include "gimbal/optimize/internal/quasidefinite.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gimbal/foundation/random.hpp"
#include "gimbal/numerics/normal_draw.hpp"

namespace gimbal::optimize::internal {
namespace {

struct System {
  std::vector<NodeKind> kinds;
  std::vector<PairEntry> entries;
  std::vector<double> diagonal;
};

/// Variables first, then rows: some dense, some of two entries, with private variables as an allocation has them.
System random_system(SeededRandom& random, std::size_t variables, std::size_t private_variables, std::size_t dense_rows,
                     std::size_t constant_rows) {
  System system;
  const auto add_node = [&](NodeKind kind, double diagonal) {
    system.kinds.push_back(kind);
    system.diagonal.push_back(diagonal);
    return static_cast<std::uint32_t>(system.kinds.size() - 1);
  };
  const auto draw = [&] {
    const double size = random.uniform();
    return 0.1 + 3.0 * size;
  };
  for (std::size_t j = 0; j < variables; ++j)
    add_node(random.below(3) == 0 ? NodeKind::positive_weak : NodeKind::positive, draw());
  for (std::size_t k = 0; k < private_variables; ++k) {
    const std::uint32_t own = add_node(NodeKind::positive, draw());
    const auto shared = static_cast<std::uint32_t>(random.below(variables));
    for (int side = 0; side < 2; ++side) {
      const std::uint32_t row = add_node(NodeKind::negative, -draw());
      system.entries.push_back({row, own, 1.0});
      system.entries.push_back({shared, row, numerics::normal_draw(random)});
    }
  }
  for (std::size_t i = 0; i < dense_rows + constant_rows; ++i) {
    const bool constant = i >= dense_rows;
    const NodeKind kind =
        constant ? NodeKind::negative_constant : (i % 4 == 3 ? NodeKind::negative_weak : NodeKind::negative);
    const std::uint32_t row = add_node(kind, constant ? -1.0 : -draw());
    for (std::uint32_t j = 0; j < variables; ++j) system.entries.push_back({row, j, numerics::normal_draw(random)});
    if (i % 5 == 0)
      for (std::uint32_t k = 0; k < private_variables; k += 2)
        system.entries.push_back({row, static_cast<std::uint32_t>(variables) + 3 * k, numerics::normal_draw(random)});
  }
  return system;
}

double largest_residual(const System& system, const std::vector<double>& x, std::vector<double> right) {
  for (std::size_t i = 0; i < x.size(); ++i) right[i] -= system.diagonal[i] * x[i];
  for (const PairEntry& entry : system.entries) {
    right[entry.row] -= entry.value * x[entry.column];
    right[entry.column] -= entry.value * x[entry.row];
  }
  double largest = 0.0;
  for (const double value : right) largest = std::max(largest, std::fabs(value));
  return largest;
}

TEST(Quasidefinite, SolvesWhateverTheStructure) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SeededRandom random{seed};
    const std::size_t variables = 1 + random.below(30);
    const std::size_t private_variables = random.below(30);
    const std::size_t dense_rows = random.below(40);
    const std::size_t constant_rows = random.below(10);
    System system = random_system(random, variables, private_variables, dense_rows, constant_rows);
    QuasidefiniteFactor factor{system.kinds, system.entries};
    for (int round = 0; round < 2; ++round) {
      // A second diagonal on the same structure: nothing of the first may be left.
      if (round == 1)
        for (std::size_t i = 0; i < system.kinds.size(); ++i)
          if (system.kinds[i] != NodeKind::negative_constant) system.diagonal[i] *= 0.5 + random.uniform();
      EXPECT_EQ(factor.factorise(system.diagonal, {1e-13, 1e-7}), 0U);
      std::vector<double> right(system.kinds.size());
      for (double& value : right) value = numerics::normal_draw(random);
      std::vector<double> x = right;
      factor.solve(x);
      EXPECT_LE(largest_residual(system, x, right), 1e-9) << seed;
    }
  }
}

TEST(Quasidefinite, TheDenseCoreOfAPortfolioIsNotMuchMoreThanItsPositions) {
  SeededRandom random{5};
  const System system = random_system(random, 60, 120, 100, 10);
  const QuasidefiniteFactor factor{system.kinds, system.entries};
  EXPECT_LE(factor.core_size(), 60U + 25U + 25U);
}

}  // namespace
}  // namespace gimbal::optimize::internal
