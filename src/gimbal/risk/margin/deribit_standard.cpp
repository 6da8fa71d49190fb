// Deribit's standard margin, line by line.
#include "gimbal/risk/margin/deribit_standard.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "gimbal/pricing/inverse.hpp"

namespace gimbal::risk {
namespace {

using market::AssetId;
using market::Instrument;
using market::InstrumentId;
using market::Payoff;

// The market inputs of one line.
struct LineInputs {
  double mark = 0.0;   ///< In the instrument's price unit.
  double index = 0.0;  ///< Of the underlying, in the quote asset.
  double size = 0.0;   ///< Contract size.
};

Result<LineInputs> inputs_of(const MarginMarket& market, InstrumentId id) {
  const Instrument& instrument = (*market.snapshot.universe)[id];
  const std::size_t i = market::raw(id);
  if (i >= market.marks.size() || !market.marks[i])
    return fail(ErrorCode::missing_data, "margin of {}: no mark", instrument.name);
  const double mark = *market.marks[i];
  // An option may be worthless; a future at zero or below is not a price.
  if (!std::isfinite(mark) || mark < 0.0 || (!instrument.is_option() && mark == 0.0))
    return fail(ErrorCode::out_of_domain, "margin of {}: the mark is {}", instrument.name, mark);
  const auto index = portfolio::index_quote(market.snapshot, id);
  if (!index) return fail(ErrorCode::missing_data, "margin of {}: no index price", instrument.name);
  if (!std::isfinite(*index) || *index <= 0.0)
    return fail(ErrorCode::out_of_domain, "margin of {}: the index is {}", instrument.name, *index);
  return LineInputs{mark, *index, instrument.contract_size.to_double()};
}

template <class Rates>
const Rates* find_rates(const std::vector<Rates>& list, const Instrument& instrument) {
  for (const Rates& rates : list)
    if (rates.underlying == instrument.underlying && rates.payoff == instrument.payoff) return &rates;
  return nullptr;
}

Unexpected no_rates(const Instrument& instrument) {
  return fail(ErrorCode::missing_data, "margin of {}: the parameters have no rates for {} {}s on {}", instrument.name,
              market::to_string(instrument.payoff), market::to_string(instrument.kind), instrument.underlying.view());
}

// A future's requirement as a function of contracts held: slope |q| + curvature q^2, in the pool's currency.
struct FutureCharge {
  double slope = 0.0;
  double curvature = 0.0;
  [[nodiscard]] double at(double contracts) const {
    const double size = std::fabs(contracts);
    return size * (slope + size * curvature);
  }
};

FutureCharge future_charge(const Instrument& instrument, const LineInputs& in, const DeribitFutureRates& rates,
                           MarginSide side) {
  const bool inverse = instrument.payoff == Payoff::inverse;
  const double coins = inverse ? in.size / in.mark : in.size;
  const double currency = inverse ? 1.0 : in.mark;
  const double base = side == MarginSide::initial ? rates.initial_base : rates.maintenance_base;
  return {coins * base * currency, coins * coins * rates.increment_per_coin * currency};
}

// The charge of one line, both sides, with what led to it.
struct Charge {
  bool option = false;
  double initial_short = 0.0;  ///< Options: of one contract short.
  double maintenance_short = 0.0;
  FutureCharge initial_future;
  FutureCharge maintenance_future;

  [[nodiscard]] double at(double contracts, MarginSide side) const {
    const bool initial = side == MarginSide::initial;
    if (!option) return (initial ? initial_future : maintenance_future).at(contracts);
    return std::max(0.0, -contracts) * (initial ? initial_short : maintenance_short);
  }
};

// Several lines of one instrument become one. Sorted by value before adding, so that no order of lines changes a bit.
std::vector<MarginPosition> merged(std::vector<MarginPosition> positions) {
  std::sort(positions.begin(), positions.end());
  std::vector<MarginPosition> list;
  for (const MarginPosition& position : positions) {
    if (!list.empty() && list.back().instrument == position.instrument) {
      list.back().contracts += position.contracts;
    } else {
      list.push_back(position);
    }
  }
  return list;
}

class Assessor {
 public:
  Assessor(const DeribitStandardParameters& parameters, const MarginMarket& market)
      : parameters_{parameters}, market_{market}, universe_{*market.snapshot.universe} {}

