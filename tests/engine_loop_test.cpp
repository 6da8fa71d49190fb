// The engine over a few laps of a small market: the order of its steps, what it books, and that a journal replays.
#include "gimbal/engine/loop.hpp"

#include <gtest/gtest.h>

#include "sample_desk.hpp"

namespace gimbal::engine {
namespace {

class MemoryJournal final : public JournalPort {
 public:
  Result<void> append(std::span<const std::uint8_t> record) override {
    records.emplace_back(record.begin(), record.end());
    return {};
  }
  Result<void> commit() override {
    durable = records.size();
    return {};
  }
  std::vector<Bytes> records;
  std::size_t durable = 0;
};

// Sells five calls and half a coin of perpetual in the first lap, buys two calls back in each later one.
portfolio::TargetBook target_of(const ProposeTarget& command) {
  const risk::RiskView& view = *command.view;
  portfolio::TargetBook book;
  book.status = portfolio::TargetStatus::rounded;
  const auto add = [&](const std::string& name, std::int64_t lots) {
    const auto id = sample::id_of(view.universe(), name);
    const auto row = *view.snapshot->row_of(id);
    portfolio::TargetTrade trade;
    trade.instrument = id;
    trade.trade = QuantityLots{lots};
    trade.limit = lots > 0 ? view.snapshot->ask[row] : view.snapshot->bid[row];
    book.trades.push_back(trade);
  };
  const auto held = command.ledger->position(command.account, sample::id_of(view.universe(), "BTC-27FEB26-60000-C"));
  if (held == QuantityLots{}) {
    add("BTC-PERPETUAL", -3000);
    add("BTC-27FEB26-60000-C", -50);
  } else {
    add("BTC-27FEB26-60000-C", 20);
  }
  return book;
}

class Desk {
 public:
  explicit Desk(State state = State{sample::configuration()}) : loop_{std::move(state), ports()} {}

  void lap(double hours, const std::string& index) {
    const auto recorded = sample::recorded(hours, index);
    auto built = market::build_snapshot(recorded, loop_.state().universe, {});
    ASSERT_TRUE(built) << built.error().message;
    const auto snapshot = std::make_shared<const market::MarketSnapshot>(std::move(built->snapshot));
    if (loop_.state().sequence == 0) take(snapshot->time, Started{"sample"});
    auto due = venue.advance(snapshot);
    ASSERT_TRUE(due);
    for (EventBody& event : *due) take(snapshot->time, std::move(event));
    const bool opened = loop_.state().opened;
    take(snapshot->time, MarketUpdated{std::move(built->listed), snapshot});
    if (!opened) venue.adopt(loop_.state().ledger.positions(), loop_.state().last_trade, loop_.state().market);
  }

  void take(UtcTime at, EventBody body) {
    const auto taken = loop_.take(at, std::move(body));
    ASSERT_TRUE(taken) << taken.error().message;
  }

  [[nodiscard]] const State& state() const { return loop_.state(); }
  Loop& loop() { return loop_; }

  MemoryJournal journal;
  simulate::PaperVenue venue;
  std::function<void(const market::Approved<market::OrderRequest>&)> on_submit;

 private:
  Loop::Ports ports() {
    Loop::Ports ports;
    ports.journal = &journal;
    ports.workers.fit = [](const FitSurfaces& command) -> Result<SurfacesFitted> {
      return SurfacesFitted{sample::surfaces_of(*command.market)};
    };
    ports.workers.open = [](const OpenPortfolio& command) -> Result<PortfolioOpened> {
      PortfolioOpened opened;
      opened.source = "configuration";
      const auto btc = *command.market->universe->find_asset(market::AssetCode::of("BTC"));
      opened.balances.push_back({main_account, portfolio::Place::cash, btc, Amount{Int128{10'0000'0000}}});
      opened.positions.push_back({main_account, sample::id_of(*command.market->universe, "BTC-1FEB26-57000-C"),
                                  QuantityLots{10}, std::nullopt});
      return opened;
    };
    ports.workers.propose = [](const ProposeTarget& command) -> Result<TargetProposed> {
      return TargetProposed{target_of(command)};
    };
    ports.venue = [this](const market::Approved<market::OrderRequest>& order) {
      if (on_submit) on_submit(order);
      return venue.submit(order);
    };
    return ports;
  }

