// The bands of the strikes nearest to the money, and what they have in common.
#include "gimbal/surface/parity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "gimbal/market/contract_value.hpp"

namespace gimbal::surface {
namespace {

using market::MarketSnapshot;
using market::OptionRight;
using market::QuoteFlag;

// Pairs farther from the money have wider bands, and more of them are stale.
constexpr std::size_t pairs_most = 7;
// As many must refuse a forward on one side: fewer may be stale themselves.
constexpr std::size_t refusals_least = 4;

/// A strike with whichever of its two options was found.
struct Pair {
  double strike = 0.0;
  const market::Instrument* instrument = nullptr;
  double call_bid = 0.0, call_ask = 0.0;
  double put_bid = 0.0, put_ask = 0.0;
};

/// Forwards from `least` to `most`.
struct Band {
  double least = 0.0;
  double most = std::numeric_limits<double>::infinity();
};

Band band_of(const Pair& pair) {
  const double low = pair.call_bid - pair.put_ask;
  const double high = pair.call_ask - pair.put_bid;
  if (pair.instrument->payoff != market::Payoff::inverse) return {pair.strike + low, pair.strike + high};
  Band band;
  if (low < 1.0) band.least = pair.strike / (1.0 - low);
  if (high < 1.0) band.most = pair.strike / (1.0 - high);
  return band;
}

/// Strikes of which both options have both sides.
std::vector<Pair> quoted_pairs(const MarketSnapshot& snapshot, std::span<const std::size_t> rows) {
  std::vector<Pair> halves;
  for (const std::size_t row : rows) {
    if (!snapshot.has(row, QuoteFlag::bid) || !snapshot.has(row, QuoteFlag::ask)) continue;
    const market::Instrument& option = (*snapshot.universe)[snapshot.instrument[row]];
    const double bid = market::price_of(option, snapshot.bid[row]).to_double();
    const double ask = market::price_of(option, snapshot.ask[row]).to_double();
    Pair half{option.strike.to_double(), &option};
    if (option.right == OptionRight::call) {
      half.call_bid = bid, half.call_ask = ask;
    } else {
      half.put_bid = bid, half.put_ask = ask;
    }
    halves.push_back(half);
  }
  std::sort(halves.begin(), halves.end(), [](const Pair& a, const Pair& b) {
    return a.strike != b.strike ? a.strike < b.strike : a.call_ask > b.call_ask;  // The call first.
  });
  std::vector<Pair> pairs;
  for (std::size_t i = 1; i < halves.size(); ++i) {
    const Pair& call = halves[i - 1];
    const Pair& put = halves[i];
    if (call.strike != put.strike || call.call_ask == 0.0 || put.put_ask == 0.0) continue;
    if (call.instrument->payoff != put.instrument->payoff) continue;
    pairs.push_back(call);
    pairs.back().put_bid = put.put_bid;
    pairs.back().put_ask = put.put_ask;
  }
  return pairs;
}

}  // namespace

double forward_within_parity(const MarketSnapshot& snapshot, std::span<const std::size_t> rows, double forward) {
  std::vector<Pair> pairs = quoted_pairs(snapshot, rows);
  std::sort(pairs.begin(), pairs.end(), [forward](const Pair& a, const Pair& b) {
    const double from_a = std::fabs(a.strike - forward);
    const double from_b = std::fabs(b.strike - forward);
    return from_a != from_b ? from_a < from_b : a.strike < b.strike;
  });
  pairs.resize(std::min(pairs.size(), pairs_most));
  Band common;
  std::size_t below = 0;
  std::size_t above = 0;
  for (const Pair& pair : pairs) {
    const Band band = band_of(pair);
    below += forward < band.least ? 1U : 0U;
    above += forward > band.most ? 1U : 0U;
    common.least = std::max(common.least, band.least);
    common.most = std::min(common.most, band.most);
  }
  if (std::max(below, above) < refusals_least || !(common.least <= common.most)) return forward;
  return std::min(std::max(forward, common.least), common.most);
}

}  // namespace gimbal::surface
