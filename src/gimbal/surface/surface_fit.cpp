// Which expiries have to be fitted again, and the set of all surfaces.
#include "gimbal/surface/surface_fit.hpp"

#include <algorithm>
#include <utility>

#include "gimbal/surface/chain_fit.hpp"

namespace gimbal::surface {
namespace {

using market::MarketSnapshot;

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

Result<void> validate(const FitSettings& settings, const MarketSnapshot& snapshot, std::optional<UtcTime> previous) {
  if (auto valid = validate(settings); !valid) return valid;
  if (previous && *previous > snapshot.time)
    return fail(ErrorCode::invalid_argument, "the earlier surfaces are of {}, later than the snapshot's {}",
                format_utc(*previous), format_utc(snapshot.time));
  return {};
}

SurfaceSet set_of(std::span<const ChainFit> chains, UtcTime time, Model model) {
  std::vector<VolSurface> surfaces;
  for (const ChainFit& chain : chains) {
    std::vector<SurfaceSlice> slices = chain.slices();
    if (!slices.empty()) surfaces.emplace_back(chain.quotes().underlying, time, std::move(slices), model);
  }
  return {time, std::move(surfaces)};
}

}  // namespace

Result<SurfaceSet> fit_surfaces(const MarketSnapshot& snapshot, const FitSettings& settings,
                                const SurfaceSet* previous) {
  const auto before = previous == nullptr ? std::nullopt : std::optional{previous->time()};
  if (const auto valid = validate(settings, snapshot, before); !valid) return Unexpected{valid.error()};
  std::vector<ChainFit> chains;
  for (UnderlyingQuotes& quotes : collect_quotes(snapshot, settings)) {
    const VolSurface* earlier = previous == nullptr ? nullptr : previous->find(quotes.underlying);
    chains.emplace_back(std::move(quotes), settings, earlier);
  }
  return set_of(chains, snapshot.time, settings.model);
}

/// The last snapshot and what came of it.
struct SurfaceFitter::Memory {
  FitSettings settings;
  std::optional<MarketSnapshot> snapshot;
  std::vector<ExpiryRows> rows;  ///< Those of the chains' expiries, in their order.
  std::vector<ChainFit> chains;
  SurfaceSet set;
  std::size_t refitted = 0;

  /// Whether the same instruments stand in the same rows, all of them still alive.
  [[nodiscard]] bool same_listing(const MarketSnapshot& next) const {
    if (!snapshot || snapshot->universe != next.universe || snapshot->instrument != next.instrument) return false;
    return std::all_of(rows.begin(), rows.end(), [&next](const ExpiryRows& row) { return row.expiry > next.time; });
  }

  [[nodiscard]] bool changed(const MarketSnapshot& next, std::size_t row) const {
    return snapshot->flags[row] != next.flags[row] || snapshot->bid[row] != next.bid[row] ||
           snapshot->ask[row] != next.ask[row] || snapshot->forward[row] != next.forward[row];
  }

  /// A changed mark matters where it is all that there is.
  [[nodiscard]] bool changed(const MarketSnapshot& next, const ExpiryRows& of, const ExpiryQuotes& quotes) const {
    return std::any_of(of.options.begin(), of.options.end(), [&](std::size_t row) {
      return changed(next, row) ||
             (quotes.quotes.empty() && (snapshot->mark_price[row] != next.mark_price[row] ||
                                        snapshot->mark_volatility[row] != next.mark_volatility[row]));
    });
  }

  void fit_from_nothing(const MarketSnapshot& next) {
    rows.clear();
    chains.clear();
    refitted = 0;
    UnderlyingQuotes quotes;
    const auto finish = [&] {
      if (quotes.expiries.empty()) return;
      refitted += quotes.expiries.size();
      const VolSurface* earlier = set.find(quotes.underlying);
      chains.emplace_back(std::exchange(quotes, {}), settings, earlier);
    };
    for (ExpiryRows& expiry : live_options(next)) {
      ExpiryQuotes read = read_quotes(next, expiry, settings);
      if (!(read.forward > 0.0)) continue;
      if (quotes.underlying != expiry.underlying) finish();
      quotes.underlying = expiry.underlying;
      quotes.expiries.push_back(std::move(read));
      rows.push_back(std::move(expiry));
    }
    finish();
  }

  /// Fits again what has changed; false when that has to be done from nothing.
  [[nodiscard]] bool refit(const MarketSnapshot& next) {
    refitted = 0;
    std::size_t row = 0;
    for (ChainFit& chain : chains) {
      std::vector<ChainFit::Change> changes;
      for (std::size_t i = 0; i < chain.quotes().expiries.size(); ++i, ++row) {
        if (!changed(next, rows[row], chain.quotes().expiries[i])) continue;
        changes.push_back({i, read_quotes(next, rows[row], settings)});
        if (!(changes.back().quotes.forward > 0.0)) return false;
      }
      chain.move_to(next.time);
      if (changes.empty()) continue;
      refitted += changes.size();
      if (!chain.refit(std::move(changes), settings)) return false;
    }
    return true;
  }
};

SurfaceFitter::SurfaceFitter(FitSettings settings) : memory_{std::make_unique<Memory>()} {
  memory_->settings = settings;
}
SurfaceFitter::SurfaceFitter(SurfaceFitter&&) noexcept = default;
SurfaceFitter& SurfaceFitter::operator=(SurfaceFitter&&) noexcept = default;
SurfaceFitter::~SurfaceFitter() = default;

Result<SurfaceSet> SurfaceFitter::fit(const MarketSnapshot& snapshot) {
  Memory& memory = *memory_;
  const auto before = memory.snapshot ? std::optional{memory.snapshot->time} : std::nullopt;
  if (const auto valid = validate(memory.settings, snapshot, before); !valid) return Unexpected{valid.error()};
  if (!memory.same_listing(snapshot) || !memory.refit(snapshot)) memory.fit_from_nothing(snapshot);
  memory.snapshot = snapshot;
  memory.set = set_of(memory.chains, snapshot.time, memory.settings.model);
  return memory.set;
}

std::size_t SurfaceFitter::slices_refitted() const { return memory_->refitted; }

}  // namespace gimbal::surface
