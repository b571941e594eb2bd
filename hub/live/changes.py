"""The ops of a socket that change a message: the same actions as over REST."""

from hub.messages import actions
from hub.messages.desk import Desk
from hub.people.policy import Actor
from hub.wire.frames import Delete, Edit, React, Unreact

Change = Edit | Delete | React | Unreact


async def carry_out(desk: Desk, actor: Actor, wanted: Change) -> None:
    """Change the message; returns when it is durable, raises the Problem it is refused with."""
    desk.changes.take(actor.id)
    match wanted:
        case Edit():
            await actions.edit_message(desk, actor, wanted.message_id, wanted.content, wanted.version)
        case Delete():
            await actions.delete_message(desk.log, actor, wanted.message_id, wanted.reason)
        case React():
            await actions.add_reaction(desk.log, actor, wanted.message_id, wanted.emoji)
        case Unreact():
            await actions.remove_reaction(desk.log, actor, wanted.message_id, wanted.emoji)
