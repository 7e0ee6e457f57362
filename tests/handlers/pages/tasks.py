"""The tasks of an agent's day, and how many clicks and keys each takes: here, and at its best.

A browser test plays its task through `at_work`, which counts. Words that are typed are not counted,
only the keys that do something. `docs/inbox.md` shows the table; `tests/test_tasks.py` holds both
to it, and to a test for each number.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Locator, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task.

    Attributes:
        here: clicks and keys that it takes, words not counted.
        best: the fewest that are known elsewhere, and where; `""` if nowhere.
    """

    name: str
    here: int
    best: str = ""


TASKS = {
    1: Task(name="See who waits longest", here=0, best="0 (Chatwoot)"),
    2: Task(name="Find by service number", here=2, best="1 (Zammad)"),
    3: Task(name="Find by phone", here=2, best="1 (LibreDesk)"),
    4: Task(name="Find by identity number", here=2),
    5: Task(name="Find by name", here=2, best="1 (LibreDesk)"),
    6: Task(name="Open the next chat", here=2, best="1 (LibreDesk)"),
    7: Task(name="Read what happened", here=0, best="0"),
    8: Task(name="See name, plan, state, balance", here=0),
    9: Task(name="Take over and type", here=1, best="0 (LibreDesk)"),
    10: Task(name="Write a note", here=2, best="1 (LibreDesk)"),
    11: Task(name="Hand back", here=2, best="2 (LibreDesk)"),
    12: Task(name="Hand back at a step", here=2),
    13: Task(name="Approve", here=1, best="1"),
    14: Task(name="Reject", here=1, best="1"),
    15: Task(name="Ask the customer", here=1, best="1"),
    16: Task(name="Undo", here=1),
    17: Task(name="Reveal with a reason", here=2, best="2"),
    18: Task(name="Close", here=1, best="1 (Chatwoot)"),
    19: Task(name="Reopen", here=0, best="1 (Chatwoot)"),
    20: Task(name="See my load", here=0, best="0"),
    21: Task(name="Filter", here=3, best="1 (Chatwoot)"),
    22: Task(name="Sort", here=0, best="1 (Chatwoot)"),
    23: Task(name="Go to a saved list", here=0, best="1 (LibreDesk)"),
    24: Task(name="Turn the page", here=1, best="1 (Zammad)"),
    25: Task(name="See the 24-hour window, and write outside it", here=2, best="2 (LibreDesk)"),
    26: Task(name="See whether a message arrived", here=0, best="0 (Chatwoot)"),
    27: Task(name="Send again what failed", here=1, best="1 (Chatwoot)"),
    28: Task(name="Open what the customer sent", here=1, best="1 (Chatwoot)"),
    29: Task(name="Read five hundred messages", here=0, best="0 (campfire)"),
    30: Task(name="Follow a link, signing in on the way", here=0, best="0"),
    31: Task(name="Go on after the session ended", here=0, best="0"),
    32: Task(name="Work through a lost network", here=0, best="0"),
    33: Task(name="Work through a restart", here=0, best="0"),
    34: Task(name="Work on a slow network", here=0, best="0"),
    35: Task(name="Share one chat between two agents", here=1, best="1"),
    36: Task(name="Type while the customer writes", here=0, best="0"),
    37: Task(name="Work by keyboard only", here=0, best="0 (LibreDesk)"),
    38: Task(name="Work with a screen reader", here=0, best="0"),
}
"""By number."""


class Hands:
    """What an agent's hands do on a page, counted."""

    def __init__(self, page: Page) -> None:
        """Work on this page."""
        self._page = page
        self.count = 0

    async def press(self, key: str) -> None:
        """Press a key that does something."""
        self.count += 1
        await self._page.keyboard.press(key)

    async def click(self, what: Locator) -> None:
        """Click."""
        self.count += 1
        await what.click()

    async def write(self, words: str) -> None:
        """Type words where the cursor is; words are not counted."""
        await self._page.keyboard.type(words)


@asynccontextmanager
async def at_work(number: int, page: Page) -> AsyncIterator[Hands]:
    """Play a task, and hold it to the clicks and keys that the table tells.

    What a task of many steps takes in all says little: `here` is 0 where nothing is to be pressed
    for the task itself, and then only its own keys go through the hands.
    """
    hands = Hands(page)
    yield hands
    assert hands.count == TASKS[number].here, f"task {number} took {hands.count}"
