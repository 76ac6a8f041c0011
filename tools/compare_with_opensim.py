#!/usr/bin/env python3
"""Runs the same setup files through OpenSim's tools and through `buttress run-tool`; compares all columns and the time.

    tools/compare_with_opensim.py --buttress PATH [--python PYTHON] [--cases NAME ...] [--work DIR] [--details N]

PYTHON has the `opensim` package (tried with 4.6). NAME is the beginning of wanted cases' names; recorded movements are
those of ../shared next to the repository. --details also lists the N columns that differ most.

A line is one quantity of one case: largest difference over all columns and frames, its share of that column's largest
value in OpenSim ("of peak"), the column; then the largest share among columns that reach 1 % of the quantity's largest
value. Seconds per frame: OpenSim's tool.run() with the model loaded; Buttress as a whole process, program start and
model included; its analysis alone, by run.json.
"""
import argparse
import bisect
import json
import math
import multiprocessing
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from opensim_inputs import (POSE_STEP, copy_actuator_forces, copy_setup, copy_walk, import_opensim,  # noqa: E402
                            read_table, write_analyze_setup, write_reserves, write_seeded_poses, write_single_leg_stance)

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = pathlib.Path(os.environ.get("BUTTRESS_SHARED", ROOT.parent / "shared")).resolve()
BODY = ROOT / "data/models/buttress_body.osim"
COMPARED = re.compile(r"(inverse_dynamics|_Length|_MomentArm_\w+|_activation|_force|_ReactionLoads)\.sto$")


