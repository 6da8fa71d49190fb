// Adding up what each position, trade and payment did, and rounding it so that the sum is exact.
#include "gimbal/portfolio/attribution.hpp"

#include <map>
#include <tuple>

#include "gimbal/market/contract_value.hpp"
#include "gimbal/portfolio/internal/value_steps.hpp"
#include "gimbal/pricing/black76.hpp"
#include "gimbal/pricing/implied_volatility.hpp"

namespace gimbal::portfolio {
namespace {

using internal::ContractState;
using internal::ValueSteps;
using market::AssetId;
using market::Instrument;
using market::InstrumentId;
using market::InstrumentKind;

// The volatility that a mark implies at its forward; the surface's where the mark says nothing of volatility.
Result<double> marked_volatility(const Valuation& at, InstrumentId id, double mark, double forward) {
  const Instrument& instrument = (*at.snapshot.universe)[id];
  const double strike = instrument.strike.to_double();
  const double premium = instrument.payoff == market::Payoff::inverse ? mark * forward : mark;
  const pricing::ImpliedVolatility implied =
      pricing::implied_volatility({.premium = premium,
                                   .forward = forward,
                                   .strike = strike,
                                   .expiry_years = years_between(at.snapshot.time, *instrument.expiry).raw(),
                                   .right = instrument.right});
  if (implied.ok()) return implied.volatility_annual;
  const surface::VolSurface* surface = at.surfaces.find(at.snapshot.universe->underlying(id));
  if (surface == nullptr)
    return fail(ErrorCode::missing_data, "no volatility of {} at {}", instrument.name, format_utc(at.snapshot.time));
  return surface->volatility(pricing::log_ratio(strike, forward), *instrument.expiry);
}

class Attributor {
 public:
  Attributor(const Valuation& before, const Valuation& after, market::AccountId account, AssetId numeraire)
      : before_{before}, after_{after}, account_{account}, numeraire_{numeraire} {}

  Result<Attribution> attribute(const AccountFlows& flows) {
    auto values_before = value_accounts(before_.ledger, *before_.snapshot.universe, before_.marks);
    if (!values_before) return Unexpected{values_before.error()};
    auto values_after = value_accounts(after_.ledger, *after_.snapshot.universe, after_.marks);
    if (!values_after) return Unexpected{values_after.error()};
    if (const auto done = add_collateral(*values_before); !done) return Unexpected{done.error()};
    if (const auto done = add_trades(flows.fills); !done) return Unexpected{done.error()};
    if (const auto done = add_funding(flows.funding); !done) return Unexpected{done.error()};
    if (const auto done = add_positions(flows.deliveries); !done) return Unexpected{done.error()};
    return rounded(*values_before, *values_after);
  }

 private:
  enum class Group : std::uint8_t { book, last_day };
  struct Key {
    Group group = Group::book;
    AttributionItem item = AttributionItem::residual;
    std::optional<AssetId> asset;
    std::optional<ExpiryBucket> bucket;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  [[nodiscard]] const market::Universe& universe() const { return *after_.snapshot.universe; }

  // Numeraire per unit of an asset.
  [[nodiscard]] Result<double> rate(const Valuation& at, AssetId asset) const {
    const auto price = at.snapshot.index(asset);
    if (!price) return Unexpected{price.error()};
    const auto unit = at.snapshot.index(numeraire_);
    if (!unit) return Unexpected{unit.error()};
    return *price / *unit;
  }

  void add(AttributionItem item, AssetId asset, double amount) { sums_[{Group::book, item, asset, {}}] += amount; }

  Result<void> add_collateral(const std::vector<AccountValue>& values) {
    for (const AccountValue& value : values) {
      if (value.account != account_) continue;
      const auto rate_before = rate(before_, value.asset);
      if (!rate_before) return Unexpected{rate_before.error()};
      const auto rate_after = rate(after_, value.asset);
      if (!rate_after) return Unexpected{rate_after.error()};
      add(AttributionItem::collateral, value.asset, value.equity() * (*rate_after - *rate_before));
    }
    return {};
  }

  Result<void> add_trades(const std::vector<market::Fill>& fills) {
    for (const market::Fill& fill : fills) {
      if (fill.account != account_) continue;
      const Instrument& instrument = universe()[fill.instrument];
      const AssetId settlement = universe().settlement(fill.instrument);
      const auto settled = rate(after_, settlement);
      if (!settled) return Unexpected{settled.error()};
      const double contracts =
          market::contracts_of(instrument, market::signed_lots(fill.side, fill.quantity)).to_double();
      const double price = market::price_of(instrument, fill.price).to_double();
      const auto worth = traded_worth(fill.instrument, *settled);
      if (!worth) return Unexpected{worth.error()};
      add(AttributionItem::trades, universe().underlying(fill.instrument),
          contracts * (*worth - *settled * contract_value(instrument, price)));
      add(AttributionItem::fees, settlement, -*settled * fill.fee.to_double(universe().asset(settlement).scale));
    }
    return {};
  }

