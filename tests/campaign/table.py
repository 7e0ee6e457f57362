"""What a campaign comes to, counted from outside: phones, WispHub, journals."""

from collections import Counter
from dataclasses import dataclass

from state.journal import Entry, Kind
from state.store.store import Store
from tests.campaign.plain import chat_of
from tests.campaign.vendor import CountingSandbox, Vendor
from tests.simulation.toy import heard, said

_REPEATED = "Envío repetido: el anterior quedó en duda"
_OVERTAKEN = "No se envió: la reemplazó una pregunta más nueva"
_HARM = ("kill", "zombie", "redis kill", "term")


@dataclass
class Table:
    """The figures of a campaign."""

    rows: dict[str, float]
    harm: Counter[str]
    answers: Counter[str]
    errors: list[str]

    @property
    def clean(self) -> bool:
        """Tell whether everything held that must."""
        forbidden = (
            "messages lost", "transitions doubled", "WispHub updates doubled",
            "chats out of order", "answers never sent", "sent twice, not marked",
            "webhook answers other than 200 and 503",
        )  # fmt: skip
        kills = self.rows["kills of any kind"]
        return not any(self.rows[name] for name in forbidden) and (
            self.rows["sent twice: for another reason"] <= 0.3 * kills
        )

    def printed(self) -> str:
        """Write it out."""
        lines = [
            f"{name:<42} {value:>10,.2f}".replace(".00", "   ") for name, value in self.rows.items()
        ]
        lines.append(f"harm done: {dict(self.harm)}")
        lines.append(f"answers of the webhooks: {dict(self.answers)}")
        lines += sorted(set(self.errors))
        lines.append("clean" if self.clean else "NOT CLEAN")
        return "\n".join(lines)


async def drawn_up(
    store: Store,
    *,
    vendor: Vendor,
    sandbox: CountingSandbox,
    answers: Counter[str],
    harm: Counter[str],
    written: dict[str, list[str]],
    seconds: float,
    log: str,
) -> Table:
    """Count everything."""
    sums: Counter[str] = Counter()
    for chat, texts in written.items():
        sums += await _chat(store, vendor, chat, texts)
    kills = sum(harm[kind] for kind in _HARM if kind != "term")
    others = sum(
        n for name, n in answers.items() if name.isdecimal() and name not in ("200", "503")
    )
    messages = sum(map(len, written.values()))
    rows = {
        "deliveries": messages + answers["duplicates"],
        "share of duplicates, %": 100 * answers["duplicates"] / (messages + answers["duplicates"]),
        "calls of the webhooks": answers["calls"],
        "messages lost": sums["lost"],
        "transitions doubled": sums["doubled"],
        "WispHub updates": len(sandbox.written),
        "WispHub updates doubled": sum(count - 1 for count in sandbox.written.values()),
        "chats out of order": sums["disorder"],
        "answers": sums["answers"],
        "answers never sent": sums["unsent"],
        "answers overtaken by a newer question": sums["overtaken"],
        "sent twice: the vendor's answer was lost": sums["unsaid"],
        "sent twice: for another reason": sums["twice"],
        "sent twice, not marked": sums["unmarked"],
        "in doubt": (await store.stats()).get("doubt", 0),
        "kills of any kind": kills,
        "webhook answers other than 200 and 503": others,
        "seconds": seconds,
    }
    return Table(dict(rows), harm, answers, _errors(log))


async def _chat(store: Store, vendor: Vendor, chat: str, texts: list[str]) -> Counter[str]:
    key = store.key(chat_of(chat))
    conversation = await store.conversations.find(key)
    journal = await store.journal.read(key, limit=100_000)
    took, answers = heard(conversation), said(conversation)
    received = [text for text, _ in vendor.received[chat]]
    once = list(dict.fromkeys(received))
    repeats = Counter(received) - Counter(once)
    unsaid = sum(count for text, count in repeats.items() if (chat, text) in vendor.unsaid)
    notes = Counter(entry.text for entry in journal if entry.kind is Kind.NOTE)
    missing = [text for text in answers if text not in received]
    overtaken = min(notes[_OVERTAKEN], sum(" ask " in text for text in missing))
    told = [entry.text for entry in journal if entry.kind is Kind.CUSTOMER]
    return Counter(
        lost=len(set(texts) - set(took)),
        doubled=len(took) - len(set(took)) + len(told) - len(set(told)),
        disorder=int(took != texts or once != [text for text in answers if text in once]),
        answers=len(answers),
        unsent=len(missing) - overtaken,
        overtaken=overtaken,
        unsaid=unsaid,
        twice=repeats.total() - unsaid,
        unmarked=max(0, _repeated(received) - _marks(journal)),
    )


def _repeated(received: list[str]) -> int:
    return sum(count > 1 for count in Counter(received).values())


def _marks(journal: list[Entry]) -> int:
    return sum(entry.text == _REPEATED for entry in journal)


def _errors(log: str) -> list[str]:
    """Read what was logged as an error, without when."""
    lines = [line for line in log.splitlines() if '"level": "error"' in line]
    return [line.partition('"timestamp"')[0] for line in lines]
