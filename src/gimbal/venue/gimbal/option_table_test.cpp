// Tables of options are read in any order of columns, and whatever is wrong with one is said with line and field.
#include "gimbal/venue/gimbal/option_table.hpp"

#include <gtest/gtest.h>

namespace gimbal::venue {
namespace {

using market::OptionRight;

TEST(OptionTable, ReadsVolatilitiesInAnyOrderOfColumns) {
  const auto table = decode_volatility_table(
      "\xEF\xBB\xBFvolatility,right,years,strike,forward,rate\r\n"
      "0.55,C,0.25,65000,64000.5,0.03\r\n"
      "\r\n"
      "0,P,0,\"6e4\",64000,\r\n");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->header, "volatility,right,years,strike,forward,rate");
  ASSERT_EQ(table->rows.size(), 2U);
  const VolatilityRow& first = table->rows[0];
  EXPECT_EQ(first.option.right, OptionRight::call);
  EXPECT_EQ(first.option.forward, 64000.5);
  EXPECT_EQ(first.option.strike, 65000.0);
  EXPECT_EQ(first.option.years, 0.25);
  EXPECT_EQ(first.option.rate, 0.03);
  EXPECT_EQ(first.volatility, 0.55);
  EXPECT_EQ(first.line, 2U);
  EXPECT_EQ(table->rows[1].line, 4U);
  EXPECT_EQ(first.text, "0.55,C,0.25,65000,64000.5,0.03");
  const VolatilityRow& second = table->rows[1];
  EXPECT_EQ(second.option.right, OptionRight::put);
  EXPECT_EQ(second.option.strike, 60000.0);
  EXPECT_EQ(second.option.rate, 0.0);
}

TEST(OptionTable, ReadsPremiumsOfBothSettlements) {
  const auto rows = decode_premium_table(
      "right,forward,strike,years,rate,price,settlement\n"
      "C,64000,65000,0.1,0.02,2100,linear\n"
      "P,64000,65000,0.1,,0.04,inverse\n"
      "P,64000,65000,0.1,0,-1,\n");
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_EQ((*rows)[0].price, 2100.0);
  EXPECT_FALSE((*rows)[0].is_inverse);
  EXPECT_TRUE((*rows)[1].is_inverse);
  EXPECT_EQ((*rows)[2].price, -1.0);  // whether a price makes sense is the formula's to say
  EXPECT_FALSE((*rows)[2].is_inverse);
}

struct Refusal {
  const char* text;
  const char* complaint;
};

TEST(OptionTable, SaysWhatIsWrongWithLineAndField) {
  const std::string head = "right,forward,strike,years,volatility,rate\nC,64000,65000,0.1,0.5,0\n";
  for (const auto& [row, complaint] : {
           Refusal{"C,64000,-65000,0.1,0.5,0", "line 3: field 'strike': -65000 where a positive price"},
           Refusal{"C,0,65000,0.1,0.5,0", "line 3: field 'forward': 0 where a positive price"},
           Refusal{"C,64000,65000,-0.1,0.5,0", "line 3: field 'years': -0.1 is negative: the option expired"},
           Refusal{"C,64000,65000,0.1,nan,0", "line 3: field 'volatility': 'nan' is not a number"},
           Refusal{"C,64000,65000,0.1,inf,0", "line 3: field 'volatility': 'inf' is not a number"},
           Refusal{"C,64000,65000,0.1,-0.5,0", "line 3: field 'volatility': -0.5 is negative"},
           Refusal{"C,64000,65000,,0.5,0", "line 3: field 'years': nothing where a number is read"},
           Refusal{"C,64000,65000,0.1,0.5,x", "line 3: field 'rate': 'x' is not a number"},
           Refusal{"C,64000,65000,1000,0.5,-1", "line 3: field 'rate': -1 over 1000 years is a discount"},
           Refusal{"call,64000,65000,0.1,0.5,0", "line 3: field 'right': 'call' where C (call) or P (put) is read"},
           Refusal{"C,64000,65000,0.1,0.5", "line 3"},
           Refusal{"C,64000,65000,0.1,0.5,0,7", "line 3"},
       }) {
    const auto table = decode_volatility_table(head + row + "\n");
    ASSERT_FALSE(table) << row;
    EXPECT_EQ(table.error().message.substr(0, std::string_view{complaint}.size()), complaint);
  }
}

TEST(OptionTable, RefusesOtherHeadersAndEmptyTables) {
  for (const auto& [text, complaint] : {
           Refusal{"", "the file is empty"},
           Refusal{"right,forward,strike,years,volatility\n", "the file has a header and no row"},
           Refusal{"right,forward,strike,years,vol\n", "line 1: column 'vol' is not known here"},
           Refusal{"right,forward,strike,years\n", "line 1: column 'volatility' is missing"},
           Refusal{"right,forward,strike,strike,years,volatility\n", "line 1: column 'strike' stands there twice"},
           Refusal{"right,forward,strike,years,volatility,settlement\n",
                   "line 1: column 'settlement' is not known here"},
           Refusal{"right,forward,strike,years,volatility,rate,rate\n", "line 1: column 'rate' stands there twice"},
       }) {
    const auto table = decode_volatility_table(text);
    ASSERT_FALSE(table) << text;
    EXPECT_EQ(table.error().message.substr(0, std::string_view{complaint}.size()), complaint);
  }
  const auto rows = decode_premium_table("right,forward,strike,years,price,settlement\nC,1,1,1,1,quanto\n");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().message, "line 2: field 'settlement': 'quanto' where linear, inverse or nothing is read");
}

}  // namespace
}  // namespace gimbal::venue
