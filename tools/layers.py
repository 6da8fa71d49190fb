#!/usr/bin/env python3
"""Holds the tree to tools/layers.toml: includes between rooms, headers from outside, and what the core must not do.

Prints one line a finding, `file:line: rule: what and why`, and ends with status 1 when there is any.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import source_text
from source_text import Finding, Source

Table = dict[str, Any]

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<(?P<outside>[^>\n]+)>|"(?P<ours>[^"\n]+)")', re.MULTILINE)
_STANDARD_HEADER = re.compile(r"[a-z][a-z0-9_]*")
_STATIC = re.compile(r"\bstatic\s+(?:inline\s+)?(?!const\b|constexpr\b|consteval\b)"
                     r"(?P<declared>[^;={}()]*)(?P<end>[;={(])")
_ROOM_CALL = re.compile(r"\bgimbal_room\(\s*(?P<room>\w+)(?P<arguments>[^)]*)\)")
_ROOM_ROOMS = re.compile(r"\bROOMS(?P<rooms>(?:\s+[a-z]\w*)*)")


def load_table() -> Table:
    with open(source_text.ROOT / "tools" / "layers.toml", "rb") as file:
        return tomllib.load(file)


def room_of(path: str) -> str | None:
    """The room a file lives in; `tests` for the suites that span rooms; None for what no rule of this file concerns."""
    parts = path.split("/")
    if not path.endswith((".cpp", ".hpp")):
        return None
    if parts[:2] == ["src", "gimbal"] and len(parts) > 3:
        return parts[2]
    return "tests" if parts[0] in ("tests", "examples") else None


def is_test(source: Source) -> bool:
    return source.path.startswith("tests/") or source.name.endswith("_test.cpp")


def is_bench(source: Source) -> bool:
    return source.name.endswith("_bench.cpp")


def is_oracle(source: Source) -> bool:
    return source.name.endswith(("_differential_test.cpp", "_oracle.hpp", "_bench.cpp"))


def check_table(table: Table) -> Iterator[Finding]:
    """The table itself: every room has a row, and every row looks downward only."""
    order: list[str] = table["order"]
    for room in sorted(set(order) ^ set(table["rooms"])):
        yield Finding("tools/layers.toml", 1, "table", f"{room} stands in only one of `order` and the rows")
    for room, row in table["rooms"].items():
        for lower in row["rooms"]:
            if lower not in order or room not in order or order.index(lower) >= order.index(room):
                yield Finding("tools/layers.toml", 1, "table", f"{room} names {lower}, which is not below it")


def check_includes(source: Source, table: Table) -> Iterator[Finding]:
    room = room_of(source.path)
    if room is None:
        return
    if room != "tests" and room not in table["rooms"]:
        yield Finding(source.path, 1, "room", f"{room} has no row in tools/layers.toml")
        return
    row = table["rooms"].get(room, {"rooms": table["order"], "outside": []})
    outside = [*table["outside"]["everywhere"], *row.get("outside", [])]
    if is_test(source):
        outside += table["outside"]["tests"]
    if is_bench(source):
        outside += table["outside"]["benches"]
    if is_oracle(source):
        outside += table["outside"]["oracles"]
    for match in _INCLUDE.finditer(source_text.without_comments(source.text)):
        line = source.line_of(match.start())
        if match["ours"]:
            yield from _check_own_include(source, line, match["ours"], room, row["rooms"])
        elif not _STANDARD_HEADER.fullmatch(match["outside"]) and not match["outside"].startswith(tuple(outside)):
            yield Finding(source.path, line, "outside header", f"{room} may not include <{match['outside']}>")


def _check_own_include(source: Source, line: int, header: str, room: str, allowed: list[str]) -> Iterator[Finding]:
    parts = header.split("/")
    if room == "tests" and len(parts) == 1:
        return  # the suites that span rooms share what they set up
    if parts[0] != "gimbal" or len(parts) < 3:
        yield Finding(source.path, line, "include path", f'write "{header}" from the root, as "gimbal/<room>/<file>"')
        return
    other = parts[1]
    if other != room and other not in allowed:
        yield Finding(source.path, line, "layer", f"{room} may not include {other}")
    elif other != room and "internal" in parts:
        yield Finding(source.path, line, "internal", f"{header} is private to {other}")


def check_bans(source: Source, table: Table) -> Iterator[Finding]:
    room = room_of(source.path)
    if room is None or is_bench(source):
        return
    code = source_text.without_comments_and_literals(source.text)
    headers = {match["outside"]: source.line_of(match.start()) for match in _INCLUDE.finditer(code) if match["outside"]}
    code = _INCLUDE.sub(lambda match: " " * len(match[0]), code)
    for ban in table["bans"]:
        if room in ban["free"] or (is_test(source) and not ban.get("tests", False)):
            continue
        found = {offset: text for pattern in _patterns(ban, headers, code, room)
                 for offset, text in _occurrences(pattern, code)}
        if ban.get("mutable_statics"):
            found |= dict(_mutable_statics(code))
        for offset, text in sorted(found.items()):
            yield Finding(source.path, source.line_of(offset), ban["rule"], f"`{text}`: {ban['why']}")
        for header in ban.get("headers", []):
            if header in headers:
                yield Finding(source.path, headers[header], ban["rule"], f"<{header}>: {ban['why']}")


def _patterns(ban: Table, headers: dict[str, int], code: str, room: str) -> Iterator[str]:
    yield from ban.get("patterns", [])
    if not ban.get("functions"):
        return
    yield rf"\bstd::({'|'.join(ban['functions'])})\s*\("
    if headers.keys() & {"cmath", "math.h"} and room != ban.get("own"):
        # Unqualified, they are the C library's unless the file says that it means ours.
        ours = set(re.findall(r"\busing\s+(?:\w+::)*numerics::(\w+)\s*;", code))
        if foreign := [name for name in ban["functions"] if name not in ours]:
            yield rf"(?<![\w.>:])(?:::)?({'|'.join(foreign)})\s*\("


def _occurrences(pattern: str, code: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(pattern, code):
        yield match.start(), match[0].strip().removesuffix("(").rstrip()


def _mutable_statics(code: str) -> Iterator[tuple[int, str]]:
    for match in _STATIC.finditer(code):
        declared = " ".join(match["declared"].split())
        if match["end"] != "(" and not declared.endswith("operator"):
            yield match.start(), f"static {declared}"


def check_fast_mathematics(source: Source, table: Table) -> Iterator[Finding]:
    rule = table["fast_mathematics"]
    if source.path.endswith((".cpp", ".hpp")):
        text = source_text.without_comments(source.text)
    elif source.path.endswith((".txt", ".cmake", ".json")) or source.path in ("run", "test", ".ci/run"):
        text = re.sub(r"#[^\n]*", "", source.text)
    else:
        return
    for pattern in rule["patterns"]:
        for match in re.finditer(pattern, text):
            line = text.count("\n", 0, match.start()) + 1
            yield Finding(source.path, line, rule["rule"], f"`{match[0]}`: {rule['why']}")


def check_targets(source: Source, table: Table) -> Iterator[Finding]:
    """A room's target links the rooms of its row, no more and no less."""
    if not source.path.startswith("src/gimbal/") or source.name != "CMakeLists.txt":
        return
    for match in _ROOM_CALL.finditer(source.text):
        rooms = _ROOM_ROOMS.search(match["arguments"])
        linked = set(rooms["rooms"].split()) if rooms else set()
        row = set(table["rooms"].get(match["room"], {"rooms": []})["rooms"])
        if linked != row:
            differing = ", ".join(sorted(linked ^ row))
            yield Finding(source.path, source.line_of(match.start()), "target",
                          f"gimbal_room({match['room']}) and its row in tools/layers.toml differ in {differing}")


def excuse(findings: Iterable[Finding], table: Table, rules: set[str]) -> Iterator[Finding]:
    """Drops what an exception excuses; an exception for one of `rules` that excuses nothing is itself a finding."""
    unused = {(entry["file"], entry["rule"]) for entry in table["exceptions"] if entry["rule"] in rules}
    excused = set(unused)
    for finding in findings:
        if (finding.path, finding.rule) in excused:
            unused.discard((finding.path, finding.rule))
        else:
            yield finding
    for path, rule in sorted(unused):
        yield Finding("tools/layers.toml", 1, "exception", f"nothing in {path} needs one to `{rule}` any more")


def check(sources: Iterable[Source], table: Table) -> list[Finding]:
    findings = list(check_table(table))
    for source in sources:
        for rule in (check_includes, check_bans, check_fast_mathematics, check_targets):
            findings += rule(source, table)
    rules = {ban["rule"] for ban in table["bans"]} | {"layer", "outside header", "include path", "internal"}
    return sorted(excuse(findings, table, rules))


def main() -> int:
    findings = check(source_text.tree(), load_table())
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
