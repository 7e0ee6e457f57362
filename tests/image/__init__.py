"""The `Dockerfile`, carried out in an empty folder: its own lines, with a venv as the base image.

Each stage begins in an empty folder of the same name, `<place>/root`, so that what it makes holds
the paths that it will have in the next one; when it ends, it is moved aside. Absolute paths of a
line are paths in that folder. The base image is a venv of this Python and the few tools that the
lines may use: no compiler, no package manager.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

import pip

from tests.image.dockerfile import ignore, read
from tests.waiting import HUNG

CLONE = Path(__file__).parents[2]
_TOOLS = ("install", "sh")
_ABSOLUTE = re.compile(r"(?<![\w/:.}])/(?=\w)")
_OWNER = re.compile(r" -o \d+ -g \d+")
_UNREACHABLE = ("NewConnectionError", "NameResolutionError", "ConnectTimeout", "ProxyError")


class Unreachable(Exception):
    """The package index cannot be reached: the lines of the Dockerfile cannot be carried out."""


class LineFailed(Exception):
    """A line of the Dockerfile ended with an error."""


@dataclass
class Image:
    """What a Dockerfile makes, under `place`; after `build` that of its last stage."""

    place: Path
    stage: str = ""
    folder: str = "/"
    user: str = ""
    arguments: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The folder that is `/` of the stage."""
        return self.place / "root"

    def build(self, text: str, context: Path) -> None:
        """Carry out all lines.

        Raises:
            LineFailed: one ended with an error.
            Unreachable: so it did, for want of a package index.
        """
        self._lay_base()
        for word, rest in read(text):
            match word:
                case "FROM":
                    self._begin(rest)
                case "ARG":
                    name, _, value = rest.partition("=")
                    self.arguments.setdefault(name, value)
                case "ENV":
                    self._set(rest)
                case "WORKDIR":
                    self.folder = rest
                    self.at(rest).mkdir(parents=True, exist_ok=True)
                case "COPY":
                    self._copy(rest.split(), context)
                case "RUN":
                    self.carry_out(rest)
                case "USER":
                    self.user = rest
                case "ENTRYPOINT" | "CMD":
                    self.said[word] = json.loads(rest)
                case "HEALTHCHECK":
                    self.said[word] = json.loads(rest.partition("CMD ")[2])
                case "VOLUME" | "EXPOSE":
                    self.said[word] = rest.split()
                case _:
                    raise LineFailed(f"{word} is not known here")

    def carry_out(self, line: str) -> None:
        """Run a line in the stage's shell.

        Raises:
            LineFailed: it ended with an error.
            Unreachable: so it did, for want of a package index.
        """
        moved = self._move(line if os.geteuid() == 0 else _OWNER.sub("", line))
        done = subprocess.run(
            ["/bin/sh", "-ec", moved], env=self.env, cwd=self.at(self.folder),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode and any(word in done.stdout + done.stderr for word in _UNREACHABLE):
            raise Unreachable(Unreachable.__doc__)
        if done.returncode:
            raise LineFailed(f"RUN {line}\n{done.stdout}{done.stderr}")

    def at(self, path: str) -> Path:
        """Where a path of the image is on this machine."""
        return self.root / path.removeprefix("/")

    def start(self, *words: str, **settings: str) -> subprocess.Popen[str]:
        """Start a command as the image's user, where the image starts it."""
        owner = self._find_owner()
        return subprocess.Popen(
            words, executable=shutil.which(words[0], path=self.env["PATH"]),
            env=self.env | settings, cwd=self.at(self.folder),
            user=owner, group=owner, extra_groups=None if owner is None else [],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command as the image's user to its end."""
        started = self.start(*words, **settings)
        out, err = started.communicate(timeout=HUNG)
        return subprocess.CompletedProcess(words, started.returncode, out, err)

    def _find_owner(self) -> int | None:
        """Find whom a command runs as: the image's user, where we may, and where he may run it."""
        python = (self.place / "base" / "bin" / "python").resolve()
        closed = [above for above in python.parents if not above.stat().st_mode & 0o001]
        if os.geteuid() or closed or not self.user:
            return None
        return int(self.user.partition(":")[0])

    def _lay_base(self) -> None:
        """Lay a venv with the pip of our own: to install one takes long."""
        base = self.place / "base"
        subprocess.run([_choose_python(), "-m", "venv", "--without-pip", base], check=True)
        packages = next((base / "lib").glob("python*/site-packages"))
        (packages / "pip").symlink_to(Path(pip.__file__).parent)
        for tool in _TOOLS:
            found = shutil.which(tool)
            assert found is not None, tool
            (base / "bin" / tool).symlink_to(found)

    def _begin(self, rest: str) -> None:
        if self.root.exists():
            self._set_aside().parent.mkdir(exist_ok=True)
            self.root.rename(self._set_aside())
        self.root.mkdir()
        self.stage = rest.partition(" AS ")[2] or "last"
        self.folder, self.user, self.said = "/", "", {}
        self.env = {"PATH": str(self.place / "base" / "bin"), "HOME": str(self.root)}

    def _set_aside(self) -> Path:
        return self.place / "stages" / self.stage

    def _set(self, rest: str) -> None:
        for pair in rest.split():
            name, _, value = pair.partition("=")
            self.env[name] = Template(self._move(value)).substitute(self.env)

    def _move(self, line: str) -> str:
        """Put absolute paths into the image's folder."""
        return _ABSOLUTE.sub(f"{self.root}/", line)

    def _copy(self, words: list[str], context: Path) -> None:
        *sources, target = [word for word in words if not word.startswith("--")]
        stage = next((w.partition("=")[2] for w in words if w.startswith("--from=")), "")
        origin = self.place / "stages" / stage if stage else context
        place = self.at(target) if target.startswith("/") else self.at(self.folder) / target
        for source in sources:
            path = origin / source.removeprefix("/")
            into = place / path.name if target.endswith("/") else place
            into.parent.mkdir(parents=True, exist_ok=True)
            if stage:
                shutil.copytree(path, into, symlinks=True, copy_function=os.link)
            elif path.is_dir():
                shutil.copytree(path, into, ignore=ignore(context))
            elif path.name not in ignore(context)(str(context), [path.name]):
                shutil.copy2(path, into)


def _choose_python() -> str:
    """Choose Debian's Python, which any user may run, if it is new enough; else our own."""
    debians = "/usr/bin/python3"
    check = [debians, "-c", "import sys, venv; sys.exit(sys.version_info < (3, 11))"]
    if (
        Path(debians).exists()
        and not subprocess.run(check, capture_output=True, check=False).returncode
    ):
        return debians
    return sys.executable
