"""Why the embedded Redis cannot be used.

RedisServerError
  NoRedisFound           there is no redis-server on this machine
  DataDirectoryInUse     another process owns the data directory
  DataFromNewerVersion   the data were written by a newer Redis
  RedisDied              it does not start, or keeps failing
"""


class RedisServerError(Exception):
    """The embedded Redis cannot be used."""


class NoRedisFound(RedisServerError):
    """No redis-server found: install one, reinstall the requirements, or set ENLACE_REDIS_URL."""


class DataDirectoryInUse(RedisServerError):
    """Another Enlace uses this data directory: stop it, or set another ENLACE_DATA_DIR."""


class DataFromNewerVersion(RedisServerError):
    """The data were written by a newer Redis: put that version's redis-server on the PATH."""


class RedisDied(RedisServerError):
    """Redis does not start, or keeps failing: see redis.log in the data directory."""
