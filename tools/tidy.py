#!/usr/bin/env python3
"""The mechanical half of the style that HACKING.md argues for: sizes, names, opening paragraphs, claims of speed.

Prints one line a finding, `file:line: rule: what`, and ends with status 1 when there is any. Exceptions stand with
their reasons in tools/layers.toml.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator

import layers
import source_text
from source_text import Finding, Source

LINES_MAX = 800
COLUMNS_MAX = 120

# A thing with no better name has not been understood yet.
_BANNED_NAMES = {"util", "utils", "common", "helper", "helpers", "misc", "base", "manager", "managers", "impl"}
_BANNED_SUFFIX = re.compile(r"_(utils?|common|helpers?|misc|managers?|impl)$")
_BANNED_IDENTIFIER = re.compile(r"\b\w*(?:Manager|Helper|Util)s?\b")
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)
_NAMESPACE = re.compile(r"\bnamespace\s+([\w:]+)")

_TODO = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b(?P<owner>\(\w+, #\d+\))?")
_MACHINE_PATH = re.compile(r"(?<![\w.~$}/-])/(?:work|tmp|home|root|Users)/")
_TIMED_ASSERTION = re.compile(r"\b(?:EXPECT|ASSERT)_[LG][TE]\s*\([^;]*\b(?:elapsed|stopwatch|took)", re.IGNORECASE)

_RECORD_LINK = re.compile(r"\]\((?P<target>[^)\s]*bench/records/[^)\s#]+)")
_SPEED = re.compile(
    r"""
      \b\d[\d.,]*\s?(?:ns|us|µs|ms)\b
    | \b\d[\d.,]*\s?(?:x|×|times)\s+(?:as\s+fast|faster|slower|quicker|cheaper)\b
    | \b\d[\d.,]*\s?(?:million\s|thousand\s)?\w+\s(?:a|per)\s(?:micro|milli)?second\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CODE_SPAN = re.compile(r"`[^`\n]*`")


def is_cpp(source: Source) -> bool:
    return source.path.endswith((".cpp", ".hpp"))


def is_script(source: Source) -> bool:
    return source.path.endswith((".sh", ".py")) or source.path in ("run", "test", ".ci/run")


def check_size(source: Source) -> Iterator[Finding]:
    if not (is_cpp(source) or is_script(source) or source.path.endswith((".cmake", "CMakeLists.txt", ".toml", ".md"))):
        return
    lines = source.text.splitlines()
    if len(lines) > LINES_MAX:
        yield Finding(source.path, len(lines), "file length", f"{len(lines)} lines; {LINES_MAX} is the most")
    for number, line in enumerate(lines, start=1):
        if len(line) > COLUMNS_MAX and not (source.path.endswith(".md") and ("|" in line or "](" in line)):
            yield Finding(source.path, number, "line length", f"{len(line)} columns; {COLUMNS_MAX} is the most")
        if "\t" in line:
            yield Finding(source.path, number, "tab", "indent with spaces")


def check_names(source: Source) -> Iterator[Finding]:
    *folders, name = source.path.split("/")
    stem = name.split(".")[0]
    for part in [*folders, stem]:
        if part.lower() in _BANNED_NAMES or (part == stem and _BANNED_SUFFIX.search(part.lower())):
            yield Finding(source.path, 1, "name", f"`{part}` says nothing about what it holds")
    if not is_cpp(source):
        return
    code = source_text.without_comments_and_literals(source.text)
    for match in _NAMESPACE.finditer(code):
        for part in match[1].split("::"):
            if part in _BANNED_NAMES:
                yield Finding(source.path, source.line_of(match.start()), "name", f"namespace `{part}` says nothing")
    for match in _BANNED_IDENTIFIER.finditer(code):
        yield Finding(source.path, source.line_of(match.start()), "name", f"`{match[0]}` says nothing about its work")


def check_marks(source: Source) -> Iterator[Finding]:
    for match in _TODO.finditer(source.text):
        if not (match[0].startswith("TODO") and match["owner"]):
            yield Finding(source.path, source.line_of(match.start()), "unfinished",
                          f"`{match[0]}`: only `TODO(owner, #issue)` may be merged")


def check_opening(source: Source) -> Iterator[Finding]:
    """Every file opens with a paragraph in full sentences: what this is, what it is not, where it sits."""
    lines = source.text.splitlines()
    if lines and lines[0].startswith("#!"):
        lines = lines[1:]
    if is_cpp(source):
        opening = _leading(lines, "//")
    elif source.path.endswith(".py"):
        opening = source.text.split('"""')[1] if '"""' in source.text[:200] else _leading(lines, "#")
    elif is_script(source) or source.path.endswith((".cmake", ".toml")):
        opening = _leading(lines, "#")
    else:
        return
    if len(opening.split()) < 4:
        yield Finding(source.path, 1, "opening paragraph", "the first lines say what this file is")


