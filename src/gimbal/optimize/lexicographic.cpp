// One linear programme per priority. Every relaxable row gets a variable for each of its sides; once a priority's least
// total is known it becomes a row of the programmes after it, so that later priorities may still choose how it is
// shared out.
#include "gimbal/optimize/lexicographic.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace gimbal::optimize {
namespace {

// Room left around a total already decided: the accuracy to which it is known. Without it the next programme would have
// no interior at all.
constexpr double total_margin = 1e-8;
// Room left around a relaxed bound, in units of the row's scale, for the same reason.
constexpr double bound_margin = 1e-7;
// Violations below this many units of the row's scale are rounding, reported as none.
constexpr double violation_visible = 1e-6;

struct Excess {
  std::size_t row = 0;
  bool upper = false;
  std::uint32_t variable = 0;
};

double bound_or(const std::vector<double>& bounds, std::size_t i, double missing) {
  return bounds.empty() || std::fabs(bounds[i]) >= bound_magnitude_max ? missing : bounds[i];
}

std::vector<double> default_scales(const QuadraticProgram& program) {
  std::vector<double> scales(program.rows.row_count(), 1.0);
  for (std::size_t i = 0; i < scales.size(); ++i) {
    double largest = 0.0;
    for (const double value : program.rows.values(i)) largest = std::max(largest, std::fabs(value));
    if (largest > 0.0) scales[i] = largest;
  }
  return scales;
}

Result<void> check(const QuadraticProgram& program, std::span<const int> priorities, std::span<const double> scales) {
  if (auto good = program.validate(); !good) return good;
  if (priorities.size() != program.rows.row_count())
    return fail(ErrorCode::invalid_argument, "{} priorities for {} rows", priorities.size(), program.rows.row_count());
  for (std::size_t i = 0; i < priorities.size(); ++i)
    if (priorities[i] < 0) return fail(ErrorCode::invalid_argument, "priority_of_row[{}] is {}", i, priorities[i]);
  if (!scales.empty() && scales.size() != priorities.size())
    return fail(ErrorCode::invalid_argument, "{} row scales for {} rows", scales.size(), priorities.size());
  for (std::size_t i = 0; i < scales.size(); ++i)
    if (!(scales[i] > 0.0) || !std::isfinite(scales[i]))
      return fail(ErrorCode::invalid_argument, "row_scale[{}] is {}", i, scales[i]);
  return {};
}

/// The programmes of one call, built anew for each priority out of what is known by then.
class Ladder {
 public:
  Ladder(const QuadraticProgram& program, std::span<const int> priorities, std::vector<double> scales)
      : program_{program}, priorities_{priorities}, scales_{std::move(scales)} {}

  /// The linear programme that minimises the violations of `priority`; 0 asks only for a point that satisfies every
  /// row.
  [[nodiscard]] QuadraticProgram build(int priority) {
    QuadraticProgram stage;
    excesses_.clear();
    for (std::size_t j = 0; j < program_.variable_count; ++j)
      stage.add_variable(bound_or(program_.variable_lower, j, -infinity),
                         bound_or(program_.variable_upper, j, infinity), 0.0);
    for (std::size_t i = 0; i < priorities_.size(); ++i) {
      const bool later = priority != 0 && priorities_[i] > priority;
      if (!later) add_row(i, priority, stage);
    }
    for (const auto& [decided, total] : totals_) add_total(decided, total, stage);
    return stage;
  }

  void decide(int priority, const Solution& solution) {
    double total = 0.0;
    for (const Excess& excess : excesses_)
      if (priorities_[excess.row] == priority) total += std::max(solution.x[excess.variable], 0.0);
    totals_.push_back({priority, total});
  }

