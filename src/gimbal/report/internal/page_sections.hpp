// The sections of the page, each from a lap and its details to HTML. What is missing is said in words; a section that
// has nothing to say is empty.
#pragma once

#include <string>

#include "gimbal/report/internal/lap_figures.hpp"
#include "gimbal/report/internal/page_document.hpp"
#include "gimbal/report/lap_page.hpp"

namespace gimbal::report::internal {

/// What every section reads.
struct PageContent {
  const LapPage& page;
  const LapReport& lap;     ///< The last.
  const LapReport* before;  ///< The one before it in the run; null for the first.
  const LapDetail& detail;
};

// page_headline.cpp
[[nodiscard]] std::string headline_section(const PageContent& content);
// page_trades.cpp
[[nodiscard]] std::string trades_section(const PageContent& content);
// page_risk.cpp
[[nodiscard]] std::string surface_section(const PageContent& content);
[[nodiscard]] std::string bounds_section(const PageContent& content);
[[nodiscard]] std::string margin_section(const PageContent& content);
// page_profit.cpp
[[nodiscard]] std::string profit_section(const PageContent& content);
[[nodiscard]] std::string laps_section(const PageContent& content);
// page_market.cpp
[[nodiscard]] std::string smiles_section(const PageContent& content);
[[nodiscard]] std::string positions_section(const PageContent& content);
[[nodiscard]] std::string quality_section(const PageContent& content);
// page_proof.cpp
[[nodiscard]] std::string proof_section(const PageContent& content);

/// The numbers of the page as JSON text in which no `<` occurs.
[[nodiscard]] std::string page_json(const LapPage& page);

/// `-249,886 USD`.
[[nodiscard]] std::string money_with_unit(double value, const std::string& asset);

/// A number without the zeros that only fill up its decimals: `-0.5`, `2,500`.
[[nodiscard]] std::string plain_text(double value);

/// One unit of a constraint in words: `contract`, `(USD per day)`, `1 of the balance` of a fraction.
[[nodiscard]] std::string one_of(const std::string& unit);

}  // namespace gimbal::report::internal
