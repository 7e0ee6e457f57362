"""The pages of the simulated phones: screens, gestures, faults."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.intake import Intake
from handlers.pages.live import Hub
from handlers.pages.rendering import fragment, live, page
from handlers.ports import Clock, Delivery
from handlers.simulator import actions, transcript
from handlers.simulator.actions import Gesture
from handlers.simulator.handsets import PretendDirectory, add_phone
from handlers.simulator.inspector import show_inspector
from handlers.simulator.screen import lay_out
from handlers.turns import Turns
from state.conversation import Chat, Conversation
from state.effects import Send
from state.events import Event, Said
from state.messages.staff import Page
from state.store.conversations import NoSuchConversation
from state.store.simulator import Bubble, SimulatedPhone
from state.store.store import Store

_ENTRIES = 500  # lines of a journal that a transcript is made of


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorPages:
    """All simulated phones."""

    store: Store
    turns: Turns
    intake: Intake
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
            Route("/simulador/c/{key}/transcript", self._copy),
            Route("/simulador/c/{key}/again", self._again, methods=["POST"]),
            Route("/simulador/c/{key}/{action}", self._act, methods=["POST"]),
        ]

    async def _any(self, _request: Request) -> Response:
        """Open the newest phone, or create the first one."""
        phones = await self.store.simulator.list()
        key = phones[0][0] if phones else await add_phone(self.store, self.pretended, "whatsapp")
        return RedirectResponse(f"/simulador/c/{key}", 303)

    async def _add(self, request: Request) -> Response:
        look = str((await request.form()).get("look", ""))
        key = await add_phone(self.store, self.pretended, look)
        return RedirectResponse(f"/simulador/c/{key}", 303)

    async def _phone(self, request: Request) -> Response:
        values = await self._values(request.path_params["key"])
        if values is None:
            return RedirectResponse("/simulador", 303)
        phones = await self.store.simulator.list()
        return page("simulator/phone.html", **values, phones=phones)

    async def _live(self, request: Request) -> Response:
        key = request.query_params.get("c", "")
        if await self.store.simulator.find(key) is None:
            return HTMLResponse(Page.NO_PHONE, 404)

        async def picture() -> str:
            return fragment("simulator/_picture.html", **(await self._values(key) or {}))

        return live(self.hub, picture, about=lambda changed: changed == key)

    async def _act(self, request: Request) -> Response:
        form = await request.form()
        gesture = Gesture(
            action=request.path_params["action"],
            value=str(form.get("value", "")),
            delivery=str(form.get("delivery") or uuid4().hex),
            caption=str(form.get("caption", "")),
            about=str(form.get("about", "")),
        )
        return await self._gesture(request, gesture, label=str(form.get("label", "")))

    async def _again(self, request: Request) -> Response:
        """Deliver the last gesture again, under the same id, as vendors do."""
        delivery = await self.store.simulator.recall(request.path_params["key"])
        if delivery is not None:
            return await self._gesture(request, actions.decode(delivery), label="")
        return Response(status_code=204)

    async def _gesture(self, request: Request, gesture: Gesture, *, label: str) -> Response:
        key = request.path_params["key"]
        phone = await self.store.simulator.find(key)
        if phone is None:
            return HTMLResponse(Page.NO_PHONE, 404)
        screen = await self.store.simulator.read(key)
        about = next((one for one in screen if gesture.about and one.id == gesture.about), None)
        try:
            event = actions.event(gesture, phone, about)
        except actions.UnknownGesture:
            return HTMLResponse(Page.NO_GESTURE, 422)
        if await self.store.simulator.first_time(gesture.delivery):
            await self._show(phone, screen, gesture, event, label=label[:40])
            await self.store.simulator.remember(phone.chat, actions.encode(gesture))
        if event is not None:
            # Concurrent taps may come in either order: our own clock cannot tell them apart.
            delivery = Delivery(id=f"simulator:{gesture.delivery}", event=event, at=0)
            person = actions.person(phone, event)
            await self.intake.hear(phone.chat, replace(delivery, person=person))
        return Response(status_code=204)

    async def _copy(self, request: Request) -> Response:
        """Write the conversation as a transcript."""
        key = request.path_params["key"]
        phone = await self.store.simulator.find(key)
        if phone is None:
            return HTMLResponse(Page.NO_PHONE, 404)
        text = transcript.write(
            phone,
            await self.store.simulator.read(key),
            await self.store.journal.read(key, limit=_ENTRIES),
            codes=self.turns.can_send_codes,
            now=self.pretended.stand(phone.service_id),
        )
        return HTMLResponse(fragment("simulator/_transcript.html", text=text))

    async def _switch(self, request: Request) -> Response:
        form = await request.form()
        self.pretended.switch(str(form.get("fault", "")))
        return Response(status_code=204)

    async def _show(
        self,
        phone: SimulatedPhone,
        screen: Sequence[Bubble],
        gesture: Gesture,
        event: Event | None,
        *,
        label: str,
    ) -> None:
        manner = transcript.tell_manner(self.pretended.manner(), screen)
        bubble = Bubble(
            message=Send(text=actions.show(gesture, event, label=label), member="customer"),
            mine=True,
            at=self.clock(),
            name=event.message if isinstance(event, Said) else "",
            about=gesture.about,
            reacts=event is None,
            lines=(*manner, *transcript.tell(event, phone, screen, label=label)),
        )
        await self.store.simulator.show(phone.chat, bubble)
        await self.store.feed.tell(self.store.key(phone.chat))

    async def _values(self, key: str) -> dict[str, Any] | None:
        phone = await self.store.simulator.find(key)
        if phone is None:
            return None
        conversation = await self._conversation(key, phone.chat)
        return {
            "key": key,
            "company": self.company,
            "bubbles": lay_out(await self.store.simulator.read(key)),
            "events": (await self.store.journal.read(key, limit=12))[::-1],
            "faults": self.pretended.faults(),
            **show_inspector(phone, conversation, self.pretended.columns(phone.service_id)),
        }

    async def _conversation(self, key: str, chat: Chat) -> Conversation:
        try:
            return await self.store.conversations.find(key)
        except NoSuchConversation:
            return Conversation(chat=chat)
