// Comma-separated text as it streams in: lines out of chunks, fields out of lines, columns by the names in the header,
// and errors that name line and field. A record is one line; a quoted field may hold commas and doubled quotes, no
// line break. What the columns mean is a decoder's business.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gimbal/foundation/decimal.hpp"
#include "gimbal/foundation/time.hpp"

namespace gimbal::venue {

/// One line of text, without its line break, counted from 1.
struct CsvLine {
  std::uint64_t number = 0;
  std::string_view text;
};

/// Cuts chunks of bytes into lines; LF and CRLF end a line, and so does the end of the bytes.
class CsvLines {
 public:
  /// Longest line accepted; a longer one is not text of this kind, and is refused before it fills the memory.
  static constexpr std::size_t line_bytes_max = std::size_t{1} << 16U;

  /// Appends bytes. Lines handed out before become invalid.
  void feed(std::string_view bytes);
  /// No more bytes follow: what is left is a line.
  void finish() { finished_ = true; }
  /// The next complete line; empty lines are passed over, and nothing means that more bytes are needed.
  /// Errors    limit_exceeded for a line longer than line_bytes_max.
  [[nodiscard]] Result<std::optional<CsvLine>> next();
  /// What stands behind the last line break, for formats in which every line ends in one.
  [[nodiscard]] std::optional<CsvLine> unfinished() const;

 private:
  std::string buffer_;
  std::size_t position_ = 0;  // of the first byte not handed out
  std::size_t searched_ = 0;  // no line break between position_ and here
  std::uint64_t lines_ = 0;
  bool finished_ = false;
};

class CsvHeader;

/// Splits a line into fields. Quoted fields are unquoted into `scratch`, which must outlive the fields.
class CsvFields {
 public:
  /// Errors    parse when a quoted field does not end, or text follows its closing quote.
  [[nodiscard]] Result<void> split(const CsvLine& line);
  /// The same for a row of a table. Errors: also parse when it has not as many fields as the header.
  [[nodiscard]] Result<void> split(const CsvLine& line, const CsvHeader& header);
  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  [[nodiscard]] std::string_view operator[](std::size_t index) const { return fields_[index]; }
  [[nodiscard]] std::span<const std::string_view> all() const { return fields_; }

 private:
  [[nodiscard]] Result<void> split_quoted(const CsvLine& line);
  std::vector<std::string_view> fields_;
  std::vector<std::string> unquoted_;
};

/// Where the columns of interest stand, by the names in the first line.
class CsvHeader {
 public:
  /// Finds `wanted` among a header's fields; columns that nobody wants are passed over.
  /// Errors    parse: a wanted column is missing or stands there twice, with the names that were found.
  [[nodiscard]] static Result<CsvHeader> read(const CsvLine& line, std::span<const std::string_view> wanted);

  /// The place of the wanted column number `index` among a line's fields.
  [[nodiscard]] std::size_t place(std::size_t index) const { return places_[index]; }
  [[nodiscard]] std::string_view name(std::size_t index) const { return names_[index]; }
  /// Every column in its place, wanted or not: each line has as many fields.
  [[nodiscard]] std::span<const std::string> columns() const { return columns_; }

 private:
  std::vector<std::size_t> places_;
  std::vector<std::string> names_;
  std::vector<std::string> columns_;
};

/// The fields of one line under their header's names: typed reading whose errors say line and field.
class CsvRecord {
 public:
  CsvRecord(const CsvHeader& header, const CsvLine& line, const CsvFields& fields)
      : header_{header}, line_{line}, fields_{fields} {}

  [[nodiscard]] std::string_view text(std::size_t column) const { return fields_[header_.place(column)]; }
  /// An empty field is absent. Errors: parse.
  [[nodiscard]] Result<std::optional<Decimal>> decimal(std::size_t column) const;
  /// The same as a double, which must be finite.
  [[nodiscard]] Result<std::optional<double>> real(std::size_t column) const;
  [[nodiscard]] Result<UtcTime> time(std::size_t column) const;
  /// An error about this line and column.
  [[nodiscard]] Unexpected refused(std::size_t column, ErrorCode code, const std::string& reason) const;

 private:
  const CsvHeader& header_;
  const CsvLine& line_;
  const CsvFields& fields_;
};

/// A finite double of plain or exponent notation, nothing before or behind it.
[[nodiscard]] std::optional<double> parse_real(std::string_view text);

}  // namespace gimbal::venue
