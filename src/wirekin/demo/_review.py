"""The Harbor Review: somebody else's article that carries wirekin's footer.

The footer is there twice over: as HTML that this server puts into the page (a server-side include, by urllib), and as
the <related-stories> element around it, which the widget fills with the fresh answer where scripts run. Where
wirekin does not answer, the page is an article without a footer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from http import HTTPStatus
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from wirekin.demo import _pages, _pictures
from wirekin.demo._sample import load
from wirekin.demo._server import Answer

PATH = "/essays/iran-russia-and-the-israeli-strikes"
TOPIC = "iran"
LIMIT = 6
PATIENCE = 2  # seconds for the fragment: longer, and the reader of the article would notice
MAX_FRAGMENT_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Text:
    """The article: its title, its standfirst, and its paragraphs with "## " before a heading."""

    title: str
    standfirst: str
    paragraphs: tuple[str, ...]


@cache
def text() -> Text:
    """Read the article from the sample folder."""
    title, standfirst, *paragraphs = _pages.text_of("review.txt").strip().split("\n\n")
    return Text(title, standfirst, tuple(paragraphs))


class Review:
    """Answers for the article's site."""

    def __init__(self, home: str, wirekin_url: str, at: datetime) -> None:
        self.url = home + PATH
        self._at = at
        self.point_to(wirekin_url)

    def point_to(self, wirekin_url: str) -> None:
        """Take the script, the fragment and the answers from this address from now on."""
        self._wirekin = wirekin_url.rstrip("/")

    def respond(self, path: str, query: Mapping[str, str]) -> Answer:  # noqa: ARG002 - what every site takes
        """Answer a request for this site."""
        if path == "/":
            return Answer(status=HTTPStatus.FOUND, headers={"Location": PATH})
        if path == PATH:
            return Answer(self._page(self._fragment()), headers={"Content-Security-Policy": self._policy()})
        if path == "/review.css":
            return Answer(_pages.text_of("review.css").encode(), "text/css; charset=utf-8")
        if path == "/icon.svg":
            return Answer(_pictures.mark("#7a2e1d"), _pictures.MEDIA_TYPE)
        if path == "/picture.svg":
            letter = next(report for report in load().reports if report.id == "karvani-moscow/tidewater")
            return Answer(_pictures.draw(letter), _pictures.MEDIA_TYPE)
        return Answer(b"Nothing of that name here.\n", "text/plain", HTTPStatus.NOT_FOUND)

    def _policy(self) -> str:
        # What a careful publisher's policy must allow for the widget: its script, its one question, its pictures.
        return (
            f"default-src 'none'; style-src 'self'; script-src {self._wirekin}; connect-src {self._wirekin};"
            " img-src 'self' http: https:; base-uri 'none'; form-action 'none'"
        )

    def _page(self, fragment: str) -> bytes:
        article = text()
        return (
            _pages.template("review.html")
            .substitute(
                title=escape(article.title),
                standfirst=escape(article.standfirst),
                url=escape(self.url),
                wirekin=escape(self._wirekin),
                topic=TOPIC,
                limit=LIMIT,
                stamp=self._at.isoformat(),
                date=f"{self._at:%d %B %Y}",
                body="\n".join(_paragraph(one) for one in article.paragraphs),
                fragment=fragment,
            )
            .encode()
        )

    def _fragment(self) -> str:
        """The footer as HTML from wirekin; "" where it does not answer in time."""
        asked = urlencode({"url": self.url, "title": text().title, "topic": TOPIC, "limit": LIMIT})
        opener = build_opener(ProxyHandler({}))  # wirekin is on loopback: no proxy of the environment knows it
        try:
            with opener.open(f"{self._wirekin}/fragment/related?{asked}", timeout=PATIENCE) as answer:
                body: bytes = answer.read(MAX_FRAGMENT_BYTES)
        except (URLError, OSError, ValueError):
            return ""
        return body.decode("utf-8", "replace")


def _paragraph(source: str) -> str:
    if source.startswith("## "):
        return f"<h2>{escape(source.removeprefix('## '))}</h2>"
    return f"<p>{escape(source)}</p>"
