#!/usr/bin/env python3
"""upgrades.xml: files of older versions that leave out whatever can be left out, and what OpenSim 4.6 makes of them.

    python tests/golden/opensim_4_6/make_upgrades.py      (with the `opensim` package of OpenSim 4.6)

One model a version with all of CASES: <old> as written here, <upgraded> as OpenSim prints it after reading (without
comments and what is only drawn).
"""
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[2] / "tools"))
from opensim_inputs import import_opensim  # noqa: E402

VERSIONS = [10905, 20302, 30000]
POINTS = ('<GeometryPath><PathPointSet><objects><PathPoint name="{0}1"><location>0.04 -0.1 0</location><body>thigh</body></PathPoint>{1}'
          '<PathPoint name="{0}2"><location>0.05 -0.05 0</location><body>shank</body></PathPoint></objects></PathPointSet>'
          '<PathWrapSet><objects>{2}</objects></PathWrapSet></GeometryPath>')


def points(name, more="", wraps=""):
    return POINTS.format(name, more, wraps)


def body(name, joint, more=""):
    return f'<Body name="{name}"><mass>3</mass>{more}<Joint>{joint}</Joint></Body>'


SPATIAL = "".join(f'<TransformAxis name="{n}"><coordinates>{c}</coordinates><axis>{a}</axis>{f}</TransformAxis>' for n, c, a, f in (
    ("rotation1", "knee", "0 0 1", "<function><LinearFunction><coefficients>1 0</coefficients></LinearFunction></function>"),
    ("rotation2", "", "0 1 0", ""), ("rotation3", "", "1 0 0", ""), ("translation1", "", "1 0 0", ""),
    ("translation2", "", "0 1 0", "<function><Constant><value>-0.4</value></Constant></function>"),
    ("translation3", "slide", "0 0 1", "")))
BODIES = (
    '<Body name="ground"/>'
    + body("thigh", '<PinJoint name="hip_joint"><parent_body>ground</parent_body><CoordinateSet><objects><Coordinate name="hip"/>'
           '</objects></CoordinateSet></PinJoint>',
           '<mass_center>0 -0.2 0</mass_center><WrapObjectSet><objects><WrapCylinder name="cylinder"/><WrapSphere name="sphere"/>'
           '<WrapEllipsoid name="ellipsoid"/><WrapTorus name="torus"/></objects></WrapObjectSet>')
    + body("shank", f'<CustomJoint name="knee_joint"><parent_body>thigh</parent_body><CoordinateSet><objects><Coordinate name="knee"/>'
           f'<Coordinate name="slide"/></objects></CoordinateSet><SpatialTransform>{SPATIAL}</SpatialTransform></CustomJoint>',
           "<inertia_xx>0.1</inertia_xx><inertia_yy>0.02</inertia_yy><inertia_zz>0.1</inertia_zz><inertia_xy>0</inertia_xy>"
           "<inertia_xz>0</inertia_xz><inertia_yz>0</inertia_yz>")
    + body("foot", '<WeldJoint name="ankle"><parent_body>shank</parent_body></WeldJoint>'))
MOVING = ('<MovingPathPoint name="moving"><location>0.1 -0.2 0.3</location><body>thigh</body>'
          + "".join(f'<{a}_coordinate>hip</{a}_coordinate><{a}_location><SimmSpline><x>0 1 2</x><y>0.1 {k} 0.2</y></SimmSpline></{a}_location>'
                    for k, a in enumerate("xyz")) + "</MovingPathPoint>")
