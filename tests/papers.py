"""A publisher's article with the widget on it, served from another port and so from another origin."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from fakes_reader import World, headline_by, story_with
from wirekin.model import Member

SCRIPT = '<script async src="WIREKIN/widget.js" data-url="https://me.example/a" data-limit="4" data-heading="More & <b>more</b>"></script>'
ELEMENT = '<related-stories url="https://me.example/a"><a href="https://me.example/b">Our own link</a></related-stories><script async src="WIREKIN/widget.js"></script>'
TITLE = "Tanker seized in the strait as talks stall"
STRICT = "default-src 'none'; script-src {wirekin}; connect-src {wirekin}"  # as a careful paper would have it


@contextmanager
def paper(body: str, policy: str, lang: str = "en") -> Iterator[str]:
    """Serve an article with `body` after its text and `policy` as its CSP; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-security-policy", policy)
            self.end_headers()
            self.wfile.write(
                f"<!doctype html><html lang={lang}><meta name=viewport content=width=device-width><title>{TITLE}</title><article><p>Text.</p>{body}</article>".encode()
            )

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/article"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class ArticlePage:
    """A browser page to open articles with the widget in, and the world that wirekin answers from."""

    def __init__(self, page, world: World, address: str) -> None:
        self.page, self.world, self.address = page, world, address
        self._papers = ExitStack()
        world.broken = None
        world.stories = [
            story_with(Member(headline_by("Crew of seized tanker is safe, owner of tanker says", "Harbor", 2))),
            story_with(Member(headline_by("توقیف نفتکش در تنگه strait tanker seized", "روزنامه بندر", 1, "fa"))),
        ]

    def open(self, body: str, policy: str = STRICT, lang: str = "en"):
        """Open an article with this body; WIREKIN in it stands for our address."""
        body, policy = body.replace("WIREKIN", self.address), policy.format(wirekin=self.address)
        self.page.goto(self._papers.enter_context(paper(body, policy, lang)))
        return self.page

    def show(self, body: str, policy: str = STRICT, lang: str = "en"):
        """Open an article and wait until the widget has its answer."""
        self.open(body, policy, lang)
        self.page.wait_for_selector("related-stories[data-state]", state="attached")
        return self.page

    def close(self) -> None:
        self._papers.close()
