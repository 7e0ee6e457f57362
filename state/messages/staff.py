"""What staff read of what the machine knows, in one place; what customers read is beside it.

Each table is keyed by what it tells of, and complete: a value without its words does not start.
"""

from state.records import TimerName

TIMERS = {
    TimerName.REMIND: "recordatorio",
    TimerName.EXPIRE: "vencimiento",
    TimerName.RETRY: "reintento",
    TimerName.ANSWER: "respuesta",
    TimerName.HELD: "se guarda lo aprobado",
    TimerName.ERASE: "borrado",
}
"""What a chat waits for."""

assert TIMERS.keys() == set(TimerName)
