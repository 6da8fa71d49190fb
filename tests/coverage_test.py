#!/usr/bin/env python3
"""The sums of tools/coverage.py, over reports made up here in gcov's shape: what is counted, and what is not enough."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))

import coverage  # noqa: E402

ROOT = pathlib.Path("/tree")
ORDER = ["foundation", "govern", "engine"]


def library(room: str, **files: dict[int, int]) -> coverage.Report:
    """What one object of a room's library says; files by name, `a_hpp` for a.hpp, each line with its count."""
    return report(f"src/gimbal/{room}/CMakeFiles/gimbal_{room}.dir/x.cpp.gcda", room, files)


def suite(room: str, **files: dict[int, int]) -> coverage.Report:
    return report(f"src/gimbal/{room}/CMakeFiles/gimbal_{room}_test.dir/x_test.cpp.gcda", room, files)


def report(data_file: str, room: str, files: dict[str, dict[int, int]]) -> coverage.Report:
    return data_file, [{"file": f"{ROOT}/src/gimbal/{room}/{name.replace('_hpp', '.hpp').replace('_cpp', '.cpp')}",
                        "lines": [{"line_number": line, "count": count} for line, count in lines.items()]}
                       for name, lines in files.items()]


def counts(*reports: coverage.Report) -> coverage.Counts:
    return coverage.counts_of(reports, ROOT)


class Counted(unittest.TestCase):
    def test_a_line_has_run_when_it_has_in_any_object(self) -> None:
        found = counts(library("govern", a_hpp={1: 0, 2: 0}), suite("govern", a_hpp={1: 3, 7: 0}))
        self.assertEqual(found, {"src/gimbal/govern/a.hpp": {1: 3, 2: 0, 7: 0}})

    def test_an_instance_that_did_not_run_takes_nothing_away(self) -> None:
        data_file, files = library("govern", a_hpp={1: 2})
        files[0]["lines"].append({"line_number": 1, "count": 0})  # a second instance of the same template
        self.assertEqual(coverage.by_room(counts((data_file, files))), {"govern": (1, 1)})

    def test_tests_and_what_only_they_include_are_not(self) -> None:
        self.assertEqual(counts(suite("govern", a_test_cpp={1: 1}, sample_hpp={1: 0})), {})

    def test_what_lies_outside_the_rooms_is_not(self) -> None:
        outside = ("src/gimbal/govern/CMakeFiles/gimbal_govern.dir/x.cpp.gcda",
                   [{"file": "/usr/include/c++/12/vector", "lines": [{"line_number": 1, "count": 0}]}])
        self.assertEqual(counts(outside), {})

    def test_a_header_counts_for_its_own_room(self) -> None:
        data_file = "src/gimbal/engine/CMakeFiles/gimbal_engine.dir/x.cpp.gcda"
        found = counts(report(data_file, "foundation", {"a_hpp": {1: 1, 2: 0}}), library("engine", x_cpp={5: 1}))
        self.assertEqual(coverage.by_room(found), {"engine": (1, 1), "foundation": (2, 1)})

    def test_lines_that_have_not_run_are_named(self) -> None:
        found = counts(library("govern", a_cpp={9: 0, 3: 0, 4: 1}), library("engine", b_cpp={1: 0}))
        self.assertEqual(list(coverage.missed(found, "govern")),
                         ["src/gimbal/govern/a.cpp:3", "src/gimbal/govern/a.cpp:9"])


class Judged(unittest.TestCase):
    def test_rooms_up_to_govern_are_held_to_the_least(self) -> None:
        rooms = {"foundation": (100, 90), "govern": (1000, 899), "engine": (10, 0)}
        self.assertEqual(coverage.rooms_below(rooms, ORDER, 90), ["govern"])
        self.assertEqual(coverage.rooms_below(rooms, ORDER, 0), [])

    def test_a_room_of_which_nothing_is_known_is_below(self) -> None:
        self.assertEqual(coverage.rooms_below({"govern": (10, 10)}, ORDER, 90), ["foundation"])

    def test_the_table_has_the_order_of_the_rooms(self) -> None:
        self.assertEqual(coverage.table({"govern": (8, 7), "foundation": (3, 3)}, ORDER).splitlines(),
                         ["room           lines     run    share",
                          "foundation         3       3  100.0 %",
                          "govern             8       7   87.5 %"])


if __name__ == "__main__":
    unittest.main()
