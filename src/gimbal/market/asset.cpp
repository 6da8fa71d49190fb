// The few facts about assets that no venue's data carries.
#include "gimbal/market/asset.hpp"

#include <algorithm>

namespace gimbal::market {

Result<AssetCode> AssetCode::parse(std::string_view text) {
  AssetCode code;
  const auto allowed = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  if (text.empty() || text.size() > code.text_.size() || !std::all_of(text.begin(), text.end(), allowed))
    return fail(ErrorCode::parse, "'{}' is not an asset code such as BTC", text);
  std::copy(text.begin(), text.end(), code.text_.begin());
  code.size_ = static_cast<std::uint8_t>(text.size());
  return code;
}

AssetCode AssetCode::of(std::string_view literal) {
  const auto code = parse(literal);
  GIMBAL_ASSERT(code.has_value());
  return *code;
}

AssetCode usd() { return AssetCode::of("USD"); }

bool is_dollar(const AssetCode& code) {
  const std::string_view text = code.view();
  return text == "USD" || text == "USDC" || text == "USDT";
}

int asset_scale(const AssetCode& code) { return is_dollar(code) ? 6 : 8; }

}  // namespace gimbal::market
