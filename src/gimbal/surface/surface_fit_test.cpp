// Whole chains made by us from known smiles, complete and broken, through the snapshot builder to fitted surfaces.
#include "gimbal/surface/surface_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "gimbal/foundation/random.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/surface/smile_quotes.hpp"

namespace gimbal::surface {
namespace {

using market::AssetCode;
using market::OptionRight;
using market::Payoff;
using market::RecordedQuote;
using market::RecordedSnapshot;

const UtcTime now = *parse_utc("2026-02-01T04:54:02Z");
const UtcTime next_friday = *parse_utc("2026-02-06T08:00:00Z");
const UtcTime end_of_march = *parse_utc("2026-03-27T08:00:00Z");

using Smile = std::function<double(double log_moneyness, double years)>;

double ordinary_smile(double k, double years) {
  const double z = k / (0.5 * std::sqrt(years));
  return 0.5 * std::sqrt(0.75 + 0.5 * (-0.2 * z + std::sqrt(z * z + 0.25)));
}

struct ChainShape {
  UtcTime expiry;
  double forward = 64000.0;
  double strike_first = 50000.0;
  double strike_last = 80000.0;
  double strike_step = 2000.0;
  Payoff payoff = Payoff::inverse;
  Smile smile = ordinary_smile;
};

market::Instrument option_of(const ChainShape& shape, double strike, OptionRight right) {
  market::Instrument option;
  const bool inverse = shape.payoff == Payoff::inverse;
  option.name = fmt::format("{}:BTC-{}-{}-{}", inverse ? "inverse" : "linear", format_utc(shape.expiry), strike,
                            right == OptionRight::call ? "C" : "P");
  option.venue = "test";
  option.kind = market::InstrumentKind::option;
  option.payoff = shape.payoff;
  option.underlying = AssetCode::of("BTC");
  option.quote = AssetCode::of(inverse ? "USD" : "USDC");
  option.settlement = AssetCode::of(inverse ? "BTC" : "USDC");
  option.right = right;
  option.strike = *nearest_decimal(strike, 0);
  option.expiry = shape.expiry;
  option.contract_size = option.lot = option.minimum = Decimal{1};
  option.tick = Decimal::of(inverse ? "0.000001" : "0.1");
  return option;
}

/// Quotes one half-volatility-point around the smile, rounded outwards to the tick.
void add_chain(RecordedSnapshot& snapshot, const ChainShape& shape) {
  const double years = years_between(snapshot.time, shape.expiry).raw();
  for (double strike = shape.strike_first; strike <= shape.strike_last; strike += shape.strike_step) {
    for (const OptionRight right : {OptionRight::call, OptionRight::put}) {
      RecordedQuote quote;
      quote.instrument = option_of(shape, strike, right);
      const double volatility = shape.smile(std::log(strike / shape.forward), std::max(years, 1e-6));
      const double unit = shape.payoff == Payoff::inverse ? shape.forward : 1.0;
      const auto price = [&](double at) {
        return pricing::black76_premium({shape.forward, strike, at, std::max(years, 0.0), right}) / unit;
      };
      const Decimal& tick = quote.instrument.tick;
      const auto to_tick = [&](double value, Rounding rounding) {
        return Decimal{rounded_multiple(*nearest_decimal(value, 12), tick, rounding)} * tick;
      };
      quote.bid_price = to_tick(price(volatility - 0.005), Rounding::down);
      quote.ask_price = to_tick(price(volatility + 0.005), Rounding::up) + tick;
      quote.mark_price = price(volatility);
      quote.mark_volatility = volatility;
      quote.forward = shape.forward;
      snapshot.quotes.push_back(quote);
    }
  }
}

/// The listing without a quote, a mark or a forward.
RecordedQuote bare(const RecordedQuote& quote) {
  RecordedQuote listed;
  listed.instrument = quote.instrument;
  return listed;
}

RecordedSnapshot recorded(const std::vector<ChainShape>& chains) {
  RecordedSnapshot snapshot;
  snapshot.time = now;
  snapshot.indices = {{AssetCode::of("BTC"), Decimal{63990}}};
  for (const ChainShape& chain : chains) add_chain(snapshot, chain);
  return snapshot;
}

SurfaceSet fitted(const RecordedSnapshot& snapshot) {
  const auto built = market::build_snapshot(snapshot, std::make_shared<market::Universe>(), {});
  EXPECT_TRUE(built.has_value()) << (built ? "" : built.error().message);
  auto set = fit_surfaces(built->snapshot, {});
  EXPECT_TRUE(set.has_value());
  return *set;
}

const VolSurface& only(const SurfaceSet& set) {
  EXPECT_EQ(set.surfaces().size(), 1U);
  return set.surfaces().front();
}

double worst_error(const SurfaceSlice& slice, const ChainShape& shape) {
  double worst = 0.0;
  for (double strike = shape.strike_first; strike <= shape.strike_last; strike += shape.strike_step) {
    const double k = std::log(strike / shape.forward);
    worst = std::max(worst, std::fabs(slice.volatility(k) - shape.smile(k, slice.years)));
  }
  return worst;
}

TEST(SurfaceFit, RecoversTheSmilesThatChainsWerePricedFrom) {
  for (const Payoff payoff : {Payoff::inverse, Payoff::linear}) {
    ChainShape friday{.expiry = next_friday, .payoff = payoff};
    ChainShape march{.expiry = end_of_march, .strike_first = 40000, .strike_last = 100000, .payoff = payoff};
    const SurfaceSet set = fitted(recorded({march, friday}));
    const VolSurface& surface = only(set);
    ASSERT_EQ(surface.slices().size(), 2U);
    EXPECT_EQ(surface.slices()[0].expiry, next_friday);
    for (const SurfaceSlice& slice : surface.slices()) {
      EXPECT_EQ(slice.rung, Rung::fit);
      EXPECT_EQ(slice.forward, 64000.0);
      EXPECT_NEAR(slice.volatility_atm, ordinary_smile(0.0, slice.years), 0.002);
      EXPECT_LT(worst_error(slice, slice.expiry == next_friday ? friday : march), 0.005);
      EXPECT_EQ(slice.quality.inside_share, 1.0);
      EXPECT_EQ(slice.quality.outliers, 0U);
      EXPECT_GE(slice.certificate.density_least, 0.0);
    }
  }
}

TEST(SurfaceFit, CountsEveryOptionInOnePlace) {
  RecordedSnapshot snapshot = recorded({{.expiry = next_friday}});
  snapshot.quotes[0].bid_price.reset();  // The lowest call, in the money.
  snapshot.quotes[1].bid_price.reset();  // The lowest put, out of the money.
  snapshot.quotes[3].ask_price = Decimal{1} + Decimal{1};
  snapshot.quotes[5].forward.reset();
  const SurfaceSet set = fitted(snapshot);
  const SliceQuality& quality = only(set).slices()[0].quality;
  EXPECT_EQ(quality.options, 32U);
  EXPECT_EQ(quality.in_the_money, 16U);
  EXPECT_EQ(quality.one_sided, 1U);
  EXPECT_EQ(quality.wide, 1U);
  EXPECT_EQ(quality.without_forward, 1U);
  EXPECT_EQ(quality.quotes_two_sided, 15U);
  EXPECT_EQ(quality.quotes_used, 14U);
  EXPECT_EQ(quality.in_the_money + quality.one_sided + quality.quotes_two_sided, quality.options);
  EXPECT_EQ(quality.wide + quality.without_volatility + quality.quotes_used, quality.quotes_two_sided);
}

TEST(SurfaceFit, BadQuotesMoveTheMoneyByLessThanAThirdOfAPoint) {
  // One quote in twenty is a day old, ten-fold, or missing a side.
  const ChainShape shape{.expiry = end_of_march, .strike_first = 40000, .strike_last = 100000};
  const double clean = only(fitted(recorded({shape}))).slices()[0].volatility_atm;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SeededRandom random{seed};
    RecordedSnapshot snapshot = recorded({shape});
    for (std::size_t i = 0; i < snapshot.quotes.size() / 20; ++i) {
      RecordedQuote& quote = snapshot.quotes[random.below(snapshot.quotes.size())];
      const auto kind = random.below(3);
      const Decimal factor = Decimal::of(kind == 0 ? "10" : "1.3");
      if (kind == 2) {
        quote.ask_price.reset();
      } else if (quote.ask_price) {
        quote.bid_price = *quote.bid_price * factor;
        quote.ask_price = *quote.ask_price * factor;
      }
      if (quote.bid_price)
        quote.bid_price =
            Decimal{rounded_multiple(*quote.bid_price, quote.instrument.tick, Rounding::down)} * quote.instrument.tick;
      if (quote.ask_price)
        quote.ask_price =
            Decimal{rounded_multiple(*quote.ask_price, quote.instrument.tick, Rounding::up)} * quote.instrument.tick;
    }
    EXPECT_NEAR(only(fitted(snapshot)).slices()[0].volatility_atm, clean, 0.003) << "seed " << seed;
  }
}

/// Three expiries in a snapshot that tests change by hand.
market::MarketSnapshot three_expiries() {
  const auto built = market::build_snapshot(
      recorded({{.expiry = next_friday},
                {.expiry = *parse_utc("2026-02-27T08:00:00Z"), .strike_first = 44000, .strike_last = 90000},
                {.expiry = end_of_march, .strike_first = 40000, .strike_last = 100000}}),
      std::make_shared<market::Universe>(), {});
  EXPECT_TRUE(built.has_value());
  return built->snapshot;
}

TEST(SurfaceFit, ErrorsCountByTheirVega) {
  const market::MarketSnapshot snapshot = three_expiries();
  const auto set = fit_surfaces(snapshot, {});
  const std::vector<UnderlyingQuotes> quoted = collect_quotes(snapshot, {});
  for (std::size_t i = 0; i < 3; ++i) {
    const SurfaceSlice& slice = only(*set).slices()[i];
    const ExpiryQuotes& expiry = quoted.front().expiries[i];
    double squares = 0.0;
    double vegas = 0.0;
    for (std::size_t j = 0; j < expiry.quotes.size(); ++j) {
      if (!expiry.judged[j]) continue;
      const double k = expiry.quotes[j].log_moneyness;
      const double volatility = slice.volatility(k);
      const double mid = expiry.quotes[j].total_volatility_mid() / std::sqrt(slice.years);
      const double vega = pricing::black76_greeks({1.0, std::exp(k), volatility, slice.years, OptionRight::call}).vega;
      squares += vega * (volatility - mid) * (volatility - mid);
      vegas += vega;
    }
    EXPECT_NEAR(slice.quality.rmse_volatility, std::sqrt(squares / vegas), 1e-12);
  }
}

TEST(SurfaceFit, OneStrikeTakesItsNeighboursShapeAtItsOwnLevel) {
  const Smile higher = [](double k, double years) { return 1.2 * ordinary_smile(k, years); };
  const SurfaceSet set =
      fitted(recorded({{.expiry = next_friday, .strike_first = 64000, .strike_last = 64000, .smile = higher},
                       {.expiry = end_of_march}}));
  const SurfaceSlice& thin = only(set).slices()[0];
  EXPECT_EQ(thin.rung, Rung::neighbour);
  EXPECT_EQ(thin.quality.quotes_used, 1U);
  EXPECT_NEAR(thin.volatility_atm, 1.2 * ordinary_smile(0.0, thin.years), 0.01);
  EXPECT_GT(thin.volatility(-2.0 * thin.volatility_atm * std::sqrt(thin.years)), thin.volatility_atm);
  EXPECT_GE(thin.certificate.density_least, 0.0);
}

TEST(SurfaceFit, WithoutQuotesMarksGiveTheLevel) {
  RecordedSnapshot snapshot = recorded({{.expiry = next_friday}, {.expiry = end_of_march}});
  for (RecordedQuote& quote : snapshot.quotes)
    if (quote.instrument.expiry == next_friday) quote.bid_price.reset(), quote.ask_price.reset();
  const SurfaceSet set = fitted(snapshot);
  const SurfaceSlice& slice = only(set).slices()[0];
  EXPECT_EQ(slice.rung, Rung::flat);
  EXPECT_NEAR(slice.volatility_atm, ordinary_smile(0.0, slice.years), 0.03);
}

TEST(SurfaceFit, WithoutQuotesAndMarksTheNeighbourSpeaks) {
  RecordedSnapshot snapshot = recorded({{.expiry = next_friday}, {.expiry = end_of_march}});
  for (RecordedQuote& quote : snapshot.quotes) {
    if (quote.instrument.expiry != next_friday) continue;
    quote = bare(quote);
  }
  const SurfaceSet set = fitted(snapshot);
  const VolSurface& surface = only(set);
  EXPECT_EQ(surface.slices()[0].rung, Rung::flat);
  EXPECT_NEAR(surface.slices()[0].volatility_atm, surface.slices()[1].volatility_atm, 0.01);
  EXPECT_EQ(surface.slices()[0].forward, 63990.0) << "the index stands in";
}

TEST(SurfaceFit, ChainOfMarksAloneIsOneVolatilityAnExpiry) {
  RecordedSnapshot snapshot = recorded({{.expiry = next_friday}, {.expiry = end_of_march}});
  for (RecordedQuote& quote : snapshot.quotes) quote.bid_price.reset(), quote.ask_price.reset();
  const SurfaceSet set = fitted(snapshot);
  for (const SurfaceSlice& slice : only(set).slices()) {
    EXPECT_EQ(slice.rung, Rung::flat);
    EXPECT_GT(slice.volatility_atm, 0.4);
    EXPECT_LT(slice.volatility_atm, 0.8);
  }
}

TEST(SurfaceFit, ExpiryInThirtyMinutesIsASliceLikeOthers) {
  const Smile steep = [](double k, double years) { return 0.4 + 3.0 * std::fabs(k) / (1.0 + std::sqrt(years)); };
  for (const int seconds : {1800, 60, 1}) {
    const SurfaceSet set = fitted(recorded({{.expiry = now + std::chrono::seconds{seconds},
                                             .strike_first = 62000,
                                             .strike_last = 66000,
                                             .strike_step = 250,
                                             .smile = steep},
                                            {.expiry = next_friday}}));
    ASSERT_EQ(only(set).slices().size(), 2U);
    const SurfaceSlice& slice = only(set).slices()[0];
    for (double k = -0.5; k <= 0.5; k += 0.01) {
      const double volatility = slice.volatility(k);
      EXPECT_TRUE(std::isfinite(volatility) && volatility > 0.0) << seconds << ' ' << k;
    }
    EXPECT_GT(slice.volatility_atm, 0.1) << seconds;
    EXPECT_LT(slice.volatility_atm, 2.0) << seconds;
  }
}

TEST(SurfaceFit, ExpiredAndEmptyChainsGiveNoSurface) {
  EXPECT_TRUE(fitted(recorded({{.expiry = now - std::chrono::hours{1}}})).surfaces().empty());
  EXPECT_TRUE(fitted(recorded({})).surfaces().empty());
  RecordedSnapshot silent = recorded({{.expiry = next_friday}});
  for (RecordedQuote& quote : silent.quotes) quote = bare(quote);
  EXPECT_TRUE(fitted(silent).surfaces().empty()) << "no quote and no mark: no volatility is known";
}

TEST(SurfaceFit, SlicesNeitherCrossNorTurnNegative) {
  // Three expiries whose smiles, continued beyond their quotes, would cross.
  const auto bent = [](double slope) {
    return [slope](double k, double years) { return std::sqrt(0.25 + slope * std::fabs(k) / std::sqrt(years) * 0.5); };
  };
  const SurfaceSet set = fitted(recorded({{.expiry = next_friday, .smile = bent(0.5)},
                                          {.expiry = *parse_utc("2026-02-13T08:00:00Z"), .smile = bent(0.2)},
                                          {.expiry = end_of_march, .smile = bent(0.05)}}));
  const auto slices = only(set).slices();
  for (std::size_t i = 0; i < slices.size(); ++i) {
    EXPECT_GE(slices[i].certificate.density_least, 0.0);
    for (double k = -2.5; i > 0 && k <= 2.5; k += 0.001)
      EXPECT_GE(svi_variance(slices[i].svi, k), svi_variance(slices[i - 1].svi, k)) << i << ' ' << k;
  }
}

TEST(SurfaceFit, SameSnapshotGivesTheSameBytes) {
  const RecordedSnapshot snapshot = recorded({{.expiry = next_friday}, {.expiry = end_of_march}});
  ByteWriter once;
  ByteWriter twice;
  encode(fitted(snapshot), once);
  encode(fitted(snapshot), twice);
  EXPECT_EQ(once.bytes(), twice.bytes());
}

TEST(SurfaceFit, ExtendedSsviFollowsSmilesOfItsKind) {
  const Smile kind = [](double k, double years) {
    constexpr double rho = -0.2;
    const double lean = 0.9 * k / (0.5 * std::sqrt(years));
    const double root = std::sqrt((lean + rho) * (lean + rho) + 1.0 - rho * rho);
    return 0.5 * std::sqrt(0.5 * (1.0 + rho * lean + root));
  };
  const ChainShape friday{.expiry = next_friday, .smile = kind};
  const ChainShape march{.expiry = end_of_march, .strike_first = 40000, .strike_last = 100000, .smile = kind};
  const auto built = market::build_snapshot(recorded({friday, march}), std::make_shared<market::Universe>(), {});
  const auto set = fit_surfaces(built->snapshot, {.model = Model::essvi});
  ASSERT_TRUE(set.has_value());
  const VolSurface& surface = only(*set);
  EXPECT_EQ(surface.model(), Model::essvi);
  EXPECT_TRUE(surface.arbitrage_free());
  EXPECT_LT(worst_error(surface.slices()[0], friday), 0.005);
  EXPECT_LT(worst_error(surface.slices()[1], march), 0.005);
}

TEST(SurfaceFit, ForwardsThatParityRefusesAreMoved) {
  RecordedSnapshot snapshot = recorded({{.expiry = next_friday}, {.expiry = end_of_march}});
  for (RecordedQuote& quote : snapshot.quotes)
    if (quote.instrument.expiry == next_friday) quote.forward = 64000.0 * 1.02;
  const SurfaceSet set = fitted(snapshot);
  const SurfaceSlice& moved = only(set).slices()[0];
  EXPECT_NEAR(moved.quality.parity_shift, -0.02, 0.002);
  EXPECT_NEAR(moved.forward, 64000.0, 100.0);
  EXPECT_NEAR(moved.volatility_atm, ordinary_smile(0.0, moved.years), 0.005);
  EXPECT_EQ(only(set).slices()[1].quality.parity_shift, 0.0);
  EXPECT_TRUE(only(set).arbitrage_free());
}

TEST(SurfaceFit, PairsThatContradictEachOtherMoveNothing) {
  RecordedSnapshot snapshot = recorded({{.expiry = next_friday}});
  // Every other call is dearer than parity allows by far more than its spread.
  for (std::size_t i = 0; i < snapshot.quotes.size(); i += 4) {
    RecordedQuote& quote = snapshot.quotes[i];
    const Decimal raise = Decimal::of("0.02");
    quote.bid_price = *quote.bid_price + raise;
    quote.ask_price = *quote.ask_price + raise;
  }
  const SurfaceSet set = fitted(snapshot);
  EXPECT_EQ(only(set).slices()[0].quality.parity_shift, 0.0);
  EXPECT_EQ(only(set).slices()[0].forward, 64000.0);
  EXPECT_TRUE(only(set).arbitrage_free());
}

bool expires(const market::MarketSnapshot& snapshot, std::size_t row, UtcTime expiry) {
  return (*snapshot.universe)[snapshot.instrument[row]].expiry == expiry;
}

void remove_quotes(market::MarketSnapshot& snapshot, UtcTime expiry) {
  for (std::size_t row = 0; row < snapshot.rows(); ++row)
    if (expires(snapshot, row, expiry)) snapshot.flags[row] = static_cast<std::uint16_t>(market::QuoteFlag::forward);
}

TEST(SurfaceFit, AnExpiryThatFallsSilentKeepsItsEarlierSmile) {
  const market::MarketSnapshot before = three_expiries();
  const auto earlier = fit_surfaces(before, {});
  market::MarketSnapshot after = before;
  after.time += std::chrono::hours{6};
  remove_quotes(after, next_friday);
  const auto later = fit_surfaces(after, {}, &*earlier);
  ASSERT_TRUE(later.has_value());
  const SurfaceSlice& was = only(*earlier).slices()[0];
  const SurfaceSlice& is = only(*later).slices()[0];
  EXPECT_EQ(is.rung, Rung::previous);
  for (const double k : {-0.1, 0.0, 0.05}) EXPECT_NEAR(is.volatility(k), was.volatility(k), 1e-3) << k;
  EXPECT_TRUE(only(*later).arbitrage_free());
  EXPECT_EQ(only(*fit_surfaces(after, {})).slices()[0].rung, Rung::flat);
}

TEST(SurfaceFit, EarlierSurfacesAreNeverOfTheFuture) {
  const market::MarketSnapshot before = three_expiries();
  market::MarketSnapshot after = before;
  after.time += std::chrono::hours{6};
  const auto later = fit_surfaces(after, {});
  const auto refused = fit_surfaces(before, {}, &*later);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("later than the snapshot"), std::string::npos);
  SurfaceFitter fitter{{}};
  EXPECT_TRUE(fitter.fit(after).has_value());
  EXPECT_FALSE(fitter.fit(before).has_value());
}

