"""The store as a whole: what one process uses of Redis."""

from functools import partial

from redis.asyncio import Redis, RedisCluster

from state.conversation import Chat
from state.store import stats
from state.store.append_only_file import AppendOnlyFile
from state.store.attempts import Attempts
from state.store.audit import Audit
from state.store.clocks import Clocks
from state.store.connection import WRITES_NOTHING
from state.store.consents import Consents
from state.store.contacts import Contacts
from state.store.conversations import Conversations
from state.store.dead_letters import DeadLetters
from state.store.encryption import Keyring
from state.store.feed import Feed
from state.store.file_tickets import FileTickets
from state.store.formats import Formats
from state.store.inbox import Inbox
from state.store.invitations import Invitations
from state.store.journal import Journal
from state.store.leases import ServiceLeases
from state.store.marks import Marks
from state.store.migration import Migration
from state.store.naming import Naming
from state.store.outbox import Outbox
from state.store.pipeline import Pipeline
from state.store.quotas import Quotas
from state.store.rate_limits import RateLimits
from state.store.receipts import Receipts
from state.store.records import Records
from state.store.refiling import Refiling
from state.store.rejections import Rejections
from state.store.rotation import Rotation
from state.store.schedule import Schedule
from state.store.search import SearchIndex
from state.store.service_history import ServiceHistory
from state.store.simulator import SimulatorStore
from state.store.staff import Staff


class Store:
    """Everything stored in Redis."""

    def __init__(
        self,
        redis: Redis | RedisCluster,
        keyring: Keyring,
        *,
        token: str,
        replicas: int = 0,
        company: str = "",
    ) -> None:
        """`token` names this process's leases; no two processes may share it.

        No member of staff is called as the `company`, and no password is guessed from it.
        """
        self._keyring = keyring
        self.journal = Journal(redis, keyring)
        self.pipeline = Pipeline(redis, replicas=replicas)
        self.formats = Formats(redis, self.pipeline)
        self.append_only_file = AppendOnlyFile(redis, self.pipeline)
        records = Records(keyring, self.formats)
        self.naming = Naming(redis, self.pipeline, keyring, records)
        self.conversations = Conversations(redis, self.pipeline, keyring, records, self.journal)
        self.inbox = Inbox(self.pipeline, keyring)
        self.search = SearchIndex(self.pipeline, keyring)
        self.outbox = Outbox(
            self.pipeline, keyring, records, self.formats, self.journal, token=token
        )
        self.schedule = Schedule(redis, self.pipeline)
        self.rate_limits = RateLimits(self.pipeline, keyring)
        self.quotas = Quotas(self.pipeline, keyring)
        self.attempts = Attempts(self.pipeline, keyring)
        self.service_history = ServiceHistory(self.pipeline, keyring)
        self.consents = Consents(self.pipeline, keyring)
        self.receipts = Receipts(redis, self.pipeline, keyring)
        self.marks = Marks(self.pipeline, keyring)
        self.file_tickets = FileTickets(keyring)
        self.contacts = Contacts(self.pipeline, keyring)
        self.dead = DeadLetters(redis, keyring)
        self.feed = Feed(redis)
        self.leases = ServiceLeases(redis, keyring)
        self.invitations = Invitations(redis, keyring)
        self.simulator = SimulatorStore(redis, keyring)
        self.audit = Audit(redis, self.pipeline, keyring)
        self.staff = Staff(redis, self.pipeline, keyring, self.formats, company=company)
        self.rotation = Rotation(redis, self.pipeline, keyring, records, self.staff.members)
        self.migration = Migration(
            redis, self.pipeline, self.formats, records, self.staff, token=token
        )
        self.refiling = Refiling(
            self.pipeline, keyring, self.formats, records, self.journal, token=token
        )
        self.clocks = Clocks(redis)
        self.rejections = Rejections(redis, self.formats)
        self.stats = partial(stats.read, redis)

    async def check_writing(self) -> None:
        """Return if Redis takes writes of ours now; nothing is written.

        Raises:
            RedisError: it is away, loading, full, read-only, holds others' data, or its disk or
                replica is missing.
        """
        await self.pipeline.ask(WRITES_NOTHING)

    def key(self, chat: Chat) -> str:
        """Return the digest of a chat."""
        return self._keyring.digest(str(chat))

    def one_time_code(self, chat: Chat, delivery: str) -> str:
        """Make a one-time code; repeatable, because a turn may be retried."""
        return self._keyring.digits(f"code:{chat}:{delivery}")

    def reference(self, chat: Chat, delivery: str) -> str:
        """Make the eight characters by which a customer names a request; repeatable."""
        return self._keyring.reference(f"reference:{chat}:{delivery}")
