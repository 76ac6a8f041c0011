#!/usr/bin/env python3
"""Checks data/muscle_groups.csv: every muscle of the models it is meant for falls in exactly one group.

    tools/check_muscle_groups.py [MODEL.osim | MODEL.xml | FOLDER]...

Without arguments: the built-in body and, when present, every model below ../shared/data. Exit code 1 when a muscle
falls in none or in several groups, or when a row fits nothing. The rules are those of data/README.md.
"""
import csv
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MUSCLE_CLASSES = re.compile(r"(Thelen2003|Millard2012\w*|DeGrooteFregly2016|Schutte1993|Delp1990|RigidTendon|Zajac)\w*Muscle"
                            r"(_Deprecated)?")
NOT_ANATOMY = {"muscle1"}  # a two-point muscle of a test mechanism, and OpenSim's <defaults> are not muscles of a body


def read_rules(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [(row["group"], re.compile(row["pattern"]), row["side"]) for row in csv.DictReader(file)]


def split_side(name):
    """("glmed1", "r") for glmed1_r, glmed1_R, r_glmed1, R_glmed1; no side mark: (name, "")."""
    found = re.fullmatch(r"(.+)_([rlRL])", name)
    if found:
        return found.group(1), found.group(2).lower()
    found = re.fullmatch(r"([rlRL])_(.+)", name)
    if found:
        return found.group(2), found.group(1).lower()
    return name, ""


def find_groups(rules, name):
    """[(group, side, index of the row)] of every row that fits the whole name."""
    bare, side = split_side(name)
    return [(group, fixed or side, i) for i, (group, pattern, fixed) in enumerate(rules) if pattern.fullmatch(bare)]


def read_muscle_names(path):
    data = path.read_bytes().decode("utf-8", errors="replace")
    # some models carry '::' in element names, which XML does not allow
    root = ElementTree.fromstring(re.sub(r"(</?\w+)::(\w+)", r"\1__\2", data))
    if root.tag.startswith("mujoco"):
        return [e.get("name") for e in root.iter("general") if e.get("name")]
    for defaults in list(root.iter("defaults")):
        defaults.clear()
    return [e.get("name") for e in root.iter() if MUSCLE_CLASSES.fullmatch(e.tag) and e.get("name") != "default"]


def list_models(arguments):
    if not arguments:
        arguments = [ROOT / "data" / "models" / "buttress_body.osim", ROOT.parent / "shared" / "data"]
    models = []
    for path in map(Path, arguments):
        if path.is_dir():
            models += sorted(p for p in path.rglob("*") if p.suffix == ".osim" or "mjcf" in str(p) and p.suffix == ".xml")
        elif path.exists():
            models.append(path)
    return models


def main():
    rules = read_rules(ROOT / "data" / "muscle_groups.csv")
    counts, used, faults = defaultdict(int), set(), []
    for path in list_models(sys.argv[1:]):
        try:
            names = read_muscle_names(path)
        except ElementTree.ParseError as error:
            print(f"{path}: not read, {error}")
            continue
        for name in names:
            if name in NOT_ANATOMY:
                continue
            found = find_groups(rules, name)
            used.update(i for _, _, i in found)
            if len({(group, side) for group, side, _ in found}) == 1:
                counts[found[0][0]] += 1
            else:
                faults.append(f"{path.name}: {name} falls in {', '.join(g for g, _, _ in found) or 'no group'}")
        print(f"{path.name}: {len(names)} muscles")
    faults = sorted(set(faults))
    for fault in faults:
        print(fault)
    if len(sys.argv) == 1 and (ROOT.parent / "shared" / "data").is_dir():
        for i, (group, pattern, _) in enumerate(rules):
            if i not in used:
                print(f"row {i + 2} ({group}, {pattern.pattern}) fits no muscle")
    print(", ".join(f"{group} {counts[group]}" for group in sorted(counts)))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