  // What one contract bought is worth in the numeraire: at its mark, or the coins that a spot pair delivers.
  [[nodiscard]] Result<double> traded_worth(InstrumentId id, double settled) const {
    const Instrument& instrument = universe()[id];
    if (instrument.kind == InstrumentKind::spot) {
      const auto coin = rate(after_, universe().underlying(id));
      if (!coin) return Unexpected{coin.error()};
      return instrument.contract_size.to_double() * *coin;
    }
    const auto mark = mark_of(after_, id);
    if (!mark) return Unexpected{mark.error()};
    return settled * contract_value(instrument, *mark);
  }

  Result<void> add_funding(const std::vector<market::FundingPayment>& payments) {
    for (const market::FundingPayment& payment : payments) {
      if (payment.account != account_) continue;
      const AssetId settlement = universe().settlement(payment.instrument);
      const auto settled = rate(after_, settlement);
      if (!settled) return Unexpected{settled.error()};
      add(AttributionItem::funding, universe().underlying(payment.instrument),
          -*settled * payment.paid.to_double(universe().asset(settlement).scale));
    }
    return {};
  }

  Result<void> add_positions(const std::vector<market::Delivery>& deliveries) {
    for (const Position& held : before_.ledger.positions()) {
      if (held.account != account_) continue;
      const market::Delivery* delivery = nullptr;
      for (const market::Delivery& other : deliveries)
        if (other.account == account_ && other.instrument == held.instrument) delivery = &other;
      const auto done = delivery == nullptr ? add_held(held) : add_delivered(held, *delivery);
      if (!done) return done;
    }
    return {};
  }

  Result<void> add_held(const Position& held) {
    const auto from = state_of(before_, held.instrument);
    if (!from) return Unexpected{from.error()};
    const auto to = state_of(after_, held.instrument);
    if (!to) return Unexpected{to.error()};
    const Instrument& instrument = universe()[held.instrument];
    const double contracts = market::contracts_of(instrument, held.lots).to_double();
    add_steps(held.instrument, contracts, internal::value_steps(instrument, *from, *to));
    return {};
  }

  Result<void> add_delivered(const Position& held, const market::Delivery& delivery) {
    const Instrument& instrument = universe()[held.instrument];
    const AssetId settlement = universe().settlement(held.instrument);
    const int scale = universe().asset(settlement).scale;
    const double contracts = market::contracts_of(instrument, held.lots).to_double();
    const auto from = state_of(before_, held.instrument);
    if (!from) return Unexpected{from.error()};
    const auto settled = rate(after_, settlement);
    if (!settled) return Unexpected{settled.error()};
    double explained = 0.0;
    if (!instrument.is_option()) {
      ContractState to = *from;
      to.rate = *settled;
      to.index = to.forward = delivery.delivery_price.to_double();
      to.value = contract_value(instrument, to.forward);
      const ValueSteps steps = internal::value_steps(instrument, *from, to);
      add_steps(held.instrument, contracts, steps);
      explained = contracts * to.rate * (to.value - from->value);
    }
    const double paid = *settled * (delivery.value.to_double(scale) - contracts * from->value);
    add(AttributionItem::settlement, universe().underlying(held.instrument), paid - explained);
    add(AttributionItem::fees, settlement, -*settled * delivery.fee.to_double(scale));
    return {};
  }

  void add_steps(InstrumentId id, double contracts, const ValueSteps& steps) {
    const Instrument& instrument = universe()[id];
    const AssetId underlying = universe().underlying(id);
    const double days =
        instrument.expiry && instrument.is_option() ? days_between(after_.snapshot.time, *instrument.expiry) : 0.0;
    const Group group = instrument.is_option() && days <= 1.0 ? Group::last_day : Group::book;
    using Item = AttributionItem;
    for (const auto& [item, amount] : {std::pair{Item::carry, steps.carry}, std::pair{Item::time, steps.time},
                                       std::pair{Item::delta, steps.delta}, std::pair{Item::gamma, steps.gamma},
                                       std::pair{Item::vanna, steps.vanna}, std::pair{Item::volga, steps.volga}})
      sums_[{group, item, underlying, {}}] += contracts * amount;
    if (instrument.is_option()) sums_[{group, Item::vega, underlying, expiry_bucket(days)}] += contracts * steps.vega;
    if (group == Group::last_day) sums_[{group, Item::residual, {}, {}}] += contracts * steps.residual;
  }

