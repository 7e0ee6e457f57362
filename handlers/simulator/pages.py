"""The pages of the simulated phones: screens, gestures, faults."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.pages import views
from handlers.pages.live import Hub
from handlers.pages.rendering import fragment, live, page, view_as_anybody
from handlers.ports import Clock, Delivery
from handlers.simulator import actions
from handlers.simulator.actions import Gesture
from handlers.turns import Turns
from state.client import Client
from state.conversation import Chat, Conversation
from state.effects import Send
from state.events import Event
from state.fields import phones
from state.fields.table import FIELDS
from state.messages.staff import Card, Page, Slot
from state.parts import KEPT
from state.states import STATES
from state.store.conversations import NoSuchConversation
from state.store.simulator import Bubble, SimulatedPhone
from state.store.store import Store

LOOKS = ("whatsapp", "telegram")


class PretendDirectory(Protocol):
    """The pretend directory as the simulator sees it."""

    def columns(self, service_id: int) -> dict[str, str]:
        """Return the current record, as it is stored: names of columns and what they hold."""
        ...

    def customer(self, index: int) -> Client:
        """Return an invented customer to play, another one for each index."""
        ...

    def faults(self) -> Sequence[tuple[str, str, bool]]:
        """List the faults: name, label, whether it is on."""
        ...

    def switch(self, fault: str) -> None:
        """Switch a fault on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorPages:
    """All simulated phones."""

    store: Store
    turns: Turns
    hub: Hub
    clock: Clock
    pretended: PretendDirectory
    company: str

    def routes(self) -> list[BaseRoute]:
        """Build the routes."""
        return [
            Route("/simulador", self._any),
            Route("/simulador/live", self._live),
            Route("/simulador/phones", self._add, methods=["POST"]),
            Route("/simulador/faults", self._switch, methods=["POST"]),
            Route("/simulador/c/{key}", self._phone),
            Route("/simulador/c/{key}/again", self._again, methods=["POST"]),
            Route("/simulador/c/{key}/{action}", self._act, methods=["POST"]),
        ]

    async def _any(self, _request: Request) -> Response:
        """Open the newest phone, or create the first one."""
        phones = await self.store.simulator.list()
        key = phones[0][0] if phones else await self._new("whatsapp", index=0)
        return RedirectResponse(f"/simulador/c/{key}", 303)

    async def _add(self, request: Request) -> Response:
        form = await request.form()
        look = str(form.get("look", ""))
        index = len(await self.store.simulator.list())
        key = await self._new(look if look in LOOKS else LOOKS[0], index=index)
        return RedirectResponse(f"/simulador/c/{key}", 303)

    async def _phone(self, request: Request) -> Response:
        values = await self._values(request.path_params["key"])
        if values is None:
            return RedirectResponse("/simulador", 303)
        return page("simulator/phone.html", **values)

    async def _live(self, request: Request) -> Response:
        key = request.query_params.get("c", "")
        if await self._values(key) is None:
            return HTMLResponse(Page.NO_PHONE, 404)

        async def picture(_: None) -> str:
            return fragment("simulator/_picture.html", **(await self._values(key) or {}))

        return live(self.hub, picture, about=lambda changed: changed == key, viewer=view_as_anybody)

    async def _act(self, request: Request) -> Response:
        form = await request.form()
        gesture = Gesture(
            action=request.path_params["action"],
            value=str(form.get("value", "")),
            delivery=str(form.get("delivery") or uuid4().hex),
        )
        return await self._gesture(request, gesture, label=str(form.get("label", "")))

    async def _again(self, request: Request) -> Response:
        """Deliver the last gesture again, under the same id, as vendors do."""
        delivery = await self.store.simulator.recall(request.path_params["key"])
        if delivery is not None:
            return await self._gesture(request, actions.decode(delivery), label="")
        return Response(status_code=204)

    async def _gesture(self, request: Request, gesture: Gesture, *, label: str) -> Response:
        phone = await self._find(request.path_params["key"])
        if phone is None:
            return HTMLResponse(Page.NO_PHONE, 404)
        try:
            event = actions.event(gesture, number=phone.number)
        except actions.UnknownGesture:
            return HTMLResponse(Page.NO_GESTURE, 422)
        if await self.store.simulator.first_time(gesture.delivery):
            await self._show(phone.chat, event, label=label)
            await self.store.simulator.remember(phone.chat, actions.encode(gesture))
        # Concurrent taps may be processed in either order: our own clock cannot tell them apart.
        delivery = Delivery(id=f"simulator:{gesture.delivery}", event=event, at=0)
        await self.turns.take(phone.chat, delivery)
        return Response(status_code=204)

    async def _switch(self, request: Request) -> Response:
        form = await request.form()
        self.pretended.switch(str(form.get("fault", "")))
        return Response(status_code=204)

    async def _show(self, chat: Chat, event: Event, *, label: str) -> None:
        text = actions.show(event, label=label[:40])
        bubble = Bubble(message=Send(text=text, member="customer"), mine=True, at=self.clock())
        await self.store.simulator.show(chat, bubble)
        await self.store.feed.tell(self.store.key(chat))

    async def _new(self, look: str, *, index: int) -> str:
        client = self.pretended.customer(index)
        phone = SimulatedPhone(
            chat=Chat(channel="simulator", account=look, id=uuid4().hex),
            title=client.name,
            service_id=client.service_id,
            invitation=(await self.store.invitations.issue(client.service_id)).code,
            number=_number(client),
            before=self.pretended.columns(client.service_id),
        )
        return await self.store.simulator.add(phone)

    async def _find(self, key: str) -> SimulatedPhone | None:
        return dict(await self.store.simulator.list()).get(key)

    async def _values(self, key: str) -> dict[str, Any] | None:
        phones = await self.store.simulator.list()
        phone = dict(phones).get(key)
        if phone is None:
            return None
        conversation = await self._conversation(key, phone.chat)
        return {
            "key": key,
            "phones": phones,
            "company": self.company,
            "bubbles": await self.store.simulator.read(key),
            "events": (await self.store.journal.read(key, limit=12))[::-1],
            "faults": self.pretended.faults(),
            **show_inspector(phone, conversation, self.pretended.columns(phone.service_id)),
        }

    async def _conversation(self, key: str, chat: Chat) -> Conversation:
        try:
            return await self.store.conversations.find(key)
        except NoSuchConversation:
            return Conversation(chat=chat)


