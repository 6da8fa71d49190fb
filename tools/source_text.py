"""What the layer and tidy checks share: which files there are, C++ without its comments and literals, and a finding."""

import dataclasses
import pathlib
import re
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUTSIDE_THE_TREE = {".git", ".cache", "build", "out", "node_modules", "__pycache__"}


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """One broken rule, at a line that counts from one."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


@dataclasses.dataclass(frozen=True)
class Source:
    """One file of the tree: its path from the root with forward slashes, and its text."""

    path: str
    text: str

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    def line_of(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1


def tree(root: pathlib.Path = ROOT) -> Iterator[Source]:
    """Every text file of the tree, in order of path; without git, so that an unpacked archive is checked as well."""
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if OUTSIDE_THE_TREE.intersection(relative.parts) or not path.is_file() or path.is_symlink():
            continue
        try:
            yield Source(relative.as_posix(), path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # not text: example markets and the fuzzers' corpus


_LITERAL_OR_COMMENT = re.compile(
    r"""
      (?P<comment> //[^\n]* | /\*.*?\*/ )
    | R"(?P<delimiter>[^\s()\\]{0,16})\(.*?\)(?P=delimiter)"
    | "(?:\\.|[^"\\\n])*"
    | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])*'      # not the separator in 1'000
    """,
    re.VERBOSE | re.DOTALL,
)
_NOT_NEWLINE = re.compile(r"[^\n]")


def without_comments(text: str) -> str:
    """C++ with every comment blanked; offsets and line numbers stay."""

    def blank(match: re.Match[str]) -> str:
        return _NOT_NEWLINE.sub(" ", match[0]) if match["comment"] else match[0]

    return _LITERAL_OR_COMMENT.sub(blank, text)


def without_comments_and_literals(text: str) -> str:
    """C++ with every comment, string and character literal blanked; offsets and line numbers stay."""
    return _LITERAL_OR_COMMENT.sub(lambda match: _NOT_NEWLINE.sub(" ", match[0]), text)
