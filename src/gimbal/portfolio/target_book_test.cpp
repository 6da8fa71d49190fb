// A target book survives its canonical bytes, and no other bytes become a target book.
#include "gimbal/portfolio/target_book.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "gimbal/portfolio/target_surface.hpp"

namespace gimbal::portfolio {
namespace {

Bytes encoded(const TargetBook& book) {
  ByteWriter out;
  encode(book, out);
  return out.take();
}

ConstraintReport constraint(std::string name, std::optional<double> lower, std::optional<double> upper) {
  ConstraintReport made;
  made.name = std::move(name);
  made.unit = "USD";
  made.lower = lower;
  made.upper = upper;
  made.priority = -3;
  made.value_current = 1.5;
  made.value_continuous = -0.0;
  made.value_rounded = 1e-300;
  made.shadow_price = 0.25;
  made.binding = true;
  made.violation = 7.0;
  return made;
}

TargetBook sample() {
  TargetBook book;
  book.status = TargetStatus::least_violating;
  book.objective_continuous = 12.5;
  book.objective_rounded = 12.25;
  book.edge = 100.0;
  book.cost = 3.5;
  book.candidates = 200;
  book.solver_iterations = 17;
  TargetTrade trade;
  trade.account = static_cast<market::AccountId>(2);
  trade.instrument = static_cast<market::InstrumentId>(70'000);
  trade.current = QuantityLots{-5};
  trade.trade = QuantityLots{12};
  trade.limit = PriceTicks{345};
  trade.edge = {.gamma = 1.0, .reversion = -0.5, .funding = 0.25, .basis = 8.0};
  trade.cost = 2.0;
  trade.marginal_margin = 3.0;
  trade.marginal_risk = -4.0;
  trade.reasons = {{1, 9.5}, {0, -2.5}};
  book.trades = {trade, TargetTrade{}};
  book.constraints = {constraint("delta BTC", -1.0, 1.0), constraint("gamma ETH", std::nullopt, 0.5),
                      constraint("", std::nullopt, std::nullopt)};
  book.broken = {"delta BTC is 7 above its bound", ""};
  book.note = "as near as it gets";
  return book;
}

// Every field, by name: equal bytes alone would not show a field that encode forgets.
void expect_equal(const TargetBook& a, const TargetBook& b) {
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.objective_continuous, b.objective_continuous);
  EXPECT_EQ(a.objective_rounded, b.objective_rounded);
  EXPECT_EQ(a.edge, b.edge);
  EXPECT_EQ(a.cost, b.cost);
  EXPECT_EQ(a.candidates, b.candidates);
  EXPECT_EQ(a.solver_iterations, b.solver_iterations);
  EXPECT_EQ(a.broken, b.broken);
  EXPECT_EQ(a.note, b.note);
  ASSERT_EQ(a.trades.size(), b.trades.size());
  for (std::size_t i = 0; i < a.trades.size(); ++i) {
    const TargetTrade& x = a.trades[i];
    const TargetTrade& y = b.trades[i];
    EXPECT_EQ(x.account, y.account);
    EXPECT_EQ(x.instrument, y.instrument);
    EXPECT_EQ(x.current, y.current);
    EXPECT_EQ(x.trade, y.trade);
    EXPECT_EQ(x.limit, y.limit);
    EXPECT_EQ(x.edge, y.edge);
    EXPECT_EQ(x.cost, y.cost);
    EXPECT_EQ(x.marginal_margin, y.marginal_margin);
    EXPECT_EQ(x.marginal_risk, y.marginal_risk);
    ASSERT_EQ(x.reasons.size(), y.reasons.size());
    for (std::size_t j = 0; j < x.reasons.size(); ++j) {
      EXPECT_EQ(x.reasons[j].constraint, y.reasons[j].constraint);
      EXPECT_EQ(x.reasons[j].value, y.reasons[j].value);
    }
  }
  ASSERT_EQ(a.constraints.size(), b.constraints.size());
  for (std::size_t i = 0; i < a.constraints.size(); ++i) {
    const ConstraintReport& x = a.constraints[i];
    const ConstraintReport& y = b.constraints[i];
    EXPECT_EQ(x.name, y.name);
    EXPECT_EQ(x.unit, y.unit);
    EXPECT_EQ(x.lower, y.lower);
    EXPECT_EQ(x.upper, y.upper);
    EXPECT_EQ(x.hard, y.hard);
    EXPECT_EQ(x.priority, y.priority);
    EXPECT_EQ(x.value_current, y.value_current);
    EXPECT_EQ(x.value_continuous, y.value_continuous);
    EXPECT_EQ(x.value_rounded, y.value_rounded);
    EXPECT_EQ(x.shadow_price, y.shadow_price);
    EXPECT_EQ(x.binding, y.binding);
    EXPECT_EQ(x.violation, y.violation);
  }
}

TEST(TargetBook, IsReadBackFieldByField) {
  const Bytes bytes = encoded(sample());
  ByteReader in{bytes};
  const Result<TargetBook> book = decode_target_book(in);
  ASSERT_TRUE(book.has_value()) << book.error().message;
  EXPECT_EQ(in.remaining(), 0U);
  expect_equal(*book, sample());
  EXPECT_EQ(encoded(*book), bytes);
}

TEST(TargetBook, EveryTruncationIsRefused) {
  const Bytes bytes = encoded(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader in{std::span{bytes}.first(size)};
    const Result<TargetBook> book = decode_target_book(in);
    ASSERT_FALSE(book.has_value()) << size << " of " << bytes.size() << " bytes";
    EXPECT_EQ(book.error().code, ErrorCode::corrupt);
  }
}

TEST(TargetBook, EveryChangedByteIsRefusedOrIsAnotherBooksOneSpelling) {
  const Bytes bytes = encoded(sample());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const unsigned mask : {0x01U, 0x80U, 0xffU}) {
      Bytes changed = bytes;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ mask);
      ByteReader in{changed};
      const Result<TargetBook> book = decode_target_book(in);
      if (!book || in.remaining() > 0) continue;
      EXPECT_EQ(encoded(*book), changed) << "byte " << at;
    }
  }
}

