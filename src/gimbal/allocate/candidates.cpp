// Selectors, and the deterministic short list of lines for the programme.
#include "gimbal/allocate/candidates.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "gimbal/pricing/black76.hpp"

namespace gimbal::allocate {
namespace {

template <class T>
bool named(const std::vector<T>& list, const T& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

double delta_absolute(const risk::Columns& columns, std::size_t column) {
  const pricing::Black76Greeks greeks =
      pricing::black76_greeks({columns.forward[column], columns.strike[column], columns.volatility_annual[column],
                               columns.expiry_years[column], columns.right[column]});
  return std::fabs(greeks.delta);
}

// An option in the running for a place.
struct Contender {
  std::size_t column = 0;
  double score = 0.0;
};

const std::string& name_of(const risk::RiskView& view, std::size_t column) {
  return view.universe()[view.columns.instrument[column]].name;
}

// Largest change over the stress rows, numeraire per contract at today's rates.
double largest_stress(const risk::RiskView& view, std::size_t column) {
  double largest = 0.0;
  const auto& rows = view.settings->scenarios.rows;
  for (std::size_t s = 0; s < rows.size(); ++s)
    if (rows[s].kind == risk::ScenarioKind::stress)
      largest = std::max(largest, std::fabs(view.matrix.change(s, column)));
  const double settlement_usd = view.matrix.price_origin_usd[market::raw(view.columns.settlement[column])];
  return largest * settlement_usd / view.matrix.price_origin_usd[market::raw(view.numeraire)];
}

double score(const CandidateInputs& in, std::size_t column, std::size_t row) {
  const double edge = in.edges[row].total();
  const TradingCost& cost = in.costs[row];
  double gain = -std::numeric_limits<double>::infinity();
  if (cost.buy) gain = std::max(gain, edge - cost.buy->total);
  if (cost.sell) gain = std::max(gain, -edge - cost.sell->total);
  // Without stress rows, or for what they do not move, the contract itself is the unit.
  const double unit = largest_stress(in.view, column);
  return unit > 0.0 ? gain / unit : gain;
}

// Bands of strike / forward, narrow at the money.
std::size_t moneyness_band(const risk::Columns& columns, std::size_t column) {
  constexpr double edges[] = {0.75, 0.9, 1.0, 1.1, 1.3};
  const double moneyness = columns.strike[column] / columns.forward[column];
  return static_cast<std::size_t>(std::upper_bound(std::begin(edges), std::end(edges), moneyness) - std::begin(edges));
}

// Takes the best of each group in turn until `places` are filled; contenders stand best first.
void take_in_turn(const risk::RiskView& view, const std::vector<Contender>& contenders, std::size_t places,
                  std::vector<std::size_t>& chosen) {
  // By code rather than id, so that the order in which a market lists its instruments does not matter.
  using Group = std::tuple<market::AssetCode, std::int64_t, std::size_t>;
  std::map<Group, std::vector<std::size_t>> groups;
  for (const Contender& contender : contenders) {
    const std::size_t c = contender.column;
    const market::AssetCode& code = view.universe().asset(view.columns.underlying[c]).code;
    groups[{code, view.columns.expiry_ns[c], moneyness_band(view.columns, c)}].push_back(c);
  }
  for (std::size_t turn = 0; places > 0; ++turn) {
    bool any = false;
    for (const auto& [group, members] : groups) {
      if (turn >= members.size() || places == 0) continue;
      chosen.push_back(members[turn]);
      --places;
      any = true;
    }
    if (!any) return;
  }
}

void choose_options(const CandidateInputs& in, std::vector<Contender> contenders, std::size_t places,
                    std::vector<std::size_t>& chosen) {
  std::sort(contenders.begin(), contenders.end(), [&](const Contender& a, const Contender& b) {
    if (a.score != b.score) return a.score > b.score;
    return name_of(in.view, a.column) < name_of(in.view, b.column);
  });
  const std::size_t by_score = std::min(contenders.size(), places - places / 2);
  for (std::size_t k = 0; k < by_score; ++k) chosen.push_back(contenders[k].column);
  contenders.erase(contenders.begin(), contenders.begin() + static_cast<std::ptrdiff_t>(by_score));
  take_in_turn(in.view, contenders, places - by_score, chosen);
}

}  // namespace

bool selects(const Selector& selector, const risk::RiskView& view, std::size_t column) {
  const risk::Columns& columns = view.columns;
  const market::Instrument& instrument = view.universe()[columns.instrument[column]];
  if (!named(selector.kinds, instrument.kind) || !named(selector.underlyings, instrument.underlying)) return false;
  if (!named(selector.names, instrument.name)) return false;
  constexpr double days_per_year = 365.0;
  if (instrument.expiry && !selector.tenor_days.holds(columns.expiry_years[column] * days_per_year)) return false;
  if (!instrument.is_option()) return !selector.right.has_value();
  if (selector.right && *selector.right != instrument.right) return false;
  if (!selector.moneyness.holds(columns.strike[column] / columns.forward[column])) return false;
  const bool any_delta = !selector.delta_absolute.least && !selector.delta_absolute.most;
  return any_delta || selector.delta_absolute.holds(delta_absolute(columns, column));
}

bool is_holdable(const std::vector<Selector>& holdable, const risk::RiskView& view, std::size_t column) {
  if (view.columns.kind[column] == market::InstrumentKind::spot) return false;
  if (holdable.empty()) return true;
  return std::any_of(holdable.begin(), holdable.end(),
                     [&](const Selector& selector) { return selects(selector, view, column); });
}

std::vector<std::size_t> select_candidates(const CandidateInputs& in) {
  const risk::Columns& columns = in.view.columns;
  std::vector<std::size_t> held;
  std::vector<std::size_t> hedges;
  std::vector<Contender> options;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const market::InstrumentId id = columns.instrument[c];
    const auto row = in.view.snapshot->row_of(id);
    if (!row || !in.view.marks[market::raw(id)]) continue;
    if (in.book.contracts[c] != 0.0) {
      held.push_back(c);
      continue;
    }
    // Without a balance in its settlement asset a line can be neither paid nor margined; left in, it would pin the
    // programme to a point without an inside.
    if (in.book.equity[market::raw(columns.settlement[c])] <= 0.0) continue;
    const bool quoted = in.costs[*row].buy.has_value() || in.costs[*row].sell.has_value();
    if (!quoted || !is_holdable(in.settings.holdable, in.view, c)) continue;
    if (columns.kind[c] == market::InstrumentKind::option)
      options.push_back({c, score(in, c, *row)});
    else
      hedges.push_back(c);
  }
  std::vector<std::size_t> chosen = held;
  chosen.insert(chosen.end(), hedges.begin(), hedges.end());
  const std::size_t most = in.settings.candidates_most;
  if (chosen.size() < most) choose_options(in, std::move(options), most - chosen.size(), chosen);
  std::sort(chosen.begin(), chosen.end(),
            [&](std::size_t a, std::size_t b) { return name_of(in.view, a) < name_of(in.view, b); });
  return chosen;
}

}  // namespace gimbal::allocate
