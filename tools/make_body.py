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
from xml.sax.saxutils import escape, quoteattr

TABLES = Path(__file__).resolve().parent.parent / "data" / "models"
AXIS_SLOTS = ("rotation1", "rotation2", "rotation3", "translation1", "translation2", "translation3")
UNIT_AXES = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
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
             "markers", "parameters", "segments", "sources")
    tables = {name: read_table(folder, name) for name in names}
    known = {row["source"] for row in tables["sources"]}
    for name in names[:-1]:
        for row in tables[name]:
            for column in ("source", "shares_source", "disc_source"):
                unknown = [key for key in row.get(column, "").split() if key not in known]
                if unknown:
                    sys.exit(f"{name}.csv cites {unknown[0]}, which sources.csv does not hold: {row}")
    return tables


# ---------------------------------------------------------------- mirror image: z -> -z

def other_side(name):
    """hip_bone_r -> hip_bone_l and back; knee_angle_r_beta -> knee_angle_l_beta; a midline name is unchanged."""
    swap = {"_r": "_l", "_l": "_r"}
    return re.sub(r"_[rl](?=$|_beta$)", lambda found: swap[found.group()], name)


def is_right(name):
    return re.search(r"_r(_beta)?$", name) is not None


def mirror_point(p):
    return (p[0], p[1], -p[2])


def mirror_turn(angles):
    """Body-fixed x-y-z angles of the mirrored frame S R S, S = diag(1, 1, -1)."""
    return (-angles[0], -angles[1], angles[2])


def mirror_mesh(mesh):
    return re.sub(r"^r_", "l_", mesh).replace("_rv", "_lv")


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
    muscles = []
    for row in tables["muscles"]:
        if row["max_isometric_force_N"]:
            force = float(row["max_isometric_force_N"])
        else:
            force = float(row["pcsa_cm2"]) * number["specific_tension"] * number.get(row["size_factor"], 1.0)
        muscle = {"name": row["muscle"], "force": force * float(row["share"]) * strength,
                  "fibre": scale * float(row["optimal_fibre_length_m"]), "pennation": float(row["pennation_rad"]),
                  "points": points[row["muscle"]], "wraps": wraps.get(row["muscle"], [])}
        muscle["tendon"] = tendon_slack_length(row, muscle, scale, frames)
        muscle["passive"] = [float(row[column]) if row[column] else None for column in
                             ("passive_strain_zero", "passive_strain_one", "passive_stiffness_low",
                              "passive_stiffness_one", "passive_curviness")]
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


def path_length(points, frames):
    """Length of the straight pieces, without wrapping."""
    at = [apply(frames[body], p) for body, p in points]
    return sum(math.dist(a, b) for a, b in zip(at, at[1:]))


# ---------------------------------------------------------------- where the bodies are in the neutral pose

def turn_about(u, angle):
    """Rotation matrix about the unit vector u (Rodrigues)."""
    c, s, (x, y, z) = math.cos(angle), math.sin(angle), u
    return [[c + x * x * (1 - c), x * y * (1 - c) - z * s, x * z * (1 - c) + y * s],
            [y * x * (1 - c) + z * s, c + y * y * (1 - c), y * z * (1 - c) - x * s],
            [z * x * (1 - c) - y * s, z * y * (1 - c) + x * s, c + z * z * (1 - c)]]


def multiply(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)]


def apply(frame, p):
    rotation, origin = frame
    return [origin[i] + sum(rotation[i][k] * p[k] for k in range(3)) for i in range(3)]


def compose(a, b):
    return multiply(a[0], b[0]), apply(a, b[1])


def invert(a):
    transposed = [[a[0][j][i] for j in range(3)] for i in range(3)]
    return transposed, [-sum(transposed[i][k] * a[1][k] for k in range(3)) for i in range(3)]


def fixed_frame(p, turn):
    rotation = multiply(multiply(turn_about(UNIT_AXES[0], turn[0]), turn_about(UNIT_AXES[1], turn[1])),
                        turn_about(UNIT_AXES[2], turn[2]))
    return rotation, list(p)


