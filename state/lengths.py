"""How long what members of staff write may be, and how that is counted.

What is longer is refused, and never cut: whoever wrote it decides what goes.
"""

MESSAGE = 4096
"""Of a message, in UTF-16 units: characters at both vendors, who count an emoji as one or two."""

QUESTION = 500
"""Of a question about a request, which stands within a text of ours."""

REASON = 200
"""Of a reason, which is kept in the journal and the audit, and told to a customer."""


def count_units(text: str) -> int:
    """Count UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
