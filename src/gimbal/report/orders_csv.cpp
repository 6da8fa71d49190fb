// One line an order.
#include "gimbal/report/orders_csv.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>

#include "gimbal/report/lap_table.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace {

constexpr std::string_view line_break = "\r\n";

std::string record(std::initializer_list<std::string_view> fields) {
  std::string line;
  std::string_view separator;
  for (const std::string_view field : fields) {
    line.append(separator).append(csv_field(field));
    separator = ",";
  }
  return line.append(line_break);
}

const TradeReport* trade_of(const LapReport& lap, const OrderReport& order) {
  const auto found = std::find_if(lap.trades.begin(), lap.trades.end(),
                                  [&order](const TradeReport& trade) { return trade.instrument == order.instrument; });
  return found == lap.trades.end() ? nullptr : &*found;
}

// A sentence for the person who is asked to trade.
std::string reason_sentence(const LapReport& lap, const OrderReport& order) {
  const TradeReport* trade = trade_of(lap, order);
  if (trade == nullptr) return {};
  return fmt::format("edge {} {}, cost {} {}; {}", money_text(trade->edge, lap.numeraire), lap.numeraire,
                     money_text(trade->cost, lap.numeraire), lap.numeraire, reason_text(*trade, ReasonDetail::full));
}

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{text};
  std::string quoted{'"'};
  for (const char letter : text) quoted.append(letter == '"' ? 2 : 1, letter);
  return quoted + '"';
}

std::string orders_csv(std::span<const LapReport> laps) {
  std::string text =
      record({"lap", "time", "venue", "account", "instrument", "side", "amount", "amount_unit", "contracts",
              "limit_price", "price_unit", "order_type", "time_in_force", "reason", "order_id"});
  for (const LapReport& lap : laps) {
    const std::string number = std::to_string(lap.lap);
    const std::string time = format_utc(lap.time);
    for (const OrderReport& order : lap.orders) {
      if (!order.approved) continue;
      text += record({number, time, order.venue, lap.account, order.symbol, order.side, order.amount.to_string(),
                      order.amount_unit, order.contracts.to_string(), order.limit.to_string(), order.price_unit,
                      "limit", order.time_in_force, reason_sentence(lap, order), order.id});
    }
  }
  return text;
}

}  // namespace gimbal::report