CONDITIONAL = '<ConditionalPathPoint name="conditional"><location>0.1 -0.2 0</location><body>thigh</body>{}</ConditionalPathPoint>'
CASES = {
    "skeleton": "",
    "thelen": '<Thelen2003Muscle name="m">' + points("m") + "</Thelen2003Muscle>",
    "thelen, lower bound 0": '<Thelen2003Muscle name="m"><min_control>0</min_control>' + points("m") + "</Thelen2003Muscle>",
    "thelen switched off": '<Thelen2003Muscle name="m"><isDisabled>true</isDisabled>' + points("m") + "</Thelen2003Muscle>",
    "millard": '<Millard2012EquilibriumMuscle name="m">' + points("m") + "</Millard2012EquilibriumMuscle>",
    "millard acceleration": '<Millard2012AccelerationMuscle name="m">' + points("m") + "</Millard2012AccelerationMuscle>",
    "schutte": '<Schutte1993Muscle_Deprecated name="m">' + points("m") + "</Schutte1993Muscle_Deprecated>",
    "wraps": '<Thelen2003Muscle name="m">' + points("m", "", "".join(
        f'<PathWrap name="w{k}"><wrap_object>{w}</wrap_object></PathWrap>' for k, w in enumerate(
            ("cylinder", "sphere", "ellipsoid", "torus")))) + "</Thelen2003Muscle>",
    "moving point": '<Thelen2003Muscle name="m">' + points("m", MOVING) + "</Thelen2003Muscle>",
    "moving point, two functions left out": '<Thelen2003Muscle name="m">' + points("m", MOVING[:MOVING.index("<y_coord")]
        + "<y_coordinate>hip</y_coordinate><z_coordinate>hip</z_coordinate></MovingPathPoint>") + "</Thelen2003Muscle>",
    "conditional point": '<Thelen2003Muscle name="m">' + points("m", CONDITIONAL.format(
        "<coordinate>hip</coordinate><range>-1 0.5</range>")) + "</Thelen2003Muscle>",
    "conditional point without range": '<Thelen2003Muscle name="m">' + points("m", CONDITIONAL.format(
        "<coordinate>hip</coordinate>")) + "</Thelen2003Muscle>",
    "coordinate actuator": '<CoordinateActuator name="a"><coordinate>hip</coordinate></CoordinateActuator>',
    "coordinate actuator, lower bound 0": '<CoordinateActuator name="a"><min_control>0</min_control><coordinate>hip</coordinate>'
                                          '</CoordinateActuator>',
    "point actuator": '<PointActuator name="a"><body>shank</body></PointActuator>',
    "torque actuator": '<TorqueActuator name="a"><bodyA>shank</bodyA><bodyB>thigh</bodyB></TorqueActuator>',
    "path actuator": '<PathActuator name="a">' + points("a") + "</PathActuator>",
    "bushing": '<BushingForce name="b"><body_1>thigh</body_1><body_2>shank</body_2></BushingForce>',
    "bushing with places": '<BushingForce name="b"><body_1>thigh</body_1><location_body_1>0 -0.4 0</location_body_1>'
                           '<orientation_body_1>0 0.1 0</orientation_body_1><body_2>shank</body_2></BushingForce>',
    "coordinate limit": '<CoordinateLimitForce name="l"><coordinate>hip</coordinate></CoordinateLimitForce>',
    "coordinate limit of a slide": '<CoordinateLimitForce name="l"><coordinate>slide</coordinate></CoordinateLimitForce>',
    "coordinate spring": '<SpringGeneralizedForce name="s"><coordinate>hip</coordinate></SpringGeneralizedForce>',
    "ligament": '<Ligament name="l">' + points("l") + "</Ligament>",
    "point to point spring": '<PointToPointSpring name="s"><body1>thigh</body1><body2>shank</body2></PointToPointSpring>',
    "coupler": '@CONSTRAINT<CoordinateCouplerConstraint name="c"><coupled_coordinates_function><LinearFunction><coefficients>2 0'
               '</coefficients></LinearFunction></coupled_coordinates_function><independent_coordinate_names>hip'
               '</independent_coordinate_names><dependent_coordinate_name>slide</dependent_coordinate_name></CoordinateCouplerConstraint>',
    "coupler switched off": '@CONSTRAINT<CoordinateCouplerConstraint name="c"><isDisabled>true</isDisabled>'
                            '<coupled_coordinates_function><LinearFunction><coefficients>2 0</coefficients></LinearFunction>'
                            '</coupled_coordinates_function><independent_coordinate_names>hip</independent_coordinate_names>'
                            '<dependent_coordinate_name>slide</dependent_coordinate_name></CoordinateCouplerConstraint>',
    "marker": '@MARKER<Marker name="k"><body>shank</body></Marker>',
}


def make_old(version):
    parts = {"FORCE": "", "CONSTRAINT": "", "MARKER": ""}
    for k, inner in enumerate(CASES.values()):
        part = next((p for p in parts if inner.startswith("@" + p)), "FORCE")
        # the first name is the element's own
        parts[part] += inner.removeprefix("@" + part).replace('name="', f'name="e{k}_', 1) + "\n"
    return (f'<OpenSimDocument Version="{version}"><Model name="leg"><BodySet><objects>{BODIES}</objects></BodySet>\n'
            f'<ForceSet><objects>{parts["FORCE"]}</objects></ForceSet><ConstraintSet><objects>{parts["CONSTRAINT"]}</objects>'
            f'</ConstraintSet><MarkerSet><objects>{parts["MARKER"]}</objects></MarkerSet></Model></OpenSimDocument>')


def strip(element):
    for child in list(element):
        if child.tag in ("Appearance", "FrameGeometry", "attached_geometry", "ModelVisualPreferences", "components", "groups",
                         "credits", "publications", "length_units", "force_units"):
            element.remove(child)
        else:
            strip(child)
    element.text = (element.text or "").strip()
    element.tail = None


def upgrade_here(source, target):
    opensim = import_opensim()
    model = opensim.Model(source)
    model.printToXML(target)


def main():
    out = []
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "old.osim", pathlib.Path(folder) / "new.osim"
        for version in VERSIONS:
            source.write_text(make_old(version))
            target.unlink(missing_ok=True)
            subprocess.run([sys.executable, __file__, "--upgrade", str(source), str(target)], check=True, timeout=60)
            tree = ET.fromstring(target.read_text())
            strip(tree)
            text = ET.tostring(tree, encoding="unicode").replace("\n", " ")
            out.append(f'<case version="{version}">\n<old>{escape(source.read_text())}</old>\n'
                       f"<upgraded>{escape(text)}</upgraded>\n</case>")
    (FOLDER / "upgrades.xml").write_text("<cases>\n" + "\n".join(out) + "\n</cases>\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--upgrade"]:
        upgrade_here(*sys.argv[2:])
    else:
        main()
