"""The catalogue: every text the bot says, in Spanish (Colombia, "usted"), with its buttons.

Placeholders in braces are filled by `handlers.texts`: those of the company (`isp`, `razon_social`,
`nit`, `direccion_isp`, `tel_isp`, `email_isp`, `url_politica`) and of the moment from there, all
others from the machine; `places` has a row for each. No emoji: screen readers and old phones.
Limits of both vendors are checked by a test: 1,024 characters with buttons, three buttons, 20
characters a label.

An installation may say any of them in its own words: once, when it starts, before anything is read
or said (docs/decisions/0013). What a text is about, its choices and what fills it stay ours.
"""

from collections.abc import Mapping

from state.messages import anytime, fields, inquiries, linking, results
from state.messages.linking import CONSENT_VERSION as CONSENT_VERSION
from state.messages.linking import TERMS as TERMS
from state.messages.message import Message

DEFAULTS: Mapping[str, Message] = (
    linking.TEXTS | fields.TEXTS | results.TEXTS | inquiries.TEXTS | anytime.TEXTS
)
"""Our own words."""

CATALOGUE: dict[str, Message] = {**DEFAULTS}
"""What this installation says."""


def replace_texts(own: Mapping[str, Message]) -> None:
    """Say these texts instead of ours, and our own again where there is none among them."""
    assert own.keys() <= DEFAULTS.keys()
    CATALOGUE.update({**DEFAULTS, **own})
