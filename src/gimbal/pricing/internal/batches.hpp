// The loops behind the batch functions, once for four lanes and once for eight. They take raw columns, for the second
// is compiled for AVX-512: nothing from the standard library may be instantiated there.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gimbal::pricing::internal {

/// Options in columns of `count` rows. A right is a call where its byte is zero.
struct OptionPointers {
  const double* forward;
  const double* strike;
  const double* volatility_annual;
  const double* expiry_years;
  const std::uint8_t* right;
  std::size_t count;
};

/// Where results go; null for what is not wanted.
struct GreekPointers {
  double* premium;
  double* delta;
  double* gamma;
  double* vega;
  double* theta;
};

/// Premiums in columns of `count` rows.
struct PremiumPointers {
  const double* premium;
  const double* forward;
  const double* strike;
  const double* expiry_years;
  const std::uint8_t* right;
  std::size_t count;
};

/// Does a row that no kernel can do.
struct UnusualRow {
  void (*handle)(void* context, std::size_t row);
  void* context;
};

/// All rows but the last few that fill no group of lanes; gives the number of rows done. Rows outside a kernel's domain
/// are handed on one by one.
struct Batches {
  std::size_t (*premiums)(const OptionPointers& in, double* premium, UnusualRow unusual);
  std::size_t (*greeks)(const OptionPointers& in, const GreekPointers& out, UnusualRow unusual);
  std::size_t (*implied_volatilities)(const PremiumPointers& in, double* volatility_annual, UnusualRow unusual);
};
[[nodiscard]] Batches batches_by_four() noexcept;
/// Needs a processor that numerics::has_eight_lanes.
[[nodiscard]] Batches batches_by_eight() noexcept;
/// The wider of the two that this processor can do.
[[nodiscard]] Batches batches_here() noexcept;

}  // namespace gimbal::pricing::internal
