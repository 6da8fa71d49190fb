// MarketSnapshot: an immutable view of the whole market at one instant, in columns, so that kernels stream over them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "gimbal/foundation/bytes.hpp"
#include "gimbal/market/universe.hpp"

namespace gimbal::market {

/// Bits of MarketSnapshot::flags. A row's number may be used only where its bit says it is there.
enum class QuoteFlag : std::uint16_t {
  bid = 1U << 0U,
  ask = 1U << 1U,
  mark_price = 1U << 2U,
  mark_volatility = 1U << 3U,
  forward = 1U << 4U,
  funding_rate = 1U << 5U,
  size_assumed = 1U << 6U,   ///< The format has no sizes; the configured one stands in.
  quote_assumed = 1U << 7U,  ///< Not quoted in the file; bid and ask stand at a configured half-spread.
  crossed = 1U << 8U,        ///< Bid at or above ask in the file: neither is kept.
};

/// What was found while a snapshot was put together. Each count is of quotes unless it says otherwise, and every quote
/// left out is in one of them.
struct QualityCounts {
  std::uint64_t rows = 0;             ///< Lines or objects read.
  std::uint64_t instruments = 0;      ///< Rows of the snapshot.
  std::uint64_t two_sided = 0;        ///< With bid and ask, assumed quotes not counted.
  std::uint64_t one_sided = 0;        ///< With only a bid or only an ask.
  std::uint64_t unquoted = 0;         ///< With neither, crossed ones not counted.
  std::uint64_t crossed = 0;          ///< Bid at or above ask: kept without quotes.
  std::uint64_t expired = 0;          ///< At or past expiry: left out.
  std::uint64_t duplicates = 0;       ///< A second row for an instrument: left out, the first counts.
  std::uint64_t off_tick = 0;         ///< A bid or ask that is no multiple of the tick: that side left out.
  std::uint64_t without_mark = 0;     ///< No mark price, or one of zero.
  std::uint64_t without_forward = 0;  ///< Options without an underlying price of their own.
  std::uint64_t sizes_assumed = 0;
  std::uint64_t quotes_assumed = 0;
  std::uint64_t unsupported = 0;      ///< Rows of instruments that are not traded, such as combinations: left out.
  std::uint64_t stale = 0;            ///< Not heard of for too long in a record of changes: left out.
  std::uint64_t indices_assumed = 0;  ///< Underlyings, not quotes: a forward stands in for their index.
  friend bool operator==(const QualityCounts&, const QualityCounts&) = default;
};

struct MarketSnapshot {
  UtcTime time;
  std::shared_ptr<const Universe> universe;

  // One element a row, rows in ascending order of id.
  std::vector<InstrumentId> instrument;
  std::vector<std::uint16_t> flags;
  std::vector<PriceTicks> bid;
  std::vector<PriceTicks> ask;
  std::vector<QuantityLots> bid_size;
  std::vector<QuantityLots> ask_size;
  std::vector<double> mark_price;       ///< In the instrument's price unit.
  std::vector<double> mark_volatility;  ///< Per square root of a year.
  std::vector<double> forward;          ///< Quote per coin: the row's own forward, or the mark of a future.
  std::vector<Decimal> funding_rate_8h;

  /// USD per coin by AssetId; absent where the market does not say. USD is 1, and so is a dollar coin without an index.
  std::vector<std::optional<Decimal>> index_price;
  QualityCounts quality;

  [[nodiscard]] std::size_t rows() const { return instrument.size(); }
  [[nodiscard]] bool has(std::size_t row, QuoteFlag flag) const {
    return (flags[row] & static_cast<std::uint16_t>(flag)) != 0;
  }
  /// The row of an instrument, if it is in this snapshot. Logarithmic.
  [[nodiscard]] std::optional<std::size_t> row_of(InstrumentId id) const;
  /// Index price as a double. Errors: missing_data, naming the asset and the time.
  [[nodiscard]] Result<double> index(AssetId asset) const;
};

/// Canonical bytes of a snapshot, its universe not included.
void encode(const MarketSnapshot& snapshot, ByteWriter& out);
/// Errors    corrupt when the bytes are no snapshot over this universe.
[[nodiscard]] Result<MarketSnapshot> decode_snapshot(ByteReader& in, std::shared_ptr<const Universe> universe);

/// Canonical bytes of an instrument.
void encode(const Instrument& instrument, ByteWriter& out);
[[nodiscard]] Result<Instrument> decode_instrument(ByteReader& in);

}  // namespace gimbal::market
