#!/usr/bin/env python3
"""components.txt: every component type that OpenSim 4.6 registers, what it is, and whether inverse dynamics and static
optimization of a small leg change when one stands among the model's <components>.

    python tests/golden/opensim_4_6/make_components.py      (with the `opensim` package of OpenSim 4.6)

Each line: type, kind (the first of KINDS that it is), inverse dynamics, static optimization: `same`, `changes`, or
`unbuilt` when OpenSim would not build or run the model with it. Kinds that a reader must know by name are not run.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[2] / "tools"))
from opensim_inputs import import_opensim  # noqa: E402

KINDS = ["Muscle", "ScalarActuator", "Actuator", "Force", "Constraint", "Joint", "Body", "WrapObject", "Controller", "Probe",
         "Frame", "ContactGeometry", "AbstractReporter", "Geometry", "Point", "ModelComponent", "Component"]
KNOWN_BY_NAME = {"Muscle", "ScalarActuator", "Actuator", "Force", "Constraint", "Joint", "Body", "WrapObject"}

MODEL = """<OpenSimDocument Version="40600"><Model name="leg"><gravity>0 -9.80665 0</gravity>
<BodySet name="bodyset"><objects><Body name="thigh"><mass>8</mass><mass_center>0 -0.2 0</mass_center><inertia>0.1 0.02 0.1 0 0 0</inertia></Body>
<Body name="shank"><mass>4</mass><mass_center>0 -0.2 0</mass_center><inertia>0.05 0.01 0.05 0 0 0</inertia></Body></objects></BodySet>
<JointSet name="jointset"><objects>
<PinJoint name="hip_joint"><socket_parent_frame>/ground</socket_parent_frame><socket_child_frame>/bodyset/thigh</socket_child_frame>
<coordinates><Coordinate name="hip"/></coordinates></PinJoint>
<PinJoint name="knee_joint"><socket_parent_frame>low</socket_parent_frame><socket_child_frame>/bodyset/shank</socket_child_frame>
<coordinates><Coordinate name="knee"/></coordinates><frames><PhysicalOffsetFrame name="low"><socket_parent>/bodyset/thigh</socket_parent>
<translation>0 -0.4 0</translation></PhysicalOffsetFrame></frames></PinJoint></objects></JointSet>
<ForceSet name="forceset"><objects><CoordinateActuator name="hip_motor"><coordinate>hip</coordinate><optimal_force>10</optimal_force></CoordinateActuator>
<CoordinateActuator name="knee_motor"><coordinate>knee</coordinate><optimal_force>10</optimal_force></CoordinateActuator>
<Millard2012EquilibriumMuscle name="extensor"><optimal_fiber_length>0.12</optimal_fiber_length><tendon_slack_length>0.2</tendon_slack_length>
<GeometryPath name="path"><PathPointSet><objects>
<PathPoint name="a"><socket_parent_frame>/bodyset/thigh</socket_parent_frame><location>0.04 -0.1 0</location></PathPoint>
<PathPoint name="b"><socket_parent_frame>/bodyset/shank</socket_parent_frame><location>0.05 -0.05 0</location></PathPoint>
</objects></PathPointSet></GeometryPath></Millard2012EquilibriumMuscle></objects></ForceSet>
<components>COMPONENT</components></Model></OpenSimDocument>"""
# what a component needs before it can stand in a model; {frame} and {control} are common wishes
FRAME = "<socket_frame>/bodyset/shank</socket_frame>"
PARENT = "<socket_parent_frame>/bodyset/shank</socket_parent_frame><location>0.1 0 0</location>"
ACTUATOR = "<socket_actuators>/forceset/hip_motor</socket_actuators>"
MUSCLE = "<socket_actuators>/forceset/extensor</socket_actuators>"
CONTROL = '<FunctionSet name="ControlFunctions"><objects><Constant><value>0.5</value></Constant></objects></FunctionSet>'
NEEDS = {
    "IMU": FRAME, "Station": PARENT, "Marker": PARENT, "PathPoint": PARENT,
    "ConditionalPathPoint": PARENT + "<socket_coordinate>/jointset/hip_joint/hip</socket_coordinate>",
    "PhysicalOffsetFrame": "<socket_parent>/bodyset/shank</socket_parent>",
    "ContactHalfSpace": FRAME, "ContactSphere": FRAME + "<radius>0.1</radius>", "ContactMesh": FRAME,
    "ContactCylinder": FRAME + "<radius>0.1</radius>", "ContactEllipsoid": FRAME + "<dimensions>1 1 1</dimensions>",
    "ContactTorus": FRAME + "<inner_radius>0.1</inner_radius><outer_radius>0.2</outer_radius>",
    "PrescribedController": ACTUATOR + CONTROL,
    "ControlSetController": "<controls_file>controls.sto</controls_file>",
    "ToyReflexController": MUSCLE + "<gain>5</gain>",
    "CorrectionController": ACTUATOR,
    "SignalGenerator": "<function><Constant/></function>",
    "Bhargava2004SmoothedMuscleMetabolics": "",
}
for geometry in ("Arrow", "Brick", "Cone", "Cylinder", "Ellipsoid", "FrameGeometry", "LineGeometry", "Mesh", "Sphere", "Torus"):
    NEEDS[geometry] = FRAME
CONTROLS = "controls\nversion=1\nnRows=2\nnColumns=2\ninDegrees=no\nendheader\ntime\thip_motor\n0\t0.5\n1\t0.5\n"
MOTION = "q\nversion=1\nnRows=9\nnColumns=3\ninDegrees=no\nendheader\ntime\thip\tknee\n" + "".join(
    f"{0.02 * i}\t{0.3 + 0.002 * i * i}\t{0.5 - 0.04 * i}\n" for i in range(9))
SETUPS = {
    "id": """<OpenSimDocument Version="40600"><InverseDynamicsTool name="id"><results_directory>.</results_directory>
