"""`make transcripts`: write what the bot says now into the transcripts, to be reviewed."""

import asyncio
import sys

from tests.transcripts import CONVERSATIONS
from tests.transcripts.rewriting import rewrite_all


def main(names: list[str]) -> int:
    """Rewrite every transcript; the texts of these names are named from now on."""
    told = asyncio.run(rewrite_all(CONVERSATIONS, names))
    for path, fault in told.items():
        print(fault or f"{path.name}: rewritten")
    return 1 if any(told.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
