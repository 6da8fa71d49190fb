// `gimbal svi` as a person runs it: known violations with their places, families that are free by construction, and
// refusals that name the place in the document.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "command_folder.hpp"
#include "gimbal/app/commands.hpp"
#include "gimbal/app/smile_file.hpp"
#include "gimbal/host/file_reader.hpp"
#include "gimbal/host/file_writer.hpp"

namespace gimbal::app {
namespace {

class SviCommandTest : public CommandFolder {
 protected:
  /// What the command writes and answers.
  [[nodiscard]] std::string document(const std::string& text, ExitStatus expected) const {
    const std::string file = in_folder("smiles.json");
    const std::string out = in_folder("out.json");
    EXPECT_TRUE(host::write_file(file, text));
    const auto status = run_command(SviCommand{file, {true, out}});
    EXPECT_TRUE(status) << status.error().message;
    if (!status) return {};
    EXPECT_EQ(*status, expected);
    return *host::read_whole_file(out, 1U << 20U);
  }
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

report::SviCheck check_of(const std::string& text) {
  auto slices = decode_smiles(text);
  EXPECT_TRUE(slices) << slices.error().message;
  return report::check_smiles(*std::move(slices));
}

TEST_F(SviCommandTest, TheExampleNamesEveryViolation) {
  const std::string text = *host::read_whole_file("examples/smiles.json", 1U << 20U);
  const report::SviCheck check = check_of(text);
  EXPECT_TRUE(check.butterflies[0].is_free());
  EXPECT_TRUE(check.butterflies[1].is_free());
  ASSERT_EQ(check.butterflies[2].violations.size(), 1U);  // Vogt's
  // The six months' wings are flatter than the three months'.
  EXPECT_FALSE(check.calendars[0].violations.empty());

  const std::string json = document(text, ExitStatus::answer_is_no);
  EXPECT_TRUE(holds(json, "\"arbitrage_free\": false"));
  EXPECT_TRUE(holds(json, fmt::format("\"min_density_g\": {}", check.butterflies[2].density_least)));
  EXPECT_TRUE(holds(json, "\"min_calendar_gap\": null"));
  const std::string table = report::svi_check_table(check, {.width = 100, .colour = false});
  EXPECT_TRUE(holds(table, "Butterfly  1 year  g is negative for k from 0."));
  EXPECT_TRUE(holds(table, "Calendar   3 months - 6 months  total variance falls for k from -inf to"));
  EXPECT_FALSE(holds(table, "Free of"));
}

TEST_F(SviCommandTest, AFamilyThatIsFreeByConstructionIsFree) {
  // Gatheral and Jacquier (2014), theorem 4.2: theta phi (1 + |rho|) < 4 and theta phi^2 (1 + |rho|) <= 4; theorem 4.1:
  // phi = 1/sqrt(theta) times a constant leaves no calendar.
  const std::string text = R"({"model": "ssvi", "slices": [
      {"years": 0.25, "theta": 0.02, "rho": -0.3, "phi": 7.0710678},
      {"years": 0.5, "theta": 0.05, "rho": -0.3, "phi": 4.4721359},
      {"years": 1.0, "theta": 0.09, "rho": -0.3, "phi": 3.3333333}]})";
  const report::SviCheck check = check_of(text);
  EXPECT_TRUE(check.is_free());
  EXPECT_EQ(check.slices[0].name, "0.25 y");
  EXPECT_GT(check.calendars[1].gap_least, 0.0);
  EXPECT_TRUE(holds(document(text, ExitStatus::done), "\"arbitrage_free\": true"));
  EXPECT_TRUE(holds(report::svi_check_table(check, {}), "Free of butterfly and calendar arbitrage."));
}

TEST_F(SviCommandTest, EssviIsSsviWithPsi) {
  const auto essvi =
      check_of(R"({"model": "essvi", "slices": [{"years": 1, "theta": 0.08, "rho": -0.4, "psi": 0.2}]})");
  const auto ssvi = check_of(R"({"model": "ssvi", "slices": [{"years": 1, "theta": 0.08, "rho": -0.4, "phi": 2.5}]})");
  EXPECT_EQ(essvi.slices[0].svi, ssvi.slices[0].svi);
}

TEST_F(SviCommandTest, RefusalsNameThePlaceInTheDocument) {
  const auto refusal = [](const std::string& text) {
    const auto slices = decode_smiles(text);
    EXPECT_FALSE(slices);
    return slices ? "" : slices.error().message;
  };
  const auto raw = [](const std::string& fields) { return R"({"model": "svi", "slices": [{)" + fields + "}]}"; };
  EXPECT_EQ(refusal("{").substr(0, 8), "no JSON:");
  EXPECT_EQ(refusal(raw(R"("years": 1, "a": 1e999)")).substr(0, 8), "no JSON:");
  EXPECT_EQ(refusal("[]"), "the document is no object");
  EXPECT_EQ(refusal(R"({"model": [["svi"]], "slices": []})"),
            "model is a list or an object, expected \"svi\", \"ssvi\" or \"essvi\"");
  EXPECT_EQ(refusal(raw(R"("years": 1, "a": 1e300, "b": 0.1, "rho": 0, "m": 0, "sigma": 0.1)")),
            "slices[0] is a slice whose raw SVI has 1e+300, expected at most 1000000 in size");
  EXPECT_EQ(refusal(raw(R"("years": 1, "a": 0.04, "b": 0.1, "rho": 0, "m": 0, "sigma": 1e-200)")),
            "slices[0] is a slice whose raw SVI has a sigma of 1e-200, expected at least 1e-09");
  EXPECT_EQ(refusal(R"({"model": "sabr", "slices": []})"),
            "model is \"sabr\", expected \"svi\", \"ssvi\" or \"essvi\"");
  EXPECT_EQ(refusal(R"({"model": "svi", "slices": []})"), "slices is missing or empty, expected a list of smiles");
  EXPECT_EQ(refusal(R"({"model": "svi", "slices": [3]})"), "slices[0] is no object");
  EXPECT_EQ(refusal(raw(R"("years": 1, "a": 0.04, "b": 0.1, "m": 0, "sigma": 0.1)")),
            "slices[0].rho is missing, expected a number");
  EXPECT_EQ(refusal(raw(R"("years": 1, "a": 0.04, "b": -0.1, "rho": 0, "m": 0, "sigma": 0.1)")),
            "slices[0].b is -0.1, expected zero or more");
  EXPECT_EQ(refusal(raw(R"("years": 1, "a": 0.04, "b": 0.1, "rho": 1, "m": 0, "sigma": 0.1)")),
            "slices[0].rho is 1, expected between -1 and 1");
  EXPECT_EQ(refusal(raw(R"("years": -1, "a": 0.04, "b": 0.1, "rho": 0, "m": 0, "sigma": 0.1)")),
            "slices[0].years is -1, expected more than zero");
  EXPECT_EQ(refusal(raw(R"("years": 1, "a": "x", "b": 0.1, "rho": 0, "m": 0, "sigma": 0.1)")),
            "slices[0].a is \"x\", expected a number");
  EXPECT_EQ(refusal(raw(R"("years": 1, "a": 0.04, "b": 0.1, "rho": 0, "m": 0, "sigma": 0.1, "phi": 2)")),
            "slices[0].phi is not known here");
  const std::string one = R"({"years": 1, "theta": 0.04, "rho": 0, "phi": 1})";
  EXPECT_EQ(refusal(R"({"model": "ssvi", "slices": [)" + one + "," + one + "]}"),
            "slices[1].years is 1, expected more than the 1 before it");
}

}  // namespace
}  // namespace gimbal::app
