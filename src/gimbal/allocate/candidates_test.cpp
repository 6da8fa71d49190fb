// Selectors and the short list of lines: who is named, who comes first, and that coverage does not ask for an edge.
#include "gimbal/allocate/candidates.hpp"

#include <gtest/gtest.h>

#include <set>

#include "gimbal/allocate/internal/sample_case.hpp"

namespace gimbal::allocate {
namespace {

using internal::ChainShape;
using internal::code;
using internal::make_market;
using internal::OptionQuote;
using internal::quote;
using internal::SampleDescription;
using internal::SampleMarket;
using market::OptionRight;

std::size_t column_of(const SampleMarket& market, std::string_view name) {
  return *market.view.columns.column_of(market.id(name));
}

SampleMarket few_options() {
  SampleDescription description;
  description.quotes = {quote(OptionQuote{}), quote(OptionQuote{.terms = {.strike = 72000, .life_days = 60}}),
                        quote(OptionQuote{.terms = {.strike = 50000, .right = OptionRight::put}}),
                        quote(internal::FutureQuote{})};
  return make_market(description);
}

std::vector<std::string> selected(const SampleMarket& market, const Selector& selector) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < market.view.columns.size(); ++c)
    if (selects(selector, market.view, c))
      names.push_back(market.view.universe()[market.view.columns.instrument[c]].name.substr(7));
  return names;
}

TEST(Selectors, NameByKindRightTenorMoneynessAndDelta) {
  const SampleMarket market = few_options();
  using Names = std::vector<std::string>;
  EXPECT_EQ(selected(market, {}).size(), 4U);
  EXPECT_EQ(selected(market, {.kinds = {market::InstrumentKind::perpetual}}), Names{"BTC-i-perpetual"});
  EXPECT_EQ(selected(market, {.right = OptionRight::put}), Names{"BTC-i-030-50000-P"});
  EXPECT_EQ(selected(market, {.kinds = {market::InstrumentKind::option}, .tenor_days = {40.0, std::nullopt}}),
            Names{"BTC-i-060-72000-C"});
  EXPECT_EQ(selected(market, {.kinds = {market::InstrumentKind::option}, .moneyness = {0.9, 1.1}}),
            Names{"BTC-i-030-60000-C"});
  EXPECT_EQ(selected(market, {.kinds = {market::InstrumentKind::option}, .delta_absolute = {0.4, 0.6}}),
            Names{"BTC-i-030-60000-C"});
  EXPECT_EQ(selected(market, {.names = {"sample:BTC-i-030-50000-P"}}), Names{"BTC-i-030-50000-P"});
  EXPECT_TRUE(selected(market, {.underlyings = {code("ETH")}}).empty());
}

TEST(Selectors, AnEmptyListHoldsEverythingAndAFullOneWhatAnyNames) {
  const SampleMarket market = few_options();
  const std::size_t perpetual = column_of(market, "sample:BTC-i-perpetual");
  EXPECT_TRUE(is_holdable({}, market.view, perpetual));
  const std::vector<Selector> options{{.kinds = {market::InstrumentKind::option}}};
  EXPECT_FALSE(is_holdable(options, market.view, perpetual));
  EXPECT_TRUE(is_holdable({options[0], {.names = {"sample:BTC-i-perpetual"}}}, market.view, perpetual));
}

std::vector<std::size_t> chosen(const internal::SampleCase& made) {
  const auto& view = made.market.view;
  const auto costs = trading_costs(*view.snapshot, view.numeraire);
  const auto edges =
      expected_edges(*view.snapshot, *view.surfaces, made.settings.forecast, made.settings.edge, view.numeraire);
  return select_candidates({view, made.market.book, made.settings, *edges, *costs});
}

TEST(Candidates, HoldWhatIsHeldAndEveryFutureBeforeTheBestOptionsOfEachExpiry) {
  internal::SampleCase made = internal::draw_feasible(5, ChainShape{});
  made.settings.candidates_most = 40;
  const std::vector<std::size_t> columns = chosen(made);
  EXPECT_EQ(columns.size(), 40U);
  const auto& view = made.market.view;
  const std::set<std::size_t> in(columns.begin(), columns.end());
  EXPECT_EQ(in.size(), columns.size());
  std::set<std::pair<std::uint16_t, std::int64_t>> expiries;
  for (std::size_t c = 0; c < view.columns.size(); ++c) {
    const bool first = made.market.book.contracts[c] != 0.0 || view.columns.kind[c] != market::InstrumentKind::option;
    EXPECT_TRUE(!first || in.count(c) == 1U);
    if (in.count(c) && view.columns.kind[c] == market::InstrumentKind::option)
      expiries.insert({market::raw(view.columns.underlying[c]), view.columns.expiry_ns[c]});
  }
  // Two coins, four expiries each.
  EXPECT_EQ(expiries.size(), 8U);
  const auto name = [&](std::size_t c) { return view.universe()[view.columns.instrument[c]].name; };
  EXPECT_TRUE(
      std::is_sorted(columns.begin(), columns.end(), [&](std::size_t a, std::size_t b) { return name(a) < name(b); }));
}

TEST(Candidates, AreAllThereIsWhenThatIsFew) {
  internal::SampleCase made = internal::draw_feasible(6, ChainShape{.coins = 1, .strikes = 2});
  made.settings.candidates_most = 1000;
  const auto& view = made.market.view;
  // Every option has an ask.
  EXPECT_EQ(chosen(made).size(), view.columns.size());
}

}  // namespace
}  // namespace gimbal::allocate
