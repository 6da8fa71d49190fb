// Markets made by hand or drawn from a seed, for this room's tests and benchmarks only: quotes with sizes and fees on
// inverse and linear contracts, flat smiles given as numbers, and books opened through a ledger.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gimbal/allocate/allocation.hpp"
#include "gimbal/foundation/random.hpp"
#include "gimbal/market/contract_value.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/numerics/normal_draw.hpp"
#include "gimbal/portfolio/ledger.hpp"
#include "gimbal/pricing/inverse.hpp"

namespace gimbal::allocate::internal {

inline market::AssetCode code(std::string_view text) { return market::AssetCode::of(text); }
inline UtcTime sample_time() { return utc_from_milliseconds(1'770'000'000'000); }
inline Duration days(int count) { return std::chrono::hours{24 * count}; }
inline constexpr auto sample_account = static_cast<market::AccountId>(0);

/// A price moved to a multiple of the tick that holds there, away from zero for asks and towards it for bids.
inline Decimal on_tick(const market::Instrument& instrument, double price, Rounding rounding) {
  const Decimal raw = *nearest_decimal(price, 9);
  const Decimal& tick = market::tick_at(instrument, raw);
  return tick * Decimal{rounded_multiple(raw, tick, rounding)};
}

struct OptionTerms {
  std::string underlying = "BTC";
  int strike = 60000;
  int life_days = 30;
  market::OptionRight right = market::OptionRight::call;
  market::Payoff payoff = market::Payoff::inverse;
};

inline market::Instrument option(const OptionTerms& terms) {
  const bool inverse = terms.payoff == market::Payoff::inverse;
  market::Instrument made;
  made.venue = "sample";
  made.kind = market::InstrumentKind::option;
  made.payoff = terms.payoff;
  made.underlying = code(terms.underlying);
  made.quote = code(inverse ? "USD" : "USDC");
  made.settlement = inverse ? made.underlying : made.quote;
  made.right = terms.right;
  made.strike = Decimal{terms.strike};
  made.expiry = sample_time() + days(terms.life_days);
  made.contract_size = Decimal{1};
  made.tick = Decimal::of(inverse ? "0.0001" : "1");
  if (inverse) made.coarse_tick = market::TickStep{Decimal::of("0.005"), Decimal::of("0.0005")};
  made.lot = made.minimum = Decimal::of(terms.underlying == "BTC" ? "0.1" : "1");
  made.fees.taker_rate = Decimal::of("0.0003");
  made.fees.option_cap = Decimal::of("0.125");
  made.name = fmt::format("sample:{}-{}-{:03}-{}-{}", terms.underlying, inverse ? "i" : "l", terms.life_days,
                          terms.strike, terms.right == market::OptionRight::call ? "C" : "P");
  return made;
}

struct FutureTerms {
  std::string underlying = "BTC";
  int life_days = 0;  ///< 0 for a perpetual.
  market::Payoff payoff = market::Payoff::inverse;
  std::string taker_rate = "0.0005";
};

inline market::Instrument future(const FutureTerms& terms) {
  const bool inverse = terms.payoff == market::Payoff::inverse;
  market::Instrument made = option({.underlying = terms.underlying, .payoff = terms.payoff});
  made.kind = terms.life_days > 0 ? market::InstrumentKind::future : market::InstrumentKind::perpetual;
  made.strike = Decimal{};
  made.expiry.reset();
  if (terms.life_days > 0) made.expiry = sample_time() + days(terms.life_days);
  made.contract_size = Decimal::of(inverse ? (terms.underlying == "BTC" ? "10" : "1") : "1");
  made.tick = Decimal::of("0.5");
  made.coarse_tick.reset();
  made.lot = made.minimum = Decimal::of(inverse ? "1" : "0.001");
  made.fees = {};
  made.fees.taker_rate = Decimal::of(terms.taker_rate);
  made.name = fmt::format("sample:{}-{}-{}", terms.underlying, inverse ? "i" : "l",
                          terms.life_days > 0 ? fmt::format("{:03}", terms.life_days) : "perpetual");
  return made;
}

/// Quotes around a mid that a volatility gives, or none where a side's size is zero.
struct OptionQuote {
  OptionTerms terms = {};
  double forward = 60000.0;
  double volatility_mid = 0.6;
  double half_spread = 0.0005;  ///< In price units, before ticks.
  double bid_size = 25.0;
  double ask_size = 25.0;
  std::optional<double> volatility_mark = std::nullopt;  ///< As the mid where absent.
};

inline market::RecordedQuote quote(const OptionQuote& in) {
  market::RecordedQuote row;
  row.instrument = option(in.terms);
  const double years = years_between(sample_time(), *row.instrument.expiry).raw();
  const auto price_at = [&](double volatility) {
    return pricing::option_value(in.terms.payoff, 1.0,
                                 {in.forward, static_cast<double>(in.terms.strike), volatility, years, in.terms.right});
  };
  const double mid = price_at(in.volatility_mid);
  const Decimal bid = on_tick(row.instrument, std::max(mid - in.half_spread, 0.0), Rounding::down);
  if (in.bid_size > 0.0 && !bid.is_zero()) {
    row.bid_price = bid;
    row.bid_size = *nearest_decimal(in.bid_size, 1);
  }
  if (in.ask_size > 0.0) {
    row.ask_price = on_tick(row.instrument, mid + in.half_spread, Rounding::up);
    row.ask_size = *nearest_decimal(in.ask_size, 1);
  }
  row.mark_price = price_at(in.volatility_mark.value_or(in.volatility_mid));
  row.forward = in.forward;
  return row;
}

struct FutureQuote {
  FutureTerms terms = {};
  double price = 60000.0;
  double half_spread = 0.5;
  double size = 100000.0;  ///< Contracts on either side; zero for no quotes.
  std::string funding_rate_8h = "0";
};

inline market::RecordedQuote quote(const FutureQuote& in) {
  market::RecordedQuote row;
  row.instrument = future(in.terms);
  if (in.size > 0.0) {
    row.bid_price = on_tick(row.instrument, in.price - in.half_spread, Rounding::down);
    row.ask_price = on_tick(row.instrument, in.price + in.half_spread, Rounding::up);
    row.bid_size = row.ask_size = *nearest_decimal(in.size, 3);
  }
  row.mark_price = in.price;
  if (in.terms.life_days == 0) row.funding_rate_8h = Decimal::of(in.funding_rate_8h);
  return row;
}

struct SampleIndex {
  std::string asset;
  std::string price;
};

/// A flat smile on every expiry of an underlying.
struct FlatSmile {
  std::string underlying;
  double forward = 60000.0;
  double volatility = 0.6;
};

struct SampleBalance {
  std::string asset;
  std::string amount;
};
struct SampleHolding {
  std::string instrument;
  double contracts = 0.0;
};

/// Everything an allocation reads.
struct SampleMarket {
  risk::RiskView view;
  risk::BookState book;

