#!/usr/bin/env python3
"""Writes the built-in body, data/models/buttress_body.osim, from the cited tables in data/models/.

    tools/make_body.py                                   the committed file: man, 75 kg, 1.75 m
    tools/make_body.py --sex female --mass 60 --height 1.65 --out her.osim

The tables hold the right side and the midline of one reference person in SI units; this program mirrors, scales and
writes. Same input, same bytes: no dates, no randomness, no set or hash order. What the body is made of and why is in
docs/theory/body.md; what the columns mean is in data/models/README.md.
"""
import argparse
import csv
import math
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from body_frames import is_right, mirror_mesh, mirror_point, mirror_turn, neutral_frames, other_side, path_length  # noqa: E402
from body_osim import write_osim  # noqa: E402
from body_passive import fibre_shifts, passive_curves, passive_moments  # noqa: E402

TABLES = Path(__file__).resolve().parent.parent / "data" / "models"
LUMBAR_MASTERS = (("extension", (0.0, 0.0, 1.0)), ("bending", (1.0, 0.0, 0.0)), ("rotation", (0.0, 1.0, 0.0)))


# ---------------------------------------------------------------- tables

def read_table(folder, name):
    with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def vector(row, *columns):
    return tuple(float(row[column]) for column in columns)


def read_tables(folder):
    """All tables as rows of strings; stops when a row cites a source that sources.csv does not hold."""
    names = ("bodies", "joints", "joint_axes", "coordinates", "lumbar_levels", "muscles", "muscle_points", "wraps",
             "markers", "parameters", "passive_moments", "fibre_shifts", "segments", "sources")
    tables = {name: read_table(folder, name) for name in names}
    known = {row["source"] for row in tables["sources"]}
    for name in names[:-1]:
        for row in tables[name]:
            for column in ("source", "shares_source", "disc_source"):
                unknown = [key for key in row.get(column, "").split() if key not in known]
                if unknown:
                    sys.exit(f"{name}.csv cites {unknown[0]}, which sources.csv does not hold: {row}")
    return tables


# ---------------------------------------------------------------- the body as plain dictionaries

def build(tables, mass, height, sex):
    parameters = {row["name"]: row["value"] for row in tables["parameters"]}
    number = {name: float(value) for name, value in parameters.items() if name != "reference_sex"}
    scale = height / number["reference_height"]
    body = {"mass": mass, "height": height, "sex": sex, "parameters": number}
    body["bodies"] = build_bodies(tables, mass, scale, sex, parameters["reference_sex"])
    body["joints"] = build_joints(tables, scale)
    body["couplers"] = build_couplers(tables, body["joints"])
    body["wraps"] = build_wraps(tables, scale)
    body["bushings"] = build_bushings(tables, body["joints"])
    body["actuators"] = [(c["coordinate"], float(c["actuator_optimal"])) for c in both_sides_coordinates(tables)
                         if c["actuator_optimal"]]
    body["passive_moments"] = passive_moments(tables)
    body["markers"] = build_markers(tables, scale)
    frames = neutral_frames(body["joints"])
    strength = strength_factor(tables, number, mass, height, sex)
    body["muscles"] = build_muscles(tables, number, scale, strength, frames)
    return body


def build_bodies(tables, mass, scale, sex, reference_sex):
    percent = {row["segment"]: row for row in tables["segments"]}
    rows = []
    for row in tables["bodies"]:
        segment = percent[row["segment"]]
        share = float(row["mass_kg"]) * float(segment[f"{sex}_percent"]) / float(segment[f"{reference_sex}_percent"])
        rows.append((row, share))
        if is_right(row["body"]):
            rows.append((dict(row, body=other_side(row["body"]), mirrored="yes"), share))
    total = sum(share for _, share in rows)
    bodies = []
    for row, share in rows:
        com = vector(row, "com_x_m", "com_y_m", "com_z_m")
        inertia = vector(row, "Ixx_kgm2", "Iyy_kgm2", "Izz_kgm2", "Ixy_kgm2", "Ixz_kgm2", "Iyz_kgm2")
        meshes = row["meshes"].split()
        if "mirrored" in row:
            com = mirror_point(com)
            inertia = inertia[:4] + (-inertia[4], -inertia[5])
            meshes = [mirror_mesh(mesh) for mesh in meshes]
        # inertia grows with mass and with the square of length
        grown = share * mass / total
        factor = grown / float(row["mass_kg"]) * scale * scale
        bodies.append({"name": row["body"], "mass": grown, "com": [scale * x for x in com],
                       "inertia": [factor * x for x in inertia], "meshes": meshes, "scale": scale})
    return bodies


def both_sides_coordinates(tables):
    rows = []
    for row in tables["coordinates"]:
        rows.append(row)
    for row in tables["coordinates"]:
        if is_right(row["coordinate"]):
            rows.append(dict(row, coordinate=other_side(row["coordinate"]), joint=other_side(row["joint"]),
                             coupled_to=other_side(row["coupled_to"])))
    return rows


