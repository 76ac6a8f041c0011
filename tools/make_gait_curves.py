#!/usr/bin/env python3
"""Fits the Fourier series of walking and stairs from published mean curves and writes them into data/movements.

    tools/make_gait_curves.py [--check]

With --check nothing is written; it fails when a file does not hold what would be written, but for a last decimal. Reads tools/gait/schwartz2008.csv (25 values a stride at three speeds) and tools/gait/stairs.csv (key points), and replaces
`cycle.curves` of data/movements/walk.json, stairs_up.json and stairs_down.json; everything else in those files is typed by hand.

Walking: the discrete Fourier transform of each curve, every coefficient a straight line over speed, fitted by least
squares to slow, free and fast. Stairs: a periodic cubic spline through the key points, sampled 200 times, transformed.
Angles of the paper become those of the body:
  speed      dimensionless speed times sqrt(9.81 * 0.90 m), the leg length of the reference person (53 % of 1.71 m)
  zero       the paper measures tilt and hip flexion from the plane of the ASIS and PSIS, which on the standing body is tilted
             forward by the angle between its markers RASI and RPSI (data/models/markers.csv)
  trunk      its mean tilt depends on the markers of that laboratory; here the trunk is upright on average
  signs      pelvis_tilt, pelvis_list and lumbar_bending are minus tilt, obliquity and trunk obliquity
Both legs walk alike: of curves of the midline the harmonics that a mirrored step would change the sign of are left out by the
solver (src/movement/movement_cycle.h).
"""
import cmath
import csv
import json
import math
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOVEMENTS = ROOT / "data" / "movements"
LEG_LENGTH_M = 0.90
DIMENSIONLESS_SPEED = {"slow": 0.290, "free": 0.429, "fast": 0.560}
HARMONICS = 8
# heavy segments magnify what is left of noise: a tenth of a degree of the trunk at eight times the stride's frequency is 10 N m.
# Of marker paths of walking, seven harmonics hold 99.7 percent of the power (Winter, Sidwall, Hobson 1974, J Biomech 7:157), of the
# trunk fewer do.
TRUNK_HARMONICS = 4
# typed by hand: arms after Murray 1967, Phys Med 46:290, as told by Perry (24 degrees back to 8 forward; from memory);
# toes and the subtalar joint have no published curve of their own: contact finds them
BY_HAND = {
    "walk": {
        "arm_flex": {"mean": -8, "cos": [-16], "sin": [0], "sure": 5},
        "elbow_flex": {"mean": 25, "cos": [-8], "sin": [0], "sure": 5},
        "subtalar_angle": {"mean": 0, "sure": 4},
        "mtp_angle": {"mean": 0, "sure": 20},
    },
    "stairs_up": {
        "hip_rotation": {"mean": -2, "sure": 3},
        "pelvis_tilt": {"mean": -8, "sure": 3},
        "lumbar_extension": {"mean": 0, "sure": 5},
        "lumbar_rotation": {"mean": 0, "cos": [-4], "sin": [0], "sure": 3},
        "arm_flex": {"mean": -5, "cos": [-12], "sin": [0], "sure": 5},
        "elbow_flex": {"mean": 30, "cos": [-8], "sin": [0], "sure": 5},
        "subtalar_angle": {"mean": 0, "sure": 4},
        "mtp_angle": {"mean": 0, "sure": 20},
    },
    "stairs_down": {
        "hip_rotation": {"mean": -2, "sure": 3},
        "pelvis_tilt": {"mean": -5, "sure": 3},
        "lumbar_extension": {"mean": 4, "sure": 5},
        "lumbar_rotation": {"mean": 0, "cos": [-2], "sin": [0], "sure": 3},
        "arm_flex": {"mean": -5, "cos": [-8], "sin": [0], "sure": 5},
        "elbow_flex": {"mean": 30, "cos": [-5], "sin": [0], "sure": 5},
        "subtalar_angle": {"mean": 0, "sure": 4},
        "mtp_angle": {"mean": 0, "sure": 20},
    },
}
# how far contact may change a curve for the same effort: between-subject spread of the source, degrees
SURE_DEG = {"walk": 3, "stairs_up": 5, "stairs_down": 5}
SURE_TRUNK_DEG = 1.5  # people hold the trunk steady: it is the same within a degree or two from stride to stride


