"""A bot that answers «!hello» in one room: python echo_bot.py http://127.0.0.1:8080 TOKEN ROOM_ID"""

import asyncio
import sys
from uuid import UUID

from hub.client import HubClient


async def main(url: str, token: str, room: UUID) -> None:
    """Follow the room for ever."""
    async with HubClient(url, token) as hub:
        me = await hub.me()
        seen = (await hub.snapshot(room)).as_of_seq
        async for event in hub.follow(room, seen):  # reconnects and resumes by itself
            text = event.body.get("message", {}).get("content", "")
            if event.actor and event.actor.id != me.id and text == "!hello":
                await hub.post_message(room, f"Hello {event.actor.name}", client_msg_id=f"hello-{event.seq}")
                await hub.react(UUID(event.body["message_id"]), "👋")


asyncio.run(main(sys.argv[1], sys.argv[2], UUID(sys.argv[3])))
