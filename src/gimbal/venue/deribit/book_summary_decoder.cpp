// simdjson hands over the tokens of each row; numbers are read from their digits, never through a double where money
// hangs on them.
#include "gimbal/venue/deribit/book_summary_decoder.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "gimbal/venue/deribit/instrument_name.hpp"
#include "gimbal/venue/instrument_table.hpp"
#include "gimbal/venue/json_documents.hpp"

namespace gimbal::venue::deribit {
namespace {

namespace ondemand = simdjson::ondemand;
using market::Instrument;
using market::InstrumentKind;
using market::RecordedQuote;
using market::RecordedSnapshot;

enum Field : std::size_t {
  instrument_name,
  bid_price,
  ask_price,
  mark_price,
  mark_iv,
  underlying_price,
  estimated_delivery_price,
  creation_timestamp,
  funding_8h,
};
constexpr std::array<std::string_view, 9> field_names{
    "instrument_name",          "bid_price",          "ask_price", "mark_price", "mark_iv", "underlying_price",
    "estimated_delivery_price", "creation_timestamp", "funding_8h"};

constexpr std::chrono::minutes apart_max{10};
constexpr double volatility_max = 10.0;
constexpr int rate_decimals = 12;  // the venue prints rates with all the digits of a double

// The raw tokens of one row: digits, quoted strings, null; empty where the row has no such field.
using Tokens = std::array<std::string_view, field_names.size()>;

std::string_view trimmed(std::string_view token) {
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t'))
    token.remove_suffix(1);
  return token;
}

bool is_absent(std::string_view token) { return token.empty() || token == "null"; }

Unexpected refused(Field field, std::string_view reason) {
  return fail(ErrorCode::parse, "field '{}': {}", field_names[field], reason);
}

Result<std::optional<Decimal>> decimal_of(const Tokens& tokens, Field field) {
  if (is_absent(tokens[field])) return std::optional<Decimal>{};
  const auto value = Decimal::parse(tokens[field]);
  if (!value) return refused(field, value.error().message);
  return std::optional<Decimal>{*value};
}

Result<std::optional<double>> real_of(const Tokens& tokens, Field field) {
  if (is_absent(tokens[field])) return std::optional<double>{};
  const auto value = parse_real(tokens[field]);
  if (!value) return refused(field, fmt::format("'{}' is not a number", tokens[field]));
  return value;
}

Result<UtcTime> time_of(const Tokens& tokens) {
  const std::string_view token = tokens[creation_timestamp];
  std::int64_t milliseconds = 0;
  const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), milliseconds);
  if (error != std::errc{} || stop != token.data() + token.size())
    return refused(creation_timestamp, fmt::format("'{}' is not a count of milliseconds", token));
  const auto time = parse_utc_milliseconds(milliseconds);
  if (!time) return refused(creation_timestamp, time.error().message);
  return *time;
}

// The text between the quotes; the venue's names need no escapes.
Result<std::string_view> name_of(const Tokens& tokens) {
  const std::string_view token = tokens[instrument_name];
  if (token.size() < 2 || token.front() != '"' || token.back() != '"')
    return refused(instrument_name, "a name in quotes is needed");
  return token.substr(1, token.size() - 2);
}

Result<Tokens> tokens_of(ondemand::object& row) {
  Tokens tokens;
  for (auto field : row) {
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key); error != simdjson::SUCCESS)
      return fail(ErrorCode::parse, "{}", simdjson::error_message(error));
    const auto wanted = std::find(field_names.begin(), field_names.end(), key);
    if (wanted == field_names.end()) continue;
    ondemand::value value;
    if (const auto error = field.value().get(value); error != simdjson::SUCCESS)
      return fail(ErrorCode::parse, "{}", simdjson::error_message(error));
    tokens[static_cast<std::size_t>(wanted - field_names.begin())] = trimmed(value.raw_json_token());
  }
  return tokens;
}

// The index prices that rows tell of one currency.
struct CurrencyIndex {
  market::AssetCode asset;
  std::vector<Decimal> of_inverse;
  std::vector<Decimal> of_linear;
  std::optional<Decimal> of_perpetual;
};

// One document's worth of quotes.
struct Summary {
  UtcTime time;
  RecordedSnapshot part;
  std::vector<CurrencyIndex> indices;
};