  // The charge of an instrument; `line` and `unconfirmed` receive the account of it where given.
  Result<Charge> charge(InstrumentId id, MarginLine* line, std::vector<std::string>* unconfirmed) const {
    const Instrument& instrument = universe_[id];
    if (instrument.payoff == Payoff::quanto)
      return fail(ErrorCode::unsupported, "margin of {}: quanto contracts are not traded", instrument.name);
    const auto in = inputs_of(market_, id);
    if (!in) return Unexpected{in.error()};
    return instrument.is_option() ? option_charge(instrument, *in, line, unconfirmed)
                                  : future_charge_of(instrument, *in, line, unconfirmed);
  }

 private:
  Result<Charge> option_charge(const Instrument& instrument, const LineInputs& in, MarginLine* line,
                               std::vector<std::string>* unconfirmed) const {
    const DeribitOptionRates* rates = find_rates(parameters_.options, instrument);
    if (rates == nullptr) return no_rates(instrument);
    note(unconfirmed, rates->confirmed, instrument);
    const DeribitOptionMargin unit =
        deribit_option_margin(*rates, instrument.right, instrument.strike.to_double(), {in.index, in.mark});
    Charge charge;
    charge.option = true;
    charge.initial_short = in.size * unit.initial;
    charge.maintenance_short = in.size * unit.maintenance;
    if (line != nullptr)
      line->terms = {{"mark", in.mark},
                     {"index", in.index},
                     {"out of the money", unit.out_of_the_money},
                     {"initial per contract short", charge.initial_short},
                     {"maintenance per contract short", charge.maintenance_short}};
    return charge;
  }

  Result<Charge> future_charge_of(const Instrument& instrument, const LineInputs& in, MarginLine* line,
                                  std::vector<std::string>* unconfirmed) const {
    const DeribitFutureRates* rates = find_rates(parameters_.futures, instrument);
    if (rates == nullptr) return no_rates(instrument);
    note(unconfirmed, rates->confirmed, instrument);
    Charge charge;
    charge.initial_future = future_charge(instrument, in, *rates, MarginSide::initial);
    charge.maintenance_future = future_charge(instrument, in, *rates, MarginSide::maintenance);
    if (line != nullptr) {
      const double units = std::fabs(line->contracts) * in.size;
      const double coins = instrument.payoff == Payoff::inverse ? units / in.mark : units;
      line->terms = {{"mark", in.mark},
                     {"size in coin", coins},
                     {"initial rate", rates->initial_base + coins * rates->increment_per_coin},
                     {"maintenance rate", rates->maintenance_base + coins * rates->increment_per_coin}};
    }
    return charge;
  }

  static void note(std::vector<std::string>* unconfirmed, bool confirmed, const Instrument& instrument) {
    if (unconfirmed == nullptr || confirmed) return;
    std::string text = fmt::format("{} {} rates of {}", market::to_string(instrument.payoff),
                                   instrument.is_option() ? "option" : "future", instrument.underlying.view());
    if (std::find(unconfirmed->begin(), unconfirmed->end(), text) == unconfirmed->end())
      unconfirmed->push_back(std::move(text));
  }

