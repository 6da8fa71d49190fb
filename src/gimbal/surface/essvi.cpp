// The conditions, and a small minimisation within them.
#include "gimbal/surface/essvi.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gimbal/numerics/special.hpp"
#include "gimbal/surface/svi_arbitrage.hpp"

namespace gimbal::surface {
namespace {

constexpr double slack = 1e-4;
constexpr double rho_most = 0.995;

// A fit is over three numbers that may be anything: ln of theta's excess over the earlier one's, and two on axes that
// end at plus and minus one.
using Free = std::array<double, 3>;

double ended(double x) { return x / std::sqrt(1.0 + x * x); }
double unended(double share) { return share / std::sqrt(std::max(1.0 - share * share, 1e-12)); }

/// rho as near to itself as leaves any psi; at the earlier slice's own rho there always is some.
double rho_with_room(const EssviSlice* earlier, double theta, double rho) noexcept {
  const auto has_room = [&](double at) {
    const PsiRange range = psi_range(earlier, theta, at);
    return range.least <= range.most;
  };
  if (earlier == nullptr || has_room(rho)) return rho;
  double outside = 0.0;  // Share of the way to the earlier slice's rho.
  double inside = 1.0;
  for (int i = 0; i < 40; ++i) {
    const double middle = 0.5 * (outside + inside);
    (has_room(rho + middle * (earlier->rho - rho)) ? inside : outside) = middle;
  }
  return rho + inside * (earlier->rho - rho);
}

double theta_least(const EssviSlice* earlier) {
  return earlier == nullptr ? 0.0 : earlier->theta * (1.0 + 2.0 * slack);
}

EssviSlice slice_at(const EssviSlice* earlier, const Free& x) {
  const double theta = theta_least(earlier) + numerics::exp(std::clamp(x[0], -60.0, 20.0));
  const double rho = rho_with_room(earlier, theta, rho_most * ended(x[1]));
  const PsiRange range = psi_range(earlier, theta, rho);
  return {theta, rho, range.least + (range.most - range.least) * 0.5 * (1.0 + ended(x[2]))};
}

Free free_of(const EssviSlice* earlier, const EssviSlice& slice) {
  const PsiRange range = psi_range(earlier, slice.theta, slice.rho);
  const double width = range.most - range.least;
  const double share = width > 0.0 ? std::clamp((slice.psi - range.least) / width, 0.01, 0.99) : 0.5;
  const double excess = std::max(slice.theta - theta_least(earlier), 1e-6 * slice.theta);
  return {numerics::log(excess), unended(std::clamp(slice.rho / rho_most, -0.99, 0.99)), unended(2.0 * share - 1.0)};
}

/// Cauchy's loss of one quote: pull and stiffness are its derivatives by the residual.
struct Loss {
  double cost, pull, stiffness;
};
Loss loss_of(double residual, double scale) {
  const double ratio = residual * residual / (scale * scale);
  return {0.5 * scale * scale * numerics::log1p(ratio), residual / (1.0 + ratio), 1.0 / (1.0 + ratio)};
}

double residual_of(const SviSlice& svi, const SmileQuote& quote, double half_spread_least) {
  const double half_spread =
      std::max(0.5 * (quote.total_volatility_ask - quote.total_volatility_bid), half_spread_least);
  return (std::sqrt(svi_variance(svi, quote.log_moneyness)) - quote.total_volatility_mid()) / half_spread;
}

/// Cost, gradient and Gauss-Newton matrix at one point, by differences.
struct Equations {
  double cost = 0.0;
  Free gradient{};
  std::array<Free, 3> matrix{};
};

double cost_at(const EssviSlice* earlier, const SmileProblem& problem, const Free& x, double scale) {
  const SviSlice svi = svi_of(slice_at(earlier, x));
  double cost = 0.0;
  for (const SmileQuote& quote : problem.quotes)
    cost += loss_of(residual_of(svi, quote, problem.half_spread_least), scale).cost;
  return cost;
}

Equations equations_at(const EssviSlice* earlier, const SmileProblem& problem, const Free& x, double scale) {
  constexpr double difference = 1e-5;
  const SviSlice here = svi_of(slice_at(earlier, x));
  std::array<SviSlice, 3> moved;
  for (std::size_t i = 0; i < 3; ++i) {
    Free other = x;
    other[i] += difference;
    moved[i] = svi_of(slice_at(earlier, other));
  }
  Equations out;
  for (const SmileQuote& quote : problem.quotes) {
    const double residual = residual_of(here, quote, problem.half_spread_least);
    const Loss loss = loss_of(residual, scale);
    Free by{};
    for (std::size_t i = 0; i < 3; ++i)
      by[i] = (residual_of(moved[i], quote, problem.half_spread_least) - residual) / difference;
    out.cost += loss.cost;
    for (std::size_t i = 0; i < 3; ++i) {
      out.gradient[i] += loss.pull * by[i];
      for (std::size_t j = 0; j < 3; ++j) out.matrix[i][j] += loss.stiffness * by[i] * by[j];
    }
  }
  return out;
}

/// Solves (matrix + damping (diagonal + floor)) step = -gradient by elimination; the matrix is not negative.
Free step_of(const Equations& equations, double damping) {
  std::array<std::array<double, 4>, 3> a{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) a[i][j] = equations.matrix[i][j];
    a[i][i] += damping * (a[i][i] + 1e-6) + 1e-12;
    a[i][3] = -equations.gradient[i];
  }
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t row = i + 1; row < 3; ++row) {
      const double factor = a[row][i] / a[i][i];
      for (std::size_t j = i; j < 4; ++j) a[row][j] -= factor * a[i][j];
    }
  }
  Free step{};
  for (std::size_t i = 3; i-- > 0;) {
    double sum = a[i][3];
    for (std::size_t j = i + 1; j < 3; ++j) sum -= a[i][j] * step[j];
    step[i] = sum / a[i][i];
  }
  return step;
}

}  // namespace

