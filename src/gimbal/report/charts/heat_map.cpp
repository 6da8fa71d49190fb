// Cells, their numbers, and the scale of colours beneath.
#include "gimbal/report/charts/heat_map.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "gimbal/report/charts/axis.hpp"
#include "gimbal/report/number_text.hpp"

namespace gimbal::report {
namespace {

constexpr double width = 350.0;
constexpr double left = 46.0;
constexpr double top = axis_title_above + 2.0;
constexpr double row_height = 22.0;
constexpr double below_cells = 86.0;  // axis, its title, the scale of colours and its numbers
constexpr double half_digit = 4.0;
constexpr int levels = 5;
constexpr double percent = 100.0;

std::string level_class(int level) {
  if (level == 0) return "heat-0";
  return fmt::format("heat-{}{}", level > 0 ? "gain-" : "loss-", std::abs(level));
}

std::string move_text(double move) { return change_text(percent * move, 0); }

// Decimals that fit a cell: none once the numbers are large.
int cell_decimals(double magnitude_most) { return std::clamp(decimals_for(magnitude_most, {.digits = 3}), 0, 3); }

double magnitude_most(const HeatMap& map) {
  double most = map.colour_end;
  for (std::size_t row = 0; row < map.profit.rows(); ++row)
    for (const double value : map.profit.row(row))
      if (std::isfinite(value)) most = std::max(most, std::fabs(value));
  return most;
}

struct Cell {
  std::size_t row = 0;
  std::size_t column = 0;
};

std::optional<Cell> worst_cell(const Matrix& profit) {
  std::optional<Cell> worst;
  for (std::size_t row = 0; row < profit.rows(); ++row)
    for (std::size_t column = 0; column < profit.columns(); ++column)
      if (std::isfinite(profit(row, column)) && (!worst || profit(row, column) < profit(worst->row, worst->column)))
        worst = Cell{row, column};
  return worst;
}

class Drawing {
 public:
  explicit Drawing(const HeatMap& map)
      : map_{map},
        unit_{money_unit(magnitude_most(map), map.asset)},
        decimals_{cell_decimals(magnitude_most(map) / unit_.size)},
        rows_{map.spot_moves.size()},
        columns_{map.volatility_moves.size()},
        cell_width_{(width - left) / static_cast<double>(columns_)},
        bottom_{top + row_height * static_cast<double>(rows_)},
        svg_{width, bottom_ + below_cells,
             fmt::format("{}, {}, by spot move and volatility move", map.name, unit_.name)} {}

  std::string draw() {
    draw_axes();
    for (std::size_t row = 0; row < rows_; ++row)
      for (std::size_t column = 0; column < columns_; ++column) draw_cell({row, column});
    for (std::size_t row = 0; row < rows_; ++row)
      for (std::size_t column = 0; column < columns_; ++column)
        if (map_.spot_moves[row] == 0.0 && map_.volatility_moves[column] == 0.0) frame({row, column}, "today");
    if (const auto worst = worst_cell(map_.profit)) frame(*worst, "worst");
    draw_scale();
    return svg_.finished();
  }

 private:
  [[nodiscard]] Box box_of(const Cell& cell) const {
    const double from_top = static_cast<double>(rows_ - 1 - cell.row);
    return {left + cell_width_ * static_cast<double>(cell.column), top + row_height * from_top, cell_width_,
            row_height};
  }

  void draw_axes() {
    open_axis(svg_, 'y', {"Spot move, %", "%"});
    svg_.text({0.0, svg_font_size}, Anchor::start, "Spot move, %", "class=\"axis-title\"");
    for (std::size_t row = 0; row < rows_; ++row)
      svg_.text({left - 6.0, box_of({row, 0}).y + 0.5 * row_height + half_digit}, Anchor::end,
                move_text(map_.spot_moves[row]), "class=\"tick\"");
    svg_.close();
    open_axis(svg_, 'x', {"", "%"});
    for (std::size_t column = 0; column < columns_; ++column)
      svg_.text({left + cell_width_ * (static_cast<double>(column) + 0.5), bottom_ + 15.0}, Anchor::middle,
                move_text(map_.volatility_moves[column]), "class=\"tick\"");
    svg_.text({0.5 * (left + width), bottom_ + 31.0}, Anchor::middle, "Relative move of volatility, %",
              "class=\"axis-title\"");
    svg_.close();
  }

  void draw_cell(const Cell& cell) {
    const double value = map_.profit(cell.row, cell.column);
    const Box box = box_of(cell);
    const bool known = std::isfinite(value);
    const std::string look = level_class(known ? heat_level(value, map_.colour_end) : 0);
    svg_.open();
    svg_.title(fmt::format("spot {} %, volatility {} %: {} {}", move_text(map_.spot_moves[cell.row]),
                           move_text(map_.volatility_moves[cell.column]), money_text(value, map_.asset), map_.asset));
    svg_.rectangle(box, fmt::format("class=\"cell {}\"", look));
    svg_.text({box.x + 0.5 * box.width, box.y + 0.5 * box.height + half_digit}, Anchor::middle,
              fixed_text(value / unit_.size, decimals_), fmt::format("class=\"on-{}\"", look));
    svg_.close();
  }

  void frame(const Cell& cell, const char* look) {
    const Box box = box_of(cell);
    svg_.rectangle({box.x + 1.0, box.y + 1.0, box.width - 2.0, box.height - 2.0},
                   fmt::format("class=\"frame {}\"", look));
  }

  void draw_scale() {
    const double y = bottom_ + 46.0;
    constexpr double swatch_height = 10.0;
    const double swatch = (width - left) / (2.0 * levels + 1.0);
    for (int level = -levels; level <= levels; ++level)
      svg_.rectangle({left + swatch * (level + levels), y, swatch, swatch_height},
                     fmt::format("class=\"cell {}\"", level_class(level)));
    const double baseline = y + swatch_height + 15.0;
    svg_.text({left, baseline}, Anchor::start, fixed_text(-map_.colour_end / unit_.size, decimals_));
    svg_.text({0.5 * (left + width), baseline}, Anchor::middle, unit_.name);
    svg_.text({width, baseline}, Anchor::end, change_text(map_.colour_end / unit_.size, decimals_));
  }

  const HeatMap& map_;
  MoneyUnit unit_;
  int decimals_;
  std::size_t rows_;
  std::size_t columns_;
  double cell_width_;
  double bottom_;
  Svg svg_;
};

}  // namespace

int heat_level(double value, double colour_end) {
  if (!std::isfinite(value) || !(colour_end > 0.0)) return 0;
  const double share = std::clamp(value / colour_end, -1.0, 1.0);
  return static_cast<int>(std::floor(std::fabs(share) * levels + 0.5)) * (share < 0.0 ? -1 : 1);
}

std::string heat_map(const HeatMap& map) {
  if (map.spot_moves.empty() || map.volatility_moves.empty()) return {};
  GIMBAL_ASSERT(map.profit.rows() == map.spot_moves.size());
  GIMBAL_ASSERT(map.profit.columns() == map.volatility_moves.size());
  return Drawing{map}.draw();
}

}  // namespace gimbal::report
