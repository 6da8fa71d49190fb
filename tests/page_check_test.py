#!/usr/bin/env python3
"""What tools/page_check.py promises to find in a page, each planted into a sound page that passes.

Needs Chromium and ends with status 77, which counts as skipped, where none is installed.
"""

import base64
import hashlib
import itertools
import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))

import chromium  # noqa: E402
import colour_vision  # noqa: E402
import page_check  # noqa: E402

STATUS_SKIPPED = 77

SOUND = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {script}; style-src {style}">
<meta name="viewport" content="width=device-width">
<title>A sound page</title>
<style>
:root { --paper: #fff; --ink: #222; --quiet: #666; --gain: #0072b2; --loss: #b34e00; --on-mark: #fff; }
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #14181c; --ink: #e6e6e6; --quiet: #a0a0a0; --gain: #56b4e9; --loss: #e69f00; --on-mark: #111; }
}
body { margin: 16px; background: var(--paper); color: var(--ink); font: 14px/1.5 sans-serif; }
a { color: var(--gain); }
svg { width: 360px; height: 200px; }
svg text { fill: var(--ink); font-size: 12px; }
svg .on-mark { fill: var(--on-mark); }
.gain { fill: var(--gain); }
.loss { fill: var(--loss); }
.legend i { display: inline-block; width: 10px; height: 10px; }
i.gain { background: var(--gain); }
i.loss { background: var(--loss); }
canvas { width: 240px; }
h1, h2 { break-after: avoid; }
figure { margin: 16px 0; break-inside: avoid; }
figcaption { color: var(--quiet); }
[data-scrolls] { overflow-x: auto; }
td { padding: 2px 12px; white-space: nowrap; }
tr { break-inside: avoid; }
.short { width: 120px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tall { height: 300px; }
@page { size: A4; margin: 12mm; }
@media print { [data-scrolls] { overflow-x: visible; } td { padding: 2px 4px; white-space: normal; } }
</style>
</head>
<body>
<h1>A sound page</h1>
<p>It says <b>little</b>, and nothing that <a href="https://example.org/">another page</a> would not.</p>
<p class="short">Short enough</p>
<div data-scrolls><table>
<tr><td>deribit:BTC-27DEC24-60000-C</td><td>12.5 contracts</td><td>1,234.50 USD</td><td>margin of the pool</td></tr>
</table></div>
<h2>Where it came from</h2>
<figure>
<figcaption>Profit by source, USD</figcaption>
<p class="legend"><i class="gain" data-series="gain"></i> gain <i class="loss" data-series="loss"></i> loss</p>
<svg role="img" aria-label="Profit by source" viewBox="0 0 360 200">
<g class="axis" data-axis="y" data-unit="USD">
<text class="axis-title" transform="translate(14 120) rotate(-90)">Profit, USD</text>
<text x="24" y="30">200</text><text x="24" y="100">100</text>
</g>
<g class="axis" data-axis="x" data-unit="1">
<text class="axis-title" x="150" y="194">Source of profit</text>
<text x="70" y="176">delta</text><text x="180" y="176">vega</text>
</g>
<path d="M60 66H340" stroke="#777"></path>
<rect class="gain" data-series="gain" x="60" y="40" width="60" height="120"></rect>
<rect class="loss" data-series="loss" x="170" y="80" width="60" height="80"></rect>
<text class="on-mark" x="75" y="60">170</text><text class="on-mark" x="185" y="100">-90</text>
<text x="270" y="70">on a line</text>
</svg>
</figure>
<div class="tall"></div>
<figure>
<figcaption>A sign</figcaption>
<svg data-chart="none" aria-hidden="true" viewBox="0 0 360 200"><path d="M0 0H20V20z" class="gain"></path></svg>
</figure>
<figure>
<figcaption>Painted</figcaption>
<canvas role="img" aria-label="A painted profit" width="480" height="160"></canvas>
</figure>
<div class="tall"></div>
<script type="application/json" id="data">{"profit_usd": [170, -90]}</script>
<script>
const data = JSON.parse(document.getElementById("data").textContent);
const canvas = document.querySelector("canvas").getContext("2d");
const ink = getComputedStyle(document.body).color;
for (const shift of [0, 20]) {
  canvas.clearRect(0, 0, 480, 160);
  canvas.fillStyle = "#0072b2";
  canvas.fillRect(40, 60, data.profit_usd[0], 80);
  canvas.font = "26px sans-serif";
  canvas.fillStyle = ink;
  canvas.fillText("Profit, USD", 40 + shift, 40);
}
</script>
</body>
</html>
"""

# Rule, the words that the finding must hold, what is replaced, and by what.
FAULTS = {
    "a wide line": ("scrolling", "pixels wide on", "<p>It says", '<p style-is-a-class class="wide">It says', "</style>",
                    ".wide { width: 1500px; }</style>"),
    "a page that phones lay out wide": ("scrolling", "viewport", '<meta name="viewport" content="width=device-width">',
                                        ""),
    "a scrolling box without its mark": ("scrolling", "without data-scrolls", "<div data-scrolls>",
                                         '<div class="box">', "[data-scrolls]", ".box"),
    "a box that scrolls on a wide screen": ("scrolling", "has room", "margin of the pool", "margin of the pool " * 12),
    "grey on white": ("contrast", "“A sign”", "--quiet: #666", "--quiet: #999"),
    "grey on the dark screen's paper": ("contrast", "#606060", "--quiet: #a0a0a0", "--quiet: #606060"),
    "a label that fades into its bar": ("contrast", "“-90”", 'class="on-mark" x="185"',
                                        'class="on-mark" fill-opacity="0.5" x="185"'),
    "a label half on a bar": ("contrast", "“on a line”", '<text x="270" y="70">', '<text x="212" y="98">'),
    "small print": ("text size", "“A sign” is 9.0", "figcaption {", "figcaption { font-size: 9px;"),
    "a chart scaled until it cannot be read": ("text size", "“delta”", "svg { width: 360px; height: 200px; }",
                                               "svg { width: 300px; height: 160px; }"),
    "an ellipsis": ("cut text", "cannot be reached", "Short enough", "Long enough to be cut off"),
    "text beyond its chart": ("cut text", "beyond its svg", '<text x="270" y="70">', '<text x="330" y="70">'),
    "text beyond its figure": ("cut text", "beyond its figure", "figcaption {", "figcaption { margin-left: -8px;"),
    "labels that run into each other": ("overlap", "“vega”", '<text x="70" y="176">', '<text x="160" y="176">'),
    "a turned title over a tick": ("overlap", "“Profit, USD”", '<text x="24" y="100">', '<text x="9" y="100">'),
    "paragraphs on top of each other": ("overlap", "“Short enough”", ".short {", ".short { margin-top: -28px;"),
    "a canvas label beyond its edge": ("cut text", "beyond its canvas", "40 + shift", "400 + shift"),
    "a canvas label over a bar": ("contrast", "“Profit, USD” in “Painted”: #222222 on #0072b2",
                                  "40 + shift, 40", "40 + shift, 90"),
    "a canvas label too small": ("text size", "“Profit, USD” in “Painted” is 10.0", "26px", "20px"),
    "a picture that is never wiped": ("overlap", "“Profit, USD” in “Painted” and", "canvas.clearRect", "void"),
    "a blank canvas": ("chart", "is blank", "const canvas =", "if (data) return; const canvas =",
                       "const data =", "(() => {\nconst data =", "}\n</script>", "}\n})();</script>"),
    "a figure without caption": ("chart", "no figcaption", "<figcaption>A sign</figcaption>", ""),
    "a chart that no reader hears of": ("chart", "role=", 'role="img" ', ""),
    "a chart without axes": ("axis", "no axis", ' data-chart="none" aria-hidden="true"',
                             ' role="img" aria-label="A sign"'),
    "an axis without unit": ("axis", "no data-unit", 'data-unit="USD"', 'data-unit=""'),
    "a title without its unit": ("axis", "does not show its unit USD", ">Profit, USD</text>", ">Profit</text>"),
    "a dimensionless axis without words": ("axis", "in no word", ">Source of profit</text>", ">x</text>"),
    "a hidden axis title": ("axis", "shows 0 axis titles", '<text class="axis-title" x="150"',
                            '<text class="axis-title" visibility="hidden" x="150"'),
    "an axis without ticks": ("axis", "no ticks", '<text x="24" y="30">200</text><text x="24" y="100">100</text>', ""),
    "green and brown": ("colour", "apart to a protanope", "--gain: #0072b2; --loss: #b34e00",
                      "--gain: #00803c; --loss: #a85a00"),
    "a legend of another colour": ("colour", "is both #", "i.gain { background: var(--gain); }",
                                   "i.gain { background: #004a9e; }"),
    "a figure across pages": ("print", "the figure “Profit by source, USD”",
                              "figure { margin: 16px 0; break-inside: avoid; }", "figure { margin: 16px 0; }",
                              "<h1>", '<div class="filler"></div><h1>',
                              "</style>", "@media print { .filler { height: 700px; } }</style>"),
    "a figure taller than paper": ("print", "the figure “A sign”", "</figcaption>\n<svg data-chart",
                                   '</figcaption><div class="tall"></div><div class="tall"></div>'
                                   '<div class="tall"></div><div class="tall"></div>\n<svg data-chart'),
    "a heading at the foot of a page": ("print", "the heading “Where it came from”",
                                        "h1, h2 { break-after: avoid; }", "",
                                        "<h1>", '<div class="filler"></div><h1>',
                                        "</style>", "@media print { .filler { height: 700px; } }</style>"),
    "a row across pages": ("print", "the row “deribit:", "tr { break-inside: avoid; }",
                           "td { height: 1500px; }"),
    "a table wider than paper": ("print", "pixels wide on 700", "white-space: normal; } }", "white-space: pre; } }",
                                 "</td></tr>", " and of the account that holds it</td></tr>"),
    "paper that is not A4": ("print", "not A4", "size: A4", "size: letter"),
    "no policy": ("security", "no Content-Security-Policy", 'http-equiv="Content-Security-Policy"', 'name="policy"'),
    "a policy that comes late": ("security", "stands first", '<meta charset="utf-8">',
                                 '<meta charset="utf-8"><meta name="author" content="x">'),
    "a policy that allows everything inline": ("security", "'unsafe-inline'", "style-src {style}",
                                               "style-src {style} 'unsafe-inline'"),
    "a policy with a lax default": ("security", "default-src is not", "default-src 'none'", "default-src 'self'"),
    "a hash that nothing has": ("security", "'sha256-AAAA'", "script-src {script}",
                                "script-src {script} 'sha256-AAAA'"),
    "a hash that is wrong": ("security", "lacks 'sha256-", "script-src {script}", "script-src 'sha256-AAAA'"),
    "an image from elsewhere": ("security", "<img src> points to", "<h1>",
                                '<img alt="" src="https://example.org/x"><h1>'),
    "a style from elsewhere": ("security", "a style loads", "</style>", ".none { background: url(x.png); }</style>"),
    "a link that runs a script": ("security", "javascript:", 'href="https://example.org/"', 'href="javascript:run()"'),
    "an inline style": ("security", "inline `style`", "<h1>", '<h1 style="color: red">'),
    "an error on the console": ("console", "planted", "}\n</script>", '}\nconsole.error("planted");\n</script>'),
    "an exception": ("console", "TypeError", "}\n</script>", "}\nnull.planted;\n</script>"),
    "data that are no JSON": ("data", "NaN is not in JSON", "[170, -90]", "[NaN, -90]",
                              'JSON.parse(document.getElementById("data").textContent)', "{profit_usd: [170, NaN]}"),
    "no data": ("data", "there is no", 'type="application/json"', 'type="text/plain"'),
    "a chart that a script shows": ("scriptless", "“Profit by source”", "svg { width", "svg { display: none; width",
                                    "}\n</script>", '}\nfor (const svg of document.querySelectorAll("svg")) '
                                    'svg.style.display = "block";\n</script>'),
}
# Layouts that a fault shows in, where that is not the wide light one.
LAYOUT_OF = {
    "a scrolling box without its mark": page_check.NARROW,
    "grey on the dark screen's paper": page_check.LAYOUTS[1],
    "a figure across pages": page_check.PAPER,
    "a figure taller than paper": page_check.PAPER,
    "a heading at the foot of a page": page_check.PAPER,
    "a row across pages": page_check.PAPER,
    "a table wider than paper": page_check.PAPER,
    "paper that is not A4": page_check.PAPER,
}
# Faults that cannot be planted without breaking another rule as well.
ALSO = {
    "a hash that is wrong": {"console", "chart"},
    "a picture that is never wiped": {"contrast"},
    "an image from elsewhere": {"console"},
    "an inline style": {"console"},
}


def hashed(page: str) -> str:
    """The page with its policy's slots filled by the hashes of its blocks."""
    for tag, pattern in (("script", r"<script>(.*?)</script>"), ("style", r"<style>(.*?)</style>")):
        text = re.search(pattern, page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        page = page.replace(f"{{{tag}}}", f"'sha256-{digest}'")
    return page


def planted(*replacements: str) -> str:
    page = SOUND
    for old, new in zip(replacements[::2], replacements[1::2], strict=True):
        assert page.count(old) >= 1, old
        page = page.replace(old, new)
    return page


class PageCheck(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.browser = cls.enterClassContext(chromium.Chromium())
        cls.studio = page_check.Studio(cls.browser)
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def findings(self, page: str, *layouts: page_check.Layout) -> dict[page_check.Finding, list[str]]:
        path = self.folder / "page.html"
        path.write_text(page, encoding="utf-8")
        return self.studio.check(path, layouts or page_check.LAYOUTS)

    def test_a_sound_page_passes(self) -> None:
        self.assertEqual(list(page_check.report(pathlib.Path("page"), self.findings(hashed(SOUND)))), [])

    def test_each_planted_fault_is_found_and_named(self) -> None:
        for fault, (rule, words, *replacements) in FAULTS.items():
            with self.subTest(fault):
                found = list(self.findings(hashed(planted(*replacements)), LAYOUT_OF.get(fault, page_check.WIDE)))
                self.assertTrue(any(finding.rule == rule and words in finding.message for finding in found), found)
                self.assertEqual({finding.rule for finding in found} - ALSO.get(fault, set()), {rule}, found)


class ColourVision(unittest.TestCase):
    # G. Sharma, W. Wu, E. N. Dalal (2005), table 1: two colours as CIELAB and their CIEDE2000, printed to 4 decimals.
    # The pairs are those that tell apart the formula's branches: hues on both sides of zero, opposite hues, greys.
    PRINTED = (
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.8361, -74.0200), (50.0, 0.0, -82.7485), 3.4412),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0009), 7.1792),
        ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0011), 7.2195),
        ((50.0, -0.0010, 2.4900), (50.0, 0.0009, -2.4900), 4.8045),
        ((50.0, -0.0010, 2.4900), (50.0, 0.0011, -2.4900), 4.7461),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    )

    def test_distances_are_the_printed_ones_in_both_orders(self) -> None:
        for first, second, distance in self.PRINTED:
            self.assertAlmostEqual(colour_vision.ciede2000(first, second), distance, delta=0.00005)
            self.assertAlmostEqual(colour_vision.ciede2000(second, first), distance, delta=0.00005)

    def test_every_eye_sees_greys_as_they_are(self) -> None:
        for eye, distance in colour_vision.distances((40, 40, 40), (200, 200, 200)).items():
            self.assertAlmostEqual(distance, colour_vision.distances((40, 40, 40), (200, 200, 200))["trichromat"],
                                   delta=0.01, msg=eye)

    def test_each_eye_lacks_its_own_cone(self) -> None:
        # Colours along the line on which each eye is said to confuse them, equally light.
        for eye, first, second in (("protanope", (255, 127, 14), (44, 160, 44)),
                                   ("deuteranope", (44, 160, 44), (214, 39, 40)),
                                   ("tritanope", (0, 155, 180), (0, 160, 130))):
            distances = colour_vision.distances(first, second)
            self.assertEqual(min(distances, key=distances.__getitem__), eye, distances)

    def test_the_palette_that_the_threshold_is_drawn_from_passes(self) -> None:
        # M. Okabe, K. Ito, "Color universal design" (2008).
        palette = ((0, 0, 0), (230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66), (0, 114, 178), (213, 94, 0),
                   (204, 121, 167))
        closest = min(min(colour_vision.distances(first, second).values())
                      for first, second in itertools.combinations(palette, 2))
        self.assertAlmostEqual(closest, 10.87, places=2)
        self.assertGreater(closest, page_check.COLOUR_DISTANCE_MIN)


if __name__ == "__main__":
    if chromium.executable() is None:
        print("skipped: no Chromium is installed")
        sys.exit(STATUS_SKIPPED)
    unittest.main()
