#!/usr/bin/env python3
"""driven_forces.xml: what OpenSim 4.6's InverseDynamicsTool and StaticOptimization make of a small leg's springs, actuators
and controllers.

    python tests/golden/opensim_4_6/make_driven_forces.py      (with the `opensim` package of OpenSim 4.6)

Each case holds what stands in the model besides the skeleton of make_components.py, the forces that the setup excludes,
and the results, row by row without time; `failed` where OpenSim does not run.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
from xml.sax.saxutils import escape, quoteattr

from make_components import MODEL, MOTION, OUTPUT, SETUPS, TOOL, read_numbers, run_here

# what AnalyzeTool finds the actuators doing when no analysis shares out forces
SETUPS = SETUPS | {"actuation": SETUPS["so"].replace("StaticOptimization", "Actuation")}
OUTPUT = OUTPUT | {"actuation": "so_Actuation_force.sto"}
TOOL = TOOL | {"actuation": "AnalyzeTool"}
FOLDER = pathlib.Path(__file__).resolve().parent
MOTORS = "".join(f'<CoordinateActuator name="{c}_motor"><coordinate>{c}</coordinate><optimal_force>10</optimal_force></CoordinateActuator>'
                 for c in ("hip", "knee"))
EXO = ('<ActivationCoordinateActuator name="exo"><coordinate>hip</coordinate><optimal_force>10</optimal_force>{}'
       '</ActivationCoordinateActuator>')
PULL = ('<PathActuator name="pull"><optimal_force>20</optimal_force>'
        '<GeometryPath name="path"><PathPointSet><objects>'
        '<PathPoint name="a"><socket_parent_frame>/bodyset/thigh</socket_parent_frame><location>0.04 -0.1 0</location></PathPoint>'
        '<PathPoint name="b"><socket_parent_frame>/bodyset/shank</socket_parent_frame><location>0.05 -0.05 0</location></PathPoint>'
        '</objects></PathPointSet></GeometryPath></PathActuator>')
PUSH = ('<PointActuator name="push"><body>shank</body><point>0.1 -0.2 0</point><direction>1 2 0</direction>'
        '<optimal_force>30</optimal_force>{}</PointActuator>')
TWIST = ('<TorqueActuator name="twist"><bodyA>shank</bodyA><bodyB>thigh</bodyB><axis>0 1 2</axis><optimal_force>5</optimal_force>'
         '</TorqueActuator>')
SPRING = '<SpringGeneralizedForce name="spring"><coordinate>hip</coordinate><stiffness>10</stiffness></SpringGeneralizedForce>'
KNOTS = "<x>0 0.02 0.05 0.1 0.2 0.3 0.4</x><y>0 1 0.3 -0.2 0.5 0.6 0.1</y>"
HALF = "<Constant><value>0.5</value></Constant>"


def forces(inner, groups=""):
    return f'<ForceSet name="forceset"><objects>{inner}</objects><groups>{groups}</groups></ForceSet>'


def controller(actuators, functions, more="", name="c"):
    paths = " ".join(f"/forceset/{a}" for a in actuators)
    return (f'<PrescribedController name="{name}"><socket_actuators>{paths}</socket_actuators>{more}'
            f'<FunctionSet name="ControlFunctions"><objects>{functions}</objects></FunctionSet></PrescribedController>')


def controllers(inner):
    return f'<ControllerSet name="controllerset"><objects>{inner}</objects></ControllerSet>'


def drive(function, actuator="hip_motor"):
    return forces(MOTORS) + controllers(controller([actuator], function))


FUNCTIONS = {
    "constant": HALF,
    "linear": "<LinearFunction><coefficients>10 0.1</coefficients></LinearFunction>",
    "piecewise linear": f"<PiecewiseLinearFunction>{KNOTS}</PiecewiseLinearFunction>",
    "piecewise constant": f"<PiecewiseConstantFunction>{KNOTS}</PiecewiseConstantFunction>",
    "simm spline": f"<SimmSpline>{KNOTS}</SimmSpline>",
    "gcv spline": f"<GCVSpline><half_order>3</half_order>{KNOTS}</GCVSpline>",
    "polynomial": "<PolynomialFunction><coefficients>3 2 1</coefficients></PolynomialFunction>",
    "step": "<StepFunction><transition_start_time>0.03</transition_start_time><transition_end_time>0.13</transition_end_time>"
            "<start_value>0.2</start_value><end_value>0.9</end_value></StepFunction>",
    "multiplier": f"<MultiplierFunction><function>{HALF}</function><scale>3</scale></MultiplierFunction>",
    "sine": "<Sine><omega>20</omega></Sine>",
    "expression": "<ExpressionBasedFunction><expression>t</expression><variables>t</variables></ExpressionBasedFunction>",
}
GROUP = '<ObjectGroup name="motors"><members>hip_motor</members></ObjectGroup>'
CASES = {
    "nothing": (forces(MOTORS), "Muscles"),
    "spring": (forces(MOTORS + SPRING), "Muscles"),
    "spring excluded by name": (forces(MOTORS + SPRING), "Muscles spring"),
    "spring excluded with all": (forces(MOTORS + SPRING), "aLL"),
    "spring kept without actuators": (forces(MOTORS + SPRING), "ACTUATORS"),
    "activation": (forces(MOTORS + EXO.format("")), "Muscles"),
    "activation given": (forces(MOTORS + EXO.format("<default_activation>-0.2</default_activation>")), "Muscles"),
    "activation excluded": (forces(MOTORS + EXO.format("")), "Muscles exo"),
    "activation without actuators": (forces(MOTORS + EXO.format("")), "actuators"),
    "activation does not follow its controller": (forces(MOTORS + EXO.format("")) + controllers(controller(["exo"], HALF)), "Muscles"),
    "path": (forces(MOTORS + PULL) + controllers(controller(["pull"], HALF)), "Muscles"),
    "point in the body": (forces(MOTORS + PUSH.format("")) + controllers(controller(["push"], HALF)), "Muscles"),
    "point in ground": (forces(MOTORS + PUSH.format("<force_is_global>true</force_is_global>"))
                        + controllers(controller(["push"], HALF)), "Muscles"),
    "torque": (forces(MOTORS + TWIST) + controllers(controller(["twist"], HALF)), "Muscles"),
    "control beyond its bounds": (forces(MOTORS.replace("<optimal_force>", "<max_control>0.2</max_control><optimal_force>"))
                                  + controllers(controller(["hip_motor"], HALF)), "Muscles"),
    "two controllers": (forces(MOTORS) + controllers(controller(["hip_motor"], HALF) + controller(["hip_motor", "knee_motor"],
                        HALF + FUNCTIONS["linear"], name="d")), "Muscles"),
    "controller off": (forces(MOTORS) + controllers(controller(["hip_motor"], HALF, "<enabled>false</enabled>")), "Muscles"),
    "controller of an excluded actuator": (drive(HALF), "Muscles hip_motor"),
    "controller of a group": (forces(MOTORS, GROUP) + controllers(controller(["hip_motor"], HALF)), "Muscles motors"),
    "names do not count beside groups": (forces(MOTORS, GROUP) + controllers(controller(["hip_motor"], HALF)), "Muscles hip_motor"),
    "controller with too few functions": (forces(MOTORS) + controllers(controller(["hip_motor", "knee_motor"], HALF)), "Muscles"),
    "controller among components": (forces(MOTORS) + "<components>" + controller(["hip_motor"], HALF) + "</components>", "Muscles"),
    **{f"driven by a {name}": (drive(function), "Muscles") for name, function in FUNCTIONS.items()},
}


def make_model(inner):
    head = MODEL[:MODEL.index("<ForceSet")]
    return head + inner + "</Model></OpenSimDocument>"


def run(inner, excluded, tool):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "leg.osim").write_text(make_model(inner))
        (folder / "q.mot").write_text(MOTION)
        (folder / "setup.xml").write_text(SETUPS[tool].replace(
            "<forces_to_exclude>Muscles<", f"<forces_to_exclude>{excluded}<"))
        subprocess.run([sys.executable, __file__, "--run", TOOL[tool], str(folder)], capture_output=True, timeout=120)
        output = folder / OUTPUT[tool]
        if not output.exists():
            return "failed"
        lines = output.read_text().splitlines()
        start = next(i for i, line in enumerate(lines) if line.strip() == "endheader") + 2
        return "\n".join(" ".join(f"{float(word):.9g}" for word in line.split()[1:]) for line in lines[start:] if line.strip())


def main():
    text = "<cases>\n<motion>" + escape(MOTION) + "</motion>\n"
    text += "<skeleton>" + escape(MODEL[:MODEL.index("<ForceSet")]) + "</skeleton>\n"
    for name, (inner, excluded) in CASES.items():
        moments = run(inner, excluded, "id")
        text += f"<case name={quoteattr(name)} excluded={quoteattr(excluded)}><model>{escape(inner)}</model>\n<id>{moments}</id>\n"
        if "activation" in name or "controller" in name or name == "nothing":
            text += f"<so>{run(inner, excluded, 'so')}</so>\n"
        text += f"<actuation>{run(inner, excluded, 'actuation')}</actuation>\n"
        text += "</case>\n"
        print(name, moments.splitlines()[1:2] or moments, file=sys.stderr, flush=True)
    (FOLDER / "driven_forces.xml").write_text(text + "</cases>\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run_here(*sys.argv[2:])
    else:
        main()
