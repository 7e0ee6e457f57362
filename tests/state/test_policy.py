"""Who may change what: every cell of every preset, and what no cell may say."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import policy
from state.policy import Case, Decision, Preset, Situation, decide, judge, of_other, situations
from state.proof import BY_PHONE, Level, Proof, level
from tests.clients import make_changes, make_client

_A, _P, _R = Decision.AUTOMATIC, Decision.APPROVAL, Decision.REFUSED

_EXPECTED = {
    # preset, situation: A0, A1, A2, A3
    ("balanced", "document_empty"): (_R, _P, _A, _A),
    ("balanced", "document_replaced"): (_R, _P, _P, _A),
    ("balanced", "document_taken"): (_R, _P, _P, _P),
    ("balanced", "phone_empty_own"): (_R, _P, _A, _A),
    ("balanced", "phone_empty_other"): (_R, _P, _P, _A),
    ("balanced", "phone_added_own"): (_R, _P, _A, _A),
    ("balanced", "phone_added_other"): (_R, _P, _P, _A),
    ("balanced", "phone_replaced"): (_R, _R, _P, _A),
    ("balanced", "other_empty"): (_R, _P, _A, _A),
    ("balanced", "other_replaced"): (_R, _P, _P, _A),
    ("balanced", "link"): (_R, _P, _A, _A),
    ("strict", "document_empty"): (_R, _P, _P, _A),
    ("strict", "document_replaced"): (_R, _P, _P, _A),
    ("strict", "document_taken"): (_R, _P, _P, _P),
    ("strict", "phone_empty_own"): (_R, _P, _P, _A),
    ("strict", "phone_empty_other"): (_R, _P, _P, _A),
    ("strict", "phone_added_own"): (_R, _P, _P, _A),
    ("strict", "phone_added_other"): (_R, _P, _P, _A),
    ("strict", "phone_replaced"): (_R, _R, _P, _A),
    ("strict", "other_empty"): (_R, _P, _P, _A),
    ("strict", "other_replaced"): (_R, _P, _P, _A),
    ("strict", "link"): (_R, _P, _P, _A),
    ("first_fill", "document_empty"): (_R, _P, _A, _A),
    ("first_fill", "document_replaced"): (_R, _P, _P, _A),
    ("first_fill", "document_taken"): (_R, _P, _P, _P),
    ("first_fill", "phone_empty_own"): (_R, _P, _A, _A),
    ("first_fill", "phone_empty_other"): (_R, _P, _P, _A),
    ("first_fill", "phone_added_own"): (_R, _P, _A, _A),
    ("first_fill", "phone_added_other"): (_R, _P, _P, _A),
    ("first_fill", "phone_replaced"): (_R, _R, _P, _A),
    ("first_fill", "other_empty"): (_R, _P, _A, _A),
    ("first_fill", "other_replaced"): (_R, _P, _P, _A),
    ("first_fill", "link"): (_R, _P, _A, _A),
}
_CELLS = list(itertools.product(Preset, Situation, Level))

_proofs = st.sets(st.sampled_from(Proof))
_clients = st.builds(
    make_client,
    st.just(1),
    document=st.sampled_from(["", "52123456"]),
    phone=st.sampled_from(["", "3001112233"]),
)
_cases = _clients.flatmap(
    lambda client: st.builds(
        Case,
        client=st.just(client),
        changes=st.builds(
            make_changes,
            st.just(client),
            document=st.sampled_from([None, "79123456"]),
            phone=st.sampled_from([None, "+573009998877"]),
            replaces=st.booleans(),
        ),
        proofs=_proofs,
        own=st.sampled_from(["", "+573009998877"]),
        taken=st.booleans(),
        all_facts=st.booleans(),
        others=st.booleans(),
        recent=st.booleans(),
        alarmed=st.booleans(),
    )
)


@pytest.mark.parametrize(("preset", "situation", "proven"), _CELLS)
def test_cell(preset: Preset, situation: Situation, proven: Level) -> None:
    """Each cell says what the table of the dialog says."""
    assert decide(situation, proven, preset) is _EXPECTED[preset, situation][proven]


@given(_cases, st.sampled_from(Preset))
def test_documents_are_safe(case: Case, preset: Preset) -> None:
    """No preset replaces a document on file without possession, nor two people's approval."""
    judged = judge(case, preset)

    if Situation.DOCUMENT_REPLACED in judged.situations:
        assert judged.four_eyes
        if level(case.proofs) < Level.POSSESSION:
            assert judged.decision is not Decision.AUTOMATIC


