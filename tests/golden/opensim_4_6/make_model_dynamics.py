#!/usr/bin/env python3
"""Makes model_dynamics.txt: inverse dynamics of every model below ../shared/data with OpenSim 4.6 (import opensim).

  make_model_dynamics.py SHARED_DATA OUTPUT_FILE

Four frames of each model, from formulas that models_dynamics_test.cpp repeats (see find_motion): the default pose at
rest, a pose at rest, and two poses in motion. Muscles are left out, as InverseDynamicsTool does with
forces_to_exclude Muscles; all other forces of the model act. Constraints are ignored, as the tool ignores them.

  model PATH
  names ...     coordinates
  frame ...     generalized forces, N m or N
  tool ...      what the tool makes of the same frame, where it is something else

Ball and Free joints: the tool takes the rates of the angles for angular velocities and gives torques along axes of the
parent. `frame` has the same mechanics with speeds u = N^-1 qdot, and the generalized forces of the angles N^-T tau.
"""
import math
import os
import sys
import tempfile

import opensim

FRAMES = 4


def find_phase(name):
    """A number of the coordinate's name alone: both programs list coordinates in orders of their own."""
    return sum((i + 1) * byte for i, byte in enumerate(name.encode())) % 997 * 0.1


def find_motion(name, default, is_rotational, frame):
    """Value, rate and acceleration of a coordinate in a frame."""
    size = 0.3 if is_rotational else 0.03
    phase = find_phase(name) + 1.7 * frame
    moves = 1.0 if frame >= 2 else 0.0
    return (default + (size * math.sin(phase) if frame >= 1 else 0.0), moves * 4 * size * math.cos(phase),
            moves * -16 * size * math.sin(phase))


def to_vector(values):
    vector = opensim.Vector(len(values), 0.0)
    for i, value in enumerate(values):
        vector.set(i, value)
    return vector


def to_list(vector):
    return [vector.get(i) for i in range(vector.size())]


def write_model(path, name, out):
    model = opensim.Model(path)
    # OpenSim 4.6 reads an activation below its bound and then refuses to start; muscles are left out all the same
    for i in range(model.getForceSet().getSize()):
        muscle = opensim.Thelen2003Muscle.safeDownCast(model.getForceSet().get(i))
        if muscle is not None:
            muscle.set_minimum_activation(max(muscle.get_minimum_activation(), 0.01))
            muscle.setMinControl(max(muscle.getMinControl(), 0.01))
    model.finalizeFromProperties()
    coordinates = [model.getCoordinateSet().get(i) for i in range(model.getCoordinateSet().getSize())]
    defaults = {c.getName(): c.getDefaultValue() for c in coordinates}
    for c in coordinates:
        # a lock would keep the speed of a frame at zero; the tool goes through it
        c.setDefaultLocked(False)
        c.set_prescribed(False)
        c.setDefaultClamped(False)
    for i in range(model.getForceSet().getSize()):
        force = model.getForceSet().get(i)
        if opensim.Muscle.safeDownCast(force) is not None:
            force.set_appliesForce(False)
    model.initSystem()
    state = model.initializeState()
    coordinates = [model.getCoordinateSet().get(i) for i in range(model.getCoordinateSet().getSize())]
    matter, count = model.getMatterSubsystem(), state.getNU()
    # where each coordinate stands among the speeds
    place = []
    for c in coordinates:
        state.setU(opensim.Vector(count, 0.0))
        c.setSpeedValue(state, 1.0)
        place.append([i for i in range(count) if state.getU().get(i) != 0][0])
    out.write(f"model {name}\nnames {' '.join(c.getName() for c in coordinates)}\n")
    solver = opensim.InverseDynamicsSolver(model)
    for frame in range(FRAMES if count else 0):
        q, qd, qdd = [0.0] * count, [0.0] * count, [0.0] * count
        for c, k in zip(coordinates, place):
            value, qd[k], qdd[k] = find_motion(c.getName(), defaults[c.getName()], c.getMotionType() == 1, frame)
            c.setValue(state, value, False)

        def solve(u, udot):
            state.setU(to_vector(u))
            model.realizeDynamics(state)
            return to_list(solver.solve(state, to_vector(udot)))

        tool = solve(qd, qdd)
        model.realizePosition(state)
        u, drift, udot, tau = (opensim.Vector() for _ in range(4))
        matter.multiplyByNInv(state, False, to_vector(qd), u)
        state.setU(u)
        model.realizeVelocity(state)
        matter.multiplyByNDot(state, False, u, drift)
        matter.multiplyByNInv(state, False, to_vector([a - b for a, b in zip(qdd, to_list(drift))]), udot)
        matter.multiplyByNInv(state, True, to_vector(solve(to_list(u), to_list(udot))), tau)
        mechanics = to_list(tau)
        out.write("frame " + " ".join(f"{mechanics[k]:.8g}" for k in place) + "\n")
        if any(abs(a - b) > 1e-6 * max(map(abs, tool)) for a, b in zip(tool, mechanics)):
            out.write("tool " + " ".join(f"{tool[k]:.8g}" for k in place) + "\n")


def main():
    data, output = (os.path.abspath(path) for path in sys.argv[1:3])
    os.chdir(tempfile.gettempdir())
    opensim.Logger.removeFileSink()
    opensim.Logger.setLevelString("error")
    models = sorted(os.path.relpath(os.path.join(folder, file), data) for folder, _, files in os.walk(data)
                    for file in files if file.endswith(".osim"))
    with open(output, "w") as out:
        for name in models:
            print(name, file=sys.stderr)
            write_model(os.path.join(data, name), name, out)


if __name__ == "__main__":
    main()
