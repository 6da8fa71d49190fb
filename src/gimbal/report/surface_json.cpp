// Keys and values of the document on surfaces. A year of them is long, so the text grows surface by surface and the
// tree of values is never more than one.
#include "gimbal/report/surface_json.hpp"

#include "gimbal/report/internal/json_text.hpp"

namespace gimbal::report {
namespace {

using internal::Json;
using internal::number;

/// A figure of the fit: nothing where no quote was there to judge it by.
Json of_judged(const surface::SliceQuality& quality, double value) {
  return quality.quotes_judged > 0 ? number(value) : Json(nullptr);
}

Json svi_json(const surface::SviSlice& svi) {
  Json json;
  json["a"] = number(svi.a);
  json["b"] = number(svi.b);
  json["rho"] = number(svi.rho);
  json["m"] = number(svi.m);
  json["sigma"] = number(svi.sigma);
  return json;
}

enum class Place { first, later };

Json expiry_json(const ExpiryFigures& figures, Place place) {
  const surface::SurfaceSlice& slice = figures.slice;
  const surface::SliceQuality& quality = slice.quality;
  const auto against_earlier = [place](double value) { return place == Place::first ? Json(nullptr) : number(value); };
  Json json;
  json["expiry"] = format_utc(slice.expiry);
  json["years"] = number(slice.years);
  json["forward"] = number(slice.forward);
  json["atm_volatility"] = number(slice.volatility_atm);
  json["risk_reversal_25"] = figures.spread ? number(figures.spread->risk_reversal) : Json(nullptr);
  json["butterfly_25"] = figures.spread ? number(figures.spread->butterfly) : Json(nullptr);
  json["forward_volatility"] = number(figures.forward_volatility);
  json["options"] = quality.options;
  json["quotes_two_sided"] = quality.quotes_two_sided;
  json["quotes_rejected"] = quotes_rejected(quality);
  json["rejected_wide"] = quality.wide;
  json["rejected_without_volatility"] = quality.without_volatility;
  json["rejected_outliers"] = quality.outliers;
  json["quotes_judged"] = quality.quotes_judged;
  json["inside_share"] = of_judged(quality, quality.inside_share);
  json["near_share"] = of_judged(quality, quality.near_share);
  json["rmse_volatility"] = of_judged(quality, quality.rmse_volatility);
  json["min_density_g"] = number(slice.certificate.density_least);
  json["wing_slope_most"] = number(slice.certificate.wing_slope_most);
  json["min_calendar_gap"] = against_earlier(slice.certificate.gap_least);
  json["min_density_between"] = against_earlier(slice.certificate.between_least);
  json["rung"] = surface::to_string(slice.rung);
  json["svi"] = svi_json(slice.svi);
  return json;
}

Json opportunity_json(const OpportunityFigures& figures) {
  Json json;
  json["kind"] = surface::to_string(figures.trade.kind);
  json["money"] = number(figures.trade.money);
  json["money_before_fees"] = number(figures.trade.money_before_fees);
  json["delivery_fees_most"] = number(figures.trade.delivery_fees_most);
  json["units"] = number(figures.trade.units);
  json["needs_forward_hedge"] = figures.trade.needs_forward_hedge;
  Json& legs = json["legs"] = Json::array();
  for (std::size_t i = 0; i < figures.instruments.size(); ++i) {
    Json leg;
    leg["instrument"] = figures.instruments[i];
    leg["contracts"] = number(figures.trade.legs[i].contracts);
    leg["price"] = number(figures.trade.legs[i].price);
    legs.push_back(std::move(leg));
  }
  return json;
}

Json surface_json(const SurfaceFigures& figures) {
  const PooledQuality pooled = pooled_quality(figures);
  Json json;
  json["underlying"] = figures.underlying;
  json["time"] = format_utc(figures.time);
  json["model"] = surface::to_string(figures.model);
  json["delta"] = surface::to_string(figures.convention);
  json["arbitrage_free"] = figures.arbitrage_free;
  json["index_usd"] = figures.index_usd ? internal::exact(*figures.index_usd) : Json(nullptr);
  for (std::size_t i = 0; i < maturity_days.size(); ++i)
    json["volatility_" + std::to_string(maturity_days[i]) + "_days"] = number(figures.volatility_at_maturity[i]);
  json["quotes_judged"] = pooled.judged;
  json["inside_share"] = number(pooled.inside_share());
  json["near_share"] = number(pooled.near_share());
  Json& expiries = json["expiries"] = Json::array();
  for (const ExpiryFigures& expiry : figures.expiries)
    expiries.push_back(expiry_json(expiry, expiries.empty() ? Place::first : Place::later));
  json["opportunities"] = nullptr;
  if (figures.opportunities) {
    json["opportunities"] = Json::array();
    for (const OpportunityFigures& opportunity : *figures.opportunities)
      json["opportunities"].push_back(opportunity_json(opportunity));
  }
  return json;
}

}  // namespace

std::string surfaces_json(std::span<const SurfaceFigures> surfaces) {
  std::string text = "{\n \"format\": \"gimbal-surfaces-1\",\n \"surfaces\": [";
  for (const SurfaceFigures& figures : surfaces) {
    if (text.back() != '[') text += ',';
    text += "\n  " + internal::nested_text(surface_json(figures), 2);
  }
  return text + (surfaces.empty() ? "]\n}\n" : "\n ]\n}\n");
}

}  // namespace gimbal::report
