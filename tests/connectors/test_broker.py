"""From a real broker to a hub that fails, refuses and comes back: nothing lost, nothing twice, everything in order."""

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from hub.stack.mosquitto import Mosquitto
from tests.connectors.conftest import Plc, Process, Recorder, until

Start = Callable[[], Awaitable[Process]]
TOPIC = "alarms/L1/M1"


def alarms(*keys: str) -> list[str]:
    return [json.dumps({"id": key, "active": True}) for key in keys]


async def test_unanswered_alarms_survive_the_kill_of_the_connector(
    connectors: Start, plc: Plc, recorder: Recorder
) -> None:
    recorder.answer = lambda items: 503
    first = await connectors()
    plc.say(TOPIC, *alarms("a", "b", "c"))
    await until(lambda: len(recorder.bodies) > 0)
    await first.end(signal.SIGKILL)
    recorder.answer = lambda items: 200
    await connectors()
    await until(lambda: len(recorder.accepted) == 3)
    assert recorder.keys == ["L1/M1/a", "L1/M1/b", "L1/M1/c"]


async def test_answered_alarms_do_not_come_back(connectors: Start, plc: Plc, recorder: Recorder) -> None:
    first = await connectors()
    plc.say(TOPIC, *alarms("a", "b"))
    await until(lambda: len(recorder.accepted) == 2)
    await asyncio.sleep(0.3)  # the acknowledgements leave after the answer
    await first.end(signal.SIGKILL)
    await connectors()
    plc.say(TOPIC, *alarms("c"))
    await until(lambda: "L1/M1/c" in recorder.keys)
    assert recorder.keys == ["L1/M1/a", "L1/M1/b", "L1/M1/c"]


async def test_sigterm_leaves_what_is_unanswered_to_the_broker(connectors: Start, plc: Plc, recorder: Recorder) -> None:
    recorder.answer = lambda items: 503
    first = await connectors()
    plc.say(TOPIC, *alarms("a"))
    await until(lambda: len(recorder.bodies) > 0)
    assert await first.end(signal.SIGTERM) == 0
    recorder.answer = lambda items: 200
    await connectors()
    await until(lambda: recorder.keys == ["L1/M1/a"])


async def test_an_unanswered_batch_is_sent_again_byte_for_byte_while_the_next_collects(
    connectors: Start, plc: Plc, recorder: Recorder
) -> None:
    recorder.answer = lambda items: 503 if len(recorder.bodies) < 4 else 200
    await connectors()
    plc.say(TOPIC, *alarms("first"))
    await until(lambda: len(recorder.bodies) >= 1)
    plc.say(TOPIC, *alarms(*(f"later{n}" for n in range(20))))
    await until(lambda: len(recorder.accepted) == 21)
    assert len(set(recorder.bodies[:4])) == 1
    assert len(recorder.bodies) == 5
    assert recorder.keys == ["L1/M1/first", *(f"L1/M1/later{n}" for n in range(20))]


async def test_the_order_of_each_topic_is_kept_through_failures(
    connectors: Start, plc: Plc, recorder: Recorder
) -> None:
    recorder.answer = lambda items: 503 if len(recorder.bodies) % 3 == 0 else 200
    await connectors()
    for number in range(300):
        plc.say(f"alarms/L/M{number % 3}", *alarms(f"{number:03}"))
    await until(lambda: len(recorder.accepted) == 300)
    for machine in range(3):
        mine = [key for key in recorder.keys if key.startswith(f"L/M{machine}/")]
        assert mine == sorted(mine)
        assert len(mine) == 100


async def test_a_refused_batch_is_halved_until_the_bad_one_stands_alone(
    connectors: Start, plc: Plc, recorder: Recorder
) -> None:
    def refuse(items: list[dict[str, Any]]) -> int:
        if len(recorder.bodies) == 1:
            return 503  # while this one is tried again, the rest collects into one batch
        return 422 if any(item.get("key") == "L1/M1/bad" for item in items) else 200

    recorder.answer = refuse
    await connectors()
    plc.say(TOPIC, *alarms("zero"))
    await until(lambda: len(recorder.bodies) == 1)
    plc.say(TOPIC, *alarms(*"abcdefg", "bad", *"hijk"))
    await until(lambda: len(recorder.accepted) == 13)
    assert recorder.keys == [f"L1/M1/{key}" for key in ["zero", *"abcdefghijk"]]
    (kept,) = [item["reject"] for item in recorder.accepted if "reject" in item]
    assert kept["code"] == "invalid"
    assert "L1/M1/bad" in kept["payload"]


async def test_hostile_payloads_are_quarantined_and_the_next_alarm_passes(
    connectors: Start, plc: Plc, recorder: Recorder
) -> None:
    await connectors()
    hostile = [b"", b"hello", b"\x1f\x8b\x08", b'{"id":"\xff"}', b"x" * 300_000, b'{"id":"a\0"}', b'{"active":true}']
    for payload in hostile:
        plc.say(TOPIC, payload)
    plc.say(TOPIC, *alarms("good"))
    await until(lambda: len(recorder.accepted) == 8)
    assert recorder.rejects == ["payload_empty", *["decode"] * 3, "too_large", "decode", "key_missing"]
    assert recorder.keys == ["L1/M1/good"]


async def test_the_broker_may_die_and_come_back(
    connectors: Start, plc: Plc, recorder: Recorder, broker: Mosquitto
) -> None:
    recorder.answer = lambda items: 503
    process = await connectors()
    plc.say(TOPIC, *alarms("before"))
    await until(lambda: len(recorder.bodies) > 0)
    broker.stop()
    await until(lambda: process.said("broker_disconnected"))
    recorder.answer = lambda items: 200
    await until(lambda: recorder.keys == ["L1/M1/before"])  # answered while there is nobody to acknowledge to
    broker.restart()
    await until(lambda: sum(line["event"] == "subscribed" for line in process.lines) == 2)
    again = Plc(broker)
    again.say(TOPIC, *alarms("after"))
    again.close()
    await until(lambda: "L1/M1/after" in recorder.keys)
    assert recorder.keys == ["L1/M1/before", "L1/M1/after"]
