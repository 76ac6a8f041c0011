"""Mirror images and the neutral pose of the built-in body, for make_body.py and check_body.py.

A joint is a dictionary: name, type, parent, child, parent_p, parent_turn, child_p, child_turn, coordinates, axes. An axis
is slot, coordinate, direction, function, values. Points in m, angles in rad, body-fixed x-y-z.
"""
import math
import re

AXIS_SLOTS = ("rotation1", "rotation2", "rotation3", "translation1", "translation2", "translation3")
UNIT_AXES = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


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


def path_length(points, frames):
    """Length of the straight pieces, without wrapping."""
    at = [apply(frames[body], p) for body, p in points]
    return sum(math.dist(a, b) for a, b in zip(at, at[1:]))
