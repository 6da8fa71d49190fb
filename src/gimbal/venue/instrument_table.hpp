// Instruments by the names that a file repeats in every snapshot: each name is parsed once.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gimbal/market/instrument.hpp"

namespace gimbal::venue {

class InstrumentTable {
 public:
  using Parser = Result<market::Instrument> (*)(std::string_view name);
  explicit InstrumentTable(Parser parser) : parser_{parser} {}

  /// The instrument of a name; the pointer stays valid as long as the table.
  /// Errors    what the parser returns; such names are parsed again each time.
  [[nodiscard]] Result<const market::Instrument*> find(std::string_view name) {
    if (const auto known = instruments_.find(name); known != instruments_.end()) return &known->second;
    auto parsed = parser_(name);
    if (!parsed) return Unexpected{parsed.error()};
    return &instruments_.emplace(std::string{name}, *std::move(parsed)).first->second;
  }

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
  };
  Parser parser_;
  // Looked up, never iterated over.
  std::unordered_map<std::string, market::Instrument, NameHash, std::equal_to<>> instruments_;
};

}  // namespace gimbal::venue
