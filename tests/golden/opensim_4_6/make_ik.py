#!/usr/bin/env python3
"""Makes the solutions of this folder with OpenSim 4.6 (import opensim) from ../shared/data.

  make_ik.py SHARED_DATA OUTPUT_FOLDER

gait2392_walk_ik.mot                 the setup as shipped, on the model that the set calls its own
opencap_walking1_unclamped_ik.mot    the setup as shipped, no coordinate clamped, accuracy 1e-7: OpenSim solves clamped
                                     problems with an interior point method that stops degrees away from a bound
Every tenth frame, six digits.
"""
import os
import sys
import tempfile

import opensim


def solve(data, model, setup, markers, output, clamped, accuracy):
    folder = tempfile.mkdtemp()
    model = opensim.Model(os.path.join(data, model))
    if not clamped:
        coordinates = model.getCoordinateSet()
        for i in range(coordinates.getSize()):
            coordinates.get(i).setDefaultClamped(False)
        # the solver looks at the state that is made when the model is read
        path = os.path.join(folder, "model.osim")
        model.initSystem()
        model.printToXML(path)
        model = opensim.Model(path)
    with open(os.path.join(data, setup)) as source, open(os.path.join(folder, "setup.xml"), "w") as copy:
        copy.write(source.read())
    tool = opensim.InverseKinematicsTool(os.path.join(folder, "setup.xml"), False)
    tool.setModel(model)
    tool.setMarkerDataFileName(os.path.join(data, markers))
    tool.setOutputMotionFileName(os.path.join(folder, "ik.mot"))
    tool.setResultsDir(folder)
    tool.set_accuracy(accuracy)
    tool.run()
    with open(os.path.join(folder, "ik.mot")) as file:
        lines = file.read().splitlines()
    labels = next(i for i, line in enumerate(lines) if line.strip() == "endheader") + 1
    rows = [line.split() for line in lines[labels + 1:] if line.strip()][::10]
    with open(output, "w") as file:
        names = lines[labels].split()
        file.write(f"Coordinates\nversion=1\nnRows={len(rows)}\nnColumns={len(names)}\ninDegrees=yes\nendheader\n")
        for row in [names] + [[f"{float(x):.6g}" for x in row] for row in rows]:
            file.write("\t".join(row) + "\n")


def main():
    data, output = (os.path.abspath(path) for path in sys.argv[1:3])
    solve(data, "gait2392_walk/id/subject01_simbody.osim", "gait2392_walk/ik/subject01_Setup_IK.xml",
          "gait2392_walk/ik/subject01_walk1.trc", os.path.join(output, "gait2392_walk_ik.mot"), True, 1e-5)
    folder = "opencap_s4_squat_sts_walk/"
    solve(data, folder + "model_manually_scaled.osim", folder + "walking1_ik_on_manually_scaled_setup.xml",
          folder + "walking1.trc", os.path.join(output, "opencap_walking1_unclamped_ik.mot"), False, 1e-7)


if __name__ == "__main__":
    main()
