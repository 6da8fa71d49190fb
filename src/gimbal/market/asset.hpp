// Assets: what balances are counted in. A code of a few letters and the number of decimals that venues keep of it.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "gimbal/foundation/result.hpp"

namespace gimbal::market {

/// An asset's ticker such as BTC or USDC: one to eleven upper-case letters, digits or underscores, held in place.
class AssetCode {
 public:
  constexpr AssetCode() = default;
  /// Errors    parse when the text is no code.
  [[nodiscard]] static Result<AssetCode> parse(std::string_view text);
  /// A literal of ours: stops the process when it is no code.
  [[nodiscard]] static AssetCode of(std::string_view literal);

  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }
  [[nodiscard]] std::string str() const { return std::string{view()}; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  friend constexpr bool operator==(const AssetCode&, const AssetCode&) = default;
  friend constexpr auto operator<=>(const AssetCode&, const AssetCode&) = default;

 private:
  std::array<char, 11> text_{};
  std::uint8_t size_ = 0;
};

/// An asset's place in the Universe.
enum class AssetId : std::uint16_t {};

struct Asset {
  AssetCode code;
  int scale = 8;  ///< Decimals of its smallest unit.
  friend bool operator==(const Asset&, const Asset&) = default;
};

/// Decimals that balances of an asset are kept in: 6 for the dollar and its stable coins, 8 for everything else.
/// Source    Deribit prints BTC and ETH balances with 8 decimals and USDC and USDT balances with 6.
[[nodiscard]] int asset_scale(const AssetCode& code);

/// The numeraire's currency, which every index price is in.
[[nodiscard]] AssetCode usd();

/// Whether the asset stands for one dollar where no index price says otherwise: USD itself, USDC and USDT.
[[nodiscard]] bool is_dollar(const AssetCode& code);

}  // namespace gimbal::market
