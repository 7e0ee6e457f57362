"""A text of the catalogue, filled with what is known of the conversation."""

from collections.abc import Callable
from functools import cache
from string import Formatter

from state.client import Change
from state.conversation import Conversation
from state.effects import Line
from state.fields import masks
from state.fields.table import FIELDS, Field, FieldInfo
from state.machine.changes import list_visible_changes
from state.messages import DEFAULTS
from state.parts import KEPT
from state.states import FACTS, STATES


def line(conversation: Conversation, text: str, **values: str) -> Line:
    """Make a line, filled with whatever of the conversation its text names."""
    named = {
        name: _VALUES[name](conversation) for name in _list_placeholders(text) if name not in values
    }
    return Line(text=text, values=named | values)


@cache
def _list_placeholders(text: str) -> tuple[str, ...]:
    """List what a text names, in our own words, that we know of a conversation."""
    fields = (field for _, field, _, _ in Formatter().parse(DEFAULTS[text].text))
    return tuple(field for field in fields if field in _VALUES)


def _service(conversation: Conversation) -> str:
    client = conversation.identity.client
    if client is None:
        return "ninguno"
    if not conversation.possesses:
        return "el servicio que usted indicó"
    return f"servicio {client.service_id}, {masks.service(client.plan, client.address)}"


def _consent(conversation: Conversation) -> str:
    consent = conversation.consent
    if consent is None:
        return "no"
    return f"{consent.on or 'sí'}, código {consent.code}"


def _before(field: Field) -> Callable[[Conversation], str]:
    """Tell what stands on file of a field, masked, to whom possession was proven."""

    def fill(conversation: Conversation) -> str:
        if not conversation.possesses:
            return "lo registrado"
        client = conversation.known_client
        return FIELDS[field].mask_all(client.of(field).values, none="ninguno")

    return fill


def _after(field: Field) -> Callable[[Conversation], str]:
    """Tell what will stand on file of a field, as far as the customer may know of it."""
    info = FIELDS[field]

    def fill(conversation: Conversation) -> str:
        changes = list_visible_changes(conversation)
        change = next((one for one in changes if one.field is field), None)
        stored = conversation.known_client.of(field).values
        if change is None:
            return info.mask_all(stored, none="el que ya está")
        return f"*{info.spell(change.new)}*" + _tell_old(info, change)

    return fill


def _tell_old(info: FieldInfo, change: Change) -> str:
    """Tell what becomes of the values that the customer knows to stand on file."""
    old = change.old.values
    if not old:
        return ""
    if not info.several:
        return f" (antes {info.mask_all(old)})"
    if change.replaces:
        return f" (nuevo), sin {info.mask_all(old)}"
    return f" (nuevo), y sigue{'n' if len(old) > 1 else ''} {info.mask_all(old)}"


def _mask_answer(field: Field) -> Callable[[Conversation], str]:
    """Tell what was answered, masked."""

    def fill(conversation: Conversation) -> str:
        answer = conversation.draft.answers.get(field, KEPT)
        return "ninguno" if answer == KEPT else FIELDS[field].mask(answer)

    return fill


_VALUES: dict[str, Callable[[Conversation], str]] = {
    "paso": lambda talk: STATES[talk.state].for_customer,
    "n_dato": lambda talk: str(STATES[talk.state].facts + 1),
    "n_datos": lambda _: str(len(FACTS)),
    "codigo": lambda talk: talk.change.reference,
    "valor": lambda talk: talk.draft.candidate,
    "doc": lambda talk: talk.draft.candidate,
    "num": lambda talk: talk.draft.candidate,
    "n": lambda talk: str(max(0, 3 - talk.lookup.failures)),
    "ult3": lambda talk: talk.known_client.document[-3:],
    "ult2": lambda talk: talk.identity.challenge.phone[-2:] if talk.identity.challenge else "",
    "quedan": lambda talk: (
        str(3 - talk.identity.challenge.wrong) if talk.identity.challenge else ""
    ),
    "servicio_mascara": _service,
    **{f"{info.prefix}_antes": _before(field) for field, info in FIELDS.items()},
    **{f"{info.prefix}_nuevo": _after(field) for field, info in FIELDS.items()},
    **{f"{info.prefix}_mascara": _mask_answer(field) for field, info in FIELDS.items()},
    "consentimiento": _consent,
}
"""What a text may name; nothing of the file is shown before the service is proven."""