def evaluate(kind, values, x):
    """Value of an axis function; a spline only at its knots, which is all that the neutral pose needs."""
    if kind == "constant":
        return values[0][0]
    if kind == "linear":
        return values[0][0] * x + values[0][1]
    if kind == "polynomial":
        result = 0.0
        for coefficient in values[0]:
            result = result * x + coefficient
        return result
    return values[1][values[0].index(x)]


def neutral_frames(joints, angles=None):
    """Pose of every body in ground with all coordinates zero but those in `angles` (name -> value)."""
    angles = angles or {}
    frames = {"ground": ([list(u) for u in UNIT_AXES], [0.0, 0.0, 0.0])}
    for joint in joints:
        rotation, slide = [list(u) for u in UNIT_AXES], [0.0, 0.0, 0.0]
        if joint["type"] == "PinJoint":
            rotation = turn_about(UNIT_AXES[2], angles.get(joint["coordinates"][0]["name"], 0.0))
        # X_FM: slide along the axes in the parent's frame, then turn about the axes one after the other
        for a in sorted(joint["axes"], key=lambda a: AXIS_SLOTS.index(a["slot"])):
            value = evaluate(a["function"], a["values"], angles.get(a["coordinate"], 0.0))
            if a["slot"].startswith("rotation"):
                rotation = multiply(rotation, turn_about(a["direction"], value))
            else:
                slide = [s + value * u for s, u in zip(slide, a["direction"])]
        inboard = compose(frames[joint["parent"]], fixed_frame(joint["parent_p"], joint["parent_turn"]))
        outboard = fixed_frame(joint["child_p"], joint["child_turn"])
        frames[joint["child"]] = compose(compose(inboard, (rotation, slide)), invert(outboard))
    return frames


# ---------------------------------------------------------------- writing

def text(value):
    """Shortest of ten significant digits, so that the file does not depend on the last bit."""
    if isinstance(value, (tuple, list)):
        return " ".join(text(x) for x in value)
    if isinstance(value, str):
        return escape(value)
    return "%.10g" % (value + 0.0 if value != 0 else 0.0)


class Writer:
    """Indented XML, one element per line."""

    def __init__(self):
        self.lines, self.depth = ['<?xml version="1.0" encoding="UTF-8" ?>'], 0

    def open(self, tag, name=None, **attributes):
        extra = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        label = f" name={quoteattr(name)}" if name is not None else ""
        self.lines.append("\t" * self.depth + f"<{tag}{label}{extra}>")
        self.depth += 1

    def close(self, tag):
        self.depth -= 1
        self.lines.append("\t" * self.depth + f"</{tag}>")

    def value(self, tag, value):
        self.lines.append("\t" * self.depth + f"<{tag}>{text(value)}</{tag}>")

    def open_set(self, tag, name=None):
        self.open(tag, name)
        self.open("objects")

    def close_set(self, tag):
        self.close("objects")
        self.lines.append("\t" * self.depth + "<groups />")
        self.close(tag)


def frame_path(body):
    return "/ground" if body == "ground" else f"/bodyset/{body}"


def write_offset_frame(w, name, body, p, turn):
    w.open("PhysicalOffsetFrame", name)
    w.value("socket_parent", frame_path(body))
    w.value("translation", p)
    w.value("orientation", turn)
    w.close("PhysicalOffsetFrame")


def write_body(w, body, wraps):
    w.open("Body", body["name"])
    if body["meshes"]:
        w.open("attached_geometry")
        for i, mesh in enumerate(body["meshes"], 1):
            w.open("Mesh", f"{body['name']}_geom_{i}")
            w.value("socket_frame", "..")
            w.value("scale_factors", [body["scale"]] * 3)
            w.value("mesh_file", mesh)
            w.close("Mesh")
        w.close("attached_geometry")
    w.open_set("WrapObjectSet", "wrapobjectset")
    for wrap in wraps:
        w.open(wrap["type"], wrap["name"])
        w.value("active", "true")
        w.value("xyz_body_rotation", wrap["turn"])
        w.value("translation", wrap["p"])
        w.value("quadrant", wrap["quadrant"])
        w.value("radius", wrap["radius"])
        w.value("length", wrap["length"])
        w.close(wrap["type"])
    w.close_set("WrapObjectSet")
    # all digits, so that the masses of the file add up to the body mass
    w.value("mass", "%.15g" % body["mass"])
    w.value("mass_center", body["com"])
    w.value("inertia", body["inertia"])
    w.close("Body")


