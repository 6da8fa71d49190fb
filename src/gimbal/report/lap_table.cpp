// The tables of one lap.
#include "gimbal/report/lap_table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "gimbal/report/attribution_text.hpp"
#include "gimbal/report/internal/lap_figures.hpp"
#include "gimbal/report/internal/quality_fields.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace {

using internal::counted;
using internal::is_outside;
using internal::optional_text;
using internal::without_venue;
using Cells = std::vector<TableCell>;

constexpr Precision precision_of_bounds{.digits = 4, .decimals_most = 6};
constexpr Precision precision_of_margin{.digits = 4, .decimals_most = 4};

bool starts_with(const std::string& text, const char* start) { return text.rfind(start, 0) == 0; }

std::string money(const LapReport& lap, double value) { return money_text(value, lap.numeraire); }

std::string short_unit(std::string unit) {
  const auto replace = [&unit](const std::string& from, const std::string& to) {
    if (const std::size_t at = unit.find(from); at != std::string::npos) unit.replace(at, from.size(), to);
  };
  replace(" per ", "/");
  replace("point", "pt");
  if (unit == "contracts") unit.clear();  // the names of limits of single lines say what they count
  return unit;
}

// Values of one row share their decimals, so that they can be compared down to the last one; the bounds say which
// matters.
int row_decimals(const ConstraintLine& line) {
  double most = std::max(std::fabs(line.target.lower.value_or(0.0)), std::fabs(line.target.upper.value_or(0.0)));
  if (most == 0.0)
    most = std::max({std::fabs(line.target.value_current), std::fabs(line.target.value_rounded),
                     std::fabs(line.booked.value_or(0.0))});
  return decimals_for(most, precision_of_bounds);
}

TableCell state_cell(const ConstraintLine& line) {
  if (line.broken()) return {"BROKEN", Emphasis::bad};
  if (line.violation_booked.value_or(0.0) > 0.0) return {"outside", Emphasis::warning};
  if (!line.booked && line.target.violation > 0.0) return {"BROKEN", Emphasis::bad};
  if (line.target.binding) return {"binds", Emphasis::warning};
  if (line.booked && is_outside(line.target, line.target.value_current)) return {"mended", Emphasis::good};
  return {"", Emphasis::plain};
}

TableCell price_cell(const ConstraintLine& line) {
  return {line.target.shadow_price > 0.0 ? significant_text(line.target.shadow_price) : "", Emphasis::plain};
}

// Whether a value is outside the row's bounds: what a trader looks for in the columns before and after.
TableCell value_cell(const ConstraintLine& line, const std::optional<double>& value, int decimals) {
  if (!value) return {text_absent, Emphasis::faint};
  return {fixed_text(*value, decimals), is_outside(line.target, *value) ? Emphasis::bad : Emphasis::plain};
}

std::string header_text(const LapReport& lap, const LapPlace& place, const TextStyle& style) {
  std::string text = format_utc_minutes(lap.time) + " UTC";
  for (const IndexPrice& index : lap.indices)
    text += fmt::format("   {} {}", index.asset, decimal_text(index.price_usd));
  if (lap.equity) {
    text += fmt::format("   equity {} {}", money(lap, *lap.equity), lap.numeraire);
    if (place.before != nullptr && place.before->equity) {
      const double change = *lap.equity - *place.before->equity;
      text += fmt::format(" ({})", change_text(change, money_decimals(*lap.equity, lap.numeraire)));
    }
  } else {
    text += "   equity unknown";
  }
  if (lap.containment != "normal") text += fmt::format("   containment: {}", lap.containment);
  // A continued journal counts on where it left off; "of" is said of a run that began at one.
  const std::string label =
      lap.lap <= place.count ? fmt::format("Lap {} of {}  ", lap.lap, place.count) : fmt::format("Lap {}  ", lap.lap);
  return paragraph(label, text, style, Emphasis::strong);
}

std::string quality_text(const LapReport& lap, const TextStyle& style) {
  std::string text;
  for (std::size_t i = 0; i < internal::quality_fields.size(); ++i) {
    const internal::QualityField& field = internal::quality_fields[i];
    const std::uint64_t count = lap.quality.*field.count;
    if (count == 0 && i >= internal::quality_fields_ordinary) continue;
    text += fmt::format("{}{} {}", i == 0 ? "" : i == 2 ? ": " : ", ", count_text(count), field.words);
  }
  return paragraph("Quotes   ", text, style);
}

