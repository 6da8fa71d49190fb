// From problem and frame to a quadratic programme, and back.
#include "gimbal/allocate/internal/programme.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/optimize/interior_point.hpp"

namespace gimbal::allocate::internal {
namespace {

// Rounds of adding broken stress rows; each adds at least one of a finite number, so this is never reached.
constexpr int rounds_most = 200;
constexpr std::size_t stress_rows_start = 12;
constexpr std::size_t stress_rows_added_most = 24;
// What an answer may break a row by, relative to its scale, before the row is added.
constexpr double row_tolerance_relative = 1e-7;
// Shorter stretches of a trade (in lots) are left to their neighbours.
constexpr double width_least_lots = 1e-9;

// Positions at which the requirement of a line bends, as trades strictly inside (from, to).
void add_bends(const Pool& pool, std::size_t line, double held, double from, double to, std::vector<double>& bends) {
  std::vector<LotLine> pieces = pool.requirement[line];
  pieces.push_back({0.0, 0.0});
  for (std::size_t a = 0; a < pieces.size(); ++a) {
    for (std::size_t b = a + 1; b < pieces.size(); ++b) {
      if (pieces[a].slope == pieces[b].slope) continue;
      const double position = (pieces[b].intercept - pieces[a].intercept) / (pieces[a].slope - pieces[b].slope);
      const double trade = position - held;
      const double here = pieces[a].slope * position + pieces[a].intercept;
      const double slack = line_requirement(pool, line, position) - here;
      if (trade > from && trade < to && slack <= 1e-12 * (1.0 + std::fabs(here))) bends.push_back(trade);
    }
  }
}

void add_segments(const Problem& problem, std::size_t line, double base, double end, std::vector<Segment>& segments) {
  const double low = std::min(base, end);
  const double high = std::max(base, end);
  std::vector<double> bends;
  if (low < 0.0 && high > 0.0) bends.push_back(0.0);
  const double held = static_cast<double>(problem.lines[line].current);
  for (const Pool& pool : problem.pools) add_bends(pool, line, held, low, high, bends);
  bends.push_back(end);
  const double direction = end >= base ? 1.0 : -1.0;
  std::sort(bends.begin(), bends.end(), [&](double a, double b) { return direction * a < direction * b; });
  double start = base;
  for (const double bend : bends) {
    const double width = direction * (bend - start);
    if (width < width_least_lots) continue;
    segments.push_back({line, direction, width, 0.5 * (start + bend)});
    start = bend;
  }
}

// Change of headroom per lot along a segment.
double headroom_slope(const Problem& problem, const Pool& pool, const Segment& segment) {
  const double held = static_cast<double>(problem.lines[segment.line].current);
  const double step = 0.25 * segment.width;
  const double rise = line_requirement(pool, segment.line, held + segment.middle + step) -
                      line_requirement(pool, segment.line, held + segment.middle - step);
  const double requirement_slope = rise / (2.0 * step);
  const double balance_slope =
      segment.middle >= 0.0 ? pool.balance_buy[segment.line] : -pool.balance_sell[segment.line];
  return segment.direction * (pool.ceiling * balance_slope - requirement_slope);
}

// The builder fills one programme; its parts share the segments and the images at the base.
class Builder {
 public:
  Builder(const Problem& problem, const Frame& frame) : problem_{problem}, frame_{frame} {}

  Programme build(const std::vector<std::size_t>& rows) {
    add_lines();
    base_images_ = image_values(problem_, result_.base);
    add_pulls();
    for (const std::size_t bound : rows) add_bound(bound);
    for (std::size_t pool = 0; pool < problem_.pools.size(); ++pool) add_pool(pool);
    return std::move(result_);
  }

 private:
  void add_lines() {
    for (std::size_t i = 0; i < problem_.lines.size(); ++i) {
      const TradeRange& range = frame_.ranges[i];
      const double base = std::clamp(0.0, range.least, range.most);
      result_.base.push_back(base);
      add_segments(problem_, i, base, range.most, result_.segments);
      add_segments(problem_, i, base, range.least, result_.segments);
      result_.program.constant_cost -= problem_.lines[i].edge * base - problem_.lines[i].cost(base);
    }
    result_.program.constant_cost -= problem_.edge_current;
    for (const Segment& segment : result_.segments) {
      const Line& line = problem_.lines[segment.line];
      const double cost_slope = segment.middle >= 0.0 ? line.buy_cost : -line.sell_cost;
      result_.program.add_variable(0.0, 1.0, segment.width * segment.direction * (cost_slope - line.edge));
    }
  }

  [[nodiscard]] std::vector<double> image_coefficients(std::size_t image) const {
    std::vector<double> coefficients;
    coefficients.reserve(result_.segments.size());
    for (const Segment& segment : result_.segments)
      coefficients.push_back(segment.width * segment.direction *
                             problem_.coefficient(image, segment.line, segment.middle));
    return coefficients;
  }

