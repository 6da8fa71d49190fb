// What holds for every allocation: hard bounds after lots on problems with a hidden answer, least violation on those
// without, shadow prices against solving again, and independence of the order in which a market is listed.
#include <gtest/gtest.h>

#include <map>

#include "gimbal/allocate/internal/infeasibility.hpp"
#include "gimbal/allocate/internal/programme.hpp"
#include "gimbal/allocate/internal/sample_case.hpp"

namespace gimbal::allocate {
namespace {

using internal::ChainShape;
using internal::draw_feasible;
using internal::draw_infeasible;
using internal::SampleCase;
using portfolio::TargetBook;
using portfolio::TargetStatus;

bool holds(TargetStatus status) { return status == TargetStatus::optimal || status == TargetStatus::rounded; }

// Everything about the trades that needs no risk: sides, sizes, limits, least values, lines.
void expect_tradable(const SampleCase& made, const TargetBook& book) {
  const auto& snapshot = *made.market.view.snapshot;
  std::uint32_t lines = 0;
  for (const double contracts : made.market.book.contracts) lines += contracts != 0.0 ? 1U : 0U;
  for (const portfolio::TargetTrade& trade : book.trades) {
    const std::size_t row = *snapshot.row_of(trade.instrument);
    const bool buys = trade.trade > QuantityLots{};
    EXPECT_TRUE(snapshot.has(row, buys ? market::QuoteFlag::ask : market::QuoteFlag::bid));
    const QuantityLots size = buys ? trade.trade : -trade.trade;
    EXPECT_LE(static_cast<double>(size.raw()),
              made.settings.trade_size_share_most *
                  static_cast<double>((buys ? snapshot.ask_size : snapshot.bid_size)[row].raw()));
    const bool opens = trade.current == QuantityLots{};
    const bool closes = trade.current + trade.trade == QuantityLots{};
    if (opens && !closes) ++lines;
    if (closes && !opens) --lines;
    EXPECT_GE(trade.cost, 0.0);
    EXPECT_LE(trade.reasons.size(), 5U);
  }
  if (made.settings.lines_most) {
    EXPECT_LE(lines, *made.settings.lines_most);
  }
}

TEST(AllocationProperties, BooksHoldEveryHardBoundAfterLotsWhereABookIsHidden) {
  constexpr std::uint64_t cases = 300;
  std::uint64_t rounded = 0;
  std::uint64_t with_room = 0;
  std::uint64_t room_binding = 0;
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    SCOPED_TRACE(seed);
    const SampleCase made = draw_feasible(seed, ChainShape{.coins = 1 + static_cast<int>(seed % 2)});
    const auto book = allocate(made.input());
    ASSERT_TRUE(book) << book.error().message;
    // With a limit on lines the hidden book need not be one of those found.
    if (!holds(book->status)) {
      EXPECT_FALSE(book->broken.empty());
      continue;
    }
    ++rounded;
    with_room += made.target.liquidation ? 1U : 0U;
    room_binding += std::any_of(book->constraints.begin(), book->constraints.end(),
                                [](const portfolio::ConstraintReport& constraint) {
                                  return constraint.binding && constraint.name.rfind("room ", 0) == 0;
                                })
                        ? 1U
                        : 0U;
    const auto broken = internal::found_broken(internal::risk_after(made.market, *book), made.target);
    EXPECT_TRUE(broken.empty()) << broken.front();
    EXPECT_TRUE(book->broken.empty());
    EXPECT_LE(book->objective_rounded,
              book->objective_continuous + 1e-6 * (1.0 + std::fabs(book->objective_continuous)));
    expect_tradable(made, *book);
  }
  RecordProperty("rounded", static_cast<int>(rounded));
  EXPECT_GE(rounded, cases * 99 / 100);
  EXPECT_GE(with_room, cases / 3);
  EXPECT_GE(room_binding, cases / 10);
}

// The worst by priority of what is broken, in the bounds' own scales: small enough to be compared.
std::map<int, double> violations(const SampleCase& made, const std::vector<double>& trades) {
  const auto assembled = internal::assemble(made.input());
  std::map<int, double> result;
  const std::vector<double> images = internal::image_values(assembled->problem, trades);
  for (const internal::Bound& bound : assembled->problem.bounds) {
    result[bound.priority] += internal::violation(bound, images[bound.image]) / bound.scale;
  }
  for (const internal::Pool& pool : assembled->problem.pools)
    result[pool.priority] +=
        internal::violation(pool, internal::pool_headroom(assembled->problem, pool, trades, images)) / pool.scale;
  return result;
}

TEST(AllocationProperties, WithoutAnAnswerTheBookIsNeverWorseThanTodaysInAHigherPriority) {
  for (std::uint64_t seed = 1000; seed < 1030; ++seed) {
    SCOPED_TRACE(seed);
    const SampleCase made = draw_infeasible(seed, ChainShape{.coins = 1 + static_cast<int>(seed % 2)});
    const auto book = allocate(made.input());
    ASSERT_TRUE(book) << book.error().message;
    EXPECT_EQ(book->status, TargetStatus::least_violating);
    ASSERT_FALSE(book->broken.empty());
    const auto assembled = internal::assemble(made.input());
    std::vector<double> trades(assembled->problem.lines.size(), 0.0);
    const std::map<int, double> before = violations(made, trades);
    for (const portfolio::TargetTrade& trade : book->trades)
      for (std::size_t i = 0; i < trades.size(); ++i)
        if (assembled->problem.lines[i].instrument == trade.instrument)
          trades[i] = static_cast<double>(trade.trade.raw());
    // Lexicographic: the first priority that changes, changes for the better.
    for (const auto& [priority, after] : violations(made, trades)) {
      const double change = after - before.at(priority);
      if (std::fabs(change) < 1e-9) continue;
      EXPECT_LT(change, 0.0) << "priority " << priority;
      break;
    }
    expect_tradable(made, *book);
  }
}

TEST(AllocationProperties, ShadowPricesAreWhatMovingABoundBrings) {
  int compared = 0;
  for (std::uint64_t seed = 2000; seed < 2040; ++seed) {
    SCOPED_TRACE(seed);
    const SampleCase made = draw_feasible(seed, ChainShape{});
    const auto assembled = internal::assemble(made.input());
    ASSERT_TRUE(assembled);
    const internal::Problem& problem = assembled->problem;
    const internal::Frame frame = internal::frame_of(problem);
    const internal::Continuous base = internal::solve_continuous(problem, frame);
    if (base.status != optimize::SolutionStatus::optimal) continue;
    for (std::size_t b = 0; b < problem.bounds.size(); ++b) {
      const double price = std::fabs(base.bound_price[b]);
      const double step = 1e-3 * problem.bounds[b].scale;
      if (price * step < 1e-3) continue;
      internal::Frame wider = frame;
      wider.lower[b] -= step;
      wider.upper[b] += step;
      internal::Frame narrower = frame;
      narrower.lower[b] += step;
      narrower.upper[b] -= step;
      if (narrower.lower[b] > narrower.upper[b]) continue;
      const auto gained = internal::solve_continuous(problem, wider);
      const auto lost = internal::solve_continuous(problem, narrower);
      ASSERT_EQ(gained.status, optimize::SolutionStatus::optimal);
      // The objective is concave in a bound: its slope lies between the differences to either side.
      const double tolerance = 1e-3 * price * step + 1e-4;
      EXPECT_GE(price * step, gained.objective - base.objective - tolerance);
      if (lost.status == optimize::SolutionStatus::optimal) {
        EXPECT_LE(price * step, base.objective - lost.objective + tolerance);
      }
      ++compared;
    }
  }
  EXPECT_GE(compared, 60);
}

std::map<std::string, std::int64_t> trades_by_name(const SampleCase& made, const TargetBook& book) {
  std::map<std::string, std::int64_t> result;
  for (const portfolio::TargetTrade& trade : book.trades)
    result[made.market.view.universe()[trade.instrument].name] = trade.trade.raw();
  return result;
}

TEST(AllocationProperties, TheOrderInWhichAMarketListsItsInstrumentsDoesNotMatter) {
  for (std::uint64_t seed = 3000; seed < 3010; ++seed) {
    SCOPED_TRACE(seed);
    const SampleCase made = draw_feasible(seed, ChainShape{});
    // The same case over the same market, listed backwards.
    internal::SampleDescription description = internal::draw_chain(seed, ChainShape{});
    SeededRandom random = SeededRandom{seed}.fork(1);
    internal::draw_holdings(random, description);
    std::reverse(description.quotes.begin(), description.quotes.end());
    SampleCase backwards{internal::make_market(description), made.target, made.settings};
    const auto book = allocate(made.input());
    const auto same = allocate(backwards.input());
    ASSERT_TRUE(book);
    ASSERT_TRUE(same);
    EXPECT_EQ(book->status, same->status);
    EXPECT_NEAR(book->objective_continuous, same->objective_continuous,
                1e-6 * (1.0 + std::fabs(book->objective_continuous)));
    EXPECT_EQ(trades_by_name(made, *book), trades_by_name(backwards, *same));
  }
}

TEST(AllocationProperties, TheSameInputGivesTheSameBytes) {
  const SampleCase made = draw_feasible(7, ChainShape{});
  ByteWriter first;
  ByteWriter second;
  encode(*allocate(made.input()), first);
  encode(*allocate(made.input()), second);
  EXPECT_EQ(first.bytes(), second.bytes());
}

}  // namespace
}  // namespace gimbal::allocate
