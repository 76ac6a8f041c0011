#!/usr/bin/env python3
"""Holds the house to its plan: check_layers.py [ROOT]

- a folder of src/ includes only itself and the folders before it in LAYERS;
- includes are written from src/ ("model/model.h") and name files that exist;
- numbers are read and written whatever the locale: base/decimal.h, fmt and std::from_chars, not strtod and its kin;
- Simbody and GoogleTest, which belong to the tests, are not seen by the product;
- no folder holds more than LARGEST_SHARE of the code, tests not counted: a room that grows past it wants to be two;
- every folder has a README.md.
Prints file:line for each offence and exits 1 if there was one. Lists files over 600 lines without failing.
"""
import re
import sys
from pathlib import Path

# lowest first; CMakeLists.txt and ARCHITECTURE.md hold the same order
LAYERS = ["base", "simd", "spatial", "numeric", "model", "multibody", "muscle", "recruit", "load", "motion", "io",
          "body", "movement", "track", "study", "validate", "view", "opensim", "app", "cli"]
TOP_FOLDERS = ["bench", "data", "docs", "examples", "fuzz", "tests", "tools"]
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
TEST_LIBRARIES = re.compile(r"^(gtest/|gmock/|Simbody|SimTK|simbody/)")
LOCALE_BOUND = re.compile(r"\b(strto(d|f|ld)|sto(d|f|ld)|atof|v?[fs]?n?scanf|v?sn?printf|setlocale|as_(double|float)|imbue)\s*\(")
LONG_FILE = 600
LARGEST_SHARE = 0.21


def find_sources(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in {".h", ".inl", ".cpp"})


def is_test(path):
    return path.stem.endswith(("_test", "_testing"))


def check_file(root, path, layer):
    """offences of one source file of a layer, as 'file:line: sentence'"""
    offences = []
    allowed = LAYERS[:LAYERS.index(layer) + 1]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        bound = LOCALE_BOUND.search(line.split("//")[0])
        if bound and not is_test(path):
            offences.append(f"{path.relative_to(root)}:{number}: {bound.group(1)} follows the locale, under many of which "
                            "0.12 reads as 0; use base/decimal.h or fmt")
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, name = match.groups()
        where = f"{path.relative_to(root)}:{number}"
        if quote == "<":
            if TEST_LIBRARIES.match(name) and not is_test(path):
                offences.append(f"{where}: <{name}> belongs to tests (*_test.cpp), not to the product")
            continue
        target = name.split("/")[0]
        if "/" not in name or target not in LAYERS:
            offences.append(f'{where}: "{name}" is not written from src/, as "folder/file.h"')
        elif target not in allowed:
            offences.append(f'{where}: {layer} must not see {target}: includes go down only ({" ".join(LAYERS)})')
        elif not (root / "src" / name).exists() and not (root / "src" / f"{name}.in").exists():
            offences.append(f'{where}: src/{name} does not exist')
    return offences


def check_shares(root):
    """rooms that hold too much of the code"""
    lines = {layer: sum(len(p.read_text(encoding="utf-8").splitlines()) for p in find_sources(root / "src" / layer)
                        if not is_test(p)) for layer in LAYERS if (root / "src" / layer).is_dir()}
    whole = sum(lines.values())
    return [f"src/{layer}: {count} of {whole} lines, {count / whole:.1%}; up to {LARGEST_SHARE:.0%} is allowed"
            for layer, count in lines.items() if len(lines) > 5 and count > LARGEST_SHARE * whole]


def check(root):
    offences = check_shares(root)
    for folder in sorted(p for p in (root / "src").iterdir() if p.is_dir()):
        if folder.name not in LAYERS:
            offences.append(f"src/{folder.name}: not a layer; give it a place in {Path(__file__).name}, CMakeLists.txt "
                            "and ARCHITECTURE.md, with a decision record")
            continue
        if not (folder / "README.md").exists():
            offences.append(f"src/{folder.name}: README.md is missing (what belongs here, what does not, where to start)")
        for path in find_sources(folder):
            offences += check_file(root, path, folder.name)
    for name in TOP_FOLDERS:
        folder = root / name
        if folder.is_dir() and any(p.is_file() for p in folder.rglob("*")) and not (folder / "README.md").exists():
            offences.append(f"{name}: README.md is missing (what belongs here, what does not, where to start)")
    return offences


def main():
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    for path in find_sources(root / "src"):
        length = len(path.read_text(encoding="utf-8").splitlines())
        if length > LONG_FILE:
            print(f"note: {path.relative_to(root)} has {length} lines; aim for 300")
    offences = check(root)
    print("\n".join(offences) if offences else "includes go one way, every folder has its README")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