TEST(TargetBook, AReasonThatNamesNoConstraintIsRefused) {
  TargetBook book = sample();
  book.trades[0].reasons[1].constraint = 3;
  const Bytes bytes = encoded(book);
  ByteReader in{bytes};
  const Result<TargetBook> refused = decode_target_book(in);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message, "a trade's reason names constraint 3 of 3");
}

TEST(TargetBook, AHugeCountIsRefusedBeforeAnythingIsAllocated) {
  Bytes bytes = encoded(TargetBook{});
  const std::size_t trades_at = 1 + 4 * 8 + 2 * 4;
  for (std::size_t i = 0; i < 4; ++i) bytes[trades_at + i] = 0xff;
  ByteReader in{bytes};
  EXPECT_FALSE(decode_target_book(in).has_value());
}

TEST(TargetBook, EveryStatusAndGreekHasAName) {
  for (const auto status : {TargetStatus::optimal, TargetStatus::rounded, TargetStatus::infeasible_in_lots,
                            TargetStatus::least_violating, TargetStatus::unchanged})
    EXPECT_STRNE(to_string(status), "unknown");
  for (const auto greek : {Greek::delta, Greek::gamma, Greek::vega, Greek::theta})
    EXPECT_STRNE(to_string(greek), "unknown");
}

RC_GTEST_PROP(TargetBook, AnyBytesAreRefusedOrAreABooksOneSpelling, (const Bytes& bytes)) {
  ByteReader in{bytes};
  const Result<TargetBook> book = decode_target_book(in);
  if (!book || in.remaining() > 0) return;
  RC_ASSERT(encoded(*book) == bytes);
}

}  // namespace
}  // namespace gimbal::portfolio
