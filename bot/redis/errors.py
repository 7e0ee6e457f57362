"""Why the embedded Redis cannot be used.

RedisServerError
  NoRedisFound           there is no redis-server on this machine
  DataDirectoryInUse     another process owns the data directory
    CommandRunning       a command owns it, and does not end
    OwnerSilent          its owner's Redis does not answer a command
  OwnerGone              its owner ended while a command worked beside it
  DataFromNewerVersion   the data were written by a newer Redis
  DiskFull               the disk of its data is full
  RedisDied              it does not start, or keeps failing
    DataDamaged          its file is damaged before its end
"""


class RedisServerError(Exception):
    """The embedded Redis cannot be used."""


class NoRedisFound(RedisServerError):
    """No redis-server found: install it or enlace[embedded], or set ENLACE_REDIS_URL."""


class DataDirectoryInUse(RedisServerError):
    """Another Enlace uses this data directory: stop it, or set another ENLACE_DATA_DIR."""


class CommandRunning(DataDirectoryInUse):
    """Another command of Enlace uses this data directory: wait until it has ended, then repeat."""


class OwnerSilent(DataDirectoryInUse):
    """The Enlace that uses this data directory does not answer: repeat this in a minute."""


class OwnerGone(RedisServerError):
    """The Enlace that was running ended, or its Redis did: repeat the command."""


class DataFromNewerVersion(RedisServerError):
    """The data were written by a newer Redis: put that version's redis-server on the PATH."""


class DiskFull(RedisServerError):
    """The disk is full: make room, then start again; nothing acknowledged is lost."""


class RedisDied(RedisServerError):
    """Redis does not start, or keeps failing: see redis.log in the data directory."""


class DataDamaged(RedisDied):
    """The append-only file is damaged before its end: restore a backup."""
