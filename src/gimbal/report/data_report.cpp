// Snapshots added up as they come, and what can only be said at their end: spacing, gaps, instruments.
#include "gimbal/report/data_report.hpp"

#include <algorithm>

#include "gimbal/report/internal/quality_fields.hpp"

namespace gimbal::report {
namespace {

std::vector<DataGap> spans_between(const std::vector<UtcTime>& times) {
  std::vector<DataGap> spans;
  for (std::size_t i = 1; i < times.size(); ++i) spans.push_back({times[i - 1], times[i]});
  return spans;
}

// The lower median.
Duration median_length(const std::vector<DataGap>& spans) {
  std::vector<Duration> lengths;
  for (const DataGap& span : spans) lengths.push_back(span.to - span.from);
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>((lengths.size() - 1) / 2);
  std::nth_element(lengths.begin(), middle, lengths.end());
  return *middle;
}

void count(const market::Instrument& instrument, UnderlyingData& data) {
  switch (instrument.kind) {
    case market::InstrumentKind::option: ++data.options; break;
    case market::InstrumentKind::future: ++data.futures; break;
    case market::InstrumentKind::perpetual: ++data.perpetuals; break;
    case market::InstrumentKind::spot: ++data.spot_pairs; break;
  }
}

}  // namespace

void DataTally::add(const market::MarketSnapshot& snapshot) {
  if (times_.empty() || snapshot.quality.two_sided < sums_.worst_quality.two_sided) {
    sums_.worst = snapshot.time;
    sums_.worst_quality = snapshot.quality;
  }
  for (const internal::QualityField& field : internal::quality_fields)
    sums_.quality.*field.count += snapshot.quality.*field.count;
  times_.push_back(snapshot.time);
  universe_ = snapshot.universe;
  add_indices(snapshot);
}

void DataTally::add_indices(const market::MarketSnapshot& snapshot) {
  by_asset_.resize(snapshot.index_price.size());
  for (std::size_t i = 0; i < by_asset_.size(); ++i) {
    const std::optional<Decimal>& price = snapshot.index_price[i];
    if (!price) continue;
    UnderlyingData& data = by_asset_[i];
    if (data.snapshots++ == 0) data.index_first = data.index_lowest = data.index_highest = *price;
    data.index_last = *price;
    data.index_lowest = std::min(data.index_lowest, *price);
    data.index_highest = std::max(data.index_highest, *price);
  }
}

DataReport DataTally::report(std::string format) const {
  GIMBAL_ASSERT(!times_.empty());
  DataReport report = sums_;
  report.format = std::move(format);
  report.snapshots = times_.size();
  report.from = times_.front();
  report.to = times_.back();
  if (std::vector<DataGap> spans = spans_between(times_); !spans.empty()) {
    const Duration median = median_length(spans);
    const double longest = gap_spacings * static_cast<double>(median.count());
    report.spacing = median;
    for (const DataGap& span : spans)
      if (static_cast<double>((span.to - span.from).count()) > longest) report.gaps.push_back(span);
    std::stable_sort(report.gaps.begin(), report.gaps.end(),
                     [](const DataGap& a, const DataGap& b) { return a.to - a.from > b.to - b.from; });
  }
  std::vector<UnderlyingData> by_asset = by_asset_;
  for (std::size_t i = 0; i < universe_->size(); ++i) {
    const auto id = static_cast<market::InstrumentId>(i);
    const market::Instrument& instrument = (*universe_)[id];
    count(instrument, by_asset[market::raw(universe_->underlying(id))]);
    if (std::find(report.venues.begin(), report.venues.end(), instrument.venue) == report.venues.end())
      report.venues.push_back(instrument.venue);
  }
  for (std::size_t i = 0; i < by_asset.size(); ++i) {
    UnderlyingData& data = by_asset[i];
    if (data.options + data.futures + data.perpetuals + data.spot_pairs == 0) continue;
    data.asset = universe_->asset(static_cast<market::AssetId>(i)).code.str();
    report.underlyings.push_back(std::move(data));
  }
  return report;
}

}  // namespace gimbal::report
