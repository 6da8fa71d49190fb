// The allocation problem in numbers, after every noun of finance has been spent: lines that trade in whole lots, linear
// images of the book with bounds and pulls on them, and pools whose requirement must fit a balance. The continuous
// programme, the rounding and the reports all read this one description, so they cannot disagree on what a bound means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "gimbal/foundation/matrix_view.hpp"
#include "gimbal/market/universe.hpp"
#include "gimbal/risk/margin/margin_rule.hpp"

namespace gimbal::allocate::internal {

inline constexpr double open = std::numeric_limits<double>::infinity();  // an absent bound

/// What keeps a trade from being larger.
enum class LimitCause : std::uint8_t { quoted_size, trade_limit, position_limit, reduce_only };

/// An instrument that may be traded. Everything is per lot and counted in lots; a trade t is signed.
struct Line {
  market::InstrumentId instrument{};
  std::size_t column = 0;  // of the risk view
  std::size_t row = 0;     // of the snapshot
  double lot_contracts = 1.0;
  std::int64_t current = 0;      // lots held
  std::int64_t buy_most = 0;     // t <= buy_most
  std::int64_t sell_most = 0;    // t >= -sell_most
  std::int64_t trade_least = 1;  // |t| is 0, at least this, or closes the line
  LimitCause buy_cause = LimitCause::quoted_size;
  LimitCause sell_cause = LimitCause::quoted_size;
  double edge = 0.0;      // numeraire per lot held
  double buy_cost = 0.0;  // numeraire per lot, not negative
  double sell_cost = 0.0;
  bool hedge = false;  // not an option: fine lots, no premium

  [[nodiscard]] double cost(double trade) const { return trade >= 0.0 ? trade * buy_cost : -trade * sell_cost; }
  /// Whether a trade of this many lots may be done.
  [[nodiscard]] bool allows(std::int64_t trade) const {
    if (trade == 0) return true;
    if (trade > buy_most || trade < -sell_most) return false;
    return trade >= trade_least || trade <= -trade_least || trade == -current;
  }
};

enum class BoundKind : std::uint8_t { greek, stress, position };

/// lower <= image <= upper. The stated bounds are what the owner wrote; those that the programme holds lie inside them
/// by what the rounding of money to its smallest units may do to the image.
struct Bound {
  std::size_t image = 0;
  double lower = -open;
  double upper = open;
  double lower_stated = -open;
  double upper_stated = open;
  bool hard = true;
  int priority = 1;
  double penalty = 0.0;  // soft: numeraire per unit outside
  double scale = 1.0;    // unit of regret when not everything can be had
  BoundKind kind = BoundKind::greek;
  std::string name;
  std::string unit;
};

/// Numeraire lost: weight / 2 (image - target)^2.
struct Pull {
  std::size_t image = 0;
  double target = 0.0;
  double weight = 0.0;
};

/// slope x lots held + intercept.
struct LotLine {
  double slope = 0.0;
  double intercept = 0.0;
};

/// requirement(q) <= ceiling x balance(t), in the pool's currency: of initial margin for a ceiling on what is used, of
/// maintenance margin for room to liquidation.
struct Pool {
  market::AssetId asset{};
  risk::MarginSide side = risk::MarginSide::initial;
  std::string name;
  double ceiling = 1.0;
  double stated = 1.0;  // as the owner wrote it: the ceiling itself, or the room that it leaves
  bool hard = true;
  int priority = 1;
  double penalty = 0.0;  // soft: numeraire per unit of requirement above ceiling x balance
  double scale = 1.0;
  double headroom_least = 0.0;                    // not zero for the same reason as Bound's inner bounds
  double balance = 0.0;                           // at no trades
  double requirement_fixed = 0.0;                 // of positions that are no lines
  std::vector<std::vector<LotLine>> requirement;  // by line: the largest of these and zero
  std::vector<double> balance_buy;                // by line: change per lot bought
  std::vector<double> balance_sell;               // by line: change per lot sold
  std::vector<std::size_t> faces;                 // images whose largest is required on top
};

struct Problem {
  std::vector<Line> lines;
  // Images: value = current + sum over lines of t x (t > 0 ? up : down). The two differ by what costs do to equity.
  std::vector<double> image_current;
  Matrix up;  // images x lines
  Matrix down;
  std::vector<Bound> bounds;
  std::vector<Pull> pulls;
  std::vector<Pool> pools;
  double edge_current = 0.0;               // numeraire, of the book held now
  std::uint32_t lines_held_elsewhere = 0;  // positions that cannot be traded, and count as lines
  std::uint32_t lines_most = std::numeric_limits<std::uint32_t>::max();