Decimal lower_median(std::vector<Decimal> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

CurrencyIndex& index_of(std::vector<CurrencyIndex>& indices, const market::AssetCode& asset) {
  const auto known =
      std::find_if(indices.begin(), indices.end(), [&](const CurrencyIndex& index) { return index.asset == asset; });
  if (known != indices.end()) return *known;
  return indices.emplace_back(CurrencyIndex{asset, {}, {}, {}});
}

void merge(std::vector<CurrencyIndex>& into, std::vector<CurrencyIndex>&& from) {
  for (CurrencyIndex& index : from) {
    CurrencyIndex& place = index_of(into, index.asset);
    place.of_inverse.insert(place.of_inverse.end(), index.of_inverse.begin(), index.of_inverse.end());
    place.of_linear.insert(place.of_linear.end(), index.of_linear.begin(), index.of_linear.end());
    if (!place.of_perpetual) place.of_perpetual = index.of_perpetual;
  }
}

std::optional<Decimal> price_of(const CurrencyIndex& index) {
  if (!index.of_inverse.empty()) return lower_median(index.of_inverse);
  if (!index.of_linear.empty()) return lower_median(index.of_linear);
  return index.of_perpetual;
}

class BookSummaryDecoder final : public market::SnapshotDecoder {
 public:
  explicit BookSummaryDecoder(SnapshotWindow window) : window_{window}, wanted_{window} {}

  Result<void> feed(std::string_view bytes, market::SnapshotSink& sink) override {
    if (!wants_more()) return {};
    documents_.feed(bytes);
    while (wants_more()) {
      const auto document = documents_.next();
      if (!document) return Unexpected{document.error()};
      if (!document->has_value()) return {};
      if (const auto read = read_document((*document)->text, sink); !read)
        return with_context(read.error(), fmt::format("line {}", (*document)->line));
    }
    return {};
  }

  Result<void> finish(market::SnapshotSink& sink) override {
    if (!wants_more()) return {};
    if (const auto whole = documents_.finish(); !whole) return whole;
    if (!snapshot_) return fail(ErrorCode::missing_data, "no rows: the file holds no snapshot");
    if (const auto closed = close(sink); !closed) return closed;
    wanted_.finish(sink);
    return {};
  }

  [[nodiscard]] bool wants_more() const override { return wanted_.wants_more(); }

 private:
  Result<void> read_document(std::string_view text, market::SnapshotSink& sink) {
    const simdjson::padded_string padded{text};
    auto summary = summary_of(padded);
    if (!summary) return Unexpected{summary.error()};
    if (summary->part.rows == 0) return {};  // a currency without contracts of that kind
    return join(*std::move(summary), sink);
  }

  Result<Summary> summary_of(const simdjson::padded_string& padded) {
    ondemand::document document;
    ondemand::object object;
    auto error = parser_.iterate(padded).get(document);
    if (error == simdjson::SUCCESS) error = document.get_object().get(object);
    if (error != simdjson::SUCCESS) return fail(ErrorCode::parse, "not JSON: {}", simdjson::error_message(error));
    ondemand::array result;
    Summary summary;
    if (object.find_field_unordered("result").get_array().get(result) == simdjson::SUCCESS) {
      if (const auto read = read_rows(result, summary); !read) return Unexpected{read.error()};
      return summary;
    }
    // Not a response: a row by itself, or an answer that tells of an error.
    if (object.reset().error() != simdjson::SUCCESS) return fail(ErrorCode::parse, "not JSON");
    const auto tokens = tokens_of(object);
    if (!tokens) return Unexpected{tokens.error()};
    if ((*tokens)[instrument_name].empty())
      return fail(ErrorCode::parse, "an object without an array 'result': not a response with book summaries");
    if (const auto read = read_row(*tokens, summary); !read) return Unexpected{read.error()};
    return summary;
  }

  Result<void> read_rows(ondemand::array& rows, Summary& summary) {
    std::uint64_t number = 0;
    for (auto element : rows) {
      ++number;
      ondemand::object row;
      const auto read = [&]() -> Result<void> {
        if (const auto error = element.get_object().get(row); error != simdjson::SUCCESS)
          return fail(ErrorCode::parse, "{}", simdjson::error_message(error));
        const auto tokens = tokens_of(row);
        if (!tokens) return Unexpected{tokens.error()};
        return read_row(*tokens, summary);
      }();
      if (!read) return with_context(read.error(), fmt::format("row {}", number));
    }
    return {};
  }

  Result<void> read_row(const Tokens& tokens, Summary& summary) {
    const auto time = time_of(tokens);
    if (!time) return Unexpected{time.error()};
    if (const auto past = check_recorded_time(*time, window_); !past)
      return refused(creation_timestamp, past.error().message);
    summary.time = summary.part.rows == 0 ? *time : std::max(summary.time, *time);
    ++summary.part.rows;
    const auto name = name_of(tokens);
    if (!name) return Unexpected{name.error()};
    const auto instrument = instruments_.find(*name);
    if (!instrument && instrument.error().code == ErrorCode::unsupported) {
      ++summary.part.unsupported;
      return {};
    }
    if (!instrument) return refused(instrument_name, instrument.error().message);
    RecordedQuote& quote = summary.part.quotes.emplace_back();
    quote.instrument = **instrument;
    if (const auto read = read_quote(tokens, quote); !read) return read;
    return read_index(tokens, quote.instrument, summary);
  }

  static Result<void> read_quote(const Tokens& tokens, RecordedQuote& quote) {
    const auto bid = decimal_of(tokens, bid_price);
    if (!bid) return Unexpected{bid.error()};
    const auto ask = decimal_of(tokens, ask_price);
    if (!ask) return Unexpected{ask.error()};
    const auto mark = real_of(tokens, mark_price);
    if (!mark) return Unexpected{mark.error()};
    const auto forward = real_of(tokens, underlying_price);
    if (!forward) return Unexpected{forward.error()};
    const auto percent = real_of(tokens, mark_iv);
    if (!percent) return Unexpected{percent.error()};
    const auto funding = real_of(tokens, funding_8h);
    if (!funding) return Unexpected{funding.error()};
    quote.bid_price = *bid;
    quote.ask_price = *ask;
    quote.mark_price = *mark;
    if (quote.instrument.is_option()) {
      quote.forward = *forward;
      constexpr double percents = 100.0;
      if (*percent && **percent > 0.0 && **percent <= percents * volatility_max)
        quote.mark_volatility = **percent / percents;
    } else if (quote.instrument.is_future()) {
      quote.forward = *mark;
    }
    if (quote.instrument.kind == InstrumentKind::perpetual && *funding) {
      const auto rate = nearest_decimal(**funding, rate_decimals);
      if (!rate) return refused(funding_8h, rate.error().message);
      quote.funding_rate_8h = *rate;
    }
    return {};
  }

  static Result<void> read_index(const Tokens& tokens, const Instrument& instrument, Summary& summary) {
    CurrencyIndex& index = index_of(summary.indices, instrument.underlying);
    const auto estimated = decimal_of(tokens, estimated_delivery_price);
    if (!estimated) return Unexpected{estimated.error()};
    const bool inverse = instrument.payoff == market::Payoff::inverse;
    if (*estimated && **estimated > Decimal{}) (inverse ? index.of_inverse : index.of_linear).push_back(**estimated);
    if (!inverse || instrument.kind != InstrumentKind::perpetual) return {};
    const auto underlying = decimal_of(tokens, underlying_price);
    if (!underlying) return Unexpected{underlying.error()};
    if (*underlying && **underlying > Decimal{}) index.of_perpetual = **underlying;
    return {};
  }

  // Adds a document to the snapshot that is being put together, or ends that one and begins the next.
  Result<void> join(Summary&& summary, market::SnapshotSink& sink) {
    const bool again = std::any_of(summary.part.quotes.begin(), summary.part.quotes.end(), [this](const auto& quote) {
      return names_.find(quote.instrument.name) != names_.end();
    });
    if (snapshot_ && (again || apart(snapshot_->time, summary.time))) {
      if (summary.time < snapshot_->time)
        return fail(ErrorCode::invalid_argument, "time goes back from {} to {}", format_utc(snapshot_->time),
                    format_utc(summary.time));
      if (const auto closed = close(sink); !closed || !wants_more()) return closed;
    }
    if (!snapshot_) {
      snapshot_.emplace();
      snapshot_->time = summary.time;
    }
    snapshot_->time = std::max(snapshot_->time, summary.time);
    snapshot_->rows += summary.part.rows;
    snapshot_->unsupported += summary.part.unsupported;
    for (RecordedQuote& quote : summary.part.quotes) {
      names_.insert(quote.instrument.name);
      snapshot_->quotes.push_back(std::move(quote));
    }
    merge(indices_, std::move(summary.indices));
    return {};
  }

  static bool apart(UtcTime a, UtcTime b) { return (a < b ? b - a : a - b) > apart_max; }

  Result<void> close(market::SnapshotSink& sink) {
    RecordedSnapshot snapshot = *std::move(snapshot_);
    snapshot_.reset();
    for (const CurrencyIndex& index : indices_)
      if (const auto price = price_of(index)) snapshot.indices.push_back(market::RecordedIndex{index.asset, *price});
    indices_.clear();
    names_.clear();
    return wanted_.pass(std::move(snapshot), sink);
  }

  SnapshotWindow window_;
  JsonDocuments documents_;
  ondemand::parser parser_;
  InstrumentTable instruments_{parse_instrument_name};
  WantedSnapshots wanted_;
  std::optional<RecordedSnapshot> snapshot_;  // being put together
  std::vector<CurrencyIndex> indices_;
  std::set<std::string, std::less<>> names_;
};

}  // namespace

bool is_json(std::string_view first_bytes) {
  const std::size_t first = first_bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (first_bytes[first] == '{' || first_bytes[first] == '[');
}

std::unique_ptr<market::SnapshotDecoder> book_summary_decoder(SnapshotWindow window) {
  return std::make_unique<BookSummaryDecoder>(window);
}

}  // namespace gimbal::venue::deribit
