#!/usr/bin/env python3
"""Makes scaled_leg.txt from scaled_leg.osim, and scaled_models.txt from generic models of ../shared/data: what OpenSim 4.6
(import opensim) computes with the models that its ScaleTool makes of them.

  make_scaled_models.py SHARED_DATA OUTPUT_FOLDER

Each model is scaled by factors that are equal along x, y and z of a body, and by unequal ones, and then bent into five
poses. Lines: `case NAME MODEL`; `factor BODY x y z`; `wrap BODY NUMBER x y z sizes` (centre in the body; radius and length
of a cylinder, radius of a sphere, semi-axes of an ellipsoid, inner and outer radius of a torus; m); then five values each, one a pose: `q COORDINATE` (rad, m);
`body NAME` (origin in ground, 15 numbers, m); `length MUSCLE` (m); `arm MUSCLE COORDINATE` (m or none, right side and
midline). The model's root stays where it is.
"""
import math
import multiprocessing
import os
import random
import shutil
import sys
import tempfile

MODELS = {"rajagopal2016": "generic_models/Rajagopal2016.osim",
          "rajagopal_lai_uhlrich2023": "generic_models/RajagopalLaiUhlrich2023.osim",
          "lai_uhlrich2022": "generic_models/LaiUhlrich2022.osim",
          "gait2392": "gait2392_walk/models/gait2392_thelen2003muscle.osim"}
POSES = 5

SETUP = """<OpenSimDocument Version="40600"><ScaleTool name="scaled"><mass>-1</mass>
<GenericModelMaker><model_file>generic.osim</model_file></GenericModelMaker>
<ModelScaler><apply>true</apply><scaling_order>manualScale</scaling_order><ScaleSet><objects>{}</objects></ScaleSet>
<time_range>-1 1</time_range><preserve_mass_distribution>true</preserve_mass_distribution>
<output_model_file>scaled.osim</output_model_file></ModelScaler><MarkerPlacer><apply>false</apply></MarkerPlacer>
</ScaleTool></OpenSimDocument>"""


def is_root(coordinate, opensim):
    return coordinate.getJoint().getParentFrame().findBaseFrame().getName() == "ground"


def choose_factors(bodies, equal, alike):
    """By the number of the body. `alike`: unequal factors would stop OpenSim, as a coupled slide hangs on the body."""
    factors = {}
    for i, body in enumerate(bodies):
        x = 0.92 + 0.03 * (i % 7)
        factors[body] = [x, x, x] if equal or body in alike else [x, 0.9 + 0.04 * (i % 6), 1.12 - 0.05 * (i % 5)]
    return factors


def list_sizes(opensim, wrap):
    p = wrap.get_translation()
    sizes = [p.get(i) for i in range(3)]
    kind = wrap.getConcreteClassName()
    own = getattr(opensim, kind).safeDownCast(wrap)
    if kind == "WrapCylinder":
        sizes += [own.get_radius(), own.get_length()]
    elif kind == "WrapSphere":
        sizes += [own.get_radius()]
    elif kind == "WrapEllipsoid":
        sizes += [own.get_dimensions().get(i) for i in range(3)]
    else:
        sizes += [own.get_inner_radius(), own.get_outer_radius()]
    return sizes


def measure(model_file, equal, alike):
    import opensim
    opensim.Logger.setLevelString("off")
    generic = opensim.Model(model_file)
    bodies = [generic.getBodySet().get(i).getName() for i in range(generic.getBodySet().getSize())]
    factors = choose_factors(bodies, equal, alike)
    shutil.copy(model_file, "generic.osim")
    scales = "".join(f"<Scale><scales>{' '.join(f'{v:.12g}' for v in f)}</scales><segment>{b}</segment>"
                     "<apply>true</apply></Scale>" for b, f in factors.items())
    with open("setup.xml", "w") as file:
        file.write(SETUP.format(scales))
    opensim.ScaleTool("setup.xml").run()
    model = opensim.Model("scaled.osim")
    state = model.initSystem()
    lines = {}
    for body in model.getBodySet():
        wraps = body.getWrapObjectSet()
        for i in range(wraps.getSize()):
            lines[f"wrap {body.getName()} {i}"] = list_sizes(opensim, wraps.get(i))
    coordinates = [model.getCoordinateSet().get(i) for i in range(model.getCoordinateSet().getSize())]
    muscles = [model.getMuscles().get(i) for i in range(model.getMuscles().getSize())]
    free = [c for c in coordinates if not c.isDependent(state) and not c.getLocked(state)]
    moved = [c for c in free if len(bodies) < 5 or not is_root(c, opensim)]
    draw = random.Random(3)
    for _ in range(POSES):
        for c in moved:
            low, high = max(c.getRangeMin(), -math.pi / 2), min(c.getRangeMax(), 2 * math.pi / 3)
            c.setValue(state, low + (0.1 + 0.8 * draw.random()) * (high - low), False)
        model.setAllControllersEnabled(False)
        model.assemble(state)
        model.realizePosition(state)
        for c in coordinates:
            lines.setdefault(f"q {c.getName()}", []).append(c.getValue(state))
        for b in model.getBodySet():
            p = b.getPositionInGround(state)
            lines.setdefault(f"body {b.getName()}", []).extend(p.get(i) for i in range(3))
        for m in muscles:
            lines.setdefault(f"length {m.getName()}", []).append(m.getLength(state))
            if m.getName().endswith("_l"):
                continue
            for c in free:
                if not c.getName().endswith("_l") and (c in moved):
                    lines.setdefault(f"arm {m.getName()} {c.getName()}", []).append(m.computeMomentArm(state, c))
    return factors, {k: v for k, v in lines.items() if not k.startswith("arm") or max(map(abs, v)) > 1e-7}


def run(model_file, equal, alike):
    folder = tempfile.mkdtemp()
    with multiprocessing.get_context("spawn").Pool(1, os.chdir, (folder,)) as pool:
        return pool.apply(measure, (model_file, equal, alike))


def write(path, models, alike=()):
    with open(path, "w") as file:
        for name, (shown, model_file) in models.items():
            for equal in (True, False):
                factors, lines = run(model_file, equal, alike)
                file.write(f"case {name}_{'equal' if equal else 'unequal'} {shown}\n")
                for body, f in factors.items():
                    file.write(f"factor {body} " + " ".join(f"{v:.12g}" for v in f) + "\n")
                for key, values in lines.items():
                    file.write(key + " " + " ".join(f"{round(v, 9):.10g}" for v in values) + "\n")


def main():
    data, output = (os.path.abspath(path) for path in sys.argv[1:3])
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(output, "scaled_leg.txt"), {"leg": ("scaled_leg.osim", os.path.join(here, "scaled_leg.osim"))},
          alike=("shank",))
    write(os.path.join(output, "scaled_models.txt"), {name: (path, os.path.join(data, path)) for name, path in MODELS.items()})


if __name__ == "__main__":
    main()
