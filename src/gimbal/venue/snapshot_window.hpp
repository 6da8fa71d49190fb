// Which snapshots of a recorded market are wanted, and what the reader must know to judge it: the settings that every
// format's decoder takes.
#pragma once

#include <optional>

#include "gimbal/market/recorded.hpp"

namespace gimbal::venue {

struct SnapshotWindow {
  /// The first wanted one is the last that is not later than this; what stands before it is not handed over. Absent:
  /// the file's first.
  std::optional<UtcTime> at;
  /// When the file is read. A recording of a later time is refused; Gimbal's own table, which may be made up, is not.
  /// Absent: nothing is refused for its time.
  std::optional<UtcTime> now = std::nullopt;
  /// A record of changes has no snapshots of its own: one is taken at each multiple of this since 1970. Positive,
  /// at most a day.
  Duration sampling_interval = std::chrono::hours{1};
};

/// How far apart the clocks of an exchange, a recorder and this machine may be before a time is taken to be wrong.
inline constexpr std::chrono::minutes clock_tolerance{1};

/// Refuses the time of a recording that lies in the future. Errors: invalid_argument, with both times.
[[nodiscard]] Result<void> check_recorded_time(UtcTime recorded, const SnapshotWindow& window);

/// Hands over the wanted ones of snapshots that come in the order of time.
class WantedSnapshots {
 public:
  explicit WantedSnapshots(const SnapshotWindow& window) : at_{window.at} {}

  /// Holds a snapshot back while a later one may still be the last that is not later than the window's time.
  /// Errors    invalid_argument when the first is later than that.
  [[nodiscard]] Result<void> pass(market::RecordedSnapshot&& snapshot, market::SnapshotSink& sink);
  /// No more snapshots follow: hands over what was held back.
  void finish(market::SnapshotSink& sink);
  /// False once the sink has had enough.
  [[nodiscard]] bool wants_more() const { return wants_more_; }

 private:
  std::optional<UtcTime> at_;
  std::optional<market::RecordedSnapshot> held_;
  bool wants_more_ = true;
};

}  // namespace gimbal::venue
