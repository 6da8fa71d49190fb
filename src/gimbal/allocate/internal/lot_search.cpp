// The moves of the lot search: proposed by the judge, made only when the whole problem agrees.
#include "gimbal/allocate/internal/lot_search.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/numerics/special.hpp"

namespace gimbal::allocate::internal {
namespace {

// Every move made gains at least this much relative to the objective, so a search ends.
constexpr double gain_least_relative = 1e-10;
// Passes over all moves. Real searches end after a few; this only caps the time of the strangest.
constexpr int passes_most = 60;

double whole(std::int64_t lots) { return static_cast<double>(lots); }

double gain_least(double objective) { return gain_least_relative * (1.0 + std::fabs(objective)); }

}  // namespace

LotSearch::LotSearch(const Problem& problem, const Frame& frame, std::vector<std::int64_t> trades,
                     std::vector<std::size_t> pairing_order)
    : problem_{problem},
      frame_{frame},
      priorities_{priorities(problem)},
      paired_{std::move(pairing_order)},
      judge_{problem, frame},
      lots_{std::move(trades)} {
  GIMBAL_ASSERT(lots_.size() == problem.lines.size());
  if (paired_.size() > paired_lines_most) paired_.resize(paired_lines_most);
  lines_held_ = problem.lines_held_elsewhere;
  for (std::size_t i = 0; i < lots_.size(); ++i) lines_held_ += problem.lines[i].current + lots_[i] != 0 ? 1 : 0;
  refresh();
}

int LotSearch::lines_opened(std::span<const Move> moves) const {
  int opened = 0;
  for (const Move& move : moves) {
    const std::int64_t current = problem_.lines[move.line].current;
    opened += current + move.to != 0 ? 1 : 0;
    opened -= current + lots_[move.line] != 0 ? 1 : 0;
  }
  return opened;
}

bool LotSearch::within_lines(std::span<const Move> moves) const {
  const int opened = lines_opened(moves);
  return opened <= 0 || lines_held_ + opened <= static_cast<std::int64_t>(problem_.lines_most);
}

void LotSearch::refresh() {
  trades_.assign(lots_.begin(), lots_.end());
  images_ = image_values(problem_, trades_);
  regret_ = internal::regret(problem_, frame_, priorities_, trades_, images_);
  objective_ = internal::objective(problem_, trades_, images_).total();
  judge_.watch(trades_, images_);
  stepped_ = after_ = judge_.values();
}

std::optional<std::int64_t> LotSearch::closest_allowed(std::size_t line, double least, double most,
                                                       double wanted) const {
  const Line& moved = problem_.lines[line];
  const TradeRange& range = frame_.ranges[line];
  const double low = numerics::ceiling(std::max(least, range.least));
  const double high = std::floor(std::min(most, range.most));
  if (!(low <= high)) return std::nullopt;
  const auto inside = static_cast<std::int64_t>(std::floor(std::clamp(wanted, low, high) + 0.5));
  if (moved.allows(inside) && whole(inside) >= low && whole(inside) <= high) return inside;
  const std::int64_t choices[] = {0,
                                  moved.trade_least,
                                  -moved.trade_least,
                                  -moved.current,
                                  static_cast<std::int64_t>(low),
                                  static_cast<std::int64_t>(high)};
  std::optional<std::int64_t> best;
  for (const std::int64_t choice : choices) {
    if (whole(choice) < low || whole(choice) > high || !moved.allows(choice)) continue;
    if (!best || std::fabs(whole(choice) - wanted) < std::fabs(whole(*best) - wanted)) best = choice;
  }
  return best;
}

std::optional<std::int64_t> LotSearch::neighbour(std::size_t line, int direction) const {
  const double here = whole(lots_[line]);
  return direction > 0 ? closest_allowed(line, here + 1.0, open, here + 1.0)
                       : closest_allowed(line, -open, here - 1.0, here - 1.0);
}

std::optional<LotSearch::Found> LotSearch::line_search(const LotValues& values, std::size_t line) {
  const std::int64_t here = lots_[line];
  std::optional<Found> best;
  for (const double sign : {1.0, -1.0}) {
    // Only the side that the trade is on: crossing zero takes a second move.
    if (whole(here) * sign < 0.0) continue;
    const LotJudge::Interval interval = judge_.feasible(values, line, here, sign);
    if (!(interval.least <= interval.most)) continue;
    const LotJudge::Parabola parabola = judge_.parabola(values, line, sign);
    const double tries[] = {whole(here) + parabola.best(), interval.least, interval.most};
    // Without soft bounds the objective is the parabola, whose best allowed point is the nearest to its top.
    const std::size_t tried = judge_.has_soft() ? 3 : 1;
    for (std::size_t k = 0; k < tried; ++k) {
      const auto to = closest_allowed(line, interval.least, interval.most, tries[k]);
      if (!to) continue;
      double gain = parabola.gain(whole(*to) - whole(here));
      if (judge_.has_soft()) {
        after_ = values;
        judge_.add_trade(after_, line, here, *to);
        gain = judge_.objective(after_) - judge_.objective(values);
      }
      if (!best || gain > best->gain) best = Found{*to, gain};
    }
  }
  return best;
}

LotSearch::Outcome LotSearch::outcome_of(std::span<const Move> moves) {
  trial_trades_ = trades_;
  trial_images_ = images_;
  for (const Move& move : moves) {
    const double before = trades_[move.line];
    const double after = whole(move.to);
    for (std::size_t r = 0; r < trial_images_.size(); ++r)
      trial_images_[r] +=
          after * problem_.coefficient(r, move.line, after) - before * problem_.coefficient(r, move.line, before);
    trial_trades_[move.line] = after;
  }
  return {internal::regret(problem_, frame_, priorities_, trial_trades_, trial_images_),
          internal::objective(problem_, trial_trades_, trial_images_).total()};
}

void LotSearch::make(std::span<const Move> moves, Outcome outcome) {
  lines_held_ += lines_opened(moves);
  for (const Move& move : moves) {
    judge_.move(move.line, lots_[move.line], move.to);
    lots_[move.line] = move.to;
  }
  trades_ = trial_trades_;
  images_ = trial_images_;
  regret_ = std::move(outcome.regret);
  objective_ = outcome.objective;
}

bool LotSearch::make_if_better(std::span<const Move> moves) {
  Outcome outcome = outcome_of(moves);
  if (!outcome.regret.none() || outcome.objective <= objective_ + gain_least(objective_)) return false;
  make(moves, std::move(outcome));
  return true;
}

bool LotSearch::make_if_less_regret(std::span<const Move> moves) {
  Outcome outcome = outcome_of(moves);
  if (!outcome.regret.less_than(regret_)) return false;
  make(moves, std::move(outcome));
  return true;
}

bool LotSearch::improve_singly() {
  bool moved = false;
  for (std::size_t line = 0; line < problem_.lines.size(); ++line) {
    const auto found = line_search(judge_.values(), line);
    if (!found || found->to == lots_[line] || found->gain <= gain_least(objective_)) continue;
    const Move move{line, found->to};
    if (!within_lines({&move, 1})) continue;
    moved = make_if_better({&move, 1}) || moved;
  }
  return moved;
}

bool LotSearch::improve_in_pairs() {
  bool moved = false;
  for (const std::size_t first : paired_) {
    for (const int direction : {1, -1}) {
      const auto step = neighbour(first, direction);
      if (!step) continue;
      stepped_ = judge_.values();
      const double before = judge_.objective(stepped_);
      judge_.add_trade(stepped_, first, lots_[first], *step);
      const double stepped = judge_.objective(stepped_) - before;
      std::optional<Move> partner;
      double gain = gain_least(objective_);
      for (const std::size_t second : paired_) {
        if (second == first) continue;
        const auto found = line_search(stepped_, second);
        if (!found || stepped + found->gain <= gain) continue;
        const Move moves[] = {{first, *step}, {second, found->to}};
        if (!within_lines(moves)) continue;
        gain = stepped + found->gain;
        partner = moves[1];
      }
      if (!partner) continue;
      const Move moves[] = {{first, *step}, *partner};
      moved = make_if_better(moves) || moved;
    }
  }
  return moved;
}

void LotSearch::wishes(const LotValues& values, std::size_t line, std::vector<std::int64_t>& out) {
  out.clear();
  const auto add = [&](std::optional<std::int64_t> lots) {
    if (lots && *lots != lots_[line]) out.push_back(*lots);
  };
  add(neighbour(line, 1));
  add(neighbour(line, -1));
  judge_.cures(values, line, lots_[line], cures_);
  for (const double wanted : cures_) {
    add(closest_allowed(line, -open, open, std::floor(wanted)));
    add(closest_allowed(line, -open, open, numerics::ceiling(wanted)));
  }
  add(closest_allowed(line, -open, open, 0.0));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

bool LotSearch::repair_singly() {
  const LotValues& values = judge_.values();
  Regret best_regret;
  judge_.regret(values, best_regret);
  double best_objective = -open;
  std::optional<Move> best;
  for (std::size_t line = 0; line < problem_.lines.size(); ++line) {
    wishes(values, line, choices_);
    for (const std::int64_t to : choices_) {
      const Move move{line, to};
      if (!within_lines({&move, 1})) continue;
      after_ = values;
      judge_.add_trade(after_, line, lots_[line], to);
      judge_.regret(after_, reached_);
      if (best_regret.less_than(reached_)) continue;
      const bool less = reached_.less_than(best_regret);
      if (!less && !best) continue;
      const double objective = judge_.objective(after_);
      if (!less && objective <= best_objective) continue;
      best = move;
      best_regret = reached_;
      best_objective = objective;
    }
  }
  return best && make_if_less_regret({&*best, 1});
}

bool LotSearch::repair_in_pairs() {
  const LotValues& values = judge_.values();
  Regret best_regret;
  judge_.regret(values, best_regret);
  std::optional<Move> first_best;
  Move second_best;
  for (const std::size_t first : paired_) {
    for (const int direction : {1, -1}) {
      const auto step = neighbour(first, direction);
      if (!step) continue;
      stepped_ = values;
      judge_.add_trade(stepped_, first, lots_[first], *step);
      for (const std::size_t second : paired_) {
        if (second == first) continue;
        wishes(stepped_, second, choices_);
        for (const std::int64_t to : choices_) {
          const Move moves[] = {{first, *step}, {second, to}};
          if (!within_lines(moves)) continue;
          after_ = stepped_;
          judge_.add_trade(after_, second, lots_[second], to);
          if (!judge_.regret_is_less(after_, best_regret, reached_)) continue;
          first_best = moves[0];
          second_best = moves[1];
          best_regret = reached_;
        }
      }
    }
  }
  if (!first_best) return false;
  const Move moves[] = {*first_best, second_best};
  return make_if_less_regret(moves);
}

void LotSearch::repair() {
  for (int pass = 0; pass < passes_most && !regret_.none(); ++pass) {
    refresh();
    if (!repair_singly() && !repair_in_pairs()) return;
  }
}

void LotSearch::improve() {
  if (!regret_.none()) return;
  for (int pass = 0; pass < passes_most; ++pass) {
    refresh();
    const bool singly = improve_singly();
    refresh();
    const bool paired = improve_in_pairs();
    if (!singly && !paired) return;
  }
}

}  // namespace gimbal::allocate::internal
