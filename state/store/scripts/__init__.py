"""The scripts, one file an operation; each file's head lists its keys, arguments and answers."""

from importlib.resources import files

from redis.asyncio import Redis
from redis.commands.core import AsyncScript


def load(redis: Redis, name: str) -> AsyncScript:
    """Register the script of that name: sent once, called by its digest afterwards."""
    return redis.register_script(files(__package__).joinpath(f"{name}.lua").read_text("utf-8"))
