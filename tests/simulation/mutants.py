"""The scripts with one check or one write removed or changed: what does the simulation notice?

A green simulation proves nothing until its mutants are scored. Each is one replacement in one
script. Those of `EQUIVALENT` change nothing that anybody could notice, each for a reason.
"""

from dataclasses import dataclass

from state.store import pipeline

_source = pipeline.source


@dataclass(frozen=True, slots=True)
class Mutant:
    """One replacement in one script."""

    script: str
    before: str
    after: str = ""

    @property
    def name(self) -> str:
        """Tell it from the others."""
        change = f"{self.before.strip()} → {self.after.strip() or 'removed'}"
        return f"{self.script}: {' '.join(change.split())}"

    def source(self, name: str) -> str:
        """Read a script, this one mutated."""
        text = _source(name)
        if name != self.script:
            return text
        assert text.count(self.before) == 1, f"{self.name}: stands there {text.count(self.before)}×"
        return text.replace(self.before, self.after)


_LOOKED = """if guard ~= '' and redis.call('HGET', KEYS[1], guard) ~= ARGV[2] then
  return 0
end

local put = 0
for i = 3, #ARGV, 3 do
  if (redis.call('HGET', KEYS[1], ARGV[i]) or '') == ARGV[i + 1] then"""
"""Both looks at what moved; either would do alone."""

_START, _REST = " .. string.sub(digest, 1, 2), ", "string.sub(digest, 3) .. '|' .. chat"
"""Where a digest lies, and what of it and of whose chat lies there."""

