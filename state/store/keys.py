"""Every key in Redis: its name, type and lifetime. No other module builds key names.

All keys of a shard carry its tag, so that one script may use them on a cluster. `<chat>` is a keyed
digest, because key names show up in monitors, slow logs and dumps. "Sealed" means encrypted.

| key | type | what | kept |
|---|---|---|---|
| `chat:<chat>` | hash | version `v`, sealed record `st`, last effect `oseq` | until erased |
| `chat:<chat>` | hash | for lists: `row`, last words `said`, sealed; its views `w` | until erased |
| `chat:<chat>` | hash | the digests `f` of the numbers by which it is found | until erased |
| `out:<chat>` | list | waiting effects, `seq|sealed` | empty when idle |
| `odue` | zset | chat → when its first effect is due; a lease is a later time | permanent |
| `oown` | hash | chat → token of the lease; `<chat>!` → the mark | permanent |
| `timers` | zset | chat → when its next timer is due | permanent |
| `seen:<chat>` | zset | digests of processed deliveries → when | 8 days |
| `log:<chat>` | stream | the journal, sealed | until erased |
| `receipts:<chat>` | hash | effect → how far its message got, its billing category | 8 days |
| `progress:<chat>` | string | the vendor's id of "one moment", sealed | a day |
| `names:<account>` | hash | a name's digest → whose number it is, or was; sealed chat | permanent |
| `feed` | stream | which chats changed, for the live pages | trimmed |
| `dead` | stream | dead letters: what could not be parsed or performed, sealed | trimmed |
| `pending` | zset | chat → since when it needs staff | permanent |
| `idle` | zset | chat → last activity | permanent |
| `view:<name>` | zset | chat → its place in a view, one a view, one a member's digest | permanent |
| `find:<letters>` | zset | `rest|chat` of all digests of numbers that so begin | permanent |
| `stats` | hash | counters | permanent |
| `bell` | list | wakes idle senders | permanent |
| `phone:<chat>` | stream | what a simulated phone shows, sealed | 8 days |
| `handset:<chat>` | string | the owner of a simulated phone, sealed | 8 days |
| `pressed:<digest>` | string | a simulated phone sent this | an hour |
| `again:<chat>` | string | what a simulated phone sent last, sealed | 8 days |
| `handsets` | list | the simulated phones, newest first | 8 days |
| `gate:<digest>` | hash | a channel account's (or chat's) rate and failures | a day |
| `consent:<chat>` | hash | digest of a code → a decision on the consent, sealed | by law |
| `ledger:<digest>` | hash | a service's chats and changes, a chat's services | 400 days |
| `lease:<digest>` | string | who updates a service, sees to members, migrates, erased | a day |
| `budget:<digest>` | zset | attempts, failures, chats that gave a document, calls → when | 7 days |
| `barred:<digest>` | string | until when a chat, a service or everybody is blocked | a year |
| `tried:<digest>` | list | numbers a chat (or all new ones) tried, `when|id|sealed` | a day |
| `user:<digest>` | hash | a member of staff, number `v`: roles and password, sealed | permanent |
| `users` | set | the digests of all members of staff | permanent |
| `looks` | hash | the digest of what a name looks like → whose name it is | permanent |
| `session:<digest>` | hash | a signed-in browser | 12 hours |
| `sessions:<digest>` | zset | a member's sessions → when they were last used | a day |
| `link:<digest>` | string | a one-time link to choose a password, sealed | a day |
| `invite:<digest>` | string | an invitation, sealed | 7 days |
| `invited:<digest>` | string | the chat that redeemed an invitation | 7 days |
| `audit` | stream | who did what, and what was refused, sealed | 2 years, trimmed |
| `reasons:<chat>` | hash | what the audit says of a chat, sealed | until erased, 2 years |
| `setup` | string | of 0.1: the link for the first administrator; not read any more | a day |
| `throttle:<digest>` | string | tries to sign in: when all are there again | minutes |
| `meta` | hash | installation: shards, formats, walk, erasures, clocks, rejections | permanent |
| `<stream>:anew` | stream | a stream while it is re-encrypted | one script; audit: a day |
"""

import zlib
from dataclasses import dataclass

PREFIX = "enlace"
SHARDS = 16

PERMANENT = (
    "chat:", "out:", "log:", "names:", "odue", "oown", "timers", "feed", "dead",
    "idle", "pending", "view:", "find:", "stats", "bell", "user:", "users", "looks", "audit",
    "meta",
)  # fmt: skip
"""Kinds of key without a time to live; a test checks that every other key has one."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The keys of a group of chats."""

    number: int

    def key(self, name: str) -> str:
        """Build the full name of a key of this shard."""
        return f"{PREFIX}:{{s{self.number:02d}}}:{name}"


ALL = tuple(Shard(number) for number in range(SHARDS))
"""Every shard."""


def shard_of(digest: str) -> Shard:
    """Return the shard of a chat (or of anything named by a digest)."""
    return ALL[zlib.crc32(digest.encode()) % SHARDS]


def name_key(kind: str, digest: str) -> str:
    """Build the name of a key that belongs to one digest, e.g. `keyed("session", digest)`."""
    return shard_of(digest).key(f"{kind}:{digest}")


def every(kind: str) -> str:
    """Build the pattern of all keys of a kind that belong to digests."""
    return f"{PREFIX}:{{s[0-9][0-9]}}:{kind}:*"


def digest_of(name: str) -> str:
    """Return the digest that a key of such a kind belongs to."""
    return name.rpartition(":")[2]


def anew(stream: str) -> str:
    """Build the name, in the same slot, under which a stream is rewritten."""
    return f"{stream}:anew"


def meta() -> str:
    """Build the name of the installation's own key."""
    return ALL[0].key("meta")


def users() -> str:
    """Build the name of the set of all members of staff."""
    return ALL[0].key("users")


def audit() -> str:
    """Build the name of the stream of who did what."""
    return ALL[0].key("audit")


def looks() -> str:
    """Build the name of what the names of all members look like."""
    return ALL[0].key("looks")


def handsets() -> str:
    """Build the name of the list of simulated phones."""
    return ALL[0].key("handsets")
