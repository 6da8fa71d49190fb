// Images of the book: Greek and stress rows with their bounds, pulls towards desired values, the factors of risk.
#include <algorithm>
#include <cmath>

#include "gimbal/allocate/internal/assemble.hpp"
#include "gimbal/allocate/risk_model.hpp"
#include "gimbal/numerics/reduction.hpp"

namespace gimbal::allocate::internal {
namespace {

using portfolio::Firmness;

// A row on its way to an image: `equity_slope` is what one unit of equity in each asset does to it.
struct Row {
  risk::LinearRow row;
  std::vector<double> equity_slope;  // by AssetId
};

class ImageBuilder {
 public:
  ImageBuilder(const AllocationInput& input, Assembled& out)
      : input_{input}, out_{out}, assets_{input.view.universe().asset_count()} {}

  Result<void> build() {
    if (const auto greeks = add_greeks(); !greeks) return greeks;
    if (input_.target.stress) add_stress(*input_.target.stress);
    add_position_bounds();
    if (const auto risk = add_risk(); !risk) return risk;
    lay_out();
    return {};
  }

 private:
  [[nodiscard]] Problem& problem() { return out_.problem; }

  std::size_t add_image(const Row& row) {
    problem().image_current.push_back(risk::evaluate(row.row, input_.book.contracts));
    std::vector<double> rise;
    std::vector<double> fall;
    for (std::size_t i = 0; i < problem().lines.size(); ++i) {
      const Line& line = problem().lines[i];
      const double moved = row.row.coefficients[line.column] * line.lot_contracts;
      const double slope = row.equity_slope[market::raw(input_.view.columns.settlement[line.column])];
      rise.push_back(moved - slope * out_.losses[i].buy);
      fall.push_back(moved + slope * out_.losses[i].sell);
    }
    ups_.push_back(std::move(rise));
    downs_.push_back(std::move(fall));
    return problem().image_current.size() - 1;
  }

  [[nodiscard]] double safety(const Row& row) const {
    double total = 0.0;
    for (std::size_t a = 0; a < assets_; ++a)
      if (row.equity_slope[a] != 0.0)
        total += std::fabs(row.equity_slope[a]) * money_safety(out_.problem, input_.view.universe().assets()[a].code);
    return total;
  }

  // A bound on an image that stands already; closed bounds keep room for the rounding of money.
  void add_bound(Bound bound, double safety) {
    bound.lower = bound.lower_stated + safety;
    bound.upper = bound.upper_stated - safety;
    if (bound.lower > bound.upper) bound.lower = bound.upper = 0.5 * (bound.lower_stated + bound.upper_stated);
    double scale = 0.0;
    for (const double end : {bound.lower_stated, bound.upper_stated})
      if (std::isfinite(end)) scale = std::max(scale, std::fabs(end));
    scale = std::max(scale, numerics::maximum_absolute(ups_[bound.image]));
    bound.scale = scale > 0.0 ? scale : 1.0;
    problem().bounds.push_back(std::move(bound));
  }

  // What one unit of equity in each asset does to a Greek row: its constant is linear in equity.
  Result<std::vector<double>> greek_equity_slope(const portfolio::GreekTarget& target) const {
    std::vector<double> slopes(assets_, 0.0);
    std::vector<double> unit(assets_, 0.0);
    for (std::size_t a = 0; a < assets_; ++a) {
      if (input_.view.matrix.price_origin_usd[a] <= 0.0) continue;
      unit[a] = 1.0;
      const auto row = risk::greek_row(input_.view.exposure_inputs(unit), target);
      if (!row) return Unexpected{row.error()};
      slopes[a] = row->constant;
      unit[a] = 0.0;
    }
    return slopes;
  }