std::string surfaces_text(const LapReport& lap, const TextStyle& style) {
  std::string result;
  for (const SurfaceReport& surface : lap.surfaces) {
    std::string text = fmt::format("{} {} at 30 days; {}", surface.underlying, percent_text(surface.volatility_30_days),
                                   counted(surface.slices.size(), "expiry", "expiries"));
    for (const char* rung : {"fit", "neighbour", "previous", "flat"}) {
      const auto count = std::count_if(surface.slices.begin(), surface.slices.end(),
                                       [rung](const SliceReport& slice) { return slice.rung == rung; });
      if (count > 0) text += fmt::format(", {} {}", count, rung);
    }
    if (surface.inside_share)
      text += fmt::format("; {} inside the quotes, {} near", percent_text(surface.inside_share, 0),
                          percent_text(surface.near_share, 0));
    result += paragraph(result.empty() ? "Smiles   " : "         ", text, style);
  }
  return result;
}

// What the booked book is worth and how it moves, whether bounded or not.
std::string account_text(const LapReport& lap, const TextStyle& style) {
  std::string assets;
  for (const AssetReport& asset : lap.assets)
    assets += fmt::format("{}{} {} ({} {})", assets.empty() ? "" : ", ", significant_text(asset.equity, 6), asset.asset,
                          money(lap, asset.equity_value), lap.numeraire);
  std::string result = assets.empty() ? std::string{} : paragraph("Equity   ", assets, style);
  bool first = true;
  for (const ExposureReport& exposure : lap.exposures) {
    const std::string text =
        fmt::format("{} delta {}, gamma {} per 1%, vega {} {} per point, theta {} {} per day", exposure.underlying,
                    significant_text(exposure.delta), significant_text(exposure.gamma, 3),
                    significant_text(exposure.vega), lap.numeraire, significant_text(exposure.theta), lap.numeraire);
    result += paragraph(first ? "Greeks   " : "         ", text, style);
    first = false;
  }
  return result;
}

std::string target_text(const LapReport& lap, const TextStyle& style) {
  std::string result;
  if (!lap.trouble.empty()) result += paragraph("Trouble  ", lap.trouble, style, Emphasis::bad);
  if (!lap.target) return result;
  const TargetReport& target = *lap.target;
  std::string text =
      fmt::format("{}; {} trades out of {} candidates; edge {} {}, cost {} {}", target.status, lap.trades.size(),
                  target.candidates, money(lap, target.edge), lap.numeraire, money(lap, target.cost), lap.numeraire);
  if (!target.note.empty()) text += "; " + target.note;
  result += paragraph("Target   ", text, style);
  for (const std::string& broken : target.broken) result += paragraph("Broken   ", broken, style, Emphasis::bad);
  return result;
}

Cells bound_cells(const ConstraintLine& line) {
  const portfolio::ConstraintReport& target = line.target;
  const int decimals = row_decimals(line);
  return {{without_venue(target.name)},
          {short_unit(target.unit)},
          {optional_text(target.lower, decimals), Emphasis::faint},
          value_cell(line, target.value_current, decimals),
          value_cell(line, target.value_rounded, decimals),
          value_cell(line, line.booked, decimals),
          {optional_text(target.upper, decimals), Emphasis::faint},
          price_cell(line),
          state_cell(line)};
}

// Greeks and limits; stress rows and margins have tables of their own. Limits of single lines are many: they are worth
// a row where they matter, the dearest first.
std::string bounds_text(const LapReport& lap, const LapTableOptions& options) {
  Table table{{{"Bound", Alignment::left, true},
               {"unit", Alignment::left},
               {"lower"},
               {"before"},
               {"target"},
               {"booked"},
               {"upper"},
               {lap.numeraire + "/unit"},
               {"", Alignment::left}}};
  std::vector<const ConstraintLine*> limits;
  for (const ConstraintLine& line : lap.constraints) {
    const portfolio::ConstraintReport& target = line.target;
    if (starts_with(target.name, "stress ") || starts_with(target.name, "margin ")) continue;
    const bool matters = target.binding || target.violation > 0.0 || line.broken();
    if (target.unit != "contracts") table.add(bound_cells(line));
    if (target.unit == "contracts" && matters) limits.push_back(&line);
  }
  std::stable_sort(limits.begin(), limits.end(), [](const ConstraintLine* a, const ConstraintLine* b) {
    if (a->broken() != b->broken()) return a->broken();
    return a->target.shadow_price > b->target.shadow_price;
  });
  const std::size_t shown = std::min(limits.size(), options.limits_most);
  for (std::size_t i = 0; i < shown; ++i) table.add(bound_cells(*limits[i]));
  if (table.empty()) return {};
  std::string text = '\n' + table.text(options.style);
  if (shown < limits.size())
    text += paragraph("",
                      fmt::format("and {}", counted(limits.size() - shown, "more limit of a single line that binds",
                                                    "more limits of single lines that bind")),
                      options.style, Emphasis::faint);
  return text;
}

