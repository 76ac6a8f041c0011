#!/usr/bin/env python3
"""make_reports.py: OpenSim 4.6's ForceReporter, StatesReporter and Actuation on a model with what they treat differently:
forces that are switched off, an actuator with a state, bushings, and forces outside the ForceSet, one with the name of a
force in it. Writes rep.osim and the .sto files into reports/ beside it. Needs the Python package opensim 4.6.
"""
import os
import shutil
from pathlib import Path

import opensim as osim

HERE = Path(__file__).resolve().parent / "reports"


def add_muscle(model, body, name, on):
    muscle = osim.Thelen2003Muscle(name, 100, 0.1, 0.2, 0.0)
    muscle.addNewPathPoint("p1", model.getGround(), osim.Vec3(0.02, 0.05, 0))
    muscle.addNewPathPoint("p2", body, osim.Vec3(0.03, -0.25, 0))
    muscle.set_appliesForce(on)
    model.addForce(muscle)


def make_model():
    model = osim.Model()
    model.setName("rep")
    body = osim.Body("b", 1.0, osim.Vec3(0, -0.2, 0), osim.Inertia(0.1, 0.1, 0.1))
    model.addBody(body)
    joint = osim.PinJoint("j", model.getGround(), osim.Vec3(0), osim.Vec3(0), body, osim.Vec3(0), osim.Vec3(0))
    joint.updCoordinate().setName("q")
    model.addJoint(joint)
    add_muscle(model, body, "on", True)
    add_muscle(model, body, "off", False)
    for kind, name, strength in ((osim.CoordinateActuator, "ca", 5), (osim.ActivationCoordinateActuator, "aca", 3)):
        actuator = kind()
        actuator.setName(name)
        actuator.set_coordinate("q")
        actuator.setOptimalForce(strength)
        model.addForce(actuator)
    for name, on in (("bf", True), ("bf_off", False)):
        bushing = osim.BushingForce(name, model.getGround(), body, osim.Vec3(10), osim.Vec3(1), osim.Vec3(0.1),
                                    osim.Vec3(0.1))
        bushing.set_appliesForce(on)
        model.addForce(bushing)
    for name, stiffness, in_set in (("sgf", 2, True), ("free_sgf", 1, False)):
        spring = osim.SpringGeneralizedForce("q")
        spring.setName(name)
        spring.setStiffness(stiffness)
        model.addForce(spring) if in_set else model.addComponent(spring)
    free = osim.CoordinateActuator("q")
    free.setName("free_ca")
    free.setOptimalForce(7)
    model.addComponent(free)
    model.finalizeConnections()
    model.initSystem()
    return model


def main():
    os.chdir(HERE)
    make_model().printToXML("rep.osim")
    osim.AnalyzeTool("setup.xml").run()
    for name in ("FR_forces", "SR_states", "AC_force"):
        shutil.copy(f"o/t_{name}.sto", f"{name}.sto")
    shutil.rmtree("o")
    Path("opensim.log").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
