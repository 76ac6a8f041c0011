#!/usr/bin/env python3
"""Runs the setups of examples/opensim in OpenSim 4.6 (import opensim) and keeps some frames of what comes out.

  make_example_results.py          writes example_*.sto beside itself; needs nothing but the repository

inverse dynamics every tenth frame; static optimization, muscle lengths and moment arms of all frames (few); nine digits.
"""
import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parents[2] / "examples/opensim"
sys.path.insert(0, str(HERE.parents[2] / "tools"))
from opensim_inputs import import_opensim, read_table  # noqa: E402

FILES = {"walk_StaticOptimization_activation": "example_activation", "walk_StaticOptimization_force": "example_force",
         "walk_MuscleAnalysis_Length": "example_length",
         "walk_MuscleAnalysis_MomentArm_hip_flexion_r": "example_moment_arm_hip_flexion_r",
         "walk_MuscleAnalysis_MomentArm_knee_angle_r": "example_moment_arm_knee_angle_r"}


def keep(source, target, step):
    names, rows = read_table(source)
    # forces of springs, which follow from the pose alone, are left out
    kept = [i for i, name in enumerate(names) if "_disc." not in name and not name.startswith("knee_capsule")]
    names, rows = [names[i] for i in kept], [[row[i] for i in kept] for row in rows]
    rows = rows[::step]
    head = [f"OpenSim 4.6, examples/opensim: {source.stem}", "version=1", f"nRows={len(rows)}", f"nColumns={len(names)}",
            "inDegrees=no", "endheader", "\t".join(names)]
    (HERE / f"{target}.sto").write_text("\n".join(head + ["\t".join(f"{v:.9g}" for v in row) for row in rows]) + "\n")


def main():
    opensim = import_opensim()
    # OpenSim looks for the model from where it runs
    os.chdir(EXAMPLES)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        tool = opensim.InverseDynamicsTool(str(EXAMPLES / "inverse_dynamics.xml"))
        tool.setResultsDir(str(folder))
        tool.run()
        keep(folder / "walk_inverse_dynamics.sto", "example_inverse_dynamics", 10)
        tool = opensim.AnalyzeTool(str(EXAMPLES / "analyze.xml"))
        tool.setResultsDir(str(folder))
        tool.run()
        for source, target in FILES.items():
            keep(folder / f"{source}.sto", target, 1)


if __name__ == "__main__":
    main()
