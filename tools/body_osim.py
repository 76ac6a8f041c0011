"""Writes the built-in body as an OpenSim 4.5 document, for make_body.py. Elements and their order are OpenSim's own."""
from xml.sax.saxutils import escape, quoteattr

from body_frames import AXIS_SLOTS, UNIT_AXES
from body_passive import write_passive_moments


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
    if muscle["tone"] is not None:
        w.value("min_control", muscle["tone"])
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
    write_passive_moments(w, body["passive_moments"])
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
