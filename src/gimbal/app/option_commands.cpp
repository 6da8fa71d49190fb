// `gimbal price` and `gimbal iv`: tables of options in, the same with Greeks or implied volatilities out. Nothing is
// written before every row has been read.
#include "gimbal/app/commands.hpp"
#include "gimbal/app/terminal.hpp"
#include "gimbal/host/file_reader.hpp"
#include "gimbal/host/file_writer.hpp"
#include "gimbal/numerics/special.hpp"
#include "gimbal/report/option_csv.hpp"
#include "gimbal/venue/gimbal/option_table.hpp"

namespace gimbal::app {
namespace {

constexpr std::size_t table_bytes_max = std::size_t{1} << 30U;

Result<void> write_table(const std::optional<std::string>& file, std::string_view text) {
  if (file) return host::write_file(*file, text);
  print(text);
  return {};
}

Result<std::string> priced(const venue::VolatilityTable& table, Progress& progress) {
  std::string text = report::greeks_csv_header(table.header);
  for (const venue::VolatilityRow& row : table.rows) {
    const venue::OptionTerms& terms = row.option;
    const pricing::Black76Greeks quote =
        pricing::black76_greeks({terms.forward, terms.strike, row.volatility, terms.years, terms.right});
    const auto line = report::greeks_csv_line(row.text, pricing::discounted(quote, terms.rate, terms.years),
                                              pricing::inverse_greeks(quote, terms.forward));
    if (!line) return with_context(line.error(), fmt::format("line {}", row.line));
    text += *line;
    progress.update(static_cast<std::uint64_t>(&row - table.rows.data()), table.rows.size());
  }
  return text;
}

/// Coin earns no interest, so that an inverse price is V/F undiscounted.
double undiscounted_premium(const venue::PremiumRow& row) {
  if (row.is_inverse) return row.price * row.option.forward;
  return row.option.rate == 0.0 ? row.price : row.price * numerics::exp(row.option.rate * row.option.years);
}

std::string inverted(const std::vector<venue::PremiumRow>& rows) {
  std::string text = report::implied_volatility_csv_header();
  for (const venue::PremiumRow& row : rows) {
    const pricing::ImpliedVolatilityInput input{undiscounted_premium(row), row.option.forward, row.option.strike,
                                                row.option.years, row.option.right};
    text += report::implied_volatility_csv_line(pricing::implied_volatility(input));
  }
  return text;
}

}  // namespace

Result<ExitStatus> run_command(const PriceCommand& command) {
  const auto text = host::read_whole_file(command.file, table_bytes_max);
  if (!text) return Unexpected{text.error()};
  const auto table = venue::decode_volatility_table(*text);
  if (!table) return with_context(table.error(), command.file);
  Progress progress{"pricing " + command.file};
  const auto prices = priced(*table, progress);
  if (!prices) return with_context(prices.error(), command.file);
  if (auto written = write_table(command.output, *prices); !written) return Unexpected{written.error()};
  return ExitStatus::done;
}

Result<ExitStatus> run_command(const ImpliedVolatilityCommand& command) {
  const auto text = host::read_whole_file(command.file, table_bytes_max);
  if (!text) return Unexpected{text.error()};
  const auto rows = venue::decode_premium_table(*text);
  if (!rows) return with_context(rows.error(), command.file);
  if (auto written = write_table(command.output, inverted(*rows)); !written) return Unexpected{written.error()};
  return ExitStatus::done;
}

}  // namespace gimbal::app
