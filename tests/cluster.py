"""A Redis Cluster of three nodes for the tests, from the embedded server's binary."""

import random
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.redis.binary import find
from tests.waiting import HUNG, until_now

_SLOTS = 16_384
_NODES = 3
_LOWEST, _HIGHEST = 20_000, 50_000  # a node's bus listens 10,000 ports above


@contextmanager
def running_cluster(binary: Path | None = None) -> Iterator[str]:
    """Run a cluster and give the address of one node; it dies with us, whatever kills us."""
    with ExitStack() as stack:
        ports = [stack.enter_context(_node(binary or find())) for _ in range(_NODES)]
        nodes: list[Any] = [stack.enter_context(Redis(port=port, protocol=2)) for port in ports]
        _join(nodes, ports)
        yield f"redis://127.0.0.1:{ports[0]}"


@contextmanager
def _node(binary: Path) -> Iterator[int]:
    port, directory = _free(), tempfile.mkdtemp(prefix="enlace-")
    server = subprocess.Popen(  # its standard input ends with us, and `cat` with it
        ["/bin/sh", "-c", '"$@" & cat; kill -9 $!; wait; rm -r "$0"', directory, binary,
         "--port", str(port), "--dir", directory, "--cluster-enabled", "yes", "--save", "",
         "--cluster-node-timeout", "2000", "--logfile", f"{directory}/log"],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield port
    finally:
        server.communicate(timeout=HUNG)


def _join(nodes: list[Any], ports: list[int]) -> None:
    share = _SLOTS // _NODES + 1
    for number, node in enumerate(nodes):
        until_now(partial(_answers, node))
        slots = range(number * share, min((number + 1) * share, _SLOTS))
        node.execute_command("CLUSTER ADDSLOTS", *slots)
        node.execute_command("CLUSTER SET-CONFIG-EPOCH", number + 1)
    for port in ports[1:]:
        nodes[0].execute_command("CLUSTER MEET", "127.0.0.1", port)
    until_now(lambda: all(_knows_all(node) for node in nodes))


def _knows_all(node: Any) -> bool:
    told = node.execute_command("CLUSTER INFO")
    known = {"cluster_state": "ok", "cluster_known_nodes": str(_NODES)}
    return all(told.get(name) == value for name, value in known.items())


def _answers(node: Any) -> bool:
    try:
        return bool(node.ping())
    except RedisConnectionError:
        return False


def _free() -> int:
    """Find a port that is free, and whose bus port is."""
    while True:
        port = random.randrange(_LOWEST, _HIGHEST)
        with socket.socket() as one, socket.socket() as other, suppress(OSError):
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 10_000))
            return port
