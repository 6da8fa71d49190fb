// Keys to values, section by section. Cross-checks between sections are at the end.
#include "gimbal/app/configuration.hpp"

#include <cmath>
#include <utility>

#include "gimbal/app/config_table.hpp"
#include "gimbal/app/internal/configuration_sections.hpp"
#include "gimbal/foundation/sha256.hpp"

namespace gimbal::app {
namespace {

using internal::read_code;

struct BookSection {
  std::string name;
  std::string account;
  market::AssetCode numeraire = market::usd();
};

BookSection read_book(ConfigTable table) {
  BookSection book;
  book.name = table.required_text("name");
  book.account = table.text_or("account", "main");
  if (const std::string text = table.text_or("numeraire", "USD"); text != "USD" && text != "BTC" && text != "ETH") {
    table.refuse("numeraire", "'" + text + "'", "one of 'USD' 'BTC' 'ETH'");
  } else {
    book.numeraire = market::AssetCode::of(text);
  }
  // One rule so far; named so that a file says what it was checked under.
  (void)table.choice("margin", {"deribit_standard"}, 0);
  table.finish();
  return book;
}

Decimal decimal_or(ConfigTable& table, std::string_view key, const Decimal& otherwise) {
  const auto value = table.decimal(key);
  if (value && *value <= Decimal{}) {
    table.refuse(key, value->to_string(), "a positive number");
    return otherwise;
  }
  return value.value_or(otherwise);
}

market::MarketAssumptions read_assumptions(ConfigTable table) {
  market::MarketAssumptions assumed;
  assumed.option_size_contracts = decimal_or(table, "assumed_option_size", assumed.option_size_contracts);
  assumed.future_size_notional = decimal_or(table, "assumed_future_notional", assumed.future_size_notional);
  const NumberRange spread{.at_least = 0.0, .at_most = 0.1};
  assumed.perpetual_half_spread = table.number_or("perpetual_half_spread", assumed.perpetual_half_spread, spread);
  assumed.future_half_spread = table.number_or("future_half_spread", assumed.future_half_spread, spread);
  assumed.funding_rate_8h = table.decimal("funding_rate_8h").value_or(Decimal{});
  table.finish();
  return assumed;
}

portfolio::StartSelector read_selector(ConfigTable table) {
  portfolio::StartSelector selector;
  selector.underlying = read_code(table, "underlying");
  constexpr market::InstrumentKind kinds[] = {market::InstrumentKind::option, market::InstrumentKind::perpetual,
                                              market::InstrumentKind::future};
  selector.kind = kinds[table.choice("kind", {"option", "perpetual", "future"}, 0)];
  selector.payoff =
      table.choice("payoff", {"inverse", "linear"}, 0) == 0 ? market::Payoff::inverse : market::Payoff::linear;
  selector.right =
      table.choice("right", {"call", "put"}, 0) == 0 ? market::OptionRight::call : market::OptionRight::put;
  selector.tenor_days = table.number_or("tenor_days", selector.tenor_days, {.above = 0.0});
  selector.delta = table.number("delta", {.above = 0.0, .at_most = 1.0});
  selector.moneyness = table.number("moneyness", {.above = 0.0});
  if (selector.delta && selector.moneyness) table.refuse("moneyness", "given beside delta", "one of the two");
  const auto contracts = table.decimal("contracts");
  if (!contracts || contracts->is_zero()) table.refuse("contracts", "missing or zero", "a number, negative for short");
  selector.contracts = contracts.value_or(Decimal{});
  table.finish();
  return selector;
}

StartingBook read_start(ConfigTable table) {
  StartingBook start;
  ConfigTable cash = table.table("cash");
  for (const std::string& key : cash.keys()) {
    const auto code = market::AssetCode::parse(key);
    const auto amount = cash.decimal(key);
    if (!code) cash.refuse(key, "'" + key + "'", "an asset code such as BTC");
    if (code && amount) start.cash.push_back({*code, *amount});
  }
  for (ConfigTable& position : table.tables("position")) start.positions.push_back(read_selector(position));
  table.finish();
  return start;
}

surface::FitSettings read_fit(ConfigTable table) {
  surface::FitSettings fit;
  fit.model = table.choice("model", {"svi", "essvi"}, 0) == 0 ? surface::Model::svi : surface::Model::essvi;
  fit.quotes_least = static_cast<std::uint32_t>(
      table.integer_or("quotes_least", fit.quotes_least, {.at_least = 5.0, .at_most = 1000.0}));
  fit.relative_spread_most =
      table.number_or("relative_spread_most", fit.relative_spread_most, {.above = 0.0, .at_most = 1.99});
  fit.half_spread_least_volatility =
      table.number_or("half_spread_least_volatility", fit.half_spread_least_volatility, {.above = 0.0, .at_most = 1.0});
  table.finish();
  return fit;
}

risk::ScenarioSet read_scenarios(ConfigTable table) {
  risk::ScenarioGrid grid;
  ConfigTable spot = table.table("spot");
  for (const std::string& key : spot.keys()) {
    const auto code = market::AssetCode::parse(key);
    std::vector<double> moves = spot.numbers(key, {.above = -1.0});
    if (!code) spot.refuse(key, "'" + key + "'", "an asset code such as BTC");
    if (code) grid.spot.push_back({*code, std::move(moves)});
  }
  if (auto moves = table.numbers("volatility_moves", {.at_least = -1.0}); !moves.empty()) grid.volatility_moves = moves;
  if (const auto hours = table.numbers("time_steps_hours", {.at_least = 0.0, .at_most = 24.0 * 365.0});
      !hours.empty()) {
    grid.time_steps.clear();
    for (const double hour : hours) grid.time_steps.emplace_back(std::llround(hour * 3600e9));
  }
  grid.spot_difference_max = table.number("spot_difference_max", {.at_least = 0.0});
  grid.dynamics = table.choice("dynamics", {"sticky_strike", "sticky_moneyness"}, 0) == 0
                      ? risk::SmileDynamics::sticky_strike
                      : risk::SmileDynamics::sticky_moneyness;
  grid.volatility_exponent =
      table.number_or("volatility_exponent", grid.volatility_exponent, {.at_least = 0.0, .at_most = 1.0});
  table.finish();
  if (!table.present() || grid.spot.empty()) {
    table.refuse("spot", "missing", "spot moves by underlying, for example BTC = [-0.2, 0.0, 0.2]");
    return {};
  }
  auto set = risk::joint_grid(grid);
  if (!set) {
    table.refuse("spot", "a grid that cannot be used: " + set.error().message, "a grid of scenarios");
    return {};
  }
  return std::move(*set);
}

}  // namespace

Result<Configuration> read_configuration(const std::string& file, const std::string& text) {
  auto parsed = ConfigFile::parse(file, text);
  if (!parsed) return Unexpected{parsed.error()};
  ConfigTable root = parsed->root();
  const BookSection book = read_book(root.table("book"));
  Configuration configuration;
  configuration.name = book.name;
  configuration.assumptions = read_assumptions(root.table("market"));
  configuration.start = read_start(root.table("start"));
  configuration.fit = read_fit(root.table("fit"));
  auto risk_settings = std::make_shared<risk::RiskSettings>();
  risk_settings->numeraire = book.numeraire;
  risk_settings->scenarios = read_scenarios(root.table("scenarios"));
  configuration.target = internal::read_target(root.table("target"));
  configuration.allocation = internal::read_allocation(root.table("allocation"));
  configuration.allocation.forecast = internal::read_forecast(root.table("forecast"));
  auto core = std::make_shared<engine::Configuration>();
  core->text = text;
  core->identity = to_hex(sha256(text));
  core->account = book.account;
  core->risk = risk_settings;
  core->limits = internal::read_limits(root.table("limits"));
  configuration.engine = core;
  root.finish();
  if (const auto finished = parsed->finish(); !finished) return Unexpected{finished.error()};
  if (const auto valid = allocate::validate(configuration.allocation); !valid) return with_context(valid.error(), file);
  return configuration;
}

Result<engine::PortfolioOpened> open_starting_book(const StartingBook& start, const market::MarketSnapshot& snapshot,
                                                   const surface::SurfaceSet& surfaces) {
  engine::PortfolioOpened opened;
  opened.source = "configuration";
  for (const StartingBook::Cash& cash : start.cash) {
    const auto asset = snapshot.universe->find_asset(cash.asset);
    if (!asset)
      return fail(ErrorCode::missing_data, "start.cash.{}: this market does not know the asset", cash.asset.view());
    const auto amount = Amount::from_decimal(cash.amount, snapshot.universe->asset(*asset).scale);
    if (!amount) return with_context(amount.error(), "start.cash." + cash.asset.str());
    opened.balances.push_back({engine::main_account, portfolio::Place::cash, *asset, *amount});
  }
  for (const portfolio::StartSelector& selector : start.positions) {
    const auto position = portfolio::resolve(selector, engine::main_account, snapshot, surfaces);
    if (!position) return with_context(position.error(), "start.position");
    opened.positions.push_back(*position);
  }
  return opened;
}

}  // namespace gimbal::app
