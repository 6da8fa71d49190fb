// The immutable table that gives each instrument and asset a dense id. Listing something new makes a new Universe that
// keeps every id of the old one, so ids stay valid for the life of a journal.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gimbal/market/instrument.hpp"

namespace gimbal::market {

/// An instrument's place in the Universe: 0, 1, 2, ... in order of first listing.
enum class InstrumentId : std::uint32_t {};

[[nodiscard]] constexpr std::uint32_t raw(InstrumentId id) { return static_cast<std::uint32_t>(id); }
[[nodiscard]] constexpr std::uint16_t raw(AssetId id) { return static_cast<std::uint16_t>(id); }

class Universe {
 public:
  /// A universe of no instruments and the one asset USD, whose id is 0.
  Universe();

  /// This universe with `added` behind its instruments, and their assets behind its assets.
  /// Errors    what validate() refuses; invalid_argument for a name that is listed already.
  [[nodiscard]] Result<std::shared_ptr<const Universe>> extended(std::span<const Instrument> added) const;

  [[nodiscard]] std::size_t size() const { return instruments_.size(); }
  [[nodiscard]] std::size_t asset_count() const { return assets_.size(); }
  [[nodiscard]] const Instrument& operator[](InstrumentId id) const;
  [[nodiscard]] const Asset& asset(AssetId id) const;
  [[nodiscard]] std::span<const Instrument> instruments() const { return instruments_; }
  [[nodiscard]] std::span<const Asset> assets() const { return assets_; }

  [[nodiscard]] std::optional<InstrumentId> find(std::string_view name) const;
  [[nodiscard]] std::optional<AssetId> find_asset(const AssetCode& code) const;

  [[nodiscard]] AssetId underlying(InstrumentId id) const { return links(id).underlying; }
  [[nodiscard]] AssetId quote(InstrumentId id) const { return links(id).quote; }
  [[nodiscard]] AssetId settlement(InstrumentId id) const { return links(id).settlement; }

 private:
  struct Links {
    AssetId underlying{};
    AssetId quote{};
    AssetId settlement{};
  };
  [[nodiscard]] const Links& links(InstrumentId id) const;
  AssetId listed(const AssetCode& code);

  std::vector<Instrument> instruments_;
  std::vector<Links> links_;
  std::vector<Asset> assets_;
  std::map<std::string, InstrumentId, std::less<>> by_name_;
};

}  // namespace gimbal::market
