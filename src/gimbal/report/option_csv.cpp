// The columns in the order that docs/formats.md gives them.
#include "gimbal/report/option_csv.hpp"

#include <fmt/core.h>

namespace gimbal::report {

std::string greeks_csv_header(std::string_view input_header) {
  return fmt::format(
      "{},price,delta,gamma,vega,theta,rho,vanna,volga,charm,speed,color,zomma,coin_price,coin_delta_net,coin_gamma,"
      "coin_vega,coin_theta\n",
      input_header);
}

std::string greeks_csv_line(std::string_view input_line, const pricing::Black76Greeks& quote,
                            const pricing::InverseGreeks& coin) {
  std::string line{input_line};
  for (const double value : {quote.premium, quote.delta, quote.gamma, quote.vega, quote.theta, quote.rho, quote.vanna,
                             quote.volga, quote.charm, quote.speed, quote.color, quote.zomma, coin.premium_coin,
                             coin.delta_net_coin, coin.gamma_coin, coin.vega_coin, coin.theta_coin})
    line += fmt::format(",{:.17g}", value);
  return line + '\n';
}

std::string implied_volatility_csv_header() { return "implied_volatility,status\n"; }

std::string implied_volatility_csv_line(const pricing::ImpliedVolatility& answer) {
  if (!answer.ok()) return fmt::format(",{}\n", pricing::to_string(answer.status));
  return fmt::format("{:.17g},{}\n", answer.volatility_annual, pricing::to_string(answer.status));
}

}  // namespace gimbal::report
