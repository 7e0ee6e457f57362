"""Everything that can go wrong, sorted by what the caller does next.

EnlaceError
  Refused                 the request is wrong: say so, never repeat it
    Unauthorized          401: no secret
    Forbidden             403: a wrong one
    Unreadable            a vendor's call that we cannot read: a dead letter
    NothingToUpdate       400: no valid data
    UnknownService        404: no such service (or invitation)
    DocumentTaken         a document stands on file for somebody else's service
    RecordMoved           a field to be written is another one than when that was decided
  Unavailable             come back later, after `retry_after` seconds
    WispHubUnavailable    WispHub does not answer sensibly
    StoreUnavailable      Redis is away, full or failing over
    Busy                  a channel asks for patience
    ChannelDown           a channel's whole account cannot be used: the outbox is kept
  UpdateFailed            the values do not stand in WispHub although we wrote them
  Undeliverable           a channel will never take this message
    Gone                  nor any other for this customer
  InDoubt                 sent, but whether it arrived is unknown
"""


class EnlaceError(Exception):
    """Something of ours went wrong; no message of these carries personal data."""


class Refused(EnlaceError):
    """The request is wrong: repeating it will not help."""


class Unauthorized(Refused):
    """No secret."""


class Forbidden(Refused):
    """A wrong secret or signature."""


class Unreadable(Refused):
    """A vendor's call is not what its vendor sends: kept as a dead letter, never repeated."""


class NothingToUpdate(Refused):
    """The request holds no valid value to write."""


class UnknownService(Refused):
    """WispHub has no service of that number."""


class DocumentTaken(Refused):
    """A document stands on file for somebody else's service."""


class RecordMoved(Refused):
    """A field to be written is another one than when that was decided."""


class Unavailable(EnlaceError):
    """Come back later."""

    def __init__(self, message: str = "", *, retry_after: float = 2.0) -> None:
        """`retry_after` in seconds."""
        super().__init__(message or type(self).__doc__)
        self.retry_after = retry_after


class WispHubUnavailable(Unavailable):
    """WispHub does not answer, or answers nonsense."""


class StoreUnavailable(Unavailable):
    """Redis is away, full, read-only, loading or failing over."""


class Busy(Unavailable):
    """A channel asks for patience."""


class ChannelDown(Unavailable):
    """A channel refuses our account, or cannot be reached: nothing was sent."""

    def __init__(
        self, reason: str = "", *, retry_after: float = 0.0, certain: bool = False
    ) -> None:
        """Tell why, in the vendor's code; `certain` if trying again at once is of no use."""
        super().__init__(reason, retry_after=retry_after)
        self.reason = reason
        self.certain = certain


class UpdateFailed(EnlaceError):
    """The values do not stand in WispHub."""


class Undeliverable(EnlaceError):
    """The channel will never take this message; says why, in the vendor's code."""


class Gone(Undeliverable):
    """The customer blocked us, or the account is no more."""


class CodeRefused(EnlaceError):
    """A one-time code was not sent: it cannot be, or too many were."""


class InDoubt(EnlaceError):
    """The message may or may not have arrived: the connection broke after it was sent."""


def place(error: BaseException) -> str:
    """Tell where an error was raised, without what it says: that may quote a customer."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
