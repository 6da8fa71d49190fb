// Both decoders: one walk over lines, and what each table has beyond the terms of an option.
#include "gimbal/venue/gimbal/option_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "gimbal/venue/csv_record.hpp"

namespace gimbal::venue {
namespace {

/// One kind of table: the column beside the terms of an option, and those that may be missing.
struct TableKind {
  std::string_view value;
  std::span<const std::string_view> optional;
};

/// Where a table's columns stand among `names`, which is how CsvRecord counts them.
struct Columns {
  static constexpr std::size_t right = 0, forward = 1, strike = 2, years = 3, value = 4;
  std::vector<std::string_view> names;
  std::optional<std::size_t> rate, settlement;
};

Result<Columns> columns_of(const CsvLine& line, const TableKind& kind) {
  CsvFields fields;
  if (const auto split = fields.split(line); !split) return Unexpected{split.error()};
  const auto found = fields.all();
  const auto has = [](const auto& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  Columns columns{{"right", "forward", "strike", "years", kind.value}, {}, {}};
  for (const std::string_view name : found) {
    if (has(columns.names, name) || has(kind.optional, name)) continue;
    return fail(ErrorCode::parse, "line {}: column '{}' is not known here; the columns are {}, and where wanted {}",
                line.number, name.substr(0, 100), fmt::join(columns.names, ", "), fmt::join(kind.optional, ", "));
  }
  const auto add_if_found = [&](std::string_view name, std::optional<std::size_t>& place) {
    if (!has(found, name)) return;
    place = columns.names.size();
    columns.names.push_back(name);
  };
  add_if_found("rate", columns.rate);
  add_if_found("settlement", columns.settlement);
  return columns;
}

/// A number that must be there, and what must hold for it.
Result<double> number(const CsvRecord& record, std::size_t column) {
  const auto value = record.real(column);
  if (!value) return Unexpected{value.error()};
  if (!*value) return record.refused(column, ErrorCode::parse, "nothing where a number is read");
  return **value;
}

Result<double> price_of(const CsvRecord& record, std::size_t column) {
  const auto value = number(record, column);
  if (!value) return value;
  if (*value >= 1e-300 && *value <= 1e300) return value;
  return record.refused(column, ErrorCode::out_of_domain,
                        fmt::format("{} where a positive price from 1e-300 to 1e300 is read", *value));
}

Result<double> not_negative(const CsvRecord& record, std::size_t column, std::string_view what) {
  const auto value = number(record, column);
  if (!value || *value >= 0.0) return value;
  return record.refused(column, ErrorCode::out_of_domain, fmt::format("{} is negative: {}", *value, what));
}

Result<market::OptionRight> right_of(const CsvRecord& record, std::size_t column) {
  const std::string_view text = record.text(column);
  if (text == "C") return market::OptionRight::call;
  if (text == "P") return market::OptionRight::put;
  return record.refused(column, ErrorCode::parse,
                        fmt::format("'{}' where C (call) or P (put) is read", text.substr(0, 100)));
}

Result<OptionTerms> terms_of(const CsvRecord& record, const Columns& columns) {
  OptionTerms terms;
  const auto right = right_of(record, columns.right);
  if (!right) return Unexpected{right.error()};
  terms.right = *right;
  const auto forward = price_of(record, columns.forward);
  if (!forward) return Unexpected{forward.error()};
  terms.forward = *forward;
  const auto strike = price_of(record, columns.strike);
  if (!strike) return Unexpected{strike.error()};
  terms.strike = *strike;
  const auto years = not_negative(record, columns.years, "the option expired before it is valued");
  if (!years) return Unexpected{years.error()};
  terms.years = *years;
  if (columns.rate) {
    const auto rate = record.real(*columns.rate);
    if (!rate) return Unexpected{rate.error()};
    terms.rate = rate->value_or(0.0);
    constexpr double discount_logarithm_most = 700.0;
    if (!(std::fabs(terms.rate * terms.years) <= discount_logarithm_most))
      return record.refused(
          *columns.rate, ErrorCode::out_of_domain,
          fmt::format("{} over {} years is a discount that no double can hold", terms.rate, terms.years));
  }
  return terms;
}

using RowTaker = std::function<Result<void>(const CsvRecord&, const Columns&, const CsvLine&)>;

/// Hands every row to `take`; gives the header's text.
Result<std::string> read_table(std::string_view text, const TableKind& kind, const RowTaker& take) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.substr(0, byte_order_mark.size()) == byte_order_mark) text.remove_prefix(byte_order_mark.size());
  CsvLines lines;
  lines.feed(text);
  lines.finish();
  std::optional<CsvHeader> header;
  Columns columns{};
  CsvFields fields;
  std::string header_text;
  std::size_t rows = 0;
  for (;;) {
    const auto line = lines.next();
    if (!line) return Unexpected{line.error()};
    if (!*line) break;
    if (!header) {
      auto known = columns_of(**line, kind);
      if (!known) return Unexpected{known.error()};
      columns = *std::move(known);
      auto read = CsvHeader::read(**line, columns.names);
      if (!read) return Unexpected{read.error()};
      header = *std::move(read);
      header_text = (*line)->text;
      continue;
    }
    if (const auto split = fields.split(**line, *header); !split) return Unexpected{split.error()};
    if (const auto taken = take(CsvRecord{*header, **line, fields}, columns, **line); !taken)
      return Unexpected{taken.error()};
    ++rows;
  }
  if (!header) return fail(ErrorCode::missing_data, "the file is empty; its first line names the columns");
  if (rows == 0) return fail(ErrorCode::missing_data, "the file has a header and no row");
  return header_text;
}

}  // namespace

Result<VolatilityTable> decode_volatility_table(std::string_view text) {
  static constexpr std::array<std::string_view, 1> optional{"rate"};
  VolatilityTable table;
  auto header =
      read_table(text, {"volatility", optional},
                 [&table](const CsvRecord& record, const Columns& columns, const CsvLine& line) -> Result<void> {
                   const auto terms = terms_of(record, columns);
                   if (!terms) return Unexpected{terms.error()};
                   const auto volatility = not_negative(record, columns.value, "no volatility is");
                   if (!volatility) return Unexpected{volatility.error()};
                   table.rows.push_back({*terms, *volatility, line.number, std::string{line.text}});
                   return {};
                 });
  if (!header) return Unexpected{header.error()};
  table.header = *std::move(header);
  return table;
}

Result<std::vector<PremiumRow>> decode_premium_table(std::string_view text) {
  static constexpr std::array<std::string_view, 2> optional{"rate", "settlement"};
  std::vector<PremiumRow> rows;
  const auto header =
      read_table(text, {"price", optional},
                 [&rows](const CsvRecord& record, const Columns& columns, const CsvLine&) -> Result<void> {
                   const auto terms = terms_of(record, columns);
                   if (!terms) return Unexpected{terms.error()};
                   const auto price = number(record, columns.value);
                   if (!price) return Unexpected{price.error()};
                   const std::string_view settlement = columns.settlement ? record.text(*columns.settlement) : "linear";
                   if (settlement != "inverse" && settlement != "linear" && !settlement.empty())
                     return Result<void>{record.refused(
                         *columns.settlement, ErrorCode::parse,
                         fmt::format("'{}' where linear, inverse or nothing is read", settlement.substr(0, 100)))};
                   rows.push_back({*terms, *price, settlement == "inverse"});
                   return {};
                 });
  if (!header) return Unexpected{header.error()};
  return rows;
}

}  // namespace gimbal::venue
