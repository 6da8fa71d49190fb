#!/usr/bin/env python3
"""The tree obeys the mechanical half of its style, and the check that says so finds every kind of planted slip."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))

import layers  # noqa: E402
import source_text  # noqa: E402
import tidy  # noqa: E402
from source_text import Source  # noqa: E402

OPENING = "// What this planted file is, in one whole sentence.\n"


def rules_broken(path: str, text: str, others: tuple[str, ...] = ()) -> list[str]:
    """The rules that one planted file breaks among `others`, each with its line: `tab@3`."""
    source = Source(path, text)
    findings = [finding for rule in tidy.RULES for finding in rule(source)]
    findings += tidy.check_own_header(source, lambda other: other in others)
    findings += tidy.check_claims_of_speed(source, lambda record: record in others)
    return [f"{finding.rule}@{finding.line}" for finding in sorted(findings)]


class Tree(unittest.TestCase):
    def test_is_tidy(self) -> None:
        findings = tidy.check(source_text.tree(), layers.load_table(),
                              lambda path: (source_text.ROOT / path).is_file())
        if findings:
            self.fail("\n" + "\n".join(map(str, findings)))


class Sizes(unittest.TestCase):
    def test_eight_hundred_lines_are_the_most(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + "\n" * 799), [])
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + "\n" * 800), ["file length@801"])

    def test_a_hundred_and_twenty_columns_are_the_most(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + "x" * 120), [])
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + "x" * 121), ["line length@2"])
        self.assertEqual(rules_broken("docs/a.md", "x" * 121), ["line length@1"])
        self.assertEqual(rules_broken("docs/a.md", "| a table's row cannot be broken |" + "x" * 121), [])

    def test_tabs_are_refused(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + "\tint x;\n"), ["tab@2"])


class Names(unittest.TestCase):
    def test_empty_words_are_refused_in_paths(self) -> None:
        for path in ("src/gimbal/common/a.cpp", "src/gimbal/util/a.cpp", "src/gimbal/risk/helpers.cpp",
                     "src/gimbal/risk/misc.hpp", "src/gimbal/risk/margin_util.cpp", "src/gimbal/risk/impl/a.cpp",
                     "src/gimbal/risk/order_manager.cpp", "tests/base/a.cpp", "tools/utils.py"):
            text = '"""What this planted file is."""' if path.endswith(".py") else OPENING + "#pragma once\n"
            self.assertEqual(rules_broken(path, text), ["name@1"], path)

    def test_words_that_only_contain_them_are_not(self) -> None:
        for path in ("src/gimbal/risk/database.cpp", "src/gimbal/market/base_currency.cpp",
                     "src/gimbal/risk/utility.cpp"):
            self.assertEqual(rules_broken(path, OPENING), [], path)

    def test_namespaces_and_types_are_read_too(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + "namespace gimbal::util {}\n"), ["name@2"])
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + "\nclass OrderManager;\n"), ["name@3"])
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + "struct PriceHelper;\n"), ["name@2"])
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + "int x = MathUtils::f();\n"), ["name@2"])
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + "// no OrderManager here\nint utility;\n"), [])


class Marks(unittest.TestCase):
    def test_unfinished_work_needs_an_owner_and_an_issue(self) -> None:
        for mark in ("TODO", "TODO: later", "TODO(ada)", "TODO(#3)", "FIXME", "FIXME(ada, #3)", "XXX", "HACK"):
            self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + f"// {mark}\n"), ["unfinished@2"], mark)
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + "// TODO(ada, #3): why\n"), [])


class Openings(unittest.TestCase):
    def test_every_source_says_what_it_is(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", "int x;\n"), ["opening paragraph@1"])
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", "// a.cpp\nint x;\n"), ["opening paragraph@1"])
        self.assertEqual(rules_broken("tools/a.py", "import os\n"), ["opening paragraph@1"])
        self.assertEqual(rules_broken("tests/a.sh", "#!/usr/bin/env bash\nset -e\n"), ["opening paragraph@1"])
        self.assertEqual(rules_broken("cmake/a.cmake", "set(A 1)\n"), ["opening paragraph@1"])

    def test_a_sentence_is_enough(self) -> None:
        self.assertEqual(rules_broken("tools/a.py", '#!/usr/bin/env python3\n"""What this planted file is."""\n'), [])
        self.assertEqual(rules_broken("tests/a.sh", "#!/usr/bin/env bash\n# What this planted script does.\n"), [])

    def test_headers_are_read_once(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/risk/a.hpp", OPENING), ["pragma once@1"])
        self.assertEqual(rules_broken("src/gimbal/risk/a.hpp", OPENING + "#pragma once\n"), [])

    def test_a_source_includes_its_own_header_first(self) -> None:
        own, other = '#include "gimbal/risk/a.hpp"\n', "#include <vector>\n"
        header = ("src/gimbal/risk/a.hpp",)
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + own + other, header), [])
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + other + own, header), ["own header@2"])
        self.assertEqual(rules_broken("src/gimbal/risk/a.cpp", OPENING + other), [])
        self.assertEqual(rules_broken("src/gimbal/risk/a_test.cpp", OPENING + other, header), [])


class Paths(unittest.TestCase):
    def test_of_one_machine_are_refused_in_every_text(self) -> None:
        # Put together here, so that no such path stands in the tree.
        for folder in ("tmp/x", "home/ada/gimbal", "work/x", "root/.cache", "Users/ada/x"):
            for text in (f"/{folder}", f'open("/{folder}")', f"cd /{folder} first"):
                self.assertEqual(rules_broken("docs/a.txt", text), ["machine path@1"], text)

    def test_relative_and_system_paths_are_not(self) -> None:
        folder = "work"  # apart, for the same reason
        for text in ("../shared/data", f"$HOME/{folder}/x", "build/tmp/x", "/usr/bin/env", f"~/{folder}/x",
                     "https://a.example/home/"):
            self.assertEqual(rules_broken("docs/a.txt", text), [], text)


class TimedAssertions(unittest.TestCase):
    def test_are_refused(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/host/a_test.cpp", OPENING + "EXPECT_LT(elapsed, limit);\n"),
                         ["timed assertion@2"])
        self.assertEqual(rules_broken("src/gimbal/host/a_test.cpp", OPENING + "EXPECT_LT(iterations, limit);\n"), [])


class ClaimsOfSpeed(unittest.TestCase):
    RECORD = "bench/records/2026-02-01_black76.json"

    def test_without_a_record_are_refused(self) -> None:
        for claim in ("A lap takes 80 ms.", "It is 12 times faster.", "3.5x faster than the loop", "12 ns an option",
                      "450,000 records a second"):
            self.assertEqual(rules_broken("docs/performance.md", f"# Speed\n\n{claim}\n"), ["bench record@3"], claim)

    def test_with_an_existing_record_in_the_paragraph_stand(self) -> None:
        text = f"A lap takes\n80 ms on one core ([record](../{self.RECORD})).\n"
        self.assertEqual(rules_broken("docs/performance.md", text, (self.RECORD,)), [])
        self.assertEqual(rules_broken("docs/performance.md", text), ["bench record@2"])

    def test_a_record_covers_its_own_paragraph_only(self) -> None:
        text = f"See [record]({self.RECORD}).\n\nAnd 5 ms more.\n"
        self.assertEqual(rules_broken("README.md", text, (self.RECORD,)), ["bench record@3"])

    def test_code_and_settings_claim_nothing(self) -> None:
        self.assertEqual(rules_broken("README.md", "```\nlap 1: 80 ms\n```\nSet `interval = 5 ms` for that.\n"), [])


class Decoders(unittest.TestCase):
    def test_have_a_fuzz_sibling(self) -> None:
        paths = {"src/gimbal/venue/x_decoder.cpp", "src/gimbal/venue/x_decoder_fuzz.cpp", "src/gimbal/host/journal.cpp"}
        self.assertEqual(list(tidy.check_decoders(paths, [])), [])
        self.assertEqual(len(list(tidy.check_decoders(paths - {"src/gimbal/venue/x_decoder_fuzz.cpp"}, []))), 1)
        self.assertEqual(len(list(tidy.check_decoders(paths, ["src/gimbal/host/journal.cpp"]))), 1)

    def test_that_are_listed_exist(self) -> None:
        self.assertEqual([finding.path for finding in tidy.check_decoders(set(), ["src/gimbal/venue/gone.cpp"])],
                         ["tools/layers.toml"])


if __name__ == "__main__":
    unittest.main()
