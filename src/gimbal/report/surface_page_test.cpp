// The page of surfaces: well-formed, closed to what comes from outside, the same bytes twice, and every number finite.
#include "gimbal/report/surface_page.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "gimbal/report/internal/json_text.hpp"
#include "gimbal/report/internal/markup_check.hpp"

namespace gimbal::report {
namespace {

const UtcTime now = *parse_utc("2026-02-01T08:00:00Z");

surface::SurfaceSlice slice_at(int days, double volatility) {
  surface::SurfaceSlice slice;
  slice.expiry = now + std::chrono::hours{24 * days};
  slice.years = years_between(now, slice.expiry).raw();
  slice.forward = 64000.0;
  const double level = volatility * std::sqrt(slice.years);
  slice.svi = {0.6 * level * level, 0.4 * level, -0.2, 0.1 * level, level};
  slice.volatility_atm = slice.volatility(0.0);
  slice.rung = surface::Rung::fit;
  slice.quality.quotes_judged = 10;
  slice.quality.inside_share = 0.9;
  slice.quality.near_share = 1.0;
  slice.certificate = {0.02, 0.5, 1e-4, 0.02};
  return slice;
}

SurfacePart part_of(const std::string& underlying, const std::vector<int>& days) {
  std::vector<surface::SurfaceSlice> slices;
  for (const int day : days) slices.push_back(slice_at(day, 0.5 + 0.0005 * day));
  SurfacePart part{{}, surface::VolSurface{market::AssetId{1}, now, slices}, {}};
  part.figures.underlying = underlying;
  part.figures.time = now;
  part.figures.arbitrage_free = true;
  for (const surface::SurfaceSlice& slice : slices) {
    part.figures.expiries.push_back({slice, std::nullopt, std::nullopt});
    part.quotes.push_back({{0.9, 0.55, 0.57}, {1.0, 0.49, 0.51}, {1.1, 0.52, 0.55}});
  }
  return part;
}

std::string page_of(const std::vector<SurfacePart>& parts, const std::string& market = "market.csv.zst") {
  return surface_page({parts, market, "gimbal surface --market " + market + " --html page.html"});
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  EXPECT_NE(begin, std::string::npos) << from;
  const std::size_t end = text.find(to, begin + from.size());
  EXPECT_NE(end, std::string::npos) << to;
  return text.substr(begin + from.size(), end - begin - from.size());
}

internal::Json data_of(const std::string& page) {
  return internal::Json::parse(between(page, "<script type=\"application/json\" id=\"data\">", "</script>"));
}

void expect_sound(const std::string& page) {
  const std::string body = "<main>" + between(page, "<main>", "</main>") + "</main>";
  EXPECT_EQ(internal::read_markup(body).fault, "");
  EXPECT_EQ(body.find("nan"), std::string::npos);
  const internal::Json data = data_of(page);
  for (const auto& grid : data["volatility_surface"]["grids"])
    for (const auto& row : grid["volatility"])
      for (const auto& value : row) EXPECT_TRUE(value.is_number() && value.get<double>() > 0.0);
}

TEST(SurfacePage, HoldsEveryExpiryOfEveryUnderlying) {
  const std::string page = page_of({part_of("BTC", {1, 7, 30, 200}), part_of("ETH", {1, 7, 30})});
  expect_sound(page);
  const internal::Json data = data_of(page);
  EXPECT_EQ(data["format"], "gimbal-surface-page-1");
  EXPECT_EQ(data["figures"].size(), 2U);
  EXPECT_EQ(data["figures"][0]["expiries"].size(), 4U);
  EXPECT_EQ(data["volatility_surface"]["grids"].size(), 2U);
  for (const char* words : {"Term structure of BTC", "Term structure of ETH", "Smile of BTC, 20 Aug 2026", "none"})
    EXPECT_NE(page.find(words), std::string::npos) << words;
}

TEST(SurfacePage, OneExpiryOneQuoteAndNoneAreEnough) {
  SurfacePart one = part_of("BTC", {7});
  expect_sound(page_of({one}));
  one.quotes[0].resize(1);
  expect_sound(page_of({one}));
  one.quotes[0].clear();
  one.figures.expiries[0].slice.quality.quotes_judged = 0;
  expect_sound(page_of({one}));
}

TEST(SurfacePage, SaysWhereThereIsArbitrage) {
  SurfacePart part = part_of("BTC", {7, 30});
  part.figures.arbitrage_free = false;
  part.figures.expiries[1].slice.certificate.gap_least = -0.5;
  const std::string page = page_of({part});
  expect_sound(page);
  EXPECT_NE(page.find("found"), std::string::npos);
  EXPECT_NE(page.find("-0.50"), std::string::npos);
}

TEST(SurfacePage, NothingFromOutsideBecomesMarkup) {
  const std::string planted = "</script><script>alert(1)</script>\"'&";
  const std::string page = page_of({part_of(planted, {7, 30})}, planted);
  expect_sound(page);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
}

TEST(SurfacePage, TwoWritingsGiveTheSameBytes) {
  EXPECT_EQ(page_of({part_of("BTC", {1, 7})}), page_of({part_of("BTC", {1, 7})}));
}

}  // namespace
}  // namespace gimbal::report
