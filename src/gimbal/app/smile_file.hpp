// Smiles by their parameters, as people exchange them: a JSON document with raw SVI, SSVI or eSSVI slices
// (docs/formats.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gimbal/foundation/result.hpp"
#include "gimbal/report/svi_check.hpp"

namespace gimbal::app {

/// The slices in ascending order of years, whatever the family turned into raw SVI.
/// Errors    parse or out_of_domain with the place in the document (`slices[2].rho`), what was found and what is read.
[[nodiscard]] Result<std::vector<report::NamedSlice>> decode_smiles(std::string_view text);

}  // namespace gimbal::app
