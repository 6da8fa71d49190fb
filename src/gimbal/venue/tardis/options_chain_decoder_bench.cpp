// Decoding of Tardis' stream of changes: a day is tens of millions of rows behind gzip, and everyone who asks for a lap
// waits for all rows up to it, so a row must not cost much more than its decompression. The text here is ten minutes of
// 1,600 options, larger than the caches, with a snapshot a minute to keep the share of snapshots above a real day's.
// The baseline is the decoder of the chain that the venue itself prints, on as many rows of the same options: both read
// the numbers of every row, so the rates should stay of one size. Rows in which nothing is read that is not needed
// would be faster and would let damage pass.
#include <benchmark/benchmark.h>

#include <array>

#include "gimbal/venue/deribit/chain_csv_decoder.hpp"
#include "gimbal/venue/tardis/options_chain_decoder.hpp"

namespace gimbal::venue::tardis {
namespace {

struct Expiry {
  const char* name;
  const char* time;
};
constexpr std::array<Expiry, 8> expiries{{{"3FEB26", "2026-02-03"},
                                          {"6FEB26", "2026-02-06"},
                                          {"13FEB26", "2026-02-13"},
                                          {"27FEB26", "2026-02-27"},
                                          {"27MAR26", "2026-03-27"},
                                          {"26JUN26", "2026-06-26"},
                                          {"25SEP26", "2026-09-25"},
                                          {"25DEC26", "2026-12-25"}}};
constexpr int strikes = 100;
constexpr int passes = 10;
constexpr std::int64_t rows = std::int64_t{passes} * expiries.size() * strikes * 2;

// A row's place in the table.
struct Place {
  int pass;
  const Expiry& expiry;
  int strike;
  bool call;
  std::int64_t row;
};

// One row a pass of every option, in the words of `write(place)`.
template <class Write>
std::string table(std::string_view header, const Write& write) {
  std::string text{header};
  std::int64_t row = 0;
  for (int pass = 0; pass < passes; ++pass)
    for (const Expiry& expiry : expiries)
      for (int strike = 0; strike < strikes; ++strike)
        for (const bool call : {true, false}) text += write(Place{pass, expiry, strike, call, row++});
  return text;
}

const std::string& changes_text() {
  static const std::string text = table(
      "exchange,symbol,timestamp,local_timestamp,type,strike_price,expiration,open_interest,last_price,bid_price,"
      "bid_amount,bid_iv,ask_price,ask_amount,ask_iv,mark_price,mark_iv,underlying_index,underlying_price,delta,gamma,"
      "vega,theta,rho\n",
      [](const Place& place) {
        const auto& [pass, expiry, strike, call, row] = place;
        constexpr std::int64_t spacing_microseconds = 37'500;
        const std::int64_t received = 1'769'904'000'000'000 + row * spacing_microseconds;
        const std::int64_t expires = nanoseconds_of(*parse_utc(expiry.time) + std::chrono::hours{8}) / 1'000;
        return fmt::format(
            "deribit,BTC-{}-{}-{},{},{},{},{},{},112.5,0.0415,0.{:04},15.1,51.23,0.{:04},15.2,52.34,0.0{:07},51.{:02},"
            "BTC-{},78938.{:04},0.61752,0.00003,62.24964,-53.05655,22.79600\n",
            expiry.name, 40'000 + 1'000 * strike, call ? 'C' : 'P', received - 12'000, received, call ? "call" : "put",
            40'000 + 1'000 * strike, expires, 5 * strike, 5 * strike + 10, 1'234'567 + strike, strike % 100,
            expiry.name, 3'170 + strike);
      });
  return text;
}

const std::string& chain_text() {
  static const std::string text = table(
      "timestamp,instrument_name,underlying_name,underlying,index_price,bid_price,ask_price,mark_price,"
      "implied_volatility,delta,vega,open_interest,volume,volume_usd\n",
      [](const Place& place) {
        const auto& [pass, expiry, strike, call, row] = place;
        return fmt::format(
            "2026-02-01T00:{:02}:00.172460+00:00,BTC-{}-{}-{},BTC-{},78938.{:04},78952.{:02},0.{:04},0.{:04},0.0{:07},"
            "0.51{:02},0.5123,12.25,118.2,0.1,812.55\n",
            pass, expiry.name, 40'000 + 1'000 * strike, call ? 'C' : 'P', expiry.name, 3'170 + strike, strike % 100,
            5 * strike, 5 * strike + 10, 1'234'567 + strike, strike % 100);
      });
  return text;
}

class Counter final : public market::SnapshotSink {
 public:
  bool take(market::RecordedSnapshot&& snapshot) override {
    for (const market::RecordedQuote& quote : snapshot.quotes) checksum += quote.mark_price.value_or(0.0);
    return true;
  }
  double checksum = 0.0;
};

template <class MakeDecoder>
void decode(benchmark::State& state, const std::string& text, const MakeDecoder& make) {
  double checksum = 0.0;
  for (auto _ : state) {
    Counter counter;
    const std::unique_ptr<market::SnapshotDecoder> decoder = make();
    constexpr std::size_t chunk = std::size_t{1} << 18U;  // what decompression hands over at once
    for (std::size_t at = 0; at < text.size(); at += chunk)
      if (const auto fed = decoder->feed(std::string_view{text}.substr(at, chunk), counter); !fed)
        return state.SkipWithError(fed.error().message.c_str());
    if (const auto finished = decoder->finish(counter); !finished)
      return state.SkipWithError(finished.error().message.c_str());
    checksum = counter.checksum;
  }
  state.SetItemsProcessed(state.iterations() * rows);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.counters["checksum"] = checksum;
}

void BM_Changes(benchmark::State& state) {
  SnapshotWindow window;
  window.sampling_interval = std::chrono::minutes{1};
  decode(state, changes_text(), [&] { return options_chain_decoder(window); });
}
BENCHMARK(BM_Changes)->Unit(benchmark::kMillisecond);

void BM_ChainOfTheVenue(benchmark::State& state) {
  decode(state, chain_text(), [] { return deribit::chain_csv_decoder(); });
}
BENCHMARK(BM_ChainOfTheVenue)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gimbal::venue::tardis

BENCHMARK_MAIN();