def read_rows(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def transform(samples, harmonics):
    """mean, cosine and sine coefficients of evenly spaced samples of one period"""
    n = len(samples)
    mean = sum(samples) / n
    cos, sin = [], []
    for k in range(1, harmonics + 1):
        c = sum(y * cmath.exp(-2j * math.pi * k * i / n) for i, y in enumerate(samples)) * 2 / n
        cos.append(c.real)
        sin.append(-c.imag)
    return [mean] + cos + sin


def sample_periodic_spline(points, count):
    """values at `count` even places of the cubic spline through (percent, value) that closes on itself"""
    n = len(points)
    x = [p for p, _ in points]
    y = [v for _, v in points]
    step = [(x[(i + 1) % n] - x[i]) % 100 for i in range(n)]
    slope = [(y[(i + 1) % n] - y[i]) / step[i] for i in range(n)]
    # second derivatives by elimination of the cyclic system, small enough for a full matrix
    a = [[0.0] * n for _ in range(n)]
    b = [0.0] * n
    for i in range(n):
        a[i][(i - 1) % n] += step[i - 1] / 6
        a[i][i] += (step[i - 1] + step[i]) / 3
        a[i][(i + 1) % n] += step[i] / 6
        b[i] = slope[i] - slope[i - 1]
    for i in range(n):
        for j in range(i + 1, n):
            f = a[j][i] / a[i][i]
            a[j] = [p - f * q for p, q in zip(a[j], a[i])]
            b[j] -= f * b[i]
    m = [0.0] * n
    for i in reversed(range(n)):
        m[i] = (b[i] - sum(a[i][j] * m[j] for j in range(i + 1, n))) / a[i][i]
    values = []
    for s in range(count):
        at = 100 * s / count
        i = max(k for k in range(n) if x[k] <= at)
        h, t = step[i], at - x[i]
        j = (i + 1) % n
        values.append(m[i] * (h - t) ** 3 / (6 * h) + m[j] * t ** 3 / (6 * h)
                      + (y[i] / h - m[i] * h / 6) * (h - t) + (y[j] / h - m[j] * h / 6) * t)
    return values


def find_pelvis_plane_tilt():
    """degrees by which ASIS stand lower than PSIS on the standing body"""
    place = {r["marker"]: r for r in read_rows(ROOT / "data/models/markers.csv")}
    front, back = place["RASI"], place["RPSI"]
    return math.degrees(math.atan2(float(back["y_m"]) - float(front["y_m"]), float(front["x_m"]) - float(back["x_m"])))


def make_walk():
    raw = {}
    for row in read_rows(ROOT / "tools/gait/schwartz2008.csv"):
        values = [float(row[f"p{p}"]) for p in range(0, 100, 4)]
        raw.setdefault(row["curve"], {})[row["speed"]] = transform(values, HARMONICS)
    plane = find_pelvis_plane_tilt()
    renamed = {"pelvic_tilt": ("pelvis_tilt", -1), "pelvic_obliquity": ("pelvis_list", -1),
               "pelvic_rotation": ("pelvis_rotation", 1), "trunk_obliquity": ("lumbar_bending", -1),
               "trunk_rotation": ("lumbar_rotation", 1)}
    speeds = {s: d * math.sqrt(9.81 * LEG_LENGTH_M) for s, d in DIMENSIONLESS_SPEED.items()}
    middle = sum(speeds.values()) / 3
    spread = sum((v - middle) ** 2 for v in speeds.values())
    curves = {}
    for name, sets in raw.items():
        target, sign = renamed.get(name, (name, 1))
        numbers = []
        for i in range(2 * HARMONICS + 1):
            y = {s: sign * sets[s][i] for s in sets}
            if i == 0 and name == "hip_flexion":
                y = {s: v - plane for s, v in y.items()}
            if i == 0 and name == "pelvic_tilt":
                y = {s: v + plane for s, v in y.items()}
            scale = sum((speeds[s] - middle) * y[s] for s in y) / spread
            offset = sum(y.values()) / 3 - scale * middle
            numbers.append({"offset": round(offset, 3), "scale": round(scale, 3), "parameter": "speed_m_s"})
        curves[target] = {"mean": numbers[0], "cos": numbers[1:HARMONICS + 1], "sin": numbers[HARMONICS + 1:]}
    # the trunk is upright on average: it bends back as far as the pelvis tilts forward
    tilt = curves["pelvis_tilt"]["mean"]
    curves["lumbar_extension"] = {"mean": {k: (-v if k != "parameter" else v) for k, v in tilt.items()}}
    return curves


def make_stairs(movement):
    curves = {}
    for row in read_rows(ROOT / "tools/gait/stairs.csv"):
        if row["movement"] != movement:
            continue
        numbers = [float(v) for v in row["percent_value_pairs"].split()]
        points = list(zip(numbers[::2], numbers[1::2]))
        c = [round(v, 3) for v in transform(sample_periodic_spline(points, 200), HARMONICS)]
        curves[row["curve"]] = {"mean": c[0], "cos": c[1:HARMONICS + 1], "sin": c[HARMONICS + 1:]}
    return curves


def is_alike(ours, theirs):
    """the same but for the last of three decimals: Python adds up floats in another way since 3.12"""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(is_alike(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(is_alike, ours, theirs))
    if isinstance(ours, float) or isinstance(theirs, float):
        return abs(ours - theirs) < 1.5e-3
    return ours == theirs


def write_curves(movement, curves, only_check):
    """False when the file held something else"""
    for name, curve in BY_HAND[movement].items():
        curves[name] = dict(curve)
    for name, curve in curves.items():
        if name.startswith(("pelvis", "lumbar")) and "cos" in curve:
            curve["cos"], curve["sin"] = curve["cos"][:TRUNK_HARMONICS], curve["sin"][:TRUNK_HARMONICS]
        curve["sure"] = curve.get("sure", SURE_TRUNK_DEG if name.startswith(("pelvis", "lumbar")) else SURE_DEG[movement])
    path = MOVEMENTS / f"{movement}.json"
    lines = ",\n".join(f"      {json.dumps(name)}: {json.dumps(curve)}" for name, curve in sorted(curves.items()))
    text = re.sub(r'"curves": \{(\}|.*?\n    \})', lambda _: '"curves": {\n' + lines + "\n    }",
                  path.read_text(encoding="utf-8"), flags=re.DOTALL)
    is_same = is_alike(json.loads(text), json.loads(path.read_text(encoding="utf-8")))
    if not only_check:
        path.write_text(text, encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {len(curves)} curves" + ("" if is_same or not only_check else ", not as fitted"))
    return is_same


if __name__ == "__main__":
    check = sys.argv[1:] == ["--check"]
    made = {"walk": make_walk(), "stairs_up": make_stairs("stairs_up"), "stairs_down": make_stairs("stairs_down")}
    same = [write_curves(movement, curves, check) for movement, curves in made.items()]
    sys.exit(0 if all(same) or not check else 1)
