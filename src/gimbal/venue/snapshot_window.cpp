// What a window decides by itself.
#include "gimbal/venue/snapshot_window.hpp"

namespace gimbal::venue {

Result<void> check_recorded_time(UtcTime recorded, const SnapshotWindow& window) {
  if (!window.now || recorded <= *window.now + clock_tolerance) return {};
  return fail(ErrorCode::invalid_argument, "{} lies in the future: it is {} now, and a recording is of the past",
              format_utc(recorded), format_utc(*window.now));
}

Result<void> WantedSnapshots::pass(market::RecordedSnapshot&& snapshot, market::SnapshotSink& sink) {
  if (at_ && snapshot.time <= *at_) {
    held_ = std::move(snapshot);
    return {};
  }
  if (at_ && !held_)
    return fail(ErrorCode::invalid_argument, "the first snapshot is of {}, after {}", format_utc(snapshot.time),
                format_utc(*at_));
  finish(sink);
  if (wants_more_) wants_more_ = sink.take(std::move(snapshot));
  return {};
}

void WantedSnapshots::finish(market::SnapshotSink& sink) {
  at_.reset();
  if (!held_ || !wants_more_) return;
  wants_more_ = sink.take(*std::move(held_));
  held_.reset();
}

}  // namespace gimbal::venue
