"""Strangers who know everything and possess nothing, each alone with the pure machine."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from state.conversation import Conversation
from state.effects import Line
from state.events import Event, Medium, Pressed, Said, SentMedia, SharedContact
from state.parts import QUEUE, Person
from state.proof import Level, level
from tests.attackers.alone import (
    ANA,
    ANA_ELSEWHERE,
    LUIS,
    LUIS_ELSEWHERE,
    MINE,
    SECRETS,
    Attack,
    acts,
    words,
)

_CHATS = 4
_MINUTE = 60_000  # ms


class Stranger:
    """One chat, played thrice: with the services, with other data on their file, with none."""

    def __init__(self, *, shows_number: bool, codes: bool = False) -> None:
        person = Person(phone=MINE if shows_number else "")
        self.there, self.nowhere = Attack((ANA, LUIS), codes=codes), Attack((), codes=codes)
        self.elsewhere = Attack((ANA_ELSEWHERE, LUIS_ELSEWHERE), codes=codes)
        for attack in self.all:
            attack.conversation = replace(
                attack.conversation, account=replace(attack.conversation.account, person=person)
            )
        self.typed = ""

    @property
    def all(self) -> tuple[Attack, Attack, Attack]:
        return self.there, self.elsewhere, self.nowhere

    @property
    def knows_the_file(self) -> bool:
        """Tell whether the facts of a service were ever given right: then answers may differ."""
        return level(self.there.proven) >= Level.KNOWLEDGE

    def act(self, event: Said | SharedContact | SentMedia | int) -> None:
        self.typed += f"\n{event.text}" if isinstance(event, Said) else ""
        self.typed += f"\n{event.phone}" if isinstance(event, SharedContact) else ""
        for attack in self.all:
            attack.act(event)

    def forge(self, choice: str) -> None:
        """Press a button that nobody offered."""
        for attack in self.all:
            attack.act(Pressed(button=f"{attack.conversation.shown.flow}.{1}:{choice}"))

    def wait(self, milliseconds: int) -> None:
        for attack in self.all:
            attack.wait(milliseconds)


_forged = st.sampled_from(
    ["save", "mine", "keep", "yes", "replace", "was_me", "erase_yes", "use_edit"]
)


class Strangers(RuleBasedStateMachine):
    """They know names, addresses, documents, numbers, plans and prices, and possess nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.chats: list[Stranger] = []

    @rule(shows_number=st.booleans(), codes=st.booleans())
    @precondition(lambda self: len(self.chats) < _CHATS)
    def begin(self, *, shows_number: bool, codes: bool) -> None:
        """Open another chat; some channels show a number, which is on nobody's file."""
        self.chats.append(Stranger(shows_number=shows_number, codes=codes))

    @rule(chat=st.integers(0, _CHATS - 1), text=words)
    @precondition(lambda self: self.chats)
    def say(self, chat: int, text: str) -> None:
        """Type something that is known, or a command."""
        self._of(chat).act(Said(text=text))

    @rule(chat=st.integers(0, _CHATS - 1), number=st.integers(0, 4))
    @precondition(lambda self: self.chats)
    def press(self, chat: int, number: int) -> None:
        """Press a button that is offered."""
        self._of(chat).act(number)

    @rule(chat=st.integers(0, _CHATS - 1), choice=_forged)
    @precondition(lambda self: self.chats)
    def forge(self, chat: int, choice: str) -> None:
        """Press a button that is not."""
        self._of(chat).forge(choice)

    @rule(chat=st.integers(0, _CHATS - 1), own=st.booleans())
    @precondition(lambda self: self.chats)
    def share(self, chat: int, *, own: bool) -> None:
        """Share one's own contact, or the holder's as somebody else's."""
        self._of(chat).act(SharedContact(phone=MINE if own else "573159741951", own=own))

    @rule(chat=st.integers(0, _CHATS - 1))
    @precondition(lambda self: self.chats)
    def show(self, chat: int) -> None:
        """Send a picture, of whatever."""
        self._of(chat).act(SentMedia(medium=Medium.IMAGE))

    @rule(chat=st.integers(0, _CHATS - 1), minutes=st.sampled_from([1, 31, 1500]))
    @precondition(lambda self: self.chats)
    def wait(self, chat: int, minutes: int) -> None:
        """Let time pass, reminders and expiry come."""
        self._of(chat).wait(minutes * _MINUTE)

    @rule(chat=st.integers(0, _CHATS - 1))
    @precondition(lambda self: self.chats)
    def claim_with_all_facts(self, chat: int) -> None:
        """Go straight for a service, with everything that a relative knows."""
        for text in _CLAIM:
            self._of(chat).act(Said(text=text))

    @rule(
        chat=st.integers(0, _CHATS - 1),
        clue=st.sampled_from(["1001", "1002", "9999", "52123456"]),
        name=st.sampled_from(["Ana Gómez", "Luis Pérez", "no sé"]),
        address=st.sampled_from(["Carrera 1 # 2-3", "Calle 10 # 5-21", "no sé"]),
    )
    @precondition(lambda self: self.chats)
    def probe(self, chat: int, clue: str, name: str, address: str) -> None:
        """Go straight for an answer, with facts that are not enough."""
        by = "Mi cédula" if len(clue) > 4 else "Número de servicio"
        for text in (*_APPROACH, by, clue, name, address, "Plan 50MB", "60000"):
            self._of(chat).act(Said(text=text))

    @rule(
        chat=st.integers(0, _CHATS - 1),
        phone=st.sampled_from(["3159741951", "3114445566", "3201112233", "3009998877"]),
        document=st.sampled_from(["52123456", "40111222", "79111888"]),
        then=st.sampled_from(["Corregir", "Sí, guardar", "estado", "no fui yo", "Cancelar"]),
    )
    @precondition(lambda self: self.chats)
    def guess_at_the_summary(self, chat: int, phone: str, document: str, then: str) -> None:
        """Give the facts of Ana's service right, then guess what stands on its file."""
        facts = ("1001", "Ana Gómez", "Calle 10 # 5-20", "no sé", "60000", "No tengo ese número")
        for text in (*_APPROACH, "Número de servicio", *facts, document, phone, then):
            self._of(chat).act(Said(text=text))

    @invariant()
    def nothing_is_compared(self) -> None:
        """Whatever stands on file, who only knows hears the same, as often, at the same times."""
        for chat in self.chats:
            assert chat.there.said == chat.elsewhere.said

    @invariant()
    def nobody_is_harmed(self) -> None:
        """No chat links itself, locks a service, or says a word on another chat's change."""
        assert [chat.there.harm for chat in self.chats if chat.there.harm] == []
        assert all(chat.there.conversation.link is None for chat in self.chats)

    @invariant()
    def nothing_is_changed(self) -> None:
        """Nothing is written without a decision of staff, and none was made."""
        assert [chat.there.updates for chat in self.chats if chat.there.updates] == []

    @invariant()
    def nothing_is_shown(self) -> None:
        """No document and no phone of the file is said, whole or by its last digits."""
        for chat in self.chats:
            for _, text in chat.there.said:
                assert not any(s in text and s not in chat.typed for s in SECRETS)
                assert "•456" not in text or SECRETS[0] in chat.typed
                assert "••51" not in text or SECRETS[1] in chat.typed

    @invariant()
    def nothing_is_learnt(self) -> None:
        """The same is said, as often, at the same times, whether or not there is such a service."""
        for chat in self.chats:
            if not chat.knows_the_file:
                assert chat.there.said == chat.nowhere.said

    @invariant()
    def nothing_is_possessed(self) -> None:
        """No chat ever comes to more than knowledge."""
        for chat in self.chats:
            assert level(chat.there.proven) <= Level.KNOWLEDGE

    def _of(self, number: int) -> Stranger:
        return self.chats[number % len(self.chats)]


