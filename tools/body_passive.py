"""Where muscles of the built-in body work along their fibre lengths, and moments of ligaments about a coordinate.

Both come from tables: fibre_shifts.csv lengthens the tendons of a group of muscles and moves its passive force-length
curve along fibre strain, passive_moments.csv adds a moment that depends on one angle. Used by make_body.py.
"""
import sys

from body_frames import other_side

COLUMNS = ("passive_strain_zero", "passive_strain_one", "passive_stiffness_low", "passive_stiffness_one",
           "passive_curviness")
# OpenSim's FiberForceLengthCurve where the tables give no curve
DEFAULT_CURVE = (0.0, 0.7, 0.2, 2.857143, 0.75)


def fibre_shifts(tables, column):
    """muscle -> its number in a column of fibre_shifts.csv"""
    shifts = {name: float(row[column]) for row in tables["fibre_shifts"] for name in row["muscles"].split()}
    unknown = set(shifts) - {row["muscle"] for row in tables["muscles"]}
    if unknown:
        sys.exit(f"fibre_shifts.csv names no muscle of muscles.csv: {', '.join(sorted(unknown))}")
    return shifts


def passive_curves(tables):
    """muscle -> the five numbers of its passive curve, or None for OpenSim's default"""
    shifts = fibre_shifts(tables, "passive_strain_shift")
    curves = {}
    for row in tables["muscles"]:
        given = [float(row[column]) if row[column] else None for column in COLUMNS]
        shift = shifts.get(row["muscle"])
        if shift is not None:
            given = [default if x is None else x for x, default in zip(given, DEFAULT_CURVE)]
            given[0] += shift
            given[1] += shift
        curves[row["muscle"]] = given
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
