// What can be traded, with the venue's exact conventions: payoff, steps of price and size, fees. An Instrument is a
// value that a venue's decoder builds; inside the core it is known by its dense InstrumentId in a Universe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gimbal/foundation/decimal.hpp"
#include "gimbal/foundation/time.hpp"
#include "gimbal/market/asset.hpp"

namespace gimbal::market {

enum class InstrumentKind : std::uint8_t { spot, perpetual, future, option };

enum class Payoff : std::uint8_t {
  linear,   ///< Priced and settled in the quote asset: price x contract_size per contract.
  inverse,  ///< Settled in the underlying. Futures are worth contract_size / price coin, options are priced in coin.
  quanto,   ///< Settled in a third asset at a fixed rate. Not traded yet; decoders refuse it.
};

enum class OptionRight : std::uint8_t { call, put };

/// A coarser tick from some price on: Deribit's options step by 0.0001 below 0.005 and by 0.0005 from there.
struct TickStep {
  Decimal from;
  Decimal tick;
  friend bool operator==(const TickStep&, const TickStep&) = default;
};

/// Rates are fractions. Futures pay rate x notional. Options pay rate x underlying, at most cap x premium.
struct FeeSchedule {
  Decimal taker_rate;
  Decimal maker_rate;
  Decimal option_cap;     ///< Of the premium; zero means no cap.
  Decimal delivery_rate;  ///< At expiry, of the notional at the delivery price.
  Decimal delivery_cap;   ///< Of an option's payoff; zero means no cap.
  friend bool operator==(const FeeSchedule&, const FeeSchedule&) = default;
};

struct Instrument {
  std::string name;   ///< Canonical: `deribit:BTC-27DEC24-60000-C`; unique in a Universe.
  std::string venue;  ///< `deribit`
  InstrumentKind kind = InstrumentKind::spot;
  Payoff payoff = Payoff::linear;
  AssetCode underlying;                   ///< BTC
  AssetCode quote;                        ///< Unit of strikes and of futures' and spot prices: USD, USDC
  AssetCode settlement;                   ///< What premium, profit and margin are paid in.
  OptionRight right = OptionRight::call;  ///< Options only.
  Decimal strike;                         ///< Options only, in the quote asset.
  std::optional<UtcTime> expiry;          ///< Options and dated futures only.
  Decimal
      contract_size;  ///< Quote units per contract for inverse futures and perpetuals (10 USD), else underlying units.
  Decimal tick;       ///< Finest price step; PriceTicks count these.
  std::optional<TickStep> coarse_tick;
  Decimal lot;      ///< Step of a trade's size, in contracts; QuantityLots count these.
  Decimal minimum;  ///< Smallest trade, in contracts.
  FeeSchedule fees;

  [[nodiscard]] bool is_option() const { return kind == InstrumentKind::option; }
  /// A dated future or a perpetual: no premium is paid, gains and losses are settled in `settlement`.
  [[nodiscard]] bool is_future() const { return kind == InstrumentKind::future || kind == InstrumentKind::perpetual; }
  [[nodiscard]] bool expired_at(UtcTime time) const { return expiry.has_value() && *expiry <= time; }
  friend bool operator==(const Instrument&, const Instrument&) = default;
};

/// Refuses what no venue lists: no name, a step that is not positive, an option without strike or expiry, quanto.
/// Errors    invalid_argument or unsupported, naming the instrument and the field.
[[nodiscard]] Result<void> validate(const Instrument& instrument);

/// The step that a price has to be a multiple of.
[[nodiscard]] const Decimal& tick_at(const Instrument& instrument, const Decimal& price);

[[nodiscard]] const char* to_string(InstrumentKind kind) noexcept;
[[nodiscard]] const char* to_string(Payoff payoff) noexcept;
[[nodiscard]] const char* to_string(OptionRight right) noexcept;

}  // namespace gimbal::market
