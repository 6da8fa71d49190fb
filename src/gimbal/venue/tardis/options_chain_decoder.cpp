// The state of a chain, row by row, and a picture of it at regular times.
#include "gimbal/venue/tardis/options_chain_decoder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>
#include <utility>

#include "gimbal/venue/csv_record.hpp"
#include "gimbal/venue/deribit/chain_underlying.hpp"
#include "gimbal/venue/deribit/instrument_name.hpp"

namespace gimbal::venue::tardis {
namespace {

using market::Instrument;
using market::RecordedQuote;
using market::RecordedSnapshot;

enum Column : std::size_t {
  exchange,
  symbol,
  timestamp,
  local_timestamp,
  type,
  strike_price,
  expiration,
  bid_price,
  bid_amount,
  ask_price,
  ask_amount,
  mark_price,
  mark_iv,
  underlying_index,
  underlying_price,
};
constexpr std::array<std::string_view, 15> column_names{
    "exchange",     "symbol",     "timestamp", "local_timestamp",  "type",
    "strike_price", "expiration", "bid_price", "bid_amount",       "ask_price",
    "ask_amount",   "mark_price", "mark_iv",   "underlying_index", "underlying_price"};

constexpr std::string_view exchange_read = "deribit";
constexpr double percents = 100.0;

// What is known of an option: its last row.
struct Option {
  std::string symbol;
  bool traded = false;  // else it is counted, and nothing more is known of it
  UtcTime expiry;
  UtcTime heard;  // the exchange's time of the last row
  RecordedQuote quote;
  std::optional<Decimal> underlying;   // the exact price of
  std::string underlying_name;         // what the last row names,
  const Instrument* future = nullptr;  // if it is a future
  std::array<std::string, 3> terms;    // the columns that repeat what the symbol says, as they were checked
};

// Who gives the price of an index: the better one stays.
struct IndexSource {
  market::AssetCode asset;
  bool is_index = false;
  bool inverse = false;
  UtcTime expiry;
  UtcTime heard;
  Decimal price;

  [[nodiscard]] bool better_than(const IndexSource& other) const {
    if (is_index != other.is_index) return is_index;
    if (inverse != other.inverse) return inverse;
    if (!is_index && expiry != other.expiry) return expiry < other.expiry;
    return heard > other.heard;
  }
};

// A future that options name as their underlying, with the latest of their prices.
struct NamedFuture {
  const Instrument* future = nullptr;
  UtcTime heard;
  std::optional<double> forward;
};

Result<UtcTime> time_of(const CsvRecord& record, Column column) {
  const std::string_view text = record.text(column);
  std::int64_t microseconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, microseconds);
  if (error != std::errc{} || stop != end)
    return record.refused(column, ErrorCode::parse,
                          fmt::format("'{}' is not a count of microseconds since 1970", text));
  const auto time = parse_utc_microseconds(microseconds);
  if (!time) return record.refused(column, ErrorCode::parse, time.error().message);
  return *time;
}

// Contracts in an amount of coins.
std::optional<Decimal> contracts_in(const std::optional<Decimal>& coins, const Instrument& instrument) {
  if (!coins || instrument.contract_size == Decimal{1}) return coins;
  const Decimal lot_coins = instrument.contract_size * instrument.lot;
  return instrument.lot * Decimal{rounded_multiple(*coins, lot_coins, Rounding::down)};
}

// The first multiple of a step that is not before a time.
UtcTime multiple_from(UtcTime time, Duration step) {
  const Duration past = time.time_since_epoch() % step;
  return past > Duration{} ? time + (step - past) : time - past;
}

class OptionsChainDecoder final : public market::SnapshotDecoder {
 public:
  explicit OptionsChainDecoder(SnapshotWindow window) : window_{window}, wanted_{window} {
    GIMBAL_ASSERT(window.sampling_interval > Duration{});
    GIMBAL_ASSERT(window.sampling_interval <= std::chrono::days{1});
  }

  Result<void> feed(std::string_view bytes, market::SnapshotSink& sink) override {
    if (!wants_more()) return {};
    lines_.feed(bytes);
    while (wants_more()) {
      const auto line = lines_.next();
      if (!line) return Unexpected{line.error()};
      if (!line->has_value()) return {};
      if (const auto read = read_line(**line, sink); !read) return read;
    }
    return {};
  }

