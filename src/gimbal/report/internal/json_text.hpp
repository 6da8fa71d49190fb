// Values of a JSON document and how they are laid out; nlohmann's header is slow to read, so only the sources that
// write documents include this.
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

#include "gimbal/foundation/decimal.hpp"

namespace gimbal::report::internal {

using Json = nlohmann::ordered_json;

/// A number, or null where it is not finite. Minus zero is zero.
[[nodiscard]] Json number(double value);
[[nodiscard]] Json number(const std::optional<double>& value);
/// An exact decimal as a string.
[[nodiscard]] Json exact(const Decimal& value);
/// A string, or null where it is empty.
[[nodiscard]] Json text_or_null(const std::string& text);

/// The document with one space of indent a level. Objects and lists that hold nothing but scalars stand on one line, so
/// that a list of them reads like a table. Bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string document_text(const Json& document);

/// A part of such a document as it stands `depth` levels inside, for documents that are written part by part.
[[nodiscard]] std::string nested_text(const Json& part, std::size_t depth);

}  // namespace gimbal::report::internal