  [[nodiscard]] market::InstrumentId id(std::string_view name) const { return *view.universe().find(name); }
};

struct SampleDescription {
  std::vector<market::RecordedQuote> quotes;
  std::vector<SampleIndex> indices = {{"BTC", "60000"}};
  std::vector<FlatSmile> smiles = {{"BTC"}};
  std::vector<double> spot_moves = {-0.2, -0.1, 0.0, 0.1, 0.2};
  std::vector<double> volatility_moves = {-0.2, 0.0, 0.3};
  std::string numeraire = "USD";
  std::vector<SampleBalance> balances = {{"BTC", "10"}};
  std::vector<SampleHolding> holdings;
  surface::Rung rung = surface::Rung::fit;
};

inline std::shared_ptr<const surface::SurfaceSet> flat_surfaces(const market::MarketSnapshot& snapshot,
                                                                const SampleDescription& in) {
  std::vector<surface::VolSurface> surfaces;
  for (const FlatSmile& smile : in.smiles) {
    std::vector<UtcTime> expiries;
    for (const market::Instrument& instrument : snapshot.universe->instruments())
      if (instrument.is_option() && instrument.underlying == code(smile.underlying))
        expiries.push_back(*instrument.expiry);
    std::sort(expiries.begin(), expiries.end());
    expiries.erase(std::unique(expiries.begin(), expiries.end()), expiries.end());
    std::vector<surface::SurfaceSlice> slices;
    for (const UtcTime expiry : expiries) {
      surface::SurfaceSlice slice;
      slice.expiry = expiry;
      slice.years = years_between(sample_time(), expiry).raw();
      slice.forward = smile.forward;
      slice.svi = {smile.volatility * smile.volatility * slice.years, 0.0, 0.0, 0.0, 0.2};
      slice.volatility_atm = smile.volatility;
      slice.rung = in.rung;
      slices.push_back(slice);
    }
    if (!slices.empty())
      surfaces.emplace_back(*snapshot.universe->find_asset(code(smile.underlying)), sample_time(), std::move(slices));
  }
  std::sort(surfaces.begin(), surfaces.end(),
            [](const surface::VolSurface& a, const surface::VolSurface& b) { return a.underlying() < b.underlying(); });
  return std::make_shared<const surface::SurfaceSet>(sample_time(), std::move(surfaces));
}

inline portfolio::Ledger open_ledger(const market::Universe& universe, const SampleDescription& in) {
  std::vector<portfolio::OpeningBalance> cash;
  for (const SampleBalance& balance : in.balances) {
    const auto asset = universe.find_asset(code(balance.asset));
    GIMBAL_ASSERT(asset.has_value());
    cash.push_back({sample_account, portfolio::Place::cash, *asset,
                    *Amount::from_decimal(Decimal::of(balance.amount), universe.asset(*asset).scale)});
  }
  std::vector<portfolio::OpeningPosition> positions;
  for (const SampleHolding& holding : in.holdings) {
    const market::InstrumentId id = *universe.find(holding.instrument);
    const auto lots = market::lots_of(universe[id], *nearest_decimal(holding.contracts, 6));
    GIMBAL_ASSERT(lots.has_value());
    positions.push_back({sample_account, id, *lots, Decimal{60000}});
  }
  portfolio::Ledger ledger;
  const auto posted = ledger.post(portfolio::opening_entry(std::move(cash), positions, universe));
  GIMBAL_ASSERT(posted.has_value());
  return ledger;
}

inline SampleMarket make_market(const SampleDescription& in) {
  market::RecordedSnapshot recorded;
  recorded.time = sample_time();
  recorded.quotes = in.quotes;
  for (const SampleIndex& index : in.indices) recorded.indices.push_back({code(index.asset), Decimal::of(index.price)});
  auto built = market::build_snapshot(recorded, std::make_shared<const market::Universe>(), {});
  GIMBAL_ASSERT(built.has_value());
  auto snapshot = std::make_shared<const market::MarketSnapshot>(std::move(built->snapshot));
  auto surfaces = flat_surfaces(*snapshot, in);
  risk::ScenarioGrid grid;
  for (const FlatSmile& smile : in.smiles) grid.spot.push_back({code(smile.underlying), in.spot_moves});
  grid.volatility_moves = in.volatility_moves;
  risk::RiskSettings settings;
  settings.scenarios = *risk::joint_grid(grid);
  settings.numeraire = code(in.numeraire);
  auto view = risk::build_risk_view(snapshot, surfaces, std::make_shared<const risk::RiskSettings>(settings));
  GIMBAL_ASSERT(view.has_value());
  auto book = risk::read_book(*view, open_ledger(*snapshot->universe, in), sample_account);
  GIMBAL_ASSERT(book.has_value());
  return {std::move(*view), std::move(*book)};
}

/// A chain drawn from a seed: calls and puts of one or two coins whose quotes scatter around flat smiles, some
/// one-sided, perpetuals and a dated future each.
struct ChainShape {
  int coins = 2;
  int strikes = 5;  ///< Of each expiry.
  std::vector<int> lives_days = {4, 11, 25, 60};
  double one_sided_share = 0.08;
  std::vector<double> spot_moves = {-0.2, -0.1, 0.0, 0.1, 0.2};  ///< Of each coin, all combinations.
};

inline void draw_coin(SeededRandom& random, const ChainShape& shape, const FlatSmile& smile, SampleDescription& out) {
  const bool btc = smile.underlying == "BTC";
  for (const int life : shape.lives_days)
    for (int k = 0; k < shape.strikes; ++k)
      for (const auto right : {market::OptionRight::call, market::OptionRight::put}) {
        const double width = 0.18 * std::sqrt(static_cast<double>(life) / 30.0);
        const double place = shape.strikes > 1 ? 2.0 * k / (shape.strikes - 1.0) - 1.0 : 0.0;
        const double grid = btc ? 500.0 : 25.0;
        OptionQuote drawn;
        drawn.terms.strike = static_cast<int>(grid * std::floor(smile.forward * (1.0 + width * place) / grid + 0.5));
        drawn.terms.underlying = smile.underlying;
        drawn.terms.life_days = life;
        drawn.terms.right = right;
        drawn.forward = smile.forward;
        const double noise = numerics::normal_draw(random);
        drawn.volatility_mid = smile.volatility * (1.0 + 0.02 * noise);
        drawn.volatility_mark = smile.volatility;
        drawn.half_spread = 0.0002 + 0.0008 * random.uniform();
        const double scale = btc ? 30.0 : 400.0;
        drawn.bid_size = std::floor(scale * (0.1 + random.uniform()));
        drawn.ask_size = std::floor(scale * (0.1 + random.uniform()));
        if (random.uniform() < shape.one_sided_share) drawn.bid_size = 0.0;
        out.quotes.push_back(quote(drawn));
      }
  const double half_spread = 0.5;
  out.quotes.push_back(quote(FutureQuote{{smile.underlying, 0}, smile.forward, half_spread, 200000.0, "0.00005"}));
  out.quotes.push_back(quote(
      FutureQuote{{smile.underlying, shape.lives_days.back()}, smile.forward * 1.005, half_spread, 50000.0, "0"}));
}

inline SampleDescription draw_chain(std::uint64_t seed, const ChainShape& shape) {
  SeededRandom random{seed};
  SampleDescription out;
  out.spot_moves = shape.spot_moves;
  out.smiles = {{"BTC", 60000.0, 0.6}};
  out.balances = {{"BTC", "20"}};
  if (shape.coins > 1) {
    out.indices.push_back({"ETH", "3000"});
    out.smiles.push_back({"ETH", 3000.0, 0.75});
    out.balances.push_back({"ETH", "300"});
  }
  for (const FlatSmile& smile : out.smiles) draw_coin(random, shape, smile, out);
  return out;
}

}  // namespace gimbal::allocate::internal