  Result<void> add_greeks() {
    for (const portfolio::GreekTarget& target : input_.target.greeks) {
      auto row = risk::greek_row(input_.view.exposure_inputs(input_.book.equity), target);
      if (!row) return Unexpected{row.error()};
      auto slopes = greek_equity_slope(target);
      if (!slopes) return Unexpected{slopes.error()};
      const Row full{std::move(*row), std::move(*slopes)};
      Bound bound;
      bound.image = add_image(full);
      bound.lower_stated = target.bound.lower.value_or(-open);
      bound.upper_stated = target.bound.upper.value_or(open);
      bound.hard = target.bound.firmness == Firmness::hard;
      bound.priority = target.bound.priority;
      bound.penalty = target.weight;
      bound.kind = BoundKind::greek;
      bound.name = full.row.name;
      bound.unit = full.row.unit;
      if (target.desired && target.weight > 0.0)
        problem().pulls.push_back({bound.image, *target.desired, target.weight});
      add_bound(std::move(bound), safety(full));
    }
    return {};
  }

  void add_stress(const portfolio::StressTarget& target) {
    const risk::ExposureInputs in = input_.view.exposure_inputs(input_.book.equity);
    const auto& price = input_.view.matrix.price_usd;
    const auto& origin = input_.view.matrix.price_origin_usd;
    const std::size_t numeraire = market::raw(input_.view.numeraire);
    for (std::size_t s = 0; s < in.scenarios.rows.size(); ++s) {
      if (in.scenarios.rows[s].kind != risk::ScenarioKind::stress) continue;
      Row row{risk::stress_row(in, s), std::vector<double>(assets_, 0.0)};
      for (std::size_t a = 0; a < assets_; ++a)
        if (origin[a] > 0.0) row.equity_slope[a] = price(s, a) / price(s, numeraire) - origin[a] / origin[numeraire];
      Bound bound;
      bound.image = add_image(row);
      bound.lower_stated = -target.loss_limit;
      bound.hard = target.firmness == Firmness::hard;
      bound.priority = target.priority;
      bound.penalty = target.weight;
      bound.kind = BoundKind::stress;
      bound.name = row.row.name;
      bound.unit = row.row.unit;
      add_bound(std::move(bound), safety(row));
    }
  }

  // Lines that are past their limit today must come back inside.
  void add_position_bounds() {
    const std::size_t columns = input_.view.columns.size();
    for (std::size_t i = 0; i < problem().lines.size(); ++i) {
      const Line line = problem().lines[i];
      const market::Instrument& instrument = input_.view.universe()[line.instrument];
      const auto limit = contract_limit(input_.settings.position_limits, instrument);
      if (!limit || std::fabs(input_.book.contracts[line.column]) <= *limit) continue;
      Row row{{}, std::vector<double>(assets_, 0.0)};
      row.row.coefficients.assign(columns, 0.0);
      row.row.coefficients[line.column] = 1.0;
      Bound bound;
      bound.image = add_image(row);
      bound.lower_stated = -*limit;
      bound.upper_stated = *limit;
      bound.kind = BoundKind::position;
      bound.name = "position " + instrument.name;
      bound.unit = "contracts";
      add_bound(std::move(bound), 0.0);
    }
  }

  Result<void> add_risk() {
    if (input_.settings.risk_aversion <= 0.0) return {};
    auto factors = risk_factors(input_.view, input_.book, input_.settings);
    if (!factors) return Unexpected{factors.error()};
    for (risk::LinearRow& factor : *factors) {
      const std::size_t image = add_image({std::move(factor), std::vector<double>(assets_, 0.0)});
      problem().pulls.push_back({image, 0.0, input_.settings.risk_aversion});
    }
    return {};
  }

  void lay_out() {
    problem().up = Matrix{ups_.size(), problem().lines.size()};
    problem().down = Matrix{ups_.size(), problem().lines.size()};
    for (std::size_t r = 0; r < ups_.size(); ++r) {
      std::copy(ups_[r].begin(), ups_[r].end(), problem().up.row(r).begin());
      std::copy(downs_[r].begin(), downs_[r].end(), problem().down.row(r).begin());
    }
  }

  const AllocationInput& input_;
  Assembled& out_;
  std::size_t assets_;
  std::vector<std::vector<double>> ups_;
  std::vector<std::vector<double>> downs_;
};

}  // namespace

Result<void> add_images(const AllocationInput& input, Assembled& out) { return ImageBuilder{input, out}.build(); }

}  // namespace gimbal::allocate::internal
