#!/usr/bin/env python3
"""Holds a page that Gimbal writes to what a reader may expect of it, in a real browser, and names what falls short.

    tools/page_check.py PAGE.html                      one line a finding; status 1 when there is any
    tools/page_check.py PAGE.html --screenshots DIR    also leaves photographs of each layout and the printed pages

A page is opened at 1400 and 420 CSS pixels, in light and dark, laid out for print, and opened once without scripts. The
rules, each by the name it has in a finding:

  scrolling      nothing scrolls sideways, besides boxes marked data-scrolls on the narrow screen; phones are told
  contrast       text against what is behind it: 4.5, large text 3.0 (WCAG 2.1, 1.4.3)
  text size      11 pixels or more, charts after they are scaled
  cut text       no text reaches beyond its chart, its figure or a box that clips
  overlap        no two texts share ink; turned texts by their real corners
  chart          a framed svg has role="img", a label and axes, or data-chart="none"; a canvas has a
                 label and is painted; a figure has a caption
  axis           a <g class="axis" data-axis data-unit> shows ticks and one .axis-title that names the unit
  colour         data-series of one figure differ by COLOUR_DISTANCE_MIN for every eye, or in data-mark
  print          A4; no figure or row is on two pages, no heading at the foot of one, no word beyond the paper
  security       a policy with default-src 'none' stands first, hashes fit, nothing is loaded from elsewhere
  console        the browser has nothing to complain of
  data           a <script type="application/json"> is there and is JSON
  scriptless     every chart that is shown is shown without scripts as well

What it cannot see: the axes of what is painted into a canvas (its texts are watched), and text that a style sheet adds.
"""

import argparse
import base64
import dataclasses
import hashlib
import html.parser
import itertools
import json
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import chromium
import colour_vision

_MEASURE = pathlib.Path(__file__).with_name("page_measure.js")

CONTRAST_MIN, CONTRAST_LARGE_MIN = 4.5, 3.0
TEXT_PIXELS_MIN = 11.0
# CIEDE2000. The palette of Okabe and Ito, made for colour-blind readers, has its closest pair at 10.9.
COLOUR_DISTANCE_MIN = 10.0
OVERLAP_PIXELS = 1.0  # what two boxes may share before it counts; glyphs do not fill theirs to the last pixel
A4_POINTS = (595.3, 841.9)
A4_TEXT_PIXELS = 700  # across, between margins of 12 mm

Facts = dict[str, Any]
Box = tuple[float, float, float, float]
Corners = list[tuple[float, float]]


@dataclasses.dataclass(frozen=True)
class Finding:
    """One broken rule, without the layout that it was seen in, so that the same thing twice is equal."""

    rule: str
    message: str


@dataclasses.dataclass(frozen=True)
class Layout:
    """One way to look at a page."""

    width: int
    scheme: str
    media: str = "screen"

    @property
    def name(self) -> str:
        return "print" if self.media == "print" else f"{self.width}-{self.scheme}"


WIDE, NARROW, PAPER = Layout(1400, "light"), Layout(420, "light"), Layout(A4_TEXT_PIXELS, "light", "print")
LAYOUTS = (WIDE, Layout(1400, "dark"), NARROW, Layout(420, "dark"), PAPER)


# What the bytes say.