  Result<void> finish(market::SnapshotSink& sink) override {
    if (!wants_more()) return {};
    if (const auto cut = lines_.unfinished()) return cut_short(*cut);
    if (!received_) return fail(ErrorCode::missing_data, "no rows: the file holds no snapshot");
    if (const auto taken = take_snapshot(*received_, sink); !taken) return taken;
    wanted_.finish(sink);
    return {};
  }

  [[nodiscard]] bool wants_more() const override { return wanted_.wants_more(); }

 private:
  [[nodiscard]] Unexpected cut_short(const CsvLine& line) const {
    const auto place = static_cast<std::size_t>(std::count(line.text.begin(), line.text.end(), ','));
    const auto columns = header_.columns();
    const std::string field = place < columns.size() ? fmt::format("field '{}': ", columns[place]) : std::string{};
    return fail(ErrorCode::parse, "line {}: {}the file ends here without a line break: it is cut short", line.number,
                field);
  }

  Result<void> read_line(const CsvLine& line, market::SnapshotSink& sink) {
    if (head_.empty()) {
      auto header = CsvHeader::read(line, column_names);
      if (!header) return Unexpected{header.error()};
      header_ = *std::move(header);
      head_ = line.text;
      return {};
    }
    if (line.text == head_) return {};  // a further day's file behind the first
    if (const auto split = fields_.split(line, header_); !split) return split;
    return read_row(CsvRecord{header_, line, fields_}, sink);
  }

  Result<void> read_row(const CsvRecord& record, market::SnapshotSink& sink) {
    if (record.text(exchange) != exchange_read)
      return record.refused(
          exchange, ErrorCode::unsupported,
          fmt::format("chains of '{}' are not read, those of '{}' are", record.text(exchange), exchange_read));
    const auto received = time_of(record, local_timestamp);
    if (!received) return Unexpected{received.error()};
    const auto stated = time_of(record, timestamp);
    if (!stated) return Unexpected{stated.error()};
    if (const auto checked = check_times(record, *received, *stated); !checked) return checked;
    if (const auto taken = take_snapshots_before(*received, sink); !taken || !wants_more()) return taken;
    received_ = *received;
    ++rows_;
    const auto option = option_of(record);
    if (!option) return Unexpected{option.error()};
    if ((*option)->traded) return read_quote(record, *stated, **option);
    ++unsupported_;
    return {};
  }

  [[nodiscard]] Result<void> check_times(const CsvRecord& record, UtcTime received, UtcTime stated) const {
    if (received_ && received < *received_)
      return record.refused(local_timestamp, ErrorCode::invalid_argument,
                            fmt::format("time goes back from {} to {}", format_utc(*received_), format_utc(received)));
    if (const auto past = check_recorded_time(received, window_); !past)
      return record.refused(local_timestamp, past.error().code, past.error().message);
    if (stated > received + clock_tolerance)
      return record.refused(
          timestamp, ErrorCode::invalid_argument,
          fmt::format("{} lies after {}, when it was received", format_utc(stated), format_utc(received)));
    return {};
  }

  // The option of a row, its columns in agreement with its name.
  Result<Option*> option_of(const CsvRecord& record) {
    const auto known = by_symbol_.find(record.text(symbol));
    if (known == by_symbol_.end()) return new_option(record);
    if (const auto agreed = check_terms(record, *known->second); !agreed) return Unexpected{agreed.error()};
    return known->second;
  }

  Result<Option*> new_option(const CsvRecord& record) {
    if (options_.size() == options_max)
      return record.refused(symbol, ErrorCode::limit_exceeded,
                            fmt::format("more than {} options are alive at one time", options_max));
    auto option = std::make_unique<Option>();
    option->symbol = record.text(symbol);
    auto instrument = deribit::parse_instrument_name(option->symbol);
    if (instrument && !instrument->is_option())
      return record.refused(symbol, ErrorCode::parse, fmt::format("'{}' is not an option", option->symbol));
    if (instrument) {
      option->traded = true;
      option->expiry = *instrument->expiry;
      option->quote.instrument = *std::move(instrument);
    } else if (instrument.error().code == ErrorCode::unsupported) {
      const auto expiry = time_of(record, expiration);
      if (!expiry) return Unexpected{expiry.error()};
      option->expiry = *expiry;
    } else {
      return record.refused(symbol, instrument.error().code, instrument.error().message);
    }
    if (const auto agreed = check_terms(record, *option); !agreed) return Unexpected{agreed.error()};
    by_symbol_.emplace(option->symbol, option.get());
    return options_.emplace_back(std::move(option)).get();
  }