def build_joints(tables, scale):
    coordinates = {}
    for row in both_sides_coordinates(tables):
        coordinates.setdefault(row["joint"], []).append(row)
    axes = {}
    for row in tables["joint_axes"]:
        axes.setdefault(row["joint"], []).append(row)
    levels = {row["joint"] for row in tables["lumbar_levels"]}
    joints = []
    for row in tables["joints"]:
        joint = {"name": row["joint"], "type": row["type"]}
        for end in ("parent", "child"):
            joint[end] = row[end]
            joint[end + "_p"] = [scale * x for x in vector(row, f"{end}_x_m", f"{end}_y_m", f"{end}_z_m")]
            joint[end + "_turn"] = list(vector(row, f"{end}_rx_rad", f"{end}_ry_rad", f"{end}_rz_rad"))
        if row["joint"] in levels:
            joint["coordinates"], joint["axes"] = lumbar_joint(row["joint"])
        else:
            joint["coordinates"] = [coordinate(c, scale) for c in coordinates.get(row["joint"], [])]
            joint["axes"] = [axis(a, scale) for a in axes.get(row["joint"], [])]
        joints.append(joint)
        if is_right(row["joint"]):
            joints.append(mirror_joint(joint, coordinates))
    return joints


def coordinate(row, scale):
    values = vector(row, "default", "range_min", "range_max")
    if re.fullmatch(r"pelvis_t[xyz]", row["coordinate"]):
        values = (values[0] * scale,) + values[1:]
    return {"name": row["coordinate"], "default": values[0], "range": values[1:], "clamped": row["clamped"],
            "locked": row["locked"]}


def lumbar_joint(level):
    """Three unit axes in Rajagopal's order (z, x, y) with a dependent coordinate each."""
    names = [f"{level}_{motion}" for motion, _ in LUMBAR_MASTERS]
    coordinates = [{"name": name, "default": 0.0, "range": (-math.pi / 2, math.pi / 2), "clamped": "false",
                    "locked": "false"} for name in names]
    axes = [{"slot": f"rotation{i + 1}", "coordinate": names[i], "direction": direction, "function": "linear",
             "values": [[1.0, 0.0]]} for i, (_, direction) in enumerate(LUMBAR_MASTERS)]
    return coordinates, axes


def axis(row, scale):
    values = [[float(x) for x in part.split()] for part in row["values"].split("|")]
    # what an axis of translation gives is a length; the free motion of the pelvis is not
    if row["slot"].startswith("translation") and not row["coordinate"].startswith("pelvis_t"):
        values[-1] = [scale * x for x in values[-1]]
    return {"slot": row["slot"], "coordinate": row["coordinate"], "function": row["function"], "values": values,
            "direction": vector(row, "axis_x", "axis_y", "axis_z")}


def mirror_joint(joint, coordinates):
    """The left joint: same coordinates with the same clinical meaning, so turning axes become -S u, sliding axes S u."""
    left = dict(joint, name=other_side(joint["name"]))
    for end in ("parent", "child"):
        left[end] = other_side(joint[end])
        left[end + "_p"] = mirror_point(joint[end + "_p"])
        left[end + "_turn"] = mirror_turn(joint[end + "_turn"])
    left["coordinates"] = [dict(c, name=other_side(c["name"])) for c in joint["coordinates"]]
    left["axes"] = []
    for a in joint["axes"]:
        x, y, z = a["direction"]
        direction = (-x, -y, z) if a["slot"].startswith("rotation") else (x, y, -z)
        left["axes"].append(dict(a, coordinate=other_side(a["coordinate"]), direction=direction))
    return left


def build_couplers(tables, joints):
    """(dependent, independent, slope): the patellae with their knees, each lumbar level with the whole lumbar spine."""
    couplers = [(row["coordinate"], row["coupled_to"], float(row["slope"]))
                for row in both_sides_coordinates(tables) if row["coupled_to"]]
    for row in tables["lumbar_levels"]:
        for motion, _ in LUMBAR_MASTERS:
            couplers.append((f"{row['joint']}_{motion}", f"lumbar_{motion}", float(row[f"{motion}_share"])))
    return couplers


def build_wraps(tables, scale):
    wraps = []
    for row in tables["wraps"]:
        wrap = {"name": row["wrap"], "body": row["body"], "type": row["type"], "quadrant": row["quadrant"],
                "p": [scale * x for x in vector(row, "x_m", "y_m", "z_m")],
                "turn": list(vector(row, "rx_rad", "ry_rad", "rz_rad")),
                "radius": scale * float(row["radius_m"]), "length": scale * float(row["length_m"])}
        wraps.append(wrap)
        quadrant = wrap["quadrant"].translate(str.maketrans("+-", "-+")) if "z" in wrap["quadrant"] else wrap["quadrant"]
        wraps.append(dict(wrap, name=other_side(wrap["name"]), body=other_side(wrap["body"]), quadrant=quadrant,
                          p=mirror_point(wrap["p"]), turn=mirror_turn(wrap["turn"])))
    return wraps