  /// Reads off what the last stage had to give.
  void finish(const Solution& solution, LeastViolation& result) const {
    const auto size = static_cast<std::ptrdiff_t>(program_.variable_count);
    result.x.assign(solution.x.begin(), solution.x.begin() + size);
    for (const Excess& excess : excesses_) {
      const double units = std::max(solution.x[excess.variable], 0.0);
      if (units <= total_margin) continue;
      const double scale = scales_[excess.row];
      const double room = (units + bound_margin) * scale;
      if (excess.upper)
        result.row_upper[excess.row] += room;
      else
        result.row_lower[excess.row] -= room;
      if (units > violation_visible)
        result.violation[excess.row] = std::max(result.violation[excess.row], units * scale);
    }
  }

 private:
  void add_row(std::size_t i, int priority, QuadraticProgram& stage) {
    const double low = bound_or(program_.row_lower, i, -infinity);
    const double high = bound_or(program_.row_upper, i, infinity);
    std::vector<std::uint32_t> columns(program_.rows.columns(i).begin(), program_.rows.columns(i).end());
    std::vector<double> values(program_.rows.values(i).begin(), program_.rows.values(i).end());
    if (priority != 0 && priorities_[i] != 0) {
      // Excess variables count in units of the row's scale, so that one is one unit of regret.
      const double cost = priorities_[i] == priority ? 1.0 : 0.0;
      const auto relax = [&](bool upper) {
        const std::uint32_t variable = stage.add_variable(0.0, infinity, cost);
        excesses_.push_back({i, upper, variable});
        columns.push_back(variable);
        values.push_back(upper ? -scales_[i] : scales_[i]);
      };
      if (std::isfinite(low)) relax(false);
      if (std::isfinite(high)) relax(true);
    }
    stage.add_row(columns, values, low, high);
  }

  void add_total(int priority, double total, QuadraticProgram& stage) const {
    std::vector<std::uint32_t> columns;
    for (const Excess& excess : excesses_)
      if (priorities_[excess.row] == priority) columns.push_back(excess.variable);
    stage.add_row(columns, std::vector<double>(columns.size(), 1.0), -infinity, total + total_margin * (1.0 + total));
  }

  const QuadraticProgram& program_;
  std::span<const int> priorities_;
  std::vector<double> scales_;
  std::vector<Excess> excesses_;                ///< Of the stage built last.
  std::vector<std::pair<int, double>> totals_;  ///< (priority, least total), the most important first.
};

}  // namespace

Result<LeastViolation> least_violation(const QuadraticProgram& program, std::span<const int> priority_of_row,
                                       std::span<const double> row_scale, const Settings& settings) {
  if (auto good = check(program, priority_of_row, row_scale); !good)
    return with_context(good.error(), "least violation");
  LeastViolation result;
  const std::size_t rows = priority_of_row.size();
  for (std::size_t i = 0; i < rows; ++i) {
    result.row_lower.push_back(bound_or(program.row_lower, i, -infinity));
    result.row_upper.push_back(bound_or(program.row_upper, i, infinity));
  }
  result.violation.assign(rows, 0.0);
  result.x.assign(program.variable_count, 0.0);
  Ladder ladder{program, priority_of_row,
                row_scale.empty() ? default_scales(program) : std::vector<double>(row_scale.begin(), row_scale.end())};

  // Priority 0 stands for the programme as it is: if that has a point, nothing needs to give.
  std::set<int> priorities{priority_of_row.begin(), priority_of_row.end()};
  priorities.insert(0);
  for (const int priority : priorities) {
    Result<Solution> solution = solve(ladder.build(priority), settings);
    if (!solution) return Unexpected{solution.error()};
    ++result.solves;
    result.status = solution->status;
    if (priority == 0 && solution->status != SolutionStatus::optimal) continue;
    if (solution->status != SolutionStatus::optimal) return result;
    if (priority != 0) ladder.decide(priority, *solution);
    // Only the last stage knows how the totals of the earlier ones are shared out.
    const bool last = priority == 0 || priority == *priorities.rbegin();
    if (last) ladder.finish(*solution, result);
    if (last) return result;
  }
  return result;
}

}  // namespace gimbal::optimize