_APPROACH = (
    "cancelar", "sí, dejarlo", "hola", "empezar", "sí, autorizo", "Prefiero no hacerlo",
)  # fmt: skip
_CLAIM = (
    *_APPROACH, "Número de servicio", "1002", "Luis Rueda", "Calle 10 # 5-20", "Plan 50MB", "45000",
    "79111888", "3009998877", "Sí, guardar",
)  # fmt: skip

Strangers.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestStrangers = pytest.mark.slow(Strangers.TestCase)


def test_claim_goes_to_people() -> None:
    """The claim with all facts, which the machine above repeats, really ends before people."""
    stranger = Stranger(shows_number=False)
    for text in _CLAIM:
        stranger.act(Said(text=text))

    conversation: Conversation = stranger.there.conversation
    assert stranger.knows_the_file
    assert conversation.change.request is not None
    assert conversation.speaker != QUEUE
    assert stranger.there.updates == []


@settings(max_examples=150)
@given(st.lists(acts, min_size=5, max_size=60))
def test_nothing_is_changed_and_nothing_shown(events: list[Event | int]) -> None:
    """Without staff nothing is changed, and nothing of the file is shown that was not typed."""
    attack = Attack((ANA, LUIS))
    typed = ""
    for event in events:
        typed += event.text if isinstance(event, Said) else ""
        typed += event.phone if isinstance(event, SharedContact) else ""
        attack.act(event)

    assert attack.updates == []
    for _, text in attack.said:
        for secret in SECRETS:
            assert secret in typed or secret not in text
        assert "•456" not in text or SECRETS[0] in typed
        assert "••51" not in text or SECRETS[1] in typed


@settings(max_examples=200)
@given(
    st.sampled_from(["1001", "52123456"]),
    st.sampled_from(["Ana Pérez", "Luis Rueda", "a", "no sé"]),
    st.sampled_from(["Calle 10 # 5-20", "Carrera 1 # 2-3", "no sé"]),
)
def test_existence_does_not_show(clue: str, name: str, address: str) -> None:
    """With and without such a service the same is said, as often, after the same time."""
    by = "Número de servicio" if clue == "1001" else "Mi cédula"
    script = ["hola", "empezar", "sí, autorizo", "Prefiero no hacerlo", by, clue, name, address,
              "Plan 50MB", "60000"]  # fmt: skip
    there, nowhere = Attack((ANA, LUIS)), Attack(())
    for attack in (there, nowhere):
        for text in script:
            attack.act(Said(text=text))

    answered = name not in ("a", "no sé") and address != "no sé"
    assert there.said == nowhere.said
    assert answered == (Line(text="id_no").text == there.conversation.shown.asked)
