#!/usr/bin/env python3
"""`buttress` under every instruction set that the processor has: the same movement, the same answers.

  instruction_set_test.py --buttress PATH

BUTTRESS_INSTRUCTION_SET names the set. Every table that a movement writes agrees with that of the baseline to 1e-9 of
the column's largest value, or to the last digit that is written.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BUTTRESS = None
SETS = {"baseline": "scalar", "avx2": "AVX2", "avx512": "AVX-512"}


def run(folder, name, *arguments):
    return subprocess.run([BUTTRESS, *arguments], cwd=folder, capture_output=True, text=True, timeout=600,
                          env={**os.environ, "BUTTRESS_INSTRUCTION_SET": name}, check=False)


def read_columns(path):
    lines = path.read_text().splitlines()
    start = lines.index("endheader") + 1
    rows = [[float(word) for word in line.split("\t")] for line in lines[start + 1:] if line.strip()]
    return lines[start].split("\t"), list(zip(*rows))


def find_step(path):
    """the size of the last digit that the table's numbers are written with, relative to a number"""
    words = [word for line in path.read_text().splitlines()[-5:] for word in line.split("\t")]
    return 10.0 ** -(max(len(word.lstrip("-0.").replace(".", "").split("e")[0]) for word in words) - 1)


class InstructionSets(unittest.TestCase):
    def test_a_movement_is_the_same_under_every_set(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            done = []
            for name, shown in SETS.items():
                result = run(folder, name, "simulate", "squat", "--out", name)
                if result.returncode == 1 and "CLI-003" in result.stderr:
                    print(f"{name} is not on this processor")
                    continue
                self.assertEqual(result.returncode, 0, result.stderr)
                record = json.loads((folder / name / "run.json").read_text())
                self.assertEqual(record["engine"]["instruction_set"], shown)
                done.append(name)
            self.assertEqual(done[0], "baseline")
            tables = sorted(path.name for path in (folder / "baseline").glob("*.sto"))
            self.assertGreater(len(tables), 3)
            for name in done[1:]:
                for table in tables:
                    labels, expected = read_columns(folder / "baseline" / table)
                    _, found = read_columns(folder / name / table)
                    step = find_step(folder / "baseline" / table)
                    for label, a, b in zip(labels, expected, found):
                        largest = max(1.0, max(map(abs, a)))
                        worst = max(abs(x - y) for x, y in zip(a, b))
                        self.assertLessEqual(worst, max(1e-9, 2 * step) * largest, f"{name}: {table}, {label}")

    def test_a_set_that_nobody_knows_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("sse", "AVX2", "avx512f"):
                result = run(folder, name, "movements")
                self.assertEqual(result.returncode, 1)
                self.assertIn("error CLI-003", result.stderr)
                self.assertIn(name, result.stderr)
                self.assertIn("baseline, avx2 or avx512", result.stderr)
                self.assertEqual(result.stdout, "")
            self.assertEqual(run(folder, "", "movements").returncode, 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--buttress", required=True)
    given, rest = parser.parse_known_args()
    BUTTRESS = str(Path(given.buttress).resolve())
    unittest.main(argv=[sys.argv[0], *rest])
