#!/usr/bin/env python3
"""Checks data/models/buttress_body.osim without OpenSim: what it says about itself must hold. Exit code 1 when not.

    tools/check_body.py [--arms]      --arms also prints every muscle's moment arms in the neutral pose

It reads the file, not the tables, and shares with the generator only the rotation algebra. Muscle paths are taken
straight from point to point; where a wrap object is touched the true path is a little longer.
"""
import math
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

sys.dont_write_bytecode = True
import body_frames  # noqa: E402
import make_body  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
BODY = ROOT / "data" / "models" / "buttress_body.osim"
MASS_KG = 75.0
STEP = 1e-4

# muscle, coordinate, least and greatest moment arm in mm (positive: raises the coordinate). Hip: within about 10 mm of
# Dostal 1986 and of the gait2392 and Rajagopal values; trunk: signs and size of Christophy 2012. Neutral pose.
EXPECTED_ARMS = (
    ("glmax2_r", "hip_flexion_r", -80, -35), ("glmed2_r", "hip_adduction_r", -70, -35),
    ("glmed1_r", "hip_rotation_r", 0, 20), ("glmed3_r", "hip_rotation_r", -40, -5),
    ("glmin1_r", "hip_adduction_r", -70, -30), ("tfl_r", "hip_adduction_r", -75, -40), ("tfl_r", "hip_rotation_r", 0, 20),
    ("piri_r", "hip_rotation_r", -45, -15), ("obt_int_r", "hip_rotation_r", -45, -20),
    ("gem_sup_r", "hip_rotation_r", -45, -20), ("quad_fem_r", "hip_rotation_r", -50, -20),
    ("obt_ext_r", "hip_rotation_r", -40, -2), ("iliacus_r", "hip_flexion_r", 10, 45),
    ("Ps_L3_TP_r", "hip_flexion_r", 10, 45), ("bflh_r", "hip_flexion_r", -75, -40),
    ("addlong_r", "hip_adduction_r", 40, 90), ("LTpT_T10_r", "lumbar_extension", 30, 75),
    ("IL_R10_r", "lumbar_extension", 30, 75), ("rect_abd_r", "lumbar_extension", -110, -60),
    ("QL_ant_I_3_T12_r", "lumbar_bending", 25, 75), ("IL_R12_r", "lumbar_bending", 40, 90),
    ("EO2_r", "lumbar_rotation", 30, 90), ("IO2_r", "lumbar_rotation", -90, -30),
    # about single levels: the aponeurosis at the depth of the spinous processes, multifidus a little further in
    ("LTpT_T10_r", "L4_L5_extension", 55, 70), ("LTpT_T10_r", "L2_L3_extension", 55, 70),
    ("MF_m3t_2_r", "L4_L5_extension", 45, 65), ("LTpT_T1_r", "T12_L1_extension", 45, 65),
)


def numbers(element, tag):
    return [float(x) for x in element.findtext(tag).split()]


def read_body(path):
    model = ElementTree.parse(path).getroot().find("Model")
    part = lambda name: model.find(name).find("objects")
    body = {"bodies": {}, "joints": [], "muscles": {}, "wraps": {}, "markers": {}, "couplers": [], "names": []}
    for e in part("BodySet"):
        body["bodies"][e.get("name")] = (float(e.findtext("mass")), numbers(e, "mass_center"), numbers(e, "inertia"))
        for wrap in e.find("WrapObjectSet").find("objects"):
            body["wraps"][wrap.get("name")] = (e.get("name"), numbers(wrap, "translation"),
                                               numbers(wrap, "xyz_body_rotation"), wrap.findtext("quadrant"),
                                               wrap.findtext("radius"), wrap.findtext("length"))
    for e in part("JointSet"):
        body["joints"].append(read_joint(e))
    for e in part("ConstraintSet"):
        body["couplers"].append((e.findtext("dependent_coordinate_name"), e.findtext("independent_coordinate_names"),
                                 numbers(e, "coupled_coordinates_function/LinearFunction/coefficients")[0]))
    for e in part("ForceSet"):
        if e.tag.startswith("Millard"):
            points = [(p.findtext("socket_parent_frame").split("/")[-1], numbers(p, "location"))
                      for p in e.iter("PathPoint")]
            wraps = [(p.findtext("wrap_object"), p.findtext("range")) for p in e.iter("PathWrap")]
            body["muscles"][e.get("name")] = (points, wraps, [float(e.findtext(tag)) for tag in (
                "max_isometric_force", "optimal_fiber_length", "tendon_slack_length", "pennation_angle_at_optimal")])
    for e in part("MarkerSet"):
        body["markers"][e.get("name")] = (e.findtext("socket_parent_frame").split("/")[-1], numbers(e, "location"))
    for kind in ("BodySet", "JointSet", "ConstraintSet", "ForceSet", "MarkerSet"):
        body["names"] += [(kind, e.get("name")) for e in part(kind)]
    body["names"] += [("Coordinate", e.get("name")) for e in model.iter("Coordinate")]
    body["names"] += [("PathPoint", e.get("name")) for e in model.iter("PathPoint")]
    return body


