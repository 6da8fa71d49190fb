// The doors of internal/implied_volatility_kernel.hpp: what has no volatility and why, and the batch.
#include "gimbal/pricing/implied_volatility.hpp"

#include <cmath>
#include <limits>

#include "gimbal/foundation/assert.hpp"
#include "gimbal/pricing/internal/batches.hpp"
#include "gimbal/pricing/internal/implied_volatility_kernel.hpp"

namespace gimbal::pricing {
namespace {

using Status = ImpliedVolatilityStatus;

bool is_in_range(double value) { return value >= 1e-300 && value <= 1e300; }

internal::Inversion<double> prepared(const ImpliedVolatilityInput& input) {
  return internal::prepared(
      internal::QuoteLanes<double>{input.premium, input.forward, input.strike, input.expiry_years},
      input.right == market::OptionRight::call);
}

/// A row outside the kernel's domain: its status, and its volatility where there is one all the same.
ImpliedVolatility unusual_volatility(const ImpliedVolatilityInput& input,
                                     const internal::Inversion<double>& inversion) {
  if (!is_in_range(input.forward) || !is_in_range(input.strike) || !is_in_range(input.expiry_years) ||
      !std::isfinite(input.premium)) {
    return {Status::invalid_input, 0.0};
  }
  const double maximum = input.right == market::OptionRight::call ? input.forward : input.strike;
  if (input.premium >= maximum) return {Status::above_maximum, 0.0};
  if (inversion.time_value < -inversion.noise) return {Status::below_intrinsic, 0.0};
  if (inversion.time_value <= inversion.noise || inversion.ratio < internal::ratio_least)
    return {Status::no_time_value, 0.0};
  if (inversion.complement < internal::ratio_least) return {Status::above_maximum, 0.0};
  // Beyond forty e-folds of moneyness the two steps of the kernel are not enough.
  const double total = internal::total_volatility<5>(inversion.log_moneyness, inversion.ratio, inversion.complement);
  return {Status::ok, total / std::sqrt(input.expiry_years)};
}

}  // namespace

const char* to_string(ImpliedVolatilityStatus status) noexcept {
  switch (status) {
    case ImpliedVolatilityStatus::ok: return "ok";
    case ImpliedVolatilityStatus::no_time_value: return "no_time_value";
    case ImpliedVolatilityStatus::below_intrinsic: return "below_intrinsic";
    case ImpliedVolatilityStatus::above_maximum: return "above_maximum";
    case ImpliedVolatilityStatus::invalid_input: return "invalid_input";
  }
  return "invalid_input";
}

ImpliedVolatility implied_volatility(const ImpliedVolatilityInput& input) noexcept {
  const internal::Inversion<double> inversion = prepared(input);
  if (!inversion.is_usual) return unusual_volatility(input, inversion);
  return {Status::ok, internal::implied_volatility(inversion, input.expiry_years)};
}

std::size_t implied_volatility(const ImpliedVolatilityColumns& in, std::span<double> volatility_annual,
                               std::span<ImpliedVolatilityStatus> status) noexcept {
  const std::size_t count = in.premium.size();
  GIMBAL_ASSERT(in.forward.size() == count);
  GIMBAL_ASSERT(in.strike.size() == count);
  GIMBAL_ASSERT(in.expiry_years.size() == count);
  GIMBAL_ASSERT(in.right.size() == count);
  GIMBAL_ASSERT(volatility_annual.size() == count);
  GIMBAL_ASSERT(status.size() == count);
  struct Batch {
    const ImpliedVolatilityColumns& in;
    std::span<double> volatility_annual;
    std::span<Status> status;
    std::size_t refused = 0;

    void invert(std::size_t row) {
      const ImpliedVolatility answer =
          implied_volatility({in.premium[row], in.forward[row], in.strike[row], in.expiry_years[row], in.right[row]});
      volatility_annual[row] = answer.volatility_annual;
      status[row] = answer.status;
      refused += answer.ok() ? 0U : 1U;
    }
  };
  for (Status& each : status) each = Status::ok;
  Batch batch{in, volatility_annual, status};
  const internal::UnusualRow unusual{[](void* context, std::size_t row) { static_cast<Batch*>(context)->invert(row); },
                                     &batch};
  const internal::PremiumPointers pointers{in.premium.data(),
                                           in.forward.data(),
                                           in.strike.data(),
                                           in.expiry_years.data(),
                                           reinterpret_cast<const std::uint8_t*>(in.right.data()),
                                           count};
  const std::size_t done = internal::batches_here().implied_volatilities(pointers, volatility_annual.data(), unusual);
  for (std::size_t row = done; row < count; ++row) batch.invert(row);
  return batch.refused;
}

}  // namespace gimbal::pricing
