// What recorded tables of quotes have in common: a line a quote, each with the time of its snapshot, lines of one time
// standing together. The lines of a snapshot are gathered as text and decoded once it is known to be wanted, so reading
// up to a late time costs little more than copying bytes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gimbal/market/recorded.hpp"
#include "gimbal/venue/csv_record.hpp"
#include "gimbal/venue/snapshot_window.hpp"

namespace gimbal::venue {

/// The lines of one snapshot.
struct SnapshotBlock {
  UtcTime time;
  std::vector<CsvLine> lines;
};

/// Base of the table decoders: gathers blocks, keeps the order of time, applies the window.
class SnapshotCsvDecoder : public market::SnapshotDecoder {
 public:
  /// More lines than this in one snapshot are refused before they fill the memory.
  static constexpr std::size_t block_lines_max = 200'000;

  [[nodiscard]] Result<void> feed(std::string_view bytes, market::SnapshotSink& sink) final;
  /// Errors    also missing_data for a file without a snapshot, and invalid_argument when all of them are later than
  ///           the window's time or one is in the future.
  [[nodiscard]] Result<void> finish(market::SnapshotSink& sink) final;
  [[nodiscard]] bool wants_more() const final { return wants_more_; }

 protected:
  explicit SnapshotCsvDecoder(SnapshotWindow window) : window_{window} {}
  /// Reads a line of the file's head; returns true once the rows begin with the next line.
  [[nodiscard]] virtual Result<bool> read_head(const CsvLine& line) = 0;
  /// The place of the column of times among a line's fields, known after the head.
  [[nodiscard]] virtual std::size_t time_place() const = 0;
  [[nodiscard]] virtual Result<market::RecordedSnapshot> decode(const SnapshotBlock& block) = 0;

 private:
  [[nodiscard]] Result<void> read_lines(market::SnapshotSink& sink);
  [[nodiscard]] Result<void> read_row(const CsvLine& line, market::SnapshotSink& sink);
  [[nodiscard]] Result<void> begin_block(const CsvLine& line, std::string_view time_text, market::SnapshotSink& sink);
  [[nodiscard]] Result<void> close_block(market::SnapshotSink& sink);

  SnapshotWindow window_;
  CsvLines lines_;
  bool in_rows_ = false;
  bool wants_more_ = true;
  // The block being gathered: its lines one after another, and where each begins.
  std::optional<UtcTime> time_;
  std::string time_text_;
  std::string text_;
  struct Place {
    std::uint64_t number;
    std::size_t begin;
    std::size_t size;
  };
  std::vector<Place> places_;
};

}  // namespace gimbal::venue