def read_joint(e):
    frames = {f.get("name"): f for f in e.iter("PhysicalOffsetFrame")}
    joint = {"name": e.get("name"), "type": e.tag, "axes": [],
             "coordinates": [{"name": c.get("name")} for c in e.iter("Coordinate")]}
    for end in ("parent", "child"):
        frame = frames[e.findtext(f"socket_{end}_frame")]
        joint[end] = frame.findtext("socket_parent").split("/")[-1]
        joint[end + "_p"], joint[end + "_turn"] = numbers(frame, "translation"), numbers(frame, "orientation")
    for a in e.iter("TransformAxis"):
        function = a.find("*[@name='function']")
        kind, tags = {"LinearFunction": ("linear", ["coefficients"]), "PolynomialFunction": ("polynomial", ["coefficients"]),
                      "Constant": ("constant", ["value"]), "SimmSpline": ("simm_spline", ["x", "y"])}[function.tag]
        joint["axes"].append({"slot": a.get("name"), "coordinate": (a.findtext("coordinates") or "").strip(),
                              "direction": tuple(numbers(a, "axis")), "function": kind,
                              "values": [numbers(function, tag) for tag in tags]})
    return joint


# ---------------------------------------------------------------- the checks; each yields sentences about what is wrong

def check_names(body):
    seen = set()
    for entry in body["names"]:
        if entry in seen:
            yield f"two of {entry[0]} are called {entry[1]}"
        seen.add(entry)


def check_masses(body):
    for name, (mass, _, inertia) in body["bodies"].items():
        a, b, c = inertia[:3]
        if mass <= 0 or min(a, b, c) <= 0:
            yield f"{name} has mass {mass}, inertia {inertia}"
        if a + b < c * (1 - 1e-9) or b + c < a * (1 - 1e-9) or c + a < b * (1 - 1e-9):
            yield f"{name}: no rigid body has the inertia {inertia}"
    total = math.fsum(mass for mass, _, _ in body["bodies"].values())
    if abs(total - MASS_KG) > 1e-9:
        yield f"the masses add up to {total!r} kg, not {MASS_KG}"


def check_references(body):
    frames = set(body["bodies"]) | {"ground"}
    coordinates = {c["name"] for joint in body["joints"] for c in joint["coordinates"]}
    for name, (points, wraps, _) in body["muscles"].items():
        for where, _ in points:
            if where not in frames:
                yield f"{name}: no body {where}"
        for wrap, _ in wraps:
            if wrap not in body["wraps"]:
                yield f"{name}: no wrap object {wrap}"
    for joint in body["joints"]:
        if not {joint["parent"], joint["child"]} <= frames:
            yield f"{joint['name']}: {joint['parent']} or {joint['child']} is no body"
    for dependent, independent, _ in body["couplers"]:
        if not {dependent, independent} <= coordinates:
            yield f"coupler of {dependent} and {independent}: no such coordinate"


def check_mirror(body):
    """Left equals right after z -> -z, number by number as written."""
    left, flip, turn = body_frames.other_side, body_frames.mirror_point, body_frames.mirror_turn
    same = lambda a, b: list(a) == list(b)
    for name, (mass, com, inertia) in body["bodies"].items():
        image = (mass, list(flip(com)), inertia[:4] + [-inertia[4], -inertia[5]])
        if body["bodies"].get(left(name)) != image:
            yield f"body {name} is not the mirror image of {left(name)}"
    for name, (points, wraps, values) in body["muscles"].items():
        image = ([(left(where), list(flip(p))) for where, p in points], [(left(w), r) for w, r in wraps], values)
        if body["muscles"].get(left(name)) != image:
            yield f"muscle {name} is not the mirror image of {left(name)}"
    for name, (where, p, angles, quadrant, radius, length) in body["wraps"].items():
        image = (left(where), list(flip(p)), list(turn(angles)), quadrant, radius, length)
        if body["wraps"].get(left(name)) != image:
            yield f"wrap object {name} is not the mirror image of {left(name)}"
    joints = {joint["name"]: joint for joint in body["joints"]}
    for name, joint in joints.items():
        other = joints.get(left(name))
        if other is None or other is joint:
            continue
        for end in ("parent", "child"):
            if not (same(other[end + "_p"], flip(joint[end + "_p"])) and same(other[end + "_turn"], turn(joint[end + "_turn"]))):
                yield f"joint {name} is not the mirror image of {left(name)}"
        for a, b in zip(joint["axes"], other["axes"]):
            x, y, z = a["direction"]
            image = (-x, -y, z) if a["slot"].startswith("rotation") else (x, y, -z)
            # an axis that does nothing may point either way
            if a["values"] != b["values"] or (image != b["direction"] and a["coordinate"]):
                yield f"{a['slot']} of {name} is not the mirror image of that of {left(name)}"


