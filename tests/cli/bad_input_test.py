#!/usr/bin/env python3
"""The program `buttress` and input that is not as it should be.

  bad_input_test.py --buttress PATH [-v] [TEST ...]

Every test writes a few small files into a fresh folder, spoils one of them, runs the program there, and looks at what a
user would see: the exit code (0 done, 1 the input is wrong, 2 the computation did not succeed, 64 wrong usage), the ids
of docs/errors.md with file and line on standard error, and nothing but results on standard output. A program that is
ended by a signal fails every test.
"""
import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BUTTRESS = None

# a forearm on a hinge that a muscle holds up, and a hand with a motor
MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<OpenSimDocument Version="40000">
<Model name="forearm">
<gravity>0 -9.80665 0</gravity>
<Ground name="ground"/>
<BodySet name="bodyset"><objects>
<Body name="forearm">
<mass>2</mass>
<mass_center>0.15 0 0</mass_center>
<inertia>0.01 0.02 0.02 0 0 0</inertia>
<WrapObjectSet><objects>
<WrapCylinder name="bone">
<translation>0.02 -0.2 0</translation>
<radius>0.01</radius>
<length>0.1</length>
</WrapCylinder>
</objects></WrapObjectSet>
</Body>
<Body name="hand">
<mass>0.5</mass>
<mass_center>0.05 0 0</mass_center>
<inertia>0.001 0.001 0.001 0 0 0</inertia>
</Body>
</objects></BodySet>
<JointSet name="jointset"><objects>
<PinJoint name="elbow">
<socket_parent_frame>/ground</socket_parent_frame>
<socket_child_frame>/bodyset/forearm</socket_child_frame>
<coordinates>
<Coordinate name="flexion">
<default_value>0</default_value>
</Coordinate>
</coordinates>
</PinJoint>
<PinJoint name="wrist">
<socket_parent_frame>wrist_in_forearm</socket_parent_frame>
<socket_child_frame>/bodyset/hand</socket_child_frame>
<coordinates>
<Coordinate name="wrist_flexion">
<default_value>0</default_value>
</Coordinate>
</coordinates>
<frames>
<PhysicalOffsetFrame name="wrist_in_forearm">
<socket_parent>/bodyset/forearm</socket_parent>
<translation>0.3 0 0</translation>
</PhysicalOffsetFrame>
</frames>
</PinJoint>
</objects></JointSet>
<ForceSet name="forceset"><objects>
<Thelen2003Muscle name="biceps">
<GeometryPath name="geometrypath">
<PathPointSet><objects>
<PathPoint name="origin">
<socket_parent_frame>/ground</socket_parent_frame>
<location>0 0.3 0</location>
</PathPoint>
<PathPoint name="insertion">
<socket_parent_frame>/bodyset/forearm</socket_parent_frame>
<location>0.04 0 0</location>
</PathPoint>
</objects></PathPointSet>
<PathWrapSet><objects>
<PathWrap name="over_bone">
<wrap_object>bone</wrap_object>
</PathWrap>
</objects></PathWrapSet>
</GeometryPath>
<max_isometric_force>3000</max_isometric_force>
<optimal_fiber_length>0.1</optimal_fiber_length>
<tendon_slack_length>0.2</tendon_slack_length>
</Thelen2003Muscle>
<CoordinateActuator name="wrist_motor">
<coordinate>wrist_flexion</coordinate>
<optimal_force>10</optimal_force>
</CoordinateActuator>
</objects></ForceSet>
</Model>
</OpenSimDocument>
"""

LOADS = """<?xml version="1.0" encoding="UTF-8"?>
<OpenSimDocument Version="40000">
<ExternalLoads name="loads">
<objects>
<ExternalForce name="bag">
<applied_to_body>hand</applied_to_body>
<force_expressed_in_body>ground</force_expressed_in_body>
<point_expressed_in_body>ground</point_expressed_in_body>
<force_identifier>bag_v</force_identifier>
<point_identifier>bag_p</point_identifier>
</ExternalForce>
</objects>
<datafile>bag.sto</datafile>
</ExternalLoads>
</OpenSimDocument>
"""


def make_table(columns, rows, degrees="no", extra=""):
    """text of a .sto file; rows begin with the time"""
    header = f"made by a test\nversion=1\nnRows={len(rows)}\nnColumns={len(columns) + 1}\n{extra}"
    if degrees:
        header += f"inDegrees={degrees}\n"
    lines = ["\t".join(["time", *columns])] + ["\t".join(f"{x:.6g}" for x in row) for row in rows]
    return header + "endheader\n" + "\n".join(lines) + "\n"


TIMES = [0.02 * i for i in range(21)]
MOTION_ROWS = [[t, 0.1 * t, 0.05 - 0.1 * t] for t in TIMES]
MOTION = make_table(["flexion", "wrist_flexion"], MOTION_ROWS)
BAG = make_table(["bag_vx", "bag_vy", "bag_vz", "bag_px", "bag_py", "bag_pz"],
                 [[t, 0, -10, 0, 0.35, 0, 0] for t in TIMES])
FORCES = make_table(["biceps", "wrist_motor"], [[t, 80, 0.3] for t in TIMES])

SETUP_ID = """<?xml version="1.0" encoding="UTF-8"?>
<OpenSimDocument Version="40000">
<InverseDynamicsTool name="id">
<model_file>arm.osim</model_file>
<results_directory>out</results_directory>
<time_range>0 0.4</time_range>
<forces_to_exclude>Muscles</forces_to_exclude>
<coordinates_file>lift.sto</coordinates_file>
<output_gen_force_file>inverse_dynamics.sto</output_gen_force_file>
</InverseDynamicsTool>
</OpenSimDocument>
"""


def make_analyze_setup(analysis):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OpenSimDocument Version="40000">
<AnalyzeTool name="arm">
<model_file>arm.osim</model_file>
<replace_force_set>false</replace_force_set>
<results_directory>out</results_directory>
<initial_time>0</initial_time>
<final_time>0.4</final_time>
<coordinates_file>lift.sto</coordinates_file>
<AnalysisSet name="Analyses">
<objects>
{analysis}
</objects>
</AnalysisSet>
</AnalyzeTool>
</OpenSimDocument>
"""


SETUP_SO = make_analyze_setup("<StaticOptimization name=\"so\">\n<on>true</on>\n</StaticOptimization>")
SETUP_JR = make_analyze_setup("""<JointReaction name="jr">
<on>true</on>
<forces_file>forces.sto</forces_file>
<joint_names>elbow</joint_names>
<apply_on_bodies>child</apply_on_bodies>
<express_in_frame>ground</express_in_frame>
</JointReaction>""")

MESSAGE = re.compile(r"^(?:(?P<file>[^\s].*?)(?::(?P<line>\d+))?: )?(?P<severity>error|warning|note) "
                     r"(?P<id>[A-Z][A-Z0-9]*-\d{3}): (?P<text>.*)$")


def line_of(text, needle, nth=1):
    """1-based number of the nth line that holds needle"""
    found = [i for i, line in enumerate(text.splitlines(), 1) if needle in line]
    return found[nth - 1]


def spoil(text, old, new, count=1):
    """text with the first `old` replaced; it must be there, or the test would test nothing"""
    if old not in text:
        raise AssertionError(f"'{old}' is not in the text to spoil")
    return text.replace(old, new, count)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="buttress-bad-input-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        for name, text in {"arm.osim": MODEL, "lift.sto": MOTION, "bag.xml": LOADS, "bag.sto": BAG,
                           "forces.sto": FORCES, "id.xml": SETUP_ID, "so.xml": SETUP_SO, "jr.xml": SETUP_JR}.items():
            self.write(name, text)

    def write(self, name, content):
        if isinstance(content, bytes):
            (self.folder / name).write_bytes(content)
        else:
            (self.folder / name).write_text(content, encoding="utf-8")

    def run_raw(self, *arguments, environment=None):
        limit = getattr(self, "limit", None)
        return subprocess.run([BUTTRESS, *arguments], cwd=self.folder, capture_output=True, timeout=120,
                              env={**os.environ, **(environment or {})},
                              preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))) if limit
                              else None)

    def run_program(self, *arguments, environment=None):
        """runs, checks what holds for every run, and keeps messages and output"""
        result = self.run_raw(*arguments, environment=environment)
        self.code = result.returncode
        self.out = result.stdout.decode("utf-8", "replace")
        self.err = result.stderr.decode("utf-8", "replace")
        self.assertGreaterEqual(self.code, 0, f"ended by a signal\n{self.err}")
        self.assertNotIn("terminate called", self.err)
        self.assertNotIn("internal error", self.err)
        self.messages = [m.groupdict() for m in map(MESSAGE.match, self.err.splitlines()) if m]
        said = [tuple(m.values()) for m in self.messages]
        self.assertEqual([m for m in said if said.count(m) > 1], [], "the same message comes twice")
        return self.code

    def analyze(self, *options, model="arm.osim", motion="lift.sto"):
        return self.run_program("analyze", model, motion, "--out", "out", *options)

    def has(self, id_, file=None, line=None, severity="error", says=""):
        """true when a message of that id stands there; checks every detail that is given"""
        for m in self.messages:
            if (m["id"] == id_ and m["severity"] == severity and says in m["text"] and
                    (file is None or m["file"] == file) and (line is None or m["line"] == str(line))):
                return
        self.fail(f"no {severity} {id_} at {file}:{line} that says '{says}' in\n{self.err}")

    def fails_with(self, id_, file=None, line=None, says=""):
        """exit code 1, that error, and nothing on standard output"""
        self.assertEqual(self.code, 1, self.err)
        self.has(id_, file, line, says=says)
        self.assertEqual(self.out, "")

    def works(self):
        self.assertEqual(self.code, 0, self.err)
        self.assertEqual([m for m in self.messages if m["severity"] == "error"], [])


class Sound(Case):
    """without a fault every request works, or the other tests would prove nothing"""

    def test_analyze(self):
        self.analyze("--loads", "bag.xml")
        self.works()
        self.assertEqual(self.out, "out/report.html\n")
        for name in ("report.html", "run.json", "whole_activation.sto", "whole_force.sto", "whole_joint_loads.sto",
                     "joint_moments.sto"):
            self.assertTrue((self.folder / "out" / name).stat().st_size > 0, name)

    def test_tools(self):
        for setup in ("id.xml", "so.xml", "jr.xml"):
            self.run_program("run-tool", setup)
            self.works()
            for line in self.out.splitlines():
                self.assertTrue((self.folder / line).is_file(), f"{setup} says it wrote {line}")
            self.assertIn("out/run.json", self.out)