double booked_or_target(const ConstraintLine& line) { return line.booked.value_or(line.target.value_rounded); }

std::string stress_text(const LapReport& lap, const LapTableOptions& options) {
  std::vector<const ConstraintLine*> rows;
  for (const ConstraintLine& line : lap.constraints)
    if (starts_with(line.target.name, "stress ")) rows.push_back(&line);
  if (rows.empty()) return {};
  const auto matters = [](const ConstraintLine* line) {
    return line->target.binding || line->broken() || line->target.violation > 0.0;
  };
  std::stable_sort(rows.begin(), rows.end(), [&matters](const ConstraintLine* a, const ConstraintLine* b) {
    if (matters(a) != matters(b)) return matters(a);
    return booked_or_target(*a) < booked_or_target(*b);
  });
  Table table{{{"Stress, profit in " + lap.numeraire, Alignment::left, true},
               {"floor"},
               {"before"},
               {"target"},
               {"booked"},
               {"price"},
               {"", Alignment::left}}};
  std::size_t quiet = 0;
  for (const ConstraintLine* line : rows) {
    if (!matters(line) && ++quiet > options.stress_most) continue;
    const int decimals = money_decimals(line->target.lower.value_or(line->target.value_current), lap.numeraire);
    table.add(Cells{{line->target.name.substr(7)},
                    {optional_text(line->target.lower, decimals), Emphasis::faint},
                    value_cell(*line, line->target.value_current, decimals),
                    value_cell(*line, line->target.value_rounded, decimals),
                    value_cell(*line, line->booked, decimals),
                    price_cell(*line),
                    state_cell(*line)});
  }
  std::string text = '\n' + table.text(options.style);
  if (quiet > options.stress_most)
    text += paragraph(
        "", fmt::format("and {} better", counted(quiet - options.stress_most, "row that stands", "rows that stand")),
        options.style, Emphasis::faint);
  return text;
}

const ConstraintLine* margin_constraint(const LapReport& lap, const std::string& pool) {
  for (const ConstraintLine& line : lap.constraints) {
    const std::string& name = line.target.name;
    if (starts_with(name, "margin ") && name.size() > pool.size() &&
        name.compare(name.size() - pool.size() - 1, std::string::npos, " " + pool) == 0)
      return &line;
  }
  return nullptr;
}

std::string margin_text(const LapReport& lap, const TextStyle& style) {
  if (lap.margin.empty()) return {};
  Table table{{{"Margin, " + lap.margin_rule, Alignment::left, true},
               {"balance"},
               {"initial"},
               {"maintenance"},
               {"free"},
               {"before"},
               {"used"},
               {"ceiling"},
               {"price"},
               {"", Alignment::left}}};
  for (const MarginReport& pool : lap.margin) {
    const ConstraintLine* line = margin_constraint(lap, pool.pool);
    const int decimals = decimals_for(std::max(std::fabs(pool.balance), pool.initial), precision_of_margin);
    const bool above = pool.ceiling && pool.utilisation.value_or(HUGE_VAL) > *pool.ceiling * (1.0 + 1e-9);
    const bool fraction = line != nullptr && line->target.unit != pool.pool;
    table.add(Cells{{pool.pool},
                    {fixed_text(pool.balance, decimals)},
                    {fixed_text(pool.initial, decimals)},
                    {fixed_text(pool.maintenance, decimals)},
                    {fixed_text(pool.balance - pool.initial, decimals)},
                    {fraction ? percent_text(line->target.value_current) : ""},
                    {percent_text(pool.utilisation), above ? Emphasis::bad : Emphasis::plain},
                    {percent_text(pool.ceiling), Emphasis::faint},
                    line != nullptr ? price_cell(*line) : TableCell{},
                    line != nullptr ? state_cell(*line) : TableCell{}});
  }
  return '\n' + table.text(style);
}

