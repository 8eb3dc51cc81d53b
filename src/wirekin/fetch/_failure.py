"""Why an exchange failed: every exception of the transport, in one of our closed set of reasons."""

from __future__ import annotations

import ssl

from wirekin.fetch._hints import NO_HINTS
from wirekin.fetch._httpx import httpx
from wirekin.fetch._resolver import UnknownName
from wirekin.model import HttpHints, Reason

REFUSAL = "may not be dialled"  # in the text of what the guard raises
DETAIL_LENGTH = 200  # characters of an error message that are worth keeping in a state or a log line
TROUBLES = (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, EOFError)
"""What the transport raises: httpx leaks InvalidURL and idna's UnicodeError, the network its OSErrors."""

_REASONS: tuple[tuple[type[BaseException], Reason], ...] = (  # the first that fits
    (UnknownName, Reason.DNS),
    (ssl.SSLError, Reason.TLS),
    (TimeoutError, Reason.TIMEOUT),
    (httpx.InvalidURL, Reason.BAD_URL),
    (httpx.UnsupportedProtocol, Reason.BAD_URL),
    (UnicodeError, Reason.BAD_URL),
    (httpx.NetworkError, Reason.CONNECT),
    (httpx.TransportError, Reason.PROTOCOL),
    (OSError, Reason.CONNECT),
    (ValueError, Reason.BAD_URL),
)


class Failure(Exception):
    """One exchange gave no usable answer; `Fetcher.fetch` makes a FetchFailed of it, so it never leaves the package."""

    def __init__(
        self, reason: Reason, detail: str = "", *, status: int | None = None, hints: HttpHints = NO_HINTS
    ) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail[:DETAIL_LENGTH]
        self.status = status
        self.hints = hints


def failure_of(error: BaseException) -> Failure:
    """The failure that an exception of the transport stands for."""
    said = error.strerror if isinstance(error, OSError) else ""  # str() puts "[Errno 111] " before it
    detail = said or str(error) or type(error).__name__
    if REFUSAL in detail:
        return Failure(Reason.FORBIDDEN_ADDRESS, detail)
    reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), Reason.PROTOCOL)
    return Failure(reason, detail)


def failure_of_status(status: int, hints: HttpHints) -> Failure:
    """The failure that a status code stands for, with what its headers say about the next request."""
    return Failure(_reason_of_status(status), f"HTTP {status}", status=status, hints=hints)


def _reason_of_status(status: int) -> Reason:
    named = _STATUS_REASONS.get(status)
    if named is not None:
        return named
    if 400 <= status <= 499:
        return Reason.CLIENT_ERROR
    return Reason.SERVER_ERROR if 500 <= status <= 599 else Reason.UNEXPECTED_STATUS


_STATUS_REASONS = {
    401: Reason.DENIED,
    402: Reason.DENIED,
    403: Reason.DENIED,
    404: Reason.NOT_FOUND,
    407: Reason.DENIED,
    408: Reason.TIMEOUT,  # its patience was over, not ours; RFC 9110 15.5.9 lets us ask again
    410: Reason.GONE,
    429: Reason.RATE_LIMITED,
    451: Reason.DENIED,
    503: Reason.UNAVAILABLE,
}