MUTANTS = [
    Mutant("commit", "seen == deliveries", "seen > 0"),
    Mutant("commit", "tonumber(current[1] or 0) ~= version", "false"),
    Mutant("commit", "if most ~= '' and effects > 0 and", "if false and"),
    Mutant(
        "commit",
        "LLEN', KEYS[2]) + effects > tonumber(most)",
        "LLEN', KEYS[2]) > 2 * tonumber(most)",
    ),
    Mutant("commit", "'v', version + 1,", "'v', version,"),
    Mutant("commit", "'st', record, "),
    Mutant("commit", "'oseq', seq + effects)", "'oseq', seq)"),
    Mutant("commit", "redis.call('PERSIST', KEYS[1])"),
    Mutant("commit", "redis.call('ZADD', KEYS[5], now, ARGV[i])"),
    Mutant("commit", "redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now - 691200000)"),
    Mutant("commit", "redis.call('ZREMRANGEBYRANK', KEYS[5], 0, -513)"),
    Mutant("commit", "redis.call('PEXPIRE', KEYS[5], 691200000)"),
    Mutant("commit", "seq = seq + 1\n"),
    Mutant("commit", "'RPUSH', KEYS[2]", "'LPUSH', KEYS[2]"),
    Mutant("commit", "redis.call('ZADD', KEYS[3], 'NX', now, chat) == 1", "true"),
    Mutant("commit", "'NX', now, chat) == 1 and", "now, chat) >= 0 and"),
    Mutant("commit", "== 1 and token ~= ''", "== 1"),
    Mutant("commit", "redis.call('HSET', KEYS[12], chat, token)"),
    Mutant("commit", "return mine and 'MINE' or 'OK'", "return 'OK'"),
    Mutant("commit", "redis.call('XADD', KEYS[6], '*', 'e', ARGV[i])"),
    Mutant("commit", "redis.call('XADD', KEYS[7], 'MAXLEN', '~', 1000, '*', 'c', chat)"),
    Mutant("commit", "'k', 'event', 'c', chat", "'k', 'effect', 'c', chat"),
    Mutant("commit", "redis.call('HINCRBY', KEYS[9], ARGV[i], 1)"),
    Mutant("commit", "redis.call('ZREM', KEYS[4], chat)"),
    Mutant("commit", "redis.call('ZADD', KEYS[4], timer, chat)"),
    Mutant("commit", "redis.call('ZADD', KEYS[8], now, chat)"),
    Mutant("commit", "redis.call('ZREM', KEYS[13], chat)"),
    Mutant("commit", "redis.call('ZADD', KEYS[13], pending, chat)"),
    Mutant("commit", "redis.call('RPUSH', KEYS[10], '1')"),
    Mutant("commit", "(effects > 0 and not mine) or"),
    Mutant("commit", "redis.call('HSET', KEYS[1], 'row', row)"),
    Mutant("commit", "redis.call('HSET', KEYS[1], 'said', said)"),
    Mutant("commit", "redis.call('ZADD', KEYS[14] .. view, place, chat)"),
    Mutant("commit", "redis.call('HSET', KEYS[1], 'w', listed)"),
    Mutant("commit", f"redis.call('ZADD', KEYS[15]{_START}0, {_REST})"),
    Mutant("commit", f"redis.call('ZREM', KEYS[15]{_START}{_REST})"),
    Mutant("commit", "redis.call('HSET', KEYS[1], 'f', found)"),
    Mutant("take", "redis.call('HSET', KEYS[2], chat, token)"),
    Mutant("take", "'-inf', now, 'LIMIT'", "'-inf', now + 2000, 'LIMIT'"),
    Mutant("begin", "if redis.call('HGET', KEYS[2], chat) ~= token then", "if false then"),
    Mutant("begin", "'LINDEX', KEYS[1], 0", "'LINDEX', KEYS[1], -1"),
    Mutant(
        "begin",
        "redis.call('HSET', KEYS[2], chat .. '!'",
        "redis.call('HSET', KEYS[2], chat .. '?'",
    ),
    Mutant("begin", "if marked ~= seq then", "if true then"),
    Mutant("begin", "redis.call('ZADD', KEYS[3], now + lease, chat)"),
    Mutant("begin", "return {effect, mark,", "return {effect, '',"),
    Mutant("begin", "record[1] or '0'", "'0'"),
    Mutant(
        "done",
        "if not head or string.sub(head, 1, #seq + 1) ~= seq .. '|' then",
        "if not head then",
    ),
    Mutant("done", "if redis.call('HGET', KEYS[3], chat) ~= token then", "if false then"),
    Mutant("done", "redis.call('HINCRBY', KEYS[7], verdict, 1)"),
    Mutant("done", "redis.call('XADD', KEYS[4], '*', 'e', entry)"),
    Mutant(
        "done", "redis.call('ZADD', KEYS[2], at, chat)\n  redis.call('HSET'", "redis.call('HSET'"
    ),
    Mutant("done", "redis.call('HSET', KEYS[3], chat .. '!', mark)"),
    Mutant("done", "redis.call('RPUSH', KEYS[8], '1')"),
    Mutant("done", "redis.call('LPOP', KEYS[1])"),
    Mutant("done", "'LPOP', KEYS[1]", "'RPOP', KEYS[1]"),
    Mutant("done", "redis.call('HDEL', KEYS[3], chat .. '!')"),
    Mutant("done", "if verdict == 'dead' then", "if false then"),
    Mutant("done", "return 'MORE'", "return 'EMPTY'"),
    Mutant("done", "redis.call('ZREM', KEYS[2], chat)"),
    Mutant("done", "redis.call('HDEL', KEYS[3], chat)\nreturn", "return"),
    Mutant("release", "redis.call('ZADD', KEYS[1], 'XX', now, chat)"),
    Mutant("release", "redis.call('RPUSH', KEYS[3], '1')"),
    Mutant(
        "erase",
        "if (tonumber(redis.call('HGET', KEYS[1], 'v') or 0)) ~= version then",
        "if false then",
    ),
    Mutant("erase", "if redis.call('LLEN', KEYS[2]) > 0 then", "if false then"),
    Mutant("erase", "redis.call('HDEL', KEYS[1], 'st', 'row', 'said', 'w', 'f')"),
    Mutant("erase", f"redis.call('ZREM', KEYS[12]{_START}{_REST})"),
    Mutant("erase", "redis.call('ZREM', KEYS[11] .. view, chat)"),
    Mutant("erase", "redis.call('HINCRBY', KEYS[1], 'v', 1)", "redis.call('HDEL', KEYS[1], 'v')"),
    Mutant("erase", "redis.call('PEXPIRE', KEYS[1], 691200000)"),
    Mutant("erase", "redis.call('DEL', KEYS[6], KEYS[10])"),
    Mutant("erase", "redis.call('ZREM', KEYS[7], chat)"),
    Mutant("erase", "redis.call('ZREM', KEYS[9], chat)"),
    Mutant("admit", "if closed > now then", "if false then"),
    Mutant("admit", "redis.call('HSET', KEYS[1], 'tat', string.format('%.3f', tat))"),
    Mutant("admit", "'until', string.format('%.0f', now + probe)", "'until', '0'"),
    Mutant("heard", "redis.call('HDEL', KEYS[1], 'failures', 'until')"),
    Mutant("heard", "if failures < most then", "if true then"),
    Mutant("heard", "redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + wait))"),
    Mutant("heard", "pause * 2 ^ math.min(failures - most, 20)", "1"),
    Mutant("reseal_hash", _LOOKED, "local put = 0\nfor i = 3, #ARGV, 3 do\n  if true then"),
    Mutant("reseal_hash", "redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])"),
    Mutant("raise", "redis.call('HSET', KEYS[1], name, ARGV[2])"),
]

