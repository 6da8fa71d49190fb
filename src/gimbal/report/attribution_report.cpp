// Sums over the lines of an attribution, exact like the lines.
#include "gimbal/report/attribution_report.hpp"

#include <algorithm>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/portfolio/attribution.hpp"

namespace gimbal::report {
namespace {

// Places of words in the order of their enumerations; words of neither come last.
int place_of_item(const std::string& item) {
  for (int place = 0; place < portfolio::attribution_item_count; ++place)
    if (item == portfolio::to_string(static_cast<portfolio::AttributionItem>(place))) return place;
  return portfolio::attribution_item_count;
}
std::size_t place_of_bucket(const std::string& bucket) {
  std::size_t place = 0;
  while (place < portfolio::expiry_buckets.size() && bucket != portfolio::to_string(portfolio::expiry_buckets[place]))
    ++place;
  return place;
}

void merge(std::vector<AttributionLine>& into, const std::vector<AttributionLine>& lines) {
  for (const AttributionLine& line : lines) {
    const auto same = std::find_if(into.begin(), into.end(), [&line](const AttributionLine& known) {
      return known.item == line.item && known.asset == line.asset && known.bucket == line.bucket;
    });
    if (same == into.end()) {
      into.push_back(line);
    } else {
      same->amount = same->amount + line.amount;
    }
  }
  std::stable_sort(into.begin(), into.end(), stands_before);
}

}  // namespace

bool stands_before(const AttributionLine& a, const AttributionLine& b) {
  if (a.item != b.item) return place_of_item(a.item) < place_of_item(b.item);
  if (a.asset != b.asset) return a.asset < b.asset;
  return place_of_bucket(a.bucket) < place_of_bucket(b.bucket);
}

Decimal amount_of(const AttributionReport& attribution, std::string_view item) {
  if (item == "residual") return attribution.residual;
  Decimal sum;
  for (const AttributionLine& line : attribution.lines)
    if (line.item == item) sum = sum + line.amount;
  return sum;
}

Decimal last_day_amount(const AttributionReport& attribution) {
  Decimal sum;
  for (const AttributionLine& line : attribution.last_day) sum = sum + line.amount;
  return sum;
}

AttributionReport joined(std::span<const AttributionReport> intervals) {
  GIMBAL_ASSERT(!intervals.empty());
  AttributionReport whole;
  whole.from = intervals.front().from;
  whole.to = intervals.back().to;
  whole.equity_from = intervals.front().equity_from;
  whole.equity_to = intervals.back().equity_to;
  whole.deposits = whole.equity_to - whole.equity_from;
  for (const AttributionReport& interval : intervals) {
    whole.deposits = whole.deposits - interval.change();
    whole.residual = whole.residual + interval.residual;
    merge(whole.lines, interval.lines);
    merge(whole.last_day, interval.last_day);
  }
  return whole;
}

}  // namespace gimbal::report