std::string trades_text(const LapReport& lap, const LapTableOptions& options) {
  if (lap.trades.empty()) return {};
  std::vector<std::size_t> shown(lap.trades.size());
  for (std::size_t i = 0; i < shown.size(); ++i) shown[i] = i;
  const auto size = [&lap](std::size_t i) { return std::fabs(lap.trades[i].edge) + lap.trades[i].cost; };
  std::stable_sort(shown.begin(), shown.end(), [&size](std::size_t a, std::size_t b) { return size(a) > size(b); });
  const std::size_t hidden = shown.size() - std::min(shown.size(), options.trades_most);
  shown.resize(shown.size() - hidden);
  std::sort(shown.begin(), shown.end());
  Table table{{{"Trade", Alignment::left},
               {"contracts"},
               {"held now"},
               {"limit"},
               {"edge " + lap.numeraire},
               {"cost"},
               {fmt::format("because of, {}", lap.numeraire), Alignment::left, true}}};
  for (const std::size_t i : shown) {
    const TradeReport& trade = lap.trades[i];
    table.add(Cells{{without_venue(trade.instrument)},
                    {decimal_change_text(trade.trade)},
                    {decimal_text(trade.booked), trade.missing.is_zero() ? Emphasis::plain : Emphasis::warning},
                    {decimal_text(trade.limit)},
                    {money(lap, trade.edge)},
                    {money(lap, trade.cost)},
                    {reason_text(trade, ReasonDetail::brief), Emphasis::faint}});
  }
  std::string text = '\n' + table.text(options.style);
  if (hidden > 0)
    text += paragraph("", fmt::format("and {}", counted(hidden, "smaller trade", "smaller trades")), options.style,
                      Emphasis::faint);
  return text;
}

// Paragraphs up to a number of them, and how many more there would be.
class Paragraphs {
 public:
  Paragraphs(const LapTableOptions& options, const char* rest) : options_{options}, rest_{rest} {}

  void add(std::string_view label, std::string_view text, Emphasis emphasis = Emphasis::plain) {
    if (++count_ <= options_.events_most) text_ += paragraph(label, text, options_.style, emphasis);
  }
  [[nodiscard]] std::string text() const {
    if (count_ <= options_.events_most) return text_;
    return text_ + paragraph("         ", fmt::format("and {} more {}", count_ - options_.events_most, rest_),
                             options_.style, Emphasis::faint);
  }

 private:
  const LapTableOptions& options_;
  const char* rest_;
  std::string text_;
  std::size_t count_ = 0;
};

// What was wanted and did not come about.
std::string missing_text(const LapReport& lap, const LapTableOptions& options) {
  Paragraphs paragraphs{options, "that were refused or not filled"};
  for (const OrderReport& order : lap.orders) {
    const std::string what = fmt::format("{} {} {} at {}", order.side, decimal_text(order.contracts), order.symbol,
                                         decimal_text(order.limit));
    if (!order.approved) paragraphs.add("Refused  ", fmt::format("{}: {}", what, order.refusal), Emphasis::bad);
    if (order.approved && !order.unfilled.is_zero())
      paragraphs.add("Unfilled ", fmt::format("{}: {} left", what, decimal_text(order.unfilled)), Emphasis::warning);
  }
  return paragraphs.text();
}

std::string settlements_text(const LapReport& lap, const LapTableOptions& options) {
  Paragraphs paragraphs{options, "settlements"};
  for (const DeliveryReport& delivery : lap.deliveries)
    paragraphs.add("Settled  ",
                   fmt::format("{} {} delivered at {} USD{}: {} {}, fee {}", decimal_text(delivery.position),
                               without_venue(delivery.instrument), decimal_text(delivery.price_usd),
                               delivery.approximate ? " (approximate)" : "", decimal_change_text(delivery.value),
                               delivery.asset, decimal_text(delivery.fee)));
  for (const FundingReport& payment : lap.funding) {
    const bool received = payment.paid.is_negative();
    paragraphs.add("Funding  ",
                   fmt::format("{} {} for {:.4g} h at {}% per 8 h: {} {} {}", decimal_text(payment.position),
                               without_venue(payment.instrument), payment.hours,
                               decimal_text(payment.rate_8h * Decimal{100}), received ? "received" : "paid",
                               decimal_text(received ? -payment.paid : payment.paid), payment.asset));
  }
  return paragraphs.text();
}

std::string fills_text(const LapReport& lap, const TextStyle& style) {
  if (lap.fills.empty()) return {};
  std::string text = counted(lap.fills.size(), "fill", "fills");
  if (const auto cost = internal::cost_of_fills(lap))
    text += fmt::format(", {} {} given away against marks, fees included", money(lap, *cost), lap.numeraire);
  return paragraph("Filled   ", text, style);
}

