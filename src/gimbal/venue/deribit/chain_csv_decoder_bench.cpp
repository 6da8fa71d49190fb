// Decoding of a recorded chain: the path that every command waits for first. A month holds about 200,000 rows in 120
// snapshots of 1,600; the text here is eight such snapshots, larger than the caches. Reading up to a late time skips
// snapshots as text, so the second benchmark must stay far above the first. A regression is felt by everyone who types
// --at. The baseline does what a first draft does: it splits each line by a stream and parses each name anew.
#include <benchmark/benchmark.h>

#include <array>
#include <sstream>

#include "gimbal/venue/deribit/chain_csv_decoder.hpp"
#include "gimbal/venue/deribit/instrument_name.hpp"

namespace gimbal::venue::deribit {
namespace {

constexpr int snapshots = 8;
constexpr std::array expiries{"3FEB26", "6FEB26", "13FEB26", "27FEB26", "27MAR26", "26JUN26", "25SEP26", "25DEC26"};
constexpr int strikes = 100;
constexpr std::int64_t rows = std::int64_t{snapshots} * expiries.size() * strikes * 2;

const std::string& chain_text() {
  static const std::string text = [] {
    std::string made =
        "timestamp,instrument_name,underlying_name,underlying,index_price,bid_price,ask_price,mark_price,"
        "implied_volatility,delta,vega,open_interest,volume,volume_usd\n";
    for (int snapshot = 0; snapshot < snapshots; ++snapshot)
      for (const char* expiry : expiries)
        for (int strike = 0; strike < strikes; ++strike)
          for (const char right : {'C', 'P'})
            made += fmt::format(
                "2026-02-01T{:02}:54:02.172460+00:00,BTC-{}-{}-{},BTC-{},78938.{:014},78952.{:02},0.{:04},0.{:04},"
                "0.0{:07},0.{:04},0.5123,12.25,118.2,0.1,812.55\n",
                snapshot * 3, expiry, 40'000 + 1'000 * strike, right, expiry, 31'701'706'14 + strike, strike % 100,
                5 * strike, 5 * strike + 10, 1'234'567 + strike, 4'000 + strike);
    return made;
  }();
  return text;
}

class Counter final : public market::SnapshotSink {
 public:
  bool take(market::RecordedSnapshot&& snapshot) override {
    ++snapshots_taken;
    for (const market::RecordedQuote& quote : snapshot.quotes) checksum += quote.mark_price.value_or(0.0);
    return true;
  }
  std::int64_t snapshots_taken = 0;
  double checksum = 0.0;
};

void decode(benchmark::State& state, SnapshotWindow window) {
  const std::string& text = chain_text();
  double checksum = 0.0;
  for (auto _ : state) {
    Counter counter;
    const auto decoder = chain_csv_decoder(window);
    constexpr std::size_t chunk = std::size_t{1} << 18U;  // what decompression hands over at once
    for (std::size_t at = 0; at < text.size(); at += chunk)
      if (!decoder->feed(std::string_view{text}.substr(at, chunk), counter)) state.SkipWithError("refused");
    if (!decoder->finish(counter)) state.SkipWithError("refused");
    checksum = counter.checksum;
  }
  state.SetItemsProcessed(state.iterations() * rows);
  state.counters["checksum"] = checksum;
}

void BM_DecodeEverySnapshot(benchmark::State& state) { decode(state, {}); }
BENCHMARK(BM_DecodeEverySnapshot)->Unit(benchmark::kMillisecond);

void BM_SkipToTheLastSnapshot(benchmark::State& state) { decode(state, {*parse_utc("2027-01-01")}); }
BENCHMARK(BM_SkipToTheLastSnapshot)->Unit(benchmark::kMillisecond);

void BM_FirstDraft(benchmark::State& state) {
  const std::string& text = chain_text();
  double checksum = 0.0;
  for (auto _ : state) {
    checksum = 0.0;
    std::istringstream lines{text};
    std::string line;
    std::getline(lines, line);
    std::vector<market::RecordedQuote> quotes;
    while (std::getline(lines, line)) {
      std::istringstream stream{line};
      std::vector<std::string> fields;
      for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
      market::RecordedQuote& quote = quotes.emplace_back();
      quote.instrument = *parse_instrument_name(fields[1]);
      quote.bid_price = *Decimal::parse(fields[5]);
      quote.ask_price = *Decimal::parse(fields[6]);
      quote.mark_price = std::stod(fields[7]);
      quote.mark_volatility = std::stod(fields[8]);
      quote.forward = std::stod(fields[3]);
      checksum += *quote.mark_price;
    }
  }
  state.SetItemsProcessed(state.iterations() * rows);
  state.counters["checksum"] = checksum;
}
BENCHMARK(BM_FirstDraft)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gimbal::venue::deribit

BENCHMARK_MAIN();