  void add_pulls() {
    for (const Pull& pull : problem_.pulls) {
      if (pull.weight <= 0.0) continue;
      const double gap = base_images_[pull.image] - pull.target;
      std::vector<double> factor = image_coefficients(pull.image);
      for (std::size_t k = 0; k < factor.size(); ++k) {
        result_.program.linear_cost[k] += pull.weight * gap * factor[k];
        factor[k] *= std::sqrt(pull.weight);
      }
      result_.program.hessian_factor.add_dense_row(factor);
      result_.program.constant_cost += 0.5 * pull.weight * gap * gap;
    }
  }

  void add_row(std::vector<double> coefficients, std::span<const std::uint32_t> extra_columns,
               std::span<const double> extra_values, double lower, double upper) {
    std::vector<std::uint32_t> columns(coefficients.size());
    for (std::size_t k = 0; k < columns.size(); ++k) columns[k] = static_cast<std::uint32_t>(k);
    columns.insert(columns.end(), extra_columns.begin(), extra_columns.end());
    coefficients.insert(coefficients.end(), extra_values.begin(), extra_values.end());
    result_.program.add_row(columns, coefficients, lower, upper);
  }

  void add_bound(std::size_t index) {
    const Bound& bound = problem_.bounds[index];
    const double base = base_images_[bound.image];
    const double lower = frame_.lower[index] - base;
    const double upper = frame_.upper[index] - base;
    std::vector<std::uint32_t> columns;
    std::vector<double> values;
    if (!bound.hard) {
      columns.push_back(result_.program.add_variable(0.0, optimize::infinity, bound.penalty));
      columns.push_back(result_.program.add_variable(0.0, optimize::infinity, bound.penalty));
      values = {1.0, -1.0};
    }
    add_row(image_coefficients(bound.image), columns, values, lower, upper);
    result_.bound_of_row.push_back(index);
  }

  void add_pool(std::size_t index) {
    const Pool& pool = problem_.pools[index];
    if (!pool.hard && pool.penalty <= 0.0) return;
    std::vector<double> slopes;
    for (const Segment& segment : result_.segments)
      slopes.push_back(segment.width * headroom_slope(problem_, pool, segment));
    std::vector<std::uint32_t> columns;
    std::vector<double> values;
    if (!pool.hard) {
      columns.push_back(result_.program.add_variable(0.0, optimize::infinity, pool.penalty));
      values.push_back(1.0);
    }
    // The largest face is a variable above all of them; the headroom at the base is then counted without faces.
    double base_headroom = pool_headroom(problem_, pool, result_.base, base_images_);
    if (!pool.faces.empty()) {
      double largest = -open;
      for (const std::size_t face : pool.faces) largest = std::max(largest, base_images_[face]);
      base_headroom += largest;
      const std::uint32_t above = result_.program.add_variable(-optimize::infinity, optimize::infinity, 0.0);
      columns.push_back(above);
      values.push_back(-1.0);
      faces_.push_back({index, above});
    }
    add_row(std::move(slopes), columns, values, frame_.headroom_least[index] - base_headroom, optimize::infinity);
    result_.pool_of_row.push_back(index);
    if (index + 1 == problem_.pools.size()) add_faces();
  }

  // Face rows stand behind all pool rows, so that bound_of_row and pool_of_row count rows without gaps.
  void add_faces() {
    for (const auto& [pool, above] : faces_) {
      for (const std::size_t face : problem_.pools[pool].faces) {
        const std::uint32_t column = above;
        const double minus_one = -1.0;
        add_row(image_coefficients(face), {&column, 1}, {&minus_one, 1}, -optimize::infinity, -base_images_[face]);
      }
    }
  }

