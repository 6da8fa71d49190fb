// A file's first bytes decide, and what is unknown is told what is known.
#include "gimbal/venue/format_detection.hpp"

#include <gtest/gtest.h>

namespace gimbal::venue {
namespace {

class Counter final : public market::SnapshotSink {
 public:
  bool take(market::RecordedSnapshot&& snapshot) override {
    quotes += snapshot.quotes.size();
    return true;
  }
  std::size_t quotes = 0;
};

std::size_t quotes_of(std::string_view text) {
  const auto format = market_format(text);
  EXPECT_TRUE(format.has_value()) << format.error().message;
  const auto decoder = market_decoder(*format);
  Counter counter;
  EXPECT_TRUE(decoder->feed(text, counter).has_value());
  EXPECT_TRUE(decoder->finish(counter).has_value());
  return counter.quotes;
}

TEST(FormatDetection, EachFormatFindsItsDecoder) {
  EXPECT_EQ(quotes_of("timestamp,instrument_name,underlying_name,underlying,index_price,bid_price,ask_price,mark_price,"
                      "implied_volatility\n2026-02-01T04:00:00Z,BTC-27MAR26-80000-C,BTC-27MAR26,79010,78950,,,,\n"),
            3U);  // the option, its future, the perpetual
  EXPECT_EQ(quotes_of(R"( {"result":[{"instrument_name":"BTC-PERPETUAL","creation_timestamp":1769918400000}]})"), 1U);
  EXPECT_EQ(quotes_of("# gimbal market 1\n"
                      "time,instrument,index_price,forward,bid_price,bid_size,ask_price,ask_size,mark_price,"
                      "mark_volatility,funding_rate_8h,assumed\n"
                      "2026-01-05T02:00:00Z,deribit:BTC-PERPETUAL,,,,,,,,,,\n"),
            1U);
  EXPECT_EQ(quotes_of("exchange,symbol,timestamp,local_timestamp,type,strike_price,expiration,bid_price,bid_amount,"
                      "ask_price,ask_amount,mark_price,mark_iv,underlying_index,underlying_price\n"
                      "deribit,BTC-27MAR26-80000-C,1769918400000000,1769918400000000,call,80000,1774598400000000,,,,,,,"
                      "BTC-27MAR26,79010\n"),
            3U);
}

TEST(FormatDetection, UnknownBytesAreShownSafelyBesideWhatIsKnown) {
  const auto message = [](std::string_view bytes) { return market_format(bytes).error().message; };
  EXPECT_NE(message("a\x01\xff"
                    "b\nsecond line")
                .find("it begins with 'a??b'"),
            std::string::npos);
  EXPECT_NE(message(std::string(200, 'x')).find("'" + std::string(60, 'x') + "...'"), std::string::npos);
  EXPECT_NE(message("").find("# gimbal market 1"), std::string::npos);
  EXPECT_EQ(market_format("x").error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace gimbal::venue
