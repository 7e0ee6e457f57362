"""The consent (Ley 1581): asked before anything is collected, recorded apart, renewed in time."""

from state.conversation import Conversation, replace
from state.effects import ConsentDecision, Effect, EraseJournal, RecordConsent
from state.machine import identification, leaving, offering
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.messages import CONSENT_VERSION
from state.records import Consent, Timer, TimerName
from state.states import State

_ERASED_AFTER = 10 * 60_000  # ms: until then the last message goes out
_WORDS = 80  # characters kept of an answer
_LIFE = 730 * 24 * 3600_000  # ms: after two years it is asked again


def is_valid(conversation: Conversation, moment: Moment) -> bool:
    """Tell whether there is a consent, to the text as it means now, and not too old."""
    consent = conversation.consent
    fresh = consent is not None and moment.now - consent.at < _LIFE
    return consent is not None and fresh and consent.version == CONSENT_VERSION


def ask_for_consent(conversation: Conversation, moment: Moment) -> Step:
    """Ask for the consent; what is identified comes after it."""
    conversation = replace(
        conversation,
        state=State.CONSENT,
        consent=None,
        shown=replace(conversation.shown, terms=moment.terms),
        draft=replace(conversation.draft, misses=0),
    )
    return ask(conversation)


def begin(conversation: Conversation, moment: Moment) -> Step:
    """Begin: with the consent, or without asking again."""
    if is_valid(conversation, moment):
        told = offering.read_back(conversation, conversation.offers)
        return identification.identify(conversation, *told)
    return ask_for_consent(conversation, moment)


def accept(conversation: Conversation, moment: Moment, words: str) -> Step:
    """Take a clear yes to the text that was shown; one that changed meanwhile is shown first."""
    if conversation.shown.terms != moment.terms:
        return ask_for_consent(conversation, moment)
    consent = _build_consent(conversation, moment, words)
    conversation = replace(
        conversation,
        consent=consent.without_proof(),
        shown=replace(conversation.shown, terms=""),
        draft=replace(conversation.draft, misses=0),
    )
    thanks = line(conversation, "consent_ok", fecha=moment.today, codigo=consent.code)
    told = offering.read_back(conversation, conversation.offers)
    after, effects = identification.identify(conversation, thanks, *told)
    return after, (*effects, _record(conversation, moment, ConsentDecision.GIVEN, consent))


def decline(conversation: Conversation, moment: Moment, words: str) -> Step:
    """Take a clear no: only its proof is kept, nothing that was said or typed before it."""
    answered = _build_consent(conversation, moment, words)
    conversation = leaving.forget_name(leaving.forget_matter(conversation))
    empty = leaving.drop_draft(replace(conversation, consent=None))
    record = _record(conversation, moment, ConsentDecision.REFUSED, answered)
    return say(empty, line(empty, "consent_no"), then=(record, EraseJournal(refused=True)))


def explain(conversation: Conversation) -> Step:
    """Explain, and ask again, however often: what is not a yes is no refusal either.

    Silence and vagueness never count as a yes (Ley 1581, art. 9), and a refusal that nobody gave
    makes the record of consents false.
    """
    return say(conversation, line(conversation, "consent_ambiguo"))


def revoke(conversation: Conversation, moment: Moment) -> Step:
    """Forget the answers and the consent, not its proof; a while later the chat is erased."""
    timer = Timer(
        name=TimerName.ERASE, due=moment.now + _ERASED_AFTER, generation=conversation.turns
    )
    unnamed = leaving.forget_name(leaving.forget_matter(conversation))
    unlinked, unlinking = leaving.unlink(unnamed)
    empty = replace(unlinked, consent=None, verification=None, last_change=None, timer=timer)
    words = line(empty, "revocado", fecha=moment.today, codigo=moment.reference)
    then: tuple[Effect, ...] = ()
    if conversation.consent is not None:
        then += (_record(conversation, moment, ConsentDecision.REVOKED, conversation.consent),)
    return say(empty, words, then=(*then, *unlinking))


def erase(conversation: Conversation) -> Step:
    """Forget what was said and typed; the consent, the link and the last change stay."""
    conversation = leaving.forget_name(leaving.drop_words(conversation))
    return say(conversation, line(conversation, "borrado"), then=(EraseJournal(),))


def _build_consent(conversation: Conversation, moment: Moment, words: str) -> Consent:
    return Consent(
        at=moment.now,
        code=moment.reference,
        version=CONSENT_VERSION,
        on=moment.today,
        terms=conversation.shown.terms,
        question=conversation.shown.question,
        answer=moment.delivery,
        words=words[:_WORDS],
    )


def _record(
    conversation: Conversation, moment: Moment, decision: ConsentDecision, consent: Consent
) -> RecordConsent:
    return RecordConsent(
        code=moment.reference,
        at=moment.now,
        decision=decision,
        consent=consent,
        hint=conversation.account.person.phone[-2:],
    )
