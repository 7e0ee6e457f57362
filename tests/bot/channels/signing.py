"""Calls as the vendors make them, for tests that need many or large ones."""

import hmac
import json
from collections.abc import Sequence


def signed(
    people: Sequence[str], *, number: str, secret: str, at: int, text: str = "hola"
) -> tuple[bytes, dict[str, str]]:
    """Make one WhatsApp call with a text of each person; body and headers."""
    messages = [
        {
            "from_user_id": person, "id": f"wamid.{person}.{at}", "timestamp": str(at),
            "type": "text", "text": {"body": text},
        }
        for person in people
    ]  # fmt: skip
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "573000000000", "phone_number_id": number},
        "contacts": [{"profile": {"name": "Ana"}, "user_id": person} for person in people],
        "messages": messages,
    }
    entry = {"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    digest = hmac.digest(secret.encode(), body, "sha256").hex()
    return body, {
        "content-type": "application/json",
        "x-hub-signature-256": f"sha256={digest}",
    }
