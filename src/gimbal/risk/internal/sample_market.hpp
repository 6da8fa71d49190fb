// A small market made by hand, for this room's tests and benchmarks only: two coins, inverse and linear contracts,
// smiles given as numbers rather than fitted.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gimbal/market/contract_value.hpp"
#include "gimbal/market/snapshot_builder.hpp"
#include "gimbal/portfolio/ledger.hpp"
#include "gimbal/risk/risk_view.hpp"

namespace gimbal::risk::internal {

inline market::AssetCode code(std::string_view text) { return market::AssetCode::of(text); }

/// The instant of every sample market.
inline UtcTime sample_time() { return utc_from_milliseconds(1'770'000'000'000); }

struct OptionTerms {
  std::string underlying = "BTC";
  market::Payoff payoff = market::Payoff::inverse;
  market::OptionRight right = market::OptionRight::call;
  std::string strike = "60000";
  Duration life = std::chrono::hours{24 * 30};
  std::string contract_size = "1";
};

inline market::Instrument option(const OptionTerms& terms) {
  market::Instrument made;
  made.venue = "sample";
  made.kind = market::InstrumentKind::option;
  made.payoff = terms.payoff;
  made.underlying = code(terms.underlying);
  made.quote = code(terms.payoff == market::Payoff::inverse ? "USD" : "USDC");
  made.settlement = terms.payoff == market::Payoff::inverse ? made.underlying : made.quote;
  made.right = terms.right;
  made.strike = Decimal::of(terms.strike);
  made.expiry = sample_time() + terms.life;
  made.contract_size = Decimal::of(terms.contract_size);
  made.tick = Decimal::of(terms.payoff == market::Payoff::inverse ? "0.0001" : "1");
  made.lot = Decimal::of("0.1");
  made.minimum = Decimal::of("0.1");
  made.name = fmt::format("sample:{}-{}-{}-{}-{}", terms.underlying, market::to_string(terms.payoff),
                          terms.life.count() / 1'000'000'000, terms.strike, market::to_string(terms.right));
  return made;
}

struct FutureTerms {
  std::string underlying = "BTC";
  market::Payoff payoff = market::Payoff::inverse;
  std::optional<Duration> life = std::nullopt;  ///< A perpetual without.
  std::string contract_size = "10";
};

inline market::Instrument future(const FutureTerms& terms) {
  market::Instrument made = option({.underlying = terms.underlying, .payoff = terms.payoff});
  made.kind = terms.life ? market::InstrumentKind::future : market::InstrumentKind::perpetual;
  made.strike = Decimal{};
  made.expiry = terms.life ? std::optional<UtcTime>{sample_time() + *terms.life} : std::nullopt;
  made.contract_size = Decimal::of(terms.contract_size);
  made.tick = Decimal::of("0.5");
  made.lot = Decimal::of(terms.payoff == market::Payoff::inverse ? "1" : "0.001");
  made.minimum = made.lot;
  made.name = fmt::format("sample:{}-{}-{}", terms.underlying, market::to_string(terms.payoff),
                          terms.life ? std::to_string(terms.life->count() / 1'000'000'000) : "perpetual");
  return made;
}

inline market::Instrument spot(const std::string& underlying) {
  market::Instrument made = future({.underlying = underlying, .payoff = market::Payoff::linear, .contract_size = "1"});
  made.kind = market::InstrumentKind::spot;
  made.name = fmt::format("sample:{}-spot", underlying);
  return made;
}

/// An instrument with its analytics; what is absent is absent from the snapshot.
struct SampleQuote {
  market::Instrument instrument;
  std::optional<double> forward = std::nullopt;
  std::optional<double> mark = std::nullopt;
};

struct SampleIndex {
  std::string asset;
  std::string price;
};

inline std::shared_ptr<const market::MarketSnapshot> sample_snapshot(const std::vector<SampleQuote>& quotes,
                                                                     const std::vector<SampleIndex>& indices) {
  market::RecordedSnapshot recorded;
  recorded.time = sample_time();
  for (const SampleQuote& quote : quotes) {
    market::RecordedQuote row;
    row.instrument = quote.instrument;
    row.forward = quote.forward;
    row.mark_price = quote.mark;
    recorded.quotes.push_back(std::move(row));
  }
  for (const SampleIndex& index : indices)
    recorded.indices.push_back(market::RecordedIndex{code(index.asset), Decimal::of(index.price)});
  auto built = market::build_snapshot(recorded, std::make_shared<const market::Universe>(), {});
  GIMBAL_ASSERT(built.has_value());
  return std::make_shared<const market::MarketSnapshot>(std::move(built->snapshot));
}

/// A smile with a skew towards puts on every expiry: about `volatility` at the money.
struct SampleSmile {
  std::string underlying;
  double volatility = 0.5;
  double forward = 60000.0;
  double skew = -0.3;  ///< SVI's rho; with `curvature` zero the smile is flat.
  double curvature = 0.1;
};

inline std::shared_ptr<const surface::SurfaceSet> sample_surfaces(const market::MarketSnapshot& snapshot,
                                                                  const std::vector<SampleSmile>& smiles,
                                                                  std::vector<Duration> lives) {
  std::sort(lives.begin(), lives.end());
  std::vector<surface::VolSurface> surfaces;
  for (const SampleSmile& smile : smiles) {
    std::vector<surface::SurfaceSlice> slices;
    for (const Duration life : lives) {
      surface::SurfaceSlice slice;
      slice.expiry = sample_time() + life;
      slice.years = years_between(sample_time(), slice.expiry).raw();
      slice.forward = smile.forward;
      const double variance = smile.volatility * smile.volatility * slice.years;
      const double wings = smile.curvature * variance;
      slice.svi = {variance - wings * 0.2, wings, smile.skew, 0.0, 0.2};
      slice.volatility_atm = slice.volatility(0.0);
      slices.push_back(slice);
    }
    surfaces.emplace_back(*snapshot.universe->find_asset(code(smile.underlying)), sample_time(), std::move(slices));
  }
  std::sort(surfaces.begin(), surfaces.end(),
            [](const surface::VolSurface& a, const surface::VolSurface& b) { return a.underlying() < b.underlying(); });
  return std::make_shared<const surface::SurfaceSet>(sample_time(), std::move(surfaces));
}

/// One row that moves every underlying by the same.
struct SampleShock {
  double spot = 0.0;
  double volatility = 0.0;
  Duration step{};
  SmileDynamics dynamics = SmileDynamics::sticky_strike;
  double exponent = volatility_exponent_usual;
};

inline ScenarioSet sample_scenarios(const std::vector<std::string>& underlyings,
                                    const std::vector<SampleShock>& shocks) {
  ScenarioSet set;
  for (const std::string& underlying : underlyings) set.underlyings.push_back(code(underlying));
  for (const SampleShock& shock : shocks) {
    ScenarioRow row;
    row.time_step = shock.step;
    row.dynamics = shock.dynamics;
    row.volatility_exponent = shock.exponent;
    row.moves.assign(underlyings.size(), UnderlyingMove{shock.spot, shock.volatility});
    row.name = fmt::format("{} {}", set.rows.size(), scenario_name(set.underlyings, row));
    set.rows.push_back(std::move(row));
  }
  return set;
}

inline RiskView sample_view(std::shared_ptr<const market::MarketSnapshot> snapshot,
                            std::shared_ptr<const surface::SurfaceSet> surfaces, ScenarioSet scenarios,
                            std::string_view numeraire = "USD") {
  RiskSettings settings;
  settings.scenarios = std::move(scenarios);
  settings.numeraire = code(numeraire);
  auto view = build_risk_view(std::move(snapshot), std::move(surfaces),
                              std::make_shared<const RiskSettings>(std::move(settings)));
  GIMBAL_ASSERT(view.has_value());
  return std::move(*view);
}

inline constexpr auto sample_account = static_cast<market::AccountId>(0);

struct SampleHolding {
  std::string instrument;
  double contracts = 0.0;
  std::string entry_price = "60000";
};
struct SampleBalance {
  std::string asset;
  std::string amount;
};

/// A ledger with one account, opened with balances and positions.
inline portfolio::Ledger sample_ledger(const market::Universe& universe, const std::vector<SampleBalance>& balances,
                                       const std::vector<SampleHolding>& holdings) {
  std::vector<portfolio::OpeningBalance> cash;
  for (const SampleBalance& balance : balances) {
    const auto asset = universe.find_asset(code(balance.asset));
    GIMBAL_ASSERT(asset.has_value());
    const auto amount = Amount::from_decimal(Decimal::of(balance.amount), universe.asset(*asset).scale);
    cash.push_back(portfolio::OpeningBalance{sample_account, portfolio::Place::cash, *asset, *amount});
  }
  std::vector<portfolio::OpeningPosition> positions;
  for (const SampleHolding& holding : holdings) {
    const auto id = universe.find(holding.instrument);
    GIMBAL_ASSERT(id.has_value());
    const auto contracts = nearest_decimal(holding.contracts, 6);
    const auto lots = market::lots_of(universe[*id], *contracts);
    positions.push_back(portfolio::OpeningPosition{sample_account, *id, *lots, Decimal::of(holding.entry_price)});
  }
  portfolio::Ledger ledger;
  const auto posted = ledger.post(portfolio::opening_entry(std::move(cash), positions, universe));
  GIMBAL_ASSERT(posted.has_value());
  return ledger;
}

}  // namespace gimbal::risk::internal
