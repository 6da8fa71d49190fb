// Lines and fields of comma-separated text.
#include "gimbal/venue/csv_record.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace gimbal::venue {
namespace {

constexpr char quote = '"';
constexpr char separator = ',';

Unexpected broken(const CsvLine& line, std::string_view reason) {
  return fail(ErrorCode::parse, "line {}: {}", line.number, reason);
}

}  // namespace

void CsvLines::feed(std::string_view bytes) {
  GIMBAL_ASSERT(!finished_);
  buffer_.erase(0, position_);
  searched_ -= position_;
  position_ = 0;
  buffer_.append(bytes);
}

Result<std::optional<CsvLine>> CsvLines::next() {
  while (true) {
    const void* found = std::memchr(buffer_.data() + searched_, '\n', buffer_.size() - searched_);
    const auto end =
        found != nullptr ? static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()) : buffer_.size();
    const std::size_t length = end - position_;
    if (length > line_bytes_max)
      return fail(ErrorCode::limit_exceeded, "line {}: longer than {} bytes, this is not a text table", lines_ + 1,
                  line_bytes_max);
    const bool complete = found != nullptr || (finished_ && length > 0);
    if (!complete) {
      searched_ = end;
      return std::optional<CsvLine>{};
    }
    std::string_view text{buffer_.data() + position_, length};
    position_ = searched_ = found != nullptr ? end + 1 : end;
    ++lines_;
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    if (!text.empty()) return std::optional<CsvLine>{CsvLine{lines_, text}};
  }
}

std::optional<CsvLine> CsvLines::unfinished() const {
  if (position_ == buffer_.size()) return std::nullopt;
  return CsvLine{lines_ + 1, std::string_view{buffer_}.substr(position_)};
}

Result<void> CsvFields::split(const CsvLine& line) {
  fields_.clear();
  if (line.text.find(quote) != std::string_view::npos) return split_quoted(line);
  const char* at = line.text.data();
  const char* const end = at + line.text.size();
  while (true) {
    const void* found = std::memchr(at, separator, static_cast<std::size_t>(end - at));
    const char* const stop = found != nullptr ? static_cast<const char*>(found) : end;
    fields_.emplace_back(at, static_cast<std::size_t>(stop - at));
    if (found == nullptr) return {};
    at = stop + 1;
  }
}

Result<void> CsvFields::split(const CsvLine& line, const CsvHeader& header) {
  if (const auto done = split(line); !done) return done;
  const auto columns = header.columns();
  if (size() == columns.size()) return {};
  if (size() > columns.size())
    return fail(ErrorCode::parse, "line {}: {} fields where the header has {}", line.number, size(), columns.size());
  return fail(ErrorCode::parse, "line {}: field '{}': missing, the line ends after {} of {} fields", line.number,
              columns[size()], size(), columns.size());
}

Result<void> CsvFields::split_quoted(const CsvLine& line) {
  // A view into a string of this list stays valid while the list does not grow: room for every field is made first.
  unquoted_.clear();
  unquoted_.reserve(static_cast<std::size_t>(std::count(line.text.begin(), line.text.end(), separator)) + 1);
  std::string_view rest = line.text;
  while (true) {
    if (rest.empty() || rest.front() != quote) {
      const std::size_t stop = std::min(rest.find(separator), rest.size());
      fields_.push_back(rest.substr(0, stop));
      rest.remove_prefix(stop);
    } else {
      rest.remove_prefix(1);
      std::string field;
      while (true) {
        const std::size_t stop = rest.find(quote);
        if (stop == std::string_view::npos) return broken(line, "a quoted field does not end on its line");
        field.append(rest.substr(0, stop));
        rest.remove_prefix(stop + 1);
        if (rest.empty() || rest.front() != quote) break;
        field.push_back(quote);
        rest.remove_prefix(1);
      }
      if (!rest.empty() && rest.front() != separator) return broken(line, "text follows a quoted field");
      unquoted_.push_back(std::move(field));
      fields_.push_back(unquoted_.back());
    }
    if (rest.empty()) return {};
    rest.remove_prefix(1);
  }
}

Result<CsvHeader> CsvHeader::read(const CsvLine& line, std::span<const std::string_view> wanted) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  CsvLine plain = line;
  if (plain.text.substr(0, byte_order_mark.size()) == byte_order_mark) plain.text.remove_prefix(byte_order_mark.size());
  CsvFields fields;
  if (const auto split = fields.split(plain); !split) return Unexpected{split.error()};
  CsvHeader header;
  const auto found = fields.all();
  header.columns_.assign(found.begin(), found.end());
  for (const std::string_view name : wanted) {
    const auto at = std::find(found.begin(), found.end(), name);
    if (at == found.end())
      return fail(ErrorCode::parse, "line {}: column '{}' is missing; found: {}", line.number, name,
                  plain.text.substr(0, 400));
    if (std::find(at + 1, found.end(), name) != found.end())
      return fail(ErrorCode::parse, "line {}: column '{}' stands there twice", line.number, name);
    header.places_.push_back(static_cast<std::size_t>(at - found.begin()));
    header.names_.emplace_back(name);
  }
  return header;
}

Unexpected CsvRecord::refused(std::size_t column, ErrorCode code, const std::string& reason) const {
  return fail(code, "line {}: field '{}': {}", line_.number, header_.name(column), reason);
}

Result<std::optional<Decimal>> CsvRecord::decimal(std::size_t column) const {
  const std::string_view field = text(column);
  if (field.empty()) return std::optional<Decimal>{};
  const auto value = Decimal::parse(field);
  if (!value) return refused(column, ErrorCode::parse, value.error().message);
  return std::optional<Decimal>{*value};
}

Result<std::optional<double>> CsvRecord::real(std::size_t column) const {
  const std::string_view field = text(column);
  if (field.empty()) return std::optional<double>{};
  const auto value = parse_real(field);
  if (!value) return refused(column, ErrorCode::parse, fmt::format("'{}' is not a number", field));
  return value;
}

Result<UtcTime> CsvRecord::time(std::size_t column) const {
  const auto value = parse_utc(text(column));
  if (!value) return refused(column, ErrorCode::parse, value.error().message);
  return *value;
}

std::optional<double> parse_real(std::string_view text) {
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace gimbal::venue
