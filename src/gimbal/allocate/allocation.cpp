// The way from an input to a target book: assemble, solve, relax what cannot be had, choose lines, round, judge,
// explain.
#include "gimbal/allocate/allocation.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/allocate/candidates.hpp"
#include "gimbal/allocate/internal/assemble.hpp"
#include "gimbal/allocate/internal/infeasibility.hpp"
#include "gimbal/allocate/internal/line_choice.hpp"
#include "gimbal/allocate/internal/programme.hpp"
#include "gimbal/allocate/internal/reasons.hpp"
#include "gimbal/allocate/internal/rounding.hpp"

namespace gimbal::allocate {
namespace {

using internal::Assembled;
using internal::Continuous;
using internal::Frame;
using internal::Problem;
using portfolio::TargetBook;
using portfolio::TargetStatus;

Result<void> validate(const portfolio::TargetSurface& target) {
  for (const portfolio::GreekTarget& greek : target.greeks) {
    const auto& bound = greek.bound;
    const std::string name = bound.name.empty()
                                 ? fmt::format("{} {}", portfolio::to_string(greek.greek), greek.underlying.view())
                                 : bound.name;
    if (bound.lower && bound.upper && !(*bound.lower <= *bound.upper))
      return fail(ErrorCode::invalid_argument, "{}: the lower bound {} is above the upper bound {}", name, *bound.lower,
                  *bound.upper);
    if (bound.priority < 1)
      return fail(ErrorCode::invalid_argument, "{}: priority {}, expected 1 or more", name, bound.priority);
    if (!(greek.weight >= 0.0) || !std::isfinite(greek.weight))
      return fail(ErrorCode::invalid_argument, "{}: weight {}, expected 0 or more", name, greek.weight);
  }
  if (target.stress && !(target.stress->loss_limit > 0.0))
    return fail(ErrorCode::invalid_argument, "the stress loss limit is {}, expected a positive number",
                target.stress->loss_limit);
  if (target.margin && !(target.margin->ceiling > 0.0 && target.margin->ceiling <= 1.0))
    return fail(ErrorCode::invalid_argument, "the margin ceiling is {}, expected above 0 and at most 1",
                target.margin->ceiling);
  if (target.liquidation && !(target.liquidation->room >= 0.0 && target.liquidation->room < 1.0))
    return fail(ErrorCode::invalid_argument, "the room to liquidation is {}, expected 0 or more and below 1",
                target.liquidation->room);
  if ((target.stress && target.stress->priority < 1) || (target.margin && target.margin->priority < 1) ||
      (target.liquidation && target.liquidation->priority < 1))
    return fail(ErrorCode::invalid_argument, "a priority is below 1, the most important there is");
  return {};
}

bool solved(const Continuous& answer) { return answer.status == optimize::SolutionStatus::optimal; }

// The answer in fractions of lots, and the problem and frame that lots are then judged by.
struct Plan {
  Problem problem;  // with caps where something had to give
  Frame frame;      // for rounding: bounds as wanted, ranges as the lines limit left them
  Continuous continuous;
  bool feasible = true;
  bool failed = false;
  std::optional<double> line_price;
  int solves = 0;
};

// A cap is the same wish as the bound that it stands behind: their prices are one.
void fold_caps(const Problem& wanted, Plan& plan) {
  Continuous& answer = plan.continuous;
  for (std::size_t cap = wanted.bounds.size(); cap < answer.bound_price.size(); ++cap)
    for (std::size_t b = 0; b < wanted.bounds.size(); ++b)
      if (wanted.bounds[b].image == plan.problem.bounds[cap].image) answer.bound_price[b] += answer.bound_price[cap];
  const auto same_pool = [](const internal::Pool& a, const internal::Pool& b) {
    return a.asset == b.asset && a.side == b.side;
  };
  for (std::size_t cap = wanted.pools.size(); cap < answer.pool_price.size(); ++cap)
    for (std::size_t p = 0; p < wanted.pools.size(); ++p)
      if (same_pool(wanted.pools[p], plan.problem.pools[cap])) answer.pool_price[p] += answer.pool_price[cap];
}

// Solves with bounds widened just enough; false when even that has no answer.
bool solve_widened(Plan& plan) {
  const internal::Relaxation relaxation = internal::relax(plan.problem, plan.frame);
  plan.solves += relaxation.solves;
  if (!relaxation.found) return false;
  plan.continuous = internal::solve_continuous(plan.problem, relaxation.frame);
  plan.solves += plan.continuous.solves;
  if (!solved(plan.continuous)) {
    // The point inside is an answer too, without an optimum's claim or prices.
    plan.continuous = Continuous{};
    plan.continuous.trades = relaxation.trades;
  }
  return true;
}

// The same under the lines limit: first the lines, then by how much bounds must give for lack of others.
bool solve_relaxed(Plan& plan) {
  if (!solve_widened(plan)) return false;
  if (internal::lines_held(plan.problem, plan.continuous.trades) <= plan.problem.lines_most) return true;
  plan.frame = internal::keep_best_lines(plan.problem, plan.frame, plan.continuous);
  return solve_widened(plan);
}

Plan make_plan(const Problem& problem) {
  Plan plan{problem, internal::frame_of(problem), {}, true, false, std::nullopt, 0};
  plan.continuous = internal::solve_continuous(problem, plan.frame);
  plan.solves += plan.continuous.solves;
  if (solved(plan.continuous)) {
    internal::LineChoice choice = internal::choose_lines(problem, plan.frame, plan.continuous);
    plan.solves += choice.solves;
    if (choice.within_limit) {
      plan.continuous = std::move(choice.continuous);
      plan.frame = std::move(choice.frame);
      plan.line_price = choice.line_price;
      return plan;
    }
  }
  plan.feasible = false;
  plan.failed = !solved(plan.continuous) && plan.continuous.status != optimize::SolutionStatus::primal_infeasible;
  if (plan.failed) {
    plan.continuous.trades.assign(problem.lines.size(), 0.0);
    return plan;
  }
  plan.problem = internal::with_caps(problem);
  plan.frame = internal::frame_of(plan.problem);
  if (solve_relaxed(plan)) {
    fold_caps(problem, plan);
  } else {
    plan.failed = true;
    plan.continuous = Continuous{};
    plan.continuous.trades.assign(problem.lines.size(), 0.0);
  }
  return plan;
}

// By how much the exact rule asks for more than a pool's bound allows, in its currency; the bound is from above, so
// this is zero unless a rule's bound is not.
Result<double> exact_excess(const AllocationInput& input, const Assembled& assembled,
                            const std::vector<std::int64_t>& lots, std::vector<double>& excess) {
  const std::vector<double> trades(lots.begin(), lots.end());
  const auto assessment = internal::margin_after(input, assembled, trades);
  if (!assessment) return Unexpected{assessment.error()};
  double worst = 0.0;
  for (std::size_t p = 0; p < assembled.problem.pools.size(); ++p) {
    const internal::Pool& pool = assembled.problem.pools[p];
    for (const risk::MarginPool& exact : assessment->pools) {
      if (exact.asset != pool.asset || !pool.hard) continue;
      excess[p] = std::max(0.0, exact.requirement(pool.side) - pool.ceiling * exact.balance);
      const std::vector<double> images = internal::image_values(assembled.problem, trades);
      // What the bound knows to be broken is no news.
      const double known = std::max(0.0, -internal::pool_headroom(assembled.problem, pool, trades, images));
      excess[p] = std::max(0.0, excess[p] - known);
      worst = std::max(worst, excess[p] / pool.scale);
    }
  }
  return worst;
}

// Rounds, and rounds again with more headroom if the exact rule does not agree with its bound.
Result<internal::Rounded> round_and_judge(const AllocationInput& input, const Assembled& assembled, Plan& plan) {
  constexpr int attempts_most = 4;
  constexpr double disagreement_negligible = 1e-9;
  internal::Rounded rounded;
  for (int attempt = 0; attempt < attempts_most; ++attempt) {
    rounded = internal::round_to_lots(plan.problem, plan.frame, plan.continuous.trades, plan.feasible);
    plan.solves += rounded.solves;
    std::vector<double> excess(assembled.problem.pools.size(), 0.0);
    const auto worst = exact_excess(input, assembled, rounded.trades, excess);
    if (!worst) return Unexpected{worst.error()};
    if (*worst <= disagreement_negligible) break;
    for (std::size_t p = 0; p < excess.size(); ++p) plan.frame.headroom_least[p] += 1.05 * excess[p];
  }
  return rounded;
}

bool lots_do_not_matter(const Problem& problem, const std::vector<std::int64_t>& lots,
                        const std::vector<double>& continuous) {
  // The solver knows a trade to about nine digits of its range.
  constexpr double negligible_lots = 1e-5;
  constexpr double negligible_relative = 1e-8;
  for (std::size_t i = 0; i < lots.size(); ++i) {
    const double range = static_cast<double>(problem.lines[i].buy_most + problem.lines[i].sell_most);
    if (std::fabs(static_cast<double>(lots[i]) - continuous[i]) > negligible_lots + negligible_relative * range)
      return false;
  }
  return true;
}

TargetStatus status_of(const Plan& plan, const internal::Rounded& rounded, const TargetBook& book) {
  if (!book.broken.empty()) return plan.feasible ? TargetStatus::infeasible_in_lots : TargetStatus::least_violating;
  const bool whole = lots_do_not_matter(plan.problem, rounded.trades, plan.continuous.trades);
  return whole && !plan.failed ? TargetStatus::optimal : TargetStatus::rounded;
}

bool nothing_tradable(const Problem& problem) {
  return std::all_of(problem.lines.begin(), problem.lines.end(),
                     [](const internal::Line& line) { return line.buy_most < 1 && line.sell_most < 1; });
}

void fill_totals(const Problem& problem, const std::vector<std::int64_t>& lots, TargetBook& book) {
  const std::vector<double> trades(lots.begin(), lots.end());
  const internal::ObjectiveParts parts = internal::objective(problem, trades, internal::image_values(problem, trades));
  book.objective_rounded = parts.total();
  book.edge = parts.edge;
}

Result<TargetBook> keep_book(const AllocationInput& input, const Assembled& assembled, std::string note) {
  const Problem& problem = assembled.problem;
  const std::vector<std::int64_t> lots(problem.lines.size(), 0);
  TargetBook book;
  book.status = TargetStatus::unchanged;
  book.note = std::move(note);
  fill_totals(problem, lots, book);
  book.objective_continuous = book.objective_rounded;
  book.broken = internal::broken_sentences(problem, std::vector<double>(lots.size(), 0.0));
  const internal::Decision decision{input, assembled, nullptr, lots, std::nullopt, 0};
  if (const auto explained = internal::explain(decision, book); !explained) return Unexpected{explained.error()};
  return book;
}

}  // namespace

Result<TargetBook> allocate(const AllocationInput& input) {
  if (const auto settings = validate(input.settings); !settings) return Unexpected{settings.error()};
  if (const auto target = validate(input.target); !target) return Unexpected{target.error()};
  const auto assembled = internal::assemble(input);
  if (!assembled) return Unexpected{assembled.error()};
  const Problem& problem = assembled->problem;
  if (nothing_tradable(problem)) return keep_book(input, *assembled, "nothing can be traded");

  Plan plan = make_plan(problem);
  const auto rounded = round_and_judge(input, *assembled, plan);
  if (!rounded) return Unexpected{rounded.error()};

  TargetBook book;
  book.candidates = static_cast<std::uint32_t>(problem.lines.size());
  book.solver_iterations = static_cast<std::uint32_t>(std::max(plan.continuous.iterations, 0));
  fill_totals(problem, rounded->trades, book);
  const std::vector<double> trades(rounded->trades.begin(), rounded->trades.end());
  book.broken = internal::broken_sentences(problem, trades);
  const std::uint32_t held = internal::lines_held(problem, trades);
  if (held > problem.lines_most)
    book.broken.push_back(fmt::format("{} lines are held, {} above the limit of {}", held, held - problem.lines_most,
                                      problem.lines_most));
  book.status = status_of(plan, *rounded, book);
  if (plan.failed) book.note = "the solver found no continuous answer; lots were searched from the current book";
  const bool priced = solved(plan.continuous);
  book.objective_continuous = priced ? plan.continuous.objective : book.objective_rounded;
  const std::uint32_t held_continuous = internal::lines_held(problem, plan.continuous.trades);
  const internal::Decision decision{input,           *assembled,      priced ? &plan.continuous : nullptr,
                                    rounded->trades, plan.line_price, held_continuous};
  if (const auto explained = internal::explain(decision, book); !explained) return Unexpected{explained.error()};
  return book;
}

Result<void> check_bounds_against_lots(const AllocationInput& input) {
  if (const auto settings = validate(input.settings); !settings) return settings;
  if (const auto target = validate(input.target); !target) return target;
  const risk::RiskView& view = input.view;
  const auto costs = trading_costs(*view.snapshot, view.numeraire);
  if (!costs) return Unexpected{costs.error()};
  for (const portfolio::GreekTarget& target : input.target.greeks) {
    const auto& bound = target.bound;
    if (bound.firmness != portfolio::Firmness::hard || !bound.lower || !bound.upper) continue;
    const auto row = risk::greek_row(view.exposure_inputs(input.book.equity), target);
    if (!row) return Unexpected{row.error()};
    // The coarsest step of options and of everything else, of what may be held and is quoted.
    double steps[2] = {0.0, 0.0};
    market::InstrumentId coarsest[2] = {};
    for (std::size_t c = 0; c < view.columns.size(); ++c) {
      const market::InstrumentId id = view.columns.instrument[c];
      const auto at = view.snapshot->row_of(id);
      if (!at || !is_holdable(input.settings.holdable, view, c)) continue;
      if (!(*costs)[*at].buy && !(*costs)[*at].sell) continue;
      const double step = std::fabs(row->coefficients[c]) * view.universe()[id].lot.to_double();
      const std::size_t group = view.columns.kind[c] == market::InstrumentKind::option ? 0 : 1;
      if (step <= steps[group]) continue;
      steps[group] = step;
      coarsest[group] = id;
    }
    const std::size_t serves = target.greek == portfolio::Greek::delta && steps[1] > 0.0 ? 1 : 0;
    const double width = *bound.upper - *bound.lower;
    if (width < steps[serves])
      return fail(ErrorCode::invalid_argument,
                  "{}: the bound from {} to {} is {:.6g} {} wide, narrower than the {:.6g} that one lot of {} moves",
                  row->name, *bound.lower, *bound.upper, width, row->unit, steps[serves],
                  view.universe()[coarsest[serves]].name);
  }
  return {};
}

}  // namespace gimbal::allocate