SviSlice svi_of(const EssviSlice& slice) noexcept {
  return svi_of_ssvi(slice.theta, slice.rho, slice.psi / slice.theta);
}

EssviSlice essvi_like(const SviSlice& slice) noexcept {
  // w'(0) = rho psi and w''(0) = psi^2 (1 - rho^2)/(2 theta).
  const SviPoint atm = svi_point(slice, 0.0);
  const double psi = std::sqrt(2.0 * atm.variance * atm.curvature + atm.slope * atm.slope);
  return {atm.variance, psi > 0.0 ? atm.slope / psi : 0.0, psi};
}

PsiRange psi_range(const EssviSlice* earlier, double theta, double rho) noexcept {
  const double lean = 1.0 + std::fabs(rho);
  PsiRange range{0.0, std::min(4.0 / lean, 2.0 * std::sqrt(theta / lean)) * (1.0 - slack)};
  // A smile flatter than this is one volatility.
  range.least = std::min(1e-6 * std::sqrt(theta), range.most);
  if (earlier == nullptr) return range;
  range.most = std::min(range.most, earlier->psi * theta / earlier->theta);
  range.least =
      std::max(range.least, earlier->psi * (1.0 + 0.5 * slack) *
                                std::max((1.0 + earlier->rho) / (1.0 + rho), (1.0 - earlier->rho) / (1.0 - rho)));
  return range;
}

EssviSlice essvi_after(const EssviSlice* earlier, EssviSlice wish) noexcept {
  wish.theta = std::max(wish.theta, theta_least(earlier));
  wish.rho = rho_with_room(earlier, wish.theta, std::clamp(wish.rho, -rho_most, rho_most));
  const PsiRange range = psi_range(earlier, wish.theta, wish.rho);
  wish.psi = std::min(std::max(wish.psi, range.least), range.most);
  return wish;
}

EssviSlice fit_essvi(const EssviSlice* earlier, const SmileProblem& problem, double loss_scale) noexcept {
  constexpr int iterations = 40;
  const EssviSlice start = essvi_after(earlier, essvi_like(slice_of(problem.prior, problem.total_volatility)));
  if (problem.quotes.empty()) return start;
  Free x = free_of(earlier, start);
  double damping = 1e-3;
  Equations here = equations_at(earlier, problem, x, loss_scale);
  for (int i = 0; i < iterations && damping < 1e9; ++i) {
    const Free step = step_of(here, damping);
    Free other = x;
    for (std::size_t j = 0; j < 3; ++j) other[j] += std::clamp(step[j], -2.0, 2.0);
    if (cost_at(earlier, problem, other, loss_scale) < here.cost) {
      x = other;
      here = equations_at(earlier, problem, x, loss_scale);
      damping = std::max(damping * 0.2, 1e-9);
    } else {
      damping *= 6.0;
    }
  }
  return slice_at(earlier, x);
}

}  // namespace gimbal::surface