def write_function(w, kind, values, name="function"):
    tag = {"linear": "LinearFunction", "constant": "Constant", "polynomial": "PolynomialFunction",
           "simm_spline": "SimmSpline"}[kind]
    w.open(tag, name)
    if kind == "constant":
        w.value("value", values[0][0])
    elif kind == "simm_spline":
        w.value("x", values[0])
        w.value("y", values[1])
    else:
        w.value("coefficients", values[0])
    w.close(tag)


def write_joint(w, joint):
    w.open(joint["type"], joint["name"])
    w.value("socket_parent_frame", f"{joint['parent']}_offset")
    w.value("socket_child_frame", f"{joint['child']}_offset")
    if joint["coordinates"]:
        w.open("coordinates")
        for c in joint["coordinates"]:
            w.open("Coordinate", c["name"])
            w.value("default_value", c["default"])
            w.value("default_speed_value", 0.0)
            w.value("range", c["range"])
            w.value("clamped", c["clamped"])
            w.value("locked", c["locked"])
            w.close("Coordinate")
        w.close("coordinates")
    w.open("frames")
    for end in ("parent", "child"):
        write_offset_frame(w, f"{joint[end]}_offset", joint[end], joint[end + "_p"], joint[end + "_turn"])
    w.close("frames")
    if joint["type"] == "CustomJoint":
        w.open("SpatialTransform")
        given = {a["slot"]: a for a in joint["axes"]}
        turning = [a["direction"] for a in joint["axes"] if a["slot"].startswith("rotation")]
        for i, slot in enumerate(AXIS_SLOTS):
            # an axis that does nothing still needs a direction that is not parallel to the others
            spare = next((u for u in UNIT_AXES if all(abs(sum(a * b for a, b in zip(u, t))) < 0.9 for t in turning)),
                         UNIT_AXES[0])
            unused = {"slot": slot, "coordinate": "", "function": "constant", "values": [[0.0]],
                      "direction": spare if i < 3 else UNIT_AXES[i - 3]}
            a = given.get(slot, unused)
            if a is unused and i < 3:
                turning.append(spare)
            w.open("TransformAxis", slot)
            w.value("coordinates", a["coordinate"])
            w.value("axis", a["direction"])
            write_function(w, a["function"], a["values"])
            w.close("TransformAxis")
        w.close("SpatialTransform")
    w.close(joint["type"])


def write_muscle(w, muscle, number):
    w.open("Millard2012EquilibriumMuscle", muscle["name"])
    w.open("GeometryPath", "path")
    w.open_set("PathPointSet")
    for i, (body, p) in enumerate(muscle["points"], 1):
        w.open("PathPoint", f"{muscle['name']}-P{i}")
        w.value("socket_parent_frame", frame_path(body))
        w.value("location", p)
        w.close("PathPoint")
    w.close_set("PathPointSet")
    w.open_set("PathWrapSet")
    for i, (wrap, first, last) in enumerate(muscle["wraps"]):
        w.open("PathWrap", "pathwrap" if i == 0 else f"pathwrap_{i}")
        w.value("wrap_object", wrap)
        w.value("method", "hybrid")
        w.value("range", f"{first} {last}")
        w.close("PathWrap")
    w.close_set("PathWrapSet")
    w.close("GeometryPath")
    w.value("max_isometric_force", muscle["force"])
    w.value("optimal_fiber_length", muscle["fibre"])
    w.value("tendon_slack_length", muscle["tendon"])
    w.value("pennation_angle_at_optimal", muscle["pennation"])
    w.value("max_contraction_velocity", number["max_contraction_velocity"])
    w.value("ignore_tendon_compliance", "true")
    w.value("ignore_activation_dynamics", "false")
    w.value("default_activation", 0.01)
    w.open("ActiveForceLengthCurve", muscle["name"] + "_ActiveForceLengthCurve")
    w.value("min_norm_active_fiber_length", number["active_min_length"])
    w.value("transition_norm_fiber_length", number["active_transition_length"])
    w.value("max_norm_active_fiber_length", number["active_max_length"])
    w.value("shallow_ascending_slope", number["active_shallow_slope"])
    w.value("minimum_value", number["active_minimum"])
    w.close("ActiveForceLengthCurve")
    if muscle["passive"][0] is not None:
        w.open("FiberForceLengthCurve", muscle["name"] + "_FiberForceLengthCurve")
        for tag, value in zip(("strain_at_zero_force", "strain_at_one_norm_force", "stiffness_at_low_force",
                               "stiffness_at_one_norm_force", "curviness"), muscle["passive"]):
            w.value(tag, value)
        w.close("FiberForceLengthCurve")
    w.close("Millard2012EquilibriumMuscle")


