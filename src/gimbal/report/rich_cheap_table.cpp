// The rows chosen and written out.
#include "gimbal/report/rich_cheap_table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace {

using surface::ArbitrageLeg;
using surface::QuotedArbitrage;
using surface::QuoteEdge;
using surface::RichCheapRow;

using EdgeOf = std::optional<QuoteEdge> RichCheapRow::*;

/// The `count` rows with the most money on one side, of those that pay at all.
std::vector<const RichCheapRow*> best_of(std::span<const RichCheapRow> rows, EdgeOf side, std::size_t count) {
  std::vector<const RichCheapRow*> paying;
  for (const RichCheapRow& row : rows)
    if (row.*side && (row.*side)->money > 0.0) paying.push_back(&row);
  std::stable_sort(paying.begin(), paying.end(), [side](const RichCheapRow* a, const RichCheapRow* b) {
    return (a->*side)->money > (b->*side)->money;
  });
  if (paying.size() > count) paying.resize(count);
  return paying;
}

std::string points_text(const std::optional<double>& volatility) {
  return volatility ? change_text(100.0 * *volatility, 2) : text_absent;
}

void add_rows(Table& table, const market::Universe& universe, std::span<const RichCheapRow* const> rows, EdgeOf side,
              const char* trade) {
  for (const RichCheapRow* row : rows) {
    const market::Instrument& instrument = universe[row->instrument];
    const QuoteEdge& edge = *(row->*side);
    const bool fitted = row->rung == surface::Rung::fit;
    table.add({{trade},
               {printable(instrument.name)},
               {percent_text(row->volatility_fitted, 2)},
               {points_text(edge.volatility)},
               {fmt::format("{} {}", money_text(edge.money, instrument.quote.view()), instrument.quote.view()),
                Emphasis::good},
               {row->score ? change_text(*row->score, 1) : text_absent},
               {to_string(row->rung), fitted ? Emphasis::plain : Emphasis::warning}});
  }
}

std::string leg_text(const market::Universe& universe, const ArbitrageLeg& leg) {
  const double size = leg.contracts < 0.0 ? -leg.contracts : leg.contracts;
  return fmt::format("{} {:.6g} {} at {:.8g}", leg.contracts < 0.0 ? "sell" : "buy", size,
                     printable(universe[leg.instrument].name), leg.price);
}

std::string trade_text(const market::Universe& universe, const QuotedArbitrage& trade) {
  const std::string_view quote = universe[trade.legs.front().instrument].quote.view();
  std::string text =
      fmt::format("{} {} a unit after fees ({} before, delivery at most {})", money_text(trade.money, quote), quote,
                  money_text(trade.money_before_fees, quote), money_text(trade.delivery_fees_most, quote));
  if (trade.units) text += fmt::format(", {:.4g} units", *trade.units);
  if (trade.needs_forward_hedge) text += ", forward to be hedged";
  for (std::size_t i = 0; i < trade.legs.size(); ++i)
    text += (i == 0 ? ": " : ", ") + leg_text(universe, trade.legs[i]);
  return text;
}

}  // namespace

std::string rich_cheap_table(const market::Universe& universe, std::span<const RichCheapRow> rows, std::size_t count,
                             const TextStyle& style) {
  Table table{{{"Trade", Alignment::left},
               {"Instrument", Alignment::left, true},
               {"fitted"},
               {"points"},
               {"money after fees"},
               {"score"},
               {"slice", Alignment::left}}};
  add_rows(table, universe, best_of(rows, &RichCheapRow::sell, count), &RichCheapRow::sell, "sell");
  add_rows(table, universe, best_of(rows, &RichCheapRow::buy, count), &RichCheapRow::buy, "buy");
  if (table.empty()) return paragraph("", "No quote pays after fees against the fitted surface.", style);
  return table.text(style);
}

std::string quoted_arbitrage_text(const market::Universe& universe, std::span<const QuotedArbitrage> trades,
                                  std::size_t count, const TextStyle& style) {
  if (trades.empty()) return paragraph("", "No trade pays after fees by quotes alone.", style);
  std::string text;
  for (const QuotedArbitrage& trade : trades.first(std::min(count, trades.size())))
    text += paragraph(fmt::format("{:<9}  ", to_string(trade.kind)), trade_text(universe, trade), style);
  if (trades.size() > count) text += paragraph("", fmt::format("And {} more.", trades.size() - count), style);
  return text;
}

}  // namespace gimbal::report
