"""A text of the bot, and the choices that many of them offer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One text and the choices offered with it: (what the machine understands, the label).

    Attributes:
        contact: the channel offers its own "share my number" button as well.
        personal: it echoes personal data.
        progress: it says "one moment"; the result may take its place.
        keeps: the choices of the question that stands are offered with it, before its own.
    """

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    contact: bool = False
    personal: bool = False
    progress: bool = False
    keeps: bool = False


def refusal(text: str, *buttons: tuple[str, str], contact: bool = False) -> Message:
    """Make a text that takes no answer, and leaves the question standing with its choices."""
    return Message(text, buttons, contact=contact, keeps=True)


START = ("start", "Empezar")
PERSON = ("person", "Hablar con asesor")
CONTINUE = ("continue", "Continuar")
RESTART = ("restart", "Empezar de nuevo")
YES = ("yes", "Sí, es correcto")
AGAIN = ("again", "Escribirlo otra vez")
GO_ON = (PERSON, ("continue", "Seguir con mis datos"))
CONSENT = (("agree", "Sí, autorizo"), ("refuse", "No autorizo"))
