"""The way of one request through its redirects, followed by hand so that each hop is judged (RFC 9110 15.4, B1)."""

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
    """The way of one request through its redirects: each hop judged anew, none twice, all permanent or not."""

    def __init__(self, request: FetchRequest, max_hops: int) -> None:
        self._request = request
        self._hops_left = max_hops
        self._all_permanent = True
        opened = request.allow_private
        # A public address may not lead inside, not even to a place that this feed could have named itself: neither
        # in one go nor by having moved there.
        named = judge_url(request.named_url or request.url, opened)
        self._opened = opened if named.opened else frozenset()
        first = judge_url(request.url, self._opened)
        self._first = first.url
        self._seen = {first.url}
        self.target = first

    @property
    def is_permanent(self) -> bool:
        """Whether what this URL says holds for the first one too: every hop on the way is for good."""
        return self._all_permanent

    @property
    def moved_to(self) -> str | None:
        """Where the document lives now, when every hop said that it moved for good."""
        return self.target.url if self._all_permanent and len(self._seen) > 1 else None

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
        """A trail of its own from another path of this origin, with the same leave."""
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
            self._opened = frozenset()  # from out there no hop leads inside again
        self._hops_left -= 1
        self._seen.add(target.url)
        self._all_permanent &= answer.status in _PERMANENT
        self.target = target
