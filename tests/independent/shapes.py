"""Every shape in which we write to WhatsApp, the limits at their edges."""

from bot.channels.whatsapp.shapes import Body, address, content, read, template
from handlers.ports import OutgoingMessage
from state.conversation import Chat
from state.effects import Button, Send, button_id
from state.parts import Person

_CHAT = Chat(channel="whatsapp", account="1", id="2")
_ACCOUNT = "CO.13491208655302741918"
_LONG = "Plan Hogar 200 megas en la Calle de los Naranjos con Carrera de las Palmas, casa azul"


def shapes() -> dict[str, Body]:
    """Make them all, by what is special in each."""
    messages = {
        "text": _message("¿Cuál es su número de *cédula*?"),
        "text of 4096": _message("a" * 4096),
        "text cut": _message("a" * 4097),
        "text of emoji, cut": _message("🙂" * 4096),
        "1 button": _message("¿Seguimos?", "Sí"),
        "2 buttons, titles of 20": _message("¿Seguimos?", "a" * 20, "🙂" * 10),
        "3 buttons, titles cut": _message("¿Seguimos?", "a" * 21, "🙂" * 11, "x" + "🙂" * 10),
        "3 buttons, body of 1024": _message("🙂" * 512, "Sí", "No", "Otro"),
        "3 buttons, body too long for them": _message("🙂" * 513, "Sí", "No", "Otro"),
        "2 buttons alike once cut": _message("¿Cuál?", "a" * 20 + "b", "a" * 20 + "c"),
        "list of 4": _message("¿Cuál?", "Uno", "Dos", "Tres", "Cuatro"),
        "list of 10, rows cut": _message("¿Cuál?", *[f"{n} {_LONG}" for n in range(10)]),
        "list of 10, rows of emoji": _message("🙂" * 512, *[f"{n}{'🙂' * 40}" for n in range(10)]),
        "11 choices, spelled": _message("¿Cuál?", *[f"Plan {n}" for n in range(11)]),
        "number asked for": _message("¿Su número?", contact=True),
        "number asked for, 1024": _message("🙂" * 600, "Usar otro", contact=True),
    }
    made = {
        name: _to(Person(phone="573001112233"), content(message, asks_number=True))
        for name, message in messages.items()
    }
    return made | {
        "text, by account": _to(Person(user=_ACCOUNT), content(messages["text"], asks_number=True)),
        "template": _to(Person(user=_ACCOUNT), template("aviso", "es_CO", _message("a\n\n*b*"))),
        "template cut": _to(
            Person(phone="573001112233"),
            template("aviso", "es_CO", _message("🙂" * 1024, "Sí", "No")),
        ),
        "read and typing": read("wamid.HBgMNTczMDAxMTEyMjMzFQIAEhg", answering=True),
    }


def _message(text: str, *labels: str, contact: bool = False) -> Send:
    buttons = tuple(
        Button(choice=f"{n}", label=label, id=button_id("flujo", 12, f"{n}"))
        for n, label in enumerate(labels)
    )
    return Send(text=text, buttons=buttons, contact=contact)


def _to(person: Person, shaped: Body) -> Body:
    outgoing = OutgoingMessage(
        chat=_CHAT, message=_message("x"), person=person, tracking="whatsapp:1:2/33"
    )
    return address(outgoing) | shaped
