"""What people want who come to the assistant for what it does: to register or change their data."""

import re

from state.fields.folding import fold

_DOING = re.compile(
    r"\b(?:a[cs]tuali[sz]|re[gj]istr|matricul|in[sz]crib|vincul|binc?ul|enla[zs]|amarr|coneta|conect|"
    r"cambi|camvi|corr[ei][gj]|agreg|anot|pon[egi]|poner|dejar?\b|reno[vb]|verifi[ck]|complet|entreg)"
)
_DATA = re.compile(
    r"\b(?:dato|d[oa]cument|[cs]edul|cc\b|celu|selu|cel\b|cell?\b|numer|telefon|whats|wasap|wpp|"
    r"ser[vb]ici|internet|cuenta|correo|registro)"
)
_ITSELF = re.compile(r"\b(?:re[gj]istrar(?:me|nos)|a[cs]tuali[sz]ar|in[sz]cribirme|al dia)\b")


def is_wish(text: str) -> bool:
    """Tell whether a text asks for what the assistant does; a question does not."""
    if "?" in text or "¿" in text:
        return False
    folded = fold(text)
    return bool(_ITSELF.search(folded) or (_DOING.search(folded) and _DATA.search(folded)))
