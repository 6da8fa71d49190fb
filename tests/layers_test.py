#!/usr/bin/env python3
"""The tree obeys tools/layers.toml, and the check that says so finds every kind of violation planted before it."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))

import layers  # noqa: E402
import source_text  # noqa: E402
from source_text import Source  # noqa: E402

TABLE = layers.load_table()


def rules_broken(path: str, text: str) -> list[str]:
    """The rules that one planted file breaks, each with its line: `layer@3`."""
    source = Source(path, text)
    findings = [*layers.check_includes(source, TABLE), *layers.check_bans(source, TABLE),
                *layers.check_fast_mathematics(source, TABLE), *layers.check_targets(source, TABLE)]
    return [f"{finding.rule}@{finding.line}" for finding in sorted(findings)]


class Tree(unittest.TestCase):
    def test_obeys_the_table(self) -> None:
        findings = layers.check(source_text.tree(), TABLE)
        if findings:
            self.fail("\n" + "\n".join(map(str, findings)))

    def test_is_seen_at_all(self) -> None:
        paths = {source.path for source in source_text.tree()}
        self.assertIn("src/gimbal/foundation/time.hpp", paths)
        self.assertIn("src/gimbal/app/main.cpp", paths)
        self.assertFalse(any(path.startswith(("build/", "out/", ".git/")) for path in paths))

    def test_table_looks_downward_only(self) -> None:
        self.assertFalse(list(layers.check_table(TABLE)))
        upward = {"order": ["low", "high"], "rooms": {"low": {"rooms": ["high"]}, "high": {"rooms": ["low"]}}}
        self.assertEqual([finding.message for finding in layers.check_table(upward)],
                         ["low names high, which is not below it"])
        self.assertTrue(list(layers.check_table({"order": ["low"], "rooms": {}})))


class Includes(unittest.TestCase):
    def test_downward_is_allowed(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/pricing/a.hpp",
                                      '#include <vector>\n#include <fmt/core.h>\n'
                                      '#include "gimbal/market/instrument.hpp"\n#include "gimbal/pricing/b.hpp"\n'), [])

    def test_upward_is_refused(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/pricing/a.cpp", '\n#include "gimbal/surface/svi.hpp"\n'), ["layer@2"])
        self.assertEqual(rules_broken("src/gimbal/engine/a.cpp", '#include "gimbal/optimize/x.hpp"\n'), ["layer@1"])
        self.assertEqual(rules_broken("src/gimbal/market/a_test.cpp", '#  include "gimbal/risk/x.hpp"\n'), ["layer@1"])

    def test_internal_folders_are_private(self) -> None:
        include = '#include "gimbal/numerics/internal/lanes.hpp"\n'
        self.assertEqual(rules_broken("src/gimbal/pricing/a.cpp", include), ["internal@1"])
        self.assertEqual(rules_broken("tests/a_test.cpp", include), ["internal@1"])
        self.assertEqual(rules_broken("src/gimbal/numerics/a.cpp", include), [])

    def test_outside_headers_have_their_rooms(self) -> None:
        for header, room, other in (("openssl/evp.h", "foundation", "market"), ("simdjson.h", "venue", "app"),
                                    ("toml++/toml.h", "app", "simulate"), ("CLI/CLI.hpp", "app", "host"),
                                    ("sqlite3.h", "host", "portfolio"), ("zstd.h", "host", "venue"),
                                    ("nlohmann/json.hpp", "report", "engine"), ("unistd.h", "host", "engine"),
                                    ("sys/socket.h", "host", "app")):
            include = f"#include <{header}>\n"
            self.assertEqual(rules_broken(f"src/gimbal/{room}/a.cpp", include), [], header)
            self.assertEqual(rules_broken(f"src/gimbal/{other}/a.cpp", include), ["outside header@1"], header)

    def test_test_libraries_stay_in_tests(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/market/a_test.cpp", "#include <gtest/gtest.h>\n"), [])
        self.assertEqual(rules_broken("src/gimbal/market/a.cpp", "#include <gtest/gtest.h>\n"), ["outside header@1"])
        self.assertEqual(rules_broken("src/gimbal/market/a_bench.cpp", "#include <benchmark/benchmark.h>\n"), [])
        self.assertEqual(rules_broken("src/gimbal/market/a_test.cpp", "#include <benchmark/benchmark.h>\n"),
                         ["outside header@1"])

    def test_oracles_stay_in_differential_tests_and_benchmarks(self) -> None:
        for header in ("ql/pricingengines/blackformula.hpp", "coin/ClpSimplex.hpp"):
            include = f"#include <{header}>\n"
            self.assertEqual(rules_broken("src/gimbal/pricing/a_differential_test.cpp", include), [])
            self.assertEqual(rules_broken("src/gimbal/optimize/a_oracle.hpp", include), [])
            self.assertEqual(rules_broken("src/gimbal/pricing/a_bench.cpp", include), [])
            self.assertEqual(rules_broken("src/gimbal/pricing/a_test.cpp", include), ["outside header@1"])
            self.assertEqual(rules_broken("src/gimbal/pricing/a.cpp", include), ["outside header@1"])

    def test_paths_start_at_the_root(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/market/a.cpp", '#include "asset.hpp"\n'), ["include path@1"])
        self.assertEqual(rules_broken("src/gimbal/market/a.cpp", '#include "../risk/x.hpp"\n'), ["include path@1"])
        self.assertEqual(rules_broken("tests/a_test.cpp", '#include "sample_desk.hpp"\n'), [])

    def test_unknown_rooms_have_no_door(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/attic/a.cpp", ""), ["room@1"])

    def test_commented_includes_do_not_count(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/market/a.cpp",
                                      '// #include "gimbal/risk/x.hpp"\n/*\n#include <sqlite3.h>\n*/\n'), [])


class Bans(unittest.TestCase):
    CASES = {
        "clock": ("auto t = std::chrono::system_clock::time_point{};", "clock.now()", "std::time(nullptr)", "::time(0)",
                  "std::this_thread::sleep_for(d);", "clock_gettime(0, &t);"),
        "randomness": ("std::random_device device;", "std::mt19937 engine;", "int x = rand();", "x = std::rand();",
                       "std::normal_distribution<double> d;", "std::shuffle(a, b, c);"),
        "environment": ('getenv("HOME");', 'std::getenv("HOME");', 'setenv("A", "b", 1);'),
        "file": ('std::ifstream in{"x"};', 'fopen("x", "r");', "std::filesystem::path p;", "FILE* f;"),
        "print": ('printf("x");', 'std::fprintf(stderr, "x");', 'std::cout << 1;', 'fmt::print("x");', 'puts("x");'),
        "mutable static": ("void f() { static int calls = 0; }", "static std::vector<int> cache;",
                           "thread_local int x;", "static Decimal last{};"),
        "throw": ("throw 1;",),
        "order of reduction": ("std::reduce(a, b);", "std::transform_reduce(a, b, c, d);"),
        "C library mathematics": ("double y = std::exp(x);", "y = std::log (x);", "y = std::erfc(x) + 1;",
                                  "y = std::ceil(x);", "y = std::copysign(x, z);"),
    }

    def test_each_is_found_in_the_core_with_its_line(self) -> None:
        for rule, cases in self.CASES.items():
            for case in cases:
                self.assertEqual(rules_broken("src/gimbal/engine/a.cpp", f"\n\n{case}\n"), [f"{rule}@3"], case)

    def test_free_rooms_are_free(self) -> None:
        for room, rules in (("host", ("clock", "randomness", "environment", "file", "print", "C library mathematics")),
                            ("app", ("print",)), ("simulate", ("C library mathematics",))):
            for rule in rules:
                for case in self.CASES[rule]:
                    self.assertEqual(rules_broken(f"src/gimbal/{room}/a.cpp", case), [], f"{room}: {case}")

    def test_app_reads_neither_clock_nor_file_itself(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/app/a.cpp", "x.now();\nstd::ifstream in;\n"), ["clock@1", "file@2"])

    def test_banned_headers_are_found(self) -> None:
        for header, rule in (("iostream", "print"), ("fstream", "file"), ("filesystem", "file"), ("ctime", "clock"),
                             ("random", "randomness")):
            self.assertEqual(rules_broken("src/gimbal/risk/a.hpp", f"#include <{header}>\n"), [f"{rule}@1"])

    def test_tests_may_read_files_and_print_but_not_the_clock(self) -> None:
        path = "src/gimbal/risk/a_test.cpp"
        allowed = 'std::ifstream in{"x"};\nstd::getenv("GIMBAL_DATA");\nstd::exp(1.0);\n'
        self.assertEqual(rules_broken(path, allowed), [])
        self.assertEqual(rules_broken(path, "std::chrono::steady_clock::now();\n"), ["clock@1", "clock@1"])
        self.assertEqual(rules_broken("tests/a_test.cpp", "std::random_device device;\n"), ["randomness@1"])
        self.assertEqual(rules_broken("src/gimbal/risk/a_bench.cpp", "std::chrono::steady_clock::now();\n"), [])

    def test_comments_and_literals_are_not_code(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/engine/a.cpp",
                                      '// a clock has now(), printf and std::cout\n'
                                      'const char* text = "getenv(now()) \\" throw";\n'
                                      '/* static int x = 0;\n throw */ const char quote = \'"\';\n'
                                      'const char* raw = R"x(std::cout << "rand()")x"; int n = 1\'000\'000;\n'), [])

    def test_a_literal_does_not_hide_the_code_behind_it(self) -> None:
        for line in ("const char q = '\"'; throw 1; // \"\n", 'auto s = R"(\\)"; throw 1;\n',
                     "int n = 1'000; throw 1; int m = 1'000;\n"):
            self.assertEqual(rules_broken("src/gimbal/engine/a.cpp", line), ["throw@1"], line)

    def test_similar_names_are_left_alone(self) -> None:
        self.assertEqual(rules_broken("src/gimbal/engine/a.cpp",
                                      "known(); renown(); brand(); x.rand_state(); snprintf(a); Timestamp time(at);\n"
                                      "static constexpr int limit = 3; static const Table table{}; static int f(int);\n"
                                      "static_assert(true); static bool operator==(const A&, const A&);\n"
                                      "static Result<Decimal> parse(std::string_view text);\n"
                                      "Row::time(at); numerics::exp(x); gimbal::numerics::log(x); book.log(x);\n"
                                      "std::sqrt(x); std::fabs(x); std::fma(a, b, c);\n"), [])

    def test_unqualified_mathematics_is_the_c_librarys_unless_said_otherwise(self) -> None:
        path = "src/gimbal/pricing/a.cpp"
        self.assertEqual(rules_broken(path, "#include <cmath>\ndouble y = exp(x) + ::erf(x);\n"),
                         ["C library mathematics@2", "C library mathematics@2"])
        self.assertEqual(rules_broken(path, "#include <cmath>\nusing numerics::exp;\ndouble y = exp(x);\n"), [])
        self.assertEqual(rules_broken(path, "using gimbal::numerics::exp;\ndouble y = exp(x);\n"), [])
        # In the room that has our own they are ours; the library's are refused there too.
        own = "src/gimbal/numerics/a.cpp"
        self.assertEqual(rules_broken(own, "#include <cmath>\ndouble exp(double x) { return log(x); }\n"), [])
        self.assertEqual(rules_broken(own, "#include <cmath>\ndouble y = std::exp(x);\n"), ["C library mathematics@2"])

    def test_fast_mathematics_is_refused_wherever_it_is_set(self) -> None:
        self.assertEqual(rules_broken("cmake/x.cmake", "add_compile_options(-ffast-math)\n"), ["fast mathematics@1"])
        self.assertEqual(rules_broken("CMakePresets.json", '"-Ofast"'), ["fast mathematics@1"])
        self.assertEqual(rules_broken("src/gimbal/numerics/a.cpp", '#pragma GCC optimize("-ffast-math")\n'),
                         ["fast mathematics@1"])
        self.assertEqual(rules_broken("CMakeLists.txt", "# never -ffast-math\nset(X -ffp-contract=off)\n"), [])


class Targets(unittest.TestCase):
    def test_link_exactly_their_row(self) -> None:
        path = "src/gimbal/market/CMakeLists.txt"
        self.assertEqual(rules_broken(path, "gimbal_room(market ROOMS foundation LIBRARIES a::b)\n"), [])
        self.assertEqual(rules_broken(path, "\ngimbal_room(market\n  ROOMS foundation numerics)\n"), ["target@2"])
        self.assertEqual(rules_broken(path, "gimbal_room(market LIBRARIES a::b)\n"), ["target@1"])


class Exceptions(unittest.TestCase):
    TABLE = {**TABLE, "exceptions": [{"file": "src/gimbal/risk/a.cpp", "rule": "throw", "reason": "planted"}]}

    def test_excuse_one_rule_in_one_file(self) -> None:
        planted = [Source("src/gimbal/risk/a.cpp", "throw 1;\nputs(x);\n"),
                   Source("src/gimbal/risk/b.cpp", "throw 1;\n")]
        self.assertEqual([(finding.path, finding.rule) for finding in layers.check(planted, self.TABLE)],
                         [("src/gimbal/risk/a.cpp", "print"), ("src/gimbal/risk/b.cpp", "throw")])

    def test_that_excuse_nothing_are_failures(self) -> None:
        findings = layers.check([Source("src/gimbal/risk/a.cpp", "")], self.TABLE)
        self.assertEqual([finding.rule for finding in findings], ["exception"])


if __name__ == "__main__":
    unittest.main()