@given(_cases, st.sampled_from(Preset))
def test_nothing_proven_changes_nothing(case: Case, preset: Preset) -> None:
    """Who proved nothing changes nothing, unless all four facts fill in a blank file first."""
    judged = judge(case, preset)

    if not case.proofs and judged.decision is not Decision.REFUSED:
        assert preset is Preset.FIRST_FILL
        assert case.all_facts
        assert not case.others


@given(_cases, st.sampled_from(Preset))
def test_alarm(case: Case, preset: Preset) -> None:
    """While there is an alarm nothing happens by itself."""
    judged = judge(case, preset)

    assert not (case.alarmed and judged.decision is Decision.AUTOMATIC)


@given(_proofs)
def test_a_changed_phone_proves_nothing(proofs: set[Proof]) -> None:
    """A number that was changed a short while ago is worth as much as none."""
    case = Case(
        client=make_client(1), changes=make_changes(document="1"), proofs=proofs, recent=True
    )

    without = Case(client=case.client, changes=case.changes, proofs=proofs - BY_PHONE, recent=False)
    assert judge(case, Preset.BALANCED) == judge(without, Preset.BALANCED)


@given(_cases, st.sampled_from(Preset))
def test_a_number_goes_in_a_day(case: Case, preset: Preset) -> None:
    """No number is taken away on the word of that number, and below certainty it waits a day."""
    judged = judge(case, preset)
    replaced = Situation.PHONE_REPLACED in judged.situations
    sure = level(case.proofs, without=BY_PHONE)

    assert judged.held == (replaced and sure < Level.CERTAIN)
    if judged.decision is Decision.AUTOMATIC and replaced:
        assert sure is Level.CERTAIN


def test_other_field() -> None:
    """A field without rules of its own is filled in, or replaced."""
    case = Case(client=make_client(1), changes=(), proofs=())
    (empty,) = make_changes(document="1")
    (replaced,) = make_changes(make_client(1, document="2"), document="1")

    assert list(of_other(case, empty)) == [Situation.OTHER_EMPTY]
    assert list(of_other(case, replaced)) == [Situation.OTHER_REPLACED]


def test_levels() -> None:
    """Possession is worth more than knowledge; both, or staff's word, are worth most."""
    assert level(()) is Level.NOTHING
    assert level({Proof.FACTS}) is Level.KNOWLEDGE
    assert level({Proof.INVITATION}) is level({Proof.CHANNEL_PHONE}) is Level.POSSESSION
    assert level({Proof.INVITATION, Proof.FACTS}) is level({Proof.STAFF}) is Level.CERTAIN


def test_first_fill() -> None:
    """A blank file is filled in by the first chat that knows all four facts."""
    case = Case(
        client=make_client(1), changes=make_changes(document="1", phone="2"),
        proofs={Proof.FACTS}, all_facts=True,
    )  # fmt: skip

    assert judge(case, Preset.FIRST_FILL).decision is Decision.AUTOMATIC
    assert judge(case, Preset.BALANCED).decision is Decision.APPROVAL
    assert list(situations(case)) == [Situation.DOCUMENT_EMPTY, Situation.PHONE_EMPTY_OTHER]


@pytest.mark.parametrize("preset", Preset)
async def test_printed(preset: Preset, capsys: pytest.CaptureFixture[str]) -> None:
    """`enlace policy` prints each situation with its four decisions."""
    await policy.show(preset)

    told = capsys.readouterr().out
    assert all(situation.value in told for situation in Situation)
    assert ("all four facts are enough" in told) == (preset is Preset.FIRST_FILL)
