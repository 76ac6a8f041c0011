#!/usr/bin/env python3
"""Makes the recordings of examples/ anew: movements of the built-in body, seen by markers and force plates.

  make_examples.py --buttress build/dev/src/cli/buttress      (Python with OpenSim 4.6: `pip install opensim`)

Angles and ground forces are those of `buttress simulate`; where the markers then are is computed by OpenSim, so that a
recording is not made by the program that will read it. Nothing here is a measurement.

recordings/ann_walk.c3d      Ann (people/ann.json) walks over five force plates, one for each step; 100 Hz
recordings/ann_squat.trc     Ann squats; markers alone, 50 Hz
recordings/ann_standing.trc  Ann stands still
opensim/walk.trc, walk_grf.mot  the built-in body itself walks two strides, as OpenSim's tools take it
opensim/walk.mot                OpenSim's own solution of opensim/inverse_kinematics.xml
"""
import argparse
import os
import pathlib
import subprocess
import tempfile

from opensim_inputs import import_opensim, read_table
from write_c3d import Plate, write_c3d

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLES, BODY = ROOT / "examples", ROOT / "data/models/buttress_body.osim"
ANN = EXAMPLES / "people/ann.json"
ANN_HEIGHT_M, BODY_HEIGHT_M = 1.65, 1.75
# what a laboratory would stick on: no joint centres, no clusters
MARKERS = [name for side in "RL" for name in
           (side + rest for rest in ("ACR", "ASI", "PSI", "LFC", "MFC", "LMAL", "MMAL", "CAL", "TOE", "MT5", "LEL", "MEL",
                                     "FAradius", "FAulna"))] + ["C7", "CLAV"]


def simulate(buttress, movement, person, settings=()):
    """names and rows of the coordinates and of the ground's forces"""
    with tempfile.TemporaryDirectory() as folder:
        choices = [word for setting in settings for word in ("--set", setting)]
        subprocess.run([buttress, "simulate", movement, "--out", folder, *choices,
                        *(["--person", str(person)] if person else ["--strength-as-modelled"])],
                       check=True, capture_output=True)
        folder = pathlib.Path(folder)
        return read_table(folder / "coordinates.sto"), read_table(folder / "whole_ground_forces.sto")


def find_markers(opensim, coordinates, scale):
    """positions of all markers, m, in each row of the coordinates (degrees), of the body scaled evenly"""
    model = opensim.Model(str(BODY))
    state = model.initSystem()
    if scale != 1:
        factors = opensim.ScaleSet()
        for i in range(model.getBodySet().getSize()):
            factor = opensim.Scale()
            factor.setSegmentName(model.getBodySet().get(i).getName())
            factor.setScaleFactors(opensim.Vec3(scale))
            factor.setApply(True)
            factors.cloneAndAppend(factor)
        model.scale(state, factors, True)
        state = model.initSystem()
    names, rows = coordinates
    parts = [model.getCoordinateSet().get(name) for name in names[1:]]
    frames = []
    for row in rows:
        for part, value in zip(parts, row[1:]):
            part.setLocked(state, False)
            part.setValue(state, value if part.getMotionType() == 2 else value * 3.141592653589793 / 180, False)
        model.realizePosition(state)
        places = {}
        for i in range(model.getMarkerSet().getSize()):
            marker = model.getMarkerSet().get(i)
            p = marker.getLocationInGround(state)
            places[marker.getName()] = (p.get(0), p.get(1), p.get(2))
        frames.append(places)
    return frames


def resample(rows, rate_hz):
    """rows at even times, linear between those given"""
    count = int(rows[-1][0] * rate_hz + 1e-6) + 1
    result, at = [], 0
    for i in range(count):
        t = i / rate_hz
        while at + 2 < len(rows) and rows[at + 1][0] < t:
            at += 1
        a, b = rows[at], rows[at + 1]
        share = min(max((t - a[0]) / (b[0] - a[0]), 0), 1)
        result.append([t] + [x + share * (y - x) for x, y in zip(a[1:], b[1:])])
    return result


def repeat_stride(walk):
    """two strides in a row: a laboratory records more than it needs, since filters and splines are bad at both ends"""
    (names, rows), (ground_names, ground) = walk
    duration = rows[-1][0]
    forward = rows[-1][names.index("pelvis_tx")] - rows[0][names.index("pelvis_tx")]

    def shift(columns, row):
        return [value + (duration if name == "time" else forward if name == "pelvis_tx" or name.endswith("_force_px") else 0)
                for name, value in zip(columns, row)]

    return ((names, rows + [shift(names, row) for row in rows[1:]]),
            (ground_names, ground + [shift(ground_names, row) for row in ground[1:]]))


def write_trc(path, frames, rate_hz):
    names = [name for name in MARKERS if name in frames[0]]
    head = [f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
            "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
            f"{rate_hz}\t{rate_hz}\t{len(frames)}\t{len(names)}\tmm\t{rate_hz}\t1\t{len(frames)}",
            "Frame#\tTime\t" + "\t\t\t".join(names),
            "\t\t" + "\t".join(f"X{i + 1}\tY{i + 1}\tZ{i + 1}" for i in range(len(names))), ""]
    lines = ["\t".join([str(i + 1), f"{i / rate_hz:.3f}"] + [f"{1000 * x:.1f}" for name in names for x in places[name]])
             for i, places in enumerate(frames)]
    path.write_text("\n".join(head + lines) + "\n")