EQUIVALENT = {
    "a chat claimed but due": (
        Mutant("commit", "redis.call('ZADD', KEYS[3], lease, chat)"),
        "begin renews the lease at once; who takes the chat before that fences the committer",
    ),
    "a bell for a timer far away": (
        Mutant("commit", "or (timer ~= '' and tonumber(timer) < now + 1000)"),
        "workers look at least once a second",
    ),
    "a repeat that races": (
        Mutant("commit", "if deliveries > 0 and seen == deliveries then", "if false then"),
        "it ends as a conflict, and the second look finds that all was seen",
    ),
    "a part seen meanwhile": (
        Mutant("commit", "if seen > 0 or tonumber", "if tonumber"),
        "whoever took it moved the version as well",
    ),
    "a lease between take and begin": (
        Mutant("take", "redis.call('ZADD', KEYS[1], lease, chat)"),
        "begin renews it; who takes the chat before that fences the first, who did nothing",
    ),
    "a later that says more": (
        Mutant("done", "return 'LATER'", "return 'MORE'"),
        "the lease is given up, so begin answers that it is fenced",
    ),
    "a mark of another effect": (
        Mutant("done", "redis.call('HDEL', KEYS[3], '')"),
        "a write of nothing, so that a full Redis lets the outbox drain",
    ),
    "a bell that is not silenced": (
        Mutant("take", "redis.call('DEL', KEYS[3])"),
        "a worker wakes once more than it must",
    ),
    "nothing waits": (
        Mutant("begin", "  redis.call('ZREM', KEYS[3], chat)\n"),
        "a chat without effects is never due: commit and done see to that",
    ),
    "an owner that is left": (
        Mutant("done", "  redis.call('HDEL', KEYS[3], chat)\n  if", "  if"),
        "the next taker writes its own name over it",
    ),
    "a lease renewed twice": (
        Mutant("done", "redis.call('ZADD', KEYS[2], at, chat)\n  return 'MORE'", "return 'MORE'"),
        "begin renews it at once",
    ),
    "a record that moved": (
        Mutant(
            "reseal_hash", "(redis.call('HGET', KEYS[1], ARGV[i]) or '') == ARGV[i + 1]", "true"
        ),
        "its version moved too, which is the guard",
    ),
    "a guard that moved": (
        Mutant("reseal_hash", "redis.call('HGET', KEYS[1], guard) ~= ARGV[2]", "false"),
        "no two seals are alike: where the version moved, the record did too",
    ),
    "a number that stands": (
        Mutant("raise", "if stands >= number then", "if false then"),
        "of one version all processes raise it to the same",
    ),
    "a due time of the erased": (
        Mutant("erase", "redis.call('ZREM', KEYS[3], chat)"),
        "a chat without effects is never due",
    ),
}
"""Mutants that nobody could notice, with the reason."""
