// The order of the fits, and what each slice is judged by.
#include "gimbal/surface/chain_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "gimbal/numerics/special.hpp"
#include "gimbal/surface/svi_start.hpp"

namespace gimbal::surface {
namespace {

// A smile of ordinary crypto options: where parameters stand that no quote speaks of.
constexpr SmileShape ordinary_shape{0.35, 0.35, 0.0, 0.0, -0.1};
constexpr double ordinary_prior_weight = 0.01;
// A smile so flat that it is one volatility.
constexpr SmileShape level_shape{0.05, 0.05, 0.0, 0.0, 0.0};
// With fewer quotes than this a slice is held near the shape of the nearest fuller one.
constexpr std::size_t quotes_full = 12;
constexpr double thin_prior_weight = 0.2;
constexpr double neighbour_prior_weight = 20.0;
// Residuals beyond this many half-spreads are counted as outliers.
constexpr double outlier_half_spreads = 5.0;
constexpr double near_volatility = 0.005;
// A level that moves by more than this is no tick.
constexpr double level_jump = 0.1;

// Alone: nearly least squares first, since a robust loss far from the quotes would give all of them up.
constexpr std::array<FitStage, 4> alone_stages{FitStage{8.0, 0.0, 0.0, 8}, FitStage{4.0, 0.0, 0.0, 6},
                                               FitStage{4.0, 1e2, 0.0, 4}, FitStage{4.0, 1e4, 0.0, 4}};

/// Total volatility at the money: the median of the quotes nearest to it.
double level_at_the_money(std::span<const SmileQuote> quotes) {
  constexpr std::size_t nearest = 5;
  std::vector<std::pair<double, double>> mids;
  mids.reserve(quotes.size());
  for (const SmileQuote& quote : quotes)
    mids.emplace_back(std::fabs(quote.log_moneyness), quote.total_volatility_mid());
  std::sort(mids.begin(), mids.end());
  mids.resize(std::min(mids.size(), nearest));
  std::sort(mids.begin(), mids.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return mids[mids.size() / 2].second;
}

void fit_alone(JointSmile& smile) {
  fit_shapes(std::span{&smile.problem, 1}, std::span{&smile.shape, 1}, alone_stages);
}

double half_spread_least(const ExpiryQuotes& expiry, const FitSettings& settings) {
  return settings.half_spread_least_volatility * std::sqrt(expiry.years);
}

/// What says the level of a slice that has no shape of its own: its quotes, else its marks.
std::span<const SmileQuote> levels_of(const ExpiryQuotes& expiry) {
  return expiry.quotes.empty() ? expiry.marks : expiry.quotes;
}

/// The shares and errors of a fitted slice over its quotes.
void judge(const ExpiryQuotes& expiry, double half_spread_floor, SurfaceSlice& slice) {
  SliceQuality& quality = slice.quality;
  const double root_years = std::sqrt(expiry.years);
  double squares = 0.0;
  double vegas = 0.0;
  std::uint32_t inside = 0;
  std::uint32_t near = 0;
  for (std::size_t i = 0; i < expiry.quotes.size(); ++i) {
    const SmileQuote& quote = expiry.quotes[i];
    const double fitted = std::sqrt(svi_variance(slice.svi, quote.log_moneyness));
    const double off_mid = fitted - quote.total_volatility_mid();
    const double half_spread =
        std::max(0.5 * (quote.total_volatility_ask - quote.total_volatility_bid), half_spread_floor);
    if (std::fabs(off_mid) > outlier_half_spreads * half_spread) ++quality.outliers;
    if (!expiry.judged[i]) continue;
    const double beyond = std::max(quote.total_volatility_bid - fitted, fitted - quote.total_volatility_ask);
    inside += beyond <= 0.0 ? 1U : 0U;
    near += beyond <= near_volatility * root_years ? 1U : 0U;
    // Vega but for a factor that all of them share: the density at d1.
    const double vega = numerics::normal_density(0.5 * fitted - quote.log_moneyness / fitted);
    vegas += vega;
    squares += vega * off_mid * off_mid;
  }
  if (quality.quotes_judged == 0) return;
  const double judged = static_cast<double>(quality.quotes_judged);
  quality.inside_share = static_cast<double>(inside) / judged;
  quality.near_share = static_cast<double>(near) / judged;
  if (vegas > 0.0) quality.rmse_volatility = std::sqrt(squares / vegas) / root_years;
}

}  // namespace

ChainFit::ChainFit(UnderlyingQuotes quotes, const FitSettings& settings, const VolSurface* previous)
    : quotes_{std::move(quotes)},
      model_{settings.model},
      smiles_(quotes_.expiries.size()),
      rungs_(quotes_.expiries.size(), Rung::flat) {
  start(settings);
  hold_thin_fits();
  climb_down(previous);
  borrow_levels();
  if (!known()) return;
  if (model_ == Model::essvi) {
    fit_jointly_essvi(smiles_);
  } else {
    fit_jointly(smiles_);
  }
}

bool ChainFit::known() const {
  // Only an underlying without a single quote, mark or earlier slice has smiles without a level, and then all of them.
  return !smiles_.empty() && smiles_.front().problem.total_volatility > 0.0;
}

/// Enough quotes: a fit of their own.
void ChainFit::start(const FitSettings& settings) {
  for (std::size_t i = 0; i < smiles_.size(); ++i) {
    const ExpiryQuotes& expiry = quotes_.expiries[i];
    JointSmile& smile = smiles_[i];
    smile.years = expiry.years;
    smile.shape = ordinary_shape;
    smile.problem.quotes = expiry.quotes;
    smile.problem.half_spread_least = half_spread_least(expiry, settings);
    smile.problem.prior = ordinary_shape;
    smile.problem.prior_weight = ordinary_prior_weight;
    if (expiry.quotes.size() < settings.quotes_least) continue;
    rungs_[i] = Rung::fit;
    smile.problem.total_volatility = level_at_the_money(expiry.quotes);
    smile.shape = shape_start(smile.problem);
    fit_alone(smile);
  }
}

/// The smile nearest in the logarithm of time that is fitted to at least `quotes_least` quotes, or null.
const JointSmile* ChainFit::nearest_fitted(std::size_t to, std::size_t quotes_least) const {
  const JointSmile* best = nullptr;
  double best_distance = 0.0;
  for (std::size_t i = 0; i < smiles_.size(); ++i) {
    if (i == to || rungs_[i] != Rung::fit || quotes_.expiries[i].quotes.size() < quotes_least) continue;
    const double distance = std::fabs(numerics::log(smiles_[i].years / smiles_[to].years));
    if (best == nullptr || distance < best_distance) best = &smiles_[i], best_distance = distance;
  }
  return best;
}

/// Few but enough quotes: their own fit, held to the shape of a fuller neighbour.
void ChainFit::hold_thin_fits() {
  for (std::size_t i = 0; i < smiles_.size(); ++i) {
    if (rungs_[i] != Rung::fit || quotes_.expiries[i].quotes.size() >= quotes_full) continue;
    const JointSmile* neighbour = nearest_fitted(i, quotes_full);
    if (neighbour == nullptr) continue;
    smiles_[i].problem.prior = neighbour->shape;
    smiles_[i].problem.prior_weight = thin_prior_weight;
    smiles_[i].shape = neighbour->shape;
    fit_alone(smiles_[i]);
  }
}

/// Too few quotes for a shape: the neighbour's, at the level of its own quotes. No quotes: what stood before; else the
/// neighbour's shape at the level of the marks.
void ChainFit::climb_down(const VolSurface* previous) {
  for (std::size_t i = 0; i < smiles_.size(); ++i) {
    if (rungs_[i] == Rung::fit) continue;
    const ExpiryQuotes& expiry = quotes_.expiries[i];
    JointSmile& smile = smiles_[i];
    const JointSmile* neighbour = nearest_fitted(i, 0);
    const SurfaceSlice* before = previous == nullptr ? nullptr : previous->slice(expiry.expiry);
    smile.problem.prior_weight = neighbour_prior_weight;
    if (expiry.quotes.empty() && before != nullptr) {
      rungs_[i] = Rung::previous;
      const double ratio = expiry.years / before->years;
      SviSlice svi = before->svi;
      svi.a *= ratio;
      svi.b *= ratio;
      smile.problem.total_volatility = before->volatility_atm * std::sqrt(expiry.years);
      smile.shape = shape_of(svi, smile.problem.total_volatility);
      smile.problem.prior = smile.shape;
      continue;
    }
    rungs_[i] = !expiry.quotes.empty() && neighbour != nullptr ? Rung::neighbour : Rung::flat;
    smile.shape = neighbour != nullptr ? neighbour->shape : level_shape;
    smile.problem.prior = smile.shape;
    if (const auto levels = levels_of(expiry); !levels.empty())
      smile.problem.total_volatility = level_of(smile.shape, levels, smile.problem.half_spread_least);
    // A slice that has no shape of its own is not drawn by its quotes one by one.
    if (model_ == Model::essvi) smile.problem.quotes = {};
  }
}

/// No quotes and no marks: the at-the-money volatility of the nearest expiry that has one.
void ChainFit::borrow_levels() {
  std::vector<bool> has_level;
  for (const JointSmile& smile : smiles_) has_level.push_back(smile.problem.total_volatility > 0.0);
  for (std::size_t i = 0; i < smiles_.size(); ++i) {
    if (has_level[i]) continue;
    JointSmile& smile = smiles_[i];
    const JointSmile* best = nullptr;
    double best_distance = 0.0;
    for (std::size_t j = 0; j < smiles_.size(); ++j) {
      if (!has_level[j]) continue;
      const double distance = std::fabs(numerics::log(smiles_[j].years / smile.years));
      if (best == nullptr || distance < best_distance) best = &smiles_[j], best_distance = distance;
    }
    if (best == nullptr) continue;
    smile.shape = best->shape;
    smile.problem.prior = best->shape;
    smile.problem.total_volatility = best->problem.total_volatility * std::sqrt(smile.years / best->years);
  }
}

bool ChainFit::refit(std::vector<Change> changes, const FitSettings& settings) {
  for (JointSmile& smile : smiles_) smile.problem.held = true;
  for (Change& change : changes) {
    JointSmile& smile = smiles_[change.expiry];
    const Rung rung = rungs_[change.expiry];
    const bool had_quotes = !quotes_.expiries[change.expiry].quotes.empty();
    ExpiryQuotes& quotes = quotes_.expiries[change.expiry];
    quotes = std::move(change.quotes);
    smile.problem.quotes = quotes.quotes;
    smile.problem.half_spread_least = half_spread_least(quotes, settings);
    smile.problem.held = false;
    const bool fits = quotes.quotes.size() >= settings.quotes_least;
    if (fits != (rung == Rung::fit) || had_quotes == quotes.quotes.empty()) return false;
    if (rung == Rung::previous) continue;
    double level = smile.problem.total_volatility;
    if (rung == Rung::fit) {
      level = level_at_the_money(quotes.quotes);
    } else if (const auto levels = levels_of(quotes); !levels.empty()) {
      level = level_of(smile.problem.prior, levels, smile.problem.half_spread_least);
    }
    if (std::fabs(level - smile.problem.total_volatility) > level_jump * smile.problem.total_volatility) return false;
    if (rung == Rung::fit) {
      smile.shape = shape_of(smile.svi(), level);
    } else {
      smile.shape = smile.problem.prior;
    }
    smile.problem.total_volatility = level;
  }
  if (model_ == Model::essvi) return false;  // Each slice stands on the one before it.
  refit_jointly(smiles_);
  return true;
}

void ChainFit::move_to(UtcTime time) {
  for (std::size_t i = 0; i < smiles_.size(); ++i) {
    quotes_.expiries[i].years = years_between(time, quotes_.expiries[i].expiry).raw();
    smiles_[i].years = quotes_.expiries[i].years;
  }
}

SurfaceSlice ChainFit::slice(std::size_t index) const {
  const ExpiryQuotes& expiry = quotes_.expiries[index];
  SurfaceSlice slice;
  slice.expiry = expiry.expiry;
  slice.years = expiry.years;
  slice.forward = expiry.forward;
  slice.svi = smiles_[index].svi();
  slice.volatility_atm = slice.volatility(0.0);
  slice.rung = rungs_[index];
  slice.quality = expiry.quality;
  slice.certificate = smiles_[index].certificate;
  judge(expiry, smiles_[index].problem.half_spread_least, slice);
  return slice;
}

std::vector<SurfaceSlice> ChainFit::slices() const {
  std::vector<SurfaceSlice> slices;
  if (!known()) return slices;
  slices.reserve(smiles_.size());
  for (std::size_t i = 0; i < smiles_.size(); ++i) slices.push_back(slice(i));
  return slices;
}

}  // namespace gimbal::surface
