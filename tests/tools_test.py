#!/usr/bin/env python3
"""The checks that guard the house must themselves fail when they should: each is shown a small house with one fault."""
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def load(path):
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check_layers = load("tools/check_layers.py")
check_errors_doc = load("tools/check_errors_doc.py")
count_tests = load("tools/count_tests.py")
check_symbols = load("tools/check_symbols.py")
readme_test = load("tests/readme_test.py")


class House(unittest.TestCase):
    """a temporary repository with two sound folders"""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)
        for name in ["base", "model"]:
            self.write(f"src/{name}/README.md", "what belongs here")
        self.write("src/base/assert.h", "#pragma once\n#include <cstdio>\n")
        self.write("src/model/model.h", '#pragma once\n#include "base/assert.h"\n')
        self.write("docs/README.md", "what belongs here")
        self.write("docs/errors.md", "| id | meaning | what to do |\n|---|---|---|\n")

    def write(self, path, text):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def assert_one_offence(self, offences, *words):
        self.assertEqual(len(offences), 1, offences)
        for word in words:
            self.assertIn(word, offences[0])


class Layers(House):
    def test_a_sound_house_has_no_offence(self):
        self.assertEqual(check_layers.check(self.root), [])

    def test_an_include_upwards_is_named_with_file_and_line(self):
        self.write("src/base/table.h", '#pragma once\n\n#include "model/model.h"\n')
        self.assert_one_offence(check_layers.check(self.root), "src/base/table.h:3", "base must not see model")

    def test_tests_obey_the_direction_too(self):
        self.write("src/base/table_test.cpp", '#include <gtest/gtest.h>\n#include "model/model.h"\n')
        self.assert_one_offence(check_layers.check(self.root), "src/base/table_test.cpp:2")

    def test_an_include_beside_itself_without_folder_is_refused(self):
        self.write("src/model/compile.h", '#include "model.h"\n')
        self.assert_one_offence(check_layers.check(self.root), "src/model/compile.h:1", "not written from src/")

    def test_an_include_of_a_missing_file_is_refused(self):
        self.write("src/model/compile.h", '#include "base/absent.h"\n')
        self.assert_one_offence(check_layers.check(self.root), "src/base/absent.h does not exist")

    def test_simbody_stays_out_of_the_product(self):
        self.write("src/model/compile.cpp", "#include <Simbody.h>\n")
        self.write("src/model/compile_test.cpp", "#include <Simbody.h>\n")
        self.assert_one_offence(check_layers.check(self.root), "src/model/compile.cpp:1", "Simbody.h")

    def test_numbers_that_follow_the_locale_are_refused_outside_of_tests(self):
        for call in ("std::strtod(text, nullptr)", "std::stod(text)", "sscanf(text, format, &x)", "snprintf(out, 9, format, x)",
                     "node.as_double()"):
            self.write("src/base/number.cpp", f"double x = {call};  // strtod(\n")
            self.assertIn("src/base/number.cpp:1:", check_layers.check(self.root)[0], call)
        self.write("src/base/number.cpp", "// strtod(text) reads a comma\nint stodgy(int);\n")
        self.write("src/base/number_test.cpp", "double x = strtod(text, nullptr);\n")
        self.assertEqual(check_layers.check(self.root), [])

    def test_a_folder_without_readme_and_an_unknown_folder_are_named(self):
        self.write("src/muscle/path.h", "#pragma once\n")
        self.assert_one_offence(check_layers.check(self.root), "src/muscle", "README.md is missing")
        self.write("src/muscle/README.md", "what belongs here")
        self.write("src/utils/README.md", "what belongs here")
        self.assert_one_offence(check_layers.check(self.root), "src/utils", "not a layer")


class ErrorsDocument(House):
    ROW = "| MODEL-001 | two bodies share a name | rename one |\n"

    def test_an_id_with_its_row_is_in_order(self):
        self.write("src/model/compile.cpp", 'd.error("MODEL-001", file, line, "x");\n')
        self.write("docs/errors.md", self.ROW)
        self.assertEqual(check_errors_doc.check(self.root), [])

    def test_an_id_without_row_is_named_with_its_place(self):
        self.write("src/model/compile.cpp", '\nd.error("MODEL-001", file, line, "x");\n')
        self.assert_one_offence(check_errors_doc.check(self.root), "src/model/compile.cpp:2", "MODEL-001 has no row")

    def test_a_row_without_id_is_refused(self):
        self.write("docs/errors.md", self.ROW)
        self.assert_one_offence(check_errors_doc.check(self.root), "docs/errors.md:1", "not in the source")

    def test_ids_of_test_files_and_comments_do_not_count(self):
        self.write("src/model/compile_test.cpp", '"MODEL-001"\n')
        self.write("src/model/compile.h", 'int line;  ///< of "MODEL-001"\n')
        self.assertEqual(check_errors_doc.check(self.root), [])

    def test_a_second_row_and_an_empty_cell_are_refused(self):
        self.write("src/model/compile.cpp", '"MODEL-001"\n')
        self.write("docs/errors.md", self.ROW + self.ROW)
        self.assert_one_offence(check_errors_doc.check(self.root), "docs/errors.md:2", "a row already, in line 1")
        self.write("docs/errors.md", "| MODEL-001 |  | rename one |\n")
        self.assert_one_offence(check_errors_doc.check(self.root), "docs/errors.md:1", "says nothing")


