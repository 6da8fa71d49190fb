// The entries that events cause, and the fold of entries into balances.
#include "gimbal/portfolio/ledger.hpp"

namespace gimbal::portfolio {
namespace {

using market::Instrument;
using market::InstrumentId;
using market::Universe;

// Collects postings in pairs, so that an entry cannot help summing to zero.
class Pairs {
 public:
  explicit Pairs(Entry& entry) : entry_{entry} {}

  void move(market::AccountId account, Unit unit, Int128 amount, Place from, Place to) {
    if (amount == 0) return;
    entry_.postings.push_back(Posting{account, from, unit, -amount});
    entry_.postings.push_back(Posting{account, to, unit, amount});
  }

 private:
  Entry& entry_;
};

// Futures settle gains against what they were entered for; everything else is paid in cash.
Place paid_from(const Instrument& instrument) { return instrument.is_future() ? Place::variation : Place::cash; }

}  // namespace

const char* to_string(Place place) noexcept {
  switch (place) {
    case Place::cash: return "cash";
    case Place::variation: return "variation";
    case Place::position: return "position";
    case Place::capital: return "capital";
    case Place::venue: return "venue";
    case Place::fees: return "fees";
    case Place::funding: return "funding";
  }
  return "unknown";
}

const char* to_string(EntryKind kind) noexcept {
  switch (kind) {
    case EntryKind::opening: return "opening";
    case EntryKind::trade: return "trade";
    case EntryKind::funding: return "funding";
    case EntryKind::delivery: return "delivery";
  }
  return "unknown";
}

Entry opening_entry(std::vector<OpeningBalance> balances, const std::vector<OpeningPosition>& positions,
                    const Universe& universe) {
  Entry entry;
  entry.kind = EntryKind::opening;
  Pairs pairs{entry};
  for (const OpeningBalance& balance : balances)
    pairs.move(balance.account, Unit::of(balance.asset), balance.amount.units(), Place::capital, balance.place);
  for (const OpeningPosition& held : positions) {
    const Instrument& instrument = universe[held.instrument];
    pairs.move(held.account, Unit::of(held.instrument), held.lots.raw(), Place::capital, Place::position);
    if (!instrument.is_future() || !held.price) continue;
    const Amount entered = market::position_value(instrument, *held.price, held.lots);
    pairs.move(held.account, Unit::of(universe.settlement(held.instrument)), entered.units(), Place::variation,
               Place::capital);
  }
  return entry;
}

Entry trade_entry(const market::Fill& fill, const Universe& universe) {
  const Instrument& instrument = universe[fill.instrument];
  const QuantityLots lots = market::signed_lots(fill.side, fill.quantity);
  const Unit settlement = Unit::of(universe.settlement(fill.instrument));
  Entry entry;
  entry.kind = EntryKind::trade;
  entry.reference = to_string(fill.order);
  Pairs pairs{entry};
  const Amount paid = market::position_value(instrument, market::price_of(instrument, fill.price), lots);
  pairs.move(fill.account, settlement, paid.units(), paid_from(instrument), Place::venue);
  if (instrument.kind == market::InstrumentKind::spot) {
    const Unit coin = Unit::of(universe.underlying(fill.instrument));
    const Decimal units = market::contracts_of(instrument, lots) * instrument.contract_size;
    const int scale = market::asset_scale(instrument.underlying);
    pairs.move(fill.account, coin, units.rescaled(scale, Rounding::half_even), Place::venue, Place::cash);
  } else {
    pairs.move(fill.account, Unit::of(fill.instrument), lots.raw(), Place::venue, Place::position);
  }
  pairs.move(fill.account, settlement, fill.fee.units(), Place::cash, Place::fees);
  return entry;
}

Entry funding_entry(const market::FundingPayment& payment, const Universe& universe) {
  Entry entry;
  entry.kind = EntryKind::funding;
  entry.reference = universe[payment.instrument].name;
  const Unit settlement = Unit::of(universe.settlement(payment.instrument));
  Pairs{entry}.move(payment.account, settlement, payment.paid.units(), Place::cash, Place::funding);
  return entry;
}

Entry delivery_entry(const market::Delivery& delivery, const Universe& universe) {
  Entry entry;
  entry.kind = EntryKind::delivery;
  const Instrument& instrument = universe[delivery.instrument];
  entry.reference = instrument.name;
  const Unit settlement = Unit::of(universe.settlement(delivery.instrument));
  Pairs pairs{entry};
  pairs.move(delivery.account, settlement, delivery.value.units(), Place::venue, paid_from(instrument));
  pairs.move(delivery.account, Unit::of(delivery.instrument), delivery.position.raw(), Place::position, Place::venue);
  pairs.move(delivery.account, settlement, delivery.fee.units(), Place::cash, Place::fees);
  return entry;
}

Result<void> Ledger::post(const Entry& entry) {
  std::map<Unit, Int128> sums;
  for (const Posting& posting : entry.postings) sums[posting.unit] += posting.amount;
  for (const auto& [unit, sum] : sums)
    if (sum != 0)
      return fail(ErrorCode::corrupt, "entry of event {} leaves {} of unit {} unbalanced", entry.event,
                  gimbal::to_string(sum), unit.id);
  for (const Posting& posting : entry.postings) {
    const Key key{posting.account, posting.place, posting.unit};
    const Amount before{balance(posting.account, posting.place, posting.unit)};
    const Amount after = before + Amount{posting.amount};
    if (after.is_zero()) {
      balances_.erase(key);
    } else {
      balances_[key] = after.units();
    }
  }
  ++entries_;
  return {};
}

Int128 Ledger::balance(market::AccountId account, Place place, Unit unit) const {
  const auto found = balances_.find(Key{account, place, unit});
  return found == balances_.end() ? Int128{0} : found->second;
}

Amount Ledger::cash(market::AccountId account, market::AssetId asset) const {
  return Amount{balance(account, Place::cash, Unit::of(asset))};
}

Amount Ledger::variation(market::AccountId account, market::AssetId asset) const {
  return Amount{balance(account, Place::variation, Unit::of(asset))};
}

QuantityLots Ledger::position(market::AccountId account, InstrumentId instrument) const {
  return QuantityLots{static_cast<std::int64_t>(balance(account, Place::position, Unit::of(instrument)))};
}

std::vector<Position> Ledger::positions() const {
  std::vector<Position> held;
  for (const auto& [key, amount] : balances_)
    if (key.place == Place::position && key.unit.kind == Unit::Kind::instrument)
      held.push_back(Position{key.account, static_cast<InstrumentId>(key.unit.id),
                              QuantityLots{static_cast<std::int64_t>(amount)}});
  return held;
}

void encode(const Ledger& ledger, ByteWriter& out) {
  out.integer(ledger.entries());
  out.size(ledger.balances().size());
  for (const auto& [key, amount] : ledger.balances()) {
    out.integer(market::raw(key.account));
    out.enumeration(key.place);
    out.enumeration(key.unit.kind);
    out.integer(key.unit.id);
    out.wide(amount);
  }
}

}  // namespace gimbal::portfolio
