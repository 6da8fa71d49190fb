#!/usr/bin/env python3
"""Runs the tests of a build folder, several at once, and counts single cases rather than programs.

CTest knows the tests; their labels say how each is counted. A GoogleTest program is split into shards and each of its
cases counts, also when it crashes half-way: the case that crashed has failed, and the rest is run in a new process. Any
other test counts as one, and as skipped when it ends with the status that CTest was given for it (SKIP_RETURN_CODE).
Output is shown for failures only. The last line is `N passed, N failed, N skipped`; status 1 when anything failed.

    tools/run_tests.py --build build/asan                 everything that CTest knows
    tools/run_tests.py --build build/asan --label market  the tests that carry one of these labels
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import re
import subprocess
import sys
import time

CASE_START = re.compile(r"^\[ RUN      \] (\S+)$", re.MULTILINE)
# Not anchored to the start of a line, since a case may print without ending its own; only an ending gives a time.
CASE_END = re.compile(r"\[(       OK |  FAILED  |  SKIPPED )\] ([^\s,]+).*\(\d+ ms\)$", re.MULTILINE)
CRASHES_MAX = 20  # of one program, after which the rest of its cases is not tried any more


@dataclasses.dataclass
class Test:
    """One test of CTest."""

    name: str
    command: list[str]
    folder: str
    labels: set[str]
    environment: dict[str, str]
    timeout_s: float
    status_skipped: int | None


@dataclasses.dataclass
class Outcome:
    """What one process, or a chain of processes that continue after crashes, had to say."""

    passed: int = 0
    skipped: int = 0
    failed: list[str] = dataclasses.field(default_factory=list)
    output: str = ""


def tests_of(build: str) -> list[Test]:
    listing = subprocess.run(["ctest", "--show-only=json-v1"], cwd=build, check=True, capture_output=True, text=True)
    tests = []
    for entry in json.loads(listing.stdout)["tests"]:
        properties = {item["name"]: item["value"] for item in entry.get("properties", [])}
        environment = dict(pair.split("=", 1) for pair in properties.get("ENVIRONMENT", []))
        tests.append(Test(entry["name"], entry.get("command", []), properties.get("WORKING_DIRECTORY", build),
                          set(properties.get("LABELS", [])), environment, float(properties.get("TIMEOUT", 900)),
                          properties.get("SKIP_RETURN_CODE")))
    return tests


def run(test: Test, arguments: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Exit status (negative: a signal) and all output of one process; a process that hangs is ended."""
    try:
        process = subprocess.run([*test.command, *arguments], cwd=test.folder, env={**os.environ, **environment},
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 timeout=test.timeout_s)
    except subprocess.TimeoutExpired as expired:
        return -1, (expired.stdout or b"").decode(errors="replace") + f"\nended after {test.timeout_s:.0f} seconds\n"
    except OSError as error:
        return -1, f"{error}\n"
    return process.returncode, process.stdout.decode(errors="replace")


def run_single(test: Test, environment: dict[str, str]) -> Outcome:
    status, output = run(test, [], environment)
    if status == 0:
        return Outcome(passed=1)
    if status == test.status_skipped:
        return Outcome(skipped=1)
    return Outcome(failed=[test.name], output=output + f"{test.name} ended with status {status}\n")