TEST(SurfaceFitter, FitsAgainOnlyWhatChanged) {
  const market::MarketSnapshot before = three_expiries();
  SurfaceFitter fitter{{}};
  const auto first = fitter.fit(before);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(fitter.slices_refitted(), 3U);
  EXPECT_EQ(*first, *fit_surfaces(before, {}));
  EXPECT_EQ(*fitter.fit(before), *first);
  EXPECT_EQ(fitter.slices_refitted(), 0U);

  market::MarketSnapshot after = before;
  const UtcTime changed = *parse_utc("2026-02-27T08:00:00Z");
  for (std::size_t row = 0; row < after.rows(); ++row) {
    if (!expires(after, row, changed) || !after.has(row, market::QuoteFlag::bid)) continue;
    after.bid[row] = PriceTicks{after.bid[row].raw() + after.bid[row].raw() / 100};
    after.ask[row] = PriceTicks{after.ask[row].raw() + after.ask[row].raw() / 100};
  }
  const auto second = fitter.fit(after);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(fitter.slices_refitted(), 1U);
  const auto was = only(*first).slices();
  const auto is = only(*second).slices();
  EXPECT_EQ(is[0], was[0]);
  EXPECT_EQ(is[2].svi, was[2].svi);
  EXPECT_GT(is[1].volatility_atm, was[1].volatility_atm + 0.002);
  EXPECT_TRUE(only(*second).arbitrage_free());
  const auto cold = fit_surfaces(after, {});
  EXPECT_NEAR(is[1].volatility_atm, only(*cold).slices()[1].volatility_atm, 1e-3);
}

