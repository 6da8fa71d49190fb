// What certificates say of surfaces that are known to be free, to cross, or to hold a butterfly.
#include "gimbal/surface/surface_certificate.hpp"

#include <gtest/gtest.h>

#include <array>

#include "gimbal/surface/svi_arbitrage.hpp"

namespace gimbal::surface {
namespace {

constexpr SviSlice week{0.004, 0.03, -0.2, 0.01, 0.1};
constexpr SviSlice quarter{0.03, 0.09, -0.3, 0.02, 0.3};
// A. Vogt's parameters, in Gatheral and Jacquier (2014), example 3.1, for one year.
constexpr SviSlice vogt{-0.0410, 0.1331, 0.3060, 0.3586, 0.4153};

TEST(SurfaceCertificate, SaysWhatTheReportsSay) {
  const std::array<TimedSlice, 2> slices{TimedSlice{week, 0.02}, TimedSlice{quarter, 0.25}};
  const auto certificates = certify(slices);
  ASSERT_EQ(certificates.size(), 2U);
  for (const SliceCertificate& certificate : certificates) EXPECT_TRUE(certificate.is_free());
  EXPECT_EQ(certificates[0].density_least, butterfly_report(week).density_least);
  EXPECT_EQ(certificates[0].gap_least, svi_variance_least(week));
  EXPECT_EQ(certificates[1].gap_least, calendar_report(week, quarter).gap_least);
  EXPECT_DOUBLE_EQ(certificates[1].wing_slope_most, 0.09 * 1.3);
  EXPECT_GT(certificates[1].between_least, 0.0);
}

TEST(SurfaceCertificate, SlicesInTheWrongOrderCross) {
  const TimedSlice earlier{quarter, 0.02};
  const SliceCertificate certificate = certify(&earlier, {week, 0.25});
  EXPECT_LT(certificate.gap_least, 0.0);
  EXPECT_FALSE(certificate.is_free());
}

TEST(SurfaceCertificate, ACrossingBeyondAllQuotesIsFoundToo) {
  // The later slice is higher wherever anyone trades, but its left wing is a hair flatter.
  const SviSlice flatter{0.03, 0.1, -0.3, 0.0, 0.1};
  const SviSlice steeper{0.01, 0.1, -0.3000001, 0.0, 0.1};
  const TimedSlice earlier{steeper, 0.1};
  const SliceCertificate certificate = certify(&earlier, {flatter, 0.2});
  EXPECT_LT(certificate.gap_least, 0.0);
}

TEST(SurfaceCertificate, VogtsSliceIsNotFreeWhereverItStands) {
  EXPECT_LT(certify(nullptr, {vogt, 1.0}).density_least, 0.0);
  EXPECT_FALSE(certify(nullptr, {vogt, 1.0}).is_free());
  const TimedSlice earlier{{0.0004, 0.003, -0.2, 0.01, 0.1}, 0.02};
  const SliceCertificate after = certify(&earlier, {vogt, 1.0});
  EXPECT_LT(after.density_least, 0.0);
  EXPECT_FALSE(after.is_free());
}

TEST(SurfaceCertificate, WingsSteeperThanLeesBoundAreNotFree) {
  const SliceCertificate certificate = certify(nullptr, {{0.04, 1.6, 0.5, 0.0, 0.2}, 1.0});
  EXPECT_GT(certificate.wing_slope_most, 2.0);
  EXPECT_FALSE(certificate.is_free());
}

}  // namespace
}  // namespace gimbal::surface
