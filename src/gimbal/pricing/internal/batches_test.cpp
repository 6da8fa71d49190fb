// Every width of lanes gives the bits of the scalar form: two groups of four lanes, two of four and of eight plain
// doubles side by side, which any machine has, and two of eight lanes of AVX-512 where the machine has them.
#include "gimbal/pricing/internal/batches.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/numerics/lanes_twice.hpp"
#include "gimbal/numerics/processor.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/pricing/implied_volatility.hpp"
#include "gimbal/pricing/internal/batch_loops.hpp"

namespace gimbal::pricing::internal {
namespace {

using market::OptionRight;

template <std::size_t Width>
Batches portable_batches() {
  using Lanes = numerics::TwiceLanes<numerics::SeveralLanes<Width>>;
  return {&premiums_in_lanes<Lanes>, &greeks_in_lanes<Lanes>, &implied_volatilities_in_lanes<Lanes>};
}

struct Width {
  const char* name;
  Batches batches;
};

std::vector<Width> widths_here() {
  std::vector<Width> widths{{"four lanes", batches_by_four()},
                            {"four doubles", portable_batches<4>()},
                            {"eight doubles", portable_batches<8>()}};
  if (numerics::has_eight_lanes()) widths.push_back({"AVX-512", batches_by_eight()});
  return widths;
}

/// Options all over the plane and beyond the domain, and premiums that most of them have.
struct Rows {
  std::vector<double> forward, strike, volatility, years, premium;
  std::vector<OptionRight> right;

  explicit Rows(std::size_t count) {
    SeededRandom random{512};
    constexpr double odd[] = {
        0.0, -1.0, 1e-310, 1e301, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()};
    const auto now_and_then_odd = [&](double value) { return random.below(97) == 0 ? odd[random.below(6)] : value; };
    for (std::size_t i = 0; i < count; ++i) {
      const double level = std::exp(20.0 * random.uniform() - 10.0);
      const double at_years = std::exp(16.0 * random.uniform() - 14.0);
      const double at_volatility = std::exp(8.0 * random.uniform() - 5.0);
      const double size = random.below(3) == 0 ? 40.0 : 6.0;
      const double deviations = size * (2.0 * random.uniform() - 1.0);
      const double at_strike = level * std::exp(deviations * at_volatility * std::sqrt(at_years));
      forward.push_back(now_and_then_odd(level));
      strike.push_back(now_and_then_odd(at_strike));
      volatility.push_back(now_and_then_odd(at_volatility));
      years.push_back(now_and_then_odd(at_years));
      right.push_back(random.below(2) == 0 ? OptionRight::call : OptionRight::put);
      const double value = black76_premium({level, at_strike, at_volatility, at_years, right.back()});
      premium.push_back(now_and_then_odd(value));
    }
  }
  [[nodiscard]] std::size_t count() const { return forward.size(); }
  [[nodiscard]] const std::uint8_t* rights() const { return reinterpret_cast<const std::uint8_t*>(right.data()); }
};

/// What the loops hand on, in order.
struct Handed {
  std::vector<std::size_t> rows;
  [[nodiscard]] UnusualRow door() {
    return {[](void* context, std::size_t row) { static_cast<Handed*>(context)->rows.push_back(row); }, this};
  }
  [[nodiscard]] bool has(std::size_t row) const { return std::binary_search(rows.begin(), rows.end(), row); }
};

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

constexpr std::size_t row_count = 20'011;  // No multiple of a width.

TEST(Batches, PremiumsAndGreeksHaveTheBitsOfTheScalarForm) {
  const Rows rows{row_count};
  const OptionPointers in{rows.forward.data(), rows.strike.data(), rows.volatility.data(),
                          rows.years.data(),   rows.rights(),      rows.count()};
  for (const Width& width : widths_here()) {
    std::vector<double> alone(row_count), premium(row_count), delta(row_count), gamma(row_count), vega(row_count),
        theta(row_count);
    Handed from_premiums, from_greeks;
    const std::size_t done = width.batches.premiums(in, alone.data(), from_premiums.door());
    EXPECT_EQ(width.batches.greeks(in, {premium.data(), delta.data(), gamma.data(), vega.data(), theta.data()},
                                   from_greeks.door()),
              done);
    EXPECT_GT(done, row_count - 16);
    EXPECT_EQ(from_premiums.rows, from_greeks.rows);
    std::size_t compared = 0;
    for (std::size_t i = 0; i < done; ++i) {
      const Black76Input input{rows.forward[i], rows.strike[i], rows.volatility[i], rows.years[i], rows.right[i]};
      if (from_greeks.has(i)) continue;
      ASSERT_TRUE(in_domain(input)) << width.name << " took row " << i;
      const Black76Greeks greeks = black76_greeks(input);
      ASSERT_TRUE(same_bits(alone[i], greeks.premium) && same_bits(premium[i], greeks.premium) &&
                  same_bits(delta[i], greeks.delta) && same_bits(gamma[i], greeks.gamma) &&
                  same_bits(vega[i], greeks.vega) && same_bits(theta[i], greeks.theta))
          << width.name << " differs in row " << i;
      ++compared;
    }
    EXPECT_GT(compared, 18'000U) << width.name;
    EXPECT_GT(from_greeks.rows.size(), 200U) << width.name;
  }
}

TEST(Batches, ImpliedVolatilitiesHaveTheBitsOfTheScalarForm) {
  const Rows rows{row_count};
  const PremiumPointers in{rows.premium.data(), rows.forward.data(), rows.strike.data(),
                           rows.years.data(),   rows.rights(),       rows.count()};
  for (const Width& width : widths_here()) {
    std::vector<double> volatility(row_count);
    Handed handed;
    const std::size_t done = width.batches.implied_volatilities(in, volatility.data(), handed.door());
    std::size_t compared = 0;
    for (std::size_t i = 0; i < done; ++i) {
      if (handed.has(i)) continue;
      const ImpliedVolatility alone = pricing::implied_volatility(
          ImpliedVolatilityInput{rows.premium[i], rows.forward[i], rows.strike[i], rows.years[i], rows.right[i]});
      ASSERT_TRUE(alone.ok() && same_bits(volatility[i], alone.volatility_annual))
          << width.name << " differs in row " << i;
      ++compared;
    }
    EXPECT_GT(compared, 10'000U) << width.name;
  }
}

TEST(Batches, ColumnsThatAreNotWantedAreLeftAlone) {
  const Rows rows{64};
  const OptionPointers in{rows.forward.data(), rows.strike.data(), rows.volatility.data(),
                          rows.years.data(),   rows.rights(),      rows.count()};
  for (const Width& width : widths_here()) {
    std::vector<double> delta(64);
    Handed handed;
    EXPECT_EQ(width.batches.greeks(in, {nullptr, delta.data(), nullptr, nullptr, nullptr}, handed.door()), 64U);
    EXPECT_NE(delta[0], 0.0);
  }
}

}  // namespace
}  // namespace gimbal::pricing::internal
