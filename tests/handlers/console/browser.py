"""What a browser shows of a page of the inbox, by the events of its stream; without a browser.

It does with rows and lines what `moves.js` does: puts them in their place by id and place, removes
them. A picture replaces everything.
"""

import re
from dataclasses import dataclass, field

_PARTIAL = re.compile(
    r'<hx-partial hx-target="#([\w-]+)" hx-swap="(\w+)">(.*?)</hx-partial>', re.DOTALL
)
_ITEM = re.compile(r"<li\b.*?</li>", re.DOTALL)
_ID = re.compile(r'<li[^>]*\bid="([\w-]+)"')
_PLACE = re.compile(r'<li[^>]*\bdata-place="(\d+)"')
_OWN = (
    (re.compile(r'href="[^"]*"( aria-current=page)?\s*'), ""),  # the page's own, set by its script
    (re.compile(r'<span class="[^">]*" (data-since="\d+">)[^<]*'), r"\1"),  # ticks there
    (re.compile(r"\s+"), " "),
)


@dataclass
class Browser:
    """What is shown.

    Attributes:
        newest_first: the order of the list.
        rows: by id; `more` stands for the way to the next page.
        parts: everything else, by the id of what it fills.
    """

    newest_first: bool
    rows: dict[str, str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    pictures: int = 0
    _rest: str = ""

    def take(self, chunk: bytes) -> None:
        """Take what came, which may be several events, or the beginning of one."""
        *events, self._rest = (self._rest + chunk.decode()).split("\n\n")
        for event in events:
            data = [line.removeprefix("data: ") for line in event.split("\n")]
            self.show("\n".join(line for line in data if not line.startswith(":")))

    def show(self, html: str) -> None:
        """Show a fragment."""
        for target, swap, content in _PARTIAL.findall(html):
            items = {
                _ID.findall(one)[0]: _tidy(one) for one in _ITEM.findall(content) if _ID.match(one)
            }
            match target, swap:
                case "inbox", "innerMorph":
                    self.rows = items
                    self.pictures += 1
                case "inbox", "bump":
                    self.rows |= items
                case "inbox", "remove":
                    self.rows = {id_: row for id_, row in self.rows.items() if id_ not in items}
                case "log", "lines":  # as `log.js` merges them
                    self.lines = (self.lines if items.keys() & self.lines else {}) | items
                case "log", "tail":
                    self.lines |= items
                case "views", _:
                    self.parts |= dict(re.findall(r'id="(count-\w+)">\s*(\d*)\s*<', content))
                case _:
                    self.parts[target] = _tidy(content)

    @property
    def in_order(self) -> list[str]:
        """Give the rows in the order in which they are shown."""
        rows = [row for id_, row in self.rows.items() if id_ != "more"]
        rows.sort(key=lambda row: (int(_PLACE.findall(row)[0]), _ID.findall(row)[0]))
        shown = rows[::-1] if self.newest_first else rows
        return shown + [row for id_, row in self.rows.items() if id_ == "more"]

    @property
    def log(self) -> list[str]:
        """Give the lines in order."""
        ids = sorted(self.lines, key=lambda id_: tuple(map(int, id_[1:].split("-"))))
        return [self.lines[id_] for id_ in ids]


def _tidy(html: str) -> str:
    for pattern, instead in _OWN:
        html = pattern.sub(instead, html)
    return html.strip()
