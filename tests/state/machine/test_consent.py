"""What a refusal of the consent leaves of the conversation."""

from dataclasses import replace

from state.conversation import Chat, Conversation
from state.effects import ConsentDecision, EraseJournal, RecordConsent
from state.events import Said
from state.fields.table import Field
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import Draft, Identity, Link, Lookup, PendingChange, Shown
from state.proof import Proof
from state.states import State
from tests.clients import make_client
from tests.machine_stage import NINE_O_CLOCK

_MOMENT = Moment(now=NINE_O_CLOCK, at=NINE_O_CLOCK, today="23/11/2026", reference="ABCD2345")
_ANA = make_client(1001, name="Ana Gómez", phone="3159741951")
_OTHER = make_client(1002, name="Ana Gómez")


def _refuse(**parts: object) -> tuple[Conversation, list[object]]:
    """Refuse at the consent, with what was typed before it."""
    asked = Conversation(
        chat=Chat(channel="test", account="1", id="ana"),
        state=State.CONSENT,
        shown=Shown(asked="consent"),
        lookup=Lookup(invitation="AB12", clue="document:1098765432", stated=("Ana", "Calle 10")),
        identity=Identity(client=_OTHER, proofs=(Proof.FACTS,), owned="+573112223344"),
        draft=Draft(answers={Field.DOCUMENT: "1098765432"}, edited=(State.PHONE, "3112223344")),
        **parts,  # type: ignore[arg-type]
    )
    after, effects = step(asked, Said(text="no autorizo"), _MOMENT)
    return after, list(effects)


def test_acceptance_keeps_its_proof_apart() -> None:
    """What was shown and answered goes to the record of consents; the chat's own keeps no words."""
    asked = Conversation(
        chat=Chat(channel="test", account="1", id="ana"),
        state=State.CONSENT,
        shown=Shown(asked="consent", terms="a" * 64, question=2),
    )
    moment = replace(_MOMENT, terms="a" * 64, delivery="d7")
    after, effects = step(asked, Said(text="sí, autorizo"), moment)

    (record,) = (one for one in effects if isinstance(one, RecordConsent))
    proof = record.consent
    assert (proof.terms, proof.question, proof.answer) == ("a" * 64, 2, "d7")
    assert proof.words == "sí, autorizo"
    assert after.consent == proof.without_proof()
    assert after.shown.terms == ""
    assert (proof.code, proof.at) == ("ABCD2345", NINE_O_CLOCK)


def test_refusal_drops_what_was_typed() -> None:
    """Answers, clue, invitation and proofs go with a refusal."""
    after, effects = _refuse()

    assert (after.state, after.lookup, after.identity) == (State.START, Lookup(), Identity())
    assert (after.draft, after.change, after.consent) == (Draft(), PendingChange(), None)
    (record,) = (one for one in effects if isinstance(one, RecordConsent))
    assert record.decision is ConsentDecision.REFUSED
    assert effects[-1] == EraseJournal(refused=True)


def test_refusal_keeps_the_link() -> None:
    """Who is linked and does not renew the consent stays linked: unlinking is another wish."""
    link = Link(client=_ANA, proofs=(Proof.CHANNEL_PHONE,))
    after, _ = _refuse(link=link)

    assert (after.state, after.link) == (State.DONE, link)
    assert after.identity == Identity(client=_ANA, proofs=(Proof.CHANNEL_PHONE,))