TEST(SurfaceFitter, QuotesThatStaySayTheSameOfTotalVarianceAsTimePasses) {
  const market::MarketSnapshot before = three_expiries();
  SurfaceFitter fitter{{}};
  const auto first = fitter.fit(before);
  market::MarketSnapshot after = before;
  after.time += std::chrono::minutes{1};
  const auto second = fitter.fit(after);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(fitter.slices_refitted(), 0U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(only(*second).slices()[i].svi, only(*first).slices()[i].svi);
    EXPECT_GT(only(*second).slices()[i].volatility_atm, only(*first).slices()[i].volatility_atm);
  }
}

TEST(SurfaceFitter, BeginsAnewWhereAnExpiryFallsSilentOrRunsOut) {
  const market::MarketSnapshot before = three_expiries();
  SurfaceFitter fitter{{}};
  ASSERT_TRUE(fitter.fit(before).has_value());
  market::MarketSnapshot silent = before;
  silent.time += std::chrono::minutes{1};
  remove_quotes(silent, next_friday);
  const auto set = fitter.fit(silent);
  ASSERT_TRUE(set.has_value());
  EXPECT_EQ(fitter.slices_refitted(), 3U);
  EXPECT_EQ(only(*set).slices()[0].rung, Rung::previous);
  market::MarketSnapshot expired = silent;
  expired.time = next_friday;
  const auto rest = fitter.fit(expired);
  ASSERT_TRUE(rest.has_value());
  EXPECT_EQ(only(*rest).slices().size(), 2U);
}

TEST(SurfaceFit, SettingsOutsideTheirDomainAreNamed) {
  const auto built = market::build_snapshot(recorded({}), std::make_shared<market::Universe>(), {});
  ASSERT_TRUE(built.has_value());
  const auto refusal = [&](const FitSettings& settings) {
    const auto set = fit_surfaces(built->snapshot, settings);
    return set ? std::string{} : set.error().message;
  };
  EXPECT_NE(refusal({.quotes_least = 4}).find("quotes_least is 4"), std::string::npos);
  EXPECT_NE(refusal({.relative_spread_most = 2.5}).find("relative_spread_most"), std::string::npos);
  EXPECT_NE(refusal({.half_spread_least_volatility = 0.0}).find("half_spread_least"), std::string::npos);
  EXPECT_EQ(refusal({}), "");
}

}  // namespace
}  // namespace gimbal::surface
