#!/usr/bin/env python3
"""Every diagnostic id of the source has its row in docs/errors.md, and every row an id in the source.

  check_errors_doc.py [ROOT]            compare; exits 1 and says what differs
  check_errors_doc.py --draft [ROOT]    print a row to fill in for each id that has none

An id is a whole string literal such as "OSIM-012" outside comments and test files. A row is `| OSIM-012 | meaning | what to do |`.
"""
import re
import sys
from pathlib import Path

ID = re.compile(r'"([A-Z]{2,}[A-Z0-9]*-\d{3})"')
NOT_AN_ID = {"AVX-512"}
ROW = re.compile(r"^\|\s*`?([A-Z]{2,}[A-Z0-9]*-\d{3})`?\s*\|([^|]*)\|([^|]*)\|\s*$")


def find_source_ids(root):
    """id -> 'file:line' of its first use"""
    ids = {}
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in {".h", ".inl", ".cpp"} or path.stem.endswith("_test"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for name in set(ID.findall(line.split("//")[0])) - NOT_AN_ID:
                ids.setdefault(name, f"{path.relative_to(root)}:{number}")
    return ids


def check(root):
    source = find_source_ids(root)
    offences, rows = [], {}
    for number, line in enumerate((root / "docs/errors.md").read_text(encoding="utf-8").splitlines(), 1):
        match = ROW.match(line)
        if not match:
            continue
        name, meaning, advice = (part.strip() for part in match.groups())
        where = f"docs/errors.md:{number}"
        if name in rows:
            offences.append(f"{where}: {name} has a row already, in line {rows[name]}")
        rows.setdefault(name, number)
        if not meaning or not advice:
            offences.append(f"{where}: {name} says nothing under 'meaning' or 'what to do'")
        if name not in source:
            offences.append(f"{where}: {name} is not in the source any more; ids are never used again for something else")
    for name, where in sorted(source.items()):
        if name not in rows:
            offences.append(f"{where}: {name} has no row in docs/errors.md")
    return offences


def main():
    arguments = [a for a in sys.argv[1:] if a != "--draft"]
    root = Path(arguments[0]).resolve() if arguments else Path(__file__).resolve().parent.parent
    if "--draft" in sys.argv[1:]:
        text = (root / "docs/errors.md").read_text(encoding="utf-8")
        for name, where in sorted(find_source_ids(root).items()):
            if not re.search(rf"^\|\s*{name}\s*\|", text, re.M):
                print(f"| {name} |  |  |    {where}")
        return 0
    offences = check(root)
    print("\n".join(offences) if offences else "every error id is documented")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
