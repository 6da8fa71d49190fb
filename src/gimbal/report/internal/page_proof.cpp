// How to get the page again and how to hold it to the journal; and the numbers of the page for programs.
#include <fmt/core.h>

#include "gimbal/report/charts/svg.hpp"
#include "gimbal/report/internal/html_table.hpp"
#include "gimbal/report/internal/json_text.hpp"
#include "gimbal/report/internal/page_sections.hpp"

namespace gimbal::report::internal {
namespace {

std::string term(const std::string& name, const std::string& value, bool code) {
  const char* tag = code ? "code" : "span";
  return fmt::format("<dt>{}</dt><dd><{}>{}</{}></dd>\n", escaped(name), tag, escaped(value), tag);
}

Json grid_json(const Matrix& matrix) {
  Json rows = Json::array();
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    Json values = Json::array();
    for (const double value : matrix.row(row)) values.push_back(number(value));
    rows.push_back(std::move(values));
  }
  return rows;
}

Json surface_json(const LapDetail& detail) {
  if (!detail.surface) return nullptr;
  Json json;
  json["spot_moves"] = detail.surface->spot_moves;
  json["volatility_moves"] = detail.surface->volatility_moves;
  json["dynamics"] = detail.surface->dynamics;
  json["volatility_exponent"] = number(detail.surface->volatility_exponent);
  json["grids"] = Json::array();
  for (const GridDetail& grid : detail.surface->grids) {
    Json each;
    each["moved"] = grid.moved;
    each["colour_end"] = number(grid.colour_end());
    each["profit_before"] = grid_json(grid.before);
    each["profit_after"] = grid_json(grid.after);
    json["grids"].push_back(std::move(each));
  }
  return json;
}

Json pool_json(const PoolDetail& pool) {
  Json json;
  json["initial"] = number(pool.initial);
  json["maintenance"] = number(pool.maintenance);
  json["balance"] = number(pool.balance);
  json["room"] = number(pool.room());
  return json;
}

Json run_json(const LapPage& page) {
  Json laps = Json::array();
  for (const LapReport& lap : page.laps) {
    Json json;
    json["lap"] = lap.lap;
    json["time"] = format_utc(lap.time);
    json["equity"] = number(lap.equity);
    json["fills"] = lap.fills.size();
    json["trouble"] = text_or_null(lap.trouble);
    laps.push_back(std::move(json));
  }
  return laps;
}

}  // namespace

std::string proof_section(const PageContent& content) {
  const LapReport& lap = content.lap;
  std::string terms = term("Command", content.page.command, true);
  terms += term("Configuration",
                fmt::format("{}, SHA-256 {}", content.page.run.configuration, content.page.run.configuration_identity),
                false);
  if (!lap.digest.empty()) terms += term("State digest", lap.digest, true);
  if (lap.journal_head) {
    terms += term("Journal head", *lap.journal_head, true);
    terms += term("To verify", fmt::format("gimbal verify JOURNAL --head {}", *lap.journal_head), true);
  } else {
    terms += term("Journal", "none was kept in this run", false);
  }
  return section_markup(
      "proof", "To repeat and to verify",
      html_paragraph("The command gives this page again, byte for byte. With a journal, its head convicts whoever "
                     "changes the record later, as long as this page is kept elsewhere; JOURNAL is the journal's "
                     "folder.") +
          fmt::format("<dl class=\"proof\">\n{}</dl>\n", terms));
}

std::string page_json(const LapPage& page) {
  Json json;
  json["format"] = "gimbal-lap-page-1";
  json["command"] = page.command;
  json["numeraire"] = page.laps.back().numeraire;
  json["run"] = run_json(page);
  json["risk_surface"] = surface_json(page.detail);
  json["margin"] = Json::array();
  for (const MarginDetail& pool : page.detail.margin) {
    Json each;
    each["asset"] = pool.pool;
    each["before"] = pool_json(pool.before);
    each["after"] = pool_json(pool.after);
    json["margin"].push_back(std::move(each));
  }
  json["last_lap"] = nullptr;
  std::string text = document_text(json);
  // The last lap has a document of its own, which is put in as it is.
  const std::string slot = "\"last_lap\": null";
  const std::size_t at = text.rfind(slot);
  GIMBAL_ASSERT(at != std::string::npos);
  const std::string lap = laps_json(page.laps.last(1), page.run);
  text.replace(at, slot.size(), "\"last_lap\": " + lap.substr(0, lap.size() - 1));
  return embedded_json(text);
}

}  // namespace gimbal::report::internal