class _Source(html.parser.HTMLParser):
    """Start tags in order, and the exact text of each script and style."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.blocks: list[tuple[str, dict[str, str], str]] = []
        self._open = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._open = tag in self.CDATA_CONTENT_ELEMENTS
        if self._open:
            self.blocks.append((*self.tags[-1], ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            tag, attributes, text = self.blocks[-1]
            self.blocks[-1] = (tag, attributes, text + data)


def check_source(text: str) -> Iterator[Finding]:
    """Security, the data block and the word to phones, which need no browser."""
    source = _Source(text)
    yield from _check_policy(source)
    yield from _check_addresses(source)
    viewports = [attributes.get("content", "") for _, attributes in source.tags if attributes.get("name") == "viewport"]
    if not any("width=device-width" in viewport for viewport in viewports):
        yield Finding("scrolling", "no <meta name=\"viewport\"> says width=device-width, so phones lay out a wide page")
    blocks = [block for tag, attributes, block in source.blocks if attributes.get("type") == "application/json"]
    if not blocks:
        yield Finding("data", "there is no <script type=\"application/json\">")
    for block in blocks:
        try:
            json.loads(block, parse_constant=_refuse_constant)
        except ValueError as error:
            yield Finding("data", f"the block is no JSON: {error}")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not in JSON")


def _check_policy(source: _Source) -> Iterator[Finding]:
    tags = [entry for entry in source.tags if entry[0] not in ("html", "head") and "charset" not in entry[1]]
    tag, attributes = tags[0] if tags else ("", {})
    if tag != "meta" or attributes.get("http-equiv", "").lower() != "content-security-policy":
        yield Finding("security", "no Content-Security-Policy stands first in the head, after the charset")
        return
    policy: dict[str, list[str]] = {}
    for directive in attributes.get("content", "").split(";"):
        name, *sources = directive.split() or [""]
        policy.setdefault(name, sources)
    if policy.get("default-src") != ["'none'"]:
        yield Finding("security", "the policy's default-src is not 'none'")
    hashes = {"script-src": set(), "style-src": set()}
    for tag, attributes, text in source.blocks:
        if attributes.get("type", "") in ("", "module", "text/javascript", "text/css") and "src" not in attributes:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            hashes[f"{tag}-src"].add(f"'sha256-{digest}'")
    for name, wanted in hashes.items():
        for missing in sorted(wanted - set(policy.get(name, []))):
            yield Finding("security", f"{name} of the policy lacks {missing}, the hash of a block in the page")
    for name, sources in policy.items():
        for word in sources:
            if word != "'none'" and word not in hashes.get(name, set()) and (name, word) != ("img-src", "data:"):
                yield Finding("security", f"{name} of the policy allows {word}, which nothing in the page needs")


_ADDRESS_IN_STYLE = re.compile(r"url\(\s*['\"]?(?P<address>[^'\")]*)|(?P<import>@import\b)", re.IGNORECASE)
_LOADING = ("src", "srcset", "href", "xlink:href", "poster", "data", "action", "formaction", "background")


def _check_addresses(source: _Source) -> Iterator[Finding]:
    for tag, attributes in source.tags:
        for name, value in attributes.items():
            is_link = tag == "a" and name == "href" and not value.strip().lower().startswith("javascript:")
            if name in _LOADING and not is_link and not value.startswith(("#", "data:")):
                yield Finding("security", f"<{tag} {name}> points to {value}")
            if name == "style" or name.startswith("on"):
                yield Finding("security", f"<{tag}> has an inline `{name}`, which the policy blocks")
    styles = [text for tag, _, text in source.blocks if tag == "style"]
    presentations = [value for _, attributes in source.tags for value in attributes.values() if "url(" in value]
    for match in itertools.chain.from_iterable(map(_ADDRESS_IN_STYLE.finditer, styles + presentations)):
        if match["import"] or not match["address"].startswith(("#", "data:")):
            yield Finding("security", f"a style loads {match['address'] or match['import']}")


# What the browser reports and measures.

def check_reports(reports: list[chromium.Event], address: str) -> Iterator[Finding]:
    """Complaints on the console, exceptions, blocked and foreign requests."""
    for report in reports:
        params = report.params
        if report.method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            yield Finding("console", params["entry"]["text"])
        elif report.method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            words = (str(argument.get("value", argument.get("description", ""))) for argument in params["args"])
            yield Finding("console", " ".join(words))
        elif report.method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            yield Finding("console", details.get("exception", {}).get("description", details["text"]))
        elif report.method == "Network.requestWillBeSent":
            wanted = params["request"]["url"]
            if wanted != address and not wanted.startswith(("data:", "blob:")):
                yield Finding("security", f"the page asks for {wanted}")


def check_scrolling(facts: Facts, layout: Layout) -> Iterator[Finding]:
    """Sideways scrolling, of the page and inside it; on paper there is none, so there it is text that is lost."""
    if facts["wide"] > facts["room"]:
        rule = "print" if layout.media == "print" else "scrolling"
        yield Finding(rule, f"the page is {facts['wide']} pixels wide on {facts['room']}")
    for box in facts["overflows"]:
        size = f"{box['wide']} pixels in {box['room']}"
        if layout.media == "print" or box["how"] in ("hidden", "clip"):
            yield Finding("cut text", f"{box['place']}: {size}, and what is beyond cannot be reached")
        elif not box["marked"]:
            yield Finding("scrolling", f"{box['place']}: {size}, without data-scrolls")
        elif layout.width >= WIDE.width:
            yield Finding("scrolling", f"{box['place']}: {size} on a screen that has room")


def check_texts(facts: Facts) -> Iterator[Finding]:
    """Size, edges and overlaps of every text that is shown."""
    for text in facts["texts"]:
        if text["cutBy"]:
            yield Finding("cut text", f"{_named(text)} reaches beyond its {text['cutBy']}")
        if text["size"] < TEXT_PIXELS_MIN - 0.05:
            yield Finding("text size",
                          f"{_named(text)} is {text['size']:.1f} pixels; {TEXT_PIXELS_MIN:.0f} is the least")
    for first, second in _overlapping(facts["texts"]):
        yield Finding("overlap", f"{_named(first)} and “{second['text']}”")


def _named(text: Facts) -> str:
    return f"“{text['text']}” in “{text['place']}”"


def _is_seen(text: Facts) -> bool:
    left, top, right, bottom = text["shown"]
    return right - left > 1 and bottom - top > 1


def _overlapping(texts: list[Facts]) -> Iterator[tuple[Facts, Facts]]:
    """Pairs of different elements whose ink overlaps; swept from the top, since most texts share no height."""
    waiting = sorted(filter(_is_seen, texts), key=lambda text: text["shown"][1])
    for place, upper in enumerate(waiting):
        for lower in itertools.islice(waiting, place + 1, None):
            if lower["shown"][1] >= upper["shown"][3]:
                break
            if upper["id"] != lower["id"] and _shared(_outline(upper), _outline(lower)) > OVERLAP_PIXELS:
                yield upper, lower


def _outline(text: Facts) -> Corners:
    if text["chart"]:
        return text["corners"]
    left, top, right, bottom = text["shown"]
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _shared(first: Corners, second: Corners) -> float:
    """How far one of two convex outlines would have to move to be clear of the other (separating axes)."""
    depth = float("inf")
    for outline in (first, second):
        for (x1, y1), (x2, y2) in zip(outline, outline[1:]):
            length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
            if length == 0:
                return 0.0
            across = ((y1 - y2) / length, (x2 - x1) / length)
            near, far = ([across[0] * x + across[1] * y for x, y in corners] for corners in (first, second))
            depth = min(depth, min(max(near), max(far)) - max(min(near), min(far)))
    return depth


def check_contrast(texts: list[Facts], behind: list[Facts | None]) -> Iterator[Finding]:
    """Texts against what `contrastOver` says of the pixels behind each."""
    for text, paper in zip(texts, behind):
        if text["colour"] is None or paper is None:
            yield Finding("contrast", f"{_named(text)} has a colour that cannot be told")
            continue
        is_large = text["size"] >= 24 or (text["size"] >= 18.66 and text["weight"] >= 700)
        least = CONTRAST_LARGE_MIN if is_large else CONTRAST_MIN
        if paper["ratio"] < least:
            yield Finding("contrast", f"{_named(text)}: {_hex(text['colour'])} on {_hex(paper['paper'])} is "
                                      f"{paper['ratio']:.2f}; {least} is the least")


def _hex(colour: list[float]) -> str:
    opacity = f" at {colour[3]:.2f}" if len(colour) > 3 and colour[3] < 1 else ""
    return "#" + "".join(f"{round(component):02x}" for component in colour[:3]) + opacity


def check_charts(facts: Facts) -> Iterator[Finding]:
    """Names of pictures for who cannot see them, and axes for who can."""
    for canvas in facts["canvases"]:
        if canvas["role"] != "img" or not canvas["label"]:
            yield Finding("chart", f"a canvas in “{canvas['place']}” lacks role=\"img\" or its aria-label")
        if not canvas["painted"]:
            yield Finding("chart", f"the canvas in “{canvas['place']}” is blank")
    for place in facts["unnamed"]:
        yield Finding("chart", f"a figure in “{place}” has no figcaption")
    for chart in facts["charts"]:
        if chart["none"]:
            if chart["axes"]:
                yield Finding("chart", f"“{chart['place']}” has axes and says data-chart=\"none\"")
            continue
        if not chart["framed"]:
            yield Finding("chart", f"“{chart['place']}” stands in no figure and does not say data-chart=\"none\"")
        if chart["role"] != "img" or not chart["label"]:
            yield Finding("chart", f"an svg in “{chart['place']}” lacks role=\"img\" or its aria-label")
        if not chart["axes"]:
            yield Finding("axis", f"“{chart['place']}” has no axis and does not say data-chart=\"none\"")
        for axis in chart["axes"] if chart["shown"] else []:
            yield from _check_axis(axis, chart["place"])


def _check_axis(axis: Facts, place: str) -> Iterator[Finding]:
    name = f"the {axis['axis'] or 'unnamed'} axis of “{place}”"
    if axis["axis"] not in ("x", "y"):
        yield Finding("axis", f"{name} has no data-axis of x or y")
    titles = [title["text"] for title in axis["titles"] if title["shown"]]
    if len(titles) != 1 or not titles[0]:
        yield Finding("axis", f"{name} shows {len(titles)} axis titles")
    elif not axis["unit"]:
        yield Finding("axis", f"{name}, “{titles[0]}”, has no data-unit")
    elif axis["unit"] == "1" and not re.search(r"[^\W\d_]{3}", titles[0]):
        yield Finding("axis", f"{name}, “{titles[0]}”, says in no word what it counts")
    elif axis["unit"] != "1" and not re.search(rf"(?<!\w){re.escape(axis['unit'])}(?!\w)", titles[0]):
        yield Finding("axis", f"{name}, “{titles[0]}”, does not show its unit {axis['unit']}")
    if axis["ticks"] == 0:
        yield Finding("axis", f"{name} has no ticks")


def check_series(facts: Facts) -> Iterator[Finding]:
    """Series of one figure against each other, for every kind of eye."""
    for first, second in itertools.combinations(facts["series"], 2):
        if first["figure"] != second["figure"]:
            continue
        names = f"“{first['name']}” and “{second['name']}” in “{first['place']}”"
        if first["colour"] is None or second["colour"] is None:
            yield Finding("colour", f"{names}: a colour cannot be told")
            continue
        colours = f"{_hex(first['colour'])} and {_hex(second['colour'])}"
        if first["name"] == second["name"]:
            if first["colour"] != second["colour"]:
                yield Finding("colour", f"“{first['name']}” in “{first['place']}” is both {colours}")
        elif not (first["mark"] and second["mark"] and first["mark"] != second["mark"]):
            distances = colour_vision.distances(first["colour"][:3], second["colour"][:3])
            eye = min(distances, key=distances.__getitem__)
            if distances[eye] < COLOUR_DISTANCE_MIN:
                yield Finding("colour", f"{names}: {colours} are {distances[eye]:.1f} apart to a {eye}; "
                                        f"{COLOUR_DISTANCE_MIN:.0f} is the least")


def check_scriptless(with_scripts: Facts, without: Facts) -> Iterator[Finding]:
    """Charts by their labels, of which two may be the same."""
    shown = [chart["label"] for chart in without["charts"] if chart["shown"]]
    for chart in with_scripts["charts"]:
        if not chart["shown"]:
            continue
        if chart["label"] in shown:
            shown.remove(chart["label"])
        else:
            yield Finding("scriptless", f"“{chart['place']}” is not shown without scripts")


# What the printer gets.

_PAGE = re.compile(r'<page width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)">(?P<words>.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="(?P<left>[-\d.]+)" .*? xMax="(?P<right>[-\d.]+)" .*?>(?P<text>.*?)</word>')
_MARK = re.compile(r"zq(\d+)([az])")


def check_print(pdf: bytes, wholes: list[Facts]) -> Iterator[Finding]:
    """A PDF whose figures and rows carry the words of `markUnbreakable` at their first and last corners."""
    listing = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, check=True, capture_output=True)
    pages_of: dict[tuple[int, str], set[int]] = {}
    for number, page in enumerate(_PAGE.finditer(listing.stdout.decode()), start=1):
        size = float(page["width"]), float(page["height"])
        if max(abs(size[0] - A4_POINTS[0]), abs(size[1] - A4_POINTS[1])) > 2:
            yield Finding("print", f"page {number} is {size[0]:.0f} by {size[1]:.0f} points, which is not A4")
        for word in _WORD.finditer(page["words"]):
            for whole, end in _MARK.findall(word["text"]):
                pages_of.setdefault((int(whole), end), set()).add(number)
            if float(word["left"]) < -1 or float(word["right"]) > size[0] + 1:
                yield Finding("print", f"“{word['text']}” reaches beyond page {number}")
    for number, whole in enumerate(wholes):
        first, last = (sorted(pages_of.get((number, end), set())) for end in "az")
        name = f"the {whole['kind']} “{whole['name']}”"
        if not first or not last:
            yield Finding("print", f"{name} is not on paper as a whole")
        elif first[0] != last[0]:  # the head of a table is printed again on each of its pages
            how = "parted from what it heads," if whole["kind"] == "heading" else "cut"
            yield Finding("print", f"{name}, {whole['height']:.0f} pixels high, is {how} between pages "
                                   f"{first[0]} and {last[0]}")


# Putting it together.

class Studio:
    """A browser with one tab for pages and a blank one for looking at photographs of them."""

    def __init__(self, browser: chromium.Chromium) -> None:
        self._tab = chromium.Tab(browser)
        self._eye = chromium.Tab(browser)
        self._script = _MEASURE.read_text(encoding="utf-8")
        self._tab.call("Page.addScriptToEvaluateOnNewDocument", {"source": f"{self._script}.watchCanvases()"})

    def check(self, page: pathlib.Path, layouts: tuple[Layout, ...] = LAYOUTS,
              screenshots: pathlib.Path | None = None) -> dict[Finding, list[str]]:
        """Every finding with the names of the layouts that show it; none for what holds in any."""
        found: dict[Finding, list[str]] = {finding: [] for finding in check_source(page.read_text(encoding="utf-8"))}
        for layout in layouts:
            for finding in self._check_layout(page, layout, screenshots):
                names = found.setdefault(finding, [])
                if layout.name not in names:
                    names.append(layout.name)
        return found

    def _check_layout(self, page: pathlib.Path, layout: Layout,
                      screenshots: pathlib.Path | None) -> Iterator[Finding]:
        address = page.resolve().as_uri()
        self._tab.show(layout.width, layout.scheme, layout.media)
        yield from check_reports(self._tab.open(address), address)
        facts = self._tab.evaluate(f"{self._script}.measure()")
        if screenshots is not None:
            _save(screenshots, layout.name, ".png", self._tab.photograph())
        yield from check_scrolling(facts, layout)
        yield from check_texts(facts)
        yield from check_charts(facts)
        yield from check_series(facts)
        seen = [text for text in facts["texts"] if _is_seen(text) and text["shown"][0] < layout.width - 1]
        yield from check_contrast(seen, self._papers_behind(seen, layout.width))
        if layout == WIDE:
            self._tab.show(layout.width, layout.scheme, scripts=False)
            self._tab.open(address)
            yield from check_scriptless(facts, self._tab.evaluate(f"{self._script}.measure()"))
        if layout == PAPER:
            self._tab.open(address)
            if screenshots is not None:
                _save_pages(screenshots, self._tab.print())
            wholes = self._tab.evaluate(f"{self._script}.markUnbreakable()")
            yield from check_print(self._tab.print(), wholes)

    def _papers_behind(self, texts: list[Facts], width: int) -> list[Facts | None]:
        """What is behind each text, by photographs of the page without any."""
        self._tab.evaluate(f"{self._script}.takeTextsAway()")
        papers: list[Facts | None] = [text.get("behind") for text in texts]
        for number, strip in enumerate(self._tab.photograph()):
            top = number * chromium.STRIP_PIXELS
            mine = [place for place, text in enumerate(texts)
                    if top <= text["shown"][1] < top + chromium.STRIP_PIXELS and text["colour"] and not papers[place]]
            asked = json.dumps([{"box": _within(texts[place]["shown"], top, width), "colour": texts[place]["colour"]}
                                for place in mine])
            image = base64.b64encode(strip).decode()
            for place, paper in zip(mine, self._eye.evaluate(f"{self._script}.contrastsBehind('{image}', {asked})")):
                papers[place] = paper
        return papers


def _within(box: Box, top: float, width: float) -> Box:
    """The part of a box that is on the strip of a photograph that begins at `top`, in pixels of the strip."""
    return max(box[0], 0), box[1] - top, min(box[2], width), min(box[3] - top, chromium.STRIP_PIXELS)


def _save(folder: pathlib.Path, stem: str, suffix: str, strips: list[bytes]) -> None:
    """One file, or several with a number where a page is taller than a photograph."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, strip in enumerate(strips, start=1):
        (folder / f"{stem}{'' if len(strips) == 1 else f'-{number}'}{suffix}").write_bytes(strip)


def _save_pages(folder: pathlib.Path, pdf: bytes) -> None:
    _save(folder, "print", ".pdf", [pdf])
    subprocess.run(["pdftoppm", "-png", "-r", "80", folder / "print.pdf", folder / "page"], check=True)


def report(page: pathlib.Path, found: dict[Finding, list[str]]) -> Iterator[str]:
    """A line a finding, with the layouts that show it unless all of them do."""
    for finding, names in found.items():
        seen_in = f" ({', '.join(names)})" if names and len(names) < len(LAYOUTS) else ""
        yield f"{page}: {finding.rule}: {finding.message}{seen_in}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=pathlib.Path, help="a file that a browser can open")
    parser.add_argument("--screenshots", type=pathlib.Path, metavar="DIR", help="write photographs and PDF pages there")
    options = parser.parse_args()
    try:
        with chromium.Chromium() as browser:
            found = Studio(browser).check(options.page, screenshots=options.screenshots)
    except (chromium.ChromiumError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for line in report(options.page, found):
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
