// The order of the fits: every expiry alone, then thin ones held by their neighbours, then all against each other.
#include "gimbal/surface/surface_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "gimbal/numerics/special.hpp"
#include "gimbal/surface/smile_quotes.hpp"
#include "gimbal/surface/svi_fit.hpp"
#include "gimbal/surface/svi_start.hpp"

namespace gimbal::surface {
namespace {

// A smile of ordinary crypto options: where parameters stand that no quote speaks of.
constexpr SmileShape ordinary_shape{0.35, 0.35, 0.0, 0.0, -0.1};
constexpr double ordinary_prior_weight = 0.01;
// With fewer quotes than this a slice is held near the shape of the nearest fuller one.
constexpr std::size_t quotes_full = 12;
constexpr double thin_prior_weight = 0.2;
constexpr double neighbour_prior_weight = 20.0;
// Residuals beyond this many half-spreads are counted as outliers.
constexpr double outlier_half_spreads = 5.0;
constexpr double near_volatility = 0.005;

// Alone: nearly least squares first, since a robust loss far from the quotes would give all of them up.
constexpr std::array<FitStage, 5> alone_stages{FitStage{100.0, 0.0, 0.0, 8}, FitStage{8.0, 0.0, 0.0, 8},
                                               FitStage{4.0, 0.0, 0.0, 6}, FitStage{4.0, 1e2, 0.0, 4},
                                               FitStage{4.0, 1e4, 0.0, 4}};
// Together: penalties rise under a loose loss, the loss is tightened last.
constexpr std::array<FitStage, 6> joint_stages{FitStage{6.0, 1e4, 1e3, 12}, FitStage{6.0, 1e4, 1e4, 12},
                                               FitStage{6.0, 1e5, 1e5, 12}, FitStage{6.0, 1e6, 1e6, 12},
                                               FitStage{4.0, 1e6, 5e6, 12}, FitStage{3.0, 1e6, 5e6, 20}};

/// One expiry on its way to a slice.
struct Work {
  const ExpiryQuotes* quotes = nullptr;
  SmileProblem problem;
  SmileShape shape = ordinary_shape;
  Rung rung = Rung::flat;
  bool known = false;  ///< Whether shape and level mean anything yet.