  [[nodiscard]] static Result<double> mark_of(const Valuation& at, InstrumentId id) {
    const std::size_t index = market::raw(id);
    if (index < at.marks.size() && at.marks[index]) return *at.marks[index];
    return fail(ErrorCode::missing_data, "no price for {} at {}", (*at.snapshot.universe)[id].name,
                format_utc(at.snapshot.time));
  }

  [[nodiscard]] Result<ContractState> state_of(const Valuation& at, InstrumentId id) const {
    const Instrument& instrument = (*at.snapshot.universe)[id];
    const auto mark = mark_of(at, id);
    if (!mark) return Unexpected{mark.error()};
    const auto index = index_quote(at.snapshot, id);
    const auto forward = forward_quote(at.snapshot, at.surfaces, id);
    const auto settled = rate(at, at.snapshot.universe->settlement(id));
    if (!settled) return Unexpected{settled.error()};
    if (!index || !forward)
      return fail(ErrorCode::missing_data, "no forward of {} at {}", instrument.name, format_utc(at.snapshot.time));
    ContractState state{.index = *index, .forward = *forward, .rate = *settled};
    state.value = contract_value(instrument, *mark);
    if (!instrument.is_option()) return state;
    state.expiry_years = years_between(at.snapshot.time, *instrument.expiry).raw();
    const auto volatility = marked_volatility(at, id, *mark, *forward);
    if (!volatility) return Unexpected{volatility.error()};
    state.volatility_annual = *volatility;
    return state;
  }

  [[nodiscard]] Result<Decimal> in_numeraire(double amount) const {
    return nearest_decimal(amount, universe().asset(numeraire_).scale);
  }

  [[nodiscard]] Result<Decimal> equity(const Valuation& at, const std::vector<AccountValue>& values) const {
    double total = 0.0;
    for (const AccountValue& value : values) {
      if (value.account != account_) continue;
      const auto price = rate(at, value.asset);
      if (!price) return Unexpected{price.error()};
      total += value.equity() * *price;
    }
    return in_numeraire(total);
  }

  // What capital came in, in any asset, at the prices of the end.
  [[nodiscard]] Result<Decimal> deposits() const {
    double total = 0.0;
    for (std::size_t a = 0; a < universe().asset_count(); ++a) {
      const auto asset = static_cast<AssetId>(a);
      const Unit unit = Unit::of(asset);
      const Amount brought{before_.ledger.balance(account_, Place::capital, unit) -
                           after_.ledger.balance(account_, Place::capital, unit)};
      if (brought.is_zero()) continue;
      const auto price = rate(after_, asset);
      if (!price) return Unexpected{price.error()};
      total += brought.to_double(universe().asset(asset).scale) * *price;
    }
    return in_numeraire(total);
  }

  Result<Attribution> rounded(const std::vector<AccountValue>& values_before,
                              const std::vector<AccountValue>& values_after) const {
    const auto equity_before = equity(before_, values_before);
    if (!equity_before) return Unexpected{equity_before.error()};
    const auto equity_after = equity(after_, values_after);
    if (!equity_after) return Unexpected{equity_after.error()};
    const auto brought = deposits();
    if (!brought) return Unexpected{brought.error()};
    Attribution attribution{*equity_before, *equity_after, *brought, {}, {}, {}};
    Decimal left = attribution.change();
    for (const auto& [key, sum] : sums_) {
      const auto amount = in_numeraire(sum);
      if (!amount) return Unexpected{amount.error()};
      if (amount->is_zero()) continue;
      left = left - *amount;
      (key.group == Group::book ? attribution.items : attribution.last_day)
          .push_back({key.item, key.asset, key.bucket, *amount});
    }
    attribution.residual = left;
    return attribution;
  }

  const Valuation& before_;
  const Valuation& after_;
  market::AccountId account_;
  AssetId numeraire_;
  std::map<Key, double> sums_;
};

}  // namespace

const char* to_string(AttributionItem item) noexcept {
  switch (item) {
    case AttributionItem::trades: return "trades";
    case AttributionItem::fees: return "fees";
    case AttributionItem::funding: return "funding";
    case AttributionItem::settlement: return "settlement";
    case AttributionItem::collateral: return "collateral";
    case AttributionItem::carry: return "carry";
    case AttributionItem::time: return "time";
    case AttributionItem::delta: return "delta";
    case AttributionItem::gamma: return "gamma";
    case AttributionItem::vega: return "vega";
    case AttributionItem::vanna: return "vanna";
    case AttributionItem::volga: return "volga";
    case AttributionItem::residual: return "residual";
  }
  return "residual";
}

Result<Attribution> attribute(const Valuation& before, const Valuation& after, const AccountFlows& flows,
                              market::AccountId account, AssetId numeraire) {
  return Attributor{before, after, account, numeraire}.attribute(flows);
}

}  // namespace gimbal::portfolio
