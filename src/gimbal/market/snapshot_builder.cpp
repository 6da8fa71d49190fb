// The checks that a recorded quote passes on its way into a snapshot.
#include "gimbal/market/snapshot_builder.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "gimbal/market/contract_value.hpp"

namespace gimbal::market {
namespace {

constexpr std::uint16_t bit(QuoteFlag flag) { return static_cast<std::uint16_t>(flag); }

// What a file may say: beyond any market, and small enough that no product of it leaves its type further down.
constexpr double real_max = 1e12;
constexpr std::int64_t lots_max = 1'000'000'000'000'000;

// Whole lots in a size given in contracts: none in a negative one, and never more than lots_max.
QuantityLots whole_lots(const Decimal& contracts, const Decimal& lot) {
  if (contracts <= Decimal{}) return QuantityLots{};
  if (contracts >= lot * Decimal{lots_max}) return QuantityLots{lots_max};
  return QuantityLots{rounded_multiple(contracts, lot, Rounding::down)};
}

// One row before it is put into columns.
struct Row {
  InstrumentId id{};
  std::uint16_t flags = 0;
  PriceTicks bid;
  PriceTicks ask;
  QuantityLots bid_size;
  QuantityLots ask_size;
  double mark_price = 0.0;
  double mark_volatility = 0.0;
  double forward = 0.0;
  Decimal funding_rate_8h;
};

class Builder {
 public:
  Builder(const RecordedSnapshot& recorded, const MarketAssumptions& assumptions)
      : recorded_{recorded}, assumptions_{assumptions} {
    quality_.rows = recorded.rows;
    quality_.unsupported = recorded.unsupported;
    quality_.stale = recorded.stale;
  }

  Result<BuiltSnapshot> build(const std::shared_ptr<const Universe>& base) {
    if (const auto kept = keep_live_rows(*base); !kept) return Unexpected{kept.error()};
    auto extended = listed_.empty() ? Result<std::shared_ptr<const Universe>>{base} : base->extended(listed_);
    if (!extended) return Unexpected{extended.error()};
    universe_ = std::move(*extended);
    if (const auto read = read_indices(); !read) return Unexpected{read.error()};
    std::vector<Row> rows;
    rows.reserve(live_.size());
    for (const RecordedQuote* quote : live_) {
      const auto id = universe_->find(quote->instrument.name);
      GIMBAL_ASSERT(id.has_value());
      if (seen(*id)) {
        ++quality_.duplicates;
        continue;
      }
      const auto row = row_of(*quote, *id);
      if (!row) return Unexpected{row.error()};
      rows.push_back(*row);
    }
    return columns(std::move(rows));
  }

 private:
  // Sets aside what has expired, and finds what is listed for the first time.
  Result<void> keep_live_rows(const Universe& base) {
    std::map<std::string_view, const RecordedQuote*> fresh;
    for (const RecordedQuote& quote : recorded_.quotes) {
      if (quote.instrument.expired_at(recorded_.time)) {
        ++quality_.expired;
        continue;
      }
      live_.push_back(&quote);
      if (const auto known = base.find(quote.instrument.name)) {
        if (!(base[*known] == quote.instrument))
          return fail(ErrorCode::invalid_argument, "instrument '{}' changed its definition at {}",
                      quote.instrument.name, format_utc(recorded_.time));
      } else if (fresh.emplace(quote.instrument.name, &quote).second) {
        listed_.push_back(quote.instrument);
      }
    }
    return {};
  }

  Result<void> read_indices() {
    index_.resize(universe_->asset_count());
    for (std::size_t i = 0; i < index_.size(); ++i)
      if (is_dollar(universe_->asset(static_cast<AssetId>(i)).code)) index_[i] = Decimal{1};
    for (const RecordedIndex& index : recorded_.indices) {
      if (const double price = index.price.to_double(); price < 1.0 / real_max || price > real_max)
        return fail(ErrorCode::invalid_argument, "index price of {} at {} is {}, which is no price", index.asset.view(),
                    format_utc(recorded_.time), index.price.to_string());
      if (const auto asset = universe_->find_asset(index.asset)) index_[raw(*asset)] = index.price;
      if (index.assumed) ++quality_.indices_assumed;
    }
    for (const RecordedQuote* quote : live_) {
      const auto underlying = universe_->find_asset(quote->instrument.underlying);
      if (!index_[raw(*underlying)])
        return fail(ErrorCode::missing_data, "no index price of {} at {}", quote->instrument.underlying.view(),
                    format_utc(recorded_.time));
    }
    return {};
  }

