#!/usr/bin/env python3
"""How near fitted surfaces come to the quotes of recorded chains, as the table of docs/surface-quality.md.

Every file is one month. A row is a month and an underlying; days of crash have rows of their own besides. Shares are of
two-sided quotes out of the money with a relative premium spread under 20 %.

    tools/surface_quality.py --command build/release/gimbal $GIMBAL_DATA/deribit_chain/deribit_chain_2*.csv.zst
"""

import argparse
import json
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field

CRASH_DAYS = ("2026-02-05", "2026-06-05")


@dataclass
class Pool:
    """What the chains of a row add up to."""

    chains: int = 0
    judged: int = 0
    near: float = 0.0
    inside: float = 0.0
    not_free: int = 0
    not_fitted: int = 0
    chains_at_99: int = 0
    worst: float = 1.0
    degenerate: int = field(default=0)

    def add(self, surface):
        judged = near = inside = 0
        for expiry in surface["expiries"]:
            count = expiry["quotes_judged"]
            if count >= 5 and expiry["rung"] != "fit":
                self.not_fitted += 1
            if abs(expiry["svi"]["rho"]) > 0.999 or expiry["wing_slope_most"] > 2:
                self.degenerate += 1
            if count:
                judged += count
                near += expiry["near_share"] * count
                inside += expiry["inside_share"] * count
        self.chains += 1
        self.judged += judged
        self.near += near
        self.inside += inside
        self.not_free += not surface["arbitrage_free"]
        if judged:
            share = near / judged
            self.chains_at_99 += share >= 0.99
            self.worst = min(self.worst, share)

    def row(self, name, underlying):
        return (
            f"| {name} | {underlying} | {self.chains} | {self.judged:,} | {100 * self.near / self.judged:.2f} "
            f"| {100 * self.inside / self.judged:.2f} | {100 * self.worst:.1f} "
            f"| {100 * self.chains_at_99 / self.chains:.1f} | {self.not_free} | {self.not_fitted + self.degenerate} |"
        )


def surfaces_of(command, file, model):
    run = subprocess.run(
        [command, "surface", "--market", file, "--at", "all", "--model", model, "--json"],
        stdout=subprocess.PIPE,
        check=False,
    )
    if run.returncode not in (0, 1):
        sys.exit(f"{command} failed on {file} with status {run.returncode}")
    return json.loads(run.stdout)["surfaces"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", required=True, help="the gimbal command")
    parser.add_argument("--model", default="svi", choices=("svi", "essvi"))
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    months, crashes, whole = defaultdict(Pool), defaultdict(Pool), defaultdict(Pool)
    for file in arguments.files:
        found = re.search(r"(\d{4})(\d{2})\.csv", file)
        month = f"{found[1]}-{found[2]}" if found else file
        for surface in surfaces_of(arguments.command, file, arguments.model):
            months[month, surface["underlying"]].add(surface)
            whole[surface["underlying"]].add(surface)
            whole["both"].add(surface)
            if surface["time"][:10] in CRASH_DAYS:
                crashes[surface["time"][:10], surface["underlying"]].add(surface)
    columns = "| | | chains | quotes | near % | inside % | worst chain, near % | chains at 99 %, % | with arbitrage "
    print(columns + "| not sound |")
    print("| --- " * 10 + "|")
    for (name, underlying), pool in sorted(months.items()):
        print(pool.row(name, underlying))
    for (name, underlying), pool in sorted(crashes.items()):
        print(pool.row(f"crash of {name}", underlying))
    for underlying, pool in sorted(whole.items()):
        print(pool.row("all", underlying))


if __name__ == "__main__":
    main()
