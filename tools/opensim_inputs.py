"""Inputs for compare_with_opensim.py: tables, poses, reserves and setup files that both programs read.

What loads an OpenSim model here must run in a process of its own (compare_with_opensim.in_own_process).
"""
import math
import os
import random
import tempfile
import xml.etree.ElementTree as ET

PATH_FIELDS = ("model_file", "force_set_files", "external_loads_file", "coordinates_file", "forces_file")
POSE_STEP = 0.01  # s between the poses of a file; they are stills, no movement


def read_table(path):
    lines = path.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip() == "endheader") + 1
    return lines[start].split(), [[float(word) for word in line.split()] for line in lines[start + 1:] if line.strip()]


def write_table(path, names, rows):
    head = [path.name, "version=1", f"nRows={len(rows)}", f"nColumns={len(names)}", "inDegrees=no", "endheader"]
    path.write_text("\n".join(head + ["\t".join(names)] + ["\t".join(f"{v:.15g}" for v in r) for r in rows]) + "\n")


def write_tags(values):
    return "".join(f"<{tag}>{value}</{tag}>" for tag, value in values.items())


def write_stills(path, names, rows):
    write_table(path, ["time", *names], [[i * POSE_STEP, *row] for i, row in enumerate(rows)])


def import_opensim():
    os.chdir(tempfile.gettempdir())  # the package leaves a log where it starts
    import opensim
    opensim.Logger.removeFileSink()
    opensim.Logger.setLevelString("error")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the tools print the size of the model whatever the log level
    return opensim


def load_opensim_model(model_file):
    model = import_opensim().Model(str(model_file))
    state = model.initSystem()
    return model, state, [model.getCoordinateSet().get(i) for i in range(model.getCoordinateSet().getSize())]


def write_seeded_poses(model_file, path, count):
    """Poses anywhere in the middle 80 % of the ranges (at most 60 degrees from zero), couplers obeyed, root at rest."""
    model, state, coordinates = load_opensim_model(model_file)
    draw, rows = random.Random(20), []
    for _ in range(count):
        for c in coordinates:
            if c.isDependent(state) or c.getLocked(state) or c.getMotionType() != 1:
                continue
            low, high = max(c.getRangeMin(), -math.pi / 3), min(c.getRangeMax(), math.pi / 3)
            c.setValue(state, 0.5 * (low + high) + (draw.random() - 0.5) * 0.8 * (high - low), False)
        model.assemble(state)
        rows.append([c.getValue(state) for c in coordinates])
    write_stills(path, [c.getName() for c in coordinates], rows)


def write_single_leg_stance(model_file, motion, loads, count):
    """The built-in body on its right leg, pelvis level, foot under the centre of mass, and its ground force."""
    model, state, coordinates = load_opensim_model(model_file)
    for name, degrees in (("hip_flexion_l", 30), ("knee_angle_l", 60), ("hip_adduction_r", 6.17)):
        model.getCoordinateSet().get(name).setValue(state, math.radians(degrees), False)
    model.assemble(state)
    model.realizePosition(state)
    center = model.calcMassCenterPosition(state)
    weight = model.getTotalMass(state) * -model.get_gravity().get(1)
    write_stills(motion, [c.getName() for c in coordinates], [[c.getValue(state) for c in coordinates]] * count)
    data = loads.with_suffix(".mot")
    columns = [f"{kind}{axis}" for kind in "fpm" for axis in "xyz"]
    write_stills(data, columns, [[0, weight, 0, center.get(0), 0, center.get(2), 0, 0, 0]] * count)
    force = write_tags({"applied_to_body": "calcn_r", "force_expressed_in_body": "ground", "torque_identifier": "m",
                        "point_expressed_in_body": "ground", "force_identifier": "f", "point_identifier": "p"})
    loads.write_text(f"""<OpenSimDocument Version="40000"><ExternalLoads name="stance"><objects><ExternalForce name="floor">
      {force}</ExternalForce></objects><datafile>{data}</datafile></ExternalLoads></OpenSimDocument>""")


def write_reserves(model_file, path):
    """A coordinate actuator for every coordinate that is free: strong at the root, weak elsewhere."""
    _, state, coordinates = load_opensim_model(model_file)
    text = ""
    for c in (c for c in coordinates if not c.isConstrained(state)):
        is_root = c.getJoint().getParentFrame().findBaseFrame().getName() == "ground"
        choices = {"coordinate": c.getName(), "optimal_force": 100 if is_root else 1, "min_control": -1e6,
                   "max_control": 1e6}
        text += f'<CoordinateActuator name="reserve_{c.getName()}">{write_tags(choices)}</CoordinateActuator>'
    path.write_text(f'<OpenSimDocument Version="40000"><ForceSet name="reserves"><objects>{text}</objects></ForceSet>'
                    "</OpenSimDocument>")


def copy_setup(source, target, changes):
    """A copy of a setup file that works from any folder, with other values for the tags in `changes`."""
    tree = ET.parse(source)
    for element in tree.iter():
        if element.tag in changes:
            element.text = str(changes[element.tag])
        elif element.tag in PATH_FIELDS:
            element.text = " ".join(str((source.parent / word).resolve()) for word in (element.text or "").split())
    tree.write(target)
    return target


def write_analyze_setup(target, model, motion, analysis, choices, end, start=0.0, step=1, loads="", forces="",
                        lowpass=-1):
    tool = write_tags({"model_file": model, "replace_force_set": "false", "force_set_files": forces, "initial_time": start,
                       "final_time": end, "external_loads_file": loads, "coordinates_file": motion,
                       "lowpass_cutoff_frequency_for_coordinates": lowpass})
    inner = write_tags({"on": "true", "start_time": start, "end_time": end, "step_interval": step} | choices)
    target.write_text(f"""<OpenSimDocument Version="40000"><AnalyzeTool name="a">{tool}<AnalysisSet><objects>
      <{analysis} name="{analysis}">{inner}</{analysis}></objects></AnalysisSet></AnalyzeTool></OpenSimDocument>""")
    return target


def copy_walk(source, target):
    """OpenSim's InverseDynamicsTool needs plain column names (it takes defaults for path names and says nothing), and
    the recorded patella columns are degrees in a file of radians: here they follow their coupler, the knee angle."""
    names, rows = read_table(source)
    names = [name.split("/")[-2] if "/" in name else name for name in names]
    for row in rows:
        for side in "rl":
            row[names.index(f"knee_angle_{side}_beta")] = row[names.index(f"knee_angle_{side}")]
    write_table(target, names, rows)


def copy_actuator_forces(folder, target):
    """OpenSim's JointReaction reads as many columns as there are actuators and looks behind them for those that follow
    springs in the file (garbage and NaN, 4.6): only columns of actuators are handed on, to both programs."""
    actuators = read_table(folder / "a_StaticOptimization_activation.sto")[0]
    names, rows = read_table(folder / "a_StaticOptimization_force.sto")
    kept = [names.index(name) for name in actuators]
    write_table(target, actuators, [[row[i] for i in kept] for row in rows])
