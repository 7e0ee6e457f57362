"""Histories: moves in an order, drawn by hypothesis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hypothesis import strategies as st

from tests.attackers import people
from tests.attackers.customers import Change, Compare, Disown, Inherit, UseForwarded
from tests.attackers.strangers import (
    Apply,
    Claim,
    Guess,
    LockOut,
    Occupy,
    Press,
    PutBack,
    Say,
    Show,
    TryCodes,
    Wait,
)
from tests.attackers.world import Other, World


class Move(Protocol):
    """What somebody does, wherever things stand."""

    async def play(self, world: World) -> None:
        """Do it."""
        ...


@dataclass(frozen=True)
class History:
    """What happens, in order; in which worlds."""

    moves: Sequence[Move]
    other: Other = Other.ELSEWHERE
    codes: bool = False


_strangers = st.sampled_from(people.STRANGERS)
_documents = st.sampled_from((*people.DOCUMENTS, *people.NOBODYS))
_phones = st.sampled_from(
    (people.PHONE, people.OTHER_PHONE, "3009998877", "3001112222", "3187770000")
)
_facts = st.sampled_from((people.FACTS, *people.WRONG, *people.VAGUE))
_said = st.sampled_from(
    (
        "hola", "sí", "no", "1", "2", "estado", "mis datos", "atrás", "cancelar", "reiniciar",
        "asesor", "volver al asistente", "no fui yo", "fui yo", "borrar mis datos", "Sí, borrar",
        "revocar", "Sí, revocar", "actualizar mis datos", "vincular otro", "desvincular",
        "Quitar el anterior", "Dejar el actual", "Sí, es correcto", "reenviar código", "482913",
        "mi cédula es otra: 52123456", "ayuda", "repetir", "No autorizo", "cuánto debo",
        "mi servicio", "no tengo internet",
    )
)  # fmt: skip
_early = st.builds(
    lambda words, document, phone: words.format(document=document, phone=phone),
    st.sampled_from(
        (
            "hola, mi cédula es {document} y mi celular {phone}",
            "quiero actualizar mis datos, cédula {document}",
            "servicio 1001, cédula {document}, celular {phone}",
            "{phone} {document}",
            "mi celular es el {phone}",
            "no es {document}, es 52123456",
        )
    ),
    _documents,
    _phones,
)
"""Data said before they are asked for, at any place."""

_forged = st.sampled_from(
    (
        "save",
        "mine",
        "keep",
        "yes",
        "replace",
        "was_me",
        "not_me",
        "use_edit",
        "update",
        "pick1",
        "ask_balance",
        "lights_red",
    )
)
_then = st.sampled_from(
    ("sí, guardar", "sí, guardar", "estado", "no fui yo", "no fui yo", "mis datos")
)
_chats = st.sampled_from(tuple(people.HOLDER))

_changes = st.builds(
    Change,
    _chats,
    st.booleans(),
    st.sampled_from(("", "", "79888999", "79444555")),
    st.sampled_from(("", "", "3187770000", "-3187770000")),
    st.booleans(),
)

_MOVES = (
    st.builds(Claim, _strangers, st.sampled_from(("1001", "", "9999", "79111888")), _facts),
    st.builds(Guess, _strangers, st.sampled_from(("1001", "")), _documents, _phones, _then),
    st.builds(Apply, _strangers, _documents, st.booleans()),
    st.builds(Occupy, _documents),
    st.just(LockOut()),
    st.builds(Say, _strangers, _said),
    *[st.builds(Say, _strangers, _early)] * 2,
    st.builds(Press, _strangers, st.integers(0, 4)),
    st.builds(Press, _strangers, st.just(0), _forged),
    st.builds(Show, _strangers, st.sampled_from(("picture", "contact"))),
    st.builds(UseForwarded, _strangers),
    st.builds(Wait, st.sampled_from((1, 31, 1500, 3 * 1440 + 5, 8 * 1440))),
    st.builds(PutBack, _strangers),
    *[_changes] * 3,
    st.builds(Disown, _chats, st.booleans()),
    st.builds(Inherit, _said, st.sampled_from(("", *people.DOCUMENTS))),
    st.builds(Compare, st.tuples(_documents, _documents)),
    st.builds(TryCodes, _strangers, st.integers(1, 8), st.sampled_from((2345, 6789))),
)  # fmt: skip

_LONGEST = 10  # moves

histories = st.builds(
    History,
    st.lists(st.one_of(*_MOVES), min_size=1, max_size=_LONGEST),
    st.sampled_from(Other),
    st.booleans(),
)
"""All of them."""