  // Rows of an option repeat these columns to the letter, so they are read once.
  static Result<void> check_terms(const CsvRecord& record, Option& option) {
    constexpr std::array columns{type, strike_price, expiration};
    const auto same = [&](std::size_t i) { return option.terms[i] == record.text(columns[i]); };
    if (!option.traded || (same(0) && same(1) && same(2))) return {};
    const Instrument& instrument = option.quote.instrument;
    const auto contradicts = [&](Column column, const std::string& said) {
      return record.refused(
          column, ErrorCode::invalid_argument,
          fmt::format("'{}' where the symbol '{}' says {}", record.text(column), record.text(symbol), said));
    };
    if (record.text(type) != market::to_string(instrument.right))
      return contradicts(type, market::to_string(instrument.right));
    const auto strike = record.decimal(strike_price);
    if (!strike) return Unexpected{strike.error()};
    if (!*strike || **strike != instrument.strike) return contradicts(strike_price, instrument.strike.to_string());
    const auto expiry = time_of(record, expiration);
    if (!expiry) return Unexpected{expiry.error()};
    if (*expiry != *instrument.expiry) return contradicts(expiration, format_utc(*instrument.expiry));
    for (std::size_t i = 0; i < columns.size(); ++i) option.terms[i] = record.text(columns[i]);
    return {};
  }

  Result<void> read_quote(const CsvRecord& record, UtcTime stated, Option& option) {
    const auto bid = record.decimal(bid_price);
    if (!bid) return Unexpected{bid.error()};
    const auto bid_coins = record.decimal(bid_amount);
    if (!bid_coins) return Unexpected{bid_coins.error()};
    const auto ask = record.decimal(ask_price);
    if (!ask) return Unexpected{ask.error()};
    const auto ask_coins = record.decimal(ask_amount);
    if (!ask_coins) return Unexpected{ask_coins.error()};
    const auto mark = record.real(mark_price);
    if (!mark) return Unexpected{mark.error()};
    const auto percent = record.real(mark_iv);
    if (!percent) return Unexpected{percent.error()};
    const auto underlying = record.decimal(underlying_price);
    if (!underlying) return Unexpected{underlying.error()};
    if (const auto named = read_underlying(record, option); !named) return named;
    option.heard = stated;
    option.underlying = *underlying && **underlying > Decimal{} ? *underlying : std::nullopt;
    RecordedQuote& quote = option.quote;
    quote.bid_price = *bid;
    quote.bid_size = contracts_in(*bid_coins, quote.instrument);
    quote.ask_price = *ask;
    quote.ask_size = contracts_in(*ask_coins, quote.instrument);
    quote.mark_price = *mark;
    quote.mark_volatility =
        deribit::mark_volatility(*percent ? std::optional<double>{**percent / percents} : std::nullopt);
    quote.forward = option.underlying ? std::optional<double>{option.underlying->to_double()} : std::nullopt;
    return {};
  }

  Result<void> read_underlying(const CsvRecord& record, Option& option) {
    const std::string_view name = record.text(underlying_index);
    if (name == option.underlying_name) return {};
    option.future = nullptr;
    if (deribit::names_future(name)) {
      const auto future = deribit::named_future(name, instruments_);
      if (!future) return record.refused(underlying_index, future.error().code, future.error().message);
      option.future = *future;
    }
    option.underlying_name = name;
    return {};
  }

  // Takes what is due before a row that is received at `time`.
  Result<void> take_snapshots_before(UtcTime time, market::SnapshotSink& sink) {
    if (!received_) due_ = multiple_from(time, window_.sampling_interval);
    while (due_ < time) {
      if (*received_ + quote_age_max < due_) {
        due_ = multiple_from(time, window_.sampling_interval);
        return {};
      }
      if (const auto taken = take_snapshot(due_, sink); !taken || !wants_more()) return taken;
      due_ += window_.sampling_interval;
    }
    return {};
  }

