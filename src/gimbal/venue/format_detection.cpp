// The formats, each asked in turn.
#include "gimbal/venue/format_detection.hpp"

#include "gimbal/venue/deribit/book_summary_decoder.hpp"
#include "gimbal/venue/deribit/chain_csv_decoder.hpp"
#include "gimbal/venue/gimbal/market_csv.hpp"

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

Result<std::unique_ptr<market::SnapshotDecoder>> market_decoder(std::string_view first_bytes, SnapshotWindow window) {
  if (is_market_csv(first_bytes)) return market_csv_decoder(window);
  if (deribit::is_json(first_bytes)) return deribit::book_summary_decoder(window);
  if (deribit::is_chain_csv(first_bytes)) return deribit::chain_csv_decoder(window);
  return fail(
      ErrorCode::unsupported,
      "not a market file: it begins with '{}'; known are a Deribit chain as CSV (its first line names timestamp, "
      "instrument_name, ...), responses of Deribit's get_book_summary_by_currency as JSON, and Gimbal's own "
      "table (its first line is '{}')",
      excerpt(first_bytes), market_csv_version_line);
}

}  // namespace gimbal::venue
