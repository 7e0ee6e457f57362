"""Brings the real machine to a place once, and lets things be said there, over and over."""

import copy
from typing import Self

from state.conversation import Conversation
from state.effects import Effect, Say, button_id
from state.events import Event, Pressed, Said
from state.fields.answers import Command
from state.machine import buttons, commands
from state.machine.asking import choices, find_choice
from state.machine.moment import Moment
from tests.machine_stage import MachineStage
from tests.transcripts import Performance
from tests.utterances import read_head


class Stage(MachineStage):
    """A machine that can be copied where it stands, and tells which texts it says."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def fork(self) -> Self:
        """Copy it: what happens to the copy does not happen here."""
        twin = copy.copy(self)
        twin.messages, twin.texts = list(self.messages), []
        twin._clients, twin._invited = dict(self._clients), dict(self._invited)
        twin._tried = set(self._tried)
        return twin

    async def say(self, text: str) -> None:
        """Let the customer write this."""
        challenge = self.conversation.identity.challenge
        code = challenge.code if challenge else ""
        await self.happen(Said(text=text.replace("{code}", code)))

    async def choose(self, choice: str) -> None:
        """Let the customer press the button of a choice, or have it carried out if none shows."""
        button = find_button(self.conversation, choice)
        if button is not None:
            await self.happen(Pressed(button=button))
            return
        step = buttons.carry_out(self.conversation, choice, self._moment(), words=choice)
        await self._follow(*step)

    async def command(self, command: Command) -> None:
        """Have a command obeyed, however it is written."""
        await self._follow(*commands.obey(self.conversation, command))

    async def _follow(self, conversation: Conversation, effects: tuple[Effect, ...]) -> None:
        self.conversation = conversation
        events: list[Event] = []
        for effect in effects:
            events += self._performed(effect)
        for event in events:
            await self.happen(event)

    def _moment(self) -> Moment:
        return Moment(
            now=self._now,
            at=self._now,
            today="23/11/2026",
            reference="ABCD2345",
            person=self._person,
            one_time_code="482913",
            can_send_codes=self._codes,
        )

    def _performed(self, effect: Effect) -> list[Event]:
        if isinstance(effect, Say):
            self.texts += [line.text for line in effect.lines]
        return super()._performed(effect)


def find_button(conversation: Conversation, choice: str) -> str | None:
    """Find the id of a choice's button, if the customer sees one that counts."""
    shown = conversation.shown
    numbers = (shown.question, shown.prompted)
    named = [button_id(shown.flow, number, choice) for number in numbers]
    return next((one for one in named if find_choice(conversation, one) is not None), None)


class _Approach(Performance):
    """Performs the head of a place's file, whatever the machine says meanwhile."""

    def _nothing_unread(self, _: str) -> None:
        self.read = len(self.stage.heard())

    async def _line(self, place: str, who: str, what: str | None, text: str) -> None:
        assert isinstance(self.stage, Stage)
        if who == "reaches":
            assert self.stage.conversation.state == text, (
                f"{place}: {self.stage.conversation.state}"
            )
            return
        await super()._line(place, who, what, text)

    async def _event(self, text: str) -> Event:
        assert isinstance(self.stage, Stage)
        if text.startswith("{"):
            conversation = self.stage.conversation
            button = find_button(conversation, text.strip("{}"))
            assert button is not None, f"no button {text} among {choices(conversation)}"
            return Pressed(button=button)
        return await super()._event(text)


async def reach(place: str) -> Stage:
    """Bring a machine to a place, as the head of its file says."""
    stage = Stage()
    approach = _Approach(stage)
    for line in read_head(place):
        await approach._perform(f"{place}.txt", line)
    return stage
