// Gathering of the lines of a snapshot, and the order of time between snapshots.
#include "gimbal/venue/snapshot_csv.hpp"

namespace gimbal::venue {
namespace {

// The field at `place` of a line whose fields before it are not quoted; nothing when the line is shorter.
std::optional<std::string_view> field_at(std::string_view text, std::size_t place) {
  for (std::size_t i = 0; i < place; ++i) {
    const std::size_t stop = text.find(',');
    if (stop == std::string_view::npos) return std::nullopt;
    text.remove_prefix(stop + 1);
  }
  text = text.substr(0, text.find(','));
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

}  // namespace

Result<void> SnapshotCsvDecoder::feed(std::string_view bytes, market::SnapshotSink& sink) {
  if (!wants_more_) return {};
  lines_.feed(bytes);
  return read_lines(sink);
}

Result<void> SnapshotCsvDecoder::finish(market::SnapshotSink& sink) {
  if (!wants_more_) return {};
  lines_.finish();
  if (const auto read = read_lines(sink); !read) return read;
  if (!wants_more_) return {};
  if (!time_) return fail(ErrorCode::missing_data, "no rows: the file holds no snapshot");
  return close_block(sink);
}

Result<void> SnapshotCsvDecoder::read_lines(market::SnapshotSink& sink) {
  while (wants_more_) {
    const auto line = lines_.next();
    if (!line) return Unexpected{line.error()};
    if (!line->has_value()) return {};
    if (in_rows_) {
      if (const auto read = read_row(**line, sink); !read) return read;
    } else {
      const auto rows_follow = read_head(**line);
      if (!rows_follow) return Unexpected{rows_follow.error()};
      in_rows_ = *rows_follow;
    }
  }
  return {};
}

Result<void> SnapshotCsvDecoder::read_row(const CsvLine& line, market::SnapshotSink& sink) {
  const auto time_text = field_at(line.text, time_place());
  if (!time_text) return fail(ErrorCode::parse, "line {}: ends before its time", line.number);
  if (!time_ || *time_text != time_text_) {
    if (const auto begun = begin_block(line, *time_text, sink); !begun || !wants_more_) return begun;
  }
  if (places_.size() == block_lines_max)
    return fail(ErrorCode::limit_exceeded, "line {}: more than {} rows in the snapshot of {}", line.number,
                block_lines_max, time_text_);
  places_.push_back(Place{line.number, text_.size(), line.text.size()});
  text_.append(line.text);
  return {};
}

Result<void> SnapshotCsvDecoder::begin_block(const CsvLine& line, std::string_view time_text,
                                             market::SnapshotSink& sink) {
  const auto time = parse_utc(time_text);
  if (!time) return with_context(time.error(), fmt::format("line {}", line.number));
  if (const auto past = check_recorded_time(*time, window_); !past)
    return with_context(past.error(), fmt::format("line {}", line.number));
  if (time_ && *time < *time_)
    return fail(ErrorCode::invalid_argument, "line {}: time goes back from {} to {}", line.number, time_text_,
                time_text);
  const bool same_instant = time_ && *time == *time_;  // written in another way
  if (!same_instant) {
    if (!time_ && window_.at && *time > *window_.at)
      return fail(ErrorCode::invalid_argument, "line {}: the file begins at {}, after {}", line.number,
                  format_utc(*time), format_utc(*window_.at));
    const bool wanted = time_ && (!window_.at || *time > *window_.at);
    if (wanted) {
      if (const auto closed = close_block(sink); !closed || !wants_more_) return closed;
    }
    text_.clear();
    places_.clear();
  }
  time_ = *time;
  time_text_ = time_text;
  return {};
}

Result<void> SnapshotCsvDecoder::close_block(market::SnapshotSink& sink) {
  SnapshotBlock block;
  block.time = *time_;
  block.lines.reserve(places_.size());
  for (const Place& place : places_)
    block.lines.push_back(CsvLine{place.number, std::string_view{text_}.substr(place.begin, place.size)});
  auto snapshot = decode(block);
  if (!snapshot) return Unexpected{snapshot.error()};
  wants_more_ = sink.take(*std::move(snapshot));
  return {};
}

}  // namespace gimbal::venue
