"""Who is who: the services on file, their holders, and strangers who know everything but a phone.

The files differ from house to house, and strangers must not be able to tell which they are in.
"""

from dataclasses import dataclass, replace

from state.parts import NOBODY, Person
from tests.clients import make_client, on_file

PHONE = "3159741951"
"""Ana's, which is on her file wherever she has one."""

OTHER_PHONE = "3114445566"
"""A second one on Ana's file, in one house only."""

DOCUMENTS = ("52123456", "40111222")
"""What stands on Ana's file, in one house and in the other."""

NOBODYS = ("79111888", "79222777", "79333666")
"""Documents that are on no file."""

ANA, ANA_TOO, LUIS = 1001, 1003, 1002
"""Ana's service, the second one that she has in one house, and Luis's, whose file is blank."""

_ANA = make_client(
    ANA, name="Ana Gómez", document=DOCUMENTS[0], phone=PHONE, address="Calle 10 # 5-20",
    plan="Plan Hogar 80", price="60000.00",
)  # fmt: skip
_LUIS = make_client(
    LUIS, name="Luis Rueda", address="Carrera 7 # 8-9", plan="Plan 20MB", price="45000.00"
)
_ELSEWHERE = replace(_ANA, on_file=on_file(DOCUMENTS[1], f"{PHONE}, {OTHER_PHONE}"))

THERE = (_ANA, _LUIS)
ELSEWHERE = (_ELSEWHERE, replace(_ELSEWHERE, service_id=ANA_TOO), _LUIS)
"""Another document, another phone as well, and a second service of the same holder."""

NOWHERE = (_LUIS,)
"""Ana is no customer."""

SECRETS = (*DOCUMENTS, PHONE, OTHER_PHONE, "Hogar 80", "1.000", "de diciembre")
MASKED = ("•456", "•222", "•51", "•66", "*456*", "*222*")
"""What a mask leaves of them."""

FACTS = ("Ana Gómez", "Calle 10 # 5-20", "no sé", "60000")
"""Three of the four facts of Ana's file."""

WRONG = (
    ("Luis Pérez", "Calle 10 # 5-20", "Plan 50MB", "60000"),
    ("Ana Gómez", "Carrera 1 # 2-3", "Plan 50MB", "20000"),
    ("Luis Pérez", "Carrera 1 # 2-3", "no sé", "no sé"),
)
"""Answers to each question that are not of Ana's file: each claim fails."""

VAGUE = (
    ("Ana Gómez", "Carrera 1 # 1-1", "Plan 50MB", "20000"),
    ("no sé", "no sé", "no sé", "no sé"),
)
"""What says too little to be an answer: the question is asked again, and nothing fails."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with one chat.

    Attributes:
        channel: `wa`, which tells numbers, or `tg`, which does not.
        person: what the channel tells; the second account that shows Ana's number is `HEIR`.
    """

    name: str
    channel: str = "tg"
    person: Person = NOBODY

    def __repr__(self) -> str:
        return self.name


def _on_wa(name: str, phone: str) -> Actor:
    return Actor(name, "wa", Person(user=f"CO.{name}", phone=phone))


STRANGERS = (
    Actor("sam"),
    Actor("sid"),
    _on_wa("sue", "573009998877"),
    _on_wa("sol", "573001112222"),
    Actor("stu"),
)
NEIGHBOUR = _on_wa("ned", "573005550000")
"""Luis: the holder of his own service, and a stranger to Ana's."""

HEIR = _on_wa("hal", f"57{PHONE}")
"""Whom the carrier gave Ana's number."""

HOLDER = {"wa": _on_wa("ana", f"57{PHONE}"), "tg": Actor("ana2")}
"""Ana's two chats: the one tells her number, in the other she shares it."""

EVERYBODY = (*STRANGERS, NEIGHBOUR, HEIR, *HOLDER.values())
