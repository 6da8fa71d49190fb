#!/usr/bin/env python3
"""What is compiled for a richer processor than the rest stays by itself.

A linker keeps one copy of each inline function that several sources share. Were one of them compiled for AVX-512, the
copy that it keeps might not run on this machine. So the objects that are built for AVX-512 may define no weak function
but templates over their own lanes. `$GIMBAL_BUILD` is the build folder.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

OBJECTS = "*_by_eight.cpp.o"
OWN_LANES = "gimbal::numerics::Lanes8"


class RicherProcessor(unittest.TestCase):
    def test_objects_share_nothing_with_the_rest(self) -> None:
        objects = sorted(pathlib.Path(os.environ["GIMBAL_BUILD"]).rglob(OBJECTS))
        self.assertTrue(objects, f"no {OBJECTS} in the build folder")
        for path in objects:
            printed = subprocess.run(["nm", "--demangle", "--defined-only", path], check=True, capture_output=True,
                                     text=True).stdout
            weak = [line.split(" ", 2)[2] for line in printed.splitlines() if line.split(" ", 2)[1] == "W"]
            shared = [name for name in weak if OWN_LANES not in name]
            self.assertEqual(shared, [], path)


if __name__ == "__main__":
    if shutil.which("nm") is None:
        sys.exit(77)
    unittest.main()
