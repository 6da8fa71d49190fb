// What the tests of every decoder do: feed a text in pieces, keep the snapshots, compare them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gimbal/market/recorded.hpp"

namespace gimbal::venue::internal {

/// Keeps snapshots until it has as many as it wants.
class Collector final : public market::SnapshotSink {
 public:
  explicit Collector(std::size_t wanted = 1000) : wanted_{wanted} {}
  bool take(market::RecordedSnapshot&& snapshot) override {
    snapshots.push_back(std::move(snapshot));
    return snapshots.size() < wanted_;
  }
  std::vector<market::RecordedSnapshot> snapshots;

 private:
  std::size_t wanted_;
};

/// The snapshots of a text that is fed in pieces of that many bytes.
inline Result<std::vector<market::RecordedSnapshot>> collected(market::SnapshotDecoder& decoder, std::string_view text,
                                                               std::size_t piece) {
  Collector collector;
  for (std::size_t at = 0; at < text.size(); at += piece)
    if (const auto fed = decoder.feed(text.substr(at, piece), collector); !fed) return Unexpected{fed.error()};
  if (const auto finished = decoder.finish(collector); !finished) return Unexpected{finished.error()};
  return std::move(collector.snapshots);
}

inline bool same(const market::RecordedQuote& a, const market::RecordedQuote& b) {
  return a.instrument == b.instrument && a.bid_price == b.bid_price && a.ask_price == b.ask_price &&
         a.bid_size == b.bid_size && a.ask_size == b.ask_size && a.mark_price == b.mark_price &&
         a.mark_volatility == b.mark_volatility && a.forward == b.forward && a.funding_rate_8h == b.funding_rate_8h &&
         a.assumed == b.assumed;
}

inline bool same(const std::vector<market::RecordedSnapshot>& a, const std::vector<market::RecordedSnapshot>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    const bool quotes = std::equal(x.quotes.begin(), x.quotes.end(), y.quotes.begin(), y.quotes.end(),
                                   [](const auto& p, const auto& q) { return same(p, q); });
    const bool indices = std::equal(x.indices.begin(), x.indices.end(), y.indices.begin(), y.indices.end(),
                                    [](const auto& p, const auto& q) {
                                      return p.asset == q.asset && p.price == q.price && p.assumed == q.assumed;
                                    });
    return x.time == y.time && x.rows == y.rows && x.unsupported == y.unsupported && x.stale == y.stale && quotes &&
           indices;
  });
}

}  // namespace gimbal::venue::internal
