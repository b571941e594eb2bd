"""Eight machines of a small SMT and wafer dicing plant, and what can go wrong with them.

Names and bits are those of `mappings.yaml`, where the texts stand; a test holds the two together.
"""

from typing import Literal

import msgspec

Shape = Literal["neuron", "kepware", "umh"]


class Fault(msgspec.Struct, frozen=True):
    """Something that goes wrong: a boolean tag, or a bit of the machine's alarm word."""

    name: str
    bit: int | None = None
    minutes: tuple[float, float] = (2.0, 6.0)
    chatters: bool = False
    alone: bool = True  # starts an incident; else it only follows from another fault


class Machine(msgspec.Struct, frozen=True):
    """A machine behind a gateway of one vendor. Readings: tag, usual value, spread."""

    line: str
    name: str
    shape: Shape
    faults: tuple[Fault, ...]
    readings: tuple[tuple[str, float, float], ...]


def _dicer(name: str) -> Machine:
    faults = (
        Fault("estop", 0, (2.0, 4.0), alone=False),
        Fault("blade_broken", 1, (4.0, 9.0)),
        Fault("spindle_overload", 2, (1.5, 4.0), chatters=True),
        Fault("cutting_water_low", 3, (2.0, 6.0)),
        Fault("starved", 4, alone=False),
    )
    return Machine("DICING", name, "kepware", faults, (("SpindleRpm", 30000, 40), ("CuttingWater", 1.6, 0.05)))


PLANT: tuple[Machine, ...] = (
    Machine(
        "SMT1",
        "PRINTER1",
        "neuron",
        (
            Fault("paste_low_alarm", minutes=(3.0, 7.0)),
            Fault("squeegee_fault", minutes=(2.0, 5.0)),
            Fault("stencil_alarm", chatters=True),
        ),
        (("squeegee_force", 62, 1.5), ("table_temp", 24.5, 0.3)),
    ),
    Machine(
        "SMT1",
        "MOUNTER1",
        "neuron",
        (
            Fault("pickup_error", 0, chatters=True),
            Fault("feeder_empty", 1, (2.0, 5.0)),
            Fault("head_servo", 2, (4.0, 9.0)),
            Fault("door_open", 3, (1.0, 2.5)),
        ),
        (("cph", 41000, 900), ("vacuum_kpa", -84, 1.2)),
    ),
    Machine(
        "SMT1",
        "REFLOW1",
        "neuron",
        (
            Fault("zone5_hot", 0, (3.0, 8.0)),
            Fault("conveyor_jam", 1, (2.0, 5.0)),
            Fault("nitrogen_low", 2, (3.0, 7.0)),
            Fault("fan", 3, chatters=True),
        ),
        (("zone5_temp", 245, 1.0), ("o2_ppm", 780, 40)),
    ),
    Machine(
        "SMT1",
        "SPI1",
        "umh",
        (Fault("volume_out_of_range", minutes=(2.0, 5.0)), Fault("camera_timeout", chatters=True)),
        (("boards_per_hour", 118, 4),),
    ),
    Machine(
        "SMT1",
        "AOI1",
        "umh",
        (Fault("ng_rate_high", minutes=(4.0, 9.0)), Fault("lamp_fault")),
        (("first_pass_yield", 98.6, 0.4),),
    ),
    _dicer("DICER1"),
    _dicer("DICER2"),
    Machine(
        "DICING",
        "CLEANER1",
        "kepware",
        (
            Fault("water_resistivity_low", 0, (3.0, 7.0)),
            Fault("spin_vibration", 1, chatters=True),
            Fault("starved", 2, alone=False),
            Fault("drain_blocked", 3, (2.0, 5.0)),
        ),
        (("SpinRpm", 1500, 12), ("Resistivity", 17.9, 0.1)),
    ),
)
MACHINES = {machine.name: machine for machine in PLANT}
FIRST = ("REFLOW1", "zone5_hot")
CASCADE = (
    ("DICER1", "estop", 0.0, 1.0),
    ("DICER1", "cutting_water_low", 2.0, 0.97),
    ("CLEANER1", "starved", 9.0, 1.15),
    ("DICER2", "starved", 14.0, 1.1),
)
"""An emergency stop and what follows from it: machine, fault, seconds after, share of the stop's length it lasts."""
