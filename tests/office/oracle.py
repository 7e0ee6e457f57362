"""What must hold of the office, written down a second time."""

from dataclasses import dataclass, field

_TABLE = """
                observador  agente  supervisor  administrador
read            x           x       x           x
take            -           x       x           -
reply           -           x       x           -
note            -           x       x           -
hand_back       -           x       x           -
close           -           x       x           -
retry           -           x       x           -
ask             -           x       x           -
vouch           -           x       x           -
read_code       -           x       x           -
approve         -           -       x           -
reject          -           -       x           -
undo            -           -       x           -
settle          -           -       x           -
reveal          -           -       x           -
open_file       -           x       x           -
copy            -           -       x           -
read_audit      -           -       x           -
manage_members  -           -       -           x
use_account     x           x       x           x
read_reference  x           x       x           x
"""

_HEAD, *_ROWS = [line.split() for line in _TABLE.split("\n") if line]
ROLES = tuple(_HEAD)
MAY = {
    act: {role for role, cell in zip(ROLES, cells, strict=True) if cell == "x"}
    for act, *cells in _ROWS
}
HOLDS = {"reply", "hand_back", "vouch", "read_code", "open_file", "copy"}
REASON = {"vouch", "reject", "undo", "reveal", "copy"}
READS = {"read", "read_audit", "read_reference"}


@dataclass
class Matter:
    """Who stood for the change of one chat, by the acts that were accepted.

    Attributes:
        pair: two people are needed.
        undoing: to undo it is asked for: who vouched says nothing of that.
        stood: the people, whatever each of them did, how often.
        approved: somebody approved it.
        reader: who read out the code that the customer has not typed yet.
    """

    pair: bool
    undoing: bool = False
    stood: set[str] = field(default_factory=set)
    approved: bool = False
    reader: str = ""

    def note(self, act: str, actor: str) -> None:
        """Note an act that was accepted."""
        if act in (("undo", "approve") if self.undoing else ("vouch", "approve")):
            self.stood.add(actor)
        if act == "read_code":
            self.reader = actor
        self.approved = self.approved or act == "approve"

    def type_code(self) -> None:
        """Note that the customer typed the code that was read out."""
        if self.reader:
            self.stood.add(self.reader)

    def contest(self) -> None:
        """Forget whoever stood for it: the holder said no."""
        self.stood, self.approved = set(), False

    def check_written(self) -> None:
        """Check that people enough stood for what is written now."""
        people = {name for name in self.stood if not name.startswith("api:")}
        assert self.approved
        assert not self.pair or len(people) >= 2, f"written for {sorted(self.stood)}"
