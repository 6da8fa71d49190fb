// Reports of constraints, and the reasons of trades.
#include "gimbal/allocate/internal/reasons.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/allocate/internal/line_choice.hpp"
#include "gimbal/market/contract_value.hpp"

namespace gimbal::allocate::internal {
namespace {

using portfolio::ConstraintReport;
using portfolio::TargetTrade;
using portfolio::TradeReason;

constexpr std::size_t stress_rows_shown_least = 3;
constexpr std::size_t reasons_most = 5;
// A price counts when relaxing the bound by its own scale is worth at least this share of the sums at stake.
constexpr double price_negligible_relative = 1e-7;

std::optional<double> stated(double bound) {
  if (!std::isfinite(bound)) return std::nullopt;
  return bound;
}

// What the price of a constraint times a line's move of it comes to, per lot bought.
using Slopes = std::vector<double>;

class Explainer {
 public:
  Explainer(const Decision& decision, portfolio::TargetBook& book)
      : decision_{decision},
        problem_{decision.assembled.problem},
        book_{book},
        rounded_(decision.trades.begin(), decision.trades.end()),
        none_(problem_.lines.size(), 0.0) {
    images_current_ = image_values(problem_, none_);
    images_rounded_ = image_values(problem_, rounded_);
    continuous_ =
        decision.continuous != nullptr && !decision.continuous->trades.empty() ? decision.continuous->trades : none_;
    images_continuous_ = image_values(problem_, continuous_);
    const ObjectiveParts parts = objective(problem_, rounded_, images_rounded_);
    sums_at_stake_ = 1.0 + std::fabs(parts.edge) + parts.cost + parts.pulls + parts.penalties;
  }

  Result<void> run() {
    add_greeks();
    add_stress();
    if (const auto pools = add_pools(); !pools) return pools;
    add_limits();
    add_lines_limit();
    return add_trades();
  }

 private:
  [[nodiscard]] double bound_price(std::size_t b) const {
    return decision_.continuous == nullptr ? 0.0 : decision_.continuous->bound_price[b];
  }
  [[nodiscard]] bool counts(double price, double scale) const {
    return std::fabs(price) * scale > price_negligible_relative * sums_at_stake_;
  }

  // Adds a report and the slopes of its price; every constraint of the book has both.
  void add(ConstraintReport report, Slopes slopes) {
    book_.constraints.push_back(std::move(report));
    slopes_.push_back(std::move(slopes));
  }

  void add_bound(std::size_t b) {
    const Bound& bound = problem_.bounds[b];
    ConstraintReport report;
    report.name = bound.name;
    report.unit = bound.unit;
    report.lower = stated(bound.lower_stated);
    report.upper = stated(bound.upper_stated);
    report.hard = bound.hard;
    report.priority = bound.priority;
    report.value_current = images_current_[bound.image];
    report.value_continuous = images_continuous_[bound.image];
    report.value_rounded = images_rounded_[bound.image];
    const double price = bound_price(b);
    report.binding = counts(price, bound.scale);
    if (report.binding) report.shadow_price = std::fabs(price);
    report.violation = violation_stated(bound, report.value_rounded);
    // A pull on the same row moves trades like a bound does.
    double push = report.binding ? price : 0.0;
    for (const Pull& pull : problem_.pulls)
      if (pull.image == bound.image) push -= pull.weight * (images_continuous_[pull.image] - pull.target);
    Slopes slopes(problem_.lines.size(), 0.0);
    if (push != 0.0)
      for (std::size_t i = 0; i < slopes.size(); ++i)
        slopes[i] = push * problem_.coefficient(bound.image, i, rounded_[i]);
    add(std::move(report), std::move(slopes));
  }

  static double violation_stated(Bound bound, double value) {
    bound.lower = bound.lower_stated;
    bound.upper = bound.upper_stated;
    return violation(bound, value);
  }

  void add_greeks() {
    for (std::size_t b = 0; b < problem_.bounds.size(); ++b)
      if (problem_.bounds[b].kind != BoundKind::stress) add_bound(b);
  }

