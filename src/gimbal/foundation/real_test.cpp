// Which sums of measured numbers exist, and which must not.
#include "gimbal/foundation/real.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace gimbal {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept Multipliable = requires(A a, B b) {
  a* b;
};
static_assert(Addable<Price, Price> && !Addable<Price, Volatility> && !Addable<Price, double>);
static_assert(Multipliable<Price, double> && Multipliable<double, Price> && !Multipliable<Price, Price>);
static_assert(!std::is_convertible_v<double, Price> && !std::is_convertible_v<Price, double>);

TEST(Real, AddsScalesComparesAndDividesIntoARatio) {
  const Price low{2.0};
  const Price high{3.0};
  EXPECT_EQ((low + high).raw(), 5.0);
  EXPECT_EQ((low - high).raw(), -1.0);
  EXPECT_EQ((-low).raw(), -2.0);
  EXPECT_EQ((low * 4.0).raw(), 8.0);
  EXPECT_EQ((4.0 * low).raw(), 8.0);
  EXPECT_EQ(high / low, 1.5);
  EXPECT_LT(low, high);
  EXPECT_EQ(Price{}, Price{0.0});
}

}  // namespace
}  // namespace gimbal
