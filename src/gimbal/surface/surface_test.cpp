// What a surface answers between and beyond its slices, and its bytes.
#include "gimbal/surface/surface.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "gimbal/pricing/black76.hpp"
#include "gimbal/surface/expiry_interpolation.hpp"

namespace gimbal::surface {
namespace {

const UtcTime now = *parse_utc("2026-02-01T08:00:00Z");

SurfaceSlice slice_at(double days, double volatility, double forward) {
  SurfaceSlice slice;
  slice.expiry = now + std::chrono::nanoseconds{static_cast<std::int64_t>(days * 86400e9)};
  slice.years = years_between(now, slice.expiry).raw();
  slice.forward = forward;
  const double level = volatility * std::sqrt(slice.years);
  slice.svi = {0.6 * level * level, 0.4 * level, -0.2, 0.1 * level, level};
  slice.volatility_atm = slice.volatility(0.0);
  slice.rung = Rung::fit;
  slice.quality.quotes_used = 12;
  slice.quality.inside_share = 0.75;
  return slice;
}

SurfaceSet sample() {
  std::vector<VolSurface> surfaces;
  surfaces.emplace_back(market::AssetId{1}, now, std::vector{slice_at(1, 0.5, 64000), slice_at(30, 0.6, 64500)});
  surfaces.emplace_back(market::AssetId{4}, now, std::vector{slice_at(0.01, 0.9, 2500)});
  return {now, std::move(surfaces)};
}

Bytes bytes_of(const SurfaceSet& set) {
  ByteWriter out;
  encode(set, out);
  return out.take();
}

TEST(VolSurface, QuotedExpiriesAnswerFromTheirSlice) {
  const SurfaceSet set = sample();
  const VolSurface& surface = *set.find(market::AssetId{1});
  for (const SurfaceSlice& slice : surface.slices()) {
    EXPECT_EQ(surface.slice(slice.expiry), &slice);
    for (double k = -1.0; k <= 1.0; k += 0.1) EXPECT_EQ(surface.volatility(k, slice.expiry), slice.volatility(k));
    EXPECT_EQ(surface.forward(slice.expiry), slice.forward);
  }
  EXPECT_EQ(surface.slice(now), nullptr);
}

TEST(VolSurface, BetweenExpiriesPricesOverTheStrikeAreAveraged) {
  const SurfaceSet set = sample();
  const VolSurface& surface = *set.find(market::AssetId{1});
  const UtcTime between = now + std::chrono::hours{24 * 10};
  const double years = years_between(now, between).raw();
  const double share = 9.0 / 29.0;
  const double alpha = earlier_share(surface.slices()[0].timed(), surface.slices()[1].timed(), years);
  for (const double k : {-0.4, 0.0, 0.3}) {
    const auto premium = [&](double volatility, double time) {
      return pricing::black76_premium({1.0, std::exp(k), volatility, time, market::OptionRight::call});
    };
    const auto of_slice = [&](std::size_t i) {
      return premium(surface.slices()[i].volatility(k), surface.slices()[i].years);
    };
    const double expected = alpha * of_slice(0) + (1.0 - alpha) * of_slice(1);
    EXPECT_NEAR(premium(surface.volatility(k, between), years), expected, 1e-15) << k;
  }
  const double atm = surface.volatility(0.0, between);
  const double theta_0 = svi_variance(surface.slices()[0].svi, 0.0);
  const double theta_1 = svi_variance(surface.slices()[1].svi, 0.0);
  EXPECT_NEAR(atm * atm * years, theta_0 + share * (theta_1 - theta_0), 1e-4);
  EXPECT_NEAR(surface.forward(between), 64000 * std::pow(64500.0 / 64000.0, share), 1e-9);
}

TEST(VolSurface, BeforeItsExpiriesVolatilityStaysAndAfterThemVarianceGrowsEverywhereAlike) {
  const SurfaceSet set = sample();
  const VolSurface& surface = *set.find(market::AssetId{1});
  for (const UtcTime early : {now - std::chrono::hours{1}, now, now + std::chrono::minutes{5}})
    EXPECT_EQ(surface.volatility(0.1, early), surface.slices().front().volatility(0.1));
  const SurfaceSlice& last = surface.slices().back();
  const double years = 400.0 / 365.0;
  const auto variance = [&](double k) {
    const double volatility = surface.volatility(k, now + std::chrono::hours{24 * 400});
    return volatility * volatility * years;
  };
  EXPECT_NEAR(variance(0.0), svi_variance(last.svi, 0.0) * years / last.years, 1e-14);
  EXPECT_NEAR(variance(0.4) - svi_variance(last.svi, 0.4), variance(0.0) - svi_variance(last.svi, 0.0), 1e-14);
  EXPECT_EQ(surface.forward(now), 64000);
}

TEST(VolSurface, IsPositiveAndFiniteAtEveryStrike) {
  const SurfaceSet set = sample();
  for (const VolSurface& surface : set.surfaces()) {
    for (const double k : {-700.0, -5.0, -0.1, 0.0, 0.1, 5.0, 700.0}) {
      for (const int minutes : {-30, 0, 1, 14, 60, 10000, 1000000}) {
        const double volatility = surface.volatility(k, now + std::chrono::minutes{minutes});
        EXPECT_TRUE(std::isfinite(volatility) && volatility > 0.0) << k << ' ' << minutes;
      }
    }
  }
}

TEST(SurfaceSet, FindsItsUnderlyings) {
  const SurfaceSet set = sample();
  EXPECT_EQ(set.find(market::AssetId{4})->underlying(), market::AssetId{4});
  EXPECT_EQ(set.find(market::AssetId{0}), nullptr);
  EXPECT_EQ(set.find(market::AssetId{2}), nullptr);
  EXPECT_EQ(set.find(market::AssetId{9}), nullptr);
}

TEST(SurfaceSet, DecodingUndoesEncoding) {
  for (const SurfaceSet& set : {sample(), SurfaceSet{now, {}}}) {
    const Bytes bytes = bytes_of(set);
    ByteReader reader{bytes};
    const auto back = decode_surface_set(reader);
    ASSERT_TRUE(back.has_value());
    ASSERT_TRUE(reader.finish("surface set").has_value());
    EXPECT_EQ(*back, set);
    EXPECT_EQ(bytes_of(*back), bytes);
  }
}

TEST(SurfaceSet, EveryTruncationIsRefused) {
  const Bytes bytes = bytes_of(sample());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ByteReader reader{std::span{bytes}.first(length)};
    EXPECT_FALSE(decode_surface_set(reader).has_value()) << length;
  }
}

TEST(SurfaceSet, EveryChangedByteIsRefusedOrStillAUsableSurface) {
  const Bytes bytes = bytes_of(sample());
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    for (const std::uint8_t flip : {std::uint8_t{1}, std::uint8_t{0x80}, std::uint8_t{0xff}}) {
      Bytes changed = bytes;
      changed[place] = static_cast<std::uint8_t>(changed[place] ^ flip);
      ByteReader reader{changed};
      const auto back = decode_surface_set(reader);
      if (!back) {
        EXPECT_EQ(back.error().code, ErrorCode::corrupt);
        continue;
      }
      for (const VolSurface& surface : back->surfaces())
        EXPECT_GT(surface.volatility(0.01, surface.slices().front().expiry), 0.0);
    }
  }
}

}  // namespace
}  // namespace gimbal::surface
