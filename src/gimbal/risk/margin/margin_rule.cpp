// What all rules share: books after trades, and the arithmetic of bounds.
#include "gimbal/risk/margin/margin_rule.hpp"

#include <algorithm>

#include "gimbal/pricing/inverse.hpp"

namespace gimbal::risk {
namespace {

using market::Instrument;
using market::InstrumentId;
using portfolio::AccountValue;

AccountValue& value_of(MarginBook& book, market::AssetId asset) {
  for (AccountValue& value : book.values)
    if (value.asset == asset) return value;
  AccountValue fresh;
  if (!book.values.empty()) fresh.account = book.values.front().account;
  fresh.asset = asset;
  const auto place = std::find_if(book.values.begin(), book.values.end(),
                                  [asset](const AccountValue& value) { return value.asset > asset; });
  return *book.values.insert(place, fresh);
}

}  // namespace

Result<MarginBook> book_after(const MarginMarket& market, const MarginBook& book, std::span<const MarginTrade> trades) {
  const market::Universe& universe = *market.snapshot.universe;
  MarginBook after = book;
  for (const MarginTrade& trade : trades) {
    const Instrument& instrument = universe[trade.instrument];
    const std::size_t index = market::raw(trade.instrument);
    const double size = instrument.contract_size.to_double();
    const market::AssetId settlement = universe.settlement(trade.instrument);
    value_of(after, settlement).cash -= trade.fee;
    if (instrument.kind == market::InstrumentKind::spot) {
      value_of(after, settlement).cash -= trade.contracts * size * trade.price;
      value_of(after, universe.underlying(trade.instrument)).cash += trade.contracts * size;
      continue;
    }
    if (index >= market.marks.size() || !market.marks[index])
      return fail(ErrorCode::missing_data, "a trade in {}, which has no mark", instrument.name);
    const double mark = *market.marks[index];
    after.positions.push_back(MarginPosition{trade.instrument, trade.contracts});
    AccountValue& value = value_of(after, settlement);
    if (instrument.is_option()) {
      value.cash -= trade.contracts * size * trade.price;
      value.options += trade.contracts * size * mark;
    } else {
      value.unsettled += trade.contracts * (pricing::future_value(instrument.payoff, size, mark) -
                                            pricing::future_value(instrument.payoff, size, trade.price));
    }
  }
  return after;
}

std::optional<double> MarginPool::utilisation() const {
  if (initial <= 0.0) return 0.0;
  if (balance <= 0.0) return std::nullopt;
  return initial / balance;
}

std::optional<double> MarginPool::room() const {
  if (maintenance <= 0.0) return 1.0;
  if (balance <= 0.0) return std::nullopt;
  return 1.0 - maintenance / balance;
}

double PositionBound::at(double contracts) const {
  double largest = 0.0;
  for (const BoundLine& line : lines) largest = std::max(largest, line.slope * contracts + line.intercept);
  return largest;
}

double PoolBound::at(std::span<const MarginPosition> book) const {
  const auto held = [book](InstrumentId id) {
    double contracts = 0.0;
    for (const MarginPosition& position : book)
      if (position.instrument == id) contracts += position.contracts;
    return contracts;
  };
  double total = 0.0;
  for (const PositionBound& position : positions) total += position.at(held(position.instrument));
  if (faces.empty()) return total;
  double highest = 0.0;
  for (std::size_t k = 0; k < faces.size(); ++k) {
    double height = faces[k].constant;
    for (const MarginPosition& slope : faces[k].slopes) height += slope.contracts * held(slope.instrument);
    highest = k == 0 ? height : std::max(highest, height);
  }
  return total + highest;
}

}  // namespace gimbal::risk