class ResultFolders(Case):
    def list(self):
        return sorted(p.name for p in (self.folder / "out").iterdir())

    def test_a_second_run_leaves_nothing_of_the_first_beside_it(self):
        self.analyze("--strength", "biceps=0.5")
        self.works()
        self.assertIn("weakened_force.sto", self.list())
        self.write("out/mine.sto", MOTION)
        self.analyze()
        self.works()
        self.has("APP-003", "out", severity="note", says="weakened_force.sto")
        files = json.loads((self.folder / "out/run.json").read_text())["files"]
        self.assertEqual(self.list(), sorted([f["file"] for f in files] + ["run.json", "mine.sto"]))

    def test_tools_of_one_folder_leave_one_another_alone(self):
        for setup in ("id.xml", "so.xml", "id.xml", "so.xml", "jr.xml"):
            self.run_program("run-tool", setup)
            self.works()
            self.assertNotIn("APP-003", self.err)
        self.assertIn("inverse_dynamics.sto", self.list())

    def test_what_a_run_reads_stays(self):
        self.write("stand.trc", make_person_trc())
        self.run_program("track", "body", "stand.trc", "--mass", "60", "--out", "out")
        self.works()
        self.run_program("analyze", "out/buttress_body_scaled.osim", "out/stand.mot", "--out", "out")
        self.assertIn("buttress_body_scaled.osim", self.list())
        self.assertIn("stand.mot", self.list())
        self.assertNotIn("stand_marker_errors.sto", self.list())


class Memory(Case):
    def test_too_little_of_it_is_said(self):
        """at every limit the program works or says what it lacks; the sanitizers need more than any limit leaves"""
        if b"__asan_init" in Path(BUTTRESS).read_bytes():
            self.skipTest("the address sanitizer reserves all of the address space")
        codes = set()
        for megabytes in range(10, 60, 3):
            self.limit = megabytes << 20
            # too little for the system and the standard library to come as far as main()
            if self.run_raw("--version").returncode:
                continue
            self.run_program("simulate", "squat", "--threads", "2", "--out", "squat")
            codes.add(self.code)
            if self.code == 2:
                self.has("CLI-001")
            else:
                self.works()
        self.assertIn(2, codes)


class Usage(Case):
    def test_wrong_usage_is_64(self):
        for arguments in (["fly"], ["analyze"], ["analyze", "arm.osim"], ["run-tool"], ["run-tool", "a", "b"],
                          ["analyze", "arm.osim", "lift.sto", "--no-such-option"],
                          ["analyze", "arm.osim", "lift.sto", "--exponent", "4"],
                          ["analyze", "arm.osim", "lift.sto", "--exponent", "two"],
                          ["analyze", "arm.osim", "lift.sto", "--reserve", "0"],
                          ["analyze", "arm.osim", "lift.sto", "--reserve", "-3"],
                          ["analyze", "arm.osim", "lift.sto", "--threads", "-1"], ["simulate"]):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.run_program(*arguments), 64, self.err)
                self.assertEqual(self.out, "")
                self.assertNotEqual(self.err, "")

    def test_numbers_out_of_range_are_refused_with_what_is_expected(self):
        self.write("stand.trc", make_person_trc())
        analyze, track = ["analyze", "arm.osim", "lift.sto"], ["track", "body", "stand.trc"]
        never = ["nan", "inf", "-inf", "1e300", "1e999", "many", ""]
        for verb, option, numbers, expected in (
                (analyze, "--lowpass-hz", ["-3", "-1e-9", "1001", *never], "hertz"),
                (analyze, "--start", never, "seconds"), (analyze, "--end", never, "seconds"),
                (analyze, "--reserve", ["0", "-3", *never], "newton metres"),
                (analyze, "--mass", ["0", "-60", *never], "kilograms"),
                (analyze, "--height", ["0", "-1.7", *never], "metres"),
                (track, "--mass", ["0", "-60", *never], "kilograms"), (track, "--height", ["0", *never], "metres"),
                *(([*verb, "x"], "--threads", ["-1", "1025", "1.5", "1e1", *never], "a whole number from 1 to 1024")
                  for verb in (["run-tool"], ["analyze", "x"], ["simulate"])),
                (["validate"], "--threads", ["-1", "1025", "1.5", "1e1", *never], "a whole number from 1 to 1024")):
            for number in numbers:
                with self.subTest(verb=verb, option=option, number=number):
                    self.assertEqual(self.run_program(*verb, option, number), 64, self.err)
                    self.assertIn(f"{option}: expected {expected}", self.err)
                    self.assertEqual(self.out, "")
        self.analyze("--lowpass-hz", "0", "--start", "0.1", "--end", "0.3", "--reserve", "2", "--threads", "0")
        self.works()

    def test_help_and_version_are_results(self):
        for arguments in ([], ["--help"], ["--version"], ["analyze", "--help"]):
            self.assertEqual(self.run_program(*arguments), 0)
            self.assertNotEqual(self.out, "")

    def test_strength_that_does_not_read(self):
        for text in ("biceps", "biceps=", "=0.5", "biceps=half", "biceps=-1", "biceps=11", "biceps=nan", "biceps=0.5x",
                     "biceps=1e999"):
            with self.subTest(text=text):
                self.analyze("--strength", text)
                self.fails_with("STRENGTH-001", says=text)

    def test_strength_of_nobody(self):
        self.analyze("--strength", "glutaeus=0.5")
        self.fails_with("STRENGTH-002", "arm.osim", says="'glutaeus'")
        self.analyze("--strength", "bicpes=0.5")
        self.fails_with("STRENGTH-002", "arm.osim", says="'bicpes'")
        self.assertIn("Did you mean biceps?", self.err)

    def test_nothing_of_that_name_to_ignore(self):
        for verb in (("analyze", "arm.osim", "lift.sto", "--out", "out"), ("run-tool", "id.xml"), ("run-tool", "jr.xml")):
            self.run_program(*verb, "--ignore", "wrist_mottor", "--ignore", "foo", "--ignore", "CoordinateActuator")
            self.works()
            said = [m for m in self.messages if m["id"] == "MODEL-033"]
            self.assertEqual([m["text"].split()[1] for m in said], ["wrist_mottor", "foo"])
            self.assertIn("Did you mean wrist_motor?", self.err)

    def test_strength_of_a_muscle(self):
        self.analyze("--strength", "biceps=0.5")
        self.works()
        self.assertEqual(json.loads((self.folder / "out/run.json").read_text())["strength"], {"biceps": 0.5})

    def test_movement_nobody_knows(self):
        self.run_program("simulate", "fly")
        self.fails_with("SIM-001", says="fly")
        self.assertIn("single_leg_stance", self.err)
        self.run_program("simulate", "sqaut")
        self.assertIn("Did you mean squat?", self.err)

    def test_movement_with_a_parameter_out_of_range(self):
        self.run_program("simulate", "squat", "--set", "depth_deg=170")
        self.fails_with("MOVE-006", says="depth_deg=170")

    def test_movement_with_a_parameter_out_of_reach_for_a_small_person(self):
        (self.folder / "small.json").write_text('{"sex": "female", "age_years": 40, "height_m": 1.55, "mass_kg": 50}')
        self.run_program("simulate", "stand_up", "--set", "chair_height_m=0.5", "--person", "small.json")
        self.fails_with("MOVE-006", says="chair_height_m=0.5")
        self.assertIn("what a person of this height can do", self.err)

    def test_movement_with_an_unknown_parameter(self):
        self.run_program("simulate", "squat", "--set", "depht_deg=90")
        self.fails_with("MOVE-005", says="depht_deg")
        self.assertIn("stance_width_m", self.err)
        self.assertIn("Did you mean depth_deg?", self.err)

    def test_movement_file_that_is_not_json(self):
        self.write("wave.json", "{ name: wave }")
        self.run_program("simulate", "wave.json")
        self.fails_with("MOVE-001", "wave.json")

    def test_movement_that_repeats_itself_with_faults(self):
        head = {"name": "x", "title": "x", "description": "x", "source": "x", "contacts": ["foot_r", "foot_l"]}
        heel = {"points": ["heel_back"], "from_percent": 0, "to_percent": 60}
        for id_, says, cycle in (
                ("MOVE-002", "period_s or speed_m_s", {"curves": {}, "planted": [heel]}),
                ("MOVE-002", "planted is empty", {"period_s": 1, "curves": {}, "planted": []}),
                ("MOVE-003", "'tail'", {"period_s": 1, "curves": {"tail": {"mean": 1}}, "planted": [heel]}),
                ("MOVE-004", "'tail_r'", {"period_s": 1, "curves": {}, "planted": [{**heel, "points": ["tail"]}]})):
            with self.subTest(says=says):
                self.write("hop.json", json.dumps({**head, "cycle": cycle}))
                self.run_program("simulate", "hop.json")
                self.fails_with(id_, "hop.json", says=says)

    def test_movement_files_with_faults(self):
        """what a user can write wrongly into a movement file, each with the id it must answer with"""
        band = {"name": "band", "from_body": "tibia_r", "from_point_m": [0, 0, 0], "to_body": "tibia_l",
                "to_point_m": [0, 0, 0], "rest_length_m": 0.2, "stiffness_N_per_m": 100}
        wall = {"name": "wall", "x_m": -0.2, "y_m": 1, "z_m": 0, "length_m": 2, "width_m": 1, "incline_deg": 90}
        feet = [{"group": "foot_" + side, "surface": "floor", "x_m": 0, "z_m": z} for side, z in (("r", 0.1), ("l", -0.1))]
        for id_, says, change in (
                ("MOVE-002", "'normal'", {"surfaces": [{**wall, "normal": [1, 0, 0]}]}),
                ("MOVE-002", "incline_deg", {"surfaces": [{**wall, "incline_deg": "steep"}]}),
                ("MOVE-002", "rest_length_m", {"bands": [{k: v for k, v in band.items() if k != "rest_length_m"}]}),
                ("MOVE-002", "from_point_m", {"bands": [{**band, "from_point_m": [0, 0]}]}),
                ("MOVE-003", "hip_flexoin_r", {"keyframes": [{"name": "a", "pose": {"hip_flexoin_r": 10}}]}),
                ("MOVE-004", "'tail'", {"bands": [{**band, "to_body": "tail"}]}),
                ("MOVE-004", "'ceiling'", {"keyframes": [{"name": "a", "place": [{"group": "foot_r", "surface": "ceiling"}]}]}),
                ("MOVE-007", "toes_l", {"keyframes": [{"name": "a", "place": [*feet, {"group": "toes_l", "surface": "floor",
                                                                                     "x_m": 4, "z_m": 0}]}]}),
                ("MOVE-009", "mm outside", {"keyframes": [{"name": "a", "pose": {"pelvis_tilt": 0, "hip_flexion_r": -25,
                                                                                 "hip_flexion_l": 80}, "place": feet[:1]}]}),
                ("MOVE-010", "has no size", {"surfaces": [{**wall, "width_m": 0}]}),
                ("MOVE-010", "face down", {"surfaces": [{**wall, "incline_deg": 135}]}),
                ("MOVE-010", "negative stiffness", {"bands": [{**band, "stiffness_N_per_m": -1}]}),
                ("MOVE-010", "with itself", {"bands": [{**band, "to_body": "tibia_r"}]})):
            with self.subTest(id=id_, says=says):
                self.write("own.json", json.dumps({"name": "own", "title": "own", "description": "x", "source": "x",
                                                   "contacts": ["foot_r", "foot_l"], "keyframes": [{"name": "a"}], **change}))
                self.run_program("simulate", "own.json")
                self.fails_with(id_, "own.json", says=says)

    def test_contact_file_of_another_kind(self):
        self.write("feet.csv", "heel,toe\n1,2\n")
        self.analyze("--contacts", "feet.csv")
        self.fails_with("CONTACT-001", "feet.csv", 1)

    def test_contact_file_with_faults(self):
        first = "point,group,body,x_m,y_m,z_m,strength_N,mirrored,source,sure\n"
        for id_, line, lines in (("CONTACT-002", 2, "heel,foot,hand,0,zero,0,100,no,me,low"),
                                 ("CONTACT-002", 2, "heel,foot,hand,0,0,0"),
                                 ("CONTACT-003", 2, "heel,foot,calcn,0,0,0,100,no,me,low"),
                                 ("CONTACT-004", 3, "a,f,hand,0,0,0,9,no,me,low\na,f,hand,0,0,0,9,no,me,low"),
                                 ("CONTACT-005", None, "# nothing")):
            self.write("feet.csv", first + lines + "\n")
            self.analyze("--contacts", "feet.csv")
            self.fails_with(id_, "feet.csv", line)


