#!/usr/bin/env python3
"""The transcripts in README.md and docs/tour.md are what the commands print.

Every fenced block marked `console` is a session in the shell: a line that begins with `$ ` is run, and what follows up
to the next such line is what it must print, both streams together. A line `...` stands for any lines. One file is one
session in one empty folder that has the examples in it; `gimbal` is `$GIMBAL_COMMAND`, and so is `./run` where it is
given arguments.

`--write` puts what is printed in the place of what is said, line by line, and leaves the `...` where they are: for
changes that are meant, to be read before they are committed.
"""

import dataclasses
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "..."


@dataclasses.dataclass
class Step:
    """A command and what it is said to print."""

    command: str
    printed: list[str]


def steps_of(text: str) -> list[Step]:
    steps: list[Step] = []
    for block in BLOCK.findall(text):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append(Step(line[2:], []))
            else:
                steps[-1].printed.append(line)
    return steps


def matches(said: list[str], printed: list[str]) -> bool:
    """Whether the lines printed are the lines said, `...` taking as few of them as will do."""
    if not said:
        return not printed
    if said[0] == ANYTHING:
        return any(matches(said[1:], printed[skipped:]) for skipped in range(len(printed) + 1))
    return bool(printed) and said[0].rstrip() == printed[0].rstrip() and matches(said[1:], printed[1:])


def run_in(folder: pathlib.Path, command: str) -> list[str]:
    command = re.sub(r"^\./run (?=\S)", "gimbal ", command)
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["bash", "-c", command], cwd=folder / "session", env={**os.environ, "PATH": path},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.splitlines()


def prepare(folder: pathlib.Path) -> None:
    (folder / "bin").mkdir()
    (folder / "session").mkdir()
    (folder / "bin" / "gimbal").symlink_to(pathlib.Path(os.environ["GIMBAL_COMMAND"]).resolve())
    (folder / "session" / "examples").symlink_to(ROOT / "examples")


def rewritten(said: list[str], printed: list[str]) -> list[str]:
    """What is said, each line that was not printed replaced by the printed line that is most like it."""
    lines = []
    for line in said:
        if line != ANYTHING and line.rstrip() not in (other.rstrip() for other in printed):
            line = next(iter(difflib.get_close_matches(line, printed, n=1, cutoff=0.5)), line)
        lines.append(line)
    return lines if matches(lines, printed) else printed


def write(file: str) -> None:
    path = ROOT / file
    text = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        prepare(folder)
        for step in steps_of(text):
            printed = run_in(folder, step.command)
            if not matches(step.printed, printed):
                said = "\n".join(["$ " + step.command, *step.printed])
                text = text.replace(said, "\n".join(["$ " + step.command, *rewritten(step.printed, printed)]))
    path.write_text(text, encoding="utf-8")


class Transcripts(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        prepare(self.folder)

    def hold(self, file: str, steps_least: int) -> None:
        steps = steps_of((ROOT / file).read_text(encoding="utf-8"))
        self.assertGreaterEqual(len(steps), steps_least)
        for step in steps:
            printed = run_in(self.folder, step.command)
            if not matches(step.printed, printed):
                self.assertEqual("\n".join(step.printed), "\n".join(printed), f"{file}: $ {step.command}")

    def test_the_readme_shows_what_is_printed(self) -> None:
        self.hold("README.md", 1)

    def test_the_tour_shows_what_is_printed(self) -> None:
        self.hold("docs/tour.md", 8)

    def test_a_line_that_differs_is_found(self) -> None:
        self.assertTrue(matches(["a", "...", "c"], ["a", "b", "b", "c"]))
        self.assertTrue(matches(["a", "..."], ["a"]))
        self.assertFalse(matches(["a", "...", "c"], ["a", "b"]))
        self.assertFalse(matches(["a"], ["a", "b"]))
        self.assertFalse(matches(["a"], ["b"]))


if __name__ == "__main__":
    if "--write" in sys.argv:
        for name in ("README.md", "docs/tour.md"):
            write(name)
    else:
        unittest.main()
