#!/usr/bin/env python3
"""Makes the golden files of analyses/ with OpenSim 4.6 (import opensim).

  make_analyses.py FOLDER      FOLDER holds leg.osim.in, our own model, with KNEE_CLAMPED, ANKLE_LOCKED and COUPLED to be
                               filled in; the inputs and expected.txt are written beside it

expected.txt: for each case and file of OpenSim's results one line "@ case file", the column labels, and the rows.
"""
import glob
import math
import os
import re
import shutil
import sys
import tempfile

import opensim

NAMES = ["hip_flexion", "hip_rotation", "knee", "ankle", "beta"]
JOINTS = {"hip_flexion": "hip_joint", "hip_rotation": "hip_joint", "knee": "knee_joint", "ankle": "ankle_joint",
          "beta": "kneecap_joint"}
ALL_FREE = {"KNEE_CLAMPED": "false", "ANKLE_LOCKED": "false", "COUPLED": "true"}
MODELS = {"locked": {"ANKLE_LOCKED": "true", "COUPLED": "false"}, "clamped": {"KNEE_CLAMPED": "true", "COUPLED": "false"},
          "coupled": {}, "all": {"KNEE_CLAMPED": "true", "ANKLE_LOCKED": "true"}}
KINEMATICS = "<Kinematics name='Kinematics'><step_interval>10</step_interval><in_degrees>false</in_degrees></Kinematics>"
JOINT_REACTION = "<JointReaction name='JointReaction'><step_interval>10</step_interval></JointReaction>"
STATIC = ("<StaticOptimization name='StaticOptimization'><step_interval>10</step_interval>"
          "<optimizer_convergence_criterion>1e-9</optimizer_convergence_criterion></StaticOptimization>")
MUSCLES = "<MuscleAnalysis name='MuscleAnalysis'><step_interval>10</step_interval></MuscleAnalysis>"
REPORTS = """<BodyKinematics name='BodyKinematics'><step_interval>10</step_interval><bodies>all</bodies></BodyKinematics>
<BodyKinematics name='Local'><step_interval>10</step_interval><in_degrees>false</in_degrees>
 <bodies>shank center_of_mass</bodies>
 <express_results_in_body_local_frame>true</express_results_in_body_local_frame></BodyKinematics>
<PointKinematics name='PointKinematics'><step_interval>10</step_interval><body_name>shank</body_name>
 <relative_to_body_name>thigh</relative_to_body_name><point_name>toe</point_name><point>0.1 -0.2 0.3</point></PointKinematics>
<PointKinematics name='Plain'><step_interval>10</step_interval><body_name>foot</body_name></PointKinematics>
<ForceReporter name='ForceReporter'><step_interval>10</step_interval>
 <include_constraint_forces>true</include_constraint_forces></ForceReporter>
<Actuation name='Actuation'><step_interval>10</step_interval></Actuation>
<StatesReporter name='StatesReporter'><step_interval>10</step_interval></StatesReporter>"""
WINDOW = """<Kinematics name='Kinematics'><coordinates>knee ankle</coordinates><start_time>0.045</start_time>
 <end_time>0.175</end_time><step_interval>4</step_interval></Kinematics>
<StatesReporter name='Off'><on>false</on></StatesReporter>"""


def find_angles(t):
    knee = 0.45 - 0.6 * math.sin(5 * t)
    return [0.3 + 0.2 * math.sin(3 * t), 0.1 * math.cos(4 * t), knee, 0.1 + 0.3 * t + 0.1 * math.sin(6 * t),
            0.2 + 0.3 * t * t + knee]


def find_speeds(t):
    h = 1e-5
    return [(b - a) / (2 * h) for a, b in zip(find_angles(t - h), find_angles(t + h))]


def write_table(path, names, rows):
    head = f"{os.path.basename(path)}\nversion=1\nnRows={len(rows)}\nnColumns={len(names)}\ninDegrees=no\nendheader\n"
    with open(path, "w") as file:
        file.write(head + "\t".join(names) + "\n")
        for row in rows:
            file.write("\t".join(f"{x:.8g}" for x in row) + "\n")


