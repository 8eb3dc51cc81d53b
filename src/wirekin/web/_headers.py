"""Headers and refusals: what every answer carries, written in one place."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from wirekin.render import dump
from wirekin.web._context import Answer

# A minute fresh, ten minutes while it is asked for anew, a day where we are down (RFC 5861). 2026-11.
PUBLIC_CACHE: Final = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
ADMIN: Final = "/v1/admin/"  # paths below it are for programs with a token, and for no page of another site
METHODS: Final = ("GET", "HEAD", "OPTIONS")

_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; "
_ALWAYS: Mapping[str, str] = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Retry-After",  # scripts of other sites may read no others
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
# Without Access-Control-Allow-Origin a browser gives no page of another site the answer.
_UNSHARED: Mapping[str, str] = {
    "cross-origin-resource-policy": "same-origin",
    **{name: value for name, value in _ALWAYS.items() if not name.startswith(("access-control-", "cross-origin-"))},
}

TITLES: Mapping[int, str] = {
    400: "Bad request",
    401: "Who are you?",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    410: "Gone",
    412: "Changed meanwhile",
    413: "Too large",
    414: "Address too long",
    415: "Not JSON",
    429: "Too often",
    431: "Headers too long",
    500: "Something broke",
    503: "Not now",
}


def respond(request: Request, answer: Answer) -> Response:
    """The answer with its headers; 304 where the reader has it already (RFC 9110, 13.1.2)."""
    packed = answer.packed and takes_gzip(request.headers.get("accept-encoding", ""))
    body = answer.packed if packed else answer.body
    etag = etag_of(body)
    headers = {
        **_headers_of(answer, _UNSHARED if request.scope["path"].startswith(ADMIN) else _ALWAYS),
        **({"content-encoding": "gzip"} if packed else {}),
    }
    if answer.status == 200 and answer.public:
        if_match = ", ".join(request.headers.getlist("if-match"))
        if if_match and not is_same(if_match, etag):
            return respond(request, problem(412, "This is another one now: ask without If-Match."))
        headers["etag"] = etag
        if is_known(", ".join(request.headers.getlist("if-none-match")), etag):
            return Response(status_code=304, headers=headers)
    return Response(body, answer.status, headers, answer.media_type)


def _headers_of(answer: Answer, always: Mapping[str, str]) -> dict[str, str]:
    return {
        **always,
        "content-security-policy": f"{answer.policy}{_POLICY}img-src {answer.pictures}; frame-ancestors "
        + ("*" if answer.framed else "'none'"),
        "cache-control": PUBLIC_CACHE if answer.public else "no-store",
        **({"vary": "accept-encoding"} if answer.packed else {}),
        **answer.headers,
    }


def written(answer: Answer) -> bytes:
    """An answer as it goes over the wire, after which the connection is closed: for what is no request at all."""
    headers = {
        **_headers_of(answer, _ALWAYS),
        "content-type": answer.media_type,
        "content-length": str(len(answer.body)),
        "connection": "close",
    }
    head = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", *map(": ".join, headers.items()), "", ""]
    return "\r\n".join(head).encode("ascii") + answer.body


def bearer_of(request: Request) -> str:
    """The bearer token (RFC 6750); "" where there is none, or more than one."""
    given = request.headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else ""


def takes_gzip(accept_encoding: str) -> bool:
    """Whether gzip is named, and not in order to refuse it: `gzip;q=0` (RFC 9110, 12.5.3)."""
    for coding in accept_encoding.lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() == "gzip":
            return weight.strip().rstrip("0.") != "q="
    return False


def etag_of(body: bytes) -> str:
    """A strong ETag: equal bytes, equal tag, in every process."""
    return f'"{blake2b(body, digest_size=12).hexdigest()}"'


def is_known(if_none_match: str, etag: str) -> bool:
    """Whether a reader who sends this has what has this ETag."""
    # If-None-Match compares weakly (RFC 9110, 13.1.2): a proxy that compressed us has made the tag weak.
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in {etag, "*"} for tag in tags)


def is_same(if_match: str, etag: str) -> bool:
    """Whether a reader who sends this wants what has this ETag, and no other. If-Match compares strongly (13.1.1)."""
    return any(tag.strip() in {etag, "*"} for tag in if_match.split(","))


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Answer:
    """An RFC 9457 problem. `detail` is a sentence of ours: what was sent is never said back."""
    title = TITLES.get(status, "Refused")
    body = dump({"type": "about:blank", "title": title, "status": status, "detail": detail})
    return Answer(body, "application/problem+json", status, dict(headers or {}), public=False)


def preflight() -> Response:
    """OPTIONS, and the CORS preflight: anybody may read."""
    return Response(
        status_code=204,
        headers={
            **_ALWAYS,
            "allow": ", ".join(METHODS),
            "access-control-allow-methods": ", ".join(METHODS),
            "access-control-allow-headers": "*",
            "access-control-max-age": "86400",
        },
    )


def moved(location: str) -> Answer:
    """308 to where a merged story is told now; soon asked again, for merges can be undone."""
    return Answer(b"", "text/plain", 308, {"location": location, "cache-control": "public, max-age=60"})
