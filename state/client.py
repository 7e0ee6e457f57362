"""The client of the provider as the dialog knows one, and the changes it may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One service in WispHub, white-listed: passwords and coordinates never get this far.

    Attributes:
        service_id: WispHub's `id_servicio`.
        name: the holder's full name.
        document: the identity number as stored, `""` if none.
        phone: the telephone field as stored: often several numbers, separated by commas.
        address: street address.
        plan: the Internet plan's name.
        price: what it costs a month, as stored: `60000.00`.
    """

    service_id: int
    name: str = ""
    document: str = ""
    phone: str = ""
    address: str = ""
    plan: str = ""
    price: str = ""


UNKNOWN = Client(service_id=0)
"""No service: nothing is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What to write into a client's profile: absent (`None`) fields stay as they are."""

    document: str | None = None
    phone: str | None = None