def write_inputs(folder):
    times = [0.01 * i for i in range(31)]
    write_table(f"{folder}/q.sto", ["time", *NAMES], [[t, *find_angles(t)] for t in times])
    states = ["time"] + [f"/jointset/{JOINTS[n]}/{n}/{k}" for n in NAMES for k in ("value", "speed")]
    muscles = {"ham/activation": lambda t: 0.3 + t, "ham/fiber_length": lambda t: 0.1 + 0.03 * t,
               "vas/activation": lambda t: 0.6 - t, "vas/fiber_length": lambda t: 0.072 + 0.01 * t,
               "gas/activation": lambda t: 0.2 + 0.5 * t, "gas/normalized_tendon_force": lambda t: 0.15 + 0.5 * t,
               "sol/activation": lambda t: 0.4, "sol/fiber_length": lambda t: 0.055 - 0.01 * t,
               "sol/fiber_velocity": lambda t: -0.03 + 0.2 * t, "sar/activation": lambda t: 0.3 - 0.5 * t,
               "sar/fiber_length": lambda t: 0.18 + 0.02 * t, "stiff/activation": lambda t: 0.25 + t,
               "undamped/activation": lambda t: 0.35, "undamped/fiber_length": lambda t: 0.088 - 0.02 * t}
    rows = []
    for t in times:
        row = [t]
        for q, u in zip(find_angles(t), find_speeds(t)):
            row += [q, u]
        rows.append(row + [f(t) for f in muscles.values()])
    write_table(f"{folder}/states.sto", states + ["/forceset/" + name for name in muscles], rows)
    controls = ["hip_motor", "rot_motor", "knee_motor", "ankle_motor", "strap", "push", "twist"]
    write_table(f"{folder}/controls.sto", ["time", *controls],
                [[t] + [math.sin(i + 20 * t) for i in range(len(controls))] for t in times[::4] + [0.31]])
    write_table(f"{folder}/loads.sto", ["time", "fx", "fy", "fz", "px", "py", "pz", "mx", "my", "mz"],
                [[t, 5 + t, 30 * t, 1, 0.1, 0.2, 0.03, 0.1, 0.2 + t, 0.3] for t in times])
    with open(f"{folder}/loads.xml", "w") as file:
        file.write("""<OpenSimDocument Version="40000"><ExternalLoads name="loads"><objects><ExternalForce name="floor">
<applied_to_body>foot</applied_to_body><force_expressed_in_body>ground</force_expressed_in_body>
<point_expressed_in_body>ground</point_expressed_in_body><force_identifier>f</force_identifier>
<point_identifier>p</point_identifier><torque_identifier>m</torque_identifier></ExternalForce></objects>
<datafile>loads.sto</datafile></ExternalLoads></OpenSimDocument>
""")
    motors = "".join(f"<CoordinateActuator name='{n}_motor'><coordinate>{n}</coordinate><optimal_force>10</optimal_force>"
                     "<min_control>-inf</min_control><max_control>inf</max_control></CoordinateActuator>\n" for n in NAMES)
    with open(f"{folder}/motors.xml", "w") as file:
        file.write(f"<OpenSimDocument Version='40000'><ForceSet name='motors'><objects>\n{motors}</objects></ForceSet>"
                   "</OpenSimDocument>\n")


def make_setup(analyses, motion, extra=""):
    """an AnalyzeTool; `extra` holds further elements"""
    kind = "states_file" if "states" in motion else "coordinates_file"
    forces = "" if "replace_force_set" in extra else "<replace_force_set>false</replace_force_set>"
    return f"""<OpenSimDocument Version="40000"><AnalyzeTool name="a"><model_file>leg.osim</model_file>
<results_directory>results</results_directory><initial_time>0.0</initial_time><final_time>0.3</final_time>
<output_precision>12</output_precision>{forces}{extra}<AnalysisSet name="Analyses"><objects>
{analyses}</objects></AnalysisSet><{kind}>{motion}</{kind}>
<lowpass_cutoff_frequency_for_coordinates>-1</lowpass_cutoff_frequency_for_coordinates></AnalyzeTool></OpenSimDocument>
"""


def make_inverse_setup(motion):
    return f"""<OpenSimDocument Version="40000"><InverseDynamicsTool name="i"><model_file>leg.osim</model_file>
<results_directory>results</results_directory><forces_to_exclude>Muscles</forces_to_exclude><time_range>0.1 0.2</time_range>
<coordinates_file>{motion}</coordinates_file><output_gen_force_file>inverse_dynamics.sto</output_gen_force_file>
<lowpass_cutoff_frequency_for_coordinates>-1</lowpass_cutoff_frequency_for_coordinates></InverseDynamicsTool>
</OpenSimDocument>
"""


def make_ik_setup():
    tasks = "".join(f"<IKMarkerTask name='{m}'><apply>true</apply><weight>1</weight></IKMarkerTask>"
                    for m in ("t1", "t2", "s1", "s2", "f1", "k1"))
    return f"""<OpenSimDocument Version="40000"><InverseKinematicsTool name="ik"><model_file>leg.osim</model_file>
<results_directory>results</results_directory><accuracy>1e-9</accuracy><marker_file>markers.trc</marker_file>
<time_range>0 0.3</time_range><output_motion_file>results/ik.mot</output_motion_file><report_errors>false</report_errors>
<IKTaskSet><objects>{tasks}</objects></IKTaskSet></InverseKinematicsTool></OpenSimDocument>
"""


