// From rows of a chain to a recorded snapshot. Names repeat in every snapshot, so instruments are parsed once and
// copied.
#include "gimbal/venue/deribit/chain_csv_decoder.hpp"

#include <algorithm>
#include <array>

#include "gimbal/venue/deribit/chain_underlying.hpp"
#include "gimbal/venue/deribit/instrument_name.hpp"
#include "gimbal/venue/instrument_table.hpp"

namespace gimbal::venue::deribit {
namespace {

using market::Instrument;
using market::RecordedQuote;
using market::RecordedSnapshot;

enum Column : std::size_t {
  timestamp,
  instrument_name,
  underlying_name,
  underlying,
  index_price,
  bid_price,
  ask_price,
  mark_price,
  implied_volatility,
};
constexpr std::array<std::string_view, 9> column_names{"timestamp",  "instrument_name", "underlying_name",
                                                       "underlying", "index_price",     "bid_price",
                                                       "ask_price",  "mark_price",      "implied_volatility"};

// Values of which the median is wanted, each with the line it stands on.
struct MedianRow {
  double value;
  std::size_t row;
  friend bool operator<(const MedianRow& a, const MedianRow& b) {
    return a.value < b.value || (a.value == b.value && a.row < b.row);
  }
};

// The row of the lower median; rearranges the values.
MedianRow median(std::vector<MedianRow>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// One currency's index prices.
struct CurrencyRows {
  market::AssetCode asset;
  std::vector<MedianRow> index_prices;
};

struct FutureRows {
  const Instrument* future = nullptr;
  std::string name;
  std::vector<MedianRow> forwards;
};

class ChainCsvDecoder final : public SnapshotCsvDecoder {
 public:
  explicit ChainCsvDecoder(SnapshotWindow window) : SnapshotCsvDecoder{window} {}

 private:
  Result<bool> read_head(const CsvLine& line) override {
    auto header = CsvHeader::read(line, column_names);
    if (!header) return Unexpected{header.error()};
    header_ = *std::move(header);
    return true;
  }

  [[nodiscard]] std::size_t time_place() const override { return header_.place(timestamp); }

  Result<RecordedSnapshot> decode(const SnapshotBlock& block) override {
    RecordedSnapshot snapshot;
    snapshot.time = block.time;
    snapshot.rows = block.lines.size();
    snapshot.quotes.reserve(block.lines.size() + 2);
    currencies_.clear();
    futures_.clear();
    for (std::size_t row = 0; row < block.lines.size(); ++row)
      if (const auto read = read_row(block.lines[row], row, snapshot); !read) return Unexpected{read.error()};
    if (const auto given = give_indices(block, snapshot); !given) return Unexpected{given.error()};
    return give_assumed(std::move(snapshot));
  }

  Result<void> read_row(const CsvLine& line, std::size_t row, RecordedSnapshot& snapshot) {
    if (const auto split = fields_.split(line, header_); !split) return split;
    const CsvRecord record{header_, line, fields_};
    const auto instrument = instruments_.find(record.text(instrument_name));
    if (!instrument) return record.refused(instrument_name, instrument.error().code, instrument.error().message);
    if (!(*instrument)->is_option() || (*instrument)->payoff != market::Payoff::inverse)
      return record.refused(instrument_name, ErrorCode::parse,
                            fmt::format("'{}' is not an inverse option", record.text(instrument_name)));
    RecordedQuote& quote = snapshot.quotes.emplace_back();
    quote.instrument = **instrument;
    if (const auto read = read_quote(record, quote); !read) return read;
    if (const auto noted = note_index(record, row, quote.instrument.underlying); !noted) return noted;
    return note_future(record, row, quote);
  }

  static Result<void> read_quote(const CsvRecord& record, RecordedQuote& quote) {
    const auto bid = record.decimal(bid_price);
    if (!bid) return Unexpected{bid.error()};
    const auto ask = record.decimal(ask_price);
    if (!ask) return Unexpected{ask.error()};
    const auto mark = record.real(mark_price);
    if (!mark) return Unexpected{mark.error()};
    const auto volatility = record.real(implied_volatility);
    if (!volatility) return Unexpected{volatility.error()};
    const auto forward = record.real(underlying);
    if (!forward) return Unexpected{forward.error()};
    quote.bid_price = *bid;
    quote.ask_price = *ask;
    quote.mark_price = *mark;
    quote.forward = *forward;
    quote.mark_volatility = mark_volatility(*volatility);
    return {};
  }

  Result<void> note_index(const CsvRecord& record, std::size_t row, const market::AssetCode& asset) {
    auto currency = std::find_if(currencies_.begin(), currencies_.end(),
                                 [&](const CurrencyRows& rows) { return rows.asset == asset; });
    if (currency == currencies_.end()) currency = currencies_.insert(currency, CurrencyRows{asset, {}});
    const auto price = record.real(index_price);
    if (!price) return Unexpected{price.error()};
    if (*price) currency->index_prices.push_back(MedianRow{**price, row});
    return {};
  }

  // Options stand in order of expiry, so the future of the row before is nearly always this row's too.
  Result<void> note_future(const CsvRecord& record, std::size_t row, const RecordedQuote& quote) {
    const std::string_view name = record.text(underlying_name);
    if (!names_future(name)) return {};
    const auto known =
        std::find_if(futures_.rbegin(), futures_.rend(), [&](const FutureRows& rows) { return rows.name == name; });
    FutureRows* rows = known != futures_.rend() ? &*known : nullptr;
    if (rows == nullptr) {
      const auto future = named_future(name, instruments_);
      if (!future) return record.refused(underlying_name, future.error().code, future.error().message);
      rows = &futures_.emplace_back(FutureRows{*future, std::string{name}, {}});
    }
    if (quote.forward) rows->forwards.push_back(MedianRow{*quote.forward, row});
    return {};
  }

  Result<void> give_indices(const SnapshotBlock& block, RecordedSnapshot& snapshot) {
    for (CurrencyRows& currency : currencies_) {
      if (currency.index_prices.empty()) continue;
      // The text of the median's row gives the exact price.
      const CsvLine& line = block.lines[median(currency.index_prices).row];
      if (const auto split = fields_.split(line); !split) return split;
      const CsvRecord record{header_, line, fields_};
      const auto price = record.decimal(index_price);
      if (!price) return Unexpected{price.error()};
      if (**price <= Decimal{})
        return record.refused(index_price, ErrorCode::invalid_argument,
                              fmt::format("{} is not a price", (*price)->to_string()));
      snapshot.indices.push_back(market::RecordedIndex{currency.asset, **price});
    }
    return {};
  }

  Result<RecordedSnapshot> give_assumed(RecordedSnapshot snapshot) {
    for (FutureRows& rows : futures_) {
      snapshot.quotes.push_back(assumed_quote(*rows.future));
      if (!rows.forwards.empty()) snapshot.quotes.back().forward = median(rows.forwards).value;
    }
    for (const CurrencyRows& currency : currencies_) {
      const auto perpetual = instruments_.find(currency.asset.str() + "-PERPETUAL");
      if (!perpetual) return Unexpected{perpetual.error()};
      snapshot.quotes.push_back(assumed_quote(**perpetual));
    }
    return snapshot;
  }

  CsvHeader header_;
  CsvFields fields_;
  InstrumentTable instruments_{parse_instrument_name};
  std::vector<CurrencyRows> currencies_;
  std::vector<FutureRows> futures_;
};

}  // namespace

bool is_chain_csv(std::string_view first_bytes) {
  const std::string_view first_line = first_bytes.substr(0, first_bytes.find('\n'));
  return first_line.find(column_names[timestamp]) != std::string_view::npos &&
         first_line.find(column_names[instrument_name]) != std::string_view::npos;
}

std::unique_ptr<market::SnapshotDecoder> chain_csv_decoder(SnapshotWindow window) {
  return std::make_unique<ChainCsvDecoder>(window);
}

}  // namespace gimbal::venue::deribit
