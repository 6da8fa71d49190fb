// Roots that are known, roots that lie close, and none where there are none.
#include "gimbal/numerics/polynomial_roots.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "gimbal/foundation/random.hpp"

namespace gimbal::numerics {
namespace {

/// Coefficients of the product of (x - root).
std::vector<double> product_of(const std::vector<double>& roots) {
  std::vector<double> c{1.0};
  for (const double root : roots) {
    c.insert(c.begin(), 0.0);
    for (std::size_t i = 0; i + 1 < c.size(); ++i) c[i] -= root * c[i + 1];
  }
  return c;
}

RC_GTEST_PROP(PolynomialRoots, FindsTheRootsThatAPolynomialWasMadeOf, ()) {
  SeededRandom random{*rc::gen::arbitrary<std::uint64_t>()};
  std::vector<double> made;
  double at = -3.0;
  for (int i = 0; i < 4; ++i) made.push_back(at += 0.05 + 2.0 * random.uniform());
  const std::vector<double> found = real_roots(product_of(made));
  RC_ASSERT(found.size() == made.size());
  for (std::size_t i = 0; i < made.size(); ++i) RC_ASSERT(std::fabs(found[i] - made[i]) < 1e-9);
}

TEST(PolynomialRoots, OfOneTwoAndFourDegrees) {
  EXPECT_EQ(real_roots(std::vector<double>{-6.0, 2.0}), std::vector<double>{3.0});
  EXPECT_EQ(real_roots(std::vector<double>{-4.0, 0.0, 1.0}), (std::vector<double>{-2.0, 2.0}));
  EXPECT_EQ(real_roots(std::vector<double>{4.0, -5.0, 0.0, 0.0, 1.0}).front(), 1.0);
}

TEST(PolynomialRoots, NoneWhereThereAreNone) {
  EXPECT_TRUE(real_roots(std::vector<double>{1.0, 0.0, 1.0}).empty());
  EXPECT_TRUE(real_roots(std::vector<double>{5.0}).empty());
  EXPECT_TRUE(real_roots(std::vector<double>{}).empty());
  EXPECT_TRUE(real_roots(std::vector<double>{0.0, 0.0, 0.0}).empty());
}

TEST(PolynomialRoots, NearDoubleRootsAreTold) {
  const std::vector<double> found = real_roots(product_of({1.0, 1.0 + 1e-6, 30.0, -4.0}));
  ASSERT_EQ(found.size(), 4U);
  EXPECT_NEAR(found[1], 1.0, 1e-8);
  EXPECT_NEAR(found[2], 1.0 + 1e-6, 1e-8);
}

TEST(PolynomialRoots, HighestCoefficientsMayVanish) {
  EXPECT_EQ(real_roots(std::vector<double>{-6.0, 2.0, 0.0, 0.0}), std::vector<double>{3.0});
  const std::vector<double> found = real_roots(std::vector<double>{-6.0, 2.0, 0.0, 1e-300});
  EXPECT_NEAR(found.front(), 3.0, 1e-12);
}

}  // namespace
}  // namespace gimbal::numerics
