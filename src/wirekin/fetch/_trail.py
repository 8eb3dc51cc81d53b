"""The redirects of one request, followed by hand so that each hop is judged (RFC 9110 15.4, requirement B1)."""

from __future__ import annotations

from urllib.parse import urlsplit

from wirekin import urls
from wirekin.fetch._client import Answer, validators_of
from wirekin.fetch._failure import Failure
from wirekin.fetch._guard import judge_url
from wirekin.fetch._links import as_meant
from wirekin.model import FetchRequest, Reason

_PERMANENT = frozenset({301, 308})


class Trail:
    """The redirects of one request: each hop is judged anew, and no URL is visited twice."""

    def __init__(self, request: FetchRequest, max_hops: int) -> None:
        self._request = request
        self._hops_left = max_hops
        self.is_permanent = True  # whether every hop was, so that what this URL answers holds for the first one too
        opened = request.allow_private
        # A public address must not lead to a private one, not even to one that this feed opened: neither by a redirect
        # now nor because the feed has moved there.
        named = judge_url(request.named_url or request.url, opened)
        self._opened = opened if named.opened else frozenset()
        first = judge_url(request.url, self._opened)
        self._first = first.url
        self._seen = {first.url}
        self.target = first

    @property
    def moved_to(self) -> str | None:
        """Where the document lives now, when every hop said that it moved for good."""
        return self.target.url if self.is_permanent and len(self._seen) > 1 else None

    def validators(self) -> list[tuple[bytes, bytes]]:
        """The conditional headers for this hop, none where they came from another URL.

        A validator belongs to one resource (RFC 9110 8.8): on another that happens to have the same ETag, or an older
        date, it would bring a 304 that hides the document for ever.
        """
        request = self._request
        if self.target.url != (request.document_url or self._first):
            return []
        return validators_of(request.etag, request.last_modified)

    def beside(self, path: str) -> Trail:
        """A new trail that starts at another path of this origin, with the same permissions."""
        url = urlsplit(self.target.url)._replace(path=path, query="").geturl()
        request = FetchRequest(self._request.feed_id, url, allow_private=self._opened)
        return Trail(request, self._hops_left)

    def follow(self, answer: Answer) -> None:
        """Go where the answer points. Raises: Failure(REDIRECTS), or what the new URL is refused for."""
        location = as_meant(answer.headers["location"])
        url = urls.resolve(self.target.url, location)
        if url is None:
            raise Failure(Reason.REDIRECTS, f"leads to {location[:100]!r}, which may not be followed")
        target = judge_url(url, self._opened)
        if self.target.url.startswith("https:") and target.url.startswith("http:"):
            raise Failure(Reason.REDIRECTS, "leads from https to http")
        if target.url in self._seen:
            raise Failure(Reason.REDIRECTS, "leads in a circle")
        if not self._hops_left:
            raise Failure(Reason.REDIRECTS, "leads on for too long")
        if not target.opened:
            self._opened = frozenset()  # once on a public host, no later hop may lead to a private one
        self._hops_left -= 1
        self._seen.add(target.url)
        self.is_permanent &= answer.status in _PERMANENT
        self.target = target