std::string proof_text(const LapReport& lap, const TextStyle& style) {
  if (lap.digest.empty() && !lap.journal_head) return {};
  constexpr std::size_t digits_shown = 16;
  std::string text;
  if (!lap.digest.empty()) text = lap.digest.substr(0, digits_shown);
  if (lap.journal_head) {
    const std::size_t colon = std::min(lap.journal_head->find(':'), lap.journal_head->size());
    text += fmt::format("{}journal {} records, {}", text.empty() ? "" : "   ", lap.journal_head->substr(0, colon),
                        lap.journal_head->substr(std::min(colon + 1, lap.journal_head->size()), digits_shown));
  }
  return paragraph("Digest   ", text, style, Emphasis::faint);
}

// `stress` of any stress row, `margin BTC` of `margin deribit standard BTC` (`room` alike), and no venue's name.
std::string brief_name(const std::string& constraint) {
  if (starts_with(constraint, "stress ")) return "stress";
  for (const char* pool : {"margin ", "room "})
    if (starts_with(constraint, pool))
      return constraint.substr(0, constraint.find(' ')) + constraint.substr(constraint.rfind(' '));
  return without_venue(constraint);
}

// The source that a trade earns most from.
std::string main_source(const portfolio::EdgeSources& edge) {
  struct Source {
    const char* name = "";
    double value = 0.0;
  };
  const Source sources[] = {
      {"gamma", edge.gamma}, {"reversion", edge.reversion}, {"funding", edge.funding}, {"basis", edge.basis}};
  return std::max_element(std::begin(sources), std::end(sources),
                          [](const Source& a, const Source& b) { return a.value < b.value; })
      ->name;
}

}  // namespace

std::string reason_text(const TradeReport& trade, ReasonDetail detail) {
  std::vector<ReasonReport> reasons;  // values of the whole trade
  const double contracts = std::fabs(trade.trade.to_double());
  for (const ReasonReport& reason : trade.reasons) {
    if (reason.value <= 0.0) continue;
    const std::string name = detail == ReasonDetail::brief ? brief_name(reason.constraint) : reason.constraint;
    const auto same = std::find_if(reasons.begin(), reasons.end(),
                                   [&name](const ReasonReport& known) { return known.constraint == name; });
    if (same != reasons.end()) {
      same->value += reason.value * contracts;
    } else {
      reasons.push_back({name, reason.value * contracts, reason.shadow_price});
    }
  }
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const ReasonReport& a, const ReasonReport& b) { return a.value > b.value; });
  constexpr std::size_t reasons_most = 3;
  if (reasons.size() > reasons_most) reasons.resize(reasons_most);
  std::string text;
  for (const ReasonReport& reason : reasons)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", reason.constraint, significant_text(reason.value, 3));
  if (!text.empty()) return text;
  return trade.edge > trade.cost ? main_source(trade.edge_sources) + " above cost" : "a bound that it helps to hold";
}

std::string lap_table(const LapReport& lap, const LapPlace& place, const LapTableOptions& options) {
  const TextStyle& style = options.style;
  std::string text = header_text(lap, place, style);
  text += quality_text(lap, style);
  text += surfaces_text(lap, style);
  text += settlements_text(lap, options);
  text += account_text(lap, style);
  if (lap.attribution) text += attribution_text(*lap.attribution, lap.numeraire, "Profit   ", style);
  text += target_text(lap, style);
  text += bounds_text(lap, options);
  text += stress_text(lap, options);
  text += margin_text(lap, style);
  text += trades_text(lap, options);
  const std::string missing = missing_text(lap, options);
  const std::string closing = fills_text(lap, style) + missing + proof_text(lap, style);
  return closing.empty() ? text : text + '\n' + closing;
}

std::string positions_table(const LapReport& lap, const TextStyle& style) {
  if (lap.positions.empty()) return paragraph("Positions ", "none", style);
  Table table{{{"Position", Alignment::left, true},
               {"contracts"},
               {"mark"},
               {"value " + lap.numeraire},
               {"delta"},
               {"gamma/1%"},
               {"vega/pt"},
               {"theta/day"},
               {"margin"}}};
  for (const PositionReport& position : lap.positions)
    table.add(Cells{{without_venue(position.instrument) + (position.listed ? "" : " (not listed)")},
                    {decimal_text(position.contracts)},
                    {significant_text(position.mark)},
                    {position.value_in_numeraire ? money(lap, *position.value_in_numeraire) : text_absent},
                    {significant_text(position.delta)},
                    {significant_text(position.gamma, 3)},
                    {significant_text(position.vega)},
                    {significant_text(position.theta)},
                    {significant_text(position.initial_margin)}});
  return table.text(style);
}

}  // namespace gimbal::report
