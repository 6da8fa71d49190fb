// Look-ups in a snapshot and its canonical bytes.
#include "gimbal/market/snapshot.hpp"

#include <algorithm>
#include <cmath>

namespace gimbal::market {
namespace {

// Whether a decimal is such as text from outside may hold, so that arithmetic on it stays within its type.
bool is_readable(const Decimal& value) {
  constexpr int scale_max = 18;
  constexpr Int128 coefficient_limit = 1'000'000'000'000'000'000;  // 18 digits
  return value.scale() <= scale_max && value.coefficient() < coefficient_limit &&
         value.coefficient() > -coefficient_limit;
}

constexpr std::size_t row_bytes_min = 4 + 2 + 4 * 8 + 3 * 8 + 17;

void encode(const TickStep& step, ByteWriter& out) {
  out.decimal(step.from);
  out.decimal(step.tick);
}

void encode(const FeeSchedule& fees, ByteWriter& out) {
  out.decimal(fees.taker_rate);
  out.decimal(fees.maker_rate);
  out.decimal(fees.option_cap);
  out.decimal(fees.delivery_rate);
  out.decimal(fees.delivery_cap);
}

FeeSchedule decode_fees(ByteReader& in) {
  FeeSchedule fees;
  fees.taker_rate = in.decimal();
  fees.maker_rate = in.decimal();
  fees.option_cap = in.decimal();
  fees.delivery_rate = in.decimal();
  fees.delivery_cap = in.decimal();
  return fees;
}

void encode(const QualityCounts& quality, ByteWriter& out) {
  for (const std::uint64_t count :
       {quality.rows, quality.instruments, quality.two_sided, quality.one_sided, quality.unquoted, quality.crossed,
        quality.expired, quality.duplicates, quality.off_tick, quality.without_mark, quality.without_forward,
        quality.sizes_assumed, quality.quotes_assumed, quality.unsupported, quality.stale, quality.indices_assumed})
    out.integer(count);
}

QualityCounts decode_quality(ByteReader& in) {
  QualityCounts quality;
  for (std::uint64_t* count :
       {&quality.rows, &quality.instruments, &quality.two_sided, &quality.one_sided, &quality.unquoted,
        &quality.crossed, &quality.expired, &quality.duplicates, &quality.off_tick, &quality.without_mark,
        &quality.without_forward, &quality.sizes_assumed, &quality.quotes_assumed, &quality.unsupported, &quality.stale,
        &quality.indices_assumed})
    *count = in.integer<std::uint64_t>();
  return quality;
}

Result<AssetCode> decode_code(ByteReader& in) {
  const std::string text = in.text();
  if (in.failed()) return fail(ErrorCode::corrupt, "an asset code ends early");
  return AssetCode::parse(text);
}

void decode_row(ByteReader& in, MarketSnapshot& snapshot) {
  snapshot.instrument.push_back(static_cast<InstrumentId>(in.integer<std::uint32_t>()));
  snapshot.flags.push_back(in.integer<std::uint16_t>());
  snapshot.bid.push_back(in.count<PriceTicks>());
  snapshot.ask.push_back(in.count<PriceTicks>());
  snapshot.bid_size.push_back(in.count<QuantityLots>());
  snapshot.ask_size.push_back(in.count<QuantityLots>());
  snapshot.mark_price.push_back(in.real());
  snapshot.mark_volatility.push_back(in.real());
  snapshot.forward.push_back(in.real());
  snapshot.funding_rate_8h.push_back(in.decimal());
}

Result<void> check_rows(const MarketSnapshot& snapshot) {
  for (std::size_t row = 0; row < snapshot.rows(); ++row) {
    if (raw(snapshot.instrument[row]) >= snapshot.universe->size())
      return fail(ErrorCode::corrupt, "a snapshot names instrument {} of {}", raw(snapshot.instrument[row]),
                  snapshot.universe->size());
    if (row > 0 && snapshot.instrument[row] <= snapshot.instrument[row - 1])
      return fail(ErrorCode::corrupt, "a snapshot's rows are not in order of instrument");
    if (!std::isfinite(snapshot.mark_price[row]) || !std::isfinite(snapshot.mark_volatility[row]) ||
        !std::isfinite(snapshot.forward[row]))
      return fail(ErrorCode::corrupt, "a snapshot holds a number that is not finite");
    if (!is_readable(snapshot.funding_rate_8h[row])) return fail(ErrorCode::corrupt, "an impossible funding rate");
  }
  for (const auto& price : snapshot.index_price)
    if (price && !is_readable(*price)) return fail(ErrorCode::corrupt, "an impossible index price");
  return {};
}

}  // namespace

std::optional<std::size_t> MarketSnapshot::row_of(InstrumentId id) const {
  const auto found = std::lower_bound(instrument.begin(), instrument.end(), id);
  if (found == instrument.end() || *found != id) return std::nullopt;
  return static_cast<std::size_t>(found - instrument.begin());
}

Result<double> MarketSnapshot::index(AssetId asset) const {
  if (raw(asset) >= index_price.size() || !index_price[raw(asset)])
    return fail(ErrorCode::missing_data, "no index price of {} at {}", universe->asset(asset).code.view(),
                format_utc(time));
  return index_price[raw(asset)]->to_double();
}

void encode(const MarketSnapshot& snapshot, ByteWriter& out) {
  out.time(snapshot.time);
  out.size(snapshot.rows());
  for (std::size_t row = 0; row < snapshot.rows(); ++row) {
    out.integer(raw(snapshot.instrument[row]));
    out.integer(snapshot.flags[row]);
    out.count(snapshot.bid[row]);
    out.count(snapshot.ask[row]);
    out.count(snapshot.bid_size[row]);
    out.count(snapshot.ask_size[row]);
    out.real(snapshot.mark_price[row]);
    out.real(snapshot.mark_volatility[row]);
    out.real(snapshot.forward[row]);
    out.decimal(snapshot.funding_rate_8h[row]);
  }
  out.size(snapshot.index_price.size());
  for (const auto& price : snapshot.index_price) {
    out.boolean(price.has_value());
    if (price) out.decimal(*price);
  }
  encode(snapshot.quality, out);
}

Result<MarketSnapshot> decode_snapshot(ByteReader& in, std::shared_ptr<const Universe> universe) {
  MarketSnapshot snapshot;
  snapshot.universe = std::move(universe);
  snapshot.time = in.time();
  const std::size_t rows = in.size(row_bytes_min);
  for (std::size_t row = 0; row < rows; ++row) decode_row(in, snapshot);
  const std::size_t assets = in.size(1);
  for (std::size_t i = 0; i < assets; ++i) {
    const bool known = in.boolean();
    snapshot.index_price.push_back(known ? std::optional<Decimal>{in.decimal()} : std::nullopt);
  }
  snapshot.quality = decode_quality(in);
  if (in.failed()) return fail(ErrorCode::corrupt, "a snapshot ends early or holds an impossible value");
  if (snapshot.index_price.size() != snapshot.universe->asset_count())
    return fail(ErrorCode::corrupt, "a snapshot has {} index prices for {} assets", snapshot.index_price.size(),
                snapshot.universe->asset_count());
  if (const auto checked = check_rows(snapshot); !checked) return Unexpected{checked.error()};
  return snapshot;
}

void encode(const Instrument& instrument, ByteWriter& out) {
  out.text(instrument.name);
  out.text(instrument.venue);
  out.enumeration(instrument.kind);
  out.enumeration(instrument.payoff);
  out.text(instrument.underlying.view());
  out.text(instrument.quote.view());
  out.text(instrument.settlement.view());
  out.enumeration(instrument.right);
  out.decimal(instrument.strike);
  out.boolean(instrument.expiry.has_value());
  if (instrument.expiry) out.time(*instrument.expiry);
  out.decimal(instrument.contract_size);
  out.decimal(instrument.tick);
  out.boolean(instrument.coarse_tick.has_value());
  if (instrument.coarse_tick) encode(*instrument.coarse_tick, out);
  out.decimal(instrument.lot);
  out.decimal(instrument.minimum);
  encode(instrument.fees, out);
}

Result<Instrument> decode_instrument(ByteReader& in) {
  Instrument instrument;
  instrument.name = in.text();
  instrument.venue = in.text();
  instrument.kind = in.enumeration(InstrumentKind::option);
  instrument.payoff = in.enumeration(Payoff::quanto);
  for (AssetCode* code : {&instrument.underlying, &instrument.quote, &instrument.settlement}) {
    const auto decoded = decode_code(in);
    if (!decoded) return fail(ErrorCode::corrupt, "an instrument's asset: {}", decoded.error().message);
    *code = *decoded;
  }
  instrument.right = in.enumeration(OptionRight::put);
  instrument.strike = in.decimal();
  if (in.boolean()) instrument.expiry = in.time();
  instrument.contract_size = in.decimal();
  instrument.tick = in.decimal();
  if (in.boolean()) {
    TickStep step;
    step.from = in.decimal();
    step.tick = in.decimal();
    instrument.coarse_tick = step;
  }
  instrument.lot = in.decimal();
  instrument.minimum = in.decimal();
  instrument.fees = decode_fees(in);
  const Instrument& read = instrument;
  const TickStep coarse = read.coarse_tick.value_or(TickStep{});
  bool readable = true;
  for (const Decimal* value : {&read.strike, &read.contract_size, &read.tick, &coarse.from, &coarse.tick, &read.lot,
                               &read.minimum, &read.fees.taker_rate, &read.fees.maker_rate, &read.fees.option_cap,
                               &read.fees.delivery_rate, &read.fees.delivery_cap})
    readable = readable && is_readable(*value);
  if (in.failed() || !readable)
    return fail(ErrorCode::corrupt, "an instrument ends early or holds an impossible value");
  return instrument;
}

}  // namespace gimbal::market
