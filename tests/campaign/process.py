"""One process of Enlace, `web` or `worker`, with the plain channel and the toy machine."""

import asyncio
import os
import sys
from contextlib import AsyncExitStack

from bot import app, bootstrap, logs, settings
from bot.redis.wait import Wait
from bot.supervisor import listen
from state.store.encryption import Keyring
from tests.campaign.plain import NAME, PlainChannel, PlainReceiver
from tests.simulation.toy import toy

KEYRING = Keyring((bytes(range(32)),))


async def main(role: str) -> None:
    """Run until a signal."""
    chosen = settings.read()
    wisphub = (chosen.wisphub_url, settings.reveal(chosen.wisphub_key))
    ways = {NAME: (PlainReceiver(), PlainChannel(os.environ["PLAIN_URL"]))}
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(
            bootstrap.build_application(
                chosen, keyring=KEYRING, wisphub=wisphub, machine=toy, more=ways
            )
        )
        if role == "worker":
            await app.serve(house, None, None, worker=True)
            return
        web = app.create_app(house, front="/consola")
        opened = listen(chosen.host, chosen.port)
        front = app.open_front(chosen, opened, Wait(), stack)
        await app.serve(house, web, front, worker=role == "both")


if __name__ == "__main__":
    logs.configure()
    asyncio.run(main(sys.argv[1]))
