// Names are split at their hyphens; each part is read strictly, so that a name and its instrument stand for each other.
#include "gimbal/venue/deribit/instrument_name.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "gimbal/venue/deribit/contract_specifications.hpp"

namespace gimbal::venue::deribit {
namespace {

using market::AssetCode;
using market::Instrument;
using market::InstrumentKind;
using market::OptionRight;
using market::Payoff;

constexpr std::string_view venue = "deribit";
constexpr std::string_view canonical_prefix = "deribit:";
constexpr std::string_view perpetual = "PERPETUAL";
constexpr std::chrono::hours expiry_hour{8};
constexpr std::array<std::string_view, 12> months{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                  "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

Unexpected not_a_name(std::string_view name, std::string_view reason) {
  return fail(ErrorCode::parse, "'{}' is not a Deribit instrument name: {}", name, reason);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `27DEC24`, the day without a leading zero.
std::optional<UtcTime> parse_expiry(std::string_view text) {
  constexpr std::size_t shortest = 6;
  if (text.size() < shortest || text.size() > shortest + 1 || !std::all_of(text.end() - 2, text.end(), is_digit))
    return std::nullopt;
  const std::string_view day_text = text.substr(0, text.size() - (shortest - 1));
  if (!std::all_of(day_text.begin(), day_text.end(), is_digit) || day_text.front() == '0') return std::nullopt;
  const auto month = std::find(months.begin(), months.end(), text.substr(day_text.size(), 3));
  if (month == months.end()) return std::nullopt;
  unsigned day = 0;
  for (const char c : day_text) day = day * 10 + static_cast<unsigned>(c - '0');
  const int year = 2000 + (text[text.size() - 2] - '0') * 10 + (text[text.size() - 1] - '0');
  const auto midnight = utc_from_date(year, static_cast<unsigned>(month - months.begin()) + 1, day);
  if (!midnight) return std::nullopt;
  return *midnight + expiry_hour;
}

// `60000` or `0d625`; digits on both sides of the point, no leading and no trailing zero that would give it two names.
std::optional<Decimal> parse_strike(std::string_view text) {
  const auto allowed = [](char c) { return is_digit(c) || c == 'd'; };
  if (text.empty() || !std::all_of(text.begin(), text.end(), allowed)) return std::nullopt;
  std::string plain{text};
  std::replace(plain.begin(), plain.end(), 'd', '.');
  const auto strike = Decimal::parse(plain);
  if (!strike || *strike <= Decimal{} || strike->to_string() != plain) return std::nullopt;
  return *strike;
}

// `BTC` or `BTC_USDC`.
Result<void> read_currencies(std::string_view name, std::string_view text, Instrument& instrument) {
  const std::size_t bar = text.find('_');
  const auto underlying = AssetCode::parse(text.substr(0, bar));
  if (!underlying) return not_a_name(name, underlying.error().message);
  instrument.underlying = *underlying;
  if (bar == std::string_view::npos) {
    instrument.payoff = Payoff::inverse;
    instrument.quote = market::usd();
    instrument.settlement = *underlying;
    return {};
  }
  const auto quote = AssetCode::parse(text.substr(bar + 1));
  if (!quote) return not_a_name(name, quote.error().message);
  instrument.payoff = Payoff::linear;
  instrument.quote = instrument.settlement = *quote;
  return {};
}

Result<void> read_contract(std::string_view name, const std::vector<std::string_view>& parts, Instrument& instrument) {
  if (parts.size() == 1) {
    if (instrument.payoff == Payoff::inverse) return not_a_name(name, "a currency alone is not traded");
    instrument.kind = InstrumentKind::spot;
    return {};
  }
  if (parts[1] == perpetual) {
    instrument.kind = InstrumentKind::perpetual;
    return parts.size() == 2 ? Result<void>{} : not_a_name(name, "a perpetual has no strike");
  }
  instrument.expiry = parse_expiry(parts[1]);
  if (!instrument.expiry)
    return not_a_name(name, fmt::format("'{}' is neither PERPETUAL nor a date such as 27DEC24", parts[1]));
  instrument.kind = InstrumentKind::future;
  if (parts.size() == 2) return {};
  if (parts.size() != 4) return not_a_name(name, "an option has a date, a strike and C or P");
  instrument.kind = InstrumentKind::option;
  const auto strike = parse_strike(parts[2]);
  if (!strike) return not_a_name(name, fmt::format("'{}' is not a strike such as 60000 or 0d625", parts[2]));
  instrument.strike = *strike;
  if (parts[3] != "C" && parts[3] != "P") return not_a_name(name, fmt::format("'{}' is neither C nor P", parts[3]));
  instrument.right = parts[3] == "C" ? OptionRight::call : OptionRight::put;
  return {};
}

}  // namespace

bool is_combination_name(std::string_view venue_name) {
  const auto parts = split(venue_name, '-');
  if (parts.size() < 3) return false;
  const std::string_view strategy = parts[1];  // FS, CS, STRG, ...: letters alone, where a contract has its date
  return !strategy.empty() && strategy != perpetual &&
         std::all_of(strategy.begin(), strategy.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Result<Instrument> parse_instrument_name(std::string_view name) {
  if (is_combination_name(name))
    return fail(ErrorCode::unsupported, "'{}' is a combination of contracts, which is not traded", name);
  const auto parts = split(name, '-');
  Instrument instrument;
  instrument.name = std::string{canonical_prefix} + std::string{name};
  instrument.venue = venue;
  if (const auto read = read_currencies(name, parts[0], instrument); !read) return Unexpected{read.error()};
  if (const auto read = read_contract(name, parts, instrument); !read) return Unexpected{read.error()};
  const auto specification = contract_specification(ContractFamily{.kind = instrument.kind,
                                                                   .payoff = instrument.payoff,
                                                                   .underlying = instrument.underlying,
                                                                   .quote = instrument.quote,
                                                                   .expiry = instrument.expiry});
  if (!specification) return with_context(specification.error(), fmt::format("instrument '{}'", name));
  instrument.contract_size = specification->contract_size;
  instrument.tick = specification->tick;
  instrument.coarse_tick = specification->coarse_tick;
  instrument.lot = specification->lot;
  instrument.minimum = specification->minimum;
  instrument.fees = specification->fees;
  return instrument;
}

Result<Instrument> parse_canonical_name(std::string_view name) {
  if (name.substr(0, canonical_prefix.size()) != canonical_prefix)
    return fail(ErrorCode::parse, "'{}' is not a canonical instrument name such as deribit:BTC-27DEC24-60000-C", name);
  return parse_instrument_name(name.substr(canonical_prefix.size()));
}

std::string venue_name(const Instrument& instrument) {
  std::string name = instrument.underlying.str();
  if (instrument.payoff != Payoff::inverse) name += "_" + instrument.quote.str();
  if (instrument.kind == InstrumentKind::spot) return name;
  if (instrument.kind == InstrumentKind::perpetual) return name + "-" + std::string{perpetual};
  GIMBAL_ASSERT(instrument.expiry.has_value());
  const CivilDate date = civil_date(*instrument.expiry);
  name += fmt::format("-{}{}{:02}", date.day, months[date.month - 1], date.year % 100);
  if (instrument.kind == InstrumentKind::future) return name;
  std::string strike = instrument.strike.to_string();
  std::replace(strike.begin(), strike.end(), '.', 'd');
  return name + "-" + strike + (instrument.right == OptionRight::call ? "-C" : "-P");
}

}  // namespace gimbal::venue::deribit
