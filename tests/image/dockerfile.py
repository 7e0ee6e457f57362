"""What a `Dockerfile` and its `.dockerignore` say."""

from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path


def read(text: str) -> Iterator[tuple[str, str]]:
    """Read a Dockerfile: each instruction and what follows it."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.partition(" ")
        yield word, rest.strip()


def ignore(context: Path) -> Callable[[str, list[str]], set[str]]:
    """Tell `shutil.copytree` what the context leaves out: of the patterns the last counts."""
    patterns = (context / ".dockerignore").read_text("utf-8").split()

    def choose(folder: str, names: list[str]) -> set[str]:
        inside = Path(folder).relative_to(context)
        return {name for name in names if _is_out(inside / name, patterns)}

    return choose


def _is_out(path: Path, patterns: list[str]) -> bool:
    out = False
    for pattern in patterns:
        ways = (str(way) for way in (path, *path.parents))
        if any(fnmatch(way, pattern.removeprefix("!")) for way in ways):
            out = not pattern.startswith("!")
    return out
