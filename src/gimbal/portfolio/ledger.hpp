// The double-entry ledger, without SQL: each entry sums to zero in every unit, with contracts counted as units like
// currencies. Balances are the fold of entries; stores in `host` keep the same entries on disk.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gimbal/foundation/bytes.hpp"
#include "gimbal/market/order.hpp"

namespace gimbal::portfolio {

/// Where a balance stands. The first three are ours, the others the world's side of each entry.
enum class Place : std::uint8_t {
  cash,       ///< Coins and dollars on account with the venue.
  variation,  ///< What open futures were entered for, with the sign that makes it add: see AccountValue::equity.
  position,   ///< Contracts held.
  capital,    ///< What the owner brought in, negative.
  venue,      ///< The other side of every trade, delivery and funding payment.
  fees,       ///< Fees paid, positive.
  funding,    ///< Funding paid, positive.
};
inline constexpr int place_count = 7;
[[nodiscard]] const char* to_string(Place place) noexcept;

/// What is counted: an asset in its smallest unit, or an instrument in its lots.
struct Unit {
  enum class Kind : std::uint8_t { asset, instrument };
  Kind kind = Kind::asset;
  std::uint32_t id = 0;

  [[nodiscard]] static Unit of(market::AssetId asset) { return {Kind::asset, market::raw(asset)}; }
  [[nodiscard]] static Unit of(market::InstrumentId instrument) { return {Kind::instrument, market::raw(instrument)}; }
  friend auto operator<=>(const Unit&, const Unit&) = default;
};

struct Posting {
  market::AccountId account{};
  Place place = Place::cash;
  Unit unit;
  Int128 amount = 0;
};

enum class EntryKind : std::uint8_t { opening, trade, funding, delivery };
[[nodiscard]] const char* to_string(EntryKind kind) noexcept;

struct Entry {
  std::uint64_t event = 0;  ///< Sequence of the event that caused it: one event causes at most one entry.
  UtcTime time;
  EntryKind kind = EntryKind::trade;
  std::string reference;  ///< Order id, instrument name or source, for people.
  std::vector<Posting> postings;
};

/// A position that an opening entry brings in. Options move no money; a future's profit counts from `price`, or from
/// what an opening balance of `variation` says where there is no price.
struct OpeningPosition {
  market::AccountId account{};
  market::InstrumentId instrument{};
  QuantityLots lots;
  std::optional<Decimal> price;
};
struct OpeningBalance {
  market::AccountId account{};
  Place place = Place::cash;  ///< Cash or variation.
  market::AssetId asset{};
  Amount amount;
};

/// The entries that each kind of event causes. `event`, `time` and `reference` are filled in by the caller where
/// absent.
[[nodiscard]] Entry opening_entry(std::vector<OpeningBalance> balances, const std::vector<OpeningPosition>& positions,
                                  const market::Universe& universe);
[[nodiscard]] Entry trade_entry(const market::Fill& fill, const market::Universe& universe);
[[nodiscard]] Entry funding_entry(const market::FundingPayment& payment, const market::Universe& universe);
[[nodiscard]] Entry delivery_entry(const market::Delivery& delivery, const market::Universe& universe);

struct Position {
  market::AccountId account{};
  market::InstrumentId instrument{};
  QuantityLots lots;
  friend bool operator==(const Position&, const Position&) = default;
};

class Ledger {
 public:
  struct Key {
    market::AccountId account{};
    Place place = Place::cash;
    Unit unit;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  /// Adds an entry to the balances.
  /// Errors    corrupt when some unit does not sum to zero; nothing is changed then.
  [[nodiscard]] Result<void> post(const Entry& entry);

  [[nodiscard]] Int128 balance(market::AccountId account, Place place, Unit unit) const;
  [[nodiscard]] Amount cash(market::AccountId account, market::AssetId asset) const;
  [[nodiscard]] Amount variation(market::AccountId account, market::AssetId asset) const;
  [[nodiscard]] QuantityLots position(market::AccountId account, market::InstrumentId instrument) const;
  /// Positions that are not zero, in ascending order of account and instrument.
  [[nodiscard]] std::vector<Position> positions() const;
  /// Every balance that is not zero, in ascending order.
  [[nodiscard]] const std::map<Key, Int128>& balances() const { return balances_; }
  [[nodiscard]] std::uint64_t entries() const { return entries_; }

 private:
  std::map<Key, Int128> balances_;
  std::uint64_t entries_ = 0;
};

void encode(const Ledger& ledger, ByteWriter& out);

}  // namespace gimbal::portfolio
