// The columns in the order that docs/formats.md gives them.
#include "gimbal/report/option_csv.hpp"

#include <fmt/core.h>

#include <array>
#include <cmath>

namespace gimbal::report {
namespace {

constexpr std::size_t figure_count = 17;
constexpr std::array<std::string_view, figure_count> figure_names{
    "price", "delta", "gamma", "vega",       "theta",          "rho",        "vanna",     "volga",     "charm",
    "speed", "color", "zomma", "coin_price", "coin_delta_net", "coin_gamma", "coin_vega", "coin_theta"};

}  // namespace

std::string greeks_csv_header(std::string_view input_header) {
  std::string header{input_header};
  for (const std::string_view name : figure_names) header.append(",").append(name);
  return header + '\n';
}

Result<std::string> greeks_csv_line(std::string_view input_line, const pricing::Black76Greeks& quote,
                                    const pricing::InverseGreeks& coin) {
  const std::array<double, figure_count> figures{
      quote.premium,     quote.delta,         quote.gamma,     quote.vega,     quote.theta,    quote.rho,
      quote.vanna,       quote.volga,         quote.charm,     quote.speed,    quote.color,    quote.zomma,
      coin.premium_coin, coin.delta_net_coin, coin.gamma_coin, coin.vega_coin, coin.theta_coin};
  std::string line{input_line};
  for (std::size_t i = 0; i < figure_count; ++i) {
    if (!std::isfinite(figures[i]))
      return fail(ErrorCode::out_of_domain, "{} of this option is more than a double can hold", figure_names[i]);
    line += fmt::format(",{:.17g}", figures[i]);
  }
  return line + '\n';
}

std::string implied_volatility_csv_header() { return "implied_volatility,status\n"; }

std::string implied_volatility_csv_line(const pricing::ImpliedVolatility& answer) {
  if (!answer.ok()) return fmt::format(",{}\n", pricing::to_string(answer.status));
  return fmt::format("{:.17g},{}\n", answer.volatility_annual, pricing::to_string(answer.status));
}

}  // namespace gimbal::report