  const DeribitStandardParameters& parameters_;
  const MarginMarket& market_;
  const market::Universe& universe_;
};

// The venue leaves the value of options out of what it compares margin with.
double balance_of(const portfolio::AccountValue& value) { return value.cash + value.unsettled; }

// Contracts between which a position's bound must hold.
struct Interval {
  double lower = 0.0;
  double upper = 0.0;
  double held = 0.0;
};

Result<std::map<InstrumentId, Interval>> intervals(const MarginBook& book, std::span<const PositionLimits> limits,
                                                   const market::Universe& universe) {
  std::map<InstrumentId, Interval> list;
  for (const PositionLimits& limit : limits) {
    if (!std::isfinite(limit.lower) || !std::isfinite(limit.upper) || limit.lower > limit.upper)
      return fail(ErrorCode::invalid_argument, "position limits of {} are {} to {}", universe[limit.instrument].name,
                  limit.lower, limit.upper);
    if (!list.emplace(limit.instrument, Interval{limit.lower, limit.upper, 0.0}).second)
      return fail(ErrorCode::invalid_argument, "position limits of {} are given twice",
                  universe[limit.instrument].name);
  }
  for (const MarginPosition& position : merged(book.positions)) list[position.instrument].held = position.contracts;
  for (auto& [id, interval] : list) {
    interval.lower = std::min({interval.lower, interval.held, 0.0});
    interval.upper = std::max({interval.upper, interval.held, 0.0});
  }
  return list;
}

// Chords of the charge on one side of zero, over nodes up to the interval's end and the position held now. A chord lies
// above a convex function between its ends and below it elsewhere, so the largest of them interpolates it from above.
void add_chords(const FutureCharge& charge, const Interval& interval, market::Side side,
                std::vector<BoundLine>& lines) {
  const double end = side == market::Side::buy ? interval.upper : interval.lower;
  if (end == 0.0) return;
  // Nodes lie closer together towards zero, where the same gap would be a larger part of the charge: with eight chords
  // the bound is less than 2 % above the rule up to the size at which the rate has doubled.
  constexpr int chords = 8;
  std::vector<double> nodes;
  for (int k = 0; k <= chords; ++k) {
    const double share = static_cast<double>(k) / static_cast<double>(chords);
    nodes.push_back(end * share * share);
  }
  if (interval.held / end > 0.0 && interval.held / end < 1.0) nodes.push_back(interval.held);
  std::sort(nodes.begin(), nodes.end(), [](double a, double b) { return std::fabs(a) < std::fabs(b); });
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  for (std::size_t k = 1; k < nodes.size(); ++k) {
    const double near = nodes[k - 1];
    const double far = nodes[k];
    // (f(far) - f(near)) / (far - near) without cancellation.
    const double slope = charge.slope + charge.curvature * (std::fabs(near) + std::fabs(far));
    lines.push_back(BoundLine{end > 0.0 ? slope : -slope, -charge.curvature * std::fabs(near) * std::fabs(far)});
  }
}

PositionBound position_bound(InstrumentId id, const Charge& charge, const Interval& interval, MarginSide side) {
  PositionBound bound{id, {}};
  if (charge.option) {
    bound.lines.push_back(BoundLine{0.0, 0.0});
    const double per_short = charge.at(-1.0, side);
    if (interval.lower < 0.0) bound.lines.push_back(BoundLine{-per_short, 0.0});
    return bound;
  }
  const FutureCharge& future = side == MarginSide::initial ? charge.initial_future : charge.maintenance_future;
  add_chords(future, interval, market::Side::sell, bound.lines);
  add_chords(future, interval, market::Side::buy, bound.lines);
  if (bound.lines.empty()) bound.lines.push_back(BoundLine{0.0, 0.0});
  return bound;
}

}  // namespace

DeribitStandardParameters deribit_standard_2022() {
  const auto btc = market::AssetCode::of("BTC");
  const auto eth = market::AssetCode::of("ETH");
  const auto sol = market::AssetCode::of("SOL");
  DeribitStandardParameters parameters;
  parameters.source = "Deribit support: margin of options and of linear perpetuals; changes of 11 January 2022";
  parameters.date = "2022-01-11";
  parameters.options = {
      {.underlying = btc, .payoff = Payoff::inverse},
      {.underlying = eth, .payoff = Payoff::inverse},
      // From a secondary source: the venue prints no example of these.
      {.underlying = btc, .payoff = Payoff::linear, .confirmed = false},
      {.underlying = eth, .payoff = Payoff::linear, .confirmed = false},
  };
  parameters.futures = {
      {.underlying = btc,
       .payoff = Payoff::inverse,
       .initial_base = 0.02,
       .maintenance_base = 0.01,
       .increment_per_coin = 0.00005},
      {.underlying = btc,
       .payoff = Payoff::linear,
       .initial_base = 0.02,
       .maintenance_base = 0.01,
       .increment_per_coin = 0.00005},
      {.underlying = eth,
       .payoff = Payoff::inverse,
       .initial_base = 0.02,
       .maintenance_base = 0.01,
       .increment_per_coin = 0.000004},
      // The table names the inverse contract only; the linear one is taken to be like it.
      {.underlying = eth,
       .payoff = Payoff::linear,
       .initial_base = 0.02,
       .maintenance_base = 0.01,
       .increment_per_coin = 0.000004,
       .confirmed = false},
      {.underlying = sol,
       .payoff = Payoff::linear,
       .initial_base = 0.04,
       .maintenance_base = 0.02,
       .increment_per_coin = 0.000005},
  };
  return parameters;
}

DeribitOptionMargin deribit_option_margin(const DeribitOptionRates& rates, market::OptionRight right, double strike,
                                          const OptionPrices& prices) {
  const bool call = right == market::OptionRight::call;
  const double index = prices.index;
  const double mark = prices.mark;
  // Coin or quote per unit of underlying that a rate of 1 stands for.
  const double unit = rates.payoff == Payoff::inverse ? 1.0 : index;
  DeribitOptionMargin margin;
  margin.out_of_the_money = std::max(call ? strike - index : index - strike, 0.0) / index;
  const double initial = std::max(rates.initial - margin.out_of_the_money, rates.initial_least) * unit + mark;
  margin.maintenance = rates.maintenance * unit + mark;
  margin.initial = initial;
  if (!call) {
    margin.maintenance = std::max(rates.maintenance * unit, rates.maintenance_put_mark * mark) + mark;
    margin.initial = std::max(initial, margin.maintenance);
  }
  return margin;
}

DeribitStandard::DeribitStandard(DeribitStandardParameters parameters) : parameters_{std::move(parameters)} {}

Result<MarginAssessment> DeribitStandard::assess(const MarginMarket& market, const MarginBook& book) const {
  const market::Universe& universe = *market.snapshot.universe;
  const Assessor assessor{parameters_, market};
  MarginAssessment assessment;
  std::map<AssetId, MarginPool> pools;
  for (const portfolio::AccountValue& value : book.values) {
    MarginPool& pool = pools[value.asset];
    pool.balance += balance_of(value);
  }
  for (const MarginPosition& position : merged(book.positions)) {
    if (universe[position.instrument].kind == market::InstrumentKind::spot) continue;
    MarginLine line;
    line.instrument = position.instrument;
    line.contracts = position.contracts;
    line.pool = universe.settlement(position.instrument);
    const auto charge = assessor.charge(position.instrument, &line, &assessment.unconfirmed);
    if (!charge) return Unexpected{charge.error()};
    line.initial = charge->at(position.contracts, MarginSide::initial);
    line.maintenance = charge->at(position.contracts, MarginSide::maintenance);
    MarginPool& pool = pools[line.pool];
    pool.initial += line.initial;
    pool.maintenance += line.maintenance;
    assessment.lines.push_back(std::move(line));
  }
  for (auto& [asset, pool] : pools) {
    pool.asset = asset;
    assessment.pools.push_back(pool);
  }
  return assessment;
}

Result<MarginBound> DeribitStandard::bound(const MarginMarket& market, const MarginBook& book,
                                           std::span<const PositionLimits> limits, MarginSide side) const {
  const market::Universe& universe = *market.snapshot.universe;
  const Assessor assessor{parameters_, market};
  const auto ranges = intervals(book, limits, universe);
  if (!ranges) return Unexpected{ranges.error()};
  std::map<AssetId, PoolBound> pools;
  for (const portfolio::AccountValue& value : book.values) pools[value.asset].balance += balance_of(value);
  for (const auto& [id, interval] : *ranges) {
    if (universe[id].kind == market::InstrumentKind::spot) continue;
    const auto charge = assessor.charge(id, nullptr, nullptr);
    if (!charge) return Unexpected{charge.error()};
    pools[universe.settlement(id)].positions.push_back(position_bound(id, *charge, interval, side));
  }
  MarginBound bound;
  bound.side = side;
  for (auto& [asset, pool] : pools) {
    pool.asset = asset;
    bound.pools.push_back(std::move(pool));
  }
  return bound;
}

Result<std::vector<BalanceEffect>> DeribitStandard::balance_effects(const MarginMarket& market, InstrumentId id,
                                                                    double price) const {
  const market::Universe& universe = *market.snapshot.universe;
  const Instrument& instrument = universe[id];
  const AssetId settlement = universe.settlement(id);
  const double size = instrument.contract_size.to_double();
  if (instrument.kind == market::InstrumentKind::spot)
    return std::vector<BalanceEffect>{{settlement, -size * price}, {universe.underlying(id), size}};
  const auto in = inputs_of(market, id);
  if (!in) return Unexpected{in.error()};
  // An option's premium leaves the balance at once, and its value is not counted in it.
  if (instrument.is_option()) return std::vector<BalanceEffect>{{settlement, -size * price}};
  if (!(price > 0.0)) return fail(ErrorCode::out_of_domain, "a trade in {} at the price {}", instrument.name, price);
  return std::vector<BalanceEffect>{{settlement, pricing::future_value(instrument.payoff, size, in->mark) -
                                                     pricing::future_value(instrument.payoff, size, price)}};
}

}  // namespace gimbal::risk
