#!/usr/bin/env python3
"""The page of `gimbal surface --html`, as the command writes it, holds to every rule of tools/page_check.py.

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


class SurfacePage(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.studio = page_check.Studio(cls.enterClassContext(chromium.Chromium()))

    def findings(self, *options: str) -> str:
        page = self.folder / "surface.html"
        run = subprocess.run([os.environ["GIMBAL_COMMAND"], "surface", "--market", "examples/market.csv.zst", "--html",
                              page, *options], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        return "\n".join(page_check.report(pathlib.Path(page.name), self.studio.check(page, page_check.LAYOUTS)))

    def test_of_two_underlyings_is_sound(self) -> None:
        self.assertEqual(self.findings(), "")

    def test_of_one_underlying_is_sound(self) -> None:
        self.assertEqual(self.findings("--underlying", "ETH", "--model", "essvi"), "")


if __name__ == "__main__":
    if chromium.executable() is None:
        print("skipped: no Chromium is installed")
        sys.exit(STATUS_SKIPPED)
    unittest.main()