def in_own_process(function, *arguments):
    """All that uses OpenSim runs in a process of its own, because <defaults> leak from model to model."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def run_opensim_tool(setup, folder):
    """Runs one setup file; returns the seconds of tool.run()."""
    opensim = import_opensim()
    is_inverse = "InverseDynamicsTool" in setup.read_text()
    tool = opensim.InverseDynamicsTool(str(setup)) if is_inverse else opensim.AnalyzeTool(str(setup), True)
    tool.setResultsDir(str(folder))
    start = time.perf_counter()
    tool.run()
    return time.perf_counter() - start


def find_quantity(file_name, column):
    """Columns with one unit and meaning share a line of the table."""
    kind = COMPARED.search(file_name).group(1)
    if kind == "_ReactionLoads":
        return {"f": "reaction force, N", "m": "reaction moment, N m", "p": "point, m"}[column[-2]]
    return {"inverse_dynamics": "moment, N m" if column.endswith("_moment") else "force, N", "_Length": "length, m",
            "_activation": "activation", "_force": "muscle and actuator force, N or N m"}.get(kind, "moment arm, m")


def compare_files(theirs, ours, differences):
    """Adds (quantity, column) -> (difference, time, peak) of two files; returns the number of frames compared."""
    (names, rows), (our_names, our_rows) = read_table(theirs), read_table(ours)
    times = [row[0] for row in our_rows]
    nearest = [(row, our_rows[min(bisect.bisect_left(times, row[0] - 1e-5), len(times) - 1)]) for row in rows]
    pairs = [(a, b) for a, b in nearest if abs(a[0] - b[0]) < 2e-5]
    missing = [name for name in names if name not in our_names]
    if missing or len(pairs) < len(rows):
        print(f"  {theirs.name}: {len(pairs)} of {len(rows)} frames in common; {len(missing)} columns only in OpenSim's: "
              f"{', '.join(missing[:2])}", flush=True)
    arm = theirs.name.split("_MomentArm_")[1][:-4] + ": " if "_MomentArm_" in theirs.name else ""
    for i, name in enumerate(names[1:], 1):
        if name in our_names:
            j = our_names.index(name)
            worst, at = max((math.inf if math.isnan(a[i] - b[j]) else abs(a[i] - b[j]), a[0]) for a, b in pairs)
            differences[find_quantity(theirs.name, name), arm + name] = (worst, at, max(abs(a[i]) for a, _ in pairs))
    return len(pairs)


class Comparison:
    def __init__(self, arguments, work):
        self.arguments, self.work = arguments, work

    def wants(self, case):
        return not self.arguments.cases or any(case.startswith(wanted) for wanted in self.arguments.cases)

    def run(self, case, setup):
        """Runs both programs and prints the lines of one case; returns OpenSim's result folder."""
        theirs, ours = self.work / case / "opensim", self.work / case / "buttress"
        theirs.mkdir(parents=True, exist_ok=True)
        try:
            their_seconds = in_own_process(run_opensim_tool, setup, theirs)
        except RuntimeError as error:
            print(f"{case}: OpenSim ended with {error}", flush=True)
            return theirs
        start = time.perf_counter()
        done = subprocess.run([self.arguments.buttress, "run-tool", setup, "--results", ours], capture_output=True,
                              text=True, check=False)
        our_seconds = time.perf_counter() - start
        if done.returncode != 0:
            print(f"{case}: buttress ended with {done.returncode}\n{(done.stderr + done.stdout)[:1500]}", flush=True)
            return theirs
        differences, frames = {}, 0
        for path in sorted(theirs.glob("*.sto")):
            if COMPARED.search(path.name) and (ours / path.name).exists():
                frames = compare_files(path, ours / path.name, differences)
            elif COMPARED.search(path.name):
                print(f"  {case}: only OpenSim wrote {path.name}", flush=True)
        seconds = json.loads((ours / "run.json").read_text())["seconds"]
        analysis = sum(value for key, value in seconds.items() if key not in ("read_model", "read_motion"))
        times = " ".join(f"{value / max(frames, 1):9.2e}" for value in (their_seconds, our_seconds, analysis))
        for quantity in sorted({q for q, _ in differences}):
            columns = {c: d for (q, c), d in differences.items() if q == quantity}
            self.print_quantity(f"{case:22} {frames:5} {quantity:36}", columns, times)
        return theirs

    def print_quantity(self, head, columns, times):
        ranked = sorted(columns.items(), key=lambda item: -item[1][0])
        column, (worst, at, peak) = ranked[0]
        floor = 0.01 * max(p for _, _, p in columns.values())
        share, other = max(((d / p, name) for name, (d, _, p) in ranked if p > floor), default=(0, "none"))
        of_peak = worst / peak if peak else 0
        print(f"{head} {worst:9.2e} {of_peak:8.1e}  {column} at {at:g} s | {share:8.1e} {other} | {times}", flush=True)
        for name, (d, when, p) in ranked[:self.arguments.details]:
            print(f"      {name:48} {d:9.2e} of {p:9.3g} at {when:g} s")

    def run_recruitment(self, case, model, motion, end, start=0.0, step=1, loads="", lowpass=-1):
        """Static optimization with reserves, and from OpenSim's forces the reactions of all joints by both."""
        if not self.wants(case):
            return
        reserves, forces, setup = (self.work / f"{case}{suffix}" for suffix in ("_reserves.xml", "_forces.sto", ".xml"))
        in_own_process(write_reserves, model, reserves)

        def run(name, analysis, choices):
            return self.run(name, write_analyze_setup(setup, model, motion, analysis, choices, end, start, step, loads,
                                                      reserves, lowpass))
        folder = run(f"{case}_so", "StaticOptimization", {
            "use_model_force_set": "true", "activation_exponent": 2, "use_muscle_physiology": "true",
            "optimizer_max_iterations": 500, "optimizer_convergence_criterion": 1e-6})
        if not (folder / "a_StaticOptimization_force.sto").exists():
            return
        copy_actuator_forces(folder, forces)
        for side, frame in ((s, f) for s in ("child", "parent") for f in ("ground", "child", "parent")):
            run(f"{case}_jr_{side}_{frame}", "JointReaction", {
                "forces_file": forces, "joint_names": "ALL", "apply_on_bodies": side, "express_in_frame": frame})

    def run_paths(self, case, model, motion=None, coordinates="all", end=0.49, start=0.0, step=1):
        """Lengths and moment arms; without a motion at 50 seeded poses."""
        if not self.wants(case):
            return
        if motion is None:
            motion = self.work / f"{case}.mot"
            in_own_process(write_seeded_poses, model, motion, round(end / POSE_STEP) + 1)
        choices = {"muscle_list": "all", "compute_moments": "true", "moment_arm_coordinate_list": coordinates}
        setup = self.work / f"{case}.xml"
        self.run(case, write_analyze_setup(setup, model, motion, "MuscleAnalysis", choices, end, start, step))


