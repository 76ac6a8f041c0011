#!/usr/bin/env python3
"""Fails when a C++ file of the repository is not laid out as .clang-format says. Repair: tools/check_format.py --fix"""
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ["src", "tests", "bench", "fuzz", "examples"]
ENDINGS = {".h", ".inl", ".cpp"}


def find_files():
    return sorted(p for folder in FOLDERS for p in (ROOT / folder).rglob("*") if p.suffix in ENDINGS)


def main():
    mode = ["-i"] if "--fix" in sys.argv[1:] else ["--dry-run", "-Werror"]
    return subprocess.run(["clang-format-14", "--style=file", *mode, *map(str, find_files())]).returncode


if __name__ == "__main__":
    sys.exit(main())
