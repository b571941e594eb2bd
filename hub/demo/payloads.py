"""The state of a machine as its vendor's gateway writes it. Pure: (topic, payload) pairs for a state and a time."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec

from hub.demo.plant import Machine

Message = tuple[str, bytes]
UMH = "umh/v1/andon/tainan/smt/{line}/{machine}/_historian/{tag}"


def messages(
    machine: Machine,
    active: Collection[str],
    readings: Mapping[str, float],
    at: datetime,
    changed: Collection[str] | None = None,
) -> list[Message]:
    """What the machine's gateway publishes. `changed`: only these faults are news, for gateways that report changes."""
    milliseconds = round(at.timestamp() * 1000)
    if machine.shape == "neuron":
        return [_neuron(machine, active, readings, milliseconds)]
    if machine.shape == "kepware":
        return [_kepware(machine, active, readings, milliseconds)]
    return _umh(machine, active, readings, milliseconds, changed)


def word(machine: Machine, active: Collection[str]) -> int:
    """The alarm word: one bit for each fault that has one."""
    return sum(1 << fault.bit for fault in machine.faults if fault.bit is not None and fault.name in active)


def _neuron(machine: Machine, active: Collection[str], readings: Mapping[str, float], at: int) -> Message:
    values: dict[str, Any] = dict(readings)
    values |= {fault.name: fault.name in active for fault in machine.faults if fault.bit is None}
    if any(fault.bit is not None for fault in machine.faults):
        values["alarm_word"] = word(machine, active)
    body = {"timestamp": at, "node": machine.line, "group": machine.name, "values": values, "errors": {}, "metas": {}}
    return f"/neuron/andon/{machine.line}/{machine.name}", msgspec.json.encode(body)


def _kepware(machine: Machine, active: Collection[str], readings: Mapping[str, float], at: int) -> Message:
    values = {"AlarmWord1": word(machine, active), **readings}
    tags = [
        {"id": f"{machine.line}.{machine.name}.{tag}", "v": value, "q": True, "t": at} for tag, value in values.items()
    ]
    return "iotgateway", msgspec.json.encode({"timestamp": at, "values": tags})


def _umh(
    machine: Machine,
    active: Collection[str],
    readings: Mapping[str, float],
    at: int,
    changed: Collection[str] | None,
) -> list[Message]:
    said: dict[str, Any] = dict(readings)
    names = [fault.name for fault in machine.faults if changed is None or fault.name in changed]
    said |= {f"alarms/{name}": name in active for name in names}
    return [
        (
            UMH.format(line=machine.line, machine=machine.name, tag=tag),
            msgspec.json.encode({"value": value, "timestamp_ms": at}),
        )
        for tag, value in said.items()
    ]
