#!/usr/bin/env python3
"""The page of `gimbal lap --html`, as the command writes it, holds to every rule of tools/page_check.py.

`$GIMBAL_COMMAND` is the command under test. Needs Chromium and ends with status 77, which counts as skipped, where none
is installed.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))

import chromium  # noqa: E402
import page_check  # noqa: E402

STATUS_SKIPPED = 77


class LapPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.studio = page_check.Studio(cls.enterClassContext(chromium.Chromium()))

    def findings_after(self, laps: int, *layouts: page_check.Layout) -> str:
        page = self.folder / f"{laps}.html"
        lap = subprocess.run([os.environ["GIMBAL_COMMAND"], "lap", "examples/vol_arbitrage.toml", "--market",
                              "examples/market.csv.zst", "--laps", str(laps), "--html", page],
                             capture_output=True, text=True)
        # 1 says that a bound could not be held, which the page has to show as well.
        self.assertIn(lap.returncode, (0, 1), lap.stderr)
        return "\n".join(page_check.report(pathlib.Path(page.name), self.studio.check(page, layouts)))

    def test_of_a_first_lap_is_sound(self) -> None:
        """Nothing was held before it, so nothing is attributed and no line drawn. Its colours are the same."""
        self.assertEqual(self.findings_after(1, page_check.WIDE, page_check.NARROW, page_check.PAPER), "")

    def test_of_several_laps_is_sound(self) -> None:
        self.assertEqual(self.findings_after(4, *page_check.LAYOUTS), "")


if __name__ == "__main__":
    if chromium.executable() is None:
        print("skipped: no Chromium is installed")
        sys.exit(STATUS_SKIPPED)
    unittest.main()
