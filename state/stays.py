"""Stays: reasons, known to the store only, why people decide what the policy would allow."""

from enum import StrEnum


class Stay(StrEnum):
    """Why a change is not written by itself."""

    LOCKED = "locked"
    PHONE_RECENT = "phone_recent"
    DOCUMENT_OFTEN = "document_often"
    PHONE_OFTEN = "phone_often"
    CHATS = "chats"
    SERVICES = "services"
    TRIED = "tried"


class Ground(StrEnum):
    """What a decision rests on, of which only the store knows whether it holds."""

    PHONE = "phone"
    """The phones on file, which must not have changed a short while ago."""

    FIRST = "first"
    """No other chat tried this service."""


WORDS = {
    Stay.LOCKED: "el servicio está bloqueado",
    Stay.PHONE_RECENT: "el celular registrado cambió por chat hace menos de 72 horas",
    Stay.DOCUMENT_OFTEN: "el documento ya se cambió por chat en los últimos 30 días",
    Stay.PHONE_OFTEN: "el celular ya se cambió dos veces por chat en los últimos 30 días",
    Stay.CHATS: "el servicio ya está vinculado con otros dos chats",
    Stay.SERVICES: "el chat ya está vinculado con otros tres servicios",
    Stay.TRIED: "otro chat intentó con este servicio en los últimos 30 días",
}
"""What each is called where staff decide."""
