// Text of figures: what comes from outside stays text, and every figure is well-formed.
#include "gimbal/report/charts/svg.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gimbal/report/internal/markup_check.hpp"

namespace gimbal::report {
namespace {

TEST(Svg, TextFromOutsideStaysText) {
  EXPECT_EQ(escaped("</script><b a='1' c=\"2\">&"), "&lt;/script&gt;&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
  EXPECT_EQ(escaped(std::string_view{"a\0b\nc", 5}), "a b c");
  EXPECT_EQ(attribute("aria-label", "a \"b\""), " aria-label=\"a &quot;b&quot;\"");
}

TEST(Svg, CoordinatesHaveTwoDecimalsAtMost) {
  Svg svg{100.0, 50.0, "lines"};
  svg.line({0.0, -0.001}, {12.5, 33.333333}, "class=\"grid\"");
  EXPECT_EQ(svg.finished(),
            "<svg viewBox=\"0 0 100 50\" role=\"img\" aria-label=\"lines\">"
            "<line x1=\"0\" y1=\"0\" x2=\"12.5\" y2=\"33.33\" class=\"grid\"/></svg>");
}

TEST(Svg, EveryElementIsWellFormed) {
  Svg svg{100.0, 50.0, "a <b>"};
  const Point points[] = {{1.0, 2.0}, {3.0, 4.0}, {5.0, 1.0}};
  svg.open("class=\"marks\"");
  svg.title("x > y");
  svg.rectangle({1.0, 2.0, 3.0, 4.0}, {});
  svg.circle({5.0, 5.0}, 2.0, "class=\"dot\"");
  svg.polyline(points, {});
  svg.polygon(points, attribute("data-series", "\"&\""));
  svg.close();
  svg.text({10.0, 20.0}, Anchor::end, "1 < 2");
  const internal::Markup markup = internal::read_markup(svg.finished());
  EXPECT_EQ(markup.fault, "");
  EXPECT_EQ(markup.named("text").at(0).text, "1 &lt; 2");
  EXPECT_EQ(markup.named("polygon").at(0).attributes.at("data-series"), "&quot;&amp;&quot;");
}

TEST(SvgDeathTest, ACoordinateThatIsNoNumberStopsTheProcess) {
  Svg svg{10.0, 10.0, "x"};
  EXPECT_DEATH(svg.circle({std::nan(""), 1.0}, 1.0, {}), "");
}

TEST(MarkupCheck, FindsWhatIsWrong) {
  EXPECT_NE(internal::read_markup("<a><b></a>").fault, "");
  EXPECT_NE(internal::read_markup("<a").fault, "");
  EXPECT_NE(internal::read_markup("<a x=\"1\" x=\"2\"/>").fault, "");
  EXPECT_NE(internal::read_markup("<a>").fault, "");
  EXPECT_NE(internal::figure_fault("<svg viewBox=\"0 0 10 10\"><rect x=\"5\" y=\"1\" width=\"6\" height=\"1\"/></svg>"),
            "");
}

}  // namespace
}  // namespace gimbal::report