<model_file>leg.osim</model_file><forces_to_exclude>Muscles</forces_to_exclude><coordinates_file>q.mot</coordinates_file>
<output_gen_force_file>id.sto</output_gen_force_file></InverseDynamicsTool></OpenSimDocument>""",
    "so": """<OpenSimDocument Version="40600"><AnalyzeTool name="so"><model_file>leg.osim</model_file><results_directory>.</results_directory>
<initial_time>0</initial_time><final_time>0.16</final_time><coordinates_file>q.mot</coordinates_file>
<AnalysisSet><objects><StaticOptimization name="StaticOptimization"><on>true</on></StaticOptimization></objects></AnalysisSet>
</AnalyzeTool></OpenSimDocument>"""}
OUTPUT = {"id": "id.sto", "so": "so_StaticOptimization_force.sto"}
TOOL = {"id": "InverseDynamicsTool", "so": "AnalyzeTool"}


def read_numbers(path):
    lines = path.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip() == "endheader") + 2
    return [float(word) for line in lines[start:] for word in line.split()]


def run(component, tool):
    """the numbers of a tool's result, in a process of its own; None when OpenSim fails"""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "leg.osim").write_text(MODEL.replace("COMPONENT", component))
        (folder / "q.mot").write_text(MOTION)
        (folder / "controls.sto").write_text(CONTROLS)
        (folder / "setup.xml").write_text(SETUPS[tool])
        subprocess.run([sys.executable, __file__, "--run", TOOL[tool], str(folder)], capture_output=True, timeout=120)
        output = folder / OUTPUT[tool]
        return read_numbers(output) if output.exists() else None


def run_here(tool, folder):
    opensim = import_opensim()
    os.chdir(folder)
    getattr(opensim, tool)("setup.xml").run()


def list_types():
    opensim = import_opensim()
    names = opensim.ArrayStr()
    opensim.OpenSimObject.getRegisteredTypenames(names)
    rows = []
    for name in sorted(names.get(i) for i in range(names.getSize())):
        instance = opensim.OpenSimObject.getDefaultInstanceOfType(name)
        if opensim.Component.safeDownCast(instance) is None:
            continue
        kinds = [k for k in KINDS if getattr(opensim, k).safeDownCast(instance) is not None]
        rows.append((name, kinds[0]))
    return rows


def main():
    without = {tool: run("", tool) for tool in TOOL}
    assert all(without.values())
    lines = []
    for name, kind in list_types():
        effects = []
        for tool in TOOL:
            if kind in KNOWN_BY_NAME:
                effects.append("-")
                continue
            numbers = run(f'<{name} name="it">{NEEDS.get(name, "")}</{name}>', tool)
            same = numbers is not None and len(numbers) == len(without[tool]) and all(
                abs(a - b) <= 1e-6 * max(1, abs(a)) for a, b in zip(numbers, without[tool]))
            effects.append("unbuilt" if numbers is None else "same" if same else "changes")
        lines.append(" ".join([name, kind, *effects]))
        print(lines[-1], file=sys.stderr, flush=True)
    (FOLDER / "components.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run_here(*sys.argv[2:])
    else:
        main()
