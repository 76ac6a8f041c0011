#!/usr/bin/env python3
"""docs/validation.md shows what `buttress validate` gives, twice the same.

  validation_page_test.py --buttress PATH

Runs the program twice, with one thread and with all, into temporary folders: page, plots and record must have the same
bytes. Then compares them with what is committed in docs/. There, a number may differ by one unit of its last digit: another
processor rounds some sums the other way, and that is enough to turn a digit that is printed.
Last, what every result of `simulate` and README.md say about the agreement with people must be what the comparison gives.
After a change of the body, a movement or the evidence run `./run validate` and read the difference before committing it.
"""
import argparse
import difflib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
README = DOCS.parent / "README.md"
BEGIN, END = "<!-- buttress validate: begin -->", "<!-- buttress validate: end -->"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def run(buttress, folder, threads):
    """name -> text of every file that the program writes"""
    command = [buttress, "validate", "--out", str(folder), "--threads", str(threads)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if result.returncode:
        raise RuntimeError(f"{' '.join(command)}\nexit code {result.returncode}\n{result.stderr}")
    return read_files(folder)


def find_section(page):
    return page[page.index(BEGIN):page.index(END) + len(END)]


def read_files(folder):
    files = {"validation.md": find_section((folder / "validation.md").read_text(encoding="utf-8"))}
    for path in sorted((folder / "validation").iterdir()):
        files[path.name] = path.read_text(encoding="utf-8")
    return files


def is_near(a, b):
    """equal but for one unit of the last digit that both show, or six digits"""
    if a == b:
        return True
    if "e" in a + b:
        return abs(float(a) - float(b)) <= 1e-5 * abs(float(b))
    decimals = max(len(n.partition(".")[2]) for n in (a, b))
    return abs(float(a) - float(b)) <= max(1.0001 * 10.0 ** -decimals if decimals or "." not in a + b else 0,
                                           1e-5 * abs(float(b)))


def same_but_for_rounding(a, b):
    if a == b:
        return True
    if NUMBER.sub("#", a) != NUMBER.sub("#", b):
        return False
    return all(is_near(x, y) for x, y in zip(NUMBER.findall(a), NUMBER.findall(b)))


def find_differences(committed, fresh, same):
    """what differs between two sets of files, as sentences and lines"""
    found = [f"{name} is missing" for name in fresh if name not in committed]
    found += [f"{name} is committed, but not made any more" for name in committed if name not in fresh]
    for name in sorted(set(fresh) & set(committed)):
        old, new = committed[name].splitlines(), fresh[name].splitlines()
        if len(old) == len(new) and all(same(a, b) for a, b in zip(old, new)):
            continue
        found += list(difflib.unified_diff(old, new, f"docs: {name}", "buttress validate", lineterm="", n=0))[:30]
    return found


def find_ratio_range(record, quantity, movements=""):
    """smallest and largest computed / measured of a quantity's counted rows, as printed: one digit"""
    ratios = [row["computed"] / row["measured"] for row in record["quantities"][quantity]["rows"]
              if row["counts"] and row["movement"].startswith(movements)]
    return f"{min(ratios):.1f}", f"{max(ratios):.1f}"


def find_stale_words(buttress, record):
    """what every result and the README say about the agreement with people must be what the comparison gives"""
    result = subprocess.run([buttress, "simulate", "quiet_standing"], capture_output=True, text=True, timeout=60).stdout
    found = []
    for where, text in (("data/words/en.json", result), ("README.md", README.read_text(encoding="utf-8"))):
        for words, quantity, movements in (("peak hip loads are", "hip_contact", ""), ("peak knee loads", "knee_contact", ""),
                                           ("lifting loads the spine", "disc_pressure", "lift_")):
            said = re.search(words + r" ([\d.]+) to ([\d.]+)", " ".join(text.split()))
            is_now = find_ratio_range(record, quantity, movements)
            if not said or not all(is_near(a, b) for a, b in zip(said.groups(), is_now)):
                found.append(f"{where} says of '{words}' {said and said.group()}, the comparison gives {is_now}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--buttress", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        first = run(options.buttress, Path(one), 1)
        second = run(options.buttress, Path(two), 2)
    differences = find_differences(first, second, lambda a, b: a == b)
    if differences:
        print("two runs differ:", *differences, sep="\n")
        return 1
    differences = find_differences(read_files(DOCS), first, same_but_for_rounding)
    if differences:
        print("docs/validation.md is not what the program gives; ./run validate brings it up to date:", *differences, sep="\n")
        return 1
    stale = find_stale_words(options.buttress, json.loads(first["validation.json"]))
    if stale:
        print(*stale, sep="\n")
        return 1
    print(f"docs/validation.md and {len(first) - 1} files beside it are what the program gives, twice the same")
    return 0


if __name__ == "__main__":
    sys.exit(main())
