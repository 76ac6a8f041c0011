#!/usr/bin/env python3
"""Makes gait2392_scaled.txt with OpenSim 4.6 (import opensim) from ../shared/data: the scaled model of gait2392's ScaleTool
setup as shipped. Lines: body NAME mass Ixx Iyy Izz; muscle NAME optimal_fiber_length tendon_slack_length (SI).

  make_scale.py SHARED_DATA OUTPUT_FOLDER
"""
import os
import shutil
import sys
import tempfile

import opensim


def main():
    data, output = (os.path.abspath(path) for path in sys.argv[1:3])
    data = os.path.join(data, "gait2392_walk")
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    for name in ("subject01_Setup_Scale.xml", "gait2392_Scale_MarkerSet.xml", "subject01_static.trc"):
        shutil.copy(os.path.join(data, "ik", name), folder)
    shutil.copy(os.path.join(data, "models/gait2392_thelen2003muscle.osim"), "gait2392_simbody.osim")
    opensim.ScaleTool("subject01_Setup_Scale.xml").run()
    model = opensim.Model("subject01_scaledOnly.osim")
    model.initSystem()
    with open(os.path.join(output, "gait2392_scaled.txt"), "w") as file:
        for body in model.getBodySet():
            moments = body.getInertia().getMoments()
            values = [body.getMass()] + [moments.get(i) for i in range(3)]
            file.write(f"body {body.getName()} " + " ".join(f"{v:.9g}" for v in values) + "\n")
        for muscle in model.getMuscles():
            file.write(f"muscle {muscle.getName()} {muscle.get_optimal_fiber_length():.9g} "
                       f"{muscle.get_tendon_slack_length():.9g}\n")


if __name__ == "__main__":
    main()