  bool seen(InstrumentId id) {
    if (seen_.empty()) seen_.resize(universe_->size(), false);
    const bool before = seen_[raw(id)];
    seen_[raw(id)] = true;
    return before;
  }

  Result<Row> row_of(const RecordedQuote& quote, InstrumentId id) {
    Row row;
    row.id = id;
    if (const auto read = read_analytics(quote, row); !read) return Unexpected{read.error()};
    if (quote.assumed) {
      assume_quotes(quote.instrument, row);
    } else {
      read_prices(quote, row);
      read_sizes(quote, row);
      count_sides(row);
    }
    return row;
  }

  Result<void> read_analytics(const RecordedQuote& quote, Row& row) {
    const auto keep = [&row](const std::optional<double>& value, QuoteFlag flag, double& place) {
      if (!value || !std::isfinite(*value) || *value <= 0.0 || *value > real_max) return false;
      place = *value;
      row.flags |= bit(flag);
      return true;
    };
    if (!keep(quote.mark_price, QuoteFlag::mark_price, row.mark_price) && !quote.assumed) ++quality_.without_mark;
    keep(quote.mark_volatility, QuoteFlag::mark_volatility, row.mark_volatility);
    if (!keep(quote.forward, QuoteFlag::forward, row.forward) && quote.instrument.is_option())
      ++quality_.without_forward;
    if (quote.instrument.kind != InstrumentKind::perpetual) return {};
    row.funding_rate_8h = quote.funding_rate_8h.value_or(assumptions_.funding_rate_8h);
    if (quote.funding_rate_8h) row.flags |= bit(QuoteFlag::funding_rate);
    if (row.funding_rate_8h > Decimal{1} || row.funding_rate_8h < Decimal{-1})
      return fail(ErrorCode::invalid_argument, "funding rate of '{}' at {} is {}, more than all of the position",
                  quote.instrument.name, format_utc(recorded_.time), row.funding_rate_8h.to_string());
    return {};
  }

  void read_prices(const RecordedQuote& quote, Row& row) {
    const auto side = [&](const std::optional<Decimal>& price, QuoteFlag flag, PriceTicks& place) {
      if (!price || *price <= Decimal{}) return;
      const auto ticks = ticks_of(quote.instrument, *price);
      if (!ticks) {
        ++quality_.off_tick;
        return;
      }
      place = *ticks;
      row.flags |= bit(flag);
    };
    side(quote.bid_price, QuoteFlag::bid, row.bid);
    side(quote.ask_price, QuoteFlag::ask, row.ask);
    if ((row.flags & bit(QuoteFlag::bid)) != 0 && (row.flags & bit(QuoteFlag::ask)) != 0 && row.bid >= row.ask) {
      row.flags = static_cast<std::uint16_t>(row.flags & ~(bit(QuoteFlag::bid) | bit(QuoteFlag::ask)));
      row.flags |= bit(QuoteFlag::crossed);
    }
  }

  void read_sizes(const RecordedQuote& quote, Row& row) {
    const Instrument& instrument = quote.instrument;
    const bool sized = quote.bid_size.has_value() || quote.ask_size.has_value();
    const auto size = [&](const std::optional<Decimal>& given, QuoteFlag side) {
      if ((row.flags & bit(side)) == 0) return QuantityLots{};
      return sized ? whole_lots(given.value_or(Decimal{}), instrument.lot) : assumed_lots(instrument);
    };
    row.bid_size = size(quote.bid_size, QuoteFlag::bid);
    row.ask_size = size(quote.ask_size, QuoteFlag::ask);
    if (!sized && (row.flags & (bit(QuoteFlag::bid) | bit(QuoteFlag::ask))) != 0) {
      row.flags |= bit(QuoteFlag::size_assumed);
      ++quality_.sizes_assumed;
    }
  }

