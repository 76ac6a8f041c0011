#!/usr/bin/env python3
"""Makes model_forces.txt: inverse dynamics of forces.osim (beside it) with OpenSim 4.6 (import opensim).

  make_model_forces.py

  force NAME       the only force that acts
  labels ...       what ForceReporter calls the numbers of this force
  frame ...        generalized forces, N m or N, of the coordinates rx ry rz tx ty tz swing; twelve frames each
  record ...       what ForceReporter writes of this force in the frame
  so FORCE         force of the strut of strut.osim in static optimization, one a frame of strut_motion.mot
  jr ...           force, moment and point of the joint reaction of its pivot under the forces of strut_forces.sto

Poses, rates and accelerations come from formulas that model_forces_test.cpp repeats (see find_motion).
"""
import math
import os
import tempfile

import opensim

COORDINATES = ["rx", "ry", "rz", "tx", "ty", "tz", "swing"]
DEFAULTS = [0, 0, 0, 0, 0.45, 0, 0]
FRAMES = 12


def find_motion(index, frame):
    """Value, rate and acceleration of a coordinate in a frame; nothing moves in the first two."""
    size = 0.02 if 3 <= index <= 5 else 0.3
    phase, moves = 1.3 * index + 1.7 * frame, 1.0 if frame >= 2 else 0.0
    return (DEFAULTS[index] + size * math.sin(phase), moves * 5 * size * math.cos(phase),
            moves * -25 * size * math.sin(phase))


def to_vector(values):
    vector = opensim.Vector(len(values), 0.0)
    for i, value in enumerate(values):
        vector.set(i, value)
    return vector


def write_forces(path, out):
    whole = opensim.Model(path)
    names = [whole.getForceSet().get(i).getName() for i in range(whole.getForceSet().getSize())]
    for name in ["none"] + names:
        model = opensim.Model(path)
        for other in names:
            model.getForceSet().get(other).set_appliesForce(other == name)
        state = model.initSystem()
        solver = opensim.InverseDynamicsSolver(model)
        out.write(f"force {name}\n")
        force = None if name == "none" else model.getForceSet().get(name)
        if force:
            labels = force.getRecordLabels()
            out.write("labels " + " ".join(labels.get(i) for i in range(labels.getSize())) + "\n")
        for frame in range(FRAMES):
            motion = [find_motion(i, frame) for i in range(len(COORDINATES))]
            for coordinate, (value, rate, _) in zip(COORDINATES, motion):
                model.getCoordinateSet().get(coordinate).setValue(state, value, False)
                model.getCoordinateSet().get(coordinate).setSpeedValue(state, rate)
            tau = solver.solve(state, to_vector([m[2] for m in motion]))
            out.write("frame " + " ".join(f"{tau.get(i):.15g}" for i in range(tau.size())) + "\n")
            if force:
                model.realizeDynamics(state)
                values = force.getRecordValues(state)
                out.write("record " + " ".join(f"{values.get(i):.12g}" for i in range(values.getSize())) + "\n")


def run_analysis(setup, result):
    """Labels and rows of a result."""
    results = tempfile.mkdtemp()
    tool = opensim.AnalyzeTool(setup)
    tool.setResultsDir(results)
    tool.run()
    with open(os.path.join(results, result)) as file:
        lines = file.read().splitlines()
    labels = next(i for i, line in enumerate(lines) if line.strip() == "endheader") + 1
    return lines[labels].split(), [[float(x) for x in line.split()] for line in lines[labels + 1:] if line.strip()]


def write_strut(folder, out):
    labels, rows = run_analysis(os.path.join(folder, "strut_setup.xml"), "strut_StaticOptimization_force.sto")
    column = labels.index("strut")
    with open(os.path.join(folder, "strut_forces.sto"), "w") as file:
        file.write(f"forces\nversion=1\nnRows={len(rows)}\nnColumns=2\ninDegrees=no\nendheader\ntime\tstrut\n")
        for row in rows:
            file.write(f"{row[0]:.6g}\t{row[column]:.9g}\n")
            out.write(f"so {row[column]:.9g}\n")
    labels, rows = run_analysis(os.path.join(folder, "strut_reaction_setup.xml"), "strut_JointReaction_ReactionLoads.sto")
    for row in rows:
        out.write("jr " + " ".join(f"{x:.12g}" for x in row[1:]) + "\n")


def main():
    folder = os.path.dirname(os.path.abspath(__file__))
    os.chdir(tempfile.gettempdir())
    opensim.Logger.removeFileSink()
    opensim.Logger.setLevelString("error")
    with open(os.path.join(folder, "model_forces.txt"), "w") as out:
        write_forces(os.path.join(folder, "forces.osim"), out)
        write_strut(folder, out)


if __name__ == "__main__":
    main()
