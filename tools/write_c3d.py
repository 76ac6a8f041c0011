"""A C3D file of markers and force plates, as small as the format allows (https://www.c3d.org/docs): little-endian floats.

All positions in the laboratory's frame: millimetres, z up. For make_examples.py.
"""
import struct
from dataclasses import dataclass

INTEL, BLOCK = 84, 512


@dataclass
class Plate:
    """a plate of type 2: its own x is the laboratory's, its y and z point the other way; the origin is `depth` mm below"""
    center_mm: tuple
    half_length_mm: float
    half_width_mm: float
    depth_mm: float
    loads: list  # per sample, in the laboratory's frame: force on the plate (N), its point of application (mm), free moment (N mm)


def make_record(name, group, content):
    return struct.pack("<bb", len(name), group) + name.encode() + struct.pack("<h", len(content) + 2) + content


def make_group(name, number):
    return make_record(name, -number, b"\0")


def make_parameter(name, group, kind, dimensions, data):
    return make_record(name, group, struct.pack("<bB", kind, len(dimensions)) + bytes(dimensions) + data + b"\0")


def make_text(name, group, words):
    width = max(len(word) for word in words)
    return make_parameter(name, group, -1, (width, len(words)), "".join(word.ljust(width) for word in words).encode())


def make_integers(name, group, values, dimensions=None):
    return make_parameter(name, group, 2, (len(values),) if dimensions is None else dimensions,
                          struct.pack(f"<{len(values)}h", *values))


def make_floats(name, group, values, dimensions=None):
    return make_parameter(name, group, 4, (len(values),) if dimensions is None else dimensions,
                          struct.pack(f"<{len(values)}f", *values))


def make_parameters(markers, rate_hz, frames, samples, plates):
    channels = [f"{axis}{i + 1}" for i in range(len(plates)) for axis in ("Fx", "Fy", "Fz", "Mx", "My", "Mz")]
    corners = [value for plate in plates for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1))
               for value in (plate.center_mm[0] + sx * plate.half_length_mm, plate.center_mm[1] - sy * plate.half_width_mm,
                             plate.center_mm[2])]
    count = len(plates)
    records = make_group("POINT", 1) + make_integers("USED", 1, [len(markers)], ()) + make_floats("SCALE", 1, [-0.1], ())
    records += make_floats("RATE", 1, [rate_hz], ()) + make_integers("FRAMES", 1, [frames], ())
    records += make_text("UNITS", 1, ["mm"]) + make_text("LABELS", 1, markers) + make_text("Y_SCREEN", 1, ["+Z"])
    records += make_group("ANALOG", 2) + make_integers("USED", 2, [len(channels)], ())
    records += make_floats("RATE", 2, [rate_hz * samples], ()) + make_floats("GEN_SCALE", 2, [1.0], ())
    records += make_text("LABELS", 2, channels) + make_text("UNITS", 2, ["N  " if c[0] == "F" else "Nmm" for c in channels])
    records += make_floats("SCALE", 2, [1.0] * len(channels)) + make_integers("OFFSET", 2, [0] * len(channels))
    records += make_group("FORCE_PLATFORM", 3) + make_integers("USED", 3, [count], ())
    records += make_integers("TYPE", 3, [2] * count) + make_floats("CORNERS", 3, corners, (3, 4, count))
    records += make_floats("ORIGIN", 3, [v for p in plates for v in (0, 0, -p.depth_mm)], (3, count))
    records += make_integers("CHANNEL", 3, list(range(1, len(channels) + 1)), (6, count)) + b"\0\0"
    blocks = -(-(4 + len(records)) // BLOCK)
    return (struct.pack("<BBBB", 1, 80, blocks, INTEL) + records).ljust(blocks * BLOCK, b"\0"), len(channels)


def calc_plate_channels(plate, sample):
    """the six channels of a plate that carries `sample`, in its own frame about its own origin"""
    (fx, fy, fz), (px, py, pz), (mx, my, mz) = plate.loads[sample]
    force = (fx, -fy, -fz)
    arm = (px - plate.center_mm[0], -(py - plate.center_mm[1]), -(pz - plate.center_mm[2]) - plate.depth_mm)
    moment = (arm[1] * force[2] - arm[2] * force[1] + mx, arm[2] * force[0] - arm[0] * force[2] - my,
              arm[0] * force[1] - arm[1] * force[0] - mz)
    return (*force, *moment)


def write_c3d(path, markers, positions_mm, rate_hz, samples, plates):
    """positions_mm: per frame, per marker (x, y, z); `samples` plate samples a frame"""
    parameters, channels = make_parameters(markers, rate_hz, len(positions_mm), samples, plates)
    first_data_block = 2 + len(parameters) // BLOCK
    header = struct.pack("<BBHHHHHfHHf", 2, 80, len(markers), channels * samples, 1, len(positions_mm), 10, -0.1,
                         first_data_block, samples, rate_hz).ljust(BLOCK, b"\0")
    with open(path, "wb") as file:
        file.write(header + parameters)
        for frame, places in enumerate(positions_mm):
            for place in places:
                file.write(struct.pack("<4f", *place, 0.0))
            for sample in range(samples):
                for plate in plates:
                    file.write(struct.pack("<6f", *calc_plate_channels(plate, frame * samples + sample)))