def check_levels(body):
    for motion in ("extension", "bending", "rotation"):
        total = math.fsum(slope for _, independent, slope in body["couplers"] if independent == f"lumbar_{motion}")
        if abs(total - 1) > 1e-9:
            yield f"the levels take {total} of lumbar_{motion}, not all of it"


def calc_normalised_fibre(body, frames, name):
    points, _, (_, fibre, tendon, pennation) = body["muscles"][name]
    along = body_frames.path_length(points, frames) - tendon
    return math.hypot(along, fibre * math.sin(pennation)) / fibre if along > 0 else 0.0


def check_fibres(body):
    frames = body_frames.neutral_frames(body["joints"])
    for name in body["muscles"]:
        length = calc_normalised_fibre(body, frames, name)
        if not 0.4 <= length <= 1.6:
            yield f"{name}: normalised fibre length {length:.2f} in the neutral pose"


def pose(body, coordinate, angle):
    angles = {coordinate: angle}
    for dependent, independent, slope in body["couplers"]:
        if independent == coordinate:
            angles[dependent] = slope * angle
    return body_frames.neutral_frames(body["joints"], angles)


def calc_arms(body, coordinate):
    """Moment arms -dL/dq in mm of every muscle, by central differences."""
    ahead, behind = pose(body, coordinate, STEP), pose(body, coordinate, -STEP)
    length = body_frames.path_length
    return {name: -1000 * (length(points, ahead) - length(points, behind)) / (2 * STEP)
            for name, (points, _, _) in body["muscles"].items()}


def check_arms(body):
    arms = {coordinate: calc_arms(body, coordinate) for coordinate in {row[1] for row in EXPECTED_ARMS}}
    for muscle, coordinate, least, greatest in EXPECTED_ARMS:
        if not least <= arms[coordinate][muscle] <= greatest:
            yield f"{muscle}: moment arm {arms[coordinate][muscle]:.1f} mm about {coordinate}, expected {least} to {greatest}"


def check_bytes(_):
    """The generator writes the committed file again, byte for byte."""
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "again.osim"
        sys.argv = ["make_body.py", "--out", str(again)]
        make_body.main()
        if again.read_bytes() != BODY.read_bytes():
            yield "the committed file is not what tools/make_body.py writes; run it and commit the result"


def print_arms(body):
    coordinates = ("hip_flexion_r", "hip_adduction_r", "hip_rotation_r", "lumbar_extension", "lumbar_bending",
                   "lumbar_rotation")
    arms = [calc_arms(body, coordinate) for coordinate in coordinates]
    frames = body_frames.neutral_frames(body["joints"])
    print(f"{'muscle':20}{'N':>7}{'fibre':>7}  " + "".join(f"{c:>17}" for c in coordinates) + "   (mm)")
    for name in sorted(body["muscles"]):
        if name.endswith("_r"):
            force, length = body["muscles"][name][2][0], calc_normalised_fibre(body, frames, name)
            print(f"{name:20}{force:7.0f}{length:7.2f}  " + "".join(f"{a[name]:17.1f}" for a in arms))
    # what full force on one side (hip) or both sides (trunk) would give, without force-length effects
    for coordinate, arm in zip(coordinates, arms):
        side = [n for n in body["muscles"] if n.endswith("_r") or coordinate.startswith("lumbar")]
        torque = [body["muscles"][n][2][0] * arm[n] / 1000 for n in side]
        print(f"{coordinate}: +{sum(t for t in torque if t > 0):.0f} / {sum(t for t in torque if t < 0):.0f} N m")


def main():
    arguments = sys.argv[1:]
    body = read_body(BODY)
    if "--arms" in arguments:
        print_arms(body)
    faults = [fault for check in (check_names, check_masses, check_references, check_mirror, check_levels, check_fibres,
                                  check_arms, check_bytes) for fault in check(body)]
    for fault in faults:
        print(fault)
    if not faults:
        print(f"{BODY.name}: {len(body['bodies'])} bodies, {len(body['joints'])} joints, {len(body['muscles'])} muscles, "
              "all checks hold")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
