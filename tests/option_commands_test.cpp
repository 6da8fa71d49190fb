// `gimbal price` and `gimbal iv` as a person runs them: a table in, a table out that the other one takes back, and
// refusals that name file, line and field.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "command_folder.hpp"
#include "gimbal/app/commands.hpp"
#include "gimbal/host/file_reader.hpp"

namespace gimbal::app {
namespace {

namespace fs = std::filesystem;

using Row = std::map<std::string, std::string>;

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::stringstream stream{line};
  for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
  if (line.ends_with(',')) fields.emplace_back();
  return fields;
}

std::vector<Row> rows_of(const std::string& text) {
  std::stringstream stream{text};
  std::string line;
  std::getline(stream, line);
  const std::vector<std::string> names = fields_of(line);
  std::vector<Row> rows;
  while (std::getline(stream, line)) {
    const std::vector<std::string> fields = fields_of(line);
    EXPECT_EQ(fields.size(), names.size()) << line;
    Row row;
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = fields[i];
    rows.push_back(row);
  }
  return rows;
}

double number(const Row& row, const std::string& name) { return std::strtod(row.at(name).c_str(), nullptr); }

class OptionCommandsTest : public CommandFolder {
 protected:
  template <class Command>
  std::string output_of(const std::string& file) const {
    const auto status = run_command(Command{.file = file, .output = in_folder("out.csv")});
    EXPECT_TRUE(status) << status.error().message;
    return status ? *host::read_whole_file(in_folder("out.csv"), 1U << 20U) : "";
  }
};

TEST_F(OptionCommandsTest, PriceAddsItsColumnsBehindTheInputs) {
  const std::string text = output_of<PriceCommand>("examples/options.csv");
  const std::string input = *host::read_whole_file("examples/options.csv", 1U << 20U);
  std::stringstream lines{text};
  std::stringstream inputs{input};
  std::string line, given;
  std::getline(lines, line);
  EXPECT_EQ(line,
            "right,forward,strike,years,volatility,rate,price,delta,gamma,vega,theta,rho,vanna,volga,charm,speed,color,"
            "zomma,coin_price,coin_delta_net,coin_gamma,coin_vega,coin_theta");
  std::getline(inputs, given);
  while (std::getline(inputs, given)) {
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_EQ(line.substr(0, given.size() + 1), given + ",");
  }
  EXPECT_FALSE(std::getline(lines, line));
}

TEST_F(OptionCommandsTest, FiguresObeyTheirDefinitions) {
  for (const Row& row : rows_of(output_of<PriceCommand>("examples/options.csv"))) {
    const double forward = number(row, "forward");
    const double years = number(row, "years");
    const double discount = std::exp(-number(row, "rate") * years);
    const double price = number(row, "price");
    EXPECT_NEAR(number(row, "coin_price"), price / discount / forward, 1e-15);
    EXPECT_NEAR(number(row, "coin_delta_net"), (number(row, "delta") - price / forward) / discount, 1e-14);
    EXPECT_NEAR(number(row, "coin_vega"), number(row, "vega") / discount / forward, 1e-15);
    EXPECT_NEAR(number(row, "rho"), -years * price, 1e-11 * price);
    // Black's equation: what passing time takes is what gamma and the discount leave.
    const double volatility = number(row, "volatility");
    const double decay = -0.5 * forward * forward * volatility * volatility * number(row, "gamma");
    EXPECT_NEAR(number(row, "theta"), decay + number(row, "rate") * price, 1e-10 * std::fabs(decay));
  }
}

TEST_F(OptionCommandsTest, ImpliedVolatilityTakesPricesBack) {
  std::string table = "right,forward,strike,years,rate,price,settlement\n";
  std::vector<double> volatility;
  for (const Row& row : rows_of(output_of<PriceCommand>("examples/options.csv"))) {
    const std::string terms = fmt::format("{},{},{},{},{}", row.at("right"), row.at("forward"), row.at("strike"),
                                          row.at("years"), row.at("rate"));
    table += fmt::format("{0},{1},linear\n{0},{2},inverse\n", terms, row.at("price"), row.at("coin_price"));
    volatility.insert(volatility.end(), 2, number(row, "volatility"));
  }
  const std::vector<Row> answers = rows_of(output_of<ImpliedVolatilityCommand>(write("prices.csv", table)));
  ASSERT_EQ(answers.size(), volatility.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].at("status"), "ok");
    EXPECT_NEAR(number(answers[i], "implied_volatility"), volatility[i], 1e-12);
  }
}

TEST_F(OptionCommandsTest, ImpliedVolatilityGivesAStatusAndNoNumberWhereThereIsNone) {
  const std::string text = output_of<ImpliedVolatilityCommand>(write("prices.csv",
                                                                     "right,forward,strike,years,price\n"
                                                                     "C,100,80,0.5,19\n"
                                                                     "C,100,80,0.5,20\n"
                                                                     "C,100,80,0.5,100\n"
                                                                     "P,100,80,0.5,-1\n"
                                                                     "P,100,80,0,3\n"));
  EXPECT_EQ(text,
            "implied_volatility,status\n,below_intrinsic\n,no_time_value\n,above_maximum\n,below_intrinsic\n"
            ",invalid_input\n");
}

TEST_F(OptionCommandsTest, RefusalsNameFileLineAndFieldAndWriteNothing) {
  const std::string file = write("options.csv", "right,forward,strike,years,volatility\nC,100,-80,0.5,0.6\n");
  const auto status = run_command(PriceCommand{.file = file, .output = in_folder("out.csv")});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message,
            file + ": line 2: field 'strike': -80 where a positive price from 1e-300 to 1e300 is read");
  EXPECT_FALSE(fs::exists(in_folder("out.csv")));
  // In its domain, but at the money with a total volatility of 1e-50: more gamma than there are doubles.
  const std::string narrow =
      write("narrow.csv", "right,forward,strike,years,volatility\nC,1e-290,1e-290,1e-50,1e-25\n");
  const auto beyond = run_command(PriceCommand{.file = narrow, .output = in_folder("out.csv")});
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().message, narrow + ": line 2: gamma of this option is more than a double can hold");
  EXPECT_FALSE(run_command(ImpliedVolatilityCommand{.file = in_folder("missing.csv"), .output = {}}));
}

}  // namespace
}  // namespace gimbal::app
