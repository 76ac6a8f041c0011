"""Passive moments of the built-in body: shifted passive curves of muscles, and moments of ligaments about a coordinate.

Both come from tables: passive_shifts.csv moves the passive force-length curve of a group of muscles along fibre strain,
passive_moments.csv adds a moment that depends on one angle. Used by make_body.py.
"""
import sys

from body_frames import other_side

COLUMNS = ("passive_strain_zero", "passive_strain_one", "passive_stiffness_low", "passive_stiffness_one",
           "passive_curviness")
# OpenSim's FiberForceLengthCurve where the tables give no curve
DEFAULT_CURVE = (0.0, 0.7, 0.2, 2.857143, 0.75)


def passive_curves(tables):
    """muscle -> the five numbers of its passive curve, or None for OpenSim's default"""
    shifts = {name: float(row["strain_shift"]) for row in tables["passive_shifts"] for name in row["muscles"].split()}
    curves = {}
    for row in tables["muscles"]:
        given = [float(row[column]) if row[column] else None for column in COLUMNS]
        shift = shifts.pop(row["muscle"], None)
        if shift is not None:
            given = [default if x is None else x for x, default in zip(given, DEFAULT_CURVE)]
            given[0] += shift
            given[1] += shift
        curves[row["muscle"]] = given
    if shifts:
        sys.exit(f"passive_shifts.csv names no muscle of muscles.csv: {', '.join(sorted(shifts))}")
    return curves


def passive_moments(tables):
    """(name, coordinate, expression) of every moment, right and left"""
    moments = []
    for row in tables["passive_moments"]:
        for side in (lambda x: x, other_side):
            moments.append((side(row["name"]), side(row["coordinate"]), row["expression"]))
    return moments


def write_passive_moments(w, moments):
    for name, coordinate, expression in moments:
        w.open("ExpressionBasedCoordinateForce", name)
        w.value("coordinate", coordinate)
        w.value("expression", expression)
        w.close("ExpressionBasedCoordinateForce")