def write_forces(w, body):
    w.open_set("ForceSet", "forceset")
    for muscle in body["muscles"]:
        write_muscle(w, muscle, body["parameters"])
    for name, optimal in body["actuators"]:
        w.open("CoordinateActuator", f"{name}_motor")
        w.value("min_control", "-Inf")
        w.value("max_control", "Inf")
        w.value("coordinate", name)
        w.value("optimal_force", optimal)
        w.close("CoordinateActuator")
    for bushing in body["bushings"]:
        joint = bushing["joint"]
        w.open("BushingForce", bushing["name"])
        w.value("appliesForce", "true")
        w.value("socket_frame1", f"{joint['parent']}_disc")
        w.value("socket_frame2", f"{joint['child']}_disc")
        w.open("frames")
        for end in ("parent", "child"):
            write_offset_frame(w, f"{joint[end]}_disc", joint[end], joint[end + "_p"], joint[end + "_turn"])
        w.close("frames")
        w.value("rotational_stiffness", bushing["stiffness"])
        w.value("translational_stiffness", [0.0] * 3)
        w.value("rotational_damping", [0.0] * 3)
        w.value("translational_damping", [0.0] * 3)
        w.close("BushingForce")
    w.close_set("ForceSet")


def write_osim(body, sources):
    w = Writer()
    w.open("OpenSimDocument", Version="40500")
    w.open("Model", "buttress_body")
    w.open("Ground", "ground")
    w.close("Ground")
    w.value("gravity", [0.0, -9.80665, 0.0])
    w.value("credits", f"Generated by tools/make_body.py from data/models/*.csv for a {body['sex']} person of "
                       f"{text(body['mass'])} kg and {text(body['height'])} m. Do not edit: change the tables.")
    w.value("publications", " | ".join(row["citation"] for row in sources if row["source"] != "own_choice"))
    w.value("length_units", "meters")
    w.value("force_units", "N")
    w.open_set("BodySet", "bodyset")
    for part in body["bodies"]:
        write_body(w, part, [wrap for wrap in body["wraps"] if wrap["body"] == part["name"]])
    w.close_set("BodySet")
    w.open_set("JointSet", "jointset")
    for joint in body["joints"]:
        write_joint(w, joint)
    w.close_set("JointSet")
    w.open_set("ConstraintSet", "constraintset")
    for dependent, independent, slope in body["couplers"]:
        w.open("CoordinateCouplerConstraint", f"{dependent}_coupler")
        w.value("isEnforced", "true")
        w.open("coupled_coordinates_function")
        write_function(w, "linear", [[slope, 0.0]])
        w.close("coupled_coordinates_function")
        w.value("independent_coordinate_names", independent)
        w.value("dependent_coordinate_name", dependent)
        w.close("CoordinateCouplerConstraint")
    w.close_set("ConstraintSet")
    write_forces(w, body)
    w.open_set("MarkerSet", "markerset")
    for name, part, p in body["markers"]:
        w.open("Marker", name)
        w.value("socket_parent_frame", frame_path(part))
        w.value("location", p)
        w.value("fixed", "false")
        w.close("Marker")
    w.close_set("MarkerSet")
    w.close("Model")
    w.close("OpenSimDocument")
    return "\n".join(w.lines) + "\n"


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
