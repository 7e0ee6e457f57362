"""What can become of a Redis under running processes, and which of it one of each kind can meet."""

from enum import StrEnum


class Kind(StrEnum):
    """One kind of outage."""

    STOPPED = "stopped"
    KILLED = "killed"
    AGAIN = "killed again and again"
    LOADING = "LOADING"
    FULL = "full"
    READ_ONLY = "read-only"
    OTHER_KEY = "other key"
    PASSWORD = "wrong password"
    STALLED = "stalled"
    DISK = "disk full"
    ASLEEP = "we stall"


HOW = {
    Kind.STOPPED: "SIGTERM; started again afterwards. The embedded one is started again at once, "
    "so it is stopped again and again",
    Kind.KILLED: "SIGKILL, otherwise alike",
    Kind.AGAIN: "SIGKILL, and started again at once, several times a second",
    Kind.LOADING: "its data load for so long: after SIGKILL, or by DEBUG RELOAD (embedded)",
    Kind.FULL: "maxmemory of one byte, noeviction",
    Kind.READ_ONLY: "it is made the replica of a master that is not there",
    Kind.OTHER_KEY: "killed, and started with the data of an installation with another key",
    Kind.PASSWORD: "started again with another password",
    Kind.STALLED: "SIGSTOP, then SIGCONT",
    Kind.DISK: "its data are on a file system of 24 MB, which something else fills",
    Kind.ASLEEP: "Redis is well; SIGSTOP, then SIGCONT to all processes of Enlace",
}
"""How each is played."""

IMPOSSIBLE = {
    ("embedded", Kind.AGAIN): "that is how it is killed above",
    ("embedded", Kind.PASSWORD): "the embedded Redis has no password: its socket is its owner's",
}
"""Cells that cannot exist."""

ALONE = "web and worker need a Redis between them: the embedded one has one owner (exit code 75)"