  struct FaceVariable {
    std::size_t pool = 0;
    std::uint32_t above = 0;
  };
  const Problem& problem_;
  const Frame& frame_;
  Programme result_;
  std::vector<double> base_images_;
  std::vector<FaceVariable> faces_;
};

void read_prices(const Problem& problem, const Programme& programme, const optimize::Solution& solution,
                 Continuous& result) {
  result.bound_price.assign(problem.bounds.size(), 0.0);
  result.pool_price.assign(problem.pools.size(), 0.0);
  result.buy_price.assign(problem.lines.size(), 0.0);
  result.sell_price.assign(problem.lines.size(), 0.0);
  for (std::size_t row = 0; row < programme.bound_of_row.size(); ++row)
    result.bound_price[programme.bound_of_row[row]] = solution.y[row];
  for (std::size_t row = 0; row < programme.pool_of_row.size(); ++row)
    result.pool_price[programme.pool_of_row[row]] = std::max(0.0, solution.y[programme.bound_of_row.size() + row]);
  // The last segment of a direction ends at the line's limit, so its dual is the limit's.
  for (std::size_t k = 0; k < programme.segments.size(); ++k) {
    const Segment& segment = programme.segments[k];
    auto& price = segment.direction > 0.0 ? result.buy_price : result.sell_price;
    price[segment.line] = std::max(0.0, -solution.z[k]) / segment.width;
  }
}

// An answer, or a proof that there is none. What fails at the usual tolerances is tried at wider ones: lots are judged
// exactly in the end, and prices of five digits say enough.
optimize::Solution solve_firmly(const optimize::QuadraticProgram& program) {
  auto solution = optimize::solve(program);
  // The builder's programmes always validate: an error here would be a mistake of ours.
  GIMBAL_ASSERT(solution.has_value());
  const bool decided = solution->status == optimize::SolutionStatus::optimal ||
                       solution->status == optimize::SolutionStatus::primal_infeasible;
  if (decided) return *std::move(solution);
  optimize::Settings wider;
  wider.tolerance_absolute = wider.tolerance_relative = wider.tolerance_infeasible = 1e-7;
  auto again = optimize::solve(program, wider);
  GIMBAL_ASSERT(again.has_value());
  return *std::move(again);
}

}  // namespace

Programme build_programme(const Problem& problem, const Frame& frame, const std::vector<std::size_t>& rows) {
  return Builder{problem, frame}.build(rows);
}

std::vector<double> trades_of(const Programme& programme, const std::vector<double>& x) {
  std::vector<double> trades = programme.base;
  for (std::size_t k = 0; k < programme.segments.size(); ++k)
    trades[programme.segments[k].line] += programme.segments[k].direction * programme.segments[k].width * x[k];
  return trades;
}

std::vector<std::size_t> starting_rows(const Problem& problem, const Frame& frame, std::span<const double> trades) {
  const std::vector<double> images = image_values(problem, trades);
  struct Near {
    double slack = 0.0;
    std::size_t bound = 0;
  };
  std::vector<Near> stress;
  std::vector<std::size_t> rows;
  for (std::size_t b = 0; b < problem.bounds.size(); ++b) {
    const Bound& bound = problem.bounds[b];
    if (!bound.hard && bound.penalty <= 0.0) continue;
    const double value = images[bound.image];
    if (bound.kind == BoundKind::stress)
      stress.push_back({std::min(value - frame.lower[b], frame.upper[b] - value) / bound.scale, b});
    else
      rows.push_back(b);
  }
  std::stable_sort(stress.begin(), stress.end(), [](const Near& a, const Near& b) { return a.slack < b.slack; });
  for (std::size_t k = 0; k < std::min(stress.size(), stress_rows_start); ++k) rows.push_back(stress[k].bound);
  std::sort(rows.begin(), rows.end());
  return rows;
}

bool add_broken_rows(const Problem& problem, const Frame& frame, std::span<const double> trades,
                     std::vector<std::size_t>& rows) {
  const std::vector<double> images = image_values(problem, trades);
  struct Broken {
    double excess = 0.0;
    std::size_t bound = 0;
  };
  std::vector<Broken> broken;
  for (std::size_t b = 0; b < problem.bounds.size(); ++b) {
    const Bound& bound = problem.bounds[b];
    if (bound.kind != BoundKind::stress || std::binary_search(rows.begin(), rows.end(), b)) continue;
    if (!bound.hard && bound.penalty <= 0.0) continue;
    const double value = images[bound.image];
    const double excess = std::max(frame.lower[b] - value, value - frame.upper[b]) / bound.scale;
    if (excess > row_tolerance_relative) broken.push_back({excess, b});
  }
  std::stable_sort(broken.begin(), broken.end(), [](const Broken& a, const Broken& b) { return a.excess > b.excess; });
  for (std::size_t k = 0; k < std::min(broken.size(), stress_rows_added_most); ++k) rows.push_back(broken[k].bound);
  std::sort(rows.begin(), rows.end());
  return !broken.empty();
}

Continuous solve_continuous(const Problem& problem, const Frame& frame) {
  Continuous result;
  std::vector<double> start;
  for (const TradeRange& range : frame.ranges) start.push_back(std::clamp(0.0, range.least, range.most));
  std::vector<std::size_t> rows = starting_rows(problem, frame, start);
  for (int round = 0; round < rounds_most; ++round) {
    const Programme programme = build_programme(problem, frame, rows);
    const optimize::Solution solution = solve_firmly(programme.program);
    result.status = solution.status;
    result.iterations += solution.iterations;
    ++result.solves;
    if (solution.status != optimize::SolutionStatus::optimal) return result;
    result.trades = trades_of(programme, solution.x);
    result.objective = -solution.objective;
    read_prices(problem, programme, solution, result);
    if (!add_broken_rows(problem, frame, result.trades, rows)) return result;
  }
  result.status = optimize::SolutionStatus::iteration_limit;
  return result;
}

}  // namespace gimbal::allocate::internal
