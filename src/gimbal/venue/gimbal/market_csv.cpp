// Encoder and decoder of the table, sharing its columns.
#include "gimbal/venue/gimbal/market_csv.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gimbal/venue/deribit/instrument_name.hpp"
#include "gimbal/venue/instrument_table.hpp"

namespace gimbal::venue {
namespace {

using market::RecordedQuote;
using market::RecordedSnapshot;

enum Column : std::size_t {
  time,
  instrument,
  index_price,
  forward,
  bid_price,
  bid_size,
  ask_price,
  ask_size,
  mark_price,
  mark_volatility,
  funding_rate_8h,
  assumed,
};
constexpr std::array<std::string_view, 12> column_names{"time",       "instrument",      "index_price",     "forward",
                                                        "bid_price",  "bid_size",        "ask_price",       "ask_size",
                                                        "mark_price", "mark_volatility", "funding_rate_8h", "assumed"};

constexpr std::string_view format_name = "# gimbal market ";
constexpr std::string_view index_prefix = "index:";
constexpr std::string_view yes = "yes";

Result<void> append(const std::optional<Decimal>& value, std::string& text) {
  if (!value) return {};
  const std::string digits = value->to_string();
  if (const auto again = Decimal::parse(digits); !again)
    return fail(ErrorCode::out_of_domain, "{}", again.error().message);
  text += digits;
  return {};
}

Result<void> append(const std::optional<double>& value, std::string& text) {
  if (!value) return {};
  if (!std::isfinite(*value)) return fail(ErrorCode::out_of_domain, "{} is not a finite number", *value);
  text += fmt::format("{}", *value);  // the shortest digits that read back as the same double
  return {};
}

Result<void> append_quote(const RecordedQuote& quote, std::string_view time_text, std::string& text) {
  const auto named = deribit::parse_canonical_name(quote.instrument.name);
  if (!named) return Unexpected{named.error()};
  if (!(*named == quote.instrument))
    return fail(ErrorCode::unsupported, "instrument '{}' is not what its name says", quote.instrument.name);
  text += fmt::format("{},{},", time_text, quote.instrument.name);
  const auto field = [&text](const auto& value) {
    text += ',';
    return append(value, text);
  };
  if (const auto done = field(quote.forward); !done) return done;
  if (const auto done = field(quote.bid_price); !done) return done;
  if (const auto done = field(quote.bid_size); !done) return done;
  if (const auto done = field(quote.ask_price); !done) return done;
  if (const auto done = field(quote.ask_size); !done) return done;
  if (const auto done = field(quote.mark_price); !done) return done;
  if (const auto done = field(quote.mark_volatility); !done) return done;
  if (const auto done = field(quote.funding_rate_8h); !done) return done;
  text += ',';
  if (quote.assumed) text += yes;
  text += '\n';
  return {};
}

class MarketCsvDecoder final : public SnapshotCsvDecoder {
 public:
  explicit MarketCsvDecoder(SnapshotWindow window) : SnapshotCsvDecoder{window} {}

 private:
  Result<bool> read_head(const CsvLine& line) override {
    if (line.number == 1) {
      if (line.text == market_csv_version_line) return false;
      return fail(ErrorCode::unsupported, "line 1: '{}' where '{}' is read", line.text.substr(0, 100),
                  market_csv_version_line);
    }
    auto header = CsvHeader::read(line, column_names);
    if (!header) return Unexpected{header.error()};
    header_ = *std::move(header);
    return true;
  }

  [[nodiscard]] std::size_t time_place() const override { return header_.place(time); }

  Result<RecordedSnapshot> decode(const SnapshotBlock& block) override {
    RecordedSnapshot snapshot;
    snapshot.time = block.time;
    snapshot.rows = block.lines.size();
    snapshot.quotes.reserve(block.lines.size());
    for (const CsvLine& line : block.lines)
      if (const auto read = read_row(line, snapshot); !read) return Unexpected{read.error()};
    return snapshot;
  }

