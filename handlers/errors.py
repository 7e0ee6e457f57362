"""All errors, sorted by what the caller does next.

EnlaceError
  Refused                 the request is wrong: report it, never repeat it
    Unauthorized          401: no secret
    Forbidden             403: a wrong secret
    Unreadable            a vendor's call that cannot be parsed: a dead letter
    NothingToUpdate       400: no valid data
    UnknownService        404: no such service (or invitation)
    DocumentTaken         the document is on file for another holder's service
    RecordMoved           a field to be written has changed since the decision
    Disowned              409: who should know said that it was not them: staff first see to it
  Unavailable             retry after `retry_after` seconds
    DirectoryUnavailable    the directory gives no usable answer
    StoreUnavailable      Redis is unavailable, full or failing over
    Busy                  a channel asks for a delay
    QuotaReached          429: a program called too often
    ChannelDown           a channel's whole account is unusable: messages stay queued
    ChannelMissing        the settings do not name the channel: messages stay queued
  UpdateFailed            the values were not stored in the directory although we wrote them
  Undeliverable           a channel will never accept this message
    Gone                  nor any other message to this customer
  FileGone                what a customer sent is not to be had any more
  FileTooLarge            what a customer sent is not passed on
  InDoubt                 sent, but whether it arrived is unknown
"""

from pathlib import Path
from traceback import walk_tb

_ROOT = Path(__file__).parents[1]
_FLOORS = ("bot", "handlers", "state")


class EnlaceError(Exception):
    """An error of our own; its message never carries personal data."""


class Refused(EnlaceError):
    """The request is wrong: repeating it does not help."""


class Unauthorized(Refused):
    """No secret."""


class Forbidden(Refused):
    """A wrong secret or signature."""


class Unreadable(Refused):
    """A vendor's call cannot be parsed: kept as a dead letter, never repeated."""


class NothingToUpdate(Refused):
    """The request has no valid value to write."""


class UnknownService(Refused):
    """The directory has no service of that number."""


class DocumentTaken(Refused):
    """The document is on file for another holder's service."""


class RecordMoved(Refused):
    """A field to be written has changed since the decision."""


class Disowned(Refused):
    """Somebody who should know said that a change of the service was not theirs."""


class Unavailable(EnlaceError):
    """Temporarily unavailable: retry later."""

    def __init__(self, message: str = "", *, retry_after: float = 2.0) -> None:
        """`retry_after` in seconds."""
        super().__init__(message or type(self).__doc__)
        self.retry_after = retry_after


class DirectoryUnavailable(Unavailable):
    """The directory does not answer, or its answer is unusable."""


class StoreUnavailable(Unavailable):
    """Redis is unavailable, full, read-only, loading or failing over."""


class Busy(Unavailable):
    """A channel asks for a delay."""


class QuotaReached(Unavailable):
    """A program called, or wrote to a service, as often as it may."""


class ChannelDown(Unavailable):
    """A channel rejects our account, or cannot be reached: nothing was sent."""

    def __init__(
        self,
        reason: str = "",
        *,
        retry_after: float = 0.0,
        certain: bool = False,
        refused: bool = False,
    ) -> None:
        """`reason` is the vendor's code; `certain` if an immediate retry is pointless.

        `refused` if the vendor refuses the account itself, until a person mends it.
        """
        super().__init__(reason, retry_after=retry_after)
        self.reason = reason
        self.certain = certain
        self.refused = refused


class ChannelMissing(Unavailable):
    """Something waits for a channel that the settings do not name: set it up again."""

    def __init__(self, channel: str) -> None:
        """Name the channel."""
        super().__init__(f"the settings name no channel {channel}: set it up again, or drop it")
        self.channel = channel


class UpdateFailed(EnlaceError):
    """The values were not stored in the directory."""


class Undeliverable(EnlaceError):
    """The channel will never accept this message; the text is the vendor's code."""


class Gone(Undeliverable):
    """The customer blocked us, or the account no longer exists."""


class FileGone(EnlaceError):
    """What a customer sent is at the vendor's no more, or never was."""


class FileTooLarge(EnlaceError):
    """What a customer sent is larger than what is passed on."""


class CodeRefused(EnlaceError):
    """A one-time code was not sent: not possible, or the limit is reached."""


class InDoubt(EnlaceError):
    """The message may or may not have arrived: the connection broke after it was sent."""


def first(error: BaseException) -> BaseException:
    """Return the first single error of a group, or the error itself."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def place(error: BaseException) -> str:
    """Return where in our code an error was raised, such as `handlers/pages/rows.py:120`.

    It is the innermost line of ours; without one, the innermost of all, by the file's name; empty
    for an error that was never raised. The message, which may quote a customer, is left out.
    """
    trace = walk_tb(first(error).__traceback__)
    lines = [(Path(frame.f_code.co_filename), line) for frame, line in trace]
    for path, line in reversed(lines):
        inside = path.relative_to(_ROOT).parts if path.is_relative_to(_ROOT) else ("",)
        if inside[0] in _FLOORS:
            return f"{'/'.join(inside)}:{line}"
    return f"{lines[-1][0].name}:{lines[-1][1]}" if lines else ""
