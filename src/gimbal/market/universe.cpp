// Listing and look-up of instruments.
#include "gimbal/market/universe.hpp"

namespace gimbal::market {

Universe::Universe() { assets_.push_back(Asset{usd(), asset_scale(usd())}); }

Result<std::shared_ptr<const Universe>> Universe::extended(std::span<const Instrument> added) const {
  auto next = std::make_shared<Universe>(*this);
  for (const Instrument& instrument : added) {
    if (const auto valid = validate(instrument); !valid) return Unexpected{valid.error()};
    const auto id = static_cast<InstrumentId>(next->instruments_.size());
    if (!next->by_name_.emplace(instrument.name, id).second)
      return fail(ErrorCode::invalid_argument, "instrument '{}' is listed twice", instrument.name);
    next->instruments_.push_back(instrument);
    Links links;
    links.underlying = next->listed(instrument.underlying);
    links.quote = next->listed(instrument.quote);
    links.settlement = next->listed(instrument.settlement);
    next->links_.push_back(links);
  }
  return std::shared_ptr<const Universe>{std::move(next)};
}

const Instrument& Universe::operator[](InstrumentId id) const {
  GIMBAL_ASSERT(raw(id) < instruments_.size());
  return instruments_[raw(id)];
}

const Asset& Universe::asset(AssetId id) const {
  GIMBAL_ASSERT(raw(id) < assets_.size());
  return assets_[raw(id)];
}

const Universe::Links& Universe::links(InstrumentId id) const {
  GIMBAL_ASSERT(raw(id) < links_.size());
  return links_[raw(id)];
}

std::optional<InstrumentId> Universe::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

std::optional<AssetId> Universe::find_asset(const AssetCode& code) const {
  for (std::size_t i = 0; i < assets_.size(); ++i)
    if (assets_[i].code == code) return static_cast<AssetId>(i);
  return std::nullopt;
}

AssetId Universe::listed(const AssetCode& code) {
  if (const auto known = find_asset(code)) return *known;
  assets_.push_back(Asset{code, asset_scale(code)});
  return static_cast<AssetId>(assets_.size() - 1);
}

}  // namespace gimbal::market