def _leading(lines: list[str], mark: str) -> str:
    words = []
    for line in lines:
        if not line.startswith(mark):
            break
        words.append(line.strip("/# "))
    return " ".join(words)


def check_header(source: Source) -> Iterator[Finding]:
    if source.path.endswith(".hpp") and not re.search(r"^#pragma once$", source.text, re.MULTILINE):
        yield Finding(source.path, 1, "pragma once", "a header is read once")


def check_own_header(source: Source, exists: Callable[[str], bool]) -> Iterator[Finding]:
    """A source includes its own header first, which proves that this one brings what it needs."""
    header = source.path.removesuffix(".cpp") + ".hpp"
    if not source.path.startswith("src/") or header == source.path or not exists(header):
        return
    first = _INCLUDE.search(source_text.without_comments(source.text))
    if not first or first[1] != header.removeprefix("src/"):
        yield Finding(source.path, source.line_of(first.start()) if first else 1, "own header",
                      f"{header} is included first, so that it cannot lean on another")


def check_machine_paths(source: Source) -> Iterator[Finding]:
    for match in _MACHINE_PATH.finditer(source.text):
        yield Finding(source.path, source.line_of(match.start()), "machine path", f"`{match[0]}` exists on one machine")


def check_timed_assertions(source: Source) -> Iterator[Finding]:
    if not layers.is_test(source) or not is_cpp(source):
        return
    for match in _TIMED_ASSERTION.finditer(source_text.without_comments_and_literals(source.text)):
        yield Finding(source.path, source.line_of(match.start()), "timed assertion",
                      "speed is measured in benchmarks; a test that times fails on a busy machine")


def check_claims_of_speed(source: Source, exists: Callable[[str], bool]) -> Iterator[Finding]:
    """A paragraph that quotes a speed links the record that shows it; code blocks and `spans` quote nothing."""
    if not source.path.endswith(".md"):
        return
    paragraph: list[tuple[int, str]] = []
    fenced = False
    for number, line in enumerate([*source.text.splitlines(), ""], start=1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            continue
        elif line.strip():
            paragraph.append((number, line))
            continue
        yield from _check_paragraph(source, paragraph, exists)
        paragraph = []


def _check_paragraph(source: Source, paragraph: list[tuple[int, str]],
                     exists: Callable[[str], bool]) -> Iterator[Finding]:
    linked = False
    for number, line in paragraph:
        for match in _RECORD_LINK.finditer(line):
            linked = True
            record = "bench/records/" + match["target"].split("bench/records/", 1)[1]
            if not exists(record):
                yield Finding(source.path, number, "bench record", f"{record} does not exist")
    for number, line in paragraph:
        if not linked and (claim := _SPEED.search(_CODE_SPAN.sub("", line))):
            yield Finding(source.path, number, "bench record", f"`{claim[0]}` is a claim without a link to its record")


def check_decoders(paths: set[str], decoders: Iterable[str]) -> Iterator[Finding]:
    """What reads bytes from outside has a fuzz target beside it."""
    for path in sorted(paths):
        if path.endswith("_decoder.cpp") or path in decoders:
            sibling = path.removesuffix(".cpp") + "_fuzz.cpp"
            if sibling not in paths:
                yield Finding(path, 1, "fuzz sibling", f"{sibling} is missing")
    for path in sorted(set(decoders) - paths):
        yield Finding("tools/layers.toml", 1, "fuzz sibling", f"{path} is listed as a decoder and does not exist")


RULES = (check_size, check_names, check_marks, check_opening, check_header, check_machine_paths, check_timed_assertions)
RULE_NAMES = {"file length", "line length", "tab", "name", "unfinished", "opening paragraph", "pragma once",
              "own header", "machine path", "timed assertion", "bench record", "fuzz sibling"}


def check(sources: Iterable[Source], table: layers.Table, exists: Callable[[str], bool]) -> list[Finding]:
    findings: list[Finding] = []
    paths = set()
    for source in sources:
        paths.add(source.path)
        for rule in RULES:
            findings += rule(source)
        findings += check_own_header(source, exists)
        findings += check_claims_of_speed(source, exists)
    findings += check_decoders(paths, table["tidy"]["decoders"])
    return sorted(layers.excuse(findings, table, RULE_NAMES))


def main() -> int:
    findings = check(source_text.tree(), layers.load_table(), lambda path: (source_text.ROOT / path).is_file())
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