  Result<void> take_snapshot(UtcTime time, market::SnapshotSink& sink) {
    RecordedSnapshot snapshot;
    snapshot.time = time;
    snapshot.rows = std::exchange(rows_, 0);
    snapshot.unsupported = std::exchange(unsupported_, 0);
    std::vector<IndexSource> indices;
    std::vector<NamedFuture> futures;
    std::vector<std::string> perpetuals;
    for (const auto& option : options_) {
      if (!option->traded) continue;
      const bool expired = option->expiry <= time;
      if (!expired && option->heard + quote_age_max < time) {
        ++snapshot.stale;
        continue;
      }
      snapshot.quotes.push_back(option->quote);
      if (expired) continue;
      note_index(*option, indices);
      note_future(*option, futures);
      note_perpetual(option->quote.instrument, perpetuals);
    }
    for (const IndexSource& index : indices)
      snapshot.indices.push_back(market::RecordedIndex{index.asset, index.price, !index.is_index});
    for (const NamedFuture& named : futures) {
      snapshot.quotes.push_back(deribit::assumed_quote(*named.future));
      snapshot.quotes.back().forward = named.forward;
    }
    for (const std::string& name : perpetuals) {
      const auto perpetual = instruments_.find(name);
      if (!perpetual) return Unexpected{perpetual.error()};
      snapshot.quotes.push_back(deribit::assumed_quote(**perpetual));
    }
    forget_expired(time);
    return wanted_.pass(std::move(snapshot), sink);
  }

  static void note_index(const Option& option, std::vector<IndexSource>& indices) {
    if (!option.underlying) return;
    const IndexSource source{.asset = option.quote.instrument.underlying,
                             .is_index = option.underlying_name == deribit::index_underlying,
                             .inverse = option.quote.instrument.payoff == market::Payoff::inverse,
                             .expiry = option.expiry,
                             .heard = option.heard,
                             .price = *option.underlying};
    const auto known = std::find_if(indices.begin(), indices.end(),
                                    [&](const IndexSource& index) { return index.asset == source.asset; });
    if (known == indices.end()) {
      indices.push_back(source);
    } else if (source.better_than(*known)) {
      *known = source;
    }
  }

  static void note_future(const Option& option, std::vector<NamedFuture>& futures) {
    if (option.future == nullptr) return;
    auto known = std::find_if(futures.begin(), futures.end(),
                              [&](const NamedFuture& named) { return named.future == option.future; });
    if (known == futures.end()) known = futures.insert(known, NamedFuture{option.future, option.heard, std::nullopt});
    if (!option.quote.forward || (known->forward && option.heard <= known->heard)) return;
    known->heard = option.heard;
    known->forward = option.quote.forward;
  }

  static void note_perpetual(const Instrument& option, std::vector<std::string>& perpetuals) {
    Instrument perpetual;
    perpetual.kind = market::InstrumentKind::perpetual;
    perpetual.payoff = option.payoff;
    perpetual.underlying = option.underlying;
    perpetual.quote = option.quote;
    std::string name = deribit::venue_name(perpetual);
    if (std::find(perpetuals.begin(), perpetuals.end(), name) == perpetuals.end())
      perpetuals.push_back(std::move(name));
  }

  void forget_expired(UtcTime time) {
    const auto expired = [time](const std::unique_ptr<Option>& option) { return option->expiry <= time; };
    for (const auto& option : options_)
      if (expired(option)) by_symbol_.erase(option->symbol);
    options_.erase(std::remove_if(options_.begin(), options_.end(), expired), options_.end());
  }

  SnapshotWindow window_;
  WantedSnapshots wanted_;
  CsvLines lines_;
  std::string head_;  // the header's text
  CsvHeader header_;
  CsvFields fields_;
  InstrumentTable instruments_{deribit::parse_instrument_name};  // futures and perpetuals
  std::vector<std::unique_ptr<Option>> options_;                 // by their first row
  std::unordered_map<std::string_view, Option*> by_symbol_;      // looked up, never iterated over
  std::optional<UtcTime> received_;                              // of the last row
  UtcTime due_;                                                  // of the next snapshot
  std::uint64_t rows_ = 0;                                       // since the last snapshot
  std::uint64_t unsupported_ = 0;
};

}  // namespace

bool is_options_chain(std::string_view first_bytes) {
  const std::string_view first_line = first_bytes.substr(0, first_bytes.find('\n'));
  return first_line.find(column_names[local_timestamp]) != std::string_view::npos;
}

std::unique_ptr<market::SnapshotDecoder> options_chain_decoder(SnapshotWindow window) {
  return std::make_unique<OptionsChainDecoder>(window);
}

}  // namespace gimbal::venue::tardis