def run_cases(test: Test, shard: int, shards: int, environment: dict[str, str]) -> Outcome:
    """One shard of a GoogleTest program: the cases whose place in its list leaves `shard` when divided by `shards`."""
    outcome = Outcome()
    waiting = cases_listed(run(test, ["--gtest_list_tests"], environment)[1])[shard::shards]
    chosen = waiting
    arguments = ["--gtest_color=no", "--gtest_brief=0"]
    sharding = {"GTEST_TOTAL_SHARDS": str(shards), "GTEST_SHARD_INDEX": str(shard)}
    for _ in range(CRASHES_MAX):
        status, output = run(test, arguments, {**environment, **sharding})
        ended = {case: verdict.strip() for verdict, case in CASE_END.findall(output)}
        failed = [case for case, verdict in ended.items() if verdict == "FAILED"]
        crashed = [case for case in CASE_START.findall(output) if case not in ended]
        outcome.passed += sum(verdict == "OK" for verdict in ended.values())
        outcome.skipped += sum(verdict == "SKIPPED" for verdict in ended.values())
        outcome.failed += failed + crashed
        outcome.output += "".join(output_of(case, output) for case in failed + crashed)
        if not crashed and ((status != 0 and not failed) or not ended.keys() >= set(chosen)):
            outcome.failed.append(test.name)  # for example a leak found at exit
            outcome.output += output[-20_000:] + f"{test.name} ended with status {status}\n"
            return outcome
        waiting = [case for case in waiting if case not in ended and case not in crashed]
        if not waiting:
            return outcome
        # After a crash the rest is chosen by name, in portions that fit on a command line.
        chosen = waiting[:500]
        arguments = [f"--gtest_filter={':'.join(chosen)}", "--gtest_color=no", "--gtest_brief=0"]
        sharding = {}
    outcome.failed += waiting
    outcome.output += f"{test.name}: {CRASHES_MAX} crashes; the rest is not tried\n"
    return outcome


def cases_listed(listing: str) -> list[str]:
    cases = []
    suite = ""
    for line in listing.splitlines():
        words = line.split("#")[0].rstrip()
        if re.fullmatch(r"\S+\.", words):
            suite = words
        elif suite and re.fullmatch(r"  \S+", words) and not words.strip().startswith("DISABLED_"):
            cases.append(suite + words.strip())
    return cases


def output_of(case: str, output: str) -> str:
    """The part of a program's output that belongs to one case; all that follows if the case never ended."""
    start = output.find(f"[ RUN      ] {case}\n")
    end = next((match.end() for match in CASE_END.finditer(output, start) if match[2] == case), len(output))
    return output[start:end] + "\n"


def jobs_for(tests: list[Test], workers: int, environment: dict[str, str]):
    """Callables, the programs of many cases first, so that no long one is left alone at the end."""
    singles = []
    shards = []
    for test in tests:
        surroundings = {**environment, **test.environment}
        if not test.command or not os.path.exists(test.command[0]):
            singles.append((test, lambda test=test: Outcome(failed=[test.name], output=f"{test.name} is not built\n")))
        elif "gtest" in test.labels:
            count = len(cases_listed(run(test, ["--gtest_list_tests"], surroundings)[1]))
            pieces = workers if count >= 2 * workers else 1
            shards += [(test, lambda test=test, shard=shard, pieces=pieces, env=surroundings:
                        run_cases(test, shard, pieces, env)) for shard in range(pieces)]
        else:
            singles.append((test, lambda test=test, env=surroundings: run_single(test, env)))
    return shards + singles


def surroundings_of(long: bool) -> dict[str, str]:
    environment = {"UBSAN_OPTIONS": "print_stacktrace=1", "ASAN_OPTIONS": "detect_stack_use_after_return=1"}
    # The default suite draws the same random cases every time; the long one new ones, and a failure prints its seed.
    environment["RC_PARAMS"] = "max_success=1000" if long else "seed=20260201"
    if long:
        environment["GIMBAL_LONG"] = "1"
    return {name: os.environ.get(name, value) for name, value in environment.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="a configured build folder")
    parser.add_argument("--label", action="append", default=[], help="only tests with one of these labels")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="processes at once")
    parser.add_argument("--long", action="store_true", help="GIMBAL_LONG=1: longer and freshly seeded runs")
    options = parser.parse_args()

    tests = [test for test in tests_of(options.build) if not options.label or test.labels.intersection(options.label)]
    total = Outcome()
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
        surroundings = surroundings_of(options.long)
        running = {pool.submit(job): test for test, job in jobs_for(tests, options.workers, surroundings)}
        for done in concurrent.futures.as_completed(running):
            outcome = done.result()
            total.passed += outcome.passed
            total.skipped += outcome.skipped
            total.failed += outcome.failed
            if outcome.failed:
                print(f"---- {' '.join(running[done].command)}\n{outcome.output.rstrip()}", flush=True)
    for name in sorted(total.failed):
        print(f"FAILED {name}")
    print(f"{len(tests)} test programs in {time.monotonic() - start:.0f} s")
    print(f"{total.passed} passed, {len(total.failed)} failed, {total.skipped} skipped")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