  [[nodiscard]] SviSlice slice() const { return slice_of(shape, problem.total_volatility); }
};

/// Total volatility at the money: the median of the quotes nearest to it.
double level_at_the_money(std::span<const SmileQuote> quotes) {
  constexpr std::size_t nearest = 5;
  std::vector<std::pair<double, double>> mids;
  for (const SmileQuote& quote : quotes)
    mids.emplace_back(std::fabs(quote.log_moneyness), quote.total_volatility_mid());
  std::sort(mids.begin(), mids.end());
  mids.resize(std::min(mids.size(), nearest));
  std::sort(mids.begin(), mids.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return mids[mids.size() / 2].second;
}

void fit_alone(Work& work) { fit_shapes(std::span{&work.problem, 1}, std::span{&work.shape, 1}, alone_stages); }

Work start(const ExpiryQuotes& expiry, const FitSettings& settings) {
  Work work;
  work.quotes = &expiry;
  work.problem.quotes = expiry.quotes;
  work.problem.half_spread_least = settings.half_spread_least_volatility * std::sqrt(expiry.years);
  work.problem.prior = ordinary_shape;
  work.problem.prior_weight = ordinary_prior_weight;
  if (expiry.quotes.size() < settings.quotes_least) return work;
  work.rung = Rung::fit;
  work.known = true;
  work.problem.total_volatility = level_at_the_money(expiry.quotes);
  work.shape = shape_start(work.problem);
  fit_alone(work);
  return work;
}

/// The work nearest in the logarithm of time that is fitted to at least `quotes_least` quotes, or null.
const Work* nearest_fitted(std::span<const Work> works, const Work& to, std::size_t quotes_least) {
  const Work* best = nullptr;
  double best_distance = 0.0;
  for (const Work& work : works) {
    if (&work == &to || work.rung != Rung::fit || work.quotes->quotes.size() < quotes_least) continue;
    const double distance = std::fabs(numerics::log(work.quotes->years / to.quotes->years));
    if (best == nullptr || distance < best_distance) best = &work, best_distance = distance;
  }
  return best;
}

/// Few but enough quotes: their own fit, held to the shape of a fuller neighbour.
void hold_thin_fits(std::span<Work> works) {
  for (Work& work : works) {
    if (work.rung != Rung::fit || work.quotes->quotes.size() >= quotes_full) continue;
    const Work* neighbour = nearest_fitted(works, work, quotes_full);
    if (neighbour == nullptr) continue;
    work.problem.prior = neighbour->shape;
    work.problem.prior_weight = thin_prior_weight;
    work.shape = neighbour->shape;
    fit_alone(work);
  }
}

/// Too few quotes for a shape: the neighbour's, at the level of its own quotes, else of its marks.
void climb_down(std::span<Work> works) {
  constexpr SmileShape level_shape{5e-3, 5e-3, 0.0, 0.0, 0.0};  // A smile so flat that it is one volatility.
  for (Work& work : works) {
    if (work.rung == Rung::fit) continue;
    const Work* neighbour = nearest_fitted(works, work, 0);
    const ExpiryQuotes& expiry = *work.quotes;
    const bool quoted = !expiry.quotes.empty();
    const std::span<const SmileQuote> levels = quoted ? expiry.quotes : expiry.marks;
    work.rung = quoted && neighbour != nullptr ? Rung::neighbour : Rung::flat;
    work.shape = neighbour != nullptr ? neighbour->shape : level_shape;
    work.problem.prior = work.shape;
    work.problem.prior_weight = neighbour_prior_weight;
    if (levels.empty()) continue;
    work.problem.total_volatility = level_of(work.shape, levels, work.problem.half_spread_least);
    work.known = true;
  }
}

/// No quotes and no marks: the at-the-money volatility of the nearest expiry that has one.
void borrow_levels(std::span<Work> works) {
  for (Work& work : works) {
    if (work.problem.total_volatility > 0.0) continue;
    const Work* best = nullptr;
    double best_distance = 0.0;
    for (const Work& other : works) {
      if (!other.known) continue;
      const double distance = std::fabs(numerics::log(other.quotes->years / work.quotes->years));
      if (best == nullptr || distance < best_distance) best = &other, best_distance = distance;
    }
    if (best == nullptr) continue;
    work.shape = best->shape;
    work.problem.prior = best->shape;
    work.problem.total_volatility =
        best->problem.total_volatility * std::sqrt(work.quotes->years / best->quotes->years);
  }
}

/// All expiries at once, so that a crossing moves whichever of the two slices its quotes hold less.
void fit_jointly(std::span<Work> works) {
  std::vector<SmileProblem> problems;
  std::vector<SmileShape> shapes;
  for (const Work& work : works) {
    problems.push_back(work.problem);
    shapes.push_back(work.shape);
  }
  fit_shapes(problems, shapes, joint_stages);
  for (std::size_t i = 0; i < works.size(); ++i) works[i].shape = shapes[i];
}

void judge(const Work& work, SurfaceSlice& slice) {
  const ExpiryQuotes& expiry = *work.quotes;
  SliceQuality& quality = slice.quality;
  const double root_years = std::sqrt(expiry.years);
  double squares = 0.0;
  std::uint32_t inside = 0;
  std::uint32_t near = 0;
  for (std::size_t i = 0; i < expiry.quotes.size(); ++i) {
    const SmileQuote& quote = expiry.quotes[i];
    const double fitted = std::sqrt(svi_variance(slice.svi, quote.log_moneyness));
    const double off_mid = fitted - quote.total_volatility_mid();
    const double half_spread =
        std::max(0.5 * (quote.total_volatility_ask - quote.total_volatility_bid), work.problem.half_spread_least);
    if (std::fabs(off_mid) > outlier_half_spreads * half_spread) ++quality.outliers;
    if (!expiry.judged[i]) continue;
    const double beyond = std::max(quote.total_volatility_bid - fitted, fitted - quote.total_volatility_ask);
    inside += beyond <= 0.0 ? 1U : 0U;
    near += beyond <= near_volatility * root_years ? 1U : 0U;
    squares += off_mid * off_mid;
  }
  if (quality.quotes_judged == 0) return;
  const double judged = static_cast<double>(quality.quotes_judged);
  quality.inside_share = static_cast<double>(inside) / judged;
  quality.near_share = static_cast<double>(near) / judged;
  quality.rmse_volatility = std::sqrt(squares / judged) / root_years;
}

SurfaceSlice finished(const Work& work) {
  SurfaceSlice slice;
  slice.expiry = work.quotes->expiry;
  slice.years = work.quotes->years;
  slice.forward = work.quotes->forward;
  slice.svi = work.slice();
  slice.volatility_atm = slice.volatility(0.0);
  slice.rung = work.rung;
  slice.quality = work.quotes->quality;
  judge(work, slice);
  return slice;
}

std::vector<SurfaceSlice> fit_underlying(const UnderlyingQuotes& quotes, const FitSettings& settings) {
  std::vector<Work> works;
  works.reserve(quotes.expiries.size());
  for (const ExpiryQuotes& expiry : quotes.expiries) works.push_back(start(expiry, settings));
  hold_thin_fits(works);
  climb_down(works);
  borrow_levels(works);
  // Only an underlying without a single quote or mark has works without a level, and then all of them.
  if (works.empty() || !(works.front().problem.total_volatility > 0.0)) return {};
  fit_jointly(works);
  std::vector<SurfaceSlice> slices;
  slices.reserve(works.size());
  for (const Work& work : works) slices.push_back(finished(work));
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const TimedSlice earlier = i > 0 ? slices[i - 1].timed() : TimedSlice{};
    slices[i].certificate = certify(i > 0 ? &earlier : nullptr, slices[i].timed());
  }
  return slices;
}

Result<void> validate(const FitSettings& settings) {
  if (settings.quotes_least < 5)
    return fail(ErrorCode::invalid_argument, "quotes_least is {}; a slice has five parameters", settings.quotes_least);
  if (!(settings.relative_spread_most > 0.0 && settings.relative_spread_most < 2.0))
    return fail(ErrorCode::invalid_argument, "relative_spread_most is {}, which is not between 0 and 2",
                settings.relative_spread_most);
  if (!(settings.half_spread_least_volatility > 0.0 && settings.half_spread_least_volatility < 1.0))
    return fail(ErrorCode::invalid_argument, "half_spread_least_volatility is {}, which is not between 0 and 1",
                settings.half_spread_least_volatility);
  return {};
}

}  // namespace

Result<SurfaceSet> fit_surfaces(const market::MarketSnapshot& snapshot, const FitSettings& settings) {
  if (const auto valid = validate(settings); !valid) return Unexpected{valid.error()};
  std::vector<VolSurface> surfaces;
  for (const UnderlyingQuotes& quotes : collect_quotes(snapshot, settings)) {
    std::vector<SurfaceSlice> slices = fit_underlying(quotes, settings);
    if (!slices.empty()) surfaces.emplace_back(quotes.underlying, snapshot.time, std::move(slices));
  }
  return SurfaceSet{snapshot.time, std::move(surfaces)};
}

}  // namespace gimbal::surface
