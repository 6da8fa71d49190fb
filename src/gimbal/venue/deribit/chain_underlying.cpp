// The names of underlyings, told apart by their form.
#include "gimbal/venue/deribit/chain_underlying.hpp"

namespace gimbal::venue::deribit {
namespace {

constexpr std::string_view synthetic_prefix = "SYN.";
constexpr double volatility_max = 10.0;

}  // namespace

bool names_future(std::string_view underlying) {
  return !underlying.empty() && underlying != index_underlying &&
         underlying.substr(0, synthetic_prefix.size()) != synthetic_prefix;
}

Result<const market::Instrument*> named_future(std::string_view underlying, InstrumentTable& instruments) {
  auto future = instruments.find(underlying);
  if (future && (*future)->kind != market::InstrumentKind::future)
    return fail(ErrorCode::parse, "'{}' is not a dated future", underlying);
  return future;
}

market::RecordedQuote assumed_quote(const market::Instrument& instrument) {
  market::RecordedQuote quote;
  quote.instrument = instrument;
  quote.assumed = true;
  return quote;
}

std::optional<double> mark_volatility(std::optional<double> printed) {
  if (!printed || *printed <= 0.0 || *printed > volatility_max) return std::nullopt;
  return printed;
}

}  // namespace gimbal::venue::deribit
