#!/usr/bin/env python3
"""Makes angle_units.txt with OpenSim 4.6 (import opensim): the unit of angles that each header has for OpenSim.

  make_angle_units.py OUTPUT_FOLDER

One pendulum hangs at 0.5 in all rows of the motion, once in each header and file ending. InverseDynamicsTool's moment
and AnalyzeTool's kinematics tell what unit was taken. Lines: ending, the header's lines with | between them, the unit of
both tools (they agree, or this fails).
"""
import itertools
import math
import os
import sys
import tempfile

import opensim

STATEMENTS = (["", "version=0", "version=1"], ["", "inDegrees=yes", "inDegrees=no"], ["", "Angles are in degrees."])
# what the order, capitals and other spellings do
ODD_HEADERS = [
    ["Angles are in degrees.", "inDegrees=no"], ["Angles are in radians.", "inDegrees=yes"],
    ["inDegrees=yes", "Angles are in radians."], ["Angles are in degrees.", "version=1"], ["Angles are in degrees"],
    ["angles are in Degrees."], ["Note: Angles are in degrees."], ["  Angles are in degrees."],
    ["Angles are in degrees.", "Angles are in radians."], ["version=1", "inDegrees=y"], ["version=1", "inDegrees = YES"],
    ["version=1", "inDegrees yes"], ["version=2", "Angles are in degrees."], ["version=3", "inDegrees=yes"],
    ["Version=1", "Angles are in degrees."], ["version=1", "inDegrees=yes", "inDegrees=no"]]


def write_motion(path, header):
    rows = "".join(f"{i / 100:.2f}\t0.5\n" for i in range(11))
    with open(path, "w") as file:
        file.write("\n".join(["Coordinates", *header, "nRows=11", "nColumns=2", "endheader", "time\tswing"]) + "\n" + rows)


def write_model():
    model = opensim.Model()
    model.setName("pendulum")
    bob = opensim.Body("bob", 1, opensim.Vec3(0, -1, 0), opensim.Inertia(0.01, 0.01, 0.01))
    joint = opensim.PinJoint("pin", model.getGround(), bob)
    joint.updCoordinate().setName("swing")
    model.addBody(bob)
    model.addJoint(joint)
    model.finalizeConnections()
    model.printToXML("pendulum.osim")


def read_last(path, column):
    lines = [line.split() for line in open(path).read().splitlines()]
    labels = lines[lines.index(["endheader"]) + 1]
    return float(lines[-1][labels.index(column)])


def find_unit(motion):
    tool = opensim.InverseDynamicsTool()
    tool.setModelFileName("pendulum.osim")
    tool.setCoordinatesFileName(motion)
    tool.setStartTime(0)
    tool.setEndTime(0.1)
    tool.setResultsDir(".")
    tool.setOutputGenForceFileName("id.sto")
    tool.run()
    angle = math.asin(read_last("id.sto", "swing_moment") / 9.80665)
    units = {abs(angle - 0.5) < 1e-3: "radians", abs(angle - math.radians(0.5)) < 1e-3: "degrees"}
    kinematics = opensim.Kinematics()
    kinematics.setInDegrees(False)
    analyze = opensim.AnalyzeTool()
    analyze.setName("a")
    analyze.setModelFilename("pendulum.osim")
    analyze.setCoordinatesFileName(motion)
    analyze.setInitialTime(0)
    analyze.setFinalTime(0.1)
    analyze.setResultsDir(".")
    analyze.updAnalysisSet().cloneAndAppend(kinematics)
    analyze.printToXML("analyze.xml")
    opensim.AnalyzeTool("analyze.xml").run()
    assert (abs(read_last("a_Kinematics_q.sto", "swing") - 0.5) < 1e-3) == (units[True] == "radians"), motion
    return units[True]


def main():
    output = os.path.abspath(sys.argv[1])
    os.chdir(tempfile.mkdtemp())
    write_model()
    headers = [[line for line in lines if line] for lines in itertools.product(*STATEMENTS)] + ODD_HEADERS
    with open(os.path.join(output, "angle_units.txt"), "w") as file:
        for header in headers:
            for ending in ("mot", "sto"):
                write_motion(f"motion.{ending}", header)
                file.write(f"{ending}\t{'|'.join(header)}\t{find_unit(f'motion.{ending}')}\n")


if __name__ == "__main__":
    main()
