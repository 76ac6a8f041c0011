#!/usr/bin/env python3
"""defaults.xml: every property of every class that a model file, a setup file or an external loads file of OpenSim 4.6 may
hold, with the value that OpenSim gives it when the file does not.

    python tests/golden/opensim_4_6/make_defaults.py      (with the `opensim` package of OpenSim 4.6)

What is only drawn is left out, and so are comments and the classes of Moco.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[2] / "tools"))
from opensim_inputs import import_opensim  # noqa: E402

DRAWN = {"Appearance", "FrameGeometry", "attached_geometry", "ModelVisualPreferences", "components"}
LEFT_OUT = re.compile(r"Moco|ModOp|TabOp|CMC|SMC|RRA|XsensData|^Control(?!SetController)|^IMU|^Model(Display|Visual|Processor)|"
                      r"^(Arrow|Brick|Cone|Cylinder|Ellipsoid|FrameGeometry|LineGeometry|Mesh|Sphere|Torus|Appearance)$|"
                      r"TableProcessor|Polynomial(Path)?Fitter|OrientationWeight|Synergy|ToyP|ToyR|SurfaceP|ExperimentalSensor")


def strip(element):
    for child in list(element):
        if child.tag in DRAWN:
            element.remove(child)
        else:
            strip(child)
    element.text = (element.text or "").strip()
    element.tail = None


def main():
    opensim = import_opensim()
    opensim.OpenSimObject.setSerializeAllDefaults(True)
    names = opensim.ArrayStr()
    opensim.OpenSimObject.getRegisteredTypenames(names)
    root = ET.Element("defaults")
    for name in sorted(names.get(i) for i in range(names.getSize())):
        if LEFT_OUT.search(name):
            continue
        text = opensim.OpenSimObject.getDefaultInstanceOfType(name).dump()
        element = ET.fromstring(text.replace("::", "COLONS"))  # ElementTree takes colons for prefixes
        strip(element)
        element.attrib.clear()
        root.append(element)
    text = "\n".join(ET.tostring(child, encoding="unicode", short_empty_elements=True).replace("\n", " ") for child in root)
    (FOLDER / "defaults.xml").write_text("<defaults>\n" + text.replace("COLONS", "::") + "\n</defaults>\n")


if __name__ == "__main__":
    main()
