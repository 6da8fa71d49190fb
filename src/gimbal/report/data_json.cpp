// Keys and values of the document on a recorded market.
#include "gimbal/report/data_json.hpp"

#include "gimbal/report/internal/json_text.hpp"
#include "gimbal/report/internal/quality_json.hpp"

namespace gimbal::report {
namespace {

using internal::exact;
using internal::Json;
using internal::number;

double seconds(Duration duration) { return std::chrono::duration<double>{duration}.count(); }

Json underlying_json(const UnderlyingData& underlying) {
  const auto index = [&underlying](const Decimal& price) {
    return underlying.snapshots > 0 ? exact(price) : Json(nullptr);
  };
  Json json;
  json["asset"] = underlying.asset;
  json["options"] = underlying.options;
  json["futures"] = underlying.futures;
  json["perpetuals"] = underlying.perpetuals;
  json["spot_pairs"] = underlying.spot_pairs;
  json["snapshots"] = underlying.snapshots;
  json["index_first_usd"] = index(underlying.index_first);
  json["index_last_usd"] = index(underlying.index_last);
  json["index_lowest_usd"] = index(underlying.index_lowest);
  json["index_highest_usd"] = index(underlying.index_highest);
  return json;
}

}  // namespace

std::string data_json(const DataReport& report) {
  Json json;
  json["format"] = "gimbal-data-1";
  json["market_format"] = report.format;
  json["venues"] = report.venues;
  json["underlyings"] = Json::array();
  for (const UnderlyingData& underlying : report.underlyings)
    json["underlyings"].push_back(underlying_json(underlying));
  json["snapshots"] = report.snapshots;
  json["from"] = format_utc(report.from);
  json["to"] = format_utc(report.to);
  json["spacing_seconds_median"] = report.spacing ? number(seconds(*report.spacing)) : Json(nullptr);
  json["gaps"] = Json::array();
  for (const DataGap& gap : report.gaps) {
    Json line;
    line["from"] = format_utc(gap.from);
    line["to"] = format_utc(gap.to);
    line["seconds"] = number(seconds(gap.to - gap.from));
    json["gaps"].push_back(std::move(line));
  }
  json["quality"] = internal::quality_json(report.quality);
  json["worst_snapshot"] = format_utc(report.worst);
  json["worst_quality"] = internal::quality_json(report.worst_quality);
  return internal::document_text(json);
}

}  // namespace gimbal::report
