"""The catalogue: every text the bot says, in Spanish (Colombia, "usted"), with its buttons.

Placeholders in braces are filled by `handlers.texts`: those of the company (`isp`, `razon_social`,
`nit`, `direccion_isp`, `tel_isp`, `email_isp`, `url_politica`) and of the moment from there, all
others from the machine. No emoji: screen readers and old phones. Limits of both vendors are
checked by a test: 1,024 characters with buttons, three buttons, 20 characters a label.
"""

from state.messages import anytime, fields, linking, results
from state.messages.linking import CONSENT_VERSION as CONSENT_VERSION
from state.messages.message import Message

CATALOGUE: dict[str, Message] = linking.TEXTS | fields.TEXTS | results.TEXTS | anytime.TEXTS
