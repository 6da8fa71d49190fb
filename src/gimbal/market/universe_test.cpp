// Ids are dense, given once and kept.
#include "gimbal/market/universe.hpp"

#include <gtest/gtest.h>

#include <array>

#include "gimbal/market/internal/test_instruments.hpp"

namespace gimbal::market {
namespace {

using namespace internal;

TEST(Universe, ListsInOrderAndKeepsIdsWhenExtended) {
  const Universe empty;
  const std::array first{inverse_perpetual(), inverse_option()};
  const auto universe = empty.extended(first);
  ASSERT_TRUE(universe.has_value());
  const std::array second{spot()};
  const auto larger = (*universe)->extended(second);
  ASSERT_TRUE(larger.has_value());
  EXPECT_EQ(empty.size(), 0U);
  EXPECT_EQ((*universe)->size(), 2U);
  EXPECT_EQ((*larger)->size(), 3U);
  for (std::uint32_t id = 0; id < 2; ++id)
    EXPECT_EQ((**universe)[static_cast<InstrumentId>(id)], (**larger)[static_cast<InstrumentId>(id)]);
  EXPECT_EQ((*larger)->find("deribit:BTC_USDC"), static_cast<InstrumentId>(2));
  EXPECT_FALSE((*universe)->find("deribit:BTC_USDC").has_value());
}

TEST(Universe, AssetsAreThoseOfItsInstrumentsBehindTheDollar) {
  const std::array listed{inverse_perpetual(), spot()};
  const auto universe = Universe{}.extended(listed);
  ASSERT_TRUE(universe.has_value());
  ASSERT_EQ((*universe)->asset_count(), 3U);
  EXPECT_EQ((*universe)->asset(AssetId{0}).code, usd());
  EXPECT_EQ((*universe)->find_asset(AssetCode::of("USDC")), AssetId{2});
  EXPECT_FALSE((*universe)->find_asset(AssetCode::of("ETH")).has_value());
  EXPECT_EQ((*universe)->underlying(InstrumentId{1}), AssetId{1});
  EXPECT_EQ((*universe)->settlement(InstrumentId{1}), AssetId{2});
  EXPECT_EQ((*universe)->quote(InstrumentId{0}), AssetId{0});
}

TEST(Universe, RefusesWhatIsListedOrInvalid) {
  const std::array twice{inverse_perpetual(), inverse_perpetual()};
  EXPECT_EQ(Universe{}.extended(twice).error().message, "instrument 'deribit:BTC-PERPETUAL' is listed twice");
  std::array invalid{inverse_perpetual()};
  invalid[0].tick = Decimal{};
  EXPECT_FALSE(Universe{}.extended(invalid).has_value());
}

}  // namespace
}  // namespace gimbal::market
