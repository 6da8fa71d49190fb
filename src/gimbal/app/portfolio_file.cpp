// Reads portfolio files strictly: instruments by name, sizes in whole lots, balances to the asset's last decimal.
#include "gimbal/app/portfolio_file.hpp"

#include "gimbal/app/config_table.hpp"
#include "gimbal/engine/state.hpp"
#include "gimbal/portfolio/starting_book.hpp"

namespace gimbal::app {
namespace {

void read_cash(ConfigTable table, const market::Universe& universe, engine::PortfolioOpened& opened) {
  for (const std::string& key : table.keys()) {
    const auto amount = table.decimal(key);
    const auto code = market::AssetCode::parse(key);
    const auto asset = code ? universe.find_asset(*code) : std::nullopt;
    if (!asset) {
      table.refuse(key, "an asset that this market does not know", "one of its assets");
      continue;
    }
    if (!amount) continue;
    const auto exact = Amount::from_decimal(*amount, universe.asset(*asset).scale);
    if (!exact) {
      table.refuse(key, amount->to_string(), fmt::format("at most {} decimals", universe.asset(*asset).scale));
      continue;
    }
    opened.balances.push_back({engine::main_account, portfolio::Place::cash, *asset, *exact});
  }
  table.finish();
}

void read_position(ConfigTable table, const market::MarketSnapshot& snapshot, engine::PortfolioOpened& opened) {
  const std::string name = table.required_text("instrument");
  const auto contracts = table.decimal("contracts");
  const auto price = table.decimal("price");
  table.finish();
  const auto id = snapshot.universe->find(name);
  if (!id) {
    table.refuse("instrument", "'" + name + "', which is not listed",
                 "an instrument of this market such as '" +
                     (snapshot.rows() > 0 ? (*snapshot.universe)[snapshot.instrument[0]].name
                                          : std::string{"deribit:BTC-PERPETUAL"}) +
                     "'");
    return;
  }
  const market::Instrument& instrument = (*snapshot.universe)[*id];
  if (instrument.kind == market::InstrumentKind::spot) {
    table.refuse("instrument", "'" + name + "', a spot pair", "a contract; coins belong under [cash]");
    return;
  }
  if (!contracts) {
    table.refuse("contracts", "missing", "a number of contracts, negative for short");
    return;
  }
  const auto lots = market::lots_of(instrument, *contracts);
  if (!lots) {
    table.refuse("contracts", contracts->to_string(), "a multiple of the lot " + instrument.lot.to_string());
    return;
  }
  portfolio::OpeningPosition position{engine::main_account, *id, *lots, price};
  if (instrument.is_future() && !price) {
    const auto marked = portfolio::entry_price(*id, snapshot);
    if (!marked) {
      table.refuse("price", "missing, and the market has no mark", "the entry price of a future");
      return;
    }
    position.price = *marked;
  }
  if (price && *price <= Decimal{}) table.refuse("price", price->to_string(), "a positive price");
  opened.positions.push_back(position);
}

}  // namespace

Result<engine::PortfolioOpened> read_portfolio(const std::string& file, const std::string& text,
                                               const market::MarketSnapshot& snapshot) {
  auto parsed = ConfigFile::parse(file, text);
  if (!parsed) return Unexpected{parsed.error()};
  engine::PortfolioOpened opened;
  opened.source = "portfolio";
  ConfigTable root = parsed->root();
  read_cash(root.table("cash"), *snapshot.universe, opened);
  for (ConfigTable& position : root.tables("position")) read_position(position, snapshot, opened);
  root.finish();
  if (const auto finished = parsed->finish(); !finished) return Unexpected{finished.error()};
  return opened;
}

}  // namespace gimbal::app