  [[nodiscard]] QuantityLots assumed_lots(const Instrument& instrument) const {
    if (instrument.is_option()) return whole_lots(assumptions_.option_size_contracts, instrument.lot);
    Decimal lot_value = instrument.contract_size * instrument.lot;  // in the quote asset
    if (instrument.payoff != Payoff::inverse) {
      const auto index = index_[raw(*universe_->find_asset(instrument.underlying))];
      lot_value = lot_value * index.value_or(Decimal{1});
    }
    return whole_lots(assumptions_.future_size_notional, lot_value);
  }

  // A contract that the file names without quoting it gets quotes around its forward, or the index for a perpetual.
  void assume_quotes(const Instrument& instrument, Row& row) {
    const auto index = index_[raw(*universe_->find_asset(instrument.underlying))];
    const bool perpetual = instrument.kind == InstrumentKind::perpetual;
    if (perpetual && index) row.forward = index->to_double();
    if (row.forward <= 0.0) {
      ++quality_.unquoted;
      return;
    }
    const double half_spread = perpetual ? assumptions_.perpetual_half_spread : assumptions_.future_half_spread;
    const auto ticks = [&](double price, Rounding rounding) {
      constexpr int decimals = 9;
      const auto exact = nearest_decimal(price, decimals);
      GIMBAL_ASSERT(exact.has_value());
      return PriceTicks{rounded_multiple(*exact, instrument.tick, rounding)};
    };
    row.bid = ticks(row.forward * (1.0 - half_spread), Rounding::down);
    row.ask = ticks(row.forward * (1.0 + half_spread), Rounding::up);
    row.mark_price = row.forward;
    for (const QuoteFlag flag :
         {QuoteFlag::ask, QuoteFlag::mark_price, QuoteFlag::forward, QuoteFlag::quote_assumed, QuoteFlag::size_assumed})
      row.flags |= bit(flag);
    if (row.bid > PriceTicks{}) row.flags |= bit(QuoteFlag::bid);  // else the forward is below one tick
    row.bid_size = row.ask_size = assumed_lots(instrument);
    ++quality_.quotes_assumed;
    ++quality_.sizes_assumed;
  }

  void count_sides(const Row& row) {
    const bool bid = (row.flags & bit(QuoteFlag::bid)) != 0;
    const bool ask = (row.flags & bit(QuoteFlag::ask)) != 0;
    if (bid && ask) {
      ++quality_.two_sided;
    } else if (bid || ask) {
      ++quality_.one_sided;
    } else if ((row.flags & bit(QuoteFlag::crossed)) != 0) {
      ++quality_.crossed;
    } else {
      ++quality_.unquoted;
    }
  }

  BuiltSnapshot columns(std::vector<Row> rows) {
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.id < b.id; });
    BuiltSnapshot built;
    MarketSnapshot& snapshot = built.snapshot;
    snapshot.time = recorded_.time;
    snapshot.universe = universe_;
    for (const Row& row : rows) {
      snapshot.instrument.push_back(row.id);
      snapshot.flags.push_back(row.flags);
      snapshot.bid.push_back(row.bid);
      snapshot.ask.push_back(row.ask);
      snapshot.bid_size.push_back(row.bid_size);
      snapshot.ask_size.push_back(row.ask_size);
      snapshot.mark_price.push_back(row.mark_price);
      snapshot.mark_volatility.push_back(row.mark_volatility);
      snapshot.forward.push_back(row.forward);
      snapshot.funding_rate_8h.push_back(row.funding_rate_8h);
    }
    quality_.instruments = rows.size();
    snapshot.index_price = std::move(index_);
    snapshot.quality = quality_;
    built.listed = std::move(listed_);
    return built;
  }

  const RecordedSnapshot& recorded_;
  const MarketAssumptions& assumptions_;
  std::vector<const RecordedQuote*> live_;
  std::vector<Instrument> listed_;
  std::shared_ptr<const Universe> universe_;
  std::vector<std::optional<Decimal>> index_;
  std::vector<bool> seen_;
  QualityCounts quality_;
};

}  // namespace

Result<BuiltSnapshot> build_snapshot(const RecordedSnapshot& recorded, const std::shared_ptr<const Universe>& universe,
                                     const MarketAssumptions& assumptions) {
  return Builder{recorded, assumptions}.build(universe);
}

}  // namespace gimbal::market