def build_bushings(tables, joints):
    by_name = {joint["name"]: joint for joint in joints}
    bushings = []
    for row in tables["lumbar_levels"]:
        joint = by_name[row["joint"]]
        # about x: side-bending, about y: turning, about z: bending forward and back
        stiffness = vector(row, "disc_bending_Nm_per_rad", "disc_rotation_Nm_per_rad", "disc_extension_Nm_per_rad")
        bushings.append({"name": f"{row['level']}_disc", "stiffness": stiffness, "joint": joint})
    return bushings


def build_markers(tables, scale):
    markers = []
    for row in tables["markers"]:
        p = [scale * x for x in vector(row, "x_m", "y_m", "z_m")]
        markers.append((row["marker"], row["body"], p))
        if is_right(row["body"]) or row["marker"].startswith("R"):
            markers.append(("L" + row["marker"][1:], other_side(row["body"]), mirror_point(p)))
    return markers


# ---------------------------------------------------------------- muscles

def strength_factor(tables, number, mass, height, sex):
    """Force follows muscle volume over length; volume follows mass * height (Handsfield 2014)."""
    both = sum(float(row["mass_kg"]) * (2 if is_right(row["body"]) else 1) for row in tables["bodies"])
    reference = number["muscle_volume_slope"] * both * number["reference_height"] + number["muscle_volume_offset"]
    volume = number["muscle_volume_slope"] * mass * height + number["muscle_volume_offset"]
    factor = volume / reference / (height / number["reference_height"])
    return factor * (number["female_strength_factor"] if sex == "female" else 1.0)


def build_muscles(tables, number, scale, strength, frames):
    points, wraps = {}, {}
    for row in tables["muscle_points"]:
        p = [scale * x for x in vector(row, "x_m", "y_m", "z_m")]
        points.setdefault(row["muscle"], []).append((row["body"], p))
    for row in tables["wraps"]:
        for entry in row["muscles"].split():
            name, first, last = re.fullmatch(r"(\w+?)(?:\[(\d+)-(\d+)\])?", entry).groups()
            wraps.setdefault(name, []).append((row["wrap"], first or "-1", last or "-1"))
    muscles, curves = [], passive_curves(tables)
    longer = fibre_shifts(tables, "tendon_slack_shift")
    for row in tables["muscles"]:
        if row["max_isometric_force_N"]:
            force = float(row["max_isometric_force_N"])
        else:
            force = float(row["pcsa_cm2"]) * number["specific_tension"] * number.get(row["size_factor"], 1.0)
        muscle = {"name": row["muscle"], "force": force * float(row["share"]) * strength,
                  "fibre": scale * float(row["optimal_fibre_length_m"]), "pennation": float(row["pennation_rad"]),
                  "points": points[row["muscle"]], "wraps": wraps.get(row["muscle"], [])}
        muscle["tendon"] = tendon_slack_length(row, muscle, scale, frames) + longer.get(row["muscle"], 0) * muscle["fibre"]
        muscle["passive"] = curves[row["muscle"]]
        muscle["tone"] = number[row["tone"]] if row["tone"] else None
        muscles.append(muscle)
        muscles.append(dict(muscle, name=other_side(muscle["name"]),
                            points=[(other_side(body), mirror_point(p)) for body, p in muscle["points"]],
                            wraps=[(other_side(wrap), first, last) for wrap, first, last in muscle["wraps"]]))
    return muscles


def tendon_slack_length(row, muscle, scale, frames):
    """As published, or such that a rigid tendon leaves the fibre at the wanted length in the neutral pose."""
    if row["tendon_slack_length_m"]:
        return scale * float(row["tendon_slack_length_m"])
    width = muscle["fibre"] * math.sin(muscle["pennation"])
    wanted = muscle["fibre"] * float(row["neutral_normalised_fibre_length"])
    slack = path_length(muscle["points"], frames) - math.sqrt(wanted * wanted - width * width)
    if slack <= 0:
        sys.exit(f"{muscle['name']}: a fibre of {wanted:.4f} m does not fit in its path")
    return slack


def main():
    parser = argparse.ArgumentParser(description="write the built-in body from the tables in data/models/")
    parser.add_argument("--mass", type=float, help="kg")
    parser.add_argument("--height", type=float, help="m")
    parser.add_argument("--sex", choices=("male", "female"), default="male")
    parser.add_argument("--tables", type=Path, default=TABLES)
    parser.add_argument("--out", type=Path, default=TABLES / "buttress_body.osim")
    options = parser.parse_args()
    tables = read_tables(options.tables)
    default = {row["name"]: row["value"] for row in tables["parameters"]}
    mass = options.mass if options.mass is not None else float(default[f"default_mass_{options.sex}"])
    height = options.height if options.height is not None else float(default[f"default_height_{options.sex}"])
    if not (20 <= mass <= 300 and 1.0 <= height <= 2.4):
        sys.exit(f"mass {mass} kg, height {height} m: expected 20 to 300 kg and 1.0 to 2.4 m")
    document = write_osim(build(tables, mass, height, options.sex), tables["sources"])
    with open(options.out, "w", encoding="utf-8", newline="\n") as file:
        file.write(document)


if __name__ == "__main__":
    main()