def make_cases():
    """case -> (model, setup)"""
    motors = "<replace_force_set>true</replace_force_set><force_set_files>motors.xml</force_set_files>"
    loads = "<external_loads_file>loads.xml</external_loads_file>"
    equilibrium = ("<solve_for_equilibrium_for_auxiliary_states>true</solve_for_equilibrium_for_auxiliary_states>")
    controls = ("<ControllerSet name='c'><objects><ControlSetController name='given'><controls_file>controls.sto"
                "</controls_file></ControlSetController></objects></ControllerSet>")
    cases = {}
    for model in MODELS:
        cases[f"{model}_analyze"] = (model, make_setup(STATIC + KINEMATICS + JOINT_REACTION, "q.sto", motors + loads))
        cases[f"{model}_states"] = (model, make_setup(STATIC + KINEMATICS, "states.sto", motors))
        cases[f"{model}_inverse_dynamics"] = (model, make_inverse_setup("q.sto"))
        cases[f"{model}_inverse_kinematics"] = (model, make_ik_setup())
    cases["muscles_of_states"] = ("all", make_setup(MUSCLES + JOINT_REACTION, "states.sto", loads))
    cases["muscles_without_states"] = ("all", make_setup(MUSCLES, "q.sto"))
    cases["muscles_in_equilibrium"] = ("all", make_setup(MUSCLES, "states.sto", equilibrium))
    cases["muscles_in_equilibrium_without_states"] = ("coupled", make_setup(MUSCLES, "q.sto", equilibrium))
    cases["reports"] = ("coupled", make_setup(REPORTS, "states.sto", loads))
    cases["controls"] = ("coupled", make_setup(JOINT_REACTION + "<Actuation name='Actuation'><step_interval>10"
                                               "</step_interval></Actuation>", "states.sto", controls))
    cases["window"] = ("coupled", make_setup(WINDOW, "q.sto"))
    return cases


def write_markers(folder, model_path):
    """markers of the motion, in mm, of the model with nothing held"""
    model = opensim.Model(model_path)
    state = model.initSystem()
    names = [model.getMarkerSet().get(i).getName() for i in range(model.getMarkerSet().getSize())]
    times = [0.05 * i for i in range(7)]
    lines = ["PathFileType\t4\t(X/Y/Z)\tmarkers.trc", "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
             "OrigDataStartFrame\tOrigNumFrames", f"20\t20\t{len(times)}\t{len(names)}\tmm\t20\t1\t{len(times)}",
             "Frame#\tTime\t" + "\t\t\t".join(names), "\t\t" + "\t".join(f"{a}{i + 1}" for i in range(len(names)) for a in "XYZ"), ""]
    for k, t in enumerate(times):
        for name, value in zip(NAMES, find_angles(t)):
            model.getCoordinateSet().get(name).setValue(state, value, False)
        model.realizePosition(state)
        cells = [f"{1000 * model.getMarkerSet().get(n).getLocationInGround(state).get(i):.6f}" for n in names for i in range(3)]
        lines.append(f"{k + 1}\t{t:.3f}\t" + "\t".join(cells))
    with open(f"{folder}/markers.trc", "w") as file:
        file.write("\n".join(lines) + "\n")


def run(setup):
    text = open(setup).read()
    for kind in ("AnalyzeTool", "InverseDynamicsTool", "InverseKinematicsTool"):
        if f"<{kind}" in text:
            getattr(opensim, kind)(setup).run()


def read_table(path):
    lines = open(path).read().splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip() == "endheader") + 1
    return lines[start].split("\t"), [line.split() for line in lines[start + 1:] if line.strip()]


def main():
    folder = os.path.abspath(sys.argv[1])
    opensim.Logger.removeFileSink()
    opensim.Logger.setLevelString("off")
    template = open(f"{folder}/leg.osim.in").read()
    write_inputs(folder)
    work = tempfile.mkdtemp()
    os.chdir(work)

    def write_model(path, changes):
        text = template
        for token, value in (ALL_FREE | changes).items():
            text = text.replace(token, value)
        with open(path, "w") as file:
            file.write(text)

    write_model(f"{work}/free.osim", {"COUPLED": "false"})
    write_markers(folder, f"{work}/free.osim")
    with open(f"{folder}/expected.txt", "w") as expected:
        for case, (model, setup) in make_cases().items():
            place = f"{work}/{case}"
            os.makedirs(f"{place}/results")
            for path in glob.glob(f"{folder}/*.sto") + glob.glob(f"{folder}/*.xml") + glob.glob(f"{folder}/*.trc"):
                if not os.path.basename(path).startswith("setup_"):
                    shutil.copy(path, place)
            write_model(f"{place}/leg.osim", MODELS[model])
            for target in (f"{place}/setup.xml", f"{folder}/setup_{case}.xml"):
                with open(target, "w") as file:
                    file.write(setup)
            os.chdir(place)  # InverseDynamicsTool looks for its model where the program runs
            run(f"{place}/setup.xml")
            for path in sorted(glob.glob(f"{place}/results/*.*to") + glob.glob(f"{place}/results/*.mot")):
                names, rows = read_table(path)
                expected.write(f"@ {case} {model} {os.path.basename(path)}\n" + "\t".join(names) + "\n")
                for row in rows[::10] if "inverse_dynamics" in case else rows:
                    expected.write("\t".join(re.sub("^-?nan$", "nan", f"{float(x):.10g}") for x in row) + "\n")
    os.chdir(folder)
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