  void add_stress() {
    struct Near {
      double slack = 0.0;
      std::size_t bound = 0;
    };
    std::vector<Near> rows;
    for (std::size_t b = 0; b < problem_.bounds.size(); ++b) {
      const Bound& bound = problem_.bounds[b];
      if (bound.kind == BoundKind::stress) rows.push_back({images_rounded_[bound.image] - bound.lower_stated, b});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Near& a, const Near& b) { return a.slack < b.slack; });
    std::size_t left_out = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const std::size_t b = rows[k].bound;
      const bool broken = violation_stated(problem_.bounds[b], images_rounded_[problem_.bounds[b].image]) > 0.0;
      const bool binding = counts(bound_price(b), problem_.bounds[b].scale);
      if (k < stress_rows_shown_least || broken || binding)
        add_bound(b);
      else
        ++left_out;
    }
    if (left_out > 0) append_note(fmt::format("{} stress rows that do not bind are not listed", left_out));
  }

  void append_note(const std::string& text) { book_.note += (book_.note.empty() ? "" : "; ") + text; }

  // Share of its balance that a pool's requirement takes, by the exact rule; the balance is floored, since a quotient
  // with nothing or less under it says nothing.
  static double share_required(const Pool& pool, const risk::MarginAssessment& assessment) {
    for (const risk::MarginPool& exact : assessment.pools) {
      const double requirement = exact.requirement(pool.side);
      if (exact.asset != pool.asset || requirement <= 0.0) continue;
      constexpr double balance_share_least = 1e-6;
      return requirement / std::max(exact.balance, balance_share_least * requirement);
    }
    return 0.0;
  }

  Result<void> add_pools() {
    if (problem_.pools.empty()) return {};
    const auto current = margin_after(decision_.input, decision_.assembled, none_);
    const auto continuous = margin_after(decision_.input, decision_.assembled, continuous_);
    const auto rounded = margin_after(decision_.input, decision_.assembled, rounded_);
    if (!current) return Unexpected{current.error()};
    if (!continuous) return Unexpected{continuous.error()};
    if (!rounded) return Unexpected{rounded.error()};
    for (std::size_t p = 0; p < problem_.pools.size(); ++p) {
      const Pool& pool = problem_.pools[p];
      // Of initial margin the share that is used is bounded, of maintenance the share that is left.
      const bool used = pool.side == risk::MarginSide::initial;
      const auto shown = [used](double share) { return used ? share : 1.0 - share; };
      const double share = share_required(pool, *rounded);
      ConstraintReport report;
      report.name = pool.name;
      report.unit = "fraction";
      (used ? report.upper : report.lower) = pool.stated;
      report.hard = pool.hard;
      report.priority = pool.priority;
      report.value_current = shown(share_required(pool, *current));
      report.value_continuous = shown(share_required(pool, *continuous));
      report.value_rounded = shown(share);
      constexpr double rounding_error = 1e-10;
      report.violation = share > pool.ceiling + rounding_error ? share - pool.ceiling : 0.0;
      const double price = decision_.continuous == nullptr ? 0.0 : decision_.continuous->pool_price[p];
      report.binding = counts(price, pool.scale);
      // Headroom gained by a ceiling one unit of fraction higher is the balance itself.
      if (report.binding) report.shadow_price = price * std::max(pool_balance(pool, continuous_), 0.0);
      add(std::move(report), pool_slopes(pool, counts(price, pool.scale) ? price : 0.0));
    }
    return {};
  }

