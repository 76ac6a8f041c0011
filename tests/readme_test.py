#!/usr/bin/env python3
"""README.md does what it says: its example prints what it shows, and every other command in it runs.

  readme_test.py --buttress PATH            run all, compare the example, exit 1 on a difference
  readme_test.py --buttress PATH --example  the example alone
  readme_test.py --buttress PATH --update   run the example and write what it prints into README.md (then read the diff)

The example is the fenced block after the comment <!-- example: tests/readme_test.py -->. A line `$ ./run ARGUMENTS` is
run as `buttress ARGUMENTS` in a temporary folder; the lines under it are its standard output. Lines are compared exactly
but for the width of blanks. The line `...` stands for any lines, so that a long table can be cut; it is the only
placeholder, and a command must print at least one line that is compared.

The other commands are those in backquotes that begin with ./run. Each is run in a folder of its own where only data/ and
examples/ can be seen; it must end with exit code 0, print a result, warn of nothing, and write into results/ if it names it.
"""
import argparse
import difflib
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
BLOCK = re.compile(r"(<!-- example: tests/readme_test\.py -->\n```console\n)(.*?)(```\n)", re.S)
PROMPT = "$ ./run"
COMMAND = re.compile(r"`(\./run[^`]*)`")


def parse(block):
    """text of the block -> [(command line, [expected lines])]"""
    steps = []
    for line in block.splitlines():
        if line.startswith(PROMPT):
            steps.append((line, []))
        elif steps:
            steps[-1][1].append(line)
        else:
            raise ValueError(f"the example must start with '{PROMPT}', not '{line}'")
    return steps


def run(buttress, command, folder):
    """standard output lines of one command of the example; raises RuntimeError when it fails"""
    arguments = shlex.split(command[len(PROMPT):]) or ["demo"]
    result = subprocess.run([buttress, *arguments], cwd=folder, capture_output=True, text=True, timeout=300)
    if result.returncode:
        raise RuntimeError(f"{command}\nexit code {result.returncode}\n{result.stderr}")
    return result.stdout.splitlines()


def find_commands(text):
    """the commands in backquotes, without those that only name the script: `./run`"""
    return [command for command in COMMAND.findall(text) if len(command.split()) > 1]


def find_faults(buttress, command):
    """sentences on what is wrong with a command when it is run as it stands; empty when nothing is"""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("data", "examples"):
            os.symlink(README.parent / name, Path(folder) / name)
        (Path(folder) / "docs/images").mkdir(parents=True)
        result = subprocess.run([buttress, *shlex.split(command)[1:]], cwd=folder, capture_output=True, text=True, timeout=600)
        faults = []
        if result.returncode:
            faults.append(f"exit code {result.returncode}")
        if not result.stdout.strip():
            faults.append("it prints no result")
        for target in (word for word in command.split() if word.startswith("results/")):
            if not list((Path(folder) / target).glob("*")):
                faults.append(f"nothing was written into {target}")
        if re.search(r": (warning|error) ", result.stderr):
            faults.append(f"it complains:\n{result.stderr}")
        return [f"{command}: {fault}" for fault in faults]


def squeeze(line):
    return " ".join(line.split())


def matches(expected, actual):
    """true when actual is expected, where `...` stands for any lines"""
    if not expected:
        return not actual
    if expected[0] == "...":
        return any(matches(expected[1:], actual[i:]) for i in range(len(actual) + 1))
    return bool(actual) and expected[0] == actual[0] and matches(expected[1:], actual[1:])


def find_differences(command, expected, actual):
    """sentences on what differs; empty when the output is as the README shows"""
    expected = [squeeze(line) for line in expected if line.strip()]
    actual = [squeeze(line) for line in actual if line.strip()]
    if not [line for line in expected if line != "..."]:
        return [f"{command}: the README shows no line of output to compare"]
    if matches(expected, actual):
        return []
    return [command, *difflib.unified_diff(expected, actual, "README.md", "buttress", lineterm="")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--buttress", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--example", action="store_true")
    options = parser.parse_args()
    buttress = os.path.abspath(options.buttress)

    text = README.read_text(encoding="utf-8")
    block = BLOCK.search(text)
    if not block:
        print("README.md has no example marked <!-- example: tests/readme_test.py -->")
        return 1
    differences, fresh = [], ""
    with tempfile.TemporaryDirectory() as folder:
        for command, expected in parse(block.group(2)):
            actual = run(buttress, command, folder)
            differences += find_differences(command, expected, actual)
            fresh += "\n".join([command, *(line.rstrip() for line in actual)]) + "\n"
    if options.update:
        README.write_text(text[:block.start(2)] + fresh + text[block.end(2):], encoding="utf-8")
        print("README.md now shows what the example prints; read the difference before you commit it")
        return 0
    if not options.example:
        commands = find_commands(text)
        if len(commands) < 10:
            differences.append("README.md shows few commands in backquotes: is its table still read rightly?")
        for command in commands:
            differences += find_faults(buttress, command)
    print("\n".join(differences) if differences else "README.md does what it says")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
