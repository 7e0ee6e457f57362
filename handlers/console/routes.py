"""All paths of the console, put together."""

from collections.abc import Mapping
from functools import partial

from starlette.routing import BaseRoute

from handlers.console.account import AccountPages
from handlers.console.audit import AuditPages
from handlers.console.card_parts import CardParts
from handlers.console.chat_actions import ChatActions
from handlers.console.fanout import Fanout
from handlers.console.files import FilePages
from handlers.console.gate import Gate
from handlers.console.history import HistoryPages
from handlers.console.inbox import InboxPages
from handlers.console.longest_waiting import LongestWaitingPage
from handlers.console.members import MemberPages
from handlers.console.readings import Readings
from handlers.console.retrying import Retries
from handlers.console.search import SearchPages
from handlers.console.sign_in_audit import SignInAudit
from handlers.console.signin import SignIn
from handlers.console.template_messages import TemplateMessages
from handlers.console.vacating import release_chats
from handlers.pages.cookies import StaffCookies
from handlers.pages.live import Hub
from handlers.ports import Directory, Files, ReplyTemplate
from handlers.turns import Turns
from state.store.store import Store


def create_console(
    store: Store,
    turns: Turns,
    *,
    hub: Hub,
    gate: Gate,
    cookies: StaffCookies,
    url: str,
    directory: Directory,
    template: ReplyTemplate,
    files: Mapping[str, Files],
) -> list[BaseRoute]:
    """Build the console's routes; `url` is where they are reached, for links that are handed on."""
    staff, clock = store.staff, gate.clock
    fanout = Fanout(store=store, hub=hub, clock=clock, template=template)
    actions = ChatActions(store=store, turns=turns, clock=clock, gate=gate)
    record = SignInAudit(staff=staff, auditor=gate.auditor)
    inbox = InboxPages(store=store, fanout=fanout, gate=gate)
    search = SearchPages(store=store, clients=directory, gate=gate, show_desk=inbox.show_desk)
    return [
        *SignIn(staff=staff, hub=hub, clock=clock, record=record, cookies=cookies).routes(),
        *AuditPages(audit=store.audit, gate=gate).routes(),
        *AccountPages(staff=staff, hub=hub, gate=gate, clock=clock, cookies=cookies).routes(),
        *MemberPages(
            staff=staff,
            hub=hub,
            gate=gate,
            clock=clock,
            url=url,
            release=partial(release_chats, store, turns, clock),
        ).routes(),
        *LongestWaitingPage(inbox=store.inbox, gate=gate).routes(),
        *HistoryPages(store=store, gate=gate).routes(),
        *inbox.routes(),
        *search.routes(),
        *CardParts(store=store, gate=gate, readings=Readings(directory, clock)).routes(),
        *TemplateMessages(template=template, actions=actions, gate=gate).routes(),
        *FilePages(store=store, files=files, actions=actions, gate=gate, clock=clock).routes(),
        *Retries(store=store, actions=actions, gate=gate, clock=clock).routes(),
        *actions.routes(),
    ]
