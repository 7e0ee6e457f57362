"""What an answer was read as."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The answer, in the spelling that is kept."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """An answer that needs the customer's yes; `cause` names the text that asks for it."""

    value: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An answer that cannot be used; `cause` names the text that says why and what to do."""

    cause: str
    values: dict[str, str] = field(default_factory=dict)


Reading = Accepted | Doubtful | Refused
