// What was traded and why: a table of trades with the constraints behind each, and what did not come about.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/report/charts/svg.hpp"
#include "gimbal/report/internal/html_table.hpp"
#include "gimbal/report/internal/page_sections.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report::internal {
namespace {

// A reason for the whole trade instead of one contract.
double whole_value(const TradeReport& trade, const ReasonReport& reason) {
  return reason.value * std::fabs(trade.trade.to_double());
}

// What is at stake in a trade: what it earns, costs, and is worth to the bounds, all as magnitudes.
double stake_of(const TradeReport& trade) {
  double stake = std::fabs(trade.edge) + std::fabs(trade.cost);
  for (const ReasonReport& reason : trade.reasons) stake += std::fabs(whole_value(trade, reason));
  return stake;
}

const portfolio::ConstraintReport* constraint_named(const LapReport& lap, const std::string& name) {
  for (const ConstraintLine& line : lap.constraints)
    if (line.target.name == name) return &line.target;
  return nullptr;
}

// `theta BTC +2,617 USD, at 0.607 USD per USD per day`.
std::string reason_markup(const LapReport& lap, const TradeReport& trade, const ReasonReport& reason) {
  const double value = whole_value(trade, reason);
  std::string text = fmt::format("{} <b>{}</b>", escaped(without_venue(reason.constraint)),
                                 escaped(change_text(value, money_decimals(value, lap.numeraire))));
  if (reason.shadow_price > 0.0) {
    const portfolio::ConstraintReport* constraint = constraint_named(lap, reason.constraint);
    const std::string unit = constraint != nullptr ? one_of(constraint->unit) : "unit";
    text += fmt::format(" <span class=\"faint\">at {} {} per {}</span>",
                        escaped(significant_text(reason.shadow_price, 3)), escaped(lap.numeraire), escaped(unit));
  }
  return fmt::format("<li>{}</li>", text);
}

// The constraints that speak for a trade or against it, the largest first; a trade without any was worth its edge.
HtmlCell reasons_cell(const LapReport& lap, const TradeReport& trade) {
  constexpr std::size_t reasons_most = 4;
  std::vector<const ReasonReport*> reasons;
  for (const ReasonReport& reason : trade.reasons)
    if (std::fabs(whole_value(trade, reason)) >= 0.005) reasons.push_back(&reason);
  std::stable_sort(reasons.begin(), reasons.end(), [&trade](const ReasonReport* a, const ReasonReport* b) {
    return std::fabs(whole_value(trade, *a)) > std::fabs(whole_value(trade, *b));
  });
  if (reasons.empty())
    return trade.edge > trade.cost ? HtmlCell{"edge above cost", Look::faint}
                                   : HtmlCell{"a bound that it helps to hold in whole lots", Look::faint};
  std::string markup = "<ul class=\"reasons\">";
  for (std::size_t i = 0; i < std::min(reasons.size(), reasons_most); ++i)
    markup += reason_markup(lap, trade, *reasons[i]);
  if (reasons.size() > reasons_most)
    markup += fmt::format("<li class=\"faint\">and {} smaller</li>", reasons.size() - reasons_most);
  return HtmlCell::of_markup(markup + "</ul>");
}

std::string trades_table(const LapReport& lap) {
  std::vector<const TradeReport*> trades;
  for (const TradeReport& trade : lap.trades) trades.push_back(&trade);
  std::stable_sort(trades.begin(), trades.end(),
                   [](const TradeReport* a, const TradeReport* b) { return stake_of(*a) > stake_of(*b); });
  const std::string& unit = lap.numeraire;
  HtmlTable table{"Trades of the lap",
                  {{"Instrument", false},
                   {"Contracts"},
                   {"Held after"},
                   {"Price limit"},
                   {"Edge, " + unit},
                   {"Cost, " + unit},
                   {"Margin added"},
                   {"Stress moved, " + unit},
                   {"Because of, " + unit, false}},
                  Narrow::stacks};
  for (const TradeReport* trade : trades)
    table.add({without_venue(trade->instrument),
               decimal_change_text(trade->trade),
               {decimal_text(trade->booked), trade->missing.is_zero() ? Look::plain : Look::warning},
               fmt::format("{} {}", decimal_text(trade->limit), trade->price_unit),
               money_text(trade->edge, unit),
               money_text(trade->cost, unit),
               fmt::format("{} {}", change_text(trade->marginal_margin, 3), trade->settlement),
               change_text(trade->marginal_risk, money_decimals(trade->marginal_risk, unit)),
               reasons_cell(lap, *trade)});
  return table.markup();
}

std::string missing_markup(const LapReport& lap) {
  std::string items;
  for (const OrderReport& order : lap.orders) {
    const std::string what = fmt::format("{} {} {} at {} {}", order.side, decimal_text(order.contracts), order.symbol,
                                         decimal_text(order.limit), order.price_unit);
    if (!order.approved)
      items += fmt::format("<li>Refused: {}, since {}</li>\n", escaped(what), escaped(order.refusal));
    if (order.approved && !order.unfilled.is_zero())
      items += fmt::format("<li>Not filled in full: {}, {} contracts left</li>\n", escaped(what),
                           escaped(decimal_text(order.unfilled)));
  }
  return items.empty() ? items : fmt::format("<ul class=\"warning\">\n{}</ul>\n", items);
}

std::string settlements_markup(const LapReport& lap) {
  std::string items;
  for (const DeliveryReport& delivery : lap.deliveries)
    items += fmt::format(
        "<li>{}</li>\n",
        escaped(fmt::format("Delivered: {} {} at {} USD{}, {} {}, fee {} {}", decimal_text(delivery.position),
                            without_venue(delivery.instrument), decimal_text(delivery.price_usd),
                            delivery.approximate ? " (approximate)" : "", decimal_change_text(delivery.value),
                            delivery.asset, decimal_text(delivery.fee), delivery.asset)));
  for (const FundingReport& payment : lap.funding) {
    const bool received = payment.paid.is_negative();
    items += fmt::format(
        "<li>{}</li>\n",
        escaped(fmt::format("Funding: {} {} for {} h at {}% per 8 h, {} {} {}", decimal_text(payment.position),
                            without_venue(payment.instrument), significant_text(payment.hours),
                            decimal_text(payment.rate_8h * Decimal{100}), received ? "received" : "paid",
                            decimal_text(received ? -payment.paid : payment.paid), payment.asset)));
  }
  return items.empty() ? items : fmt::format("<p>Before the trades fell due:</p>\n<ul>\n{}</ul>\n", items);
}

std::string target_sentence(const LapReport& lap) {
  const TargetReport& target = *lap.target;
  std::string text = fmt::format(
      "The target is {}: {} out of {} candidates, with an expected profit of the whole book of {} over the horizon and "
      "a "
      "cost of {}. ",
      target.status, counted(lap.trades.size(), "trade", "trades"), target.candidates,
      money_with_unit(target.edge, lap.numeraire), money_with_unit(target.cost, lap.numeraire));
  if (!target.note.empty()) text += "Note: " + target.note + ". ";
  return text +
         "Each trade shows its own edge over the horizon and its cost, what it does to initial margin and to the worst "
         "stress row with the others done, and the bounds that speak for it (positive) or against it, with the price "
         "of "
         "one unit of each: what the optimum would gain if that bound gave way by one.";
}

}  // namespace

std::string trades_section(const PageContent& content) {
  const LapReport& lap = content.lap;
  std::string inside;
  if (!lap.target) {
    inside = html_paragraph("No target was made, so nothing was traded.");
  } else if (lap.trades.empty()) {
    inside = html_paragraph(fmt::format("The target is {} and asks for no trade.{}", lap.target->status,
                                        lap.target->note.empty() ? "" : " Note: " + lap.target->note + "."));
  } else {
    inside = html_paragraph(target_sentence(lap)) + trades_table(lap);
  }
  return section_markup("trades", "What changed and why", inside + missing_markup(lap) + settlements_markup(lap));
}

}  // namespace gimbal::report::internal
