// ResidualHistory: how far each option's mid has lately stood from the fitted surface, as an exponentially weighted
// mean and variance per instrument. The memory behind the scores of rich_cheap.hpp: a plain value that the caller
// keeps, hands in and, after scoring, extends. Nothing in it looks ahead.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "gimbal/foundation/time.hpp"
#include "gimbal/market/universe.hpp"

namespace gimbal::surface {

struct ResidualSettings {
  /// Days of 24 hours after which a residual counts half, however many others came since. Positive.
  double half_life_days = 2.0;
  /// Earlier residuals an instrument needs before it is scored. At least 2, below which there is no variance.
  std::uint32_t count_least = 10;
  /// A standard deviation under this many volatility units counts as this many: a mid that stood still between two
  /// ticks is no measure of how far it may move. Positive.
  double deviation_least = 0.001;
  /// Volatility units from bid to ask beyond which a quote has no residual: its mid is a guess, and when makers step
  /// back it would look like a find, and afterwards hide real ones behind its variance. Positive.
  double spread_most_volatility = 0.05;
  friend bool operator==(const ResidualSettings&, const ResidualSettings&) = default;
};
/// Errors    invalid_argument, naming the field and its value.
[[nodiscard]] Result<void> validate(const ResidualSettings& settings);

/// Volatility of an option's mid less the fitted one, per square root of a year.
struct Residual {
  market::InstrumentId instrument{};
  UtcTime expiry;
  double value = 0.0;
  friend bool operator==(const Residual&, const Residual&) = default;
};

class ResidualHistory {
 public:
  /// Domain    settings that validate() accepts; stops the process otherwise.
  explicit ResidualHistory(const ResidualSettings& settings = {});

  [[nodiscard]] const ResidualSettings& settings() const { return settings_; }
  /// When it was last extended; nothing before the first time.
  [[nodiscard]] std::optional<UtcTime> time() const { return time_; }
  /// Instruments remembered.
  [[nodiscard]] std::size_t size() const { return moments_.size(); }

  /// How unusual a residual is against the earlier ones of its instrument: (value - mean)/deviation.
  ///
  /// Formula   mean = sum w x / W and variance = sum w (x - mean)^2 / (W - sum w^2 / W) with w = 2^(-age/half_life) and
  ///           W = sum w: unbiased for independent residuals of one variance, and free of the age of the latest one,
  ///           which scales all weights alike.
  /// Returns   nothing for an instrument with fewer residuals than the settings ask for.
  [[nodiscard]] std::optional<double> score(market::InstrumentId instrument, double value) const;

  /// Takes the residuals of one instant, and drops the instruments that have expired by then.
  /// Domain    `time` after the last one, instruments strictly ascending, values finite; stops the process otherwise.
  void absorb(UtcTime time, std::span<const Residual> residuals);

  friend bool operator==(const ResidualHistory&, const ResidualHistory&) = default;

 private:
  /// Weighted moments of an instrument's residuals, as of the latest of them.
  struct Moments {
    UtcTime expiry;
    UtcTime latest;
    std::uint32_t count = 0;
    double weight = 0.0;          ///< sum w
    double weight_squares = 0.0;  ///< sum w^2
    double mean = 0.0;
    double squares = 0.0;  ///< sum w (x - mean)^2
    friend bool operator==(const Moments&, const Moments&) = default;
  };
  void extend(Moments& moments, UtcTime time, double value) const;

  ResidualSettings settings_;
  std::optional<UtcTime> time_;
  std::map<market::InstrumentId, Moments> moments_;
};

}  // namespace gimbal::surface
