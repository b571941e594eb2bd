"""The database was restored under a running hub: nobody trusts an old seq, and nothing old is served from memory."""

from sqlalchemy import text

from hub.base.db import Database
from tests.plant.processes import Hubs

RESTORED = "INSERT INTO hub_epoch (epoch) VALUES (gen_random_uuid())"


async def test_a_restored_log_is_read_anew(hubs: Hubs, database: Database) -> None:
    room = await hubs.open_room("lin")
    client = await hubs.client("wang")
    async with await hubs.live("wang") as wang, await hubs.live("chen") as chen:
        hello = await wang.wait_for("hello")
        for live in (wang, chen):
            assert (await live.subscribe(room))["op"] == "caught_up"
        async with database.transaction() as tx:
            await tx.execute(text(RESTORED))
        for live in (wang, chen):
            assert (await live.wait_for("resync_required", seconds=5))["room"] == room
        snapshot = (await client.get(f"/api/rooms/{room}/snapshot")).json()
        assert snapshot["epoch"] != hello["epoch"]
        had = len(wang.frames)
        await wang.say("subscribe", room=room, after_seq=1, epoch=hello["epoch"])
        await wang.until(lambda: any(frame["op"] == "resync_required" for frame in wang.frames[had:]))
        had = len(wang.frames)
        await wang.say("subscribe", room=room, after_seq=snapshot["as_of_seq"], epoch=snapshot["epoch"])
        await wang.until(lambda: any(frame["op"] == "caught_up" for frame in wang.frames[had:]))
        ack = await wang.post(room, "after", "on my way")
        await wang.wait_for("event", seq=ack["seq"])
        assert wang.seqs(room)[-1] == snapshot["as_of_seq"] + 2  # wang in, the message
