// Fuzz target of the tables of options: an error, or rows that every formula has an answer for.
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/venue/gimbal/option_table.hpp"

namespace {

void check(const gimbal::venue::OptionTerms& option) {
  GIMBAL_ASSERT(option.forward >= 1e-300 && option.forward <= 1e300);
  GIMBAL_ASSERT(option.strike >= 1e-300 && option.strike <= 1e300);
  GIMBAL_ASSERT(option.years >= 0.0 && std::isfinite(option.years));
  GIMBAL_ASSERT(std::isfinite(option.rate));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto table = gimbal::venue::decode_volatility_table(text)) {
    GIMBAL_ASSERT(!table->rows.empty());
    for (const gimbal::venue::VolatilityRow& row : table->rows) {
      check(row.option);
      GIMBAL_ASSERT(row.volatility >= 0.0 && std::isfinite(row.volatility));
    }
  }
  if (const auto rows = gimbal::venue::decode_premium_table(text)) {
    for (const gimbal::venue::PremiumRow& row : *rows) {
      check(row.option);
      GIMBAL_ASSERT(std::isfinite(row.price));
    }
  }
  return 0;
}