PERSON = """{
"sex": "female",
"age_years": 45,
"height_m": 1.65,
"mass_kg": 60,
"lengths": {"thigh_m": 0.40},
"strengths": [{"action": "hip_abduction", "side": "left", "torque_Nm": 70}]
}"""


class Persons(Case):
    """whose body it is; every field is tested in src/app/person_file_test.cpp"""

    def simulate(self, old="", new="", *options):
        self.write("person.json", spoil(PERSON, old, new) if old else PERSON)
        return self.run_program("simulate", "single_leg_stance", "--person", "person.json", *options)

    def test_a_sound_person(self):
        self.simulate("", "", "--json")
        self.works()
        record = json.loads(self.out)
        self.assertEqual(record["person"], "woman, 45 years, 60 kg, 1.65 m")
        actions = record["body_strength"]["actions"]
        self.assertEqual([a for a in actions if actions[a]["measured"]], ["hip_abduction_l"])
        self.assertTrue(all(a["wanted_sd_Nm"] > 0 for a in actions.values()))
        self.simulate("", "", "--json", "--strength-as-modelled")
        self.works()
        self.assertNotIn("body_strength", json.loads(self.out))

    def test_every_fault_has_its_id(self):
        for old, new, id_ in (("1.65", "3", "PERSON-005"), ("1.65", "165", "PERSON-005"), ("60", "5", "PERSON-006"),
                              ("60", "-60", "PERSON-006"), ('"mass_kg": 60,', "", "PERSON-002"),
                              ("mass_kg", "weight_lb", "PERSON-002"), ("45", "12", "PERSON-004"),
                              ("female", "woman", "PERSON-003"), ("0.40", "1.70", "PERSON-007"),
                              ("0.40", "40", "PERSON-007"), ("70", "0", "PERSON-010"), ("70", "10000", "PERSON-011"),
                              ("left", "middle", "PERSON-010"), ("hip_abduction", "abduction", "PERSON-010"),
                              ('"sex"', "sex", "PERSON-001"), ("{", "", "PERSON-001")):
            with self.subTest(old=old, new=new):
                self.simulate(old, new)
                self.fails_with(id_, "person.json")

    def test_centimetres_are_guessed(self):
        self.simulate("1.65", "165")
        self.assertIn('"height_cm": 165', self.err)

    def test_no_such_person(self):
        self.run_program("simulate", "single_leg_stance", "--person", "nobody.json")
        self.fails_with("PERSON-001", "nobody.json")

    def test_a_person_and_a_model_of_other_weight(self):
        self.write("person.json", spoil(PERSON, '"lengths": {"thigh_m": 0.40},', ""))
        self.analyze("--person", "person.json")
        self.fails_with("PERSON-009", "person.json", says="2.5 kg")

    def test_measured_lengths_and_another_model(self):
        self.write("person.json", PERSON)
        self.analyze("--person", "person.json")
        self.fails_with("PERSON-013", "person.json")

    def test_a_model_without_hips_and_knees(self):
        self.write("person.json", PERSON.replace('"lengths": {"thigh_m": 0.40},\n', "").replace(
            ',\n"strengths": [{"action": "hip_abduction", "side": "left", "torque_Nm": 70}]', ""))
        self.write("arm.osim", spoil(MODEL, "<mass>2</mass>", "<mass>59.5</mass>"))
        self.analyze("--person", "person.json")
        self.fails_with("STRENGTH-003", "arm.osim")


class Files(Case):
    def test_missing(self):
        self.analyze(model="none.osim")
        self.fails_with("XML-001", "none.osim")
        self.analyze(motion="none.sto")
        self.fails_with("TABLE-001", "none.sto")
        self.analyze("--loads", "none.xml")
        self.fails_with("XML-001", "none.xml")
        self.run_program("run-tool", "none.xml")
        self.fails_with("XML-001", "none.xml")
        (self.folder / "bag.sto").unlink()
        self.analyze("--loads", "bag.xml")
        self.fails_with("TABLE-001", "bag.sto")
        (self.folder / "forces.sto").unlink()
        self.run_program("run-tool", "jr.xml")
        self.fails_with("TABLE-001", "forces.sto")

    def test_folder(self):
        (self.folder / "folder").mkdir()
        self.analyze(model="folder")
        self.fails_with("XML-002", "folder")
        self.analyze(motion="folder")
        self.fails_with("TABLE-002", "folder")
        self.run_program("run-tool", "folder")
        self.fails_with("XML-002", "folder")

    def test_empty(self):
        self.write("arm.osim", "")
        self.analyze()
        self.fails_with("XML-003", "arm.osim")
        self.write("arm.osim", MODEL)
        self.write("lift.sto", "")
        self.analyze()
        self.fails_with("TABLE-003", "lift.sto")

    def test_two_wrong_names_are_told_at_once(self):
        self.analyze("--strength", "nobody=0.5", "--strength", "none=1")
        self.fails_with("STRENGTH-002", says="'nobody'")
        self.has("STRENGTH-002", says="'none'")

    def test_results_cannot_be_written(self):
        self.write("out", "a file in the place of the folder")
        self.analyze()
        self.fails_with("APP-001", "out")
        self.run_program("run-tool", "id.xml")
        self.fails_with("APP-001", "out")
        self.run_program("run-tool", "id.xml", "--results", "/dev/null/results")
        self.fails_with("APP-001", "/dev/null/results")

    def test_a_result_file_cannot_be_written(self):
        (self.folder / "out/inverse_dynamics.sto").mkdir(parents=True)
        self.run_program("run-tool", "id.xml")
        self.fails_with("TABLE-016", "out/inverse_dynamics.sto")
        (self.folder / "out/report.html").mkdir(parents=True)
        self.analyze()
        self.fails_with("APP-001", "out/report.html")

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_folder_without_permission(self):
        (self.folder / "out").mkdir(mode=0o555)
        self.analyze()
        self.fails_with("TABLE-016")

    def test_a_picture_cannot_be_written(self):
        self.run_program("simulate", "single_leg_stance", "--svg", "none/picture.svg")
        self.assertEqual(self.code, 1, self.err)
        self.has("APP-001", "none/picture.svg")