  [[nodiscard]] double coefficient(std::size_t image, std::size_t line, double trade) const {
    return trade >= 0.0 ? up(image, line) : down(image, line);
  }
};

/// Requirement of one line at a position, from its LotLines.
[[nodiscard]] double line_requirement(const Pool& pool, std::size_t line, double position);
/// Requirement and balance at a vector of trades; images are those of the same trades.
[[nodiscard]] double pool_requirement(const Problem& problem, const Pool& pool, std::span<const double> trades,
                                      std::span<const double> images);
[[nodiscard]] double pool_balance(const Pool& pool, std::span<const double> trades);
/// ceiling x balance - requirement; the pool's bound asks for at least headroom_least.
[[nodiscard]] double pool_headroom(const Problem& problem, const Pool& pool, std::span<const double> trades,
                                   std::span<const double> images);

/// All images at a vector of trades, one a line, in lots.
[[nodiscard]] std::vector<double> image_values(const Problem& problem, std::span<const double> trades);

/// The objective to be maximised, numeraire: edge of the whole book less costs, pulls and soft penalties.
struct ObjectiveParts {
  double edge = 0.0;
  double cost = 0.0;
  double pulls = 0.0;
  double penalties = 0.0;
  [[nodiscard]] double total() const { return edge - cost - pulls - penalties; }
};
[[nodiscard]] ObjectiveParts objective(const Problem& problem, std::span<const double> trades,
                                       std::span<const double> images);

/// Distance of a value outside [lower, upper], not negative; differences of a rounding error count as none.
[[nodiscard]] double violation(const Bound& bound, double value);
/// The same for a pool's headroom, in the pool's currency.
[[nodiscard]] double violation(const Pool& pool, double headroom);

/// Trades that a line may end at, in lots; least <= most.
struct TradeRange {
  double least = 0.0;
  double most = 0.0;
};

/// The bounds that one solve or one rounding works with: the problem's own, or relaxed where not everything can be had,
/// or tightened to leave room for lots.
struct Frame {
  std::vector<double> lower;  // by bound
  std::vector<double> upper;
  std::vector<double> headroom_least;  // by pool
  std::vector<TradeRange> ranges;      // by line
};
[[nodiscard]] Frame frame_of(const Problem& problem);
/// Violations of hard bounds and pools of a frame, in the units of the image or the pool.
[[nodiscard]] double violation(const Problem& problem, const Frame& frame, std::size_t bound, double value);
[[nodiscard]] double pool_violation(const Problem& problem, const Frame& frame, std::size_t pool, double headroom);

/// -1, 0 or 1: which of two sums of violations is less, differences of a rounding error counting as none.
[[nodiscard]] int compare_regret(double a, double b);

/// Violation of hard bounds and pools by priority, most important first; each in units of its scale.
struct Regret {
  std::vector<double> by_priority;
  [[nodiscard]] bool none() const;
  /// Lexicographic, differences of a rounding error counting as none.
  [[nodiscard]] bool less_than(const Regret& other) const;
};
/// The priorities of hard bounds and pools in ascending order: what Regret::by_priority is indexed by.
[[nodiscard]] std::vector<int> priorities(const Problem& problem);
[[nodiscard]] Regret regret(const Problem& problem, const Frame& frame, std::span<const int> priorities,
                            std::span<const double> trades, std::span<const double> images);

}  // namespace gimbal::allocate::internal
