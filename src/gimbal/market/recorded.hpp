// What a decoder hands over for one instant: quotes as the venue or file gave them, before ids, checks and assumptions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/market/instrument.hpp"

namespace gimbal::market {

/// One instrument's state at one instant. Prices and sizes at the venue's door are exact, analytics are doubles.
struct RecordedQuote {
  Instrument instrument;
  std::optional<Decimal> bid_price;  ///< In the instrument's price unit: coin for inverse options.
  std::optional<Decimal> ask_price;
  std::optional<Decimal> bid_size;  ///< In contracts; absent where the format has no sizes.
  std::optional<Decimal> ask_size;
  std::optional<double> mark_price;
  std::optional<double> mark_volatility;   ///< Per square root of a year: 0.65 means 65 %.
  std::optional<double> forward;           ///< Of the underlying at this instrument's expiry, quote per coin.
  std::optional<Decimal> funding_rate_8h;  ///< Perpetuals: fraction of notional that longs pay over eight hours.
  /// The format names this contract without quoting it (a chain's dated future): it becomes tradable around `forward`,
  /// or around the index for a perpetual, at the configured half-spread, and says so.
  bool assumed = false;
};

struct RecordedIndex {
  AssetCode asset;
  Decimal price;         ///< USD per coin.
  bool assumed = false;  ///< The format gives no index: the nearest forward stands in.
};

/// All that a file says of one instant.
struct RecordedSnapshot {
  UtcTime time;
  std::vector<RecordedQuote> quotes;
  std::vector<RecordedIndex> indices;  ///< At most one an asset; decoders take the median where rows differ.
  std::uint64_t rows = 0;              ///< Lines or objects of the file that this snapshot was read from.
  std::uint64_t unsupported = 0;       ///< Those of them that are of instruments which are not traded: combinations.
  std::uint64_t stale = 0;             ///< Live instruments that were not heard of for too long: left out.
};

/// Receives snapshots in the order of time; returning false stops the reading without an error.
class SnapshotSink {
 public:
  virtual ~SnapshotSink() = default;
  virtual bool take(RecordedSnapshot&& snapshot) = 0;
};

/// A decoder of one recorded format: bytes in, snapshots out, any split of the bytes giving the same snapshots.
class SnapshotDecoder {
 public:
  virtual ~SnapshotDecoder() = default;
  /// Decodes more bytes. `wants_more()` turns false when the sink has had enough.
  /// Errors    parse or invalid_argument, naming the line (counted from 1) and the field.
  [[nodiscard]] virtual Result<void> feed(std::string_view bytes, SnapshotSink& sink) = 0;
  /// The end of the bytes: hands over the last snapshot.
  [[nodiscard]] virtual Result<void> finish(SnapshotSink& sink) = 0;
  [[nodiscard]] virtual bool wants_more() const = 0;
};

}  // namespace gimbal::market