def run_all(comparison, work):
    # OpenSim 4.6 refuses less than 0.01 as least activation or control of a Thelen muscle: both get it in arm26
    for name in ("arm26", "arm26_bounds"):
        text = (SHARED / f"data/osim_core_arm26_pendulum/{name}.osim").read_text()
        text = re.sub(r"(<(minimum_activation|min_control)>)\s*0[.0]*1?\s*<", r"\g<1>0.01<", text)
        (work / f"{name}.osim").write_text(text)
    walk = SHARED / "data/rajagopal_walk"
    model, motion = walk / "subject_walk_scaled.osim", work / "walk.sto"
    copy_walk(walk / "coordinates.sto", motion)

    # what is slow in OpenSim gets fewer frames or coordinates
    changes = {"so_gait2392": {"final_time": 0.7, "end_time": 0.7}, "id_rajagopal": {"coordinates_file": motion},
               "lengths_armless": {"step_interval": 5}, "lengths_gait1018": {"step_interval": 5},
               "so_arm26": {"model_file": work / "arm26.osim"},
               "so_arm26_bounds": {"model_file": work / "arm26_bounds.osim"}}
    for source in sorted((SHARED / "check/setups").glob("*.xml")):
        if comparison.wants(source.stem):
            comparison.run(source.stem, copy_setup(source, work / source.name, changes.get(source.stem, {})))
    comparison.run_paths("paths_walk", model, motion, end=1.799, start=0.45, step=50)
    comparison.run_recruitment("walk", model, motion, 0.8, 0.7, 25, walk / "grf_walk.xml", 6)

    generic = SHARED / "data/generic_models/Pose2Sim_LFB_muscles_flex.osim"
    lumbar = SHARED / "data/lumbar_lifting_5kg_squat/lumbarModel_scaled.osim"
    comparison.run_paths("paths_lfb", generic, coordinates="L5_S1_Flex_Ext hip_flexion_r knee_angle_r")
    comparison.run_paths("paths_lumbar", lumbar, coordinates="L5_S1_Flex_Ext L5_S1_Lat_Bending arm_flex_r")
    comparison.run_paths("paths_arm26", work / "arm26.osim")
    comparison.run_paths("paths_body", BODY, coordinates="hip_flexion_r hip_adduction_r knee_angle_r lumbar_extension")
    if comparison.wants("stance"):
        in_own_process(write_single_leg_stance, BODY, work / "stance.mot", work / "stance_loads.xml", 12)
    comparison.run_recruitment("stance", BODY, work / "stance.mot", 0.02, loads=work / "stance_loads.xml")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--buttress", type=lambda p: str(pathlib.Path(p).resolve()), required=True)
    parser.add_argument("--python")
    parser.add_argument("--cases", nargs="*", default=[])
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--details", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.python and os.path.abspath(arguments.python) != os.path.abspath(sys.executable):
        os.execv(arguments.python, [arguments.python, *sys.argv])
    if not SHARED.is_dir():
        sys.exit(f"no recorded movements: {SHARED} is not a folder (BUTTRESS_SHARED names another)")
    work = (arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="compare_with_opensim_"))).resolve()
    work.mkdir(parents=True, exist_ok=True)
    print(f"results in {work}\ncase, frames, quantity, largest difference, of peak, column | largest of peak, column | "
          "seconds per frame: OpenSim, Buttress process, Buttress analysis", flush=True)
    run_all(Comparison(arguments, work), work)


if __name__ == "__main__":
    main()
