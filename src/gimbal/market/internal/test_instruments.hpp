// Instruments for this room's tests, written out by hand: a venue's decoder is above this room and cannot be asked.
#pragma once

#include <string>

#include "gimbal/market/instrument.hpp"

namespace gimbal::market::internal {

inline Instrument inverse_option(const std::string& name = "deribit:BTC-27MAR26-80000-C", const char* strike = "80000",
                                 OptionRight right = OptionRight::call) {
  Instrument option;
  option.name = name;
  option.venue = "deribit";
  option.kind = InstrumentKind::option;
  option.payoff = Payoff::inverse;
  option.underlying = option.settlement = AssetCode::of("BTC");
  option.quote = usd();
  option.right = right;
  option.strike = Decimal::of(strike);
  option.expiry = *parse_utc("2026-03-27T08:00:00Z");
  option.contract_size = Decimal{1};
  option.tick = Decimal::of("0.0001");
  option.coarse_tick = TickStep{Decimal::of("0.005"), Decimal::of("0.0005")};
  option.lot = option.minimum = Decimal::of("0.1");
  option.fees.taker_rate = option.fees.maker_rate = Decimal::of("0.0003");
  option.fees.option_cap = option.fees.delivery_cap = Decimal::of("0.125");
  option.fees.delivery_rate = Decimal::of("0.00015");
  return option;
}

inline Instrument inverse_perpetual(const char* underlying = "BTC", const char* dollars = "10",
                                    const char* tick = "0.5") {
  Instrument perpetual;
  perpetual.name = std::string{"deribit:"} + underlying + "-PERPETUAL";
  perpetual.venue = "deribit";
  perpetual.kind = InstrumentKind::perpetual;
  perpetual.payoff = Payoff::inverse;
  perpetual.underlying = perpetual.settlement = AssetCode::of(underlying);
  perpetual.quote = usd();
  perpetual.contract_size = Decimal::of(dollars);
  perpetual.tick = Decimal::of(tick);
  perpetual.lot = perpetual.minimum = Decimal{1};
  perpetual.fees.taker_rate = Decimal::of("0.0005");
  return perpetual;
}

inline Instrument inverse_future() {
  Instrument future = inverse_perpetual();
  future.name = "deribit:BTC-27MAR26";
  future.kind = InstrumentKind::future;
  future.expiry = *parse_utc("2026-03-27T08:00:00Z");
  future.tick = Decimal::of("2.5");
  future.fees.delivery_rate = Decimal::of("0.00025");
  return future;
}

inline Instrument linear_perpetual() {
  Instrument perpetual = inverse_perpetual("SOL", "0.1", "0.01");
  perpetual.name = "deribit:SOL_USDC-PERPETUAL";
  perpetual.payoff = Payoff::linear;
  perpetual.quote = perpetual.settlement = AssetCode::of("USDC");
  return perpetual;
}

inline Instrument linear_option() {
  Instrument option = inverse_option("deribit:SOL_USDC-27MAR26-250-C", "250");
  option.payoff = Payoff::linear;
  option.underlying = AssetCode::of("SOL");
  option.quote = option.settlement = AssetCode::of("USDC");
  option.contract_size = Decimal{10};
  option.tick = Decimal::of("0.01");
  option.coarse_tick.reset();
  option.lot = option.minimum = Decimal{1};
  option.fees.taker_rate = Decimal::of("0.0005");
  return option;
}

inline Instrument spot() {
  Instrument pair = linear_perpetual();
  pair.name = "deribit:BTC_USDC";
  pair.kind = InstrumentKind::spot;
  pair.underlying = AssetCode::of("BTC");
  pair.contract_size = Decimal::of("0.0001");
  pair.fees = {};
  return pair;
}

}  // namespace gimbal::market::internal