def write_motion(path, table, in_degrees):
    names, rows = table
    head = [path.stem, "version=1", f"nRows={len(rows)}", f"nColumns={len(names)}",
            f"inDegrees={'yes' if in_degrees else 'no'}", "endheader"]
    path.write_text("\n".join(head + ["\t".join(names)] + ["\t".join(f"{v:.6g}" for v in row) for row in rows]) + "\n")


def sum_foot(names, row, side):
    """force and moment about the origin of one foot, from all that its parts feel"""
    force, moment = [0.0] * 3, [0.0] * 3
    for group in sorted({name[:-len("_force_vx")] for name in names if name.endswith(f"{side}_force_vx")}):
        f, p, t = ([row[names.index(f"{group}_{part}{axis}")] for axis in "xyz"] for part in ("force_v", "force_p", "torque_"))
        turn = [p[1] * f[2] - p[2] * f[1], p[2] * f[0] - p[0] * f[2], p[0] * f[1] - p[1] * f[0]]
        force = [a + b for a, b in zip(force, f)]
        moment = [m + a + b for m, a, b in zip(moment, turn, t)]
    return force + moment


def find_center_of_pressure(wrench):
    """force, centre of pressure on the floor, free moment"""
    force, moment = wrench[:3], wrench[3:]
    if force[1] < 1:
        return [0.0] * 9
    x, z = moment[2] / force[1], -moment[0] / force[1]
    return [*force, x, 0.0, z, 0.0, moment[1] - (z * force[0] - x * force[2]), 0.0]


def find_foot_loads(ground, rate_hz):
    """right and left foot at even times. Wrenches are resampled, not centres of pressure, which jump where a foot lands"""
    names, rows = ground
    wrenches = [[row[0], *sum_foot(names, row, "_r"), *sum_foot(names, row, "_l")] for row in rows]
    return [[row[0], *find_center_of_pressure(row[1:7]), *find_center_of_pressure(row[7:])]
            for row in resample(wrenches, rate_hz)]


def write_opensim(opensim, loads, markers):
    folder = EXAMPLES / "opensim"
    columns = [f"{foot}_{part}{axis}" for foot in ("right", "left")
               for part in ("force_v", "force_p", "torque_") for axis in "xyz"]
    write_motion(folder / "walk_grf.mot", (["time", *columns], loads), False)
    write_trc(folder / "walk.trc", markers, 100)
    # as it stands but for the place of its result
    os.chdir(folder)
    tool = opensim.InverseKinematicsTool("inverse_kinematics.xml")
    with tempfile.TemporaryDirectory() as results:
        solution = pathlib.Path(results) / "walk.mot"
        tool.setOutputMotionFileName(str(solution))
        tool.setResultsDir(results)
        tool.run()
        write_motion(folder / "walk.mot", read_table(solution), True)


def make_plates(rows):
    """one plate for each step; the laboratory's x is ours, its y is our -z, its z is up"""
    plates = []
    for foot in (0, 1):
        loads = [row[1 + 9 * foot:10 + 9 * foot] for row in rows]
        # a step is a stretch of frames in which the foot carries something
        starts = [i for i in range(len(loads)) if loads[i][1] and (i == 0 or not loads[i - 1][1])]
        for start in starts:
            end = next((i for i in range(start, len(loads)) if not loads[i][1]), len(loads))
            middle = [sum(load[axis] * load[1] for load in loads[start:end]) / sum(load[1] for load in loads[start:end])
                      for axis in (3, 5)]
            samples = [((0, 0, 0), (0, 0, 0), (0, 0, 0))] * len(loads)
            for i in range(start, end):
                fx, fy, fz, px, _, pz, _, ty, _ = loads[i]
                samples[i] = ((fx, -fz, fy), (1000 * px, -1000 * pz, 0), (0, 0, 1000 * ty))
            plates.append(Plate((1000 * middle[0], -1000 * middle[1], 0), 250, 200, 40, samples))
    return plates


def write_recordings(walk_rows, walk_markers, squat_markers, standing_markers):
    folder = EXAMPLES / "recordings"
    write_trc(folder / "ann_squat.trc", squat_markers, 50)
    write_trc(folder / "ann_standing.trc", standing_markers, 50)
    names = [name for name in MARKERS if name in walk_markers[0]]
    positions = [[(1000 * p[0], -1000 * p[2], 1000 * p[1]) for p in (places[name] for name in names)]
                 for places in walk_markers]
    write_c3d(folder / "ann_walk.c3d", names, positions, 100, 1, make_plates(walk_rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--buttress", type=lambda p: str(pathlib.Path(p).resolve()), required=True)
    buttress = parser.parse_args().buttress
    ann = {movement: simulate(buttress, movement, ANN) for movement in ("walk", "squat", "quiet_standing")}
    opensim = import_opensim()
    scale = ANN_HEIGHT_M / BODY_HEIGHT_M

    def sample(table, rate_hz):
        return table[0], resample(table[1], rate_hz) if len(table[1]) > 1 else [table[1][0]] * 10

    motion, ground = repeat_stride(simulate(buttress, "walk", None))
    motion = sample(motion, 100)
    write_opensim(opensim, find_foot_loads(ground, 100), find_markers(opensim, motion, 1))
    motion, ground = repeat_stride(ann["walk"])
    write_recordings(find_foot_loads(ground, 100), find_markers(opensim, sample(motion, 100), scale),
                     find_markers(opensim, sample(ann["squat"][0], 50), scale),
                     find_markers(opensim, sample(ann["quiet_standing"][0], 50), scale))


if __name__ == "__main__":
    main()