  Loop loop_;
};

std::vector<Event> decoded(const std::vector<Bytes>& records) {
  std::vector<Event> events;
  std::shared_ptr<const market::Universe> universe = std::make_shared<const market::Universe>();
  for (const Bytes& record : records) {
    auto event = decode_event(record, universe);
    EXPECT_TRUE(event) << event.error().message;
    if (const auto* update = std::get_if<MarketUpdated>(&event->body)) universe = update->snapshot->universe;
    events.push_back(std::move(*event));
  }
  return events;
}

Result<void> replay_all(Replay& replay, const std::vector<Event>& events) {
  for (const Event& event : events)
    if (auto taken = replay.take(event); !taken) return taken;
  return {};
}

TEST(Loop, RunsALapFromMarketToItsClose) {
  Desk desk;
  desk.lap(0, "60000");
  const State& state = desk.state();
  EXPECT_EQ(state.lap, 1U);
  EXPECT_EQ(state.phase, Phase::market);
  EXPECT_TRUE(state.trouble.empty()) << state.trouble;
  EXPECT_TRUE(state.orders.empty());
  ASSERT_EQ(state.fills.size(), 2U);
  EXPECT_EQ(state.ledger.position(main_account, sample::id_of(*state.universe, "BTC-27FEB26-60000-C")),
            QuantityLots{-50});
  EXPECT_EQ(state.ledger.position(main_account, sample::id_of(*state.universe, "BTC-PERPETUAL")), QuantityLots{-3000});
  EXPECT_EQ(desk.journal.durable, desk.journal.records.size());
}

TEST(Loop, AnOrderLeavesOnlyWhenTheRecordThatCausedItIsDurable) {
  Desk desk;
  std::size_t submitted = 0;
  desk.on_submit = [&](const market::Approved<market::OrderRequest>& order) {
    ++submitted;
    bool recorded = false;
    const std::vector<Bytes> durable{desk.journal.records.begin(),
                                     desk.journal.records.begin() + static_cast<std::ptrdiff_t>(desk.journal.durable)};
    for (const Event& event : decoded(durable))
      if (const auto* judged = std::get_if<OrdersJudged>(&event.body))
        for (const JudgedOrder& one : judged->orders) recorded |= one.order == *order && one.approved;
    EXPECT_TRUE(recorded);
  };
  desk.lap(0, "60000");
  desk.lap(6, "61000");
  EXPECT_EQ(submitted, 3U);
}

TEST(Loop, SettlesWhatExpiredAndAccruesFunding) {
  Desk desk;
  desk.lap(0, "60000");
  const auto& universe = *desk.state().universe;
  const auto btc = *universe.find_asset(market::AssetCode::of("BTC"));
  const Amount before = desk.state().ledger.cash(main_account, btc);
  desk.lap(6, "60000");  // past 08:00: one call struck at 57,000 pays 3,000/60,000 = 0.05 coin
  const State& state = desk.state();
  ASSERT_EQ(state.deliveries.size(), 1U);
  EXPECT_TRUE(state.deliveries[0].approximate);
  EXPECT_EQ(state.deliveries[0].value, Amount{Int128{500'0000}});
  ASSERT_EQ(state.funding.size(), 1U);
  // Short 30,000 USD, 0.01 % per 8 h over 6 h: receives 30,000 x 0.0001 x 6/8 / 60,000 coin.
  EXPECT_EQ(state.funding[0].paid, Amount{Int128{-3750}});
  EXPECT_EQ(state.ledger.position(main_account, state.deliveries[0].instrument), QuantityLots{});
  const auto& fill = state.fills.at(0);
  const Amount premium = market::position_value(universe[fill.instrument],
                                                market::price_of(universe[fill.instrument], fill.price), fill.quantity);
  EXPECT_EQ(state.ledger.cash(main_account, btc),
            before + state.deliveries[0].value - state.deliveries[0].fee + Amount{Int128{3750}} - premium - fill.fee);
}

TEST(Loop, AFillReportedTwiceIsBookedOnce) {
  Desk desk;
  desk.lap(0, "60000");
  const market::Fill fill = desk.state().fills.at(0);
  const auto held = desk.state().ledger.position(main_account, fill.instrument);
  const auto entries = desk.state().ledger.entries();
  desk.take(desk.state().now, fill);
  EXPECT_EQ(desk.state().ledger.position(main_account, fill.instrument), held);
  EXPECT_EQ(desk.state().ledger.entries(), entries);
}

TEST(Loop, AFillAfterItsOrderClosedIsBooked) {
  Desk desk;
  desk.lap(0, "60000");
  market::Fill late = desk.state().fills.at(0);
  late.trade = desk.state().last_trade + 1;
  const auto held = desk.state().ledger.position(main_account, late.instrument);
  desk.take(desk.state().now, late);
  EXPECT_EQ(desk.state().ledger.position(main_account, late.instrument),
            held + market::signed_lots(late.side, late.quantity));
}

TEST(Loop, TheSameEventsGiveTheSameBytes) {
  Desk first;
  Desk second;
  for (Desk* desk : {&first, &second}) {
    desk->lap(0, "60000");
    desk->lap(6, "61000");
  }
  EXPECT_EQ(first.journal.records, second.journal.records);
}

TEST(Replay, ReproducesEveryRecordOfTheEngine) {
  Desk desk;
  desk.lap(0, "60000");
  desk.lap(6, "61000");
  desk.lap(12, "58000");
  Replay replay{State{sample::configuration()}};
  const auto replayed = replay_all(replay, decoded(desk.journal.records));
  ASSERT_TRUE(replayed) << replayed.error().message;
  EXPECT_EQ(replay.report().laps, 3U);
  EXPECT_EQ(replay.report().last, *desk.state().lap_digest);
  EXPECT_EQ(digest(replay.state()), digest(desk.state()));
  EXPECT_TRUE(replay.pending().empty());
}

TEST(Replay, FindsOutEveryKindOfChangedEvent) {
  Desk desk;
  desk.lap(0, "60000");
  desk.lap(6, "61000");
  const std::vector<Event> events = decoded(desk.journal.records);
  std::size_t changed = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    std::vector<Event> other = events;
    EventBody& body = other[i].body;
    if (auto* fill = std::get_if<market::Fill>(&body)) {
      fill->fee = fill->fee + Amount{Int128{1}};
    } else if (auto* delivery = std::get_if<market::Delivery>(&body)) {
      delivery->value = delivery->value + Amount{Int128{1}};
    } else if (auto* payment = std::get_if<market::FundingPayment>(&body)) {
      payment->paid = payment->paid + Amount{Int128{1}};
    } else if (auto* proposed = std::get_if<TargetProposed>(&body)) {
      proposed->book.trades.at(0).trade = proposed->book.trades.at(0).trade + QuantityLots{1};
    } else if (auto* judged = std::get_if<OrdersJudged>(&body)) {
      judged->orders.at(0).order.quantity = judged->orders.at(0).order.quantity + QuantityLots{1};
    } else if (auto* opened = std::get_if<PortfolioOpened>(&body)) {
      opened->positions.at(0).lots = QuantityLots{11};
    } else {
      continue;
    }
    ++changed;
    Replay replay{State{sample::configuration()}};
    EXPECT_FALSE(replay_all(replay, other)) << "event " << i << " " << name_of(events[i].body);
  }
  EXPECT_GE(changed, 8U);
}

TEST(Replay, AJournalCutAnywhereIsTakenUpAgain) {
  Desk whole;
  whole.lap(0, "60000");
  const std::vector<Event> events = decoded(whole.journal.records);
  for (std::size_t kept = 1; kept <= events.size(); ++kept) {
    Replay replay{State{sample::configuration()}};
    ASSERT_TRUE(replay_all(replay, {events.begin(), events.begin() + static_cast<std::ptrdiff_t>(kept)}));
    Desk desk{replay.state()};
    const auto pending = replay.pending();
    for (std::size_t i = 0; i < kept; ++i) desk.journal.records.push_back(encode(events[i]));
    ASSERT_TRUE(desk.loop().resume(pending));
    EXPECT_TRUE(desk.state().orders.empty());
    desk.venue.adopt(desk.state().ledger.positions(), desk.state().last_trade, desk.state().market);
    desk.lap(1, "61000");  // before the first expiry, so that an account not yet opened can still open
    EXPECT_EQ(desk.state().phase, Phase::market) << "cut after " << kept;
    Replay again{State{sample::configuration()}};
    const auto replayed = replay_all(again, decoded(desk.journal.records));
    EXPECT_TRUE(replayed) << "cut after " << kept << ": " << replayed.error().message;
  }
}

TEST(EventCodec, EveryTruncationOfEveryEventIsAnError) {
  Desk desk;
  desk.lap(0, "60000");
  desk.lap(6, "61000");
  std::shared_ptr<const market::Universe> universe = std::make_shared<const market::Universe>();
  std::vector<bool> seen(std::variant_size_v<EventBody>, false);
  for (const Bytes& record : desk.journal.records) {
    const auto event = decode_event(record, universe);
    ASSERT_TRUE(event);
    EXPECT_EQ(encode(*event), record);
    seen[event->body.index()] = true;
    const std::size_t stride = 1 + record.size() / 512;  // every length of short events, many of long ones
    for (std::size_t size = 0; size < record.size(); size += stride)
      EXPECT_FALSE(decode_event(std::span{record}.first(size), universe)) << name_of(event->body) << " at " << size;
    if (const auto* update = std::get_if<MarketUpdated>(&event->body)) universe = update->snapshot->universe;
  }
  for (std::size_t kind = 0; kind < seen.size(); ++kind) EXPECT_TRUE(seen[kind]) << kind;
}

}  // namespace
}  // namespace gimbal::engine