  Result<void> read_row(const CsvLine& line, RecordedSnapshot& snapshot) {
    if (const auto split = fields_.split(line, header_); !split) return split;
    const CsvRecord record{header_, line, fields_};
    const std::string_view name = record.text(instrument);
    if (name.substr(0, index_prefix.size()) == index_prefix)
      return read_index(record, name.substr(index_prefix.size()), snapshot);
    const auto known = instruments_.find(name);
    if (!known) return record.refused(instrument, known.error().code, known.error().message);
    RecordedQuote& quote = snapshot.quotes.emplace_back();
    quote.instrument = **known;
    return read_quote(record, quote);
  }

  static Result<void> read_index(const CsvRecord& record, std::string_view code, RecordedSnapshot& snapshot) {
    const auto asset = market::AssetCode::parse(code);
    if (!asset) return record.refused(instrument, ErrorCode::parse, asset.error().message);
    const auto price = record.decimal(index_price);
    if (!price) return Unexpected{price.error()};
    if (!*price || **price <= Decimal{})
      return record.refused(index_price, ErrorCode::invalid_argument, "an index price must be positive");
    const auto twice = [&](const market::RecordedIndex& index) { return index.asset == *asset; };
    if (std::any_of(snapshot.indices.begin(), snapshot.indices.end(), twice))
      return record.refused(instrument, ErrorCode::invalid_argument, "a second index of the same asset");
    snapshot.indices.push_back(market::RecordedIndex{*asset, **price});
    return {};
  }

  static Result<void> read_quote(const CsvRecord& record, RecordedQuote& quote) {
    const auto decimal = [&record](Column column, std::optional<Decimal>& place) -> Result<void> {
      const auto value = record.decimal(column);
      if (!value) return Unexpected{value.error()};
      place = *value;
      return {};
    };
    const auto real = [&record](Column column, std::optional<double>& place) -> Result<void> {
      const auto value = record.real(column);
      if (!value) return Unexpected{value.error()};
      place = *value;
      return {};
    };
    if (const auto read = real(forward, quote.forward); !read) return read;
    if (const auto read = decimal(bid_price, quote.bid_price); !read) return read;
    if (const auto read = decimal(bid_size, quote.bid_size); !read) return read;
    if (const auto read = decimal(ask_price, quote.ask_price); !read) return read;
    if (const auto read = decimal(ask_size, quote.ask_size); !read) return read;
    if (const auto read = real(mark_price, quote.mark_price); !read) return read;
    if (const auto read = real(mark_volatility, quote.mark_volatility); !read) return read;
    if (const auto read = decimal(funding_rate_8h, quote.funding_rate_8h); !read) return read;
    const std::string_view flag = record.text(assumed);
    if (!flag.empty() && flag != yes)
      return record.refused(assumed, ErrorCode::parse, fmt::format("'{}' is neither empty nor '{}'", flag, yes));
    quote.assumed = flag == yes;
    return {};
  }

  CsvHeader header_;
  CsvFields fields_;
  InstrumentTable instruments_{deribit::parse_canonical_name};
};

}  // namespace

bool is_market_csv(std::string_view first_bytes) { return first_bytes.substr(0, format_name.size()) == format_name; }

std::string market_csv_head() {
  std::string text{market_csv_version_line};
  char separator = '\n';
  for (const std::string_view name : column_names) {
    text += separator;
    text += name;
    separator = ',';
  }
  return text + '\n';
}

Result<void> append_market_csv(const RecordedSnapshot& snapshot, std::string& text) {
  const std::string time_text = format_utc(snapshot.time);
  for (const market::RecordedIndex& index : snapshot.indices) {
    text += fmt::format("{},{}{},", time_text, index_prefix, index.asset.view());
    if (const auto appended = append(std::optional{index.price}, text); !appended) return appended;
    text.append(column_names.size() - 1 - index_price, ',');
    text += '\n';
  }
  for (const RecordedQuote& quote : snapshot.quotes)
    if (const auto appended = append_quote(quote, time_text, text); !appended)
      return with_context(appended.error(), quote.instrument.name);
  return {};
}

std::unique_ptr<market::SnapshotDecoder> market_csv_decoder(SnapshotWindow window) {
  window.now.reset();  // a made-up market may lie in any time
  return std::make_unique<MarketCsvDecoder>(window);
}

}  // namespace gimbal::venue