class CountTests(unittest.TestCase):
    """records as ctest 3.25 and GoogleTest 1.12 write them"""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write_ctest(self, **status_of_name):
        cases = "".join(f'<testcase name="{name}" status="{status}"/>' for name, status in status_of_name.items())
        (self.folder / "ctest.xml").write_text(f"<testsuite>{cases}</testsuite>", encoding="utf-8")

    def write_program(self, name, cases):
        text = f"<testsuites><testsuite>{cases}</testsuite></testsuites>"
        (self.folder / f"{name}_test.xml").write_text(text, encoding="utf-8")

    def describe(self):
        return count_tests.describe(count_tests.read_ctest(self.folder))

    def test_single_tests_count_and_skips_give_their_reason(self):
        self.write_ctest(io="run", tools="run", bad_input="fail")
        skip = '<testcase classname="A" name="{}"><skipped message="a_test.cpp:2&#x0A;no data here"/></testcase>'
        self.write_program("io", '<testcase classname="A" name="passes" status="run"/>' + skip.format("b") + skip.format("c"))
        self.assertEqual(self.describe(), ["2 1 2", "no data here (2 tests: A.b, A.c)"])

    def test_a_program_that_fails_without_a_failing_test_still_fails(self):
        self.write_ctest(io="fail", model="fail")
        self.write_program("io", '<testcase classname="A" name="passes" status="run"/>')
        self.write_program("model", '<testcase classname="A" name="fails" status="run"><failure/></testcase>')
        self.assertEqual(self.describe(), ["1 2 0"])

    def test_a_program_that_crashed_and_one_that_was_not_run_are_seen(self):
        self.write_ctest(io="fail", model="notrun")
        self.assertEqual(self.describe(), ["0 1 1", "notrun (1 test: model)"])


class SkippedTests(unittest.TestCase):
    def test_reasons_are_those_of_the_one_helper(self):
        reasons = set(re.findall(r"\bk\w+(?= =)", (ROOT / "src/base/skips_testing.h").read_text()))
        count = 0
        for folder in ("src", "tests"):
            for path in [p for end in ("*.cpp", "*.h") for p in (ROOT / folder).rglob(end)]:
                for reason in re.findall(r"GTEST_SKIP\(\)\s*<<\s*([^;\n]*)", path.read_text(encoding="utf-8")):
                    self.assertIn(reason.strip(), reasons, path)
                    count += 1
        self.assertGreater(count, 20)


class ReadmeExample(unittest.TestCase):
    def test_equal_output_passes_whatever_the_blanks(self):
        self.assertEqual(readme_test.find_differences("$ ./run", ["a  1", "b 2"], ["a 1  ", "", "b   2"]), [])

    def test_dots_stand_for_any_lines(self):
        self.assertEqual(readme_test.find_differences("$ ./run", ["a", "...", "d"], ["a", "b", "c", "d"]), [])
        self.assertEqual(readme_test.find_differences("$ ./run", ["a", "..."], ["a"]), [])

    def test_another_digit_or_a_missing_line_fails(self):
        self.assertTrue(readme_test.find_differences("$ ./run", ["a 1.0"], ["a 1.1"]))
        self.assertTrue(readme_test.find_differences("$ ./run", ["a", "...", "d"], ["a", "b"]))
        self.assertTrue(readme_test.find_differences("$ ./run", ["a"], ["a", "b"]))

    def test_an_example_that_compares_nothing_fails(self):
        self.assertTrue(readme_test.find_differences("$ ./run", ["..."], ["a"]))


@unittest.skipUnless(shutil.which("c++") and shutil.which("nm"), "no compiler")
class Symbols(House):
    """two files with the same inline function, of which one counts as compiled for AVX2"""

    def compile(self, renamed):
        commands = []
        for name, options in (("plain", ""), ("wide_avx2", "-march=x86-64-v3")):
            self.write(f"{name}.cpp", f"inline double twice(double x) {{ return 2 * x; }}\ndouble {name}() {{ return twice(3); }}")
            folder = "lib_wide_avx2.dir" if options else "lib.dir"
            self.write(f"CMakeFiles/{folder}/placeholder", "")
            output = f"CMakeFiles/{folder}/{name}.o"
            subprocess.run(["c++", "-O0", "-c", f"{name}.cpp", "-o", output], cwd=self.root, check=True)
            commands.append({"directory": str(self.root), "file": f"{name}.cpp",
                             "command": f"c++ {options} -o {output} -c {name}.cpp"})
        self.write("compile_commands.json", json.dumps(commands))
        self.write("lib_wide/placeholder", "")
        rename = ["objcopy", "--redefine-sym", "_Z5twiced=_Z5twiced.avx2"] if renamed else ["cp"]
        subprocess.run([*rename, "CMakeFiles/lib_wide_avx2.dir/wide_avx2.o", "lib_wide/wide_avx2.o"], cwd=self.root,
                       check=True)

    def test_a_function_that_the_linker_would_share_is_named(self):
        self.compile(renamed=False)
        wide, faults = check_symbols.check(self.root)
        self.assertEqual(len(wide), 1)
        self.assert_one_offence(faults, "lib_wide/wide_avx2.o shares _Z5twiced", "plain.o")

    def test_symbols_of_their_own_are_no_offence(self):
        self.compile(renamed=True)
        wide, faults = check_symbols.check(self.root)
        self.assertEqual((len(wide), faults), (1, []))


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
