// Weighted moments, one residual at a time.
#include "gimbal/surface/residual_history.hpp"

#include <algorithm>
#include <cmath>

#include "gimbal/numerics/special.hpp"

namespace gimbal::surface {

Result<void> validate(const ResidualSettings& settings) {
  if (!(settings.half_life_days > 0.0 && std::isfinite(settings.half_life_days)))
    return fail(ErrorCode::invalid_argument, "half_life_days is {}, not a positive number", settings.half_life_days);
  if (settings.count_least < 2)
    return fail(ErrorCode::invalid_argument, "count_least is {}; a variance needs 2", settings.count_least);
  if (!(settings.deviation_least > 0.0 && std::isfinite(settings.deviation_least)))
    return fail(ErrorCode::invalid_argument, "deviation_least is {}, not a positive number", settings.deviation_least);
  if (!(settings.spread_most_volatility > 0.0 && std::isfinite(settings.spread_most_volatility)))
    return fail(ErrorCode::invalid_argument, "spread_most_volatility is {}, not a positive number",
                settings.spread_most_volatility);
  return {};
}

ResidualHistory::ResidualHistory(const ResidualSettings& settings) : settings_{settings} {
  GIMBAL_ASSERT(validate(settings).has_value());
}

std::optional<double> ResidualHistory::score(market::InstrumentId instrument, double value) const {
  const auto found = moments_.find(instrument);
  if (found == moments_.end() || found->second.count < settings_.count_least) return std::nullopt;
  const Moments& moments = found->second;
  // Zero where one weight is all there is: the others are older than a double can tell.
  const double freedom = moments.weight - moments.weight_squares / moments.weight;
  const double variance = freedom > 0.0 ? moments.squares / freedom : 0.0;
  return (value - moments.mean) / std::max(std::sqrt(variance), settings_.deviation_least);
}

void ResidualHistory::absorb(UtcTime time, std::span<const Residual> residuals) {
  GIMBAL_ASSERT(!time_ || *time_ < time);
  time_ = time;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const Residual& residual = residuals[i];
    GIMBAL_ASSERT(i == 0 || residuals[i - 1].instrument < residual.instrument);
    GIMBAL_ASSERT(std::isfinite(residual.value));
    Moments& moments = moments_[residual.instrument];
    moments.expiry = residual.expiry;
    extend(moments, time, residual.value);
  }
  std::erase_if(moments_, [&](const auto& entry) { return entry.second.expiry <= time; });
}

// West's recurrence with every earlier weight multiplied by the decay since the latest residual.
// Source    T. Finch, "Incremental calculation of weighted mean and variance" (2009), section 9.
void ResidualHistory::extend(Moments& moments, UtcTime time, double value) const {
  constexpr double ln2 = 0x1.62e42fefa39efp-1;
  if (moments.count > 0) {
    const double decay = numerics::exp(-ln2 * days_between(moments.latest, time) / settings_.half_life_days);
    moments.weight *= decay;
    moments.weight_squares *= decay * decay;
    moments.squares *= decay;
  }
  moments.latest = time;
  ++moments.count;
  moments.weight += 1.0;
  moments.weight_squares += 1.0;
  const double before = value - moments.mean;
  moments.mean += before / moments.weight;
  moments.squares += before * (value - moments.mean);
}

}  // namespace gimbal::surface
