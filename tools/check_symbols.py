#!/usr/bin/env python3
"""No file that is compiled for a wider instruction set (AVX2, AVX-512) shares code with files for the baseline.

    tools/check_symbols.py BUILD_FOLDER

The linker keeps one copy of an inline function or an instance of a template, whichever file it comes from, the standard
library's included; a copy from a wider file would end the program on an older processor. So no symbol that the linker
may take from several files (weak, or unique) may be defined both in an object for a wider set and in any other object
of another set. cmake/ButtressTargets.cmake names them apart.
"""
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

SETS = {"3": "avx2", "4": "avx512"}  # of -march=x86-64-vN


def list_objects(build):
    """[(object, avx2 | avx512 | baseline)] of all that is linked, by the commands that compile it"""
    objects = []
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = Path(entry["directory"]) / re.search(r" -o (\S+)", entry["command"]).group(1)
        march = re.search(r"-march=x86-64-v(\d)", entry["command"])
        kind = SETS[march.group(1)] if march else "baseline"
        # target_name_avx2.dir holds the object before its symbols are named, target_wide the one that is linked
        folder = next((p for p in path.parents if p.name.endswith(".dir")), path.parent)
        name = Path(entry["file"]).stem
        if kind != "baseline" and folder.name.endswith(f"_{name}.dir"):
            target = folder.name.removesuffix(f"_{name}.dir")
            path = folder.parent.parent / f"{target}_wide" / f"{name}.o"
        if path.exists():
            objects.append((path, kind))
    return objects


def read_symbols(path):
    """(shared, all): names that are defined so that the linker may take them from another file, and all defined ones"""
    output = subprocess.run(["nm", "--defined-only", "--extern-only", "--format=posix", path], capture_output=True,
                            text=True, check=True).stdout
    kinds = dict(line.split()[:2] for line in output.splitlines() if line)
    return {name for name, kind in kinds.items() if kind in "WVu"}, set(kinds)


def check(build):
    objects = [(path, kind, *read_symbols(path)) for path, kind in list_objects(build)]
    owners = defaultdict(list)
    for path, kind, _, defined in objects:
        for name in defined:
            owners[name].append((kind, path))
    wide = [item for item in objects if item[1] != "baseline"]
    faults = []
    for path, kind, shared, _ in wide:
        for name in sorted(shared):
            others = [other for other_kind, other in owners[name] if other_kind != kind]
            if others:
                faults.append(f"{path.relative_to(build)} shares {name} with {others[0].relative_to(build)}")
    return wide, faults


def main():
    build = Path(sys.argv[1]).resolve()
    wide, faults = check(build)
    for fault in faults:
        print(fault)
    if not wide:
        print(f"no object for a wider instruction set below {build}")
    else:
        print(f"{len(wide)} objects for wider instruction sets, {len(faults)} symbols shared with others")
    return 1 if faults or not wide else 0


if __name__ == "__main__":
    sys.exit(main())
