"""A process that drips bodies: `python -m tests.bot.channels.dripping PORT COUNT` prints seconds.

It is a process of its own, so that what it costs is not paid by whoever measures beside it. It
says `dripping` once all connections are open and drip, then the longest that one stayed open.
"""

import asyncio
import sys
import time

_HEAD = (
    b"POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n"
    b"x-hub-signature-256: sha256=" + b"0" * 64 + b"\r\n\r\n"
)


async def _drip(port: int, opened: asyncio.Semaphore) -> float:
    """Send a body byte by byte; gives the seconds until the connection is closed on us."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begun = time.perf_counter()
    writer.write(_HEAD)
    closing = asyncio.create_task(reader.read())
    opened.release()
    while not closing.done():
        writer.write(b" ")
        await asyncio.wait((closing,), timeout=1.0)
    await asyncio.gather(closing, return_exceptions=True)  # a reset closes it as well
    writer.transport.abort()
    return time.perf_counter() - begun


async def main(port: int, count: int) -> None:
    """Drip over so many connections at once, until all of them are closed."""
    opened = asyncio.Semaphore(0)
    drips = [asyncio.create_task(_drip(port, opened)) for _ in range(count)]
    for _ in range(count):
        await opened.acquire()
    sys.stdout.write("dripping\n")
    sys.stdout.flush()
    sys.stdout.write(f"{max(await asyncio.gather(*drips)):.3f}\n")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