class Models(Case):
    def model(self, old, new, count=1):
        """the model with a fault, run; keeps its text for line_of"""
        self.text = spoil(MODEL, old, new, count)
        self.write("arm.osim", self.text)
        return self.analyze()

    def at(self, needle, nth=1):
        return line_of(self.text, needle, nth)

    def test_truncated(self):
        self.write("arm.osim", MODEL[:len(MODEL) // 2])
        self.analyze()
        self.fails_with("XML-003", "arm.osim")

    def test_every_truncation_is_told(self):
        for part in range(1, 20):
            self.write("arm.osim", MODEL[:len(MODEL) * part // 20])
            self.analyze()
            self.fails_with("XML-003", "arm.osim")

    def test_wrong_root(self):
        self.write("arm.osim", "<html><body/></html>")
        self.analyze()
        self.fails_with("OSIM-001", "arm.osim", 1)

    def test_a_setup_is_no_model_and_a_model_no_setup(self):
        self.analyze(model="id.xml")
        self.fails_with("OSIM-002", "id.xml")
        self.run_program("run-tool", "arm.osim")
        self.fails_with("SETUP-001", "arm.osim")

    def test_unknown_joint(self):
        self.model("<PinJoint name=\"wrist\">", "<RubberJoint name=\"wrist\">")
        self.text = spoil(self.text[::-1], "</PinJoint>"[::-1], "</RubberJoint>"[::-1])[::-1]
        self.write("arm.osim", self.text)
        self.analyze()
        self.fails_with("OSIM-006", "arm.osim", self.at("RubberJoint"), says="RubberJoint")

    def test_unknown_muscle_type(self):
        self.model("Thelen2003Muscle", "DreamMuscle", -1)
        self.fails_with("MODEL-001", "arm.osim", self.at("<DreamMuscle"), says="biceps")

    def test_unsupported_element_can_be_left_out_and_every_result_says_so(self):
        self.text = spoil(MODEL, "<CoordinateActuator", "<RocketForce name=\"booster\">\n<thrust>3</thrust>\n"
                          "</RocketForce>\n<CoordinateActuator")
        self.write("arm.osim", self.text)
        self.analyze()
        self.fails_with("MODEL-001", "arm.osim", self.at("RocketForce"), says="booster")
        for name in ("booster", "RocketForce"):
            self.analyze("--ignore", name)
            self.works()
            record = json.loads((self.folder / "out/run.json").read_text())
            self.assertEqual(record["ignored"], ["RocketForce booster"])
            self.assertIn("RocketForce booster", (self.folder / "out/report.html").read_text())
            self.run_program("run-tool", "so.xml", "--ignore", name)
            self.works()
            record = json.loads((self.folder / "out/run.json").read_text())
            self.assertEqual(record["ignored"], ["RocketForce booster"])

    def test_unknown_wrap(self):
        self.model("<wrap_object>bone<", "<wrap_object>cloud<")
        self.fails_with("MODEL-011", "arm.osim", self.at("<PathWrap name"), says="cloud")

    def test_unknown_body_of_a_point(self):
        self.model("<socket_parent_frame>/bodyset/forearm<", "<socket_parent_frame>/bodyset/leg<")
        self.fails_with("MODEL-003", "arm.osim", self.at("<PathPoint name=\"insertion\">"), says="leg")

    def test_unknown_frame_of_a_joint(self):
        self.model("<socket_parent_frame>wrist_in_forearm<", "<socket_parent_frame>wrist_in_leg<")
        self.fails_with("MODEL-003", "arm.osim", self.at("<PinJoint name=\"wrist\">"), says="wrist_in_leg")

    def test_unknown_coordinate_of_an_actuator(self):
        self.model("<coordinate>wrist_flexion<", "<coordinate>wrist_twist<")
        self.fails_with("MODEL-004", "arm.osim", self.at("<CoordinateActuator"), says="wrist_twist")

    def test_two_bodies_of_one_name(self):
        self.model("<Body name=\"hand\">", "<Body name=\"forearm\">")
        self.fails_with("MODEL-002", "arm.osim", self.at("<Body name=\"forearm\">", 2), says="forearm")

    def test_bodies_in_a_circle(self):
        # the forearm hangs on the hand, and the hand on the forearm
        self.model("<socket_parent_frame>/ground</socket_parent_frame>",
                   "<socket_parent_frame>/bodyset/hand</socket_parent_frame>")
        self.fails_with("MODEL-019", "arm.osim")

    def test_a_body_on_two_joints(self):
        self.model("<socket_child_frame>/bodyset/hand<", "<socket_child_frame>/bodyset/forearm<")
        self.fails_with("MODEL-017", "arm.osim")

    def test_ground_as_child(self):
        self.model("<socket_child_frame>/bodyset/hand<", "<socket_child_frame>/ground<")
        self.fails_with("MODEL-018", "arm.osim")

    def test_mass_below_zero(self):
        self.model("<mass>2<", "<mass>-2<")
        self.fails_with("MODEL-015", "arm.osim", self.at("<Body name=\"forearm\">"))

    def test_numbers_that_are_none(self):
        for bad, id_ in (("two", "XML-010"), ("NaN", "XML-011"), ("inf", "XML-011"), ("", "XML-010"),
                         ("1,5", "XML-010"), ("2 3", "XML-010"), ("1e999", "XML-010")):
            with self.subTest(bad=bad):
                self.model("<mass>2<", f"<mass>{bad}<")
                self.fails_with(id_, "arm.osim", self.at("<mass>"))
        self.model("<mass_center>0.15 0 0<", "<mass_center>0.15 0<")
        self.fails_with("XML-012", "arm.osim", self.at("<mass_center>"))

    def test_muscle_with_one_point(self):
        start, end = MODEL.index("<PathPoint name=\"insertion\">"), MODEL.index("</objects></PathPointSet>")
        self.text = MODEL[:start] + MODEL[end:]
        self.write("arm.osim", self.text)
        self.analyze()
        self.fails_with("MODEL-010", "arm.osim", self.at("<Thelen2003Muscle"))

    def test_impossible_muscle_parameters(self):
        for old, new in (("<max_isometric_force>3000<", "<max_isometric_force>-3<"),
                         ("<optimal_fiber_length>0.1<", "<optimal_fiber_length>0<"),
                         ("<tendon_slack_length>0.2<", "<tendon_slack_length>-0.2<"),
                         ("</Thelen2003Muscle>", "<pennation_angle_at_optimal>2</pennation_angle_at_optimal>\n"
                          "</Thelen2003Muscle>"),
                         ("</Thelen2003Muscle>", "<max_contraction_velocity>0</max_contraction_velocity>\n"
                          "</Thelen2003Muscle>")):
            with self.subTest(new=new):
                self.model(old, new)
                self.fails_with("MODEL-013", "arm.osim", self.at("<Thelen2003Muscle"), says="biceps")

    def test_what_is_assumed_of_muscles_is_said_where_they_count(self):
        text = spoil(MODEL, "Thelen2003Muscle", "Schutte1993Muscle_Deprecated", -1)
        self.write("arm.osim", spoil(text, "</Schutte1993Muscle_Deprecated>", "<max_contraction_velocity>0</max_contraction_velocity>"
                                     "</Schutte1993Muscle_Deprecated>"))
        self.analyze()
        self.works()
        self.has("MODEL-032", "arm.osim", severity="warning", says="biceps")
        self.run_program("run-tool", "id.xml")
        self.works()
        self.assertEqual([m for m in self.messages if m["id"] == "MODEL-032"], [])

    def test_curves_that_cannot_be_built(self):
        self.model("</Thelen2003Muscle>", "<KshapeActive>-1</KshapeActive>\n</Thelen2003Muscle>")
        self.fails_with("MODEL-020", "arm.osim", self.at("<Thelen2003Muscle"), says="KshapeActive")
        self.model("</Thelen2003Muscle>", "<Flen>0.5</Flen>\n</Thelen2003Muscle>")
        self.fails_with("MODEL-020", "arm.osim", self.at("<Thelen2003Muscle"), says="Flen")
        self.text = spoil(MODEL, "Thelen2003Muscle", "Millard2012EquilibriumMuscle", -1)
        self.text = spoil(self.text, "</Millard2012EquilibriumMuscle>", """<ForceVelocityCurve name="fv">
<isometric_slope>0.1</isometric_slope>
</ForceVelocityCurve>
</Millard2012EquilibriumMuscle>""")
        self.write("arm.osim", self.text)
        self.analyze()
        self.fails_with("MODEL-020", "arm.osim", self.at("<Millard2012EquilibriumMuscle"), says="biceps")

    def test_formulas_that_make_no_sense(self):
        force = """<ExpressionBasedCoordinateForce name="spring">
<coordinate>flexion</coordinate>
<expression>-10*q + * 2</expression>
</ExpressionBasedCoordinateForce>
<CoordinateActuator"""
        self.model("<CoordinateActuator", force)
        self.fails_with("FORCE-001", "arm.osim", self.at("<ExpressionBasedCoordinateForce"), says="spring")
        self.analyze("--ignore", "spring")
        self.works()
        self.write("arm.osim", spoil(MODEL, "<CoordinateActuator", force.replace("-10*q + * 2", "-10*q")))
        self.analyze()
        self.works()

    def test_path_with_more_points_than_can_be_wrapped(self):
        wraps = "\n".join(f"<PathWrap name=\"w{i}\">\n<wrap_object>bone</wrap_object>\n</PathWrap>" for i in range(40))
        self.model("</objects></PathWrapSet>", wraps + "\n</objects></PathWrapSet>")
        self.fails_with("MODEL-020", "arm.osim", self.at("<Thelen2003Muscle"), says="biceps")

    def test_spellings_that_are_fine(self):
        # carriage returns, a byte order mark, and a name in Latin-1 as old programs wrote it
        self.write("arm.osim", MODEL.replace("\n", "\r\n").encode())
        self.analyze()
        self.works()
        self.write("arm.osim", b"\xef\xbb\xbf" + MODEL.encode())
        self.analyze()
        self.works()
        text = MODEL.replace("encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"")
        text = text.replace("<Model name=\"forearm\">", "<Model name=\"Oberk\u00f6rper\">")
        self.write("arm.osim", text.encode("latin-1"))
        self.analyze()
        self.works()

    def test_names_in_latin_1_do_not_end_the_program(self):
        text = spoil(MODEL, "<CoordinateActuator", "<RocketForce name=\"tr\u00e4ger\">\n</RocketForce>\n"
                     "<CoordinateActuator").replace("<Model name=\"forearm\">", "<Model name=\"Oberk\u00f6rper\">")
        self.write("arm.osim", text.encode("latin-1"))
        self.analyze("--ignore", "RocketForce")
        self.works()
        json.loads((self.folder / "out/run.json").read_text(encoding="utf-8"))
        (self.folder / "out/report.html").read_text(encoding="utf-8")


class Tables(Case):
    def motion(self, text):
        self.text = text
        self.write("lift.sto", text)
        return self.analyze()

    def test_number_cells(self):
        for cell, id_ in (("abc", "TABLE-011"), ("nan", "TABLE-012"), ("inf", "TABLE-012"), ("0,002", "TABLE-011")):
            with self.subTest(cell=cell):
                self.motion(spoil(MOTION, "0.02\t0.002\t", f"0.02\t{cell}\t"))
                self.fails_with(id_, "lift.sto", line_of(self.text, f"\t{cell}\t"), says="flexion")

    def test_number_of_cells(self):
        self.motion(spoil(MOTION, "0.02\t0.002\t", "0.02\t0.002\t7\t"))
        self.fails_with("TABLE-010", "lift.sto", line_of(self.text, "\t7\t"))
        self.motion(spoil(MOTION, "0.02\t0.002\t", "0.02\t"))
        self.fails_with("TABLE-010", "lift.sto")

    def test_time_that_goes_back(self):
        self.motion(spoil(MOTION, "\n0.06\t", "\n0.03\t"))
        self.fails_with("TABLE-013", "lift.sto", line_of(self.text, "0.03\t"))

    def test_time_that_stands_still(self):
        self.motion(spoil(MOTION, "\n0.06\t", "\n0.04\t"))
        self.works()
        self.has("TABLE-018", "lift.sto", line_of(self.text, "0.04\t", 2), severity="warning")

    def test_header(self):
        self.motion(MOTION.replace("endheader\n", ""))
        self.fails_with("TABLE-003", "lift.sto")
        self.motion(MOTION.replace("time\t", "zeit\t"))
        self.fails_with("TABLE-005", "lift.sto", line_of(self.text, "zeit"))
        self.motion(MOTION[:MOTION.index("endheader") + 10])
        self.fails_with("TABLE-004", "lift.sto")

    def test_no_frames(self):
        self.motion(make_table(["flexion", "wrist_flexion"], []))
        self.fails_with("TABLE-007", "lift.sto")

    def test_few_frames(self):
        for count in range(1, 9):
            with self.subTest(count=count):
                self.write("lift.sto", make_table(["flexion", "wrist_flexion"], MOTION_ROWS[:count]))
                self.analyze("--lowpass-hz", "0")
                self.works()
                if count < 6:  # a spline of degree 5 needs six
                    self.has("MOTION-008", "lift.sto", severity="warning")
                self.analyze()
                if count < 3:
                    self.fails_with("MOTION-008", "lift.sto")
                else:
                    self.works()

    def test_missing_coordinate_keeps_its_default_and_that_is_said(self):
        self.motion(make_table(["flexion"], [row[:2] for row in MOTION_ROWS]))
        self.works()
        self.has("MOTION-004", "lift.sto", severity="note", says="wrist_flexion")
        self.assertIn("wrist_flexion", (self.folder / "out/report.html").read_text())

    def test_columns_that_are_no_coordinate(self):
        self.motion(MOTION.replace("\twrist_flexion", "\twrist_twist"))
        self.works()
        self.has("MOTION-005", "lift.sto", severity="note", says="wrist_twist")
        self.motion(MOTION.replace("\twrist_flexion", "\twrist_flexoin"))
        self.works()
        self.has("MOTION-005", "lift.sto", severity="warning", says="wrist_flexion has no column")
        self.motion(MOTION.replace("\tflexion\twrist_flexion", "\ta\tb"))
        self.fails_with("MOTION-001", "lift.sto")

    def test_one_coordinate_twice(self):
        self.motion(MOTION.replace("\twrist_flexion", "\tflexion"))
        self.works()
        self.has("TABLE-006", "lift.sto", line_of(self.text, "time\t"), severity="warning", says="flexion")
        self.has("MOTION-005", "lift.sto", severity="note", says="1_flexion")

    def test_degrees_or_radians_not_stated(self):
        self.motion(make_table(["flexion", "wrist_flexion"], MOTION_ROWS, degrees=""))
        self.works()
        self.has("MOTION-016", "lift.sto", severity="warning", says="radians")

    def test_degrees_or_radians_contradicted(self):
        text = make_table(["flexion", "wrist_flexion"], MOTION_ROWS)
        self.motion(text.replace("endheader", "Angles are in degrees.\nendheader"))
        self.works()
        self.has("TABLE-015", "lift.sto", severity="warning", says="radians")

    def test_degrees_said_to_be_radians(self):
        rows = [[t, 400 * f, 10 * w] for t, f, w in MOTION_ROWS]
        self.motion(make_table(["flexion", "wrist_flexion"], rows))
        self.works()
        self.has("MOTION-007", "lift.sto", severity="warning", says="flexion")

    def test_degrees_beyond_what_a_joint_can_do(self):
        wrist = '<Coordinate name="wrist_flexion">\n'
        self.write("arm.osim", spoil(MODEL, wrist, wrist + "<range>-1.2 1.2</range>\n"))
        for degrees, says in (("no", "as the header says"), ("", "the header does not say degrees")):
            text = make_table(["flexion", "wrist_flexion"], [[t, f, 40 + w] for t, f, w in MOTION_ROWS], degrees)
            self.motion(text)
            self.fails_with("MOTION-007", "lift.sto", says=says)
            self.assertIn("inDegrees=yes", self.err)
        self.motion(text.replace("endheader", "inDegrees=yes\nendheader"))
        self.works()

    def test_degrees_beyond_what_a_joint_can_do_stop_no_tool_of_opensim(self):
        wrist = '<Coordinate name="wrist_flexion">\n'
        self.write("arm.osim", spoil(MODEL, wrist, wrist + "<range>-1.2 1.2</range>\n"))
        self.write("lift.sto", make_table(["flexion", "wrist_flexion"], [[t, f, 40 + w] for t, f, w in MOTION_ROWS]))
        self.run_program("run-tool", "id.xml")
        self.works()
        self.has("MOTION-007", "lift.sto", severity="warning", says="wrist_flexion")

    def test_spellings_that_are_fine(self):
        plain = self.run_and_read(MOTION)
        for text in (MOTION.replace("\n", "\r\n"), MOTION.replace("\t", "   "), MOTION.replace("\t", "\t \t"),
                     MOTION.rstrip("\n"), MOTION + "\n\n"):
            self.assertEqual(self.run_and_read(text), plain)
        latin = MOTION.replace("made by a test", "gemessen f\u00fcr \u00dcbung").encode("latin-1")
        self.assertEqual(self.run_and_read(latin), plain)

    def run_and_read(self, text):
        self.write("lift.sto", text)
        self.analyze()
        self.works()
        return (self.folder / "out/whole_force.sto").read_text()

    def test_window_outside_the_motion(self):
        self.analyze("--start", "5", "--end", "6")
        self.fails_with("MOTION-003", "lift.sto")
        self.analyze("--start", "0.3", "--end", "0.1")
        self.fails_with("MOTION-002", "lift.sto")
        self.write("id.xml", spoil(SETUP_ID, "0 0.4", "7 8"))
        self.run_program("run-tool", "id.xml")
        self.fails_with("MOTION-003", "lift.sto")


class Loads(Case):
    def loads(self, old, new):
        self.text = spoil(LOADS, old, new)
        self.write("bag.xml", self.text)
        return self.analyze("--loads", "bag.xml")

    def test_unknown_body(self):
        self.loads("<applied_to_body>hand<", "<applied_to_body>wing<")
        self.fails_with("LOADS-001", "bag.xml", says="wing")

    def test_unknown_frame(self):
        self.loads("<force_expressed_in_body>ground<", "<force_expressed_in_body>wing<")
        self.works()
        self.has("LOADS-002", "bag.xml", severity="warning", says="wing")

    def test_columns_that_are_not_there(self):
        self.loads("<force_identifier>bag_v<", "<force_identifier>sack_v<")
        self.fails_with("LOADS-003", says="sack_v")

    def test_no_columns_named(self):
        self.loads("<force_identifier>bag_v</force_identifier>\n", "")
        self.fails_with("LOADS-004", "bag.xml")

    def test_other_times(self):
        self.write("bag.sto", make_table(["bag_vx", "bag_vy", "bag_vz", "bag_px", "bag_py", "bag_pz"],
                                         [[t + 50, 0, -10, 0, 0.35, 0, 0] for t in TIMES]))
        self.analyze("--loads", "bag.xml")
        self.fails_with("LOADS-005", "bag.sto")

    def test_force_that_is_no_number(self):
        self.write("bag.sto", spoil(BAG, "0.02\t0\t-10\t", "0.02\t0\tnan\t"))
        self.analyze("--loads", "bag.xml")
        self.fails_with("LOADS-006", "bag.sto")

    def test_not_a_loads_file(self):
        self.analyze("--loads", "arm.osim")
        self.fails_with("LOADS-020", "arm.osim")


SETUP_IK = """<?xml version="1.0" encoding="UTF-8"?>
<OpenSimDocument Version="40000">
<InverseKinematicsTool name="ik">
<model_file>marked.osim</model_file>
<results_directory>out</results_directory>
<marker_file>lift.trc</marker_file>
<IKTaskSet><objects>
<IKMarkerTask name="Elbow"><weight>1</weight></IKMarkerTask>
<IKMarkerTask name="Forearm"><weight>1</weight></IKMarkerTask>
<IKMarkerTask name="Hand"><weight>1</weight></IKMarkerTask>
<IKMarkerTask name="Thumb"><weight>1</weight></IKMarkerTask>
</objects></IKTaskSet>
<output_motion_file>out/ik.mot</output_motion_file>
</InverseKinematicsTool>
</OpenSimDocument>
"""

MARKERS = "".join(f"""<Marker name="{name}"><socket_parent_frame>/bodyset/{body}</socket_parent_frame>
<location>{place}</location><fixed>false</fixed></Marker>
""" for name, body, place in [("Elbow", "forearm", "0.01 0.03 0.02"), ("Forearm", "forearm", "0.2 0 0.03"),
                              ("Hand", "hand", "0.05 0 0.03"), ("Thumb", "hand", "0.03 0.04 -0.02")])


def make_trc(rows, unit="mm"):
    names = ["Elbow", "Forearm", "Hand", "Thumb"]
    head = ("PathFileType\t4\t(X/Y/Z)\tlift.trc\n"
            "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n"
            f"100\t100\t{len(rows)}\t4\t{unit}\t100\t1\t{len(rows)}\n"
            "Frame#\tTime\t" + "\t\t\t".join(names) + "\n\n")
    return head + "".join(f"{i + 1}\t{0.01 * i:.3f}\t" + row + "\n" for i, row in enumerate(rows))


class Markers(Case):
    # the default pose of the model, twice
    ROW = "10\t30\t20\t200\t0\t30\t350\t0\t30\t330\t40\t-20"

    def solve(self, trc, setup=SETUP_IK):
        self.write("marked.osim", MODEL.replace("</Model>", f"<MarkerSet><objects>{MARKERS}</objects></MarkerSet></Model>"))
        self.write("lift.trc", trc)
        self.write("ik.xml", setup)
        self.run_program("run-tool", "ik.xml")

    def test_a_sound_recording(self):
        self.solve(make_trc([self.ROW] * 3))
        self.works()
        text = (self.folder / "out/ik.mot").read_text()
        self.assertIn("inDegrees=yes", text)
        self.assertTrue((self.folder / "out/ik_ik_marker_errors.sto").exists())

    def test_no_marker_file(self):
        self.solve(make_trc([self.ROW] * 3), SETUP_IK.replace("lift.trc", "none.trc"))
        self.fails_with("TRC-001", "none.trc")

    def test_a_motion_in_place_of_markers(self):
        self.solve((self.folder / "lift.sto").read_text())
        self.fails_with("TRC-003", "lift.trc", 1)

    def test_a_row_that_was_cut(self):
        self.solve(make_trc([self.ROW, self.ROW[:-8]]))
        self.fails_with("TRC-010", "lift.trc", 7)

    def test_doubled_header_fields_are_understood(self):
        trc = make_trc([self.ROW] * 3)
        lines = trc.split("\n")
        lines[2] = lines[2].replace("\t", "\t\t")
        self.solve("\n".join(lines))
        self.works()

    def test_a_body_of_a_kilometre(self):
        self.solve(make_trc([self.ROW] * 3, unit="m"))
        self.fails_with("IK-005", "lift.trc", says="times as large")

    def test_all_gaps(self):
        self.solve(make_trc(["\t" * 11] * 3))
        self.fails_with("IK-001", "lift.trc", says="any frame")

    def test_other_names(self):
        self.solve(make_trc([self.ROW] * 3).replace("Elbow", "lab:E").replace("Forearm", "lab:F").replace(
            "Hand", "lab:H").replace("Thumb", "lab:T"))
        self.fails_with("IK-001", "lift.trc", says="lab:E")

    def test_a_task_for_no_coordinate(self):
        self.solve(make_trc([self.ROW] * 3), SETUP_IK.replace(
            "</objects>", '<IKCoordinateTask name="knee"><value_type>default_value</value_type></IKCoordinateTask></objects>'))
        self.fails_with("IK-010", says="knee")


# landmarks of the built-in body in its default pose, mm: x forward, y up, z to the right; the left side is its mirror image
LANDMARKS = {"RACR": (-99, 1491, 133), "C7": (-183, 1501, 0), "CLAV": (-55, 1445, 0), "RSJC": (-93, 1437, 174),
          "RLEL": (-77, 1151, 214), "RMEL": (-90, 1144, 127), "RFAradius": (-86, 901, 241), "RFAulna": (-109, 901, 168),
          "RASI": (10, 978, 131), "RPSI": (-158, 996, 46), "RHJC": (-57, 880, 79), "RLFC": (-57, 467, 130),
          "RMFC": (-57, 467, 28), "RKJC": (-52, 463, 70), "RLMAL": (-59, 68, 133), "RMMAL": (-48, 68, 40),
          "RAJC": (-64, 57, 79), "RCAL": (-139, 34, 82), "RTOE": (96, 44, 56), "RMT5": (34, 39, 147)}
LANDMARKS.update({"L" + name[1:]: (x, y, -z) for name, (x, y, z) in list(LANDMARKS.items()) if name[0] == "R"})


def make_person_trc(change=lambda frame, name, place: place, rename=lambda name: name, unit="mm", frames=20):
    """a recording of a person who stands still; change() may move a marker, or lose it with None"""
    rows = []
    for frame in range(frames):
        cells = []
        for name, place in LANDMARKS.items():
            place = change(frame, name, place)
            cells.append("\t\t" if place is None else "\t".join(f"{x:.6g}" for x in place))
        rows.append("\t".join(cells))
    head = ("PathFileType\t4\t(X/Y/Z)\tstand.trc\n"
            "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n"
            f"100\t100\t{frames}\t{len(LANDMARKS)}\t{unit}\t100\t1\t{frames}\n"
            "Frame#\tTime\t" + "\t\t\t".join(rename(name) for name in LANDMARKS) + "\n\n")
    return head + "".join(f"{i + 1}\t{0.01 * i:.3f}\t{row}\n" for i, row in enumerate(rows))


def exchange_sides(name):
    return {"R": "L", "L": "R"}.get(name[0], name[0]) + name[1:]


class Tracking(Case):
    def track(self, text=None, *options, model="body", markers="stand.trc"):
        if text is not None:
            self.write(markers, text)
        return self.run_program("track", model, markers, "--out", "out", *options)

    def test_a_sound_recording(self):
        self.track(make_person_trc(), "--mass", "60")
        self.works()
        for name in ("buttress_body_scaled.osim", "stand.mot", "stand_marker_errors.sto", "run.json"):
            self.assertTrue((self.folder / "out" / name).stat().st_size > 0, name)
            self.assertIn("out/" + name, self.out)
        text = (self.folder / "out/stand.mot").read_text()
        self.assertIn("inDegrees=yes", text)
        self.track(None, "--mass", "60", "--json")
        self.works()
        found = json.loads(self.out)["track"]
        self.assertEqual(found["mass_kg"], 60)
        self.assertLess(found["marker_error_rms_m"], 0.002)
        for factor in found["scale_factors"].values():
            for x in factor:
                self.assertAlmostEqual(x, 1, delta=0.02)

    def test_the_whole_chain(self):
        self.write("stand.trc", make_person_trc(frames=40))
        self.analyze("--mass", "60", model="body", motion="stand.trc")
        self.works()
        record = json.loads((self.folder / "out/run.json").read_text())
        ground = record["conditions"][0]["peak_vertical_ground_force_N"]
        self.assertGreater(sum(ground.values()), 0.95 * 60 * 9.8)
        self.assertNotIn("APP-002", self.err)

    def test_a_body_that_nothing_holds_up(self):
        self.track(make_person_trc(frames=40), "--mass", "60")
        self.works()
        self.analyze(model="out/buttress_body_scaled.osim", motion="out/stand.mot")
        self.works()
        self.has("APP-002", "out/stand.mot", severity="warning", says="had to be added at the pelvis")

    def test_a_persons_file_gives_mass_height_and_strength(self):
        self.write("stand.trc", make_person_trc(frames=40))
        self.write("ann.json", '{"sex": "female", "age_years": 30, "height_m": 1.7, "mass_kg": 58}')
        self.analyze("--person", "ann.json", model="body", motion="stand.trc")
        self.works()
        record = json.loads((self.folder / "out/run.json").read_text())
        self.assertEqual((record["track"]["mass_kg"], record["track"]["height_m"]), (58, 1.7))
        self.assertIn("hip_abduction_r", str(record["body_strength"]))
        self.write("ann.json", '{"sex": "female", "age_years": 30, "height_m": 1.7}')
        self.analyze("--person", "ann.json", model="body", motion="stand.trc")
        self.fails_with("PERSON-002", "ann.json")
        # the markers give the lengths already
        self.write("ann.json", '{"sex": "female", "age_years": 30, "height_m": 1.7, "mass_kg": 58, "lengths": {"thigh_m": 0.4}}')
        self.analyze("--person", "ann.json", model="body", motion="stand.trc")
        self.fails_with("PERSON-013", "ann.json", says="markers")

    def test_wrong_usage(self):
        for arguments in (["track"], ["track", "body"], ["track", "body", "stand.trc", "--mass", "much"],
                          ["track", "body", "stand.trc", "--volume", "3"]):
            self.assertEqual(self.run_program(*arguments), 64, self.err)

    def test_files_that_are_not_there(self):
        self.track()
        self.fails_with("TRC-001", "stand.trc")
        self.track(None, markers="stand.c3d")
        self.fails_with("C3D-001", "stand.c3d")
        self.track(make_person_trc(), model="none.osim")
        self.fails_with("XML-001", "none.osim")
        self.track(None, "--static", "none.trc")
        self.fails_with("TRC-001", "none.trc")
        self.track(None, "--map", "none.csv")
        self.fails_with("MAP-001", "none.csv")

    def test_files_of_another_kind(self):
        self.track(None, markers="lift.sto")
        self.fails_with("TRACK-014", "lift.sto")
        self.track(make_person_trc(), "--static", "lift.sto")
        self.fails_with("TRACK-014", "lift.sto")
        self.track("this is no recording", markers="noise.c3d")
        self.fails_with("C3D-003", "noise.c3d")
        self.track("this is no recording")
        self.fails_with("TRC-003", "stand.trc", 1)

    def test_a_model_without_markers(self):
        self.track(make_person_trc(), model="arm.osim")
        self.fails_with("TRACK-002", "arm.osim")

    def test_a_model_that_is_no_person(self):
        self.write("arm.osim", MODEL.replace("</Model>", f"<MarkerSet><objects>{MARKERS}</objects></MarkerSet></Model>"))
        self.track(make_trc([Markers.ROW] * 3), model="arm.osim", markers="lift.trc")
        self.works()
        self.has("TRACK-016", "lift.trc", severity="warning")
        self.assertIn("height not known", self.out)

    def test_c3d_files_that_are_cut_or_lie(self):
        shared = Path(os.environ.get("BUTTRESS_SHARED", Path(__file__).parents[2] / ".." / "shared"))
        file = shared / "data/osim_core_io_formats/c3d/walking2.c3d"
        if not file.exists():
            self.skipTest("../shared with recorded trials is absent")
        whole = file.read_bytes()
        for size in (100, 600, len(whole) // 2, len(whole) - 5000):
            self.track(whole[:size], markers="walk.c3d")
            self.assertEqual(self.code, 1, self.err)
            self.assertTrue([m for m in self.messages if m["id"].startswith("C3D-") and m["severity"] == "error"], self.err)
        # the header says that there are no points, a thousand, and that the parameters stand elsewhere
        for place, byte in ((2, 0), (3, 4), (0, 200)):
            self.track(whole[:place] + bytes([byte]) + whole[place + 1:], markers="walk.c3d")
            self.assertIn(self.code, (0, 1), self.err)
            self.assertTrue([m for m in self.messages if m["id"].startswith("C3D-")], self.err)

    def test_a_model_of_an_old_version(self):
        model = MODEL.replace("</Model>", f"<MarkerSet><objects>{MARKERS}</objects></MarkerSet></Model>")
        self.write("arm.osim", model.replace("40000", "30000"))
        row = Markers.ROW
        self.track(make_trc([row] * 3), model="arm.osim", markers="lift.trc")
        self.assertEqual(self.code, 1)
        self.assertTrue([m for m in self.messages if m["severity"] == "error"], self.err)

    def test_names_that_nobody_knows(self):
        self.track(make_person_trc(rename=lambda name: "M" + str(list(LANDMARKS).index(name))))
        self.fails_with("TRACK-001", "stand.trc", says="M0, M1")

    def test_names_of_which_two_are_known_by_chance(self):
        self.track(make_person_trc(rename=lambda name: name if name in ("RASI", "LASI") else "M" + name), "--mass", "60")
        self.fails_with("TRACK-019", "stand.trc", says="2 of ")
        self.assertIn("--map", self.err)
        self.analyze("--mass", "60", model="body", motion="stand.trc")
        self.fails_with("TRACK-019", "stand.trc")

    def test_a_leg_without_markers(self):
        self.track(make_person_trc(rename=lambda name: "M" + name if name[0] == "L" and name != "LASI" else name))
        self.works()
        self.has("TRACK-020", "stand.trc", severity="warning", says="left leg")

    def test_a_map_that_names_nothing(self):
        self.write("own.csv", "marker,theirs,match,source\nRASI,HIP,same,me\n")
        self.track(make_person_trc(), "--map", "own.csv")
        self.fails_with("MAP-006", "own.csv")

    def test_a_map_to_markers_that_the_model_lacks(self):
        self.write("own.csv", "marker,theirs,match,source\nHORN,RASI,same,me\n")
        self.track(make_person_trc(rename=lambda name: name if name == "RASI" else "M" + name), "--map", "own.csv")
        self.fails_with("TRACK-001", "stand.trc", says="own.csv")

    def test_a_map_that_gives_one_name_to_two(self):
        self.write("own.csv", "marker,theirs,match,source\n" +
                   "".join(f"{name},M{name},same,me\n" for name in LANDMARKS) + "RASI,MLASI2,same,me\n")
        self.track(make_person_trc(rename=lambda name: "MLASI2" if name == "LASI" else "M" + name), "--map", "own.csv",
                   "--mass", "60")
        self.works()
        self.has("MAP-007", "stand.trc", severity="warning", says="RASI")

    def test_maps_with_faults(self):
        first = "marker,theirs,match,source\n"
        for id_, line, text in (("MAP-002", 1, "ours,theirs\nRASI,RASI\n"), ("MAP-003", 2, first + "RASI,HIP,often,me\n"),
                                ("MAP-004", 3, first + "RASI,HIP,same,me\nLASI,HIP,same,me\n"), ("MAP-005", None, first)):
            self.write("own.csv", text)
            self.track(make_person_trc(), "--map", "own.csv")
            self.fails_with(id_, "own.csv", line)

    def test_a_person_of_a_kilometre(self):
        self.track(make_person_trc(unit="m"))
        self.fails_with("IK-005", "stand.trc", says="times as large")

    def test_a_giant_and_a_dwarf(self):
        for scale in (2, 0.4):
            self.track(make_person_trc(lambda frame, name, p: [scale * x for x in p]))
            self.fails_with("TRACK-005", "stand.trc")

    def test_a_person_of_three_metres_or_five_kilograms(self):
        self.write("stand.trc", make_person_trc())
        for options in (["--height", "3"], ["--height", "175"], ["--mass", "5"], ["--mass", "6000"]):
            self.track(None, *options)
            self.fails_with("TRACK-006")

    def test_a_height_that_the_markers_do_not_have(self):
        self.track(make_person_trc(), "--height", "2.1", "--mass", "60")
        self.works()
        self.has("TRACK-007", "stand.trc", severity="warning", says="2.10 m was given")

    def test_turned_axes(self):
        # z is up, as in most laboratories
        turned = make_person_trc(lambda frame, name, p: (p[0], -p[2], p[1]))
        self.track(turned)
        self.fails_with("TRACK-004", "stand.trc", says="along +z of the file")
        self.assertIn("--up", self.err)
        self.track(None, "--up", "z", "--mass", "60", "--json")
        self.works()
        self.assertLess(json.loads(self.out)["track"]["marker_error_rms_m"], 0.002)
        self.track(None, "--up", "sideways")
        self.fails_with("TRACK-013", says="sideways")

    def test_a_person_who_lies_must_be_said_to(self):
        lying = make_person_trc(lambda frame, name, p: (p[1], 100 - p[0], p[2]))
        self.track(lying)
        self.fails_with("TRACK-004", "stand.trc", says="along +x of the file, but +y was taken as up")
        self.track(None, "--up", "y", "--mass", "60", "--json")
        self.works()
        self.assertLess(json.loads(self.out)["track"]["marker_error_rms_m"], 0.002)

    def test_mirrored_axes(self):
        self.track(make_person_trc(lambda frame, name, p: (-p[0], p[1], p[2])))
        self.fails_with("TRACK-010", "stand.trc")

    def test_left_and_right_exchanged(self):
        self.track(make_person_trc(rename=exchange_sides))
        self.fails_with("TRACK-010", "stand.trc")

    def test_two_names_exchanged(self):
        names = {"RCAL": "LCAL", "LCAL": "RCAL"}
        self.track(make_person_trc(rename=lambda name: names.get(name, name)), "--mass", "60")
        self.works()
        self.assertTrue([m for m in self.messages if m["id"] in ("IK-007", "IK-008", "TRACK-011") and "CAL" in m["text"]], self.err)

    def test_a_marker_that_jumps(self):
        jump = make_person_trc(lambda frame, name, p: (p[0] + 300, p[1], p[2]) if name == "RLFC" and 5 <= frame < 8 else p)
        self.track(jump, "--mass", "60")
        self.works()
        self.has("TRACK-011", "stand.trc", severity="warning", says="RLFC is left out of 3 of 20 frames, 0.05 to 0.07 s")
        self.assertIn("RLFC", self.out)

    def test_missing_markers(self):
        # without legs the coordinates of the legs keep their defaults, and that is said
        legs = ("LFC", "MFC", "KJC", "LMAL", "MMAL", "AJC", "CAL", "TOE", "MT5")
        self.track(make_person_trc(lambda frame, name, p: None if name[1:] in legs else p), "--mass", "60")
        self.works()
        self.has("IK-003", "stand.trc", severity="warning", says="RLFC")
        self.has("IK-004", "stand.trc", severity="note", says="knee_angle_r")
        self.has("TRACK-019", "stand.trc", severity="warning", says="where the legs are")
        # loads of legs that nobody saw would be made up
        self.analyze("--mass", "60", model="body", motion="stand.trc")
        self.fails_with("TRACK-019", "stand.trc")

    def test_a_marker_without_data(self):
        self.track(make_person_trc(), "--mass", "60")
        self.works()
        self.assertRegex(self.out, r"names .* (\d+) of \1 markers are known\n")
        count = int(re.search(r"fit +(\d+) markers", self.out).group(1))
        self.track(make_person_trc(lambda frame, name, p: None if name == "RTOE" else p), "--mass", "60")
        self.works()
        self.has("IK-003", "stand.trc", severity="warning", says="a marker has no position in any frame from 0 to 0.19 s: RTOE")
        self.assertRegex(self.out, r"markers are known, 1 of them without data\n")
        self.assertIn("without a position in any frame: RTOE", self.out)
        self.assertIn(f"fit       {count - 1} markers", self.out)
        record = json.loads((self.folder / "out/run.json").read_text())["track"]["markers"]
        self.assertEqual(record["without_data"], ["RTOE"])

    def test_all_gaps(self):
        self.track(make_person_trc(lambda frame, name, p: None))
        self.fails_with("IK-001", "stand.trc", says="any frame")

    def test_doubled_header_fields_are_understood(self):
        lines = make_person_trc().split("\n")
        lines[2] = lines[2].replace("\t", "\t\t")
        self.track("\n".join(lines), "--mass", "60")
        self.works()

    def test_options_that_contradict_one_another(self):
        self.track(make_person_trc(), "--no-scale", "--mass", "60")
        self.fails_with("TRACK-015")
        for options in (["--mass", "60"], ["--up", "z"], ["--no-scale"], ["--no-plates"]):
            self.analyze(*options)
            self.fails_with("TRACK-015", "lift.sto")

    def test_results_cannot_be_written(self):
        self.write("out", "a file in the place of the folder")
        self.track(make_person_trc(), "--mass", "60")
        self.fails_with("APP-001", "out")

    def test_damaged_recordings(self):
        import random
        chance = random.Random(8)
        base = make_person_trc(frames=3).encode()
        for _ in range(30):
            damaged = bytearray(base)
            for _ in range(chance.randint(1, 4)):
                where = chance.randrange(len(damaged))
                if chance.random() < 0.5:
                    damaged[where] = chance.randrange(256)
                else:
                    del damaged[where:where + chance.randint(1, 200)]
            self.write("stand.trc", bytes(damaged))
            self.track()
            self.assertIn(self.code, (0, 1, 2), self.err)
            if self.code == 1:
                self.assertTrue([m for m in self.messages if m["severity"] == "error"], self.err)


class Tools(Case):
    def tool(self, name, old, new):
        base = {"id.xml": SETUP_ID, "so.xml": SETUP_SO, "jr.xml": SETUP_JR}[name]
        self.text = spoil(base, old, new)
        self.write(name, self.text)
        return self.run_program("run-tool", name)

    def test_files_that_the_setup_names(self):
        self.tool("id.xml", "arm.osim", "none.osim")
        self.fails_with("XML-001", "none.osim")
        self.tool("id.xml", "<model_file>arm.osim</model_file>\n", "")
        self.fails_with("SETUP-003", "id.xml")
        self.tool("id.xml", "0 0.4", "0.4 0")
        self.fails_with("SETUP-004", "id.xml", line_of(self.text, "0.4 0"))
        self.tool("id.xml", "InverseDynamicsTool", "InverseKinematicsTool")
        self.assertEqual(self.code, 1)

    def test_other_tools_are_named(self):
        self.write("id.xml", SETUP_ID.replace("InverseDynamicsTool", "CMCTool"))
        self.run_program("run-tool", "id.xml")
        self.fails_with("SETUP-002", "id.xml", says="CMCTool")

    def test_exponent(self):
        self.tool("so.xml", "<on>true</on>", "<on>true</on>\n<activation_exponent>2.5</activation_exponent>")
        self.fails_with("TOOL-003", "so.xml")

    def test_forces_that_cannot_make_the_motion(self):
        self.write("arm.osim", spoil(MODEL, "<max_isometric_force>3000<", "<max_isometric_force>3<"))
        self.run_program("run-tool", "so.xml")
        self.assertEqual(self.code, 2, self.err)
        self.has("RECRUIT-001", says="first at 0.0000 s: coordinate 'flexion'")
        self.assertIn("21 of 21 frames", self.err)
        # in analyze the reserves help out, and the report says how much
        self.analyze()
        self.assertEqual(self.code, 0, self.err)
        record = json.loads((self.folder / "out/run.json").read_text())
        self.assertFalse(record["conditions"][0]["sound"])
        self.assertGreater(abs(record["conditions"][0]["peak_reserves_Nm"]["flexion"]), 3)

    def test_reaction_of_a_joint_nobody_has(self):
        self.tool("jr.xml", "<joint_names>elbow<", "<joint_names>knee<")
        self.fails_with("JR-001", says="knee")
        self.assertIn("elbow, wrist", self.err)

    def test_reaction_lists(self):
        self.tool("jr.xml", "<joint_names>elbow<", "<joint_names>elbow wrist elbow<")
        self.works()
        self.tool("jr.xml", "<apply_on_bodies>child<", "<apply_on_bodies>child child<")
        self.fails_with("SETUP-008", "jr.xml")
        self.tool("jr.xml", "<apply_on_bodies>child<", "<apply_on_bodies>uncle<")
        self.fails_with("SETUP-008", "jr.xml", says="uncle")
        self.tool("jr.xml", "<express_in_frame>ground<", "<express_in_frame>moon<")
        self.fails_with("JR-003", says="moon")

    def test_forces_file(self):
        self.tool("jr.xml", "<forces_file>forces.sto</forces_file>\n", "")
        self.works()
        self.has("TOOL-004", "jr.xml", severity="warning", says="defaults")
        self.write("jr.xml", SETUP_JR)
        self.write("forces.sto", FORCES.replace("wrist_motor", "other"))
        self.run_program("run-tool", "jr.xml")
        self.fails_with("JR-004", "forces.sto", says="wrist_motor")

    def test_columns_that_are_no_force_are_named_and_left_out(self):
        rows = [[t, 80, 0.3, 5] for t in TIMES]
        self.run_program("run-tool", "jr.xml")
        plain = (self.folder / "out/arm_jr_ReactionLoads.sto").read_text()
        self.write("forces.sto", make_table(["biceps", "wrist_motor", "FX"], rows))
        self.run_program("run-tool", "jr.xml")
        self.works()
        self.has("JR-005", "forces.sto", severity="warning", says="FX")
        self.assertEqual((self.folder / "out/arm_jr_ReactionLoads.sto").read_text(), plain)

    def test_forces_of_other_times(self):
        self.write("forces.sto", make_table(["biceps", "wrist_motor"], [[t + 0.1, 80, 0.3] for t in TIMES]))
        self.run_program("run-tool", "jr.xml")
        self.fails_with("JR-006", "forces.sto")

    def test_a_coordinate_that_moves_no_mass(self):
        text = spoil(MODEL, "<mass>0.5<", "<mass>0<")
        self.write("arm.osim", spoil(text, "0.001 0.001 0.001 0 0 0", "0 0 0 0 0 0"))
        self.run_program("run-tool", "jr.xml")
        self.assertEqual(self.code, 1, self.err)
        self.has("JR-007", "arm.osim")

    def test_muscle_analysis_of_nobody(self):
        self.write("ma.xml", make_analyze_setup("<MuscleAnalysis name=\"ma\">\n<on>true</on>\n"
                                                "<muscle_list>triceps</muscle_list>\n</MuscleAnalysis>"))
        self.run_program("run-tool", "ma.xml")
        self.fails_with("ANALYZE-001", says="triceps")

    def test_times_without_states(self):
        self.write("so.xml", spoil(SETUP_SO, "<coordinates_file>lift.sto</coordinates_file>",
                                   "<states_file>lift.sto</states_file>"))
        self.run_program("run-tool", "so.xml")
        self.fails_with("MOTION-014", "lift.sto")


class Validation(Case):
    """`buttress validate` on a small library beside a page"""
    ROWS = "data/evidence/measurements.csv"
    PAIRS = "data/evidence/comparisons.csv"

    def setUp(self):
        super().setUp()
        data = Path(__file__).resolve().parent.parent.parent / "data"
        for folder in ("data/movements", "data/evidence", "docs"):
            (self.folder / folder).mkdir(parents=True)
        for name in ("muscle_groups.csv", "movements/quiet_standing.json"):
            shutil.copy(data / name, self.folder / "data" / name)
        for folder in ("models", "norms", "words"):
            shutil.copytree(data / folder, self.folder / "data" / folder)
        self.write(self.ROWS, "id,quantity,activity,value,low,high,sd,unit,certainty,source\n"
                              "knee.two,knee_contact,standing,107,,,,%BW,verified,Kutzner 2010\n"
                              "hip.walk,hip_contact,walking,238,,,,%BW,L,Bergmann 2001\n")
        self.write(self.PAIRS, "measurement,movement,settings,side,statistic,counts,remark\n"
                               "knee.two,quiet_standing,,larger,peak,yes,\nhip.walk,walk,,larger,peak,no,\n")
        self.write("docs/validation.md", "# Page\n\n<!-- buttress validate: begin -->\nold\n"
                                         "<!-- buttress validate: end -->\n\nby hand\n")

    def validate(self, *options):
        return self.run_program("validate", *options, environment={"BUTTRESS_DATA": "data"})

    def append(self, name, text):
        path = self.folder / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def test_sound(self):
        self.validate()
        self.works()
        page = (self.folder / "docs/validation.md").read_text(encoding="utf-8")
        self.assertIn("| standing | quiet_standing | 107 |", page)
        self.assertIn("| *walking* | *walk* | *238* | *not in the library* |", page)
        self.assertTrue(page.startswith("# Page\n") and page.endswith("\nby hand\n"), page)
        self.assertNotIn("old", page.splitlines())
        self.assertTrue((self.folder / "docs/validation/knee_contact.svg").exists())
        record = json.loads((self.folder / "docs/validation/validation.json").read_text(encoding="utf-8"))
        self.assertEqual(record["quantities"]["knee_contact"]["activities"], 1)

    def test_into_a_folder(self):
        self.validate("--out", "out", "--json")
        self.works()
        self.assertEqual(self.out, (self.folder / "out/validation/validation.json").read_text(encoding="utf-8"))
        self.assertIn("old", (self.folder / "docs/validation.md").read_text(encoding="utf-8"))

    def test_without_a_page(self):
        shutil.rmtree(self.folder / "docs")
        self.validate()
        self.fails_with("VALID-003", says="docs/validation.md")

    def test_a_page_without_marks(self):
        self.write("docs/validation.md", "# Page\n")
        self.validate()
        self.fails_with("VALID-002", "docs/validation.md")

    def test_the_folder_is_a_file(self):
        self.write("out", "text")
        self.validate("--out", "out")
        self.fails_with("APP-001")

    def test_tables_that_are_missing_or_spoiled(self):
        for name, old, new, id_, line in (
                (self.ROWS, "id,quantity", "quantity,id", "EVID-001", 1),
                (self.ROWS, "107", "1o7", "EVID-002", 2),
                (self.ROWS, "hip.walk", "knee.two", "EVID-003", 3),
                (self.PAIRS, "knee.two", "knee.too", "EVID-004", 2),
                (self.PAIRS, "larger,peak,no", "larger,peak,yes", "EVID-005", 3),
                (self.PAIRS, "larger,peak,yes", "both,peak,yes", "EVID-002", 2)):
            with self.subTest(id_):
                text = (self.folder / name).read_text(encoding="utf-8")
                self.write(name, spoil(text, old, new))
                self.validate()
                self.fails_with(id_, name, line)
                self.write(name, text)
        (self.folder / self.PAIRS).unlink()
        self.validate()
        self.fails_with("EVID-001", self.PAIRS)

    def test_a_global_number_that_is_gone(self):
        name = "data/models/parameters.csv"
        self.write(name, spoil((self.folder / name).read_text(encoding="utf-8"), "specific_tension", "tension"))
        self.validate()
        self.fails_with("VALID-004", name, says="specific_tension")

    def test_a_movement_that_cannot_be_run_is_an_error_and_the_rest_is_written(self):
        self.write("data/movements/walk.json", "{ name: walk }")
        self.validate()
        self.assertEqual(self.code, 2, self.err)
        self.has("MOVE-001", "data/movements/walk.json")
        self.assertIn("*could not be computed*", (self.folder / "docs/validation.md").read_text(encoding="utf-8"))

    def test_a_setting_that_the_movement_does_not_have(self):
        self.append(self.PAIRS, "hip.walk,quiet_standing,speed_m_s=1,r,peak,no,\n")
        self.validate()
        self.assertEqual(self.code, 2, self.err)
        self.has("MOVE-005", says="speed_m_s")


class Damage(Case):
    """random damage to each file: whatever is said, the program says it and does not crash"""

    def test_damaged_bytes(self):
        import random
        chance = random.Random(5)
        for name, base in (("arm.osim", MODEL), ("lift.sto", MOTION), ("so.xml", SETUP_SO), ("bag.xml", LOADS)):
            for _ in range(25):
                damaged = bytearray(base.encode())
                for _ in range(chance.randint(1, 4)):
                    where = chance.randrange(len(damaged))
                    how = chance.randrange(3)
                    if how == 0:
                        damaged[where] = chance.randrange(256)
                    elif how == 1:
                        del damaged[where:where + chance.randint(1, 30)]
                    else:
                        damaged[where:where] = bytes(chance.choices(b"0123456789-.<>/ \t\nabc", k=3))
                self.write(name, bytes(damaged))
                if name == "so.xml":
                    self.run_program("run-tool", "so.xml")
                else:
                    self.analyze("--loads", "bag.xml")
                self.assertIn(self.code, (0, 1, 2), self.err)
                if self.code == 1:
                    self.assertTrue([m for m in self.messages if m["severity"] == "error"], self.err)
            self.write(name, base)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--buttress", required=True)
    options, rest = parser.parse_known_args()
    BUTTRESS = os.path.abspath(options.buttress)
    unittest.main(argv=[sys.argv[0], *rest])
