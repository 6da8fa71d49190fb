// The formats, each asked in turn.
#include "gimbal/venue/format_detection.hpp"

#include "gimbal/venue/deribit/book_summary_decoder.hpp"
#include "gimbal/venue/deribit/chain_csv_decoder.hpp"
#include "gimbal/venue/gimbal/market_csv.hpp"
#include "gimbal/venue/tardis/options_chain_decoder.hpp"

namespace gimbal::venue {
namespace {

// What a line of an unknown file looks like in an error: printable, and short.
std::string excerpt(std::string_view bytes) {
  constexpr std::size_t length_max = 60;
  std::string text;
  for (const char c : bytes.substr(0, bytes.find('\n'))) {
    if (text.size() == length_max) return text + "...";
    text.push_back(c >= ' ' && c <= '~' ? c : '?');
  }
  return text;
}

}  // namespace

std::string_view to_string(MarketFormat format) {
  switch (format) {
    case MarketFormat::gimbal_table: return "Gimbal's own table, CSV";
    case MarketFormat::deribit_book_summaries: return "Deribit book summaries, JSON";
    case MarketFormat::deribit_chain: return "Deribit option chain, CSV";
    case MarketFormat::tardis_options_chain: return "Tardis options_chain, CSV";
  }
  return "";
}

Result<MarketFormat> market_format(std::string_view first_bytes) {
  if (is_market_csv(first_bytes)) return MarketFormat::gimbal_table;
  if (deribit::is_json(first_bytes)) return MarketFormat::deribit_book_summaries;
  if (tardis::is_options_chain(first_bytes)) return MarketFormat::tardis_options_chain;
  if (deribit::is_chain_csv(first_bytes)) return MarketFormat::deribit_chain;
  return fail(
      ErrorCode::unsupported,
      "not a market file: it begins with '{}'; known are a Deribit chain as CSV (its first line names timestamp, "
      "instrument_name, ...), responses of Deribit's get_book_summary_by_currency as JSON, Tardis' options_chain as "
      "CSV "
      "(its first line names exchange, symbol, timestamp, local_timestamp, ...), and Gimbal's own table (its first "
      "line "
      "is '{}')",
      excerpt(first_bytes), market_csv_version_line);
}

std::unique_ptr<market::SnapshotDecoder> market_decoder(MarketFormat format, SnapshotWindow window) {
  switch (format) {
    case MarketFormat::gimbal_table: return market_csv_decoder(window);
    case MarketFormat::deribit_book_summaries: return deribit::book_summary_decoder(window);
    case MarketFormat::deribit_chain: return deribit::chain_csv_decoder(window);
    case MarketFormat::tardis_options_chain: return tardis::options_chain_decoder(window);
  }
  return nullptr;
}

}  // namespace gimbal::venue