  [[nodiscard]] Slopes pool_slopes(const Pool& pool, double price) const {
    Slopes slopes(problem_.lines.size(), 0.0);
    if (price == 0.0) return slopes;
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      if (rounded_[i] == 0.0) continue;
      // Mean over the trade, so that a kink inside it counts for its share.
      const double held = static_cast<double>(problem_.lines[i].current);
      const double requirement = line_requirement(pool, i, held + rounded_[i]) - line_requirement(pool, i, held);
      const double balance =
          rounded_[i] > 0.0 ? rounded_[i] * pool.balance_buy[i] : -rounded_[i] * pool.balance_sell[i];
      slopes[i] = price * (pool.ceiling * balance - requirement) / rounded_[i];
    }
    return slopes;
  }

  // Limits of single lines, where they have a price.
  void add_limits() {
    if (decision_.continuous == nullptr) return;
    for (std::size_t i = 0; i < problem_.lines.size(); ++i) {
      const Line& line = problem_.lines[i];
      if (line.buy_most > 0) add_limit(i, decision_.continuous->buy_price[i], line.buy_cause, true);
      if (line.sell_most > 0) add_limit(i, decision_.continuous->sell_price[i], line.sell_cause, false);
    }
  }

  void add_limit(std::size_t i, double price, LimitCause cause, bool buys) {
    const Line& line = problem_.lines[i];
    const double most = static_cast<double>(buys ? line.buy_most : line.sell_most);
    // A range closed by the lines limit has a dual too, which is no limit of the line's own.
    const bool at_limit = std::fabs((buys ? continuous_[i] : -continuous_[i]) - most) < 1e-5 * (1.0 + most);
    if (!at_limit || !counts(price, most)) return;
    const bool of_position = cause == LimitCause::position_limit || cause == LimitCause::reduce_only;
    const double sign = buys ? 1.0 : -1.0;
    const double held = of_position ? static_cast<double>(line.current) : 0.0;
    ConstraintReport report;
    const std::string& name = decision_.input.view.universe()[line.instrument].name;
    static constexpr const char* prefixes[] = {"quoted size", "trade", "position", "reduce only"};
    report.name = fmt::format("{} {}", prefixes[static_cast<std::size_t>(cause)], name);
    report.unit = "contracts";
    (buys ? report.upper : report.lower) = (held + sign * most) * line.lot_contracts;
    report.value_current = held * line.lot_contracts;
    report.value_continuous = (held + continuous_[i]) * line.lot_contracts;
    report.value_rounded = (held + rounded_[i]) * line.lot_contracts;
    report.shadow_price = price / line.lot_contracts;
    report.binding = true;
    Slopes slopes(problem_.lines.size(), 0.0);
    slopes[i] = -sign * price;
    add(std::move(report), std::move(slopes));
  }

  void add_lines_limit() {
    if (problem_.lines_most == std::numeric_limits<std::uint32_t>::max()) return;
    ConstraintReport report;
    report.name = "lines held";
    report.unit = "lines";
    report.upper = problem_.lines_most;
    report.value_current = lines_held(problem_, none_);
    report.value_continuous = decision_.lines_continuous;
    report.value_rounded = lines_held(problem_, rounded_);
    report.shadow_price = decision_.line_price.value_or(0.0);
    report.binding = report.shadow_price > price_negligible_relative * sums_at_stake_;
    report.violation = std::max(0.0, report.value_rounded - *report.upper);
    add(std::move(report), Slopes(problem_.lines.size(), 0.0));
  }

  [[nodiscard]] double worst_stress(const std::vector<double>& trades) const {
    const std::vector<double> images = image_values(problem_, trades);
    double worst = 0.0;
    bool any = false;
    for (const Bound& bound : problem_.bounds) {
      if (bound.kind != BoundKind::stress) continue;
      worst = any ? std::min(worst, images[bound.image]) : images[bound.image];
      any = true;
    }
    return worst;
  }

  Result<double> requirement(const std::vector<double>& trades, market::AssetId pool) const {
    const auto assessment = margin_after(decision_.input, decision_.assembled, trades);
    if (!assessment) return Unexpected{assessment.error()};
    for (const risk::MarginPool& exact : assessment->pools)
      if (exact.asset == pool) return exact.initial;
    return 0.0;
  }

  std::vector<TradeReason> reasons_of(std::size_t i) const {
    std::vector<TradeReason> reasons;
    const double sign = rounded_[i] > 0.0 ? 1.0 : -1.0;
    for (std::size_t c = 0; c < slopes_.size(); ++c) {
      const double value = sign * slopes_[c][i] / problem_.lines[i].lot_contracts;
      if (value != 0.0) reasons.push_back({static_cast<std::uint32_t>(c), value});
    }
    std::stable_sort(reasons.begin(), reasons.end(), [](const TradeReason& a, const TradeReason& b) {
      return std::fabs(a.value) > std::fabs(b.value);
    });
    if (reasons.size() > reasons_most) reasons.resize(reasons_most);
    return reasons;
  }

  Result<void> add_trades() {
    const risk::RiskView& view = decision_.input.view;
    const double worst = worst_stress(rounded_);
    for (std::size_t i = 0; i < problem_.lines.size(); ++i) {
      if (decision_.trades[i] == 0) continue;
      const Line& line = problem_.lines[i];
      TargetTrade trade;
      trade.account = decision_.input.book.account;
      trade.instrument = line.instrument;
      trade.current = QuantityLots{line.current};
      trade.trade = QuantityLots{decision_.trades[i]};
      trade.limit = decision_.trades[i] > 0 ? view.snapshot->ask[line.row] : view.snapshot->bid[line.row];
      trade.edge = decision_.assembled.edges[i] * (line.lot_contracts * rounded_[i]);
      const auto cost = trade_cost(*view.snapshot, line.row, trade.trade, view.numeraire);
      if (!cost) return Unexpected{cost.error()};
      trade.cost = *cost;
      std::vector<double> without = rounded_;
      without[i] = 0.0;
      const market::AssetId settlement = view.columns.settlement[line.column];
      const auto with_trade = requirement(rounded_, settlement);
      const auto without_trade = requirement(without, settlement);
      if (!with_trade) return Unexpected{with_trade.error()};
      if (!without_trade) return Unexpected{without_trade.error()};
      trade.marginal_margin = *with_trade - *without_trade;
      trade.marginal_risk = worst - worst_stress(without);
      trade.reasons = reasons_of(i);
      book_.cost += trade.cost;
      book_.trades.push_back(std::move(trade));
    }
    std::sort(book_.trades.begin(), book_.trades.end(), [](const TargetTrade& a, const TargetTrade& b) {
      return market::raw(a.instrument) < market::raw(b.instrument);
    });
    return {};
  }

  const Decision& decision_;
  const Problem& problem_;
  portfolio::TargetBook& book_;
  std::vector<double> rounded_;
  std::vector<double> none_;
  std::vector<double> continuous_;
  std::vector<double> images_current_;
  std::vector<double> images_rounded_;
  std::vector<double> images_continuous_;
  double sums_at_stake_ = 1.0;
  std::vector<Slopes> slopes_;  // by constraint of the book
};

}  // namespace

Result<void> explain(const Decision& decision, portfolio::TargetBook& book) { return Explainer{decision, book}.run(); }

Result<risk::MarginAssessment> margin_after(const AllocationInput& input, const Assembled& assembled,
                                            const std::vector<double>& trades) {
  const risk::RiskView& view = input.view;
  std::vector<risk::MarginTrade> done;
  for (std::size_t i = 0; i < trades.size(); ++i) {
    if (trades[i] == 0.0) continue;
    const auto& side = trades[i] > 0.0 ? assembled.costs[i].buy : assembled.costs[i].sell;
    GIMBAL_ASSERT(side.has_value());
    const Line& line = assembled.problem.lines[i];
    const double contracts = trades[i] * line.lot_contracts;
    done.push_back({line.instrument, contracts, side->price, side->fee * std::fabs(contracts)});
  }
  const risk::MarginMarket market = view.margin_market();
  const auto after = risk::book_after(market, input.book.margin_book(view.columns), done);
  if (!after) return Unexpected{after.error()};
  return view.margin->assess(market, *after);
}

}  // namespace gimbal::allocate::internal
