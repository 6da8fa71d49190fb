#!/usr/bin/env python3
"""Adds up which lines of the rooms a build with --coverage has run, by room, over every suite and every process.

Counted are the lines of a room's own library: its sources, and its headers as far as a source of a library includes
them. Tests, benchmarks, fuzz targets and what only they include are not, but what they run is: all suites count, those
in tests/ too. A line that stands in several objects, as in a template, has run when it has in one of them.

    tools/coverage.py --build build/coverage --reset       forgets all counts; then run the tests
    tools/coverage.py --build build/coverage               the table
    tools/coverage.py --build build/coverage --least 90    the same; status 1 when a room up to govern is below
    tools/coverage.py --build build/coverage --missed ROOM the lines of a room that have not run
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator

import layers
import source_text

LAST_ROOM_HELD = "govern"  # what stands above is held to its behaviour in tests/, not to a number
OBJECTS_AT_ONCE = 16

Report = tuple[str, list[dict]]  # the object's path, and gcov's files with their lines
Counts = dict[str, dict[int, int]]  # by path from the root, by line: how often it ran in any object

_LIBRARY = re.compile(r"/src/gimbal/(?P<room>\w+)/CMakeFiles/gimbal_(?P=room)\.dir/")


def reports_of(build: pathlib.Path) -> Iterator[Report]:
    """What gcov has to say of every object, also of those that no process has run."""
    notes = sorted(map(str, build.resolve().rglob("*.gcno")))
    portions = [notes[start:start + OBJECTS_AT_ONCE] for start in range(0, len(notes), OBJECTS_AT_ONCE)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for portion in pool.map(_gcov, portions):
            yield from portion


def _gcov(notes: list[str]) -> list[Report]:
    process = subprocess.run(["gcov", "--json-format", "--stdout", *notes], check=True, capture_output=True, text=True)
    reports = []
    for line in filter(None, process.stdout.splitlines()):
        report = json.loads(line)
        folder = report["current_working_directory"]
        for file in report["files"]:
            file["file"] = os.path.normpath(os.path.join(folder, file["file"]))
        reports.append((report["data_file"], report["files"]))
    return reports


def counts_of(reports: Iterable[Report], root: pathlib.Path = source_text.ROOT) -> Counts:
    """Lines of the libraries' files; of those files, whatever any object says."""
    counts: Counts = {}
    belonging: set[str] = set()
    prefix = f"{root}/src/gimbal/"
    for data_file, files in reports:
        for file in files:
            if not file["file"].startswith(prefix):
                continue
            path = os.path.relpath(file["file"], root)
            if _LIBRARY.search(f"/{data_file}"):
                belonging.add(path)
            lines = counts.setdefault(path, {})
            for line in file["lines"]:
                lines[line["line_number"]] = lines.get(line["line_number"], 0) + line["count"]
    return {path: counts[path] for path in sorted(belonging)}


def by_room(counts: Counts) -> dict[str, tuple[int, int]]:
    """Room to the number of its lines, and of those that have run."""
    rooms: dict[str, tuple[int, int]] = {}
    for path, lines in counts.items():
        room = path.split("/")[2]
        total, run = rooms.get(room, (0, 0))
        rooms[room] = (total + len(lines), run + sum(count > 0 for count in lines.values()))
    return rooms


def rooms_below(rooms: dict[str, tuple[int, int]], order: list[str], least_percent: float) -> list[str]:
    """The rooms up to LAST_ROOM_HELD of which too little has run; one without a line in it is one of them."""
    held = order[:order.index(LAST_ROOM_HELD) + 1]
    return [room for room in held if 100 * rooms.get(room, (1, 0))[1] < least_percent * rooms.get(room, (1, 0))[0]]


def table(rooms: dict[str, tuple[int, int]], order: list[str]) -> str:
    rows = [f"{'room':<12}{'lines':>8}{'run':>8}{'share':>9}"]
    for room in [room for room in order if room in rooms]:
        total, run = rooms[room]
        rows.append(f"{room:<12}{total:>8}{run:>8}{100 * run / max(1, total):>7.1f} %")
    return "\n".join(rows)


def missed(counts: Counts, room: str) -> Iterator[str]:
    for path, lines in counts.items():
        if path.split("/")[2] == room:
            yield from (f"{path}:{line}" for line, count in sorted(lines.items()) if count == 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=pathlib.Path, help="a folder configured with preset coverage")
    parser.add_argument("--reset", action="store_true", help="forget all counts")
    parser.add_argument("--least", type=float, default=0.0, help="percent of a room's lines that must have run")
    parser.add_argument("--missed", metavar="ROOM", help="list the lines of this room that have not run")
    options = parser.parse_args()

    if options.reset:
        for data in options.build.rglob("*.gcda"):
            data.unlink()
        return 0
    counts = counts_of(reports_of(options.build))
    if options.missed:
        print("\n".join(missed(counts, options.missed)))
        return 0
    order = layers.load_table()["order"]
    rooms = by_room(counts)
    print(table(rooms, order))
    below = rooms_below(rooms, order, options.least)
    if below:
        print(f"less than {options.least:g} % of the lines have run in {', '.join(below)}")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
