"""The store as a whole: what one process uses of Redis."""

from functools import partial

from redis.asyncio import Redis, RedisCluster

from state.conversation import Chat
from state.store import stats
from state.store.budgets import Budgets
from state.store.consents import Consents
from state.store.conversations import Conversations
from state.store.deadletters import DeadLetters
from state.store.encryption import Keyring
from state.store.feed import Feed
from state.store.formats import Formats
from state.store.gates import Gates
from state.store.invitations import Invitations
from state.store.journal import Journal
from state.store.leases import ServiceLeases
from state.store.ledger import Ledger
from state.store.outbox import Outbox
from state.store.people import People
from state.store.phones import Phones
from state.store.receipts import Receipts
from state.store.records import Records
from state.store.rotation import Rotation
from state.store.rounds import Rounds
from state.store.schedule import Schedule
from state.store.staff import Staff
from state.store.walk import Walk


class Store:
    """Everything stored in Redis."""

    def __init__(
        self, redis: Redis | RedisCluster, keyring: Keyring, *, token: str, replicas: int = 0
    ) -> None:
        """`token` names this process's leases; no two processes may share it."""
        self._keyring = keyring
        self.journal = Journal(redis, keyring)
        self.rounds = Rounds(redis, replicas=replicas)
        self.formats = Formats(redis, self.rounds)
        records = Records(keyring, self.formats)
        self.conversations = Conversations(redis, self.rounds, keyring, records, self.journal)
        self.outbox = Outbox(self.rounds, keyring, records, self.formats, self.journal, token=token)
        self.schedule = Schedule(redis, self.rounds)
        self.gates = Gates(self.rounds, keyring)
        self.budgets = Budgets(self.rounds, keyring)
        self.ledger = Ledger(self.rounds, keyring)
        self.consents = Consents(self.rounds, keyring)
        self.receipts = Receipts(redis, self.rounds, keyring)
        self.people = People(self.rounds, keyring)
        self.dead = DeadLetters(redis, keyring)
        self.feed = Feed(redis)
        self.leases = ServiceLeases(redis, keyring)
        self.invitations = Invitations(redis, keyring)
        self.phones = Phones(redis, keyring)
        self.staff = Staff(redis, keyring, self.formats)
        self.rotation = Rotation(redis, self.rounds, keyring, records, self.staff)
        self.walk = Walk(self.rounds, self.formats, records, self.staff, token=token)
        self.stats = partial(stats.read, redis)

    def key(self, chat: Chat) -> str:
        """Return the digest of a chat."""
        return self._keyring.digest(str(chat))

    def digits(self, chat: Chat, delivery: str) -> str:
        """Make a one-time code; repeatable, because a turn may be retried."""
        return self._keyring.digits(f"code:{chat}:{delivery}")

    def reference(self, chat: Chat, delivery: str) -> str:
        """Make the eight characters by which a customer names a request; repeatable."""
        return self._keyring.reference(f"reference:{chat}:{delivery}")