def show_inspector(
    phone: SimulatedPhone, conversation: Conversation, now: dict[str, str]
) -> dict[str, Any]:
    """Show a phone and its conversation beside the columns of the pretend directory now."""
    return {
        "phone": phone,
        "suggestions": actions.suggestions(phone, conversation.state),
        "delivery": uuid4().hex,
        "step": STATES[conversation.state].for_staff,
        "speaker": views.speaker(conversation),
        "speaker_kind": conversation.speaker.kind.value,
        "rail": views.rail(conversation),
        "slots": _slots(conversation),
        "timer": views.timer(conversation),
        "columns": [(name, was, now[name]) for name, was in phone.before.items()],
    }


def _number(client: Client) -> str:
    """The phone's own number: the first on file, or an invented one."""
    return phones.mobile(client.phones).removeprefix("+") or "573157654321"


def _slots(conversation: Conversation) -> list[tuple[str, str]]:
    service = conversation.identity.client.service_id if conversation.identity.client else ""
    answers = conversation.draft.answers
    slots = [
        (Slot.SERVICE, str(service)),
        *(
            (info.label.lower(), _show_given(answers.get(field, "")))
            for field, info in FIELDS.items()
        ),
        (Slot.CANDIDATE, conversation.draft.candidate),
        (Slot.FAILURES, str(conversation.draft.misses)),
        (Slot.ASKED, conversation.shown.asked),
    ]
    return [(name, value or Card.BLANK) for name, value in slots]


def _show_given(answer: str) -> str:
    return Card.KEPT if answer == KEPT else answer
