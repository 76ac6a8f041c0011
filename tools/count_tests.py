#!/usr/bin/env python3
"""count_tests.py FOLDER: how many tests passed, failed and were skipped, from the records that ctest and GoogleTest left.

FOLDER holds ctest.xml (ctest --output-junit) and NAME_test.xml for each test NAME that is a GoogleTest program
(GTEST_OUTPUT=xml:FOLDER/). A program's single tests count, not the program; a program that left no record (a script, or
one that crashed) counts once, as ctest saw it. Prints "PASSED FAILED SKIPPED", then a line for each reason to skip:
"REASON (N tests: first, ...)".
"""
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def read_googletest(path):
    """[(name, "passed" | "failed" | "skipped", reason)] of one program's record"""
    tests = []
    for test in ElementTree.parse(path).getroot().iter("testcase"):
        name = f"{test.get('classname')}.{test.get('name')}"
        skipped = test.find("skipped")
        if test.find("failure") is not None:
            tests.append((name, "failed", ""))
        elif skipped is not None:
            # the first line of the message is the place in the source
            tests.append((name, "skipped", skipped.get("message", "").split("\n", 1)[-1].strip()))
        elif test.get("status") == "notrun":
            tests.append((name, "skipped", "disabled"))
        else:
            tests.append((name, "passed", ""))
    return tests


def read_ctest(folder):
    """the same for all that ctest ran, each program by its own record where it left one"""
    tests = []
    for case in ElementTree.parse(folder / "ctest.xml").getroot().iter("testcase"):
        name, status = case.get("name"), case.get("status")
        record = folder / f"{name}_test.xml"
        if record.exists():
            inner = read_googletest(record)
            tests += inner
            # it failed though none of its tests did: crashed at the end, or leaked
            if status == "fail" and not any(result == "failed" for _, result, _ in inner):
                tests.append((name, "failed", ""))
        elif status in ("run", "fail"):
            tests.append((name, "passed" if status == "run" else "failed", ""))
        else:
            skipped = case.find("skipped")
            tests.append((name, "skipped", skipped.get("message", "") if skipped is not None else status))
    return tests


def describe(tests):
    """the lines to print"""
    count = Counter(result for _, result, _ in tests)
    reasons = {}
    for name, result, reason in tests:
        if result == "skipped":
            reasons.setdefault(reason, []).append(name)
    lines = [f"{count['passed']} {count['failed']} {count['skipped']}"]
    for reason, names in reasons.items():
        shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
        lines.append(f"{reason} ({len(names)} test{'s' if len(names) > 1 else ''}: {shown})")
    return lines


if __name__ == "__main__":
    print("\n".join(describe(read_ctest(Path(sys.argv[1])))))
